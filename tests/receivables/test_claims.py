"""Promises are kept or broken by what came in; disputes never exceed what is open; neither changes a debt."""

from datetime import date, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.flows.collection import AllocateReceipt, UndoAllocations
from pharmacrm.core.kernel.errors import NotFound
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.receivables import (
    Dispute,
    DisputeCause,
    DisputeOutcome,
    Instalment,
    OpenDispute,
    PromisesToPay,
    PromiseToPay,
    RecordPromise,
    ResolveDispute,
)
from pharmacrm.core.receivables.disputes import disputed, open_dispute, resolve_dispute
from pharmacrm.core.receivables.model import Allocation
from pharmacrm.core.receivables.promises import PromiseState, promise, standing, withdraw_promise
from pharmacrm.core.values.terms import PartKind
from tests.covers import covers
from tests.flows.house import FINANCE, SALES, open_house, pass_days, receipt, today, yuan
from tests.flows.scenarios_selling import owed
from tests.receivables.ledger import DAY, Ledger, opened

ONE = "OUT-1/receivable/1"


def days(n: int) -> date:
    return DAY + timedelta(days=n)


def promised(**more):
    base = PromiseToPay(
        id="P-1",
        customer="H-001",
        receivable="OUT-1/receivable",
        instalment=ONE,
        amount=yuan(50),
        made_on=DAY,
        pay_by=days(7),
    )
    return evolve(base, **more)


def paid(amount, on, undone=None):
    return Allocation(
        id=f"R-1/{on}",
        receipt="R-1",
        number=1,
        receivable="OUT-1/receivable",
        instalment=ONE,
        kind=PartKind.CREDIT,
        amount=yuan(amount),
        discount=yuan(0),
        on=days(on),
        undone=undone is not None,
        undone_on=None if undone is None else days(undone),
    )


@covers("XT-24")
@pytest.mark.parametrize(
    ("came", "on", "state", "sum_"),
    [
        ([], 7, PromiseState.OPEN, 0),
        ([], 8, PromiseState.BROKEN, 0),
        ([paid(50, 7)], 7, PromiseState.KEPT, 50),
        ([paid(50, 8)], 9, PromiseState.BROKEN, 0),
        ([paid(50, -1)], 8, PromiseState.BROKEN, 0),
        ([paid(20, 0), paid(30, 7)], 8, PromiseState.KEPT, 50),
        ([paid(20, 0), paid(29, 7)], 8, PromiseState.BROKEN, 49),
        ([paid(50, 3)], 2, PromiseState.OPEN, 0),
        ([paid(50, 3, undone=5)], 4, PromiseState.KEPT, 50),
        ([paid(50, 3, undone=5)], 6, PromiseState.OPEN, 0),
        ([paid(50, 3, undone=9)], 10, PromiseState.KEPT, 50),
    ],
)
def test_how_a_promise_stands(came, on, state, sum_):
    found = standing(promised(), came, on=days(on))
    assert (found.state, found.paid) == (state, yuan(sum_))


def test_a_withdrawn_promise_is_neither_kept_nor_broken():
    gone = withdraw_promise(promised(), on=days(2), reason="听错").expect()
    assert standing(gone, [], on=days(1)).state is PromiseState.OPEN
    assert standing(gone, [], on=days(9)).state is PromiseState.WITHDRAWN
    again = withdraw_promise(gone, on=days(3), reason="听错")
    assert (again.changes, again.codes) == ((), ("promise.withdrawn",))
    assert again.allowed


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, ()),
        ({"amount": yuan(100)}, ()),
        ({"amount": yuan("100.01")}, ("promise.over_open",)),
        ({"pay_by": days(-1)}, ("promise.past",)),
        ({"pay_by": DAY}, ()),
        ({"amount": Money("1", "USD")}, ("claim.currency_mismatch",)),
    ],
)
def test_what_may_be_promised(changes, codes):
    ledger = Ledger(opened(100))
    decision = promise(promised(**changes), None, ledger.receivables[0], ledger.instalments[0])
    assert decision.codes == codes


