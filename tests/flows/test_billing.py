"""Orders, unbilled goods, receivables: each amount stands in one of them, whichever document comes first."""

from typing import Any

import pytest

from pharmacrm.core.credit import (
    CheckPoint,
    CreditOutcome,
    ExposureKind,
    Metric,
    OverdueGate,
    PartRule,
    SetCreditLimit,
)
from pharmacrm.core.flows.collection import AllocateReceipt, ReverseReceipt, UndoAllocations
from pharmacrm.core.flows.crediting import IssueCreditNote
from pharmacrm.core.flows.ending import CloseOrder
from pharmacrm.core.flows.exposure import CreditExposure
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.invoicing import BalanceOfOrder
from pharmacrm.core.flows.judging import WhyCredit
from pharmacrm.core.flows.returning import AcceptReturn
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Severity
from pharmacrm.core.orders import ReturnCause, ReturnItem
from pharmacrm.core.receivables import SalesInvoice
from pharmacrm.crm import PharmaCRM
from tests.covers import covers
from tests.flows.house import (
    BUYER,
    FINANCE,
    LEAD,
    SALES,
    WAREHOUSE,
    credit,
    journal,
    open_house,
    pass_days,
    receipt,
    released,
    replayed,
    slip,
    worth,
    yuan,
)
from tests.flows.scenarios_credit import policy
from tests.flows.scenarios_invoicing import an_invoice, billed
from tests.flows.test_groups import grouped, sums

GOODS, OWED = ExposureKind.UNBILLED, ExposureKind.RECEIVABLE


@pytest.fixture
def crm() -> PharmaCRM:
    """An order of 1,000 yuan, 800 of them out."""
    house = open_house(limit="2000.00")
    released(house, "SO-1", 1000)
    house.do(slip("SO-1", "OUT-1", 640), actor=WAREHOUSE).expect()
    return house


def parts(crm: PharmaCRM) -> tuple[Money, ...]:
    """Open orders, unbilled, receivable and money on account; their sum is the ledger's."""
    found = crm.ask(CreditExposure(customer=BUYER), actor=FINANCE)
    assert found.total == credit(crm).exposure
    replayed(crm)
    return tuple(part.amount for part in found.parts if part.counted)


def stands(crm: PharmaCRM, *amounts: int) -> None:
    assert parts(crm) == tuple(yuan(amount) for amount in amounts)


def invoiced(crm: PharmaCRM, quantity: int, id: str = "F-1", **more: object) -> None:
    line = billed(quantity, yuan(quantity).share(5, 4))
    crm.do(an_invoice(crm, id, line, **more), actor=FINANCE).expect()


def returned(crm: PharmaCRM, quantity: int) -> None:
    back = AcceptReturn(slip="OUT-1", items=(ReturnItem(1, quantity),), cause=ReturnCause.SURPLUS)
    crm.do(back, actor=WAREHOUSE).expect()


@covers("XT-26")
def test_a_slip_moves_credit_to_unbilled_and_an_invoice_on_to_receivable(crm: PharmaCRM) -> None:
    stands(crm, 200, 800, 0, 0)
    invoiced(crm, 160)
    stands(crm, 200, 600, 200, 0)
    invoiced(crm, 480, "F-2")
    stands(crm, 200, 0, 800, 0)
    invoiced(crm, 80, "F-3", red_of="F-2")
    stands(crm, 200, 100, 700, 0)


@covers("XT-26")
def test_the_delivery_is_one_movement_of_the_ledger(crm: PharmaCRM) -> None:
    moved = [e.changed() for e in journal(crm) if e.kind == "credit_line" and e.command == "IssueSlip"]
    assert [{name: each["add"] for name, each in one.items() if name != "cause"} for one in moved] == [
        {"reserved": -80_000, "posted": 80_000, "unbilled": 80_000}
    ]


@covers("XT-26")
def test_goods_come_back_from_where_they_stand(crm: PharmaCRM) -> None:
    invoiced(crm, 480)
    stands(crm, 200, 200, 600, 0)
    returned(crm, 80)  # of what is not invoiced
    stands(crm, 200, 100, 600, 0)
    returned(crm, 160)  # 80 are not invoiced, 80 are, and want a red letter
    stands(crm, 200, 0, 500, 0)
    invoiced(crm, 80, "F-2", red_of="F-1")
    stands(crm, 200, 0, 500, 0)
    returned(crm, 400)
    stands(crm, 200, 0, 0, 0)


@covers("XT-26")
def test_money_settles_what_is_invoiced_first_and_gives_it_back(crm: PharmaCRM) -> None:
    invoiced(crm, 160)
    crm.do(receipt(crm, "R-1", 300), actor=FINANCE).expect()
    stands(crm, 200, 600, 200, -300)
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    stands(crm, 200, 500, 0, 0)
    invoiced(crm, 80, "F-2")  # 300 are invoiced and 300 are paid
    stands(crm, 200, 500, 0, 0)
    invoiced(crm, 80, "F-3")
    stands(crm, 200, 400, 100, 0)
    crm.do(UndoAllocations(receipt="R-1", reason="记错"), actor=FINANCE).expect()
    stands(crm, 200, 400, 400, -300)
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    crm.do(ReverseReceipt(receipt="R-1", reason="退票"), actor=FINANCE).expect()
    stands(crm, 200, 400, 400, 0)


