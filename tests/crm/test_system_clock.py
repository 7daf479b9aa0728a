"""The system's clock when somebody moves a clock: nothing recorded moves, and commands are refused."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import define

from pharmacrm import PharmaCRM, SystemClock
from pharmacrm.core.kernel.journal import Verb
from pharmacrm.crm.clocks import ClockFault, steady, wall
from pharmacrm.testing.company import ADMIN
from tests.covers import covers
from tests.flows.house import close_all, journal, opened
from tests.flows.scenarios import hired

START = datetime(2026, 3, 1, tzinfo=UTC)
BACK, FUTURE = ClockFault.MOVED_BACK, ClockFault.FUTURE


@define
class Place:
    """A machine and its database: the time that passes, and how far each clock is from it."""

    passed: float = 0.0
    machine: timedelta = timedelta(0)
    server: timedelta | None = None

    def wall(self) -> datetime:
        return START + timedelta(seconds=self.passed) + self.machine

    def reference(self) -> datetime | None:
        return None if self.server is None else START + timedelta(seconds=self.passed) + self.server

    def clock(self) -> SystemClock:
        return SystemClock(self.reference, wall=self.wall, steady=lambda: self.passed)


JUMPS = [
    (timedelta(seconds=5), None),
    (timedelta(minutes=4), None),
    (timedelta(minutes=-4), None),
    (timedelta(hours=1), FUTURE),
    (timedelta(hours=-1), BACK),
    (timedelta(days=365), FUTURE),
    (timedelta(days=-365), BACK),
]


@covers("SC-33")
@pytest.mark.parametrize("server", [None, timedelta(0)])
@pytest.mark.parametrize(("jump", "fault"), JUMPS)
def test_a_jump_of_the_machine_moves_nothing_that_is_recorded(jump, fault, server) -> None:
    place = Place(server=server)
    clock = place.clock()
    assert (clock.now(), clock.fault()) == (START, None)
    place.machine = jump
    for seconds in (1, 90, 200):
        place.passed += seconds
        assert clock.now() == START + timedelta(seconds=place.passed)
        assert clock.fault() is fault
    place.machine = timedelta(0)
    assert clock.fault() is None


@covers("SC-33")
@pytest.mark.parametrize(("jump", "fault"), JUMPS)
def test_a_jump_of_the_database_is_noticed_within_a_minute(jump, fault) -> None:
    place = Place(server=timedelta(0))
    clock = place.clock()
    clock.now()
    place.server = jump
    place.passed = 61
    now = clock.now()
    assert clock.fault() is fault
    assert abs(now - START) < timedelta(minutes=6)
    assert clock.now() > now


def test_small_differences_of_a_machine_are_set_right_by_the_database() -> None:
    place = Place(machine=timedelta(seconds=-30), server=timedelta(0))
    clock = place.clock()
    assert clock.now() == START
    assert clock.fault(START + timedelta(seconds=1)) is None
    assert clock.fault(START + timedelta(seconds=3)) is BACK


def test_without_a_database_clock_falling_behind_what_is_stored_is_noticed() -> None:
    place = Place()
    clock = place.clock()
    clock.resume(START + timedelta(seconds=1))
    assert clock.fault() is None
    place.machine = timedelta(seconds=-10)
    assert clock.fault() is BACK
    late = place.clock()
    late.resume(START + timedelta(hours=1))
    late.resume(None)
    assert late.fault() is BACK


def test_the_machines_own_sources_go_on() -> None:
    assert abs(wall() - datetime.now(UTC)) < timedelta(minutes=1)
    assert steady() <= steady()


def moved(jump: timedelta) -> tuple[PharmaCRM, Place]:
    """A door whose machine's clock was moved after it was opened."""
    place = Place(server=timedelta(0))
    crm = opened(clock=place.clock())
    crm.install(admin=ADMIN, name="admin")
    place.passed = 10
    place.machine = jump
    return crm, place


@covers("SC-33")
@pytest.mark.parametrize(
    ("jump", "code"), [(timedelta(days=1), "time.future"), (timedelta(days=-1), "time.moved_back")]
)
def test_commands_are_refused_and_the_refusal_is_journalled(jump, code) -> None:
    crm, place = moved(jump)
    before = len(journal(crm))
    answer = crm.do(hired("x", unit=None), actor=ADMIN)
    assert answer.codes == (code,)
    [entry] = journal(crm)[before:]
    assert (entry.verb, entry.claimed_at) == (Verb.REFUSED, place.wall())
    assert entry.recorded_at >= START + timedelta(seconds=10)
    place.machine = timedelta(0)
    assert crm.do(hired("x", unit=None), actor=ADMIN).allowed
    close_all()
