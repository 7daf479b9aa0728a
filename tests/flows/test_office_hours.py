"""Office hours as a setting of the tenant, through the door: what is timed by them, and what stays."""

from datetime import datetime, timedelta

import pytest

from pharmacrm import (
    ApprovalRequest,
    ApprovalSeat,
    ApprovalTrail,
    OfficeHours,
    PharmaCRM,
    SetOfficeHours,
    SimulatedClock,
    from_plain,
    to_plain,
)
from pharmacrm.core.kernel.errors import NotPermitted
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.tenant import Tenant
from tests.flows.house import ADMIN, LEAD, SALES, open_house
from tests.flows.scenarios_approvals import published, said, step, submitted

LUNCH = (OfficeHours("09:00", "12:00"), OfficeHours("13:30", "18:00"))


@pytest.fixture
def crm() -> PharmaCRM:
    house = open_house()
    timed = step("lead", timeout={"remind": 4, "decide": 12})
    house.do(published(timed, step("finance", timeout={"remind": 4})), actor=ADMIN).expect()
    assert isinstance(house.clock, SimulatedClock)
    zone = house.get(Tenant, house.tenant, actor=ADMIN).tz
    here = house.clock.now().astimezone(zone)
    monday = here + timedelta(days=(7 - here.weekday()) % 7 or 7)
    house.clock.advance(monday.replace(hour=9, minute=0, second=0, microsecond=0) - here)
    return house


def due(crm: PharmaCRM, document: str = "CT-1") -> datetime | None:
    return crm.find(ApprovalRequest, eq("subject", document), actor=ADMIN)[0].due_at


def hours(crm: PharmaCRM) -> timedelta:
    at = due(crm)
    assert at is not None
    return at - crm.clock.now()


def test_a_working_hour_is_one_of_the_tenants_office_hours(crm: PharmaCRM) -> None:
    crm.do(SetOfficeHours(hours=LUNCH), actor=ADMIN).expect()
    crm.do(submitted(), actor=SALES).expect()
    assert timedelta(hours=5, minutes=29) < hours(crm) <= timedelta(hours=5, minutes=30)


def test_what_is_under_way_keeps_its_deadlines_and_its_next_step_has_new_ones(crm: PharmaCRM) -> None:
    crm.do(submitted(), actor=SALES).expect()
    written = due(crm)
    crm.do(SetOfficeHours(hours=LUNCH), actor=ADMIN).expect()
    assert due(crm) == written
    assert isinstance(crm.clock, SimulatedClock)
    crm.clock.advance(hours(crm))
    crm.run_due()
    moves = [move.action.value for move in crm.ask(ApprovalTrail(document="CT-1"), actor=ADMIN).moves]
    assert moves == ["submitted", "reminded"]
    crm.do(said(), actor=LEAD).expect()
    assert hours(crm) > timedelta(hours=4, minutes=29), "13 o'clock is in the pause: until 17:30"
    assert crm.verify().clean
    (request,) = crm.find(ApprovalRequest, actor=ADMIN)
    assert from_plain(ApprovalRequest, to_plain(request)) == request
    assert crm.find(ApprovalSeat, actor=ADMIN) != []


def test_setting_is_the_administrators_and_the_same_again_is_nothing(crm: PharmaCRM) -> None:
    with pytest.raises(NotPermitted):
        crm.do(SetOfficeHours(hours=LUNCH), actor=SALES)
    first = crm.do(SetOfficeHours(hours=LUNCH), actor=ADMIN).expect()
    again = crm.do(SetOfficeHours(hours=(*reversed(LUNCH),)), actor=ADMIN).expect()
    assert (first.hours, again.version) == (LUNCH, first.version)
    assert crm.do(SetOfficeHours(hours=()), actor=ADMIN).expect().hours == ()
