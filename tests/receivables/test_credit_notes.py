"""Returns and credit notes: never more than was shipped or charged, whatever was paid or given up."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.credit import SetCreditLimit
from pharmacrm.core.flows.collection import AllocateReceipt
from pharmacrm.core.flows.crediting import ApplyCreditNote, IssueCreditNote, ReverseCreditNote
from pharmacrm.core.flows.ending import CancelOrder
from pharmacrm.core.flows.returning import AcceptReturn, InspectReturn
from pharmacrm.core.flows.writing_off import SetWriteOffCap, WriteOffDifference
from pharmacrm.core.kernel.change import Save
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.orders import (
    OutboundSlip,
    ReturnCause,
    ReturnItem,
    ReturnLine,
    ReturnOrder,
    ReturnVerdict,
    SlipLine,
)
from pharmacrm.core.orders.returns import ReturnHead, accept_return, inspect_return, returned_amount
from pharmacrm.core.receivables import AgeingReport, CreditNote, CreditNoteKind, Instalment, Portion, Target
from pharmacrm.core.receivables.credit_notes import (
    apply_credit_note,
    issue_credit_note,
    return_credit,
    reverse_credit_note,
)
from pharmacrm.core.receivables.model import Adjustment
from tests.covers import covers
from tests.flows.house import (
    BUYER,
    FINANCE,
    LEAD,
    QUALITY,
    SALES,
    WAREHOUSE,
    blocked,
    counters_are_entries,
    credit,
    entities,
    open_house,
    pass_days,
    placed,
    receipt,
    replayed,
    today,
    yuan,
)
from tests.flows.scenarios_selling import owed
from tests.orders.builders import slip_with
from tests.receivables.ledger import DAY, Ledger, opened


def note(amount=100, **more):
    money = amount if isinstance(amount, Money) else yuan(amount)
    base = CreditNote(
        id="CN-1",
        kind=CreditNoteKind.ALLOWANCE,
        customer="H-001",
        slip="OUT-1",
        amount=money,
        applied=Money.zero(money.currency),
        refunded=Money.zero(money.currency),
        issued_on=DAY,
    )
    return evolve(base, **more)


def back(crm, quantity, id="RET-1", slip="OUT-1"):
    items = (ReturnItem(1, quantity),)
    return crm.do(AcceptReturn(id=id, slip=slip, items=items, cause=ReturnCause.SURPLUS), actor=WAREHOUSE)


# ------------------------------------------------------------------------------------------- returned goods


@covers("UF-14")
@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 100_000)), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 40)), max_size=12),
)
def test_law_what_comes_back_never_exceeds_what_was_shipped_and_sums_exactly(shipped, wanted):
    slip, lines = slip_with(shipped)
    amount = Money.zero("CNY")
    for number, (line, quantity) in enumerate(wanted):
        head = ReturnHead(id=f"RET-{number}", on=DAY, by="sun.ba", cause=ReturnCause.OTHER)
        done = accept_return(slip, lines, [ReturnItem(line, quantity)], head=head)
        known = next((each for each in lines if each.number == line), None)
        fits = known is not None and known.returned + quantity <= known.quantity
        assert done.allowed is fits
        if done.value is not None:
            saved = [change.entity for change in done.changes if isinstance(change, Save)]
            after = {each.id: each for each in saved if isinstance(each, SlipLine)}
            lines = [after.get(each.id, each) for each in lines]
            amount += done.value.amount
        assert amount == returned_amount(lines, "CNY")
        assert all(0 <= each.returned <= each.quantity for each in lines)
    if all(each.returned == each.quantity for each in lines):
        assert amount == slip.amount


@covers("UF-14")
def test_goods_wait_for_quality_and_get_one_verdict():
    slip, lines = slip_with([(10, 1000)])
    head = ReturnHead(id="RET-1", on=DAY, by="sun.ba", cause=ReturnCause.QUALITY)
    taken = accept_return(slip, lines, [ReturnItem(1, 4, "L1")], head=head).expect()
    assert (taken.amount, taken.verdict) == (yuan(4), None)
    seen = inspect_return(taken, ReturnVerdict.UNFIT, on=DAY, comment="变色").expect()
    assert (seen.verdict, seen.inspected_on) == (ReturnVerdict.UNFIT, DAY)
    assert inspect_return(seen, ReturnVerdict.UNFIT, on=DAY, comment="").allowed
    assert inspect_return(seen, ReturnVerdict.FIT, on=DAY, comment="").refused


# ----------------------------------------------------------------------------------------- what is credited


@covers("UF-14", "XT-22")
@pytest.mark.parametrize(
    ("discount", "written_off", "allowance", "steps", "credits"),
    [
        (0, 0, 0, [500, 1000], [500, 500]),
        (20, 0, 0, [500, 1000], [490, 490]),
        (20, 0, 0, [1000], [980]),
        (0, 10, 90, [500, 1000], [450, 450]),
        (0, 0, 1000, [1000], [0]),
    ],
)
def test_nobody_gets_back_what_they_never_paid(discount, written_off, allowance, steps, credits):
    (part,) = Ledger(opened(1000)).instalments
    part = evolve(part, discount_taken=yuan(discount), written_off=yuan(written_off))
    notes = [note(allowance)] if allowance else []
    found = []
    for returned in steps:
        amount = return_credit(yuan(1000), yuan(returned), [part], notes)
        found.append(amount)
        notes.append(note(amount, id=f"CN-{returned}", kind=CreditNoteKind.RETURN))
    assert found == [yuan(each) for each in credits]


@given(
    st.integers(1, 10**9),
    st.lists(st.integers(1, 10**6), min_size=1, max_size=6),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
)
def test_law_all_goods_back_the_notes_sum_to_what_they_were_worth(extra, steps, discount, written_off):
    """In whatever steps; and a step is never credited with less than nothing."""
    whole = sum(steps) + extra
    lost = min(discount + written_off, whole)
    (part,) = Ledger(opened(Money.of_minor(whole, "CNY"))).instalments
    part = evolve(part, written_off=Money.of_minor(lost, "CNY"))
    notes: list[CreditNote] = []
    gross = 0
    for step in (*steps, extra):
        gross += step
        cumulated = Money.of_minor(gross, "CNY")
        amount = return_credit(part.amount, cumulated, [part], notes)
        assert not amount.is_negative
        notes.append(note(amount, kind=CreditNoteKind.RETURN))
    assert Money.total((each.amount for each in notes), "CNY").minor == whole - lost


# --------------------------------------------------------------------------------------------- credit notes


@covers("XT-22")
@pytest.mark.parametrize(
    ("amount", "left", "open_"),
    [(30, [20, 50], 0), (50, [0, 50], 0), (60, [0, 40], 0), (100, [0, 0], 0), (130, [0, 0], 30)],
)
def test_a_note_lowers_the_oldest_due_first_and_the_rest_is_on_account(amount, left, open_):
    ledger = Ledger(opened(100, "2 monthly"))
    done = ledger.store(issue_credit_note(note(amount), ledger.receivables, ledger.instalments)).expect()
    assert [part.open for part in ledger.instalments] == [yuan(each) for each in left]
    assert (done.note.open, done.note.applied) == (yuan(open_), yuan(amount - open_))
    assert all(part.settled is (not part.open) for part in ledger.instalments)


ONE, TWO = "OUT-1/receivable/1", "OUT-1/receivable/2"


@pytest.mark.parametrize(
    ("portions", "codes"),
    [
        ([Portion(ONE, yuan(50))], ()),
        ([Portion(ONE, yuan(25)), Portion(ONE, yuan(25))], ()),
        ([Portion(ONE, yuan(25)), Portion(ONE, yuan(26))], ("credit_note.over_open",)),
        ([Portion(ONE, yuan(50)), Portion(TWO, yuan(31))], ("credit_note.over_applied",)),
        ([Portion("nothing", yuan(1))], ("instalment.unknown",)),
        ([Portion(ONE, Money("1", "USD"))], ("claim.currency_mismatch",)),
    ],
)
def test_what_a_note_may_settle(portions, codes):
    ledger = Ledger(opened(100, "2 monthly"))
    found = apply_credit_note(note(80), ledger.receivables, ledger.instalments, portions, on=DAY)
    assert found.codes == codes
    assert bool(found.changes) is not bool(codes)


def test_a_note_of_another_customer_settles_nothing():
    ledger = Ledger(opened(100, customer="H-2"))
    wanted = [Portion(ONE, yuan(1))]
    found = apply_credit_note(note(80), ledger.receivables, ledger.instalments, wanted, on=DAY)
    assert found.codes == ("credit_note.other_customer",)


@given(st.integers(1, 20_000), st.integers(1, 20_000), st.booleans())
def test_law_a_note_taken_back_leaves_no_trace_on_the_debt(debt, amount, again):
    ledger = Ledger(opened(Money.of_minor(debt, "CNY"), "3 monthly"))
    before = ledger.instalments
    first = note(Money.of_minor(amount, "CNY"))
    ledger.store(issue_credit_note(first, ledger.receivables, ledger.instalments))
    (held,) = ledger.all(CreditNote)
    assert held.applied + held.open == held.amount
    assert held.applied.minor == min(debt, amount)
    made = ledger.all(Adjustment)
    gone = ledger.store(
        reverse_credit_note(held, ledger.receivables, ledger.instalments, made, on=DAY, reason="误开")
    )
    assert ledger.instalments == before
    (after,) = ledger.all(CreditNote)
    assert not after.open
    if again:
        twice = reverse_credit_note(
            after, ledger.receivables, before, ledger.all(Adjustment), on=DAY, reason=""
        )
        assert (gone.allowed, twice.changes) == (True, ())


# ----------------------------------------------------------------------------------------------- at the door


@covers("UF-14", "XT-22", "XT-26")
def test_a_return_lowers_debt_exposure_and_ageing_and_is_never_blocked():
    crm = open_house()
    debt = owed(crm).id
    shipped_on = today(crm)
    crm.do(SetCreditLimit(customer=BUYER, limit=yuan(0), blocked=True, reason="停"), actor=FINANCE).expect()
    pass_days(crm, 5)
    done = back(crm, 200)
    assert done.allowed, done
    assert crm.get(Instalment, debt, actor=FINANCE).open == yuan(750)
    assert crm.get(CreditNote, "RET-1/credit-note", actor=FINANCE).applied == yuan(250)
    assert credit(crm).exposure == yuan(750)
    pass_days(crm, 1)
    ages = [crm.ask(AgeingReport(as_of=day), actor=FINANCE).total for day in (shipped_on, today(crm))]
    assert ages == [yuan(1000), yuan(750)]
    counters_are_entries(crm)
    replayed(crm)


@covers("UF-14")
def test_credit_receivables_023_what_was_paid_for_returned_goods_is_on_account():
    crm = open_house()
    owed(crm, "net 30")
    crm.do(receipt(crm, "R-1", 600), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    back(crm, 800).expect()
    (made,) = entities(crm, CreditNote)
    assert (made.amount, made.applied, made.open) == (yuan(1000), yuan(400), yuan(600))
    assert credit(crm).unapplied == yuan(600)
    assert credit(crm).exposure == yuan(-600)
    assert blocked(back(crm, 1, "RET-2")) == {"return.over_quantity"}


def test_what_was_credited_earns_no_discount():
    crm = open_house()
    debt = owed(crm).id
    back(crm, 200).expect()
    crm.do(receipt(crm, "R-1", 735), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1", take_discounts=True), actor=FINANCE).expect()
    part = crm.get(Instalment, debt, actor=FINANCE)
    assert (part.allocated, part.discount_taken, part.open) == (yuan(735), yuan(15), yuan(0))


def test_a_discount_taken_is_not_paid_out_again():
    crm = open_house()
    debt = owed(crm).id
    crm.do(receipt(crm, "R-1", 980), actor=FINANCE).expect()
    take = AllocateReceipt(receipt="R-1", targets=(Target(debt, yuan(980), take_discount=True),))
    crm.do(take, actor=FINANCE).expect()
    back(crm, 400).expect()
    back(crm, 400, "RET-2").expect()
    assert [each.amount for each in entities(crm, CreditNote)] == [yuan(490), yuan(490)]
    assert credit(crm).unapplied == yuan(980)


def test_on_account_a_note_settles_another_debt_or_a_prepayment_and_comes_back_from_a_cancelled_order():
    crm = open_house()
    owed(crm)
    crm.do(receipt(crm, "R-1", 1000), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    back(crm, 800).expect()
    placed(crm, "SO-2", 500, terms="40% prepaid, rest net 30")
    crm.do(ApplyCreditNote(credit_note="RET-1/credit-note"), actor=FINANCE).expect()
    (made,) = entities(crm, CreditNote)
    assert (made.applied, credit(crm).unapplied) == (yuan(200), yuan(800))
    crm.do(CancelOrder(order="SO-2"), actor=SALES).expect()
    (made,) = entities(crm, CreditNote)
    assert (made.applied, credit(crm).unapplied) == (yuan(0), yuan(1000))
    counters_are_entries(crm)


def test_an_allowance_is_taken_back_and_a_return_is_not():
    crm = open_house()
    debt = owed(crm).id
    allowance = IssueCreditNote(id="CN-1", customer=BUYER, slip="OUT-1", amount=yuan(100), reason="折让")
    crm.do(allowance, actor=FINANCE).expect()
    assert crm.get(Instalment, debt, actor=FINANCE).credited == yuan(100)
    crm.do(ReverseCreditNote(credit_note="CN-1", reason="误开"), actor=FINANCE).expect()
    assert crm.get(Instalment, debt, actor=FINANCE).open == yuan(1000)
    assert credit(crm).exposure == yuan(1000)
    again = crm.do(ReverseCreditNote(credit_note="CN-1", reason="误开"), actor=FINANCE)
    assert again.allowed


def test_a_small_difference_and_a_return_do_not_add_up_to_more_than_was_charged():
    crm = open_house()
    debt = owed(crm).id
    crm.do(SetWriteOffCap(amount=yuan(5), reason="手续费"), actor=LEAD).expect()
    small = WriteOffDifference(id="W-1", instalment=debt, amount=yuan(5), reason="手续费")
    crm.do(small, actor=FINANCE).expect()
    back(crm, 800).expect()
    (made,) = entities(crm, CreditNote)
    assert (made.amount, made.open, credit(crm).exposure) == (yuan(995), yuan(0), yuan(0))


def test_the_goods_of_a_return_are_told_lot_by_lot():
    crm = open_house()
    owed(crm)
    back(crm, 30).expect()
    (line,) = entities(crm, ReturnLine)
    assert (line.lot, line.quantity, line.product) == ("L1", 30, "ATO-20")
    seen = InspectReturn(return_order="RET-1", verdict=ReturnVerdict.FIT)
    crm.do(seen, actor=QUALITY).expect()
    assert crm.get(ReturnOrder, "RET-1", actor=WAREHOUSE).verdict is ReturnVerdict.FIT
    assert crm.get(OutboundSlip, "OUT-1", actor=WAREHOUSE).amount == yuan(1000)
