"""Promises are kept or broken by what came in; disputes never exceed what is open; neither changes a debt."""

from datetime import date, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.collections.dunning import BlockDunning, DunningBlock
from pharmacrm.core.flows.accepting import ConfirmAcceptance
from pharmacrm.core.flows.collection import AllocateReceipt, UndoAllocations
from pharmacrm.core.flows.rescheduling import RescheduleDebt
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
    WithdrawPromise,
)
from pharmacrm.core.receivables.carrying import Claims, carried
from pharmacrm.core.receivables.claim import About
from pharmacrm.core.receivables.disputes import disputed, open_dispute, resolve_dispute
from pharmacrm.core.receivables.model import Allocation
from pharmacrm.core.receivables.promises import PromiseState, promise, standing, withdraw_promise
from pharmacrm.core.values.terms import PartKind
from tests.covers import covers
from tests.flows.house import (
    FINANCE,
    SALES,
    WAREHOUSE,
    entities,
    open_house,
    pass_days,
    receipt,
    replayed,
    today,
    yuan,
)
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


def about(ledger):
    return About(ledger.instalments[0], ledger.receivables[0])


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
    decision = promise(promised(**changes), about(ledger))
    assert decision.codes == codes


def test_a_new_promise_takes_the_place_of_one_not_yet_due_only():
    ledger = Ledger(opened(100))
    earlier = [promised(id="P-0", pay_by=DAY), promised(id="P-2", pay_by=days(-1))]
    ledger.store(promise(promised(), about(ledger), earlier))
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
        made = open_dispute(new, about(ledger), held)
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


# ------------------------------------------------------------------------------------------ new due dates


def moved(claims):
    return [(each.id, each.instalment, each.amount, each.continues) for each in claims if each.continues]


def parts(*amounts, first=2):
    """New instalments, of which nothing is settled."""
    ledger = Ledger(opened(Money.total(map(yuan, amounts), "CNY")))
    one = ledger.instalments[0]
    return [
        evolve(one, id=f"OUT-1/receivable/{number}", number=number, amount=yuan(amount))
        for number, amount in enumerate(amounts, start=first)
    ]


def test_a_dispute_goes_on_with_the_new_instalments_the_earliest_first():
    old = parts(100, first=1)
    found = carried("A-1", Claims((), [dispute()], ()), old, parts(40, 60), on=days(5), agreed=True).disputes
    ended = found[0]
    assert (ended.id, ended.resolved_on, ended.outcome, ended.moved_by) == ("D-1", days(5), None, "A-1")
    assert moved(found) == [
        ("A-1/dispute/1", "OUT-1/receivable/2", yuan(40), "D-1"),
        ("A-1/dispute/2", "OUT-1/receivable/3", yuan(20), "D-1"),
    ]
    for day, of in ((4, ["D-1"]), (5, ["A-1/dispute/1", "A-1/dispute/2"])):
        assert [each.id for each in found if each.is_open(days(day))] == of


@pytest.mark.parametrize(
    ("agreed", "came", "wanted"),
    [
        (True, [], []),
        (False, [], [("A-1/promise/1", "OUT-1/receivable/2", yuan(50), "P-1")]),
        (False, [paid(20, 1)], [("A-1/promise/1", "OUT-1/receivable/2", yuan(30), "P-1")]),
        (False, [paid(50, 1)], []),
    ],
)
def test_a_promise_goes_on_with_dates_that_became_known_and_ends_with_an_agreement(agreed, came, wanted):
    said = [promised(), promised(id="P-0", pay_by=days(4)), promised(id="P-2", withdrawn_on=DAY)]
    found = carried(
        "A-1", Claims(said, (), came), parts(100, first=1), parts(100), on=days(5), agreed=agreed
    ).promises
    (gone,) = [each for each in found if not each.continues]
    assert (gone.id, gone.withdrawn_on, gone.withdraw_reason) == ("P-1", days(5), "replaced by A-1")
    assert moved(found) == wanted
    assert all(each.made_on == days(5) and each.pay_by == days(7) for each in found if each.continues)


amounts = st.lists(st.integers(1, 10**9), min_size=1, max_size=4)


