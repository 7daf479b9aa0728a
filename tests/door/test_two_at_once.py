"""Two people in two threads at the same moment, on real databases: one is first, and that stands."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest

from pharmacrm.core.credit import Reservation, SetCreditLimit
from pharmacrm.core.flows.ending import CancelOrder
from pharmacrm.core.flows.release import ApproveOrder, RejectOrder
from pharmacrm.core.kernel.errors import Conflict, NotPermitted
from pharmacrm.core.orders import OrderState, SalesOrder
from pharmacrm.core.people import RegisterStaff, RoleAssignment, Staff
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import SIGNERS, open_account
from tests.covers import covers
from tests.flows.house import (
    ADMIN,
    ASSISTANT,
    FINANCE,
    SALES,
    counters_are_entries,
    credit,
    entities,
    placed,
    worth,
    yuan,
)

ROUNDS = 3
STAGE = "qualification"
SERVERS = ("sqlite", "postgresql", "mariadb")


@pytest.fixture(params=SERVERS)
def crm(request: pytest.FixtureRequest, company_on: Callable[..., PharmaCRM]) -> PharmaCRM:
    crm = company_on(request.param)
    for id, role in (("second", "assistant"), ("third", "finance"), ("boss", "admin")):
        crm.do(RegisterStaff(id=id, name="某", unit="east", roles=(role,)), actor=ADMIN).expect()
    return crm


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call gave, or its error; all start together."""
    gate = Barrier(len(calls))
    found: list[Any] = [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        gate.wait(60)
        try:
            found[place] = call()
        except Exception as error:  # noqa: BLE001 - the test judges it
            found[place] = error

    threads = [Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return found


def said(answer: Any) -> str:
    return str(answer.outcome) if hasattr(answer, "outcome") else f"{type(answer).__name__}: {answer}"


@covers("XT-03")
def test_approvals_014_approve_and_reject_at_the_same_moment(crm: PharmaCRM) -> None:
    for number in range(ROUNDS):
        id = f"SO-{number}"
        placed(crm, id, 100)
        reject = RejectOrder(order=id, stage=STAGE, comment="缺章")
        found = at_once(
            partial(crm.do, ApproveOrder(order=id, stage=STAGE), actor=ASSISTANT),
            partial(crm.do, reject, actor="second"),
        )
        assert Counter(map(said, found)) == {"allowed": 1, "refused": 1}, found
        late = next(each for each in found if each.refused)
        assert set(late.codes) & {"approval.already_done", "approval.closed"}, late.codes


@covers("XT-03", "XT-26")
def test_approvals_015_approve_and_withdraw_at_the_same_moment(crm: PharmaCRM) -> None:
    for number in range(ROUNDS):
        id = f"SO-{number}"
        placed(crm, id, 100)
        approved, cancelled = at_once(
            partial(crm.do, ApproveOrder(order=id), actor=ASSISTANT),
            partial(crm.do, CancelOrder(order=id), actor=SALES),
        )
        assert said(cancelled) == "allowed"
        assert said(approved) in {"allowed", "refused"}
        assert crm.get(SalesOrder, id, actor=SALES).state is OrderState.CANCELLED
    assert credit(crm).reserved == yuan(0)
    counters_are_entries(crm)


@covers("XT-03", "XT-26")
def test_approvals_016_the_last_approval_twice_reserves_once(crm: PharmaCRM) -> None:
    for number in range(1, ROUNDS + 1):
        id = f"SO-{number}"
        placed(crm, id, 100)
        for signer in SIGNERS[:3]:
            crm.do(ApproveOrder(order=id), actor=signer).expect()
        found = at_once(
            partial(crm.do, ApproveOrder(order=id, stage="finance"), actor=FINANCE),
            partial(crm.do, ApproveOrder(order=id, stage="finance"), actor="third"),
        )
        assert Counter(map(said, found)) == {"allowed": 1, "refused": 1}, found
        assert credit(crm).reserved == yuan(100 * number)
    assert len(entities(crm, Reservation)) == ROUNDS
    counters_are_entries(crm)


@covers("XT-11")
def test_two_administrators_who_remove_each_other_leave_one(crm: PharmaCRM) -> None:
    for number in range(ROUNDS):
        one, other = f"a{number}", f"b{number}"
        for id in (one, other):
            crm.do(RegisterStaff(id=id, name="某", roles=("admin",)), actor="boss").expect()
        gone = RegisterStaff(id="boss", name="某", roles=("admin",), active=False)
        if number == 0:
            crm.do(RegisterStaff(id=ADMIN, name="某", roles=("sales",)), actor="boss").expect()
        crm.do(gone, actor=one).expect()
        inactive = RegisterStaff(id=other, name="某", roles=("admin",), active=False)
        found = at_once(
            partial(crm.do, inactive, actor=one),
            partial(crm.do, RegisterStaff(id=one, name="某", roles=("sales",)), actor=other),
        )
        assert Counter(map(said, found))["allowed"] == 1, found
        late = next(each for each in found if said(each) != "allowed")
        assert isinstance(late, NotPermitted) or late.codes == ("admin.last",)
        left = administrators(crm)
        assert len(left) == 1
        crm.do(RegisterStaff(id="boss", name="某", roles=("admin",)), actor=left[0]).expect()
        crm.do(RegisterStaff(id=left[0], name="某"), actor="boss").expect()


def administrators(crm: PharmaCRM) -> list[str]:
    active = {staff.id for staff in entities(crm, Staff) if staff.active}
    return [
        held.staff for held in entities(crm, RoleAssignment) if held.role == "admin" and held.staff in active
    ]


def test_the_last_administrator_stays(crm: PharmaCRM) -> None:
    crm.do(RegisterStaff(id="boss", name="某"), actor=ADMIN).expect()
    for less in ({"roles": ()}, {"roles": ("admin",), "active": False}, {"active": False}):
        answer = crm.do(RegisterStaff(id=ADMIN, name="某", **less), actor=ADMIN)
        assert answer.codes == ("admin.last",)
    crm.do(RegisterStaff(id=ADMIN, name="新名", roles=("admin", "sales")), actor=ADMIN).expect()
    assert administrators(crm) == [ADMIN]


@covers("XT-26")
def test_credit_receivables_019_the_limit_changes_while_many_reserve(crm: PharmaCRM) -> None:
    lower = SetCreditLimit(customer="H-001", limit=yuan(500), reason="降额")
    found = at_once(
        *(partial(crm.do, worth(f"SO-{n}", 100), actor=SALES) for n in range(8)),
        partial(crm.do, lower, actor=FINANCE),
    )
    assert set(map(said, found)) <= {"allowed", "held"}, found
    line = credit(crm)
    assert line.limit == yuan(500)
    assert line.reserved == yuan(100 * len(entities(crm, Reservation)))
    held = sum(said(each) == "held" for each in found)
    assert len(entities(crm, Reservation)) == 8 - held
    counters_are_entries(crm)


@covers("XT-26")
def test_credit_receivables_035_two_customers_in_opposite_order(crm: PharmaCRM) -> None:
    """Both blocks end: stored, or as a conflict that the host may try again; never a deadlock."""
    open_account(crm, "H-002")

    def block(first: str, second: str, name: str) -> str:
        try:
            with crm.work(actor=SALES) as work:
                for buyer in (first, second):
                    work.do(worth(f"{name}-{buyer}", 100, buyer=buyer)).expect()
        except Conflict:
            return "conflict"
        return "stored"

    for number in range(ROUNDS):
        found = at_once(
            partial(block, "H-001", "H-002", f"A{number}"),
            partial(block, "H-002", "H-001", f"B{number}"),
        )
        assert set(found) <= {"stored", "conflict"}, found
        assert "stored" in found
    orders = len(entities(crm, SalesOrder))
    assert orders % 2 == 0
    assert credit(crm).reserved == credit(crm, "H-002").reserved == yuan(50 * orders)
    counters_are_entries(crm)