def test_a_new_promise_takes_the_place_of_one_not_yet_due_only():
    ledger = Ledger(opened(100))
    earlier = [promised(id="P-0", pay_by=DAY), promised(id="P-2", pay_by=days(-1))]
    ledger.store(promise(promised(), None, ledger.receivables[0], ledger.instalments[0], earlier))
    kept = {each.id: each.withdrawn_on for each in ledger.all(PromiseToPay)}
    assert kept == {"P-1": None, "P-0": DAY}


def dispute(**more):
    base = Dispute(
        id="D-1",
        customer="H-001",
        receivable="OUT-1/receivable",
        instalment=ONE,
        amount=yuan(60),
        cause=DisputeCause.PRICE,
        opened_on=DAY,
    )
    return evolve(base, **more)


@given(st.lists(st.tuples(st.integers(1, 12_000), st.booleans()), max_size=8))
def test_law_disputes_never_exceed_what_is_open(steps):
    """Any sequence of opening and resolving leaves 0 <= disputed <= open."""
    ledger = Ledger(opened(100))
    held: list[Dispute] = []
    for number, (minor, end) in enumerate(steps):
        new = dispute(id=f"D-{number}", amount=Money.of_minor(minor, "CNY"))
        made = open_dispute(new, None, ledger.receivables[0], ledger.instalments[0], held)
        assert made.allowed is (disputed([*held, new], ONE, "CNY", on=DAY) <= yuan(100))
        held += [new] if made.allowed else []
        if end and held:
            done = resolve_dispute(held[0], DisputeOutcome.REJECTED, on=DAY, resolution="")
            held[0] = done.value or held[0]
        assert disputed(held, ONE, "CNY", on=DAY) <= yuan(100)


def test_a_dispute_stands_until_the_day_on_which_it_is_resolved():
    ended = resolve_dispute(dispute(), DisputeOutcome.UPHELD, on=days(3), resolution="减价").expect()
    assert [ended.is_open(days(n)) for n in (-1, 0, 2, 3)] == [False, True, True, False]
    assert resolve_dispute(ended, DisputeOutcome.REJECTED, on=days(4), resolution="").refused


# ------------------------------------------------------------------------------------------ at the door


def test_credit_receivables_033_a_dispute_of_what_does_not_exist():
    crm = open_house()
    wanted = OpenDispute(instalment="nothing", amount=yuan(1), cause=DisputeCause.INVOICE)
    with pytest.raises(NotFound):
        crm.do(wanted, actor=FINANCE)


@covers("XT-24")
def test_a_promise_is_kept_by_money_and_broken_when_it_is_taken_back():
    crm = open_house()
    debt = owed(crm, "net 30").id
    made = RecordPromise(id="P-1", instalment=debt, amount=yuan(400), pay_by=today(crm) + timedelta(days=3))
    crm.do(made, actor=SALES).expect()
    crm.do(receipt(crm, "R-1", 400), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    (kept,) = crm.ask(PromisesToPay(customer="H-001"), actor=FINANCE)
    assert (kept.state, kept.paid) == (PromiseState.KEPT, yuan(400))
    pass_days(crm, 1)
    crm.do(UndoAllocations(receipt="R-1", reason="记错"), actor=FINANCE).expect()
    pass_days(crm, 3)
    (broken,) = crm.ask(PromisesToPay(), actor=FINANCE)
    assert (broken.state, broken.paid) == (PromiseState.BROKEN, yuan(0))


def test_a_dispute_changes_nothing_of_what_is_owed():
    crm = open_house()
    debt = owed(crm).id
    before = crm.get(Instalment, debt, actor=FINANCE)
    crm.do(
        OpenDispute(id="D-1", instalment=debt, amount=yuan(10), cause=DisputeCause.PRICE), actor=SALES
    ).expect()
    ended = ResolveDispute(dispute="D-1", outcome=DisputeOutcome.UPHELD, resolution="减价")
    crm.do(ended, actor=FINANCE).expect()
    assert crm.get(Instalment, debt, actor=FINANCE) == before