@given(amounts, amounts, st.lists(st.tuples(st.integers(0, 3), st.integers(1, 10**9)), max_size=4))
def test_law_what_is_disputed_stays_disputed(old, cuts, said):
    """New due dates leave the sum of what is disputed, and dispute no more of an instalment than is open."""
    before = parts(*old, first=1)
    whole = Money.total((each.amount for each in before), "CNY")
    new = [
        evolve(one, amount=amount)
        for one, amount in zip(parts(*cuts, first=9), whole.allocate(cuts), strict=True)
    ]
    held: list[Dispute] = []
    for number, (place, minor) in enumerate(said):
        part = before[place % len(before)]
        one = dispute(id=f"D-{number}", instalment=part.id, amount=Money.of_minor(minor, "CNY"))
        if disputed([*held, one], part.id, "CNY", on=DAY) <= part.open:
            held.append(one)
    found = carried("A-1", Claims((), held, ()), before, new, on=days(1), agreed=True).disputes
    total = Money.total((each.amount for each in held), "CNY")
    assert Money.total((each.amount for each in found if each.is_open(days(1))), "CNY") == total
    for part in new:
        assert disputed(found, part.id, "CNY", on=days(1)) <= part.open
    assert len({each.id for each in found}) == len(found)


@covers("XT-24")
def test_dunning_stays_silent_on_what_was_blocked_or_disputed_when_due_dates_become_known():
    crm = open_house()
    debt = owed(crm, "net 30 from acceptance").id
    end = today(crm) + timedelta(days=60)
    for command, actor in (
        (OpenDispute(id="D-1", instalment=debt, amount=yuan(300), cause=DisputeCause.PRICE), SALES),
        (RecordPromise(id="P-1", instalment=debt, amount=yuan(700), pay_by=end), SALES),
        (BlockDunning(subject_id=debt, until=end, reason="核对中"), FINANCE),
    ):
        crm.do(command, actor=actor).expect()
    pass_days(crm, 2)
    crm.do(ConfirmAcceptance(slip="OUT-1", accepted_by="验收员"), actor=WAREHOUSE).expect()
    (new,) = [each for each in entities(crm, Instalment) if each.open]
    assert new.id != debt
    (goes_on,) = [each for each in entities(crm, Dispute) if each.is_open(today(crm))]
    assert (goes_on.instalment, goes_on.amount, goes_on.continues) == (new.id, yuan(300), "D-1")
    states = {each.promise.id: each.state for each in crm.ask(PromisesToPay(), actor=FINANCE)}
    moved_to = "OUT-1/dates/acceptance/promise/1"
    assert states == {"P-1": PromiseState.WITHDRAWN, moved_to: PromiseState.OPEN}
    assert {each.id for each in entities(crm, DunningBlock) if each.holds(today(crm))} == {debt, new.id}
    done = ResolveDispute(dispute=goes_on.id, outcome=DisputeOutcome.REJECTED)
    assert crm.do(done, actor=FINANCE).allowed
    crm.do(WithdrawPromise(promise=moved_to, reason="听错"), actor=SALES).expect()


@covers("XT-24")
def test_an_agreement_takes_the_place_of_promises_and_leaves_disputes():
    crm = open_house()
    debt = owed(crm, "net 30").id
    late = today(crm) + timedelta(days=9)
    for command in (
        OpenDispute(id="D-1", instalment=debt, amount=yuan(600), cause=DisputeCause.QUALITY),
        RecordPromise(id="P-1", instalment=debt, amount=yuan(400), pay_by=late),
    ):
        crm.do(command, actor=SALES).expect()
    plan = RescheduleDebt(id="A-1", receivable="OUT-1/receivable", terms="2 monthly", reason="经营困难")
    crm.do(plan, actor=FINANCE).expect()
    open_now = [each for each in entities(crm, Dispute) if each.is_open(today(crm))]
    assert {each.instalment[-1]: each.amount for each in open_now} == {"2": yuan(500), "3": yuan(100)}
    (gone,) = crm.ask(PromisesToPay(), actor=FINANCE)
    assert (gone.state, gone.promise.withdraw_reason) == (PromiseState.WITHDRAWN, "replaced by A-1")
    again = OpenDispute(instalment=debt, amount=yuan(1), cause=DisputeCause.PRICE)
    assert crm.do(again, actor=SALES).codes == ("dispute.over_open",)
    replayed(crm)
