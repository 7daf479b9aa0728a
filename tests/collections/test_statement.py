"""Statements, confirmations, vouchers and reconciliation: the books of a house, told again on any day."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pharmacrm.core.collections import (
    AnswerConfirmation,
    BalanceConfirmation,
    ConfirmationItem,
    LedgerBalance,
    LedgerRole,
    SetLedgerAccount,
    TheirItem,
)
from pharmacrm.core.collections.confirmation import answer
from pharmacrm.core.collections.ledger import balance, balance_owed
from pharmacrm.core.flows.booking import Vouchers
from pharmacrm.core.flows.books import read_books
from pharmacrm.core.flows.charging import ChargeKind, RaiseCharge
from pharmacrm.core.flows.collection import AllocateReceipt, ReverseReceipt, UndoAllocations
from pharmacrm.core.flows.crediting import IssueCreditNote, ReverseCreditNote
from pharmacrm.core.flows.rescheduling import RescheduleDebt
from pharmacrm.core.flows.shipping import IssueSlip
from pharmacrm.core.flows.statements import (
    ReconcileLedger,
    RequestConfirmation,
    StatementOfAccount,
)
from pharmacrm.core.flows.writing_off import SetWriteOffCap, WriteOffDifference
from pharmacrm.core.kernel.errors import MalformedInput, NotFound, NotPermitted
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.orders import SlipItem
from pharmacrm.core.receivables import AgeingReport, Instalment
from pharmacrm.crm.ids import Ids
from pharmacrm.crm.unit import Unit
from pharmacrm.testing.company import release
from tests.covers import covers
from tests.flows.house import (
    BUYER,
    FINANCE,
    LEAD,
    SALES,
    WAREHOUSE,
    entities,
    open_house,
    pass_days,
    placed,
    prepaid,
    receipt,
    released,
    today,
    yuan,
)


def shipped(crm, order, yuan_, terms="net 30"):
    released(crm, order, yuan_, terms=terms)
    items = (SlipItem(1, "L1", yuan_ * 4 // 5),)
    crm.do(IssueSlip(order=order, id=f"OUT-{order}", items=items), actor=WAREHOUSE).expect()


def paid(crm, id, yuan_):
    crm.do(receipt(crm, id, yuan_), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt=id), actor=FINANCE).expect()


def told(crm, start, through=None):
    asked = StatementOfAccount(customer=BUYER, start=start, through=through or today(crm))
    return crm.ask(asked, actor=FINANCE)


@pytest.fixture(scope="module")
def history():
    """A month: shipped, paid in part, overpaid, undone, written off; the days on which it happened."""
    crm = open_house()
    days = [today(crm)]

    def next_day():
        pass_days(crm, 1)
        days.append(today(crm))

    shipped(crm, "SO-1", 1000)
    next_day()
    paid(crm, "R-1", 400)
    next_day()
    shipped(crm, "SO-2", 500, terms="2 monthly")
    next_day()
    paid(crm, "R-2", 1500)
    next_day()
    crm.do(UndoAllocations(receipt="R-2", reason="记错"), actor=FINANCE).expect()
    next_day()
    crm.do(ReverseReceipt(receipt="R-1", reason="退票"), actor=FINANCE).expect()
    next_day()
    crm.do(SetWriteOffCap(amount=yuan(5), reason="手续费"), actor=LEAD).expect()
    debt = min(entities(crm, Instalment), key=lambda each: each.id)
    off = WriteOffDifference(id="W-1", instalment=debt.id, amount=yuan("0.50"), reason="手续费")
    crm.do(off, actor=FINANCE).expect()
    next_day()
    told_on(crm, next_day)
    return crm, days


def told_on(crm, next_day):
    """What is credited, charged and given new due dates."""
    note = IssueCreditNote(id="CN-1", customer=BUYER, slip="OUT-SO-2", amount=yuan(100), reason="折让")
    crm.do(note, actor=FINANCE).expect()
    next_day()
    slip = "OUT-SO-1/receivable"
    charge = RaiseCharge(
        id="CH-1", receivable=slip, kind=ChargeKind.COST, amount=yuan(30), due=today(crm), reason="催收"
    )
    crm.do(charge, actor=FINANCE).expect()
    next_day()
    later = RescheduleDebt(id="RS-1", receivable=slip, terms="2 monthly", reason="客户困难")
    crm.do(later, actor=FINANCE).expect()
    next_day()
    crm.do(ReverseCreditNote(credit_note="CN-1", reason="误开"), actor=FINANCE).expect()
    next_day()


@covers("XT-22")
def test_a_statement_by_hand(history):
    crm, days = history
    found = told(crm, days[0], days[6])
    assert [(each.kind, each.amount, each.balance) for each in found.lines] == [
        ("shipment", yuan(1000), yuan(1000)),
        ("receipt", yuan(-400), yuan(600)),
        ("shipment", yuan(500), yuan(1100)),
        ("receipt", yuan(-1500), yuan(-400)),
        ("receipt", yuan(400), yuan(0)),
        ("write-off", yuan("-0.50"), yuan("-0.50")),
    ]
    assert found.lines[4].reverses
    assert (found.opening, found.closing) == (yuan(0), yuan("-0.50"))
    assert [each.amount for each in found.items] == [yuan("999.50"), yuan(250), yuan(250), yuan(-1500)]


@covers("XT-22")
def test_what_is_credited_charged_and_rescheduled_has_its_lines(history):
    crm, days = history
    found = told(crm, days[7])
    assert [(each.kind, each.document, each.amount) for each in found.lines] == [
        ("credit note", "CN-1", yuan(-100)),
        ("charge", "CH-1", yuan(30)),
        ("credit note", "CN-1", yuan(100)),
    ]
    assert found.closing == yuan("29.50")


@pytest.mark.parametrize(
    ("cut", "closing"),
    [(0, 1000), (1, 600), (2, 1100), (3, -400), (4, -400), (5, 0), (7, "-100.50"), (8, "-70.50"),
     (9, "-70.50"), (10, "29.50")],
)  # fmt: skip
def test_a_past_day_is_what_it_was(history, cut, closing):
    crm, days = history
    found = told(crm, days[0], days[cut])
    assert found.closing == yuan(closing)
    assert Money.total((each.amount for each in found.items), "CNY") == yuan(closing)


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_statement_goes_on_where_the_last_one_ended(history, data):
    crm, days = history
    first, middle, last = sorted(data.draw(st.lists(st.sampled_from(days), min_size=3, max_size=3)))
    one = told(crm, first, middle)
    if last > middle:
        two = told(crm, middle + timedelta(1), last)
        whole = told(crm, first, last)
        assert (one.opening, one.closing, two.closing) == (whole.opening, two.opening, whole.closing)
        assert [each.document for each in (*one.lines, *two.lines)] == [e.document for e in whole.lines]
    for each in (one,):
        lines = Money.total((line.amount for line in each.lines), "CNY")
        items = Money.total((item.amount for item in each.items), "CNY")
        assert each.opening + lines == each.closing == items


@covers("XT-22")
def test_the_control_account_is_what_ageing_says_on_every_day(history):
    crm, days = history
    for day in days:
        with crm._store.session() as session:
            reading = Unit(crm._desk, session).reading_for(FINANCE, Instalment, Ids(crm.clock.now()))
            books = read_books(reading, day, currency="CNY")
        aged = crm.ask(AgeingReport(as_of=day), actor=FINANCE)
        control = balance(books.movements, LedgerRole.RECEIVABLE, "CNY", through=day)
        assert control == aged.total
        owed = balance_owed(books.movements, "CNY", through=day)
        assert owed == told(crm, day, day).closing


def test_what_was_prepaid_is_used_up_by_the_goods():
    crm = open_house()
    start = today(crm)
    released_order(crm)
    asked = told(crm, start)
    assert [(each.kind, each.amount) for each in asked.lines] == [("receipt", yuan(-300))]
    crm.do(IssueSlip(order="SO-1", id="OUT-1", items=(SlipItem(1, "L1", 800),)), actor=WAREHOUSE).expect()
    found = told(crm, start)
    assert found.closing == yuan(700)
    assert [(each.document, each.amount) for each in found.items] == [("OUT-1/receivable/1", yuan(700))]


def released_order(crm):
    placed(crm, "SO-1", 1000, terms="30% prepaid, rest net 60")
    prepaid(crm, "SO-1", 300)
    release(crm, "SO-1")


def test_vouchers_balance_and_sum_to_the_accounts(history):
    crm, days = history
    crm.do(SetLedgerAccount(role=LedgerRole.RECEIVABLE, account="1122"), actor=FINANCE).expect()
    found = crm.ask(Vouchers(start=days[0], through=days[-1]), actor=FINANCE)
    assert found
    assert len({each.voucher.id for each in found}) == len(found)
    sums: dict[str, int] = {}
    for each in found:
        debit = Money.total((line.debit for line in each.lines), "CNY")
        credit = Money.total((line.credit for line in each.lines), "CNY")
        assert debit == credit
        assert debit.is_positive
        assert debit == each.voucher.amount
        for line in each.lines:
            assert not line.debit or not line.credit
            assert line.account == ("1122" if line.role is LedgerRole.RECEIVABLE else "")
            sums[line.role] = sums.get(line.role, 0) + line.debit.minor - line.credit.minor
    assert sum(sums.values()) == 0
    assert sums["receivable"] == crm.ask(AgeingReport(), actor=FINANCE).total.minor == 152_950
    assert sums["bank"] == 150_000
    day_by_day = [v for day in days for v in crm.ask(Vouchers(start=day, through=day), actor=FINANCE)]
    assert day_by_day == list(found)


def test_the_ledger_agrees_or_its_items_are_named(history):
    crm, days = history
    day = days[-1]
    whole = yuan("1529.50")
    by_customer = ReconcileLedger(
        as_of=day, control=whole, balances=[LedgerBalance(customer=BUYER, amount=whole)]
    )
    assert crm.ask(by_customer, actor=FINANCE).agrees
    items = {each.document: each.amount for each in told(crm, day, day).items if each.due}
    missing = min(items)
    listed = [
        LedgerBalance(customer=BUYER, item=document, amount=amount)
        for document, amount in items.items()
        if document != missing
    ]
    listed.append(LedgerBalance(customer="H-9", amount=yuan(7)))
    found = crm.ask(ReconcileLedger(as_of=day, control=whole, balances=listed), actor=FINANCE)
    assert not found.agrees
    assert [(each.customer, each.item, each.difference) for each in found.differences] == [
        (BUYER, missing, -items[missing]),
        ("H-9", "", yuan(7)),
    ]
    differences = Money.total((each.difference for each in found.differences), "CNY")
    assert differences == found.listed - found.ours
    assert found.unlisted == whole - found.listed


def test_a_balance_stands_once_in_a_list():
    twice = [LedgerBalance(customer=BUYER, amount=yuan(1))] * 2
    with pytest.raises(MalformedInput) as error:
        ReconcileLedger(as_of="2026-01-01", control=yuan(1), balances=twice)
    assert error.value.code == "ledger.twice"
    items = [TheirItem("OUT-1", yuan(1))] * 2
    with pytest.raises(MalformedInput) as error:
        AnswerConfirmation(confirmation="BC-1", balance=yuan(1), documents=items)
    assert error.value.code == "confirmation.item_twice"


def asked_of(crm, id="BC-1"):
    crm.do(RequestConfirmation(id=id, customer=BUYER, as_of=today(crm)), actor=FINANCE).expect()
    items = [each for each in entities(crm, ConfirmationItem) if each.confirmation == id]
    return crm.get(BalanceConfirmation, id, actor=FINANCE), items


def test_equal_books_confirm_each_other():
    crm = open_house()
    shipped(crm, "SO-1", 1000)
    asked, items = asked_of(crm)
    assert (asked.balance, [each.ours for each in items]) == (yuan(1000), [yuan(1000)])
    pass_days(crm, 1)
    paid(crm, "R-1", 400)  # what is booked later changes nothing of what was asked
    same = AnswerConfirmation(confirmation="BC-1", balance=yuan(1000), person="王会计")
    done = crm.do(same, actor=FINANCE)
    assert (done.outcome, done.codes) == ("allowed", ())
    assert done.expect().state == "confirmed"


def test_a_differing_balance_names_the_items():
    crm = open_house()
    shipped(crm, "SO-1", 1000)
    shipped(crm, "SO-2", 500)
    _, items = asked_of(crm)
    mine = items[0].document
    differing = AnswerConfirmation(
        confirmation="BC-1",
        balance=yuan(1250),
        documents=[TheirItem(mine, items[0].ours - yuan(300)), TheirItem("THEIR-7", yuan(20))],
    )
    done = crm.do(differing, actor=FINANCE)
    assert done.expect().state == "disputed"
    assert done.expect().unexplained == yuan(30)
    assert [(each.code, each.field) for each in done.reasons] == [
        ("confirmation.differs", mine),
        ("confirmation.differs", "THEIR-7"),
        ("confirmation.unexplained", "balance"),
    ]
    assert done.reasons[-1].message == (
        "BC-1: the customer's balance is CNY 30.00 higher, the named items aside, than ours, "
        "and no item explains it"
    )
    stored = {each.document: each.difference for each in entities(crm, ConfirmationItem)}
    assert stored == {mine: yuan(-300), items[1].document: yuan(0), "THEIR-7": yuan(20)}


@given(
    ours=st.lists(st.integers(-1000, 1000), max_size=4),
    theirs=st.dictionaries(st.integers(0, 6).map(str), st.integers(-1000, 1000), max_size=5),
    total=st.integers(-3000, 3000),
)
def test_items_and_the_unexplained_are_the_whole_difference(ours, theirs, total):
    def money(minor):
        return Money.of_minor(minor, "CNY")

    asked = BalanceConfirmation(
        id="BC", customer=BUYER, as_of=DAY, balance=money(sum(ours)), requested_on=DAY, version=1
    )
    items = [
        ConfirmationItem(id=f"BC/{n}", confirmation="BC", number=n, document=str(n), ours=money(each))
        for n, each in enumerate(ours)
    ]
    listed = {document: money(each) for document, each in theirs.items()}
    done = answer(asked, items, money(total), listed, on=DAY)
    after = done.value
    assert after is not None
    assert after.unexplained is not None
    explained = sum(
        each.minor - (ours[int(document)] if int(document) < len(ours) else 0)
        for document, each in listed.items()
    )
    assert after.unexplained.minor + explained == total - sum(ours)
    assert (after.state == "confirmed") is (not done.reasons)


DAY = today(open_house())


def test_who_may_ask():
    crm = open_house()
    day = today(crm)
    assert crm.ask(StatementOfAccount(customer=BUYER, start=day, through=day), actor=SALES).closing == yuan(0)
    with pytest.raises(NotPermitted):
        crm.ask(Vouchers(start=day, through=day), actor=SALES)
    with pytest.raises(NotFound):
        crm.ask(StatementOfAccount(customer="H-404", start=day, through=day), actor=FINANCE)
    with pytest.raises(MalformedInput):
        StatementOfAccount(customer=BUYER, start=day, through=day - timedelta(1))