@covers("XT-26")
def test_an_allowance_lowers_what_is_invoiced_first(crm: PharmaCRM) -> None:
    invoiced(crm, 80)
    note = IssueCreditNote(id="CN-1", customer=BUYER, slip="OUT-1", amount=yuan(150), reason="折让")
    crm.do(note, actor=FINANCE).expect()
    stands(crm, 200, 650, 0, 0)


@covers("XT-26")
def test_what_was_prepaid_is_no_part_of_it() -> None:
    crm = open_house(limit="2000.00")
    released_prepaid = worth("SO-1", 1000, terms="40% prepaid, rest net 60")
    crm.do(released_prepaid, actor=SALES).expect()
    from pharmacrm.testing.company import release
    from tests.flows.house import prepaid

    prepaid(crm, "SO-1", 400)
    release(crm, "SO-1")
    crm.do(slip("SO-1", "OUT-1", 640), actor=WAREHOUSE).expect()
    stands(crm, 120, 480, 0, 0)
    invoiced(crm, 320)
    stands(crm, 120, 240, 240, 0)
    invoiced(crm, 320, "F-2")
    stands(crm, 120, 0, 480, 0)


@covers("XT-26")
def test_an_invoice_that_waits_moves_nothing_until_it_is_passed(crm: PharmaCRM) -> None:
    held = crm.do(an_invoice(crm, "F-1", billed(640, yuan(790))), actor=FINANCE)
    stands(crm, 200, 800, 0, 0)
    passed = PassHold(of=held.case, code="invoice.amount_mismatch", reason="协议价")
    crm.do(passed, actor=LEAD).expect()
    stands(crm, 200, 0, 800, 0)  # the debt is that of the slip, whatever the invoice says


def test_the_group_counts_it_too(crm: PharmaCRM) -> None:
    house = open_house(limit="2000.00", buyers=(BUYER, "H-002"))
    grouped(house, 5000)
    released(house, "SO-1", 1000)
    house.do(slip("SO-1", "OUT-1", 640), actor=WAREHOUSE).expect()
    sums(house)
    invoiced(house, 160)
    sums(house)
    returned(house, 600)
    sums(house)


@covers("XT-26")
def test_each_part_has_its_own_rule(crm: PharmaCRM) -> None:
    rules = (PartRule(kind=GOODS, limit=yuan(900)), PartRule(kind=OWED, counted=False))
    said = policy(parts=rules, checked_at=(CheckPoint.ORDER, CheckPoint.SLIP))
    crm.do(said, actor=FINANCE).expect()
    over = crm.do(slip("SO-1", "OUT-2", 160), actor=WAREHOUSE)
    assert over.held
    assert [(each.code, each.field) for each in over.reasons] == [("credit.part_over_limit", "unbilled")]
    invoiced(crm, 480)
    assert crm.do(slip("SO-1", "OUT-3", 160), actor=WAREHOUSE).allowed
    assert crm.do(worth("SO-2", 1600), actor=SALES).allowed  # 600 that are invoiced do not count
    assert crm.do(worth("SO-3", 5), actor=SALES).codes == ("credit.over_limit",)


GATE = OverdueGate(metric=Metric.COUNT, outcome=CreditOutcome.BLOCK)


@covers("XT-26")
def test_delivered_goods_can_always_be_invoiced_and_the_check_point_only_tells(crm: PharmaCRM) -> None:
    said = policy(
        checked_at=(CheckPoint.INVOICE, CheckPoint.ORDER),
        over_limit=CreditOutcome.BLOCK,
        gates=(GATE,),
        parts=(PartRule(kind=OWED, limit=yuan(100)),),
    )
    crm.do(said, actor=FINANCE).expect()
    low = SetCreditLimit(customer=BUYER, limit=yuan(50), blocked=True, reason="停止授信")
    crm.do(low, actor=FINANCE).expect()
    pass_days(crm, 70)
    answer = crm.do(an_invoice(crm, "F-1", billed(640, yuan(800))), actor=FINANCE)
    assert answer.allowed
    assert {each.code for each in answer.reasons} == {
        "credit.over_limit",
        "credit.part_over_limit",
        "credit.overdue",
    }
    assert {each.severity for each in answer.reasons} == {Severity.WARN}
    assert crm.do(worth("SO-2", 5), actor=SALES).refused


def test_without_the_check_point_nothing_is_said(crm: PharmaCRM) -> None:
    low = SetCreditLimit(customer=BUYER, limit=yuan(50), reason="下调")
    crm.do(low, actor=FINANCE).expect()
    assert crm.do(an_invoice(crm, "F-1", billed(640, yuan(800))), actor=FINANCE).codes == ()


