"""Vouchers (凭证): what each document books, balanced and once, and nothing that no document says."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.collections import (
    LedgerAccount,
    LedgerRole,
    Movement,
    MovementKind,
    SetLedgerAccount,
    Voucher,
    VoucherLine,
)
from pharmacrm.core.collections.vouchers import entries, posted_entries, unposted, vouchers, write
from pharmacrm.core.flows.bills import CollectBill, DiscountBill, DishonourBill, EndorseBill, ReceiveBill
from pharmacrm.core.flows.booking import LedgerTrial, PostVouchers, StartBookkeeping
from pharmacrm.core.flows.charging import ChargeKind, RaiseCharge
from pharmacrm.core.flows.collection import AllocateReceipt, ReverseReceipt
from pharmacrm.core.flows.crediting import IssueCreditNote, ReverseCreditNote
from pharmacrm.core.flows.invoicing import RecordInvoice
from pharmacrm.core.flows.refunding import PayRefund
from pharmacrm.core.flows.rescheduling import RescheduleDebt
from pharmacrm.core.flows.returning import AcceptReturn
from pharmacrm.core.flows.shipping import IssueSlip
from pharmacrm.core.flows.writing_off import ReverseWriteOff, SetWriteOffCap, WriteOffDifference
from pharmacrm.core.host_numbers import HostNumber, NumberedKind, RecordHostNumber
from pharmacrm.core.kernel.errors import NotPermitted
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.orders import Line, ReturnCause, ReturnItem, SlipItem
from pharmacrm.core.people import RegisterStaff
from pharmacrm.core.receivables import AgeingReport, BillCounts, InvoicedLine
from pharmacrm.core.values.taxes import shared_taxes, taxes_of
from pharmacrm.core.values.trade import PaymentMethod
from pharmacrm.crm import PharmaCRM
from pharmacrm.plugins.erp import CsvFolder
from pharmacrm.testing.company import release
from tests.collections.bookkeeping import ACCOUNTS, agreed, booked, keep_books
from tests.covers import covers
from tests.flows.house import (
    ADMIN,
    BUYER,
    BUYER_NAME,
    FINANCE,
    LEAD,
    SALES,
    WAREHOUSE,
    entities,
    every,
    open_house,
    pass_days,
    placed,
    prepaid,
    receipt,
    released,
    today,
    yuan,
)
from tests.plugins.hostile import csv_rows

DEBT = "OUT-1/receivable/1"


@pytest.fixture
def house() -> PharmaCRM:
    crm = open_house()
    keep_books(crm)
    return crm


def shipped(crm: PharmaCRM, yuan_: int = 1130, order: str = "SO-1", **more: Any) -> None:
    released(crm, order, yuan_, **more)
    left(crm, yuan_ * 4 // 5, order)


def left(crm: PharmaCRM, quantity: int, order: str = "SO-1") -> None:
    slip = IssueSlip(order=order, id=order.replace("SO", "OUT"), items=(SlipItem(1, "L1", quantity),))
    crm.do(slip, actor=WAREHOUSE).expect()


def money(crm: PharmaCRM, id: str, amount: int | str, **more: Any) -> None:
    crm.do(receipt(crm, id, amount, **more), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt=id, take_discounts=True), actor=FINANCE).expect()


def test_goods_on_credit_are_net_and_tax(house: PharmaCRM) -> None:
    shipped(house)
    assert booked(house, "OUT-1") == [
        ("shipment", "Dr receivable", "1130.00"),
        ("shipment", "Cr sales", "1000.00"),
        ("shipment", "Cr deferred tax 13%", "130.00"),
    ]
    agreed(house)


def test_each_rate_has_its_tax(house: PharmaCRM) -> None:
    lines = (Line("ATO-20", 904, "1.25"), Line("AMX-500", 3000, "0.0363", tax_rate="9%"))
    released(house, "SO-1", 0, lines=lines)
    items = (SlipItem(1, "L1", 904), SlipItem(2, "L1", 3000))
    house.do(IssueSlip(order="SO-1", id="OUT-1", items=items), actor=WAREHOUSE).expect()
    assert booked(house, "OUT-1") == [
        ("shipment", "Dr receivable", "1238.90"),
        ("shipment", "Cr sales", "1099.91"),
        ("shipment", "Cr deferred tax 9%", "8.99"),
        ("shipment", "Cr deferred tax 13%", "130.00"),
    ]
    back = AcceptReturn(id="RET-1", slip="OUT-1", items=(ReturnItem(2, 1500),), cause=ReturnCause.SURPLUS)
    house.do(back, actor=WAREHOUSE).expect()
    assert booked(house, "RET-1/credit-note") == [
        ("credit note", "Dr deferred tax 9%", "4.50"),
        ("credit note", "Dr credit note", "49.95"),
        ("credit note", "Cr advance", "54.45"),
    ]
    agreed(house)


def test_a_rate_may_have_an_account_of_its_own(house: PharmaCRM) -> None:
    own = SetLedgerAccount(role=LedgerRole.DEFERRED_TAX, account="2221.13", tax_rate="13%")
    house.do(own, actor=FINANCE).expect()
    shipped(house)
    lines = house.find(VoucherLine, actor=FINANCE, order=("number",))
    assert [line.account for line in lines] == [
        ACCOUNTS[LedgerRole.RECEIVABLE],
        ACCOUNTS[LedgerRole.SALES],
        "2221.13",
    ]


def test_goods_paid_in_advance_use_the_advance_up(house: PharmaCRM) -> None:
    placed(house, "SO-1", 1130, terms="30% prepaid, rest net 60")
    prepaid(house, "SO-1", 339)
    release(house, "SO-1")
    left(house, 904)
    assert booked(house, "R-1") == [("receipt", "Dr bank", "339.00"), ("receipt", "Cr advance", "339.00")]
    assert booked(house, "OUT-1") == [
        ("shipment", "Dr receivable", "791.00"),
        ("shipment", "Dr advance", "339.00"),
        ("shipment", "Cr sales", "1000.00"),
        ("shipment", "Cr deferred tax 13%", "130.00"),
    ]
    agreed(house)


def test_money_discount_and_what_is_taken_back(house: PharmaCRM) -> None:
    shipped(house, terms="2/10 net 30")
    money(house, "R-1", "1107.40", method=PaymentMethod.CASH)
    assert booked(house, "R-1") == [
        ("receipt", "Dr cash", "1107.40"),
        ("receipt", "Cr advance", "1107.40"),
    ]
    assert booked(house, "R-1/1") == [
        ("allocation", "Dr advance", "1107.40"),
        ("allocation", "Cr receivable", "1107.40"),
        ("discount", "Dr discount", "22.60"),
        ("discount", "Cr receivable", "22.60"),
    ]
    pass_days(house, 1)
    house.do(ReverseReceipt(receipt="R-1", reason="假币"), actor=FINANCE).expect()
    assert booked(house, "R-1/1")[4:] == [
        ("allocation", "Dr receivable", "1107.40"),
        ("allocation", "Cr advance", "1107.40"),
        ("discount", "Dr receivable", "22.60"),
        ("discount", "Cr discount", "22.60"),
    ]
    agreed(house)


def test_an_invoice_makes_the_tax_due_and_a_red_letter_takes_it_back(house: PharmaCRM) -> None:
    shipped(house)
    lines = (InvoicedLine("OUT-1", 1, 904, yuan(1000), yuan(130)),)
    blue = RecordInvoice(id="INV-1", customer=BUYER, issued_on=today(house), lines=lines)
    house.do(blue, actor=FINANCE).expect()
    assert booked(house, "INV-1") == [
        ("invoice", "Dr deferred tax 13%", "130.00"),
        ("invoice", "Cr output tax 13%", "130.00"),
    ]
    red = RecordInvoice(id="INV-2", customer=BUYER, issued_on=today(house), lines=lines, red_of="INV-1")
    house.do(red, actor=FINANCE).expect()
    assert booked(house, "INV-2") == [
        ("invoice", "Dr output tax 13%", "130.00"),
        ("invoice", "Cr deferred tax 13%", "130.00"),
    ]
    agreed(house)


def test_what_is_credited_written_off_charged_and_paid_back(house: PharmaCRM) -> None:
    shipped(house)
    slip = "OUT-1/receivable"
    day = today(house)
    for command, actor in (
        (IssueCreditNote(id="CN-1", customer=BUYER, slip="OUT-1", amount=yuan(113), reason="折让"), FINANCE),
        (SetWriteOffCap(amount=yuan(5), reason="手续费"), LEAD),
        (WriteOffDifference(id="W-1", instalment=DEBT, amount=yuan(2), reason="手续费"), FINANCE),
        (ReverseWriteOff(write_off="W-1", reason="补足"), FINANCE),
        (
            RaiseCharge(
                id="CH-1", receivable=slip, kind=ChargeKind.COST, amount=yuan(30), due=day, reason="催"
            ),
            FINANCE,
        ),
        (RescheduleDebt(id="RS-1", receivable=slip, terms="2 monthly", reason="客户困难"), FINANCE),
        (ReverseCreditNote(credit_note="CN-1", reason="误开"), FINANCE),
        (receipt(house, "R-9", 7), FINANCE),
        (PayRefund(id="RF-1", receipt="R-9", amount=yuan(7), payee_name=BUYER_NAME, reason="多付"), FINANCE),
    ):
        house.do(command, actor=actor).expect()
    credited = [
        ("credit note", "Dr deferred tax 13%", "13.00"),
        ("credit note", "Dr credit note", "100.00"),
        ("credit note", "Cr advance", "113.00"),
    ]
    assert booked(house, "CN-1")[:3] == credited
    assert booked(house, "CN-1")[3:] == [
        ("credit note", "Dr advance", "113.00"),
        ("credit note", "Cr deferred tax 13%", "13.00"),
        ("credit note", "Cr credit note", "100.00"),
    ]
    assert booked(house, "W-1/1") == [
        ("write-off", "Dr write-off", "2.00"),
        ("write-off", "Cr receivable", "2.00"),
        ("write-off", "Dr receivable", "2.00"),
        ("write-off", "Cr write-off", "2.00"),
    ]
    assert booked(house, "CH-1") == [("charge", "Dr receivable", "30.00"), ("charge", "Cr charges", "30.00")]
    assert booked(house, "RF-1") == [("refund", "Dr advance", "7.00"), ("refund", "Cr bank", "7.00")]
    assert booked(house, "RS-1") == booked(house, "RS-1/1") == []
    agreed(house)


BILL = [("bill", "Dr bank", "100.00"), ("bill", "Cr bills receivable", "100.00")]
DISCOUNTED = [
    ("bill", "Dr bank", "97.00"),
    ("bill", "Dr bill cost", "3.00"),
    ("bill", "Cr bills receivable", "100.00"),
]
ENDORSED = [("bill", "Dr endorsed", "100.00"), ("bill", "Cr bills receivable", "100.00")]
CAME = [("receipt", "Dr bills receivable", "100.00"), ("receipt", "Cr advance", "100.00")]
GONE = [("receipt", "Dr advance", "100.00"), ("receipt", "Cr bills receivable", "100.00")]


@pytest.mark.parametrize(
    ("counts", "steps", "wanted"),
    [
        (BillCounts.AT_MATURITY, [], []),
        (BillCounts.ON_RECEIPT, [], CAME),
        (BillCounts.AT_MATURITY, [CollectBill(bill="B-1")], BILL + CAME),
        (BillCounts.ON_RECEIPT, [CollectBill(bill="B-1")], CAME + BILL),
        (BillCounts.ON_RECEIPT, [DiscountBill(bill="B-1", bank="某行", charge=yuan(3))], CAME + DISCOUNTED),
        (BillCounts.ON_RECEIPT, [EndorseBill(bill="B-1", endorsee="某厂")], CAME + ENDORSED),
        (BillCounts.ON_RECEIPT, [DishonourBill(bill="B-1", reason="拒付")], CAME + GONE),
        (
            BillCounts.ON_RECEIPT,
            [DiscountBill(bill="B-1", bank="某行", charge=yuan(3)), DishonourBill(bill="B-1", reason="拒付")],
            [
                *CAME,
                *DISCOUNTED,
                ("bill", "Dr bills receivable", "100.00"),
                ("bill", "Cr bank", "100.00"),
                *GONE,
            ],
        ),
        (BillCounts.AT_MATURITY, [DishonourBill(bill="B-1", reason="拒付")], []),
    ],
)
def test_a_bill_is_a_bill_until_it_is_money(house: PharmaCRM, counts, steps, wanted) -> None:
    start = today(house)
    bill = ReceiveBill(
        id="B-1",
        payer=BUYER,
        payer_name=BUYER_NAME,
        acceptor="某行",
        amount=yuan(100),
        issued_on=start,
        matures_on=start + timedelta(days=90),
        counts=counts,
    )
    house.do(bill, actor=FINANCE).expect()
    for step in steps:
        pass_days(house, 90 if isinstance(step, CollectBill) else 1)
        house.do(step, actor=FINANCE).expect()
    assert booked(house, "B-1") == wanted
    agreed(house)


@covers("XT-22")
def test_a_command_under_its_key_books_once(house: PharmaCRM) -> None:
    released(house, "SO-1", 1130)
    slip = IssueSlip(order="SO-1", id="OUT-1", items=(SlipItem(1, "L1", 904),))
    for _ in range(2):
        house.do(slip, actor=WAREHOUSE, key="web-1").expect()
    assert len(every(house, Voucher)) == 1
    assert house.do(PostVouchers(customer=BUYER), actor=FINANCE).expect().ids == ()
    assert house.do(StartBookkeeping(), actor=FINANCE).expect().version == 1


def test_documents_of_one_id_have_vouchers_of_their_own(house: PharmaCRM) -> None:
    shipped(house)
    note = IssueCreditNote(id="X-1", customer=BUYER, slip="OUT-1", amount=yuan(113), reason="折让")
    house.do(note, actor=FINANCE).expect()
    money(house, "X-1", 113)
    assert (
        booked(house, "X-1/1")
        == [
            ("allocation", "Dr advance", "113.00"),
            ("allocation", "Cr receivable", "113.00"),
        ]
        * 2
    )
    agreed(house)
    assert house.do(PostVouchers(customer=BUYER), actor=FINANCE).expect().ids == ()


@covers("XT-22")
def test_books_that_start_late_are_made_whole_customer_by_customer() -> None:
    crm = open_house()
    shipped(crm)
    money(crm, "R-1", 130)
    keep_books(crm)
    money(crm, "R-2", 200)
    assert {each.document for each in entities(crm, Voucher)} == {"R-2", "R-2/1"}
    posted = crm.do(PostVouchers(customer=BUYER), actor=FINANCE).expect().ids
    documents = {each.id: each.document for each in entities(crm, Voucher)}
    assert {documents[id] for id in posted} == {"OUT-1", "R-1", "R-1/1"}
    assert crm.do(PostVouchers(customer=BUYER), actor=FINANCE).expect().ids == ()
    agreed(crm)


@covers("XT-22")
def test_on_every_day_the_control_account_is_what_ageing_says(house: PharmaCRM) -> None:
    days = [today(house)]
    shipped(house)
    for id, amount in (("R-1", 400), ("R-2", 900)):
        pass_days(house, 1)
        money(house, id, amount)
        days.append(today(house))
    pass_days(house, 1)
    house.do(ReverseReceipt(receipt="R-1", reason="退票"), actor=FINANCE).expect()
    days.append(today(house))
    owed = []
    for day in days:
        trial = house.ask(LedgerTrial(as_of=day), actor=FINANCE)
        assert trial.debit == trial.credit
        assert trial.of(LedgerRole.RECEIVABLE) == house.ask(AgeingReport(as_of=day), actor=FINANCE).total
        owed.append(trial.of(LedgerRole.RECEIVABLE).minor)
    assert owed == [113_000, 73_000, 0, 40_000]
    trial = house.ask(LedgerTrial(), actor=FINANCE)
    account = next(each for each in trial.lines if each.role is LedgerRole.BANK)
    assert (account.account, account.debit, account.credit) == (
        ACCOUNTS[LedgerRole.BANK],
        yuan(1300),
        yuan(400),
    )


def test_every_account_is_named_before_books_are_kept() -> None:
    crm = open_house()
    refused = crm.do(StartBookkeeping(), actor=FINANCE)
    assert [(each.code, each.observed) for each in refused.reasons] == [
        ("ledger.account_missing", role) for role in LedgerRole
    ]
    early = crm.do(PostVouchers(customer=BUYER), actor=FINANCE)
    assert early.codes == ("ledger.not_kept",)
    split = SetLedgerAccount(role=LedgerRole.BANK, account="1002", tax_rate="13%")
    assert crm.do(split, actor=FINANCE).codes == ("ledger.rate_unused",)
    assert every(crm, LedgerAccount) == []
    with pytest.raises(NotPermitted):
        crm.do(StartBookkeeping(), actor=SALES)
    shipped(crm)
    assert every(crm, Voucher) == []


def test_a_voucher_is_a_file_once_and_the_host_gives_it_its_number(tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    crm = open_house(plugins=[CsvFolder(tmp_path, inbox=inbox, totals=False, name="erp")])
    keep_books(crm)
    shipped(crm)
    for _ in range(2):
        crm.deliver()
    (path,) = tmp_path.glob("voucher-main-*.csv")
    voucher = entities(crm, Voucher)[0]
    rows = csv_rows(path)
    assert {row["voucher"] for row in rows} == {voucher.id}
    assert [(row["account"], row["tax_percent"], row["debit"], row["credit"]) for row in rows] == [
        (ACCOUNTS[LedgerRole.RECEIVABLE], "", "1130.00", "0.00"),
        (ACCOUNTS[LedgerRole.SALES], "", "0.00", "1000.00"),
        (ACCOUNTS[LedgerRole.DEFERRED_TAX], "13", "0.00", "130.00"),
    ]
    crm.do(RegisterStaff(id="erp", name="ERP", unit="east", roles=("erp",)), actor=ADMIN).expect()
    (inbox / "numbers-1.csv").write_text(f"id,number,kind\n{voucher.id},记-0001,voucher\n", encoding="utf-8")
    assert crm.pull("erp").done == 1
    (known,) = entities(crm, HostNumber)
    assert (known.kind, known.subject, known.number) == (NumberedKind.VOUCHER, voucher.id, "记-0001")
    twice = RecordHostNumber(id=voucher.id, number="记-0002", kind=NumberedKind.VOUCHER)
    assert crm.do(twice, actor="erp").codes == ("host_number.twice",)


roles = st.sampled_from(list(LedgerRole))
rates = st.sampled_from([None, Percentage("9%"), Percentage("13%")])
DAYS = [date(1900, 1, 1), date(2026, 1, 31), date(2200, 12, 31)]


@st.composite
def movements(draw: st.DrawFn, currency: str) -> Movement:
    return Movement(
        on=draw(st.sampled_from(DAYS)),
        kind=draw(st.sampled_from(list(MovementKind))),
        document=draw(st.sampled_from(["A", "B"])),
        customer=draw(st.sampled_from(["C-1", "C-2"])),
        debit=draw(roles),
        credit=draw(roles),
        amount=Money.of_minor(draw(st.integers(-(10**12), 10**12)), currency),
        rate=draw(rates),
        reverses=draw(st.booleans()),
    )


histories = st.sampled_from(["CNY", "JPY", "KWD", "CLF"]).flatmap(
    lambda currency: st.tuples(*[st.lists(movements(currency), max_size=8)] * 2)
)


@given(histories)
def test_a_voucher_balances_and_says_what_moved(history: tuple[list[Movement], list[Movement]]) -> None:
    moved = [*history[0], *history[1]]
    written = vouchers(moved, {})
    for each in written:
        currency = each.voucher.amount.currency
        assert Money.total((line.debit for line in each.lines), currency) == each.voucher.amount
        assert Money.total((line.credit for line in each.lines), currency) == each.voucher.amount
        assert all(not line.debit.is_negative and not line.credit.is_negative for line in each.lines)
        assert all(bool(line.debit) is not bool(line.credit) for line in each.lines)
    assert len({each.voucher.id for each in written}) == len(written)
    assert posted_entries(written) == unposted(entries(moved), {})


@given(histories)
def test_what_is_posted_later_is_the_difference(history: tuple[list[Movement], list[Movement]]) -> None:
    before, after = map(entries, history)
    first = [write(entry, sums, {}) for entry, sums in unposted(before, {}).items()]
    rest = [
        write(entry, sums, {}, number=2) for entry, sums in unposted(after, posted_entries(first)).items()
    ]
    assert unposted(after, posted_entries([*first, *rest])) == {}
    assert not {each.voucher.id for each in first} & {each.voucher.id for each in rest}
    assert unposted(after, after) == {}


@given(
    st.integers(-(10**12), 10**12),
    st.dictionaries(st.integers(0, 1_000_000).map(Percentage.of_units), st.integers(0, 10**9), max_size=4),
    st.sampled_from(["CNY", "JPY", "KWD", "CLF"]),
)
def test_an_amount_is_spread_over_the_rates_of_its_goods(
    minor: int, goods: dict[Percentage, int], currency: str
) -> None:
    amount = Money.of_minor(minor, currency)
    parts = shared_taxes(amount, {rate: Money.of_minor(each, currency) for rate, each in goods.items()})
    if any(goods.values()):
        assert Money.total((part.gross for part in parts), currency) == amount
    else:
        assert parts == ()
    assert all(part.net + part.tax == part.gross for part in parts)
    assert all(part.tax == part.rate.included_in(part.gross) for part in parts)
    assert taxes_of((part.rate, part.gross, part.tax) for part in parts) == parts
