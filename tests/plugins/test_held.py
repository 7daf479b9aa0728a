"""A held command is done again in full, as its first actor, when an administrator passes its hold."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from pharmacrm.core.approvals import Hold
from pharmacrm.core.credit import CreditLine
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.kernel.decision import Decision, Outcome
from pharmacrm.core.kernel.held import HeldCommand, HeldState
from pharmacrm.core.kernel.journal import JournalQuery
from pharmacrm.core.kernel.reason import Severity
from pharmacrm.core.orders import SalesOrder
from pharmacrm.core.people import RegisterStaff
from pharmacrm.crm import PharmaCRM, SimulatedClock
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import CheckContext
from pharmacrm.testing.company import ADMIN, an_order
from tests.plugins.hostile import MEMORY, Guard, a_reason, company, raising, stored

SELLER = "zhang.san"
KEY = "web-17"


@pytest.fixture
def guard() -> Guard:
    return Guard(raising(ValueError()))


@pytest.fixture
def crm(guard: Guard) -> PharmaCRM:
    return company(guard)


def _held(crm: PharmaCRM) -> Decision[SalesOrder]:
    answer = crm.do(an_order("SO-1", quantity=2000), actor=SELLER, key=KEY)
    assert answer.outcome is Outcome.HELD
    return answer


def _pass(case: str, code: str = "plugin.fault", reason: str = "checked by telephone") -> PassHold:
    return PassHold(of=case, code=code, reason=reason)


def _everything(crm: PharmaCRM) -> tuple[Any, ...]:
    with crm._store.session() as session:
        entries = [entry.id for entry in session.journal(crm.tenant, JournalQuery())]
    line = crm.get(CreditLine, "H-001", actor=ADMIN)
    return entries, line, crm.find(SalesOrder, actor=ADMIN), crm.find(Hold, actor=ADMIN)


def test_passing_the_hold_does_the_command_again_in_full(any_url: str) -> None:
    guard = Guard(raising(ValueError()))
    crm = company(guard, url=any_url)
    held = _held(crm)
    assert crm.get(CreditLine, "H-001", actor=ADMIN).reserved.minor == 0

    passed = crm.do(_pass(held.case), actor=ADMIN).expect()

    assert (passed.released_by, passed.reason) == (ADMIN, "checked by telephone")
    order = crm.get(SalesOrder, "SO-1", actor=ADMIN)
    assert order.requester == SELLER
    assert crm.get(CreditLine, "H-001", actor=ADMIN).reserved == order.total
    assert guard.calls == 2
    case = stored(crm, HeldCommand, held.case)
    assert (case.state, case.kind, case.result) == (HeldState.DONE, "sales_order", "SO-1")
    with crm._store.session() as session:
        [entry] = session.journal(crm.tenant, JournalQuery(kind="sales_order", subject="SO-1"))
    assert (entry.actor, entry.command, entry.key) == (SELLER, "PlaceOrder", KEY)
    crm.close()


def test_its_key_answers_with_the_case_and_afterwards_with_the_result(crm: PharmaCRM) -> None:
    held = _held(crm)
    again = _held(crm)
    assert (again.replayed, again.case, again.value) == (True, held.case, None)

    crm.do(_pass(held.case), actor=ADMIN).expect()

    answer = crm.do(an_order("SO-1", quantity=2000), actor=SELLER, key=KEY)
    assert answer.replayed
    assert answer.value == crm.get(SalesOrder, "SO-1", actor=ADMIN)
    assert answer.case == held.case


@pytest.mark.parametrize(
    ("actor", "reason", "code"),
    [
        ("li.si", "fine", "hold.not_your_role"),
        (SELLER, "fine", "hold.not_your_role"),
        (ADMIN, "", "hold.reason_missing"),
    ],
)
def test_not_everybody_may_pass_it_and_not_without_a_reason(
    crm: PharmaCRM, actor: str, reason: str, code: str
) -> None:
    held = _held(crm)
    answer = crm.do(_pass(held.case, reason=reason), actor=actor)
    assert answer.outcome is Outcome.REFUSED
    assert code in answer.codes
    assert stored(crm, HeldCommand, held.case).state is HeldState.WAITING


def test_it_is_passed_once(crm: PharmaCRM) -> None:
    held = _held(crm)
    crm.do(_pass(held.case), actor=ADMIN).expect()
    answer = crm.do(_pass(held.case), actor=ADMIN)
    assert answer.codes == ("hold.not_open",)
    assert len(crm.find(SalesOrder, actor=ADMIN)) == 1


def test_several_faults_are_one_hold() -> None:
    crm = company(Guard(raising(ValueError()), "first"), Guard(raising(ValueError()), "second"))
    held = _held(crm)
    assert held.codes == ("plugin.fault", "plugin.fault")
    crm.do(_pass(held.case), actor=ADMIN).expect()
    assert crm.get(SalesOrder, "SO-1", actor=ADMIN).requester == SELLER


def test_every_hold_has_to_be_passed() -> None:
    crm = company(
        Guard(raising(ValueError()), "first"),
        Guard(lambda _: [a_reason("house.ask", Severity.APPROVE)], "second"),
    )
    held = _held(crm)
    crm.do(_pass(held.case), actor=ADMIN).expect()
    assert crm.find(SalesOrder, actor=ADMIN) == []
    crm.do(_pass(held.case, "house.ask"), actor=ADMIN).expect()
    assert len(crm.find(SalesOrder, actor=ADMIN)) == 1


def test_what_forbids_the_command_by_then_forbids_it(crm: PharmaCRM, guard: Guard) -> None:
    """The guard works again and says no: nothing of the order is stored, and the case is closed."""
    held = _held(crm)
    guard.behave = lambda _: [a_reason()]
    answer = crm.do(_pass(held.case), actor=ADMIN)
    assert "house.rule" in answer.codes
    assert crm.find(SalesOrder, actor=ADMIN) == []
    assert stored(crm, HeldCommand, held.case).state is HeldState.REFUSED


def test_what_asks_for_another_approval_by_then_waits_for_it(crm: PharmaCRM, guard: Guard) -> None:
    """Only the codes that were passed are passed: nothing may be stored for one that nobody looked at."""
    held = _held(crm)
    guard.behave = lambda _: [a_reason("house.ask", Severity.APPROVE)]
    answer = crm.do(_pass(held.case), actor=ADMIN)
    assert "house.ask" in answer.codes
    assert crm.find(SalesOrder, actor=ADMIN) == []
    assert stored(crm, HeldCommand, held.case).state is HeldState.WAITING

    crm.do(_pass(held.case, "house.ask"), actor=ADMIN).expect()
    assert len(crm.find(SalesOrder, actor=ADMIN)) == 1
    assert stored(crm, HeldCommand, held.case).state is HeldState.DONE


def _dismiss(crm: PharmaCRM) -> None:
    crm.do(RegisterStaff(id=SELLER, name="张三", unit="east", roles=()), actor=ADMIN).expect()


def test_a_first_actor_without_the_right_by_then_ends_the_case(crm: PharmaCRM) -> None:
    held = _held(crm)
    _dismiss(crm)
    passed = crm.do(_pass(held.case), actor=ADMIN)
    assert "right.lost" in passed.codes
    assert passed.value is not None
    assert crm.find(SalesOrder, actor=ADMIN) == []
    case = stored(crm, HeldCommand, held.case)
    assert case.state is HeldState.REFUSED
    assert "right.lost" in case.reasons


def test_the_same_within_a_block_of_work_leaves_nothing_half_staged(crm: PharmaCRM) -> None:
    held = _held(crm)
    _dismiss(crm)
    with crm.work(actor=ADMIN) as work:
        work.do(_pass(held.case))
    assert crm.find(SalesOrder, actor=ADMIN) == []
    assert stored(crm, HeldCommand, held.case).state is HeldState.REFUSED


@pytest.fixture
def always(sqlite_url: str) -> Iterator[PharmaCRM]:
    """A guard that fails for every command, once the company stands."""

    class Broken:
        name = "broken"
        works = True

        @hookimpl
        def pharmacrm_check(self, context: CheckContext) -> None:
            if not self.works:
                raise ValueError

    broken = Broken()
    crm = company(broken, url=sqlite_url)
    broken.works = False
    yield crm
    crm.close()


def test_a_guard_that_always_fails_does_not_stop_the_way_out(always: PharmaCRM) -> None:
    """Or the passing of the hold would be held, and the passing of that hold too."""
    held = _held(always)
    answer = always.do(_pass(held.case), actor=ADMIN)
    assert answer.allowed
    assert set(answer.codes) == {"plugin.fault"}
    assert {reason.severity for reason in answer.reasons} == {Severity.WARN, Severity.INFO}
    assert len(always.find(SalesOrder, actor=ADMIN)) == 1


def test_a_guard_that_always_fails_does_not_pile_up_timed_work(always: PharmaCRM) -> None:
    held = _held(always)
    always.do(_pass(held.case), actor=ADMIN).expect()
    clock = always.clock
    assert isinstance(clock, SimulatedClock)
    clock.advance(timedelta(days=400))
    assert always.run_due().done == 1
    assert always.run_due().done == 0
    assert always.get(CreditLine, "H-001", actor=ADMIN).reserved.minor == 0


def test_a_held_command_within_a_block_of_work() -> None:
    crm = company(Guard(raising(ValueError())), url=MEMORY)
    with crm.work(actor=SELLER) as work:
        answer = work.do(an_order("SO-1"), key=KEY)
        assert answer.outcome is Outcome.HELD
    assert stored(crm, HeldCommand, answer.case).subject == "SO-1"