def test_an_invoice_in_the_watched_band_is_remarked_upon(crm: PharmaCRM) -> None:
    crm.do(policy(checked_at=(CheckPoint.INVOICE,), watch_from=50), actor=FINANCE).expect()
    answer = crm.do(an_invoice(crm, "F-1", billed(640, yuan(800))), actor=FINANCE)
    assert [(each.code, each.severity) for each in answer.reasons] == [("credit.watch", Severity.INFO)]


@covers("XT-26")
def test_why_an_order_was_allowed_tells_the_parts_of_then(crm: PharmaCRM) -> None:
    invoiced(crm, 160)
    pass_days(crm, 1)
    crm.do(worth("SO-2", 100), actor=SALES).expect()
    then = crm.clock.now()
    pass_days(crm, 1)
    invoiced(crm, 480, "F-2")
    found = crm.ask(WhyCredit(order="SO-2", when=then), actor=FINANCE)
    assert [part.amount for part in found.exposure.parts] == [yuan(200), yuan(600), yuan(200), yuan(0)]


# ------------------------------------------------------------------------------ invoiced before delivery


def ahead(crm: PharmaCRM, quantity: int, id: str = "F-9", **more: Any) -> Decision[SalesInvoice]:
    line = billed(quantity, yuan(quantity).share(5, 4), slip="SO-1", ahead=True)
    return crm.do(an_invoice(crm, id, line, **more), actor=FINANCE)


@pytest.fixture
def early() -> PharmaCRM:
    """An order of 1,000 yuan of which nothing has left."""
    house = open_house(limit="2000.00")
    released(house, "SO-1", 1000)
    return house


def left(crm: PharmaCRM, quantity: int, id: str = "OUT-1") -> None:
    crm.do(slip("SO-1", id, quantity), actor=WAREHOUSE).expect()


@covers("XT-26", "R-09")
def test_goods_invoiced_ahead_go_from_the_orders_to_the_receivables_and_count_once(early: PharmaCRM) -> None:
    assert ahead(early, 400).codes == ()
    stands(early, 1000, 0, 0, 0)
    left(early, 240)
    stands(early, 700, 0, 300, 0)
    left(early, 240, "OUT-2")  # 160 of them were invoiced
    stands(early, 400, 100, 500, 0)
    found = early.ask(BalanceOfOrder(order="SO-1"), actor=FINANCE)
    assert (found.invoiced, found.invoiced_ahead) == (yuan(500), yuan(0))
    invoice = billed(80, yuan(100), slip="OUT-2")
    assert early.do(an_invoice(early, "F-2", invoice), actor=FINANCE).codes == ()
    stands(early, 400, 0, 600, 0)
    left(early, 320, "OUT-3")
    stands(early, 0, 400, 600, 0)


@covers("XT-26", "R-09")
def test_what_was_invoiced_ahead_is_not_invoiced_again(early: PharmaCRM) -> None:
    ahead(early, 400).expect()
    left(early, 400)
    twice = early.do(an_invoice(early, "F-2", billed(1, yuan("1.25"))), actor=FINANCE)
    assert "invoice.over_shipped" in twice.codes
    assert ahead(early, 401, "F-3").codes == ("invoice.over_ordered",)
    both = (billed(400, yuan(500), slip="SO-1", ahead=True), billed(1, yuan("1.25")))
    assert early.do(an_invoice(early, "F-4", *both), actor=FINANCE).refused
    assert ahead(early, 400, "F-5").allowed
    assert early.ask(BalanceOfOrder(order="SO-1"), actor=FINANCE).invoiced_ahead == yuan(500)


@covers("XT-26", "R-09")
def test_a_red_letter_of_an_invoice_ahead_before_and_after_the_goods_left(early: PharmaCRM) -> None:
    ahead(early, 400).expect()
    ahead(early, 80, "F-2", red_of="F-9").expect()
    left(early, 480)
    stands(early, 400, 200, 400, 0)
    ahead(early, 160, "F-3", red_of="F-9").expect()
    stands(early, 400, 400, 200, 0)
    assert "invoice.over_red" in ahead(early, 161, "F-4", red_of="F-9").codes
    assert ahead(early, 160, "F-3", red_of="F-9").allowed  # the same again changes nothing
    stands(early, 400, 400, 200, 0)


@covers("XT-26", "R-09")
def test_goods_that_come_back_free_their_invoice_for_those_still_to_come(early: PharmaCRM) -> None:
    ahead(early, 400).expect()
    left(early, 400)
    stands(early, 500, 0, 500, 0)
    returned(early, 80)
    stands(early, 500, 0, 400, 0)
    left(early, 160, "OUT-2")
    stands(early, 300, 100, 500, 0)


def test_an_order_of_which_nothing_is_to_come_has_nothing_to_be_invoiced_ahead(early: PharmaCRM) -> None:
    early.do(CloseOrder(order="SO-1", reason="不要了"), actor=LEAD).expect()
    assert ahead(early, 8).codes == ("invoice.order_state",)
    other = an_invoice(early, "F-1", billed(8, yuan(10), slip="SO-9", ahead=True))
    assert "invoice.line_unknown" in early.do(other, actor=FINANCE).codes
