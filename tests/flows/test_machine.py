"""The whole door under random use: after every step, everything that must always hold of a company holds."""

from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

from attrs import evolve
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from pharmacrm.core.approvals import ApprovalMove, ApprovalRequest
from pharmacrm.core.credit import CreditLine, Reservation, SetCreditLimit
from pharmacrm.core.credit.exposure import exposure_of
from pharmacrm.core.engines.approval.routes import Action, Case, counting
from pharmacrm.core.flows.bills import CollectBill, DiscountBill, DishonourBill, EndorseBill, ReceiveBill
from pharmacrm.core.flows.charging import ChargeKind, RaiseCharge
from pharmacrm.core.flows.collection import AllocateReceipt, ReverseReceipt, UndoAllocations
from pharmacrm.core.flows.crediting import ApplyCreditNote, IssueCreditNote, ReverseCreditNote
from pharmacrm.core.flows.ending import CancelOrder, CloseOrder
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.invoicing import RecordInvoice
from pharmacrm.core.flows.release import ApproveOrder, RejectOrder
from pharmacrm.core.flows.rescheduling import RescheduleDebt
from pharmacrm.core.flows.returning import AcceptReturn
from pharmacrm.core.flows.shipped_routes import RELEASE_CN
from pharmacrm.core.flows.shipping import ConfirmDelivery, IssueSlip
from pharmacrm.core.flows.writing_off import ReverseWriteOff, SetWriteOffCap, WriteOffDifference
from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.kernel.journal import Verb
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.orders import (
    Line,
    OrderLine,
    OrderState,
    OutboundSlip,
    ReturnCause,
    ReturnItem,
    ReturnLine,
    ReturnOrder,
    SalesOrder,
    SlipItem,
    SlipLine,
)
from pharmacrm.core.orders.states import TRANSITIONS
from pharmacrm.core.receivables import (
    Adjustment,
    Allocation,
    AllocationStrategy,
    BankBill,
    BillCounts,
    BillState,
    CreditNote,
    Instalment,
    InvoiceLine,
    Receipt,
    Receivable,
    WriteOff,
)
from pharmacrm.core.receivables.model import SETTLED_BY
from pharmacrm.crm import SimulatedClock
from pharmacrm.testing.company import PRODUCTS, SIGNERS
from tests.approval.routed import WORK
from tests.collections.bookkeeping import agreed, keep_books
from tests.covers import covers
from tests.flows.house import (
    FINANCE,
    LEAD,
    SALES,
    WAREHOUSE,
    amended,
    entities,
    journal,
    open_house,
    receipt,
    worth,
    yuan,
)
from tests.flows.scenarios_invoicing import billed
from tests.profiles import profile

BUYERS = ("H-001", "H-002")
TERMS = (
    "net 60",
    "30% prepaid, rest net 30",
    "prepaid",
    "2/10 net 30",
    "3 monthly",
    "100.01 prepaid, rest net 7",
    "50% net 30 from invoice, rest net 20 from receipt",
)
COUNTERS = ("reserved", "posted", "paid", "unapplied", "unbilled")
buyers = st.sampled_from(BUYERS)
amounts = st.integers(1, 900)


@st.composite
def order_lines(draw: st.DrawFn) -> tuple[Line, ...]:
    products = draw(st.lists(st.sampled_from(sorted(PRODUCTS)), min_size=1, max_size=3, unique=True))
    return tuple(Line(one, draw(st.integers(1, 400)), PRODUCTS[one]) for one in products)


