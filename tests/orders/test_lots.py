"""Lots are registered, corrected, held and released."""

from datetime import date

import pytest

from pharmacrm.core.kernel.errors import MalformedInput, NotFound
from pharmacrm.core.kernel.reason import Severity
from pharmacrm.core.orders import HoldLot, Lot, RegisterLot, ReleaseLot, domain
from pharmacrm.core.orders.events import LotHeld, LotRegistered, LotReleased
from pharmacrm.core.orders.handlers import hold_lot, register_lot, release_lot
from pharmacrm.core.orders.lots import register_lot as register_rule
from tests.covers import covers
from tests.fakes import FakeReads
from tests.orders.builders import lot

REGISTER = RegisterLot(product="AMX", lot="L1", expires="2028-06-30")
LATER = RegisterLot(product="AMX", lot="L1", expires="2028-07-31")
HOLD = HoldLot(product="AMX", lot="L1", reason="质量投诉")


@covers("XT-09")
def test_a_lot_is_registered_under_its_product():
    decision = register_lot(REGISTER, FakeReads())
    assert decision.expect() == Lot(id="AMX/L1", product="AMX", lot="L1", expires=date(2028, 6, 30))
    assert decision.events == (LotRegistered(subject="AMX/L1", product="AMX"),)
    assert REGISTER.subject == "AMX/L1"


def test_registering_again_changes_nothing_or_warns_and_keeps_the_hold():
    read = FakeReads([lot(held=True)])
    assert register_lot(REGISTER, read).changes == ()
    decision = register_lot(LATER, read)
    assert decision.expect().expires == date(2028, 7, 31)
    assert decision.expect().held
    assert [(reason.code, reason.severity) for reason in decision.reasons] == [
        ("lot.expiry_changed", Severity.WARN)
    ]


@covers("SC-21")
def test_a_lot_is_held_and_released_again():
    read = FakeReads([lot()])
    held = hold_lot(HOLD, read)
    assert (held.expect().held, held.expect().hold_reason) == (True, "质量投诉")
    assert held.events == (LotHeld(subject="AMX/L1", product="AMX"),)
    read.apply(held)
    assert hold_lot(HOLD, read).codes == ("lot.hold_kept",)
    assert hold_lot(HOLD, read).changes == ()
    other = hold_lot(HoldLot(product="AMX", lot="L1", reason="召回"), read)
    assert (other.expect().hold_reason, other.events) == ("召回", ())
    free = release_lot(ReleaseLot(product="AMX", lot="L1", reason="复检合格"), read)
    assert not free.expect().held
    assert free.events == (LotReleased(subject="AMX/L1", product="AMX"),)
    read.apply(free)
    assert release_lot(ReleaseLot(product="AMX", lot="L1", reason="x"), read).codes == ("lot.hold_kept",)


def test_product_and_lot_that_read_like_another_pair_are_told_apart():
    taken = lot("A/B", "C")
    assert register_rule(taken, product="A", lot="B/C", expires=taken.expires).codes == ("lot.taken",)
    with pytest.raises(NotFound):
        hold_lot(HoldLot(product="A", lot="B/C", reason="x"), FakeReads([taken]))


def test_an_unknown_lot_cannot_be_held():
    with pytest.raises(NotFound):
        hold_lot(HOLD, FakeReads())


@pytest.mark.parametrize("expires", ["9999-12-31", "2026-02-30", None, "26-02-03"])
def test_an_expiry_is_read_strictly(expires):
    with pytest.raises(MalformedInput) as error:
        RegisterLot(product="AMX", lot="L1", expires=expires)
    assert error.value.field == "expires"


def test_a_hold_needs_a_reason():
    with pytest.raises(MalformedInput):
        HoldLot(product="AMX", lot="L1", reason="")


@covers("SC-21")
@pytest.mark.parametrize(
    ("message", "roles"),
    [(RegisterLot, {"warehouse", "admin"}), (HoldLot, {"quality"}), (ReleaseLot, {"quality"})],
)
def test_who_may_do_what_with_lots(message, roles):
    assert {role for role, rights in domain.rights.items() if message in rights} == roles
