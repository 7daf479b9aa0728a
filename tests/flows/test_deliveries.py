"""Special drugs: their arrival is confirmed within seven days, or somebody hears of it (R-31)."""

from datetime import timedelta

import pytest

from pharmacrm import (
    ConfirmDelivery,
    IssueSlip,
    Line,
    NotFound,
    OverdueDeliveries,
    PlaceOrder,
    RegisterLot,
    RegisterPrice,
    SimulatedClock,
    SlipItem,
    connect,
)
from pharmacrm.testing.company import ADMIN, WHERE, found_company, release
from tests.covers import covers
from tests.flows.scenarios import ephedrine

EPHEDRINE = ephedrine("PSE-90")


@covers("SC-25", "R-31")
def test_an_arrival_that_nobody_confirms_is_asked_for_until_it_is() -> None:
    clock = SimulatedClock()
    crm = connect("memory://", clock=clock)
    found_company(crm)
    crm.do(EPHEDRINE, actor=ADMIN).expect()
    crm.do(RegisterPrice(price_list="STD", product="PSE-90", price="1.50"), actor=ADMIN).expect()
    crm.do(RegisterLot(product="PSE-90", lot="E1", expires="2027-12-31"), actor=ADMIN).expect()
    order = PlaceOrder(
        id="SO-E",
        buyer="H-001",
        lines=(Line("PSE-90", 100, "1.50"),),
        consignee="陈主任",
        phone="021-64041990",
        address=WHERE,
        terms="net 30",
    )
    crm.do(order, actor="zhang.san").expect()
    release(crm, "SO-E")
    slip = crm.do(
        IssueSlip(order="SO-E", id="OUT-E", items=(SlipItem(1, "E1", 100),)), actor="sun.ba"
    ).expect()
    assert slip.confirm_by == slip.issued_on + timedelta(days=7)

    clock.advance(timedelta(days=7))
    assert crm.ask(OverdueDeliveries(), actor="zhou.jiu") == ()
    clock.advance(timedelta(days=1))
    (late,) = crm.ask(OverdueDeliveries(buyer="H-001"), actor="zhou.jiu")
    assert (late.code, late.subject, late.expected) == ("delivery.unconfirmed", "OUT-E", str(slip.confirm_by))
    with pytest.raises(NotFound, match="H-002"):
        crm.ask(OverdueDeliveries(buyer="H-002"), actor="zhou.jiu")

    crm.do(ConfirmDelivery(slip="OUT-E", received_by="陈主任"), actor="sun.ba").expect()
    assert crm.ask(OverdueDeliveries(), actor="zhou.jiu") == ()