class Trade(RuleBasedStateMachine):
    """Sales, signers, finance and warehouse do what they like; most of it is refused."""

    orders = Bundle("orders")
    receipts = Bundle("receipts")

    def __init__(self) -> None:
        super().__init__()
        self.crm = open_house(limit="500.00", buyers=BUYERS)
        self.do(SetWriteOffCap(amount=yuan(2), reason="手续费"), LEAD)
        keep_books(self.crm)
        self.states: dict[str, OrderState] = {}
        self.number = 0

    def next(self, prefix: str) -> str:
        self.number += 1
        return f"{prefix}-{self.number}"

    def do(self, command: Command[Any], actor: str) -> Outcome:
        before = len(journal(self.crm))
        answer = self.crm.do(command, actor=actor)
        written = journal(self.crm)[before:]
        if answer.outcome is Outcome.REFUSED:
            assert [entry.verb for entry in written] == [Verb.REFUSED]
            assert answer.value is None
        return answer.outcome

    @initialize(target=orders, terms=st.sampled_from(TERMS))
    def begin(self, terms: str) -> Any:
        """Half of an order is out and owed from the start, if its terms let it: else few steps get there."""
        id = self.next("SO")
        self.do(worth(id, 200, buyer=BUYERS[0], terms=terms), SALES)
        self.sign_all(id)
        self.ship(id, share=2, twice=False)
        return id

    @rule(target=orders, buyer=buyers, lines=order_lines(), terms=st.sampled_from(TERMS))
    def place(self, buyer: str, lines: tuple[Line, ...], terms: str) -> Any:
        id = self.next("SO")
        outcome = self.do(worth(id, 0, buyer=buyer, lines=lines, terms=terms), SALES)
        return multiple() if outcome is Outcome.REFUSED else id

    @rule(order=orders, lines=order_lines(), terms=st.sampled_from(TERMS))
    def amend(self, order: str, lines: tuple[Line, ...], terms: str) -> None:
        self.do(amended(order, 0, lines=lines, terms=terms), SALES)

    @rule(order=orders, signer=st.sampled_from(SIGNERS))
    def sign(self, order: str, signer: str) -> None:
        self.do(ApproveOrder(order=order), signer)

    @rule(order=orders)
    def sign_all(self, order: str) -> None:
        for signer in SIGNERS:
            self.do(ApproveOrder(order=order), signer)

    @rule(order=orders, signer=st.sampled_from(SIGNERS))
    def reject(self, order: str, signer: str) -> None:
        self.do(RejectOrder(order=order, comment="不同意"), signer)

    @rule(order=orders, code=st.sampled_from(["credit.over_limit", "reservation.lapsed"]))
    def pass_hold(self, order: str, code: str) -> None:
        held = {hold.code for hold in self.holds(order)}
        if code in held:
            self.do(PassHold(of=order, code=code, reason="同意"), FINANCE)

    def holds(self, order: str) -> list[Any]:
        from pharmacrm.core.approvals import Hold

        return [hold for hold in entities(self.crm, Hold) if hold.subject == order]

    @rule(order=orders, share=st.integers(1, 4), twice=st.booleans())
    def ship(self, order: str, share: int, twice: bool) -> None:
        lines = [line for line in entities(self.crm, OrderLine) if line.order == order]
        items = tuple(
            SlipItem(line.number, "L1", max(1, line.remaining * share // 4))
            for line in lines
            if line.remaining
        )
        if items:
            slip = IssueSlip(order=order, id=self.next("OUT"), items=items + items if twice else items)
            self.do(slip, WAREHOUSE)

    @rule(given=st.randoms(use_true_random=False))
    def arrive(self, given: Any) -> None:
        slips = entities(self.crm, OutboundSlip)
        if slips:
            self.do(ConfirmDelivery(slip=given.choice(slips).id, received_by="王护士"), WAREHOUSE)

    @rule(order=orders, end=st.sampled_from([CancelOrder, CloseOrder]))
    def end(self, order: str, end: Any) -> None:
        self.do(end(order=order), LEAD)

    @rule(target=receipts, buyer=buyers, amount=amounts, cleared=st.booleans())
    def receive(self, buyer: str, amount: int, cleared: bool) -> Any:
        id = self.next("R")
        self.do(receipt(self.crm, id, amount, buyer=buyer, cleared=cleared), FINANCE)
        return id

    @rule(given=receipts, amount=amounts, cleared=st.booleans())
    def correct(self, given: str, amount: int, cleared: bool) -> None:
        old = self.crm.get(Receipt, given, actor=FINANCE)
        again = receipt(self.crm, given, amount, buyer=old.payer, cleared=cleared)
        self.do(evolve(again, value_date=old.value_date), FINANCE)

    @rule(target=receipts, buyer=buyers, amount=amounts, counts=st.sampled_from(BillCounts))
    def take_bill(self, buyer: str, amount: int, counts: BillCounts) -> Any:
        id, on = self.next("B"), self.crm.clock.now().date()
        bill = ReceiveBill(
            id=id,
            payer=buyer,
            payer_name=f"示例医院{buyer}",
            acceptor="示例银行",
            amount=yuan(amount),
            issued_on=on,
            matures_on=on + timedelta(days=20),
            counts=counts,
        )
        assert self.do(bill, FINANCE) is Outcome.ALLOWED
        return id

    @rule(given=st.randoms(use_true_random=False), way=st.integers(0, 3))
    def move_bill(self, given: Any, way: int) -> None:
        bills = entities(self.crm, BankBill)
        if bills:
            id = given.choice(bills).id
            ways: tuple[Command[Any], ...] = (
                CollectBill(bill=id),
                DiscountBill(bill=id, bank="示例银行", charge=Money.of_minor(1, "CNY")),
                EndorseBill(bill=id, endorsee="示例供应商"),
                DishonourBill(bill=id, reason="拒付"),
            )
            self.do(ways[way], FINANCE)

    @rule(given=receipts, strategy=st.sampled_from(AllocationStrategy), take=st.booleans())
    def settle(self, given: str, strategy: AllocationStrategy, take: bool) -> None:
        self.do(AllocateReceipt(receipt=given, strategy=strategy, take_discounts=take), FINANCE)

    @rule(given=st.randoms(use_true_random=False), kind=st.sampled_from(ChargeKind), cents=amounts)
    def charge(self, given: Any, kind: ChargeKind, cents: int) -> None:
        debts = entities(self.crm, Receivable)
        if debts:
            id, late = self.next("F"), given.choice(debts).id
            amount, due = Money.of_minor(cents, "CNY"), self.crm.clock.now().date() + timedelta(days=30)
            fee = RaiseCharge(id=id, receivable=late, kind=kind, amount=amount, due=due, reason="逾期")
            assert self.do(fee, FINANCE) is Outcome.ALLOWED

    @rule(given=st.randoms(use_true_random=False), share=st.integers(1, 5))
    def invoice(self, given: Any, share: int) -> None:
        slips = entities(self.crm, OutboundSlip)
        if slips:
            slip = given.choice(slips)
            lines = [line for line in entities(self.crm, SlipLine) if line.slip == slip.id]
            on = self.crm.clock.now().date()
            items = tuple(
                billed(wanted, line.amount.share(wanted, line.quantity), slip=slip.id, line=line.number)
                for line in lines
                if (wanted := max(1, line.quantity * share // 4))
            )
            made = RecordInvoice(id=self.next("F"), customer=slip.buyer, issued_on=on, lines=items)
            self.do(made, FINANCE)

    @rule(given=st.randoms(use_true_random=False), share=st.integers(1, 5))
    def invoice_ahead(self, given: Any, share: int) -> None:
        """Goods are invoiced before they leave, or beside those that have left; some of it is taken back."""
        orders = entities(self.crm, SalesOrder)
        order = given.choice(orders)
        lines = [line for line in entities(self.crm, OrderLine) if line.order == order.id]
        items = tuple(
            billed(
                wanted, line.gross.share(wanted, line.quantity), slip=order.id, line=line.number, ahead=True
            )
            for line in lines
            if (wanted := max(1, line.quantity * share // 4))
        )
        on, id = self.crm.clock.now().date(), self.next("F")
        made = RecordInvoice(id=id, customer=order.buyer, issued_on=on, lines=items)
        if self.do(made, FINANCE) is Outcome.ALLOWED and given.random() < 0.3:
            self.do(evolve(made, id=self.next("F"), red_of=id), FINANCE)

    @rule(given=st.randoms(use_true_random=False), terms=st.sampled_from(["3 monthly", "net 10"]))
    def reschedule(self, given: Any, terms: str) -> None:
        debts = entities(self.crm, Receivable)
        if debts:
            id, late = self.next("A"), given.choice(debts).id
            self.do(RescheduleDebt(id=id, receivable=late, terms=terms, reason="困难"), FINANCE)

    @rule(given=st.randoms(use_true_random=False))
    def undo_one(self, given: Any) -> None:
        made = entities(self.crm, Allocation)
        if made:
            one = given.choice(made)
            self.do(UndoAllocations(receipt=one.receipt, reason="记错", only=(one.id,)), FINANCE)

    @rule(given=receipts, order=orders)
    def settle_order(self, given: str, order: str) -> None:
        self.do(AllocateReceipt(receipt=given, order=order), FINANCE)

    @rule(given=receipts, back=st.sampled_from([UndoAllocations, ReverseReceipt]))
    def take_back(self, given: str, back: Any) -> None:
        self.do(back(receipt=given, reason="退票"), FINANCE)

    @rule(given=st.randoms(use_true_random=False), share=st.integers(1, 5))
    def give_back(self, given: Any, share: int) -> None:
        slips = entities(self.crm, OutboundSlip)
        if slips:
            slip = given.choice(slips)
            lines = [line for line in entities(self.crm, SlipLine) if line.slip == slip.id]
            items = tuple(ReturnItem(line.number, max(1, line.quantity * share // 4)) for line in lines)
            back = AcceptReturn(id=self.next("RET"), slip=slip.id, items=items, cause=ReturnCause.SURPLUS)
            fits = all(
                item.quantity <= line.quantity - line.returned
                for item, line in zip(items, lines, strict=True)
            )
            assert self.do(back, WAREHOUSE) is (Outcome.ALLOWED if fits else Outcome.REFUSED)

    @rule(given=st.randoms(use_true_random=False), cents=st.integers(1, 5000))
    def allow(self, given: Any, cents: int) -> None:
        slips = entities(self.crm, OutboundSlip)
        if slips:
            slip, id = given.choice(slips), self.next("CN")
            amount = Money.of_minor(cents, "CNY")
            note = IssueCreditNote(id=id, customer=slip.buyer, slip=slip.id, amount=amount, reason="折让")
            self.do(note, FINANCE)

    @rule(given=st.randoms(use_true_random=False), back=st.booleans())
    def use_note(self, given: Any, back: bool) -> None:
        notes = entities(self.crm, CreditNote)
        if notes:
            id = given.choice(notes).id
            use: Command[Any] = (
                ReverseCreditNote(credit_note=id, reason="误开") if back else ApplyCreditNote(credit_note=id)
            )
            self.do(use, FINANCE)

    @rule(given=st.randoms(use_true_random=False), cents=st.integers(1, 200))
    def write_off(self, given: Any, cents: int) -> None:
        owed = [part for part in entities(self.crm, Instalment) if part.open]
        if owed:
            id, part = self.next("W"), given.choice(owed)
            small = WriteOffDifference(
                id=id, instalment=part.id, amount=Money.of_minor(cents, "CNY"), reason="尾差"
            )
            self.do(small, FINANCE)

    @rule(given=st.randoms(use_true_random=False))
    def want_again(self, given: Any) -> None:
        made = entities(self.crm, WriteOff)
        if made:
            self.do(ReverseWriteOff(write_off=given.choice(made).id, reason="补足"), FINANCE)

    @rule(buyer=buyers, limit=st.sampled_from([0, 50, 500, 2000]), blocked=st.booleans())
    def limit(self, buyer: str, limit: int, blocked: bool) -> None:
        self.do(SetCreditLimit(customer=buyer, limit=yuan(limit), blocked=blocked, reason="调整"), FINANCE)

    @rule(days=st.sampled_from([1, 10, 31]))
    def wait(self, days: int) -> None:
        clock = self.crm.clock
        assert isinstance(clock, SimulatedClock)
        clock.advance(timedelta(days=days))
        assert self.crm.run_due().refused == 0

    # ------------------------------------------------------------------------------------ what always holds

    @invariant()
    def counters_are_the_sum_of_their_entries_and_never_negative(self) -> None:
        booked: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for entry in journal(self.crm):
            if entry.verb is Verb.ADDED:
                changed = entry.changed()
                booked[entry.subject].update(
                    {name: changed[name]["add"] for name in COUNTERS if name in changed}
                )
        for line in entities(self.crm, CreditLine):
            for name in COUNTERS:
                assert getattr(line, name).minor == booked[line.id][name] >= 0

    @invariant()
    def nothing_goes_over_the_limit_unless_it_is_said_why(self) -> None:
        limits: dict[str, int] = {}
        exposure: Counter[str] = Counter()
        for entry in journal(self.crm):
            changed = entry.changed()
            if entry.kind == "credit_line" and entry.verb is not Verb.ADDED and "limit" in changed:
                limits[entry.subject] = Money(changed["limit"][1].split(" ")[0], "CNY").minor
            if entry.verb is Verb.ADDED:
                moved = {name: changed.get(name, {"add": 0})["add"] for name in COUNTERS}
                rise = moved["reserved"] + moved["posted"] - moved["paid"] - moved["unapplied"]
                exposure[entry.subject] += rise
                if rise > 0 and not changed.get("unbounded"):
                    assert exposure[entry.subject] <= limits[entry.subject]

    @invariant()
    def reserved_is_what_open_reservations_hold(self) -> None:
        held: Counter[str] = Counter()
        for each in entities(self.crm, Reservation):
            assert each.amount == each.posted + each.released + each.open
            assert not each.open.is_negative
            assert not each.open or each.state.value == "active"
            held[each.customer] += each.open.minor
        for line in entities(self.crm, CreditLine):
            assert line.reserved.minor == held[line.id]

    @invariant()
    def what_is_owed_is_what_was_posted_and_not_paid(self) -> None:
        owed: Counter[str] = Counter()
        for part in entities(self.crm, Instalment):
            settled = Money.total((getattr(part, name) for name in SETTLED_BY), "CNY")
            assert part.amount == settled + part.open
            assert not part.open.is_negative
            if part.kind.value == "credit":
                owed[part.customer] += part.open.minor
        on_account: Counter[str] = Counter()
        for each in entities(self.crm, Receipt):
            on_account[each.payer] += each.open.minor if each.cleared else 0
        for note in entities(self.crm, CreditNote):
            assert not note.open.is_negative
            on_account[note.customer] += note.open.minor
        for line in entities(self.crm, CreditLine):
            assert (line.posted - line.paid).minor == owed[line.id]
            assert line.unapplied.minor == on_account[line.id]
            assert line.exposure == line.reserved + line.posted - line.paid - line.unapplied

    @invariant()
    def what_is_unbilled_is_what_left_and_no_invoice_covers(self) -> None:
        """Told anew from slips, returns, invoices and instalments: the four parts sum to the ledger."""
        invoiced: Counter[tuple[str, int]] = Counter()
        ahead: Counter[tuple[str, int]] = Counter()
        for part in entities(self.crm, InvoiceLine):
            invoiced[part.slip, part.slip_line] += part.quantity
            ahead[part.order, part.order_line] += part.quantity
        worth: Counter[str] = Counter()
        out = {slip.id: slip for slip in entities(self.crm, OutboundSlip)}
        for line in sorted(
            entities(self.crm, SlipLine),
            key=lambda line: (out[line.slip].issued_on, line.slip, line.number),
        ):
            key = (out[line.slip].order, line.order_line)
            left = max(0, line.quantity - line.returned - invoiced[line.slip, line.number])
            early = min(left, ahead[key])
            ahead[key] -= early
            worth[line.slip] += line.amount.share(left - early, line.quantity).minor
        open_: Counter[str] = Counter()
        for due in entities(self.crm, Instalment):
            open_[due.receivable] += due.open.minor
        unbilled: Counter[str] = Counter()
        for slip in entities(self.crm, OutboundSlip):
            goods = slip.credit.share(worth[slip.id], slip.amount.minor) if slip.amount else slip.credit
            unbilled[slip.buyer] += min(goods.minor, open_[f"{slip.id}/receivable"])
        for account in entities(self.crm, CreditLine):
            assert account.unbilled.minor == unbilled[account.id]
            assert not account.receivable.is_negative
            parts = exposure_of(account).parts
            assert Money.total((part.amount for part in parts), "CNY") == account.exposure

    @invariant()
    def allocations_add_up_on_both_sides(self) -> None:
        of_receipt: Counter[str] = Counter()
        of_part: Counter[str] = Counter()
        for each in entities(self.crm, Allocation):
            if not each.undone:
                of_receipt[each.receipt] += each.amount.minor
                of_part[each.instalment] += each.amount.minor
        adjusted: Counter[tuple[str, str]] = Counter()
        for change in entities(self.crm, Adjustment):
            if not change.undone:
                adjusted[change.instalment, change.kind.field] += change.amount.minor
        for one in entities(self.crm, Receipt):
            assert one.allocated.minor == of_receipt[one.id] <= one.amount.minor
        for part in entities(self.crm, Instalment):
            assert part.allocated.minor == of_part[part.id]
            assert part.settled is (not part.open)
            for name in ("credited", "written_off", "rescheduled"):
                assert getattr(part, name).minor == adjusted[part.id, name]

    @invariant()
    def receivables_are_the_sum_of_their_instalments(self) -> None:
        parts: Counter[str] = Counter()
        for part in entities(self.crm, Instalment):
            parts[part.receivable] += part.amount.minor - part.rescheduled.minor
        slips = {slip.id: slip for slip in entities(self.crm, OutboundSlip)}
        for each in entities(self.crm, Receivable):
            assert each.amount.minor == parts[each.id]
            assert each.slip is None or slips[each.slip].credit == each.amount

    @invariant()
    def slips_never_ship_more_than_was_ordered_and_sum_exactly(self) -> None:
        shipped: Counter[tuple[str, int]] = Counter()
        value: Counter[str] = Counter()
        order_of = {slip.id: slip.order for slip in entities(self.crm, OutboundSlip)}
        for part in entities(self.crm, SlipLine):
            shipped[order_of[part.slip], part.order_line] += part.quantity
        for slip in entities(self.crm, OutboundSlip):
            value[slip.order] += slip.amount.minor
        lines = entities(self.crm, OrderLine)
        for line in lines:
            assert line.shipped == shipped[line.order, line.number] <= line.quantity
        for order in entities(self.crm, SalesOrder):
            own = [line for line in lines if line.order == order.id]
            assert order.total == Money.total((line.gross for line in own), "CNY") == order.net + order.tax
            if order.state is OrderState.SHIPPED:
                assert all(not line.remaining for line in own)
                assert value[order.id] == order.total.minor

    @invariant()
    def a_bill_is_money_when_it_left_our_hands_or_counts_at_once(self) -> None:
        receipts = {each.id: each for each in entities(self.crm, Receipt)}
        for bill in entities(self.crm, BankBill):
            receipt, gone = receipts[bill.id], bill.state is BillState.DISHONOURED
            assert receipt.amount == bill.amount
            assert (receipt.reversed_on is not None) is gone
            if not gone:
                at_once = bill.counts is BillCounts.ON_RECEIPT
                assert receipt.cleared is (at_once or bill.state is not BillState.HELD)

    @invariant()
    def the_vouchers_are_what_the_documents_say(self) -> None:
        agreed(self.crm)

    @invariant()
    def nothing_is_invoiced_that_was_not_shipped(self) -> None:
        billed: Counter[tuple[str, int]] = Counter()
        of_order: Counter[tuple[str, int]] = Counter()
        for part in entities(self.crm, InvoiceLine):
            billed[part.slip, part.slip_line] += part.quantity
            of_order[part.order, part.order_line] += part.quantity
        order_of = {slip.id: slip.order for slip in entities(self.crm, OutboundSlip)}
        for line in entities(self.crm, SlipLine):
            assert 0 <= billed[line.slip, line.number] <= line.quantity
            of_order[order_of[line.slip], line.order_line] += billed[line.slip, line.number]
        for wanted in entities(self.crm, OrderLine):
            assert 0 <= of_order[wanted.order, wanted.number] <= wanted.quantity

    @invariant()
    def nothing_comes_back_that_was_not_shipped_and_nothing_is_credited_that_was_not_charged(self) -> None:
        back: Counter[tuple[str, int]] = Counter()
        slip_of = {each.id: each.slip for each in entities(self.crm, ReturnOrder)}
        for part in entities(self.crm, ReturnLine):
            back[slip_of[part.return_order], part.slip_line] += part.quantity
        for line in entities(self.crm, SlipLine):
            assert line.returned == back[line.slip, line.number] <= line.quantity
        credited: Counter[str] = Counter()
        for note in entities(self.crm, CreditNote):
            credited[note.slip] += note.amount.minor if note.reversed_on is None else 0
        for slip in entities(self.crm, OutboundSlip):
            assert credited[slip.id] <= slip.amount.minor

    @invariant()
    def orders_only_go_ways_that_exist(self) -> None:
        for order in entities(self.crm, SalesOrder):
            before = self.states.get(order.id, OrderState.SUBMITTED)
            assert order.state is before or reachable(before, order.state)
            self.states[order.id] = order.state

    @invariant()
    def nothing_is_released_or_shipped_without_its_signatures(self) -> None:
        moves: defaultdict[str, list[ApprovalMove]] = defaultdict(list)
        for each in entities(self.crm, ApprovalMove):
            moves[each.request].append(each)
        newest: dict[str, ApprovalRequest] = {}
        for request in sorted(entities(self.crm, ApprovalRequest), key=lambda one: one.number):
            newest[request.subject] = request
        for order in entities(self.crm, SalesOrder):
            request = newest[order.id]
            case = Case(route=RELEASE_CN, request=request, moves=moves[request.id], work=WORK)
            signed = [each for each in counting(case) if each.action is not Action.REJECTED]
            steps = [each.step for each in signed]
            if order.state in {OrderState.RELEASED, OrderState.PART_SHIPPED, OrderState.SHIPPED}:
                assert steps[:5] == ["", "qualification", "precheck", "lead", "finance"]
                assert {each.content for each in signed[:5]} == {request.content}
            if order.state in {OrderState.PART_SHIPPED, OrderState.SHIPPED}:
                assert "warehouse" in steps[5:]
            people = {each.person: each.step for each in signed}
            assert len({each.step for each in signed}) == len(people)


def reachable(before: OrderState, after: OrderState) -> bool:
    """Several steps may lie between two looks: `sign_all` and `amend` pass through states."""
    seen, todo = {before}, [before]
    while todo:
        for state in TRANSITIONS[todo.pop()] - seen:
            seen.add(state)
            todo.append(state)
    return after in seen


STEPS = {"dev": (15, 25), "ci": (25, 30), "nightly": (400, 60)}[profile]
TestTrade = covers("XT-03", "XT-04", "XT-09", "XT-22", "XT-25", "XT-26", "KT-25")(Trade.TestCase)
TestTrade.settings = settings(max_examples=STEPS[0], stateful_step_count=STEPS[1])
