"""Quotes and purchase orders under random use: after every step, what must always hold of them holds."""

from collections import Counter
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pharmacrm.core.approvals import ApprovalRequest
from pharmacrm.core.engines.approval.routes import Act
from pharmacrm.core.engines.revisions import Revision, Snapshot, apply, compare
from pharmacrm.core.flows.offering import AcceptQuote, CancelQuote, DeclineQuote, SendQuote, SubmitQuote
from pharmacrm.core.flows.procuring import (
    CancelPurchaseOrder,
    ClosePurchaseOrder,
    SendPurchaseOrder,
    SubmitPurchaseOrder,
)
from pharmacrm.core.flows.requests import Decide, WithdrawRequest
from pharmacrm.core.flows.routing import PublishRoute
from pharmacrm.core.kernel.errors import NotFound
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.orders import (
    GoodsReceiptLine,
    Line,
    PurchaseLine,
    PurchaseOrder,
    PurchaseState,
    Quote,
    QuoteLine,
    QuoteState,
    SalesOrder,
)
from pharmacrm.core.orders.purchases.model import purchase_snapshot
from pharmacrm.core.orders.purchases.states import TRANSITIONS as PURCHASE_WAYS
from pharmacrm.core.orders.quotes.model import snapshot_of
from pharmacrm.core.orders.quotes.states import TRANSITIONS as QUOTE_WAYS
from pharmacrm.testing.company import PRODUCTS, quote_route
from tests.covers import covers
from tests.flows.house import ADMIN, FINANCE, LEAD, SALES, WAREHOUSE, entities, open_house, pass_days
from tests.flows.scenarios_purchasing import BUYING, arrived, changed, supplied, wanted
from tests.flows.scenarios_quoting import converted, quoted, revised
from tests.profiles import profile

QUOTES, PURCHASES = st.sampled_from(("QT-1", "QT-2")), st.just("PO-1")
DEPUTIES = st.sampled_from((LEAD, FINANCE))
PASSED = {QuoteState.APPROVED, QuoteState.SENT, QuoteState.ACCEPTED, QuoteState.CONVERTED}
BOUGHT = set(PurchaseState) - {
    PurchaseState.DRAFT,
    PurchaseState.IN_APPROVAL,
    PurchaseState.REJECTED,
    PurchaseState.CANCELLED,
}


@st.composite
def goods(draw: st.DrawFn) -> tuple[Line, ...]:
    products = draw(st.lists(st.sampled_from(sorted(PRODUCTS)[:3]), min_size=1, max_size=3))
    return tuple(
        Line(one, draw(st.integers(1, 9)), draw(st.sampled_from(("0.5", "1", "2")))) for one in products
    )


class Documents(RuleBasedStateMachine):
    """Everybody does what they like with two quotes and a purchase order; much of it is refused."""

    def __init__(self) -> None:
        super().__init__()
        self.crm = supplied(open_house())
        self.states: dict[str, QuoteState | PurchaseState] = {}

    def do(self, command: Command[Any], actor: str) -> None:
        try:
            self.crm.do(command, actor=actor)
        except NotFound:
            assert command.subject or isinstance(command, Decide)

    @initialize(lines=goods())
    def begin(self, lines: tuple[Line, ...]) -> None:
        self.do(PublishRoute(definition=quote_route()), ADMIN)
        for id in ("QT-1", "QT-2"):
            self.do(quoted(self.crm, id, lines=lines), SALES)
        self.do(wanted(self.crm, lines=lines, tolerance="50%"), BUYING)

    @rule(id=QUOTES, lines=goods(), note=st.sampled_from(("", "加急")))
    def revise(self, id: str, lines: tuple[Line, ...], note: str) -> None:
        self.do(revised(self.crm, id, lines=lines, note=note), SALES)

    @rule(lines=goods())
    def change(self, lines: tuple[Line, ...]) -> None:
        self.do(changed(self.crm, lines=lines, tolerance="50%"), BUYING)

    @rule(id=QUOTES)
    def only_the_note(self, id: str) -> None:
        quote = self.crm.get(Quote, id, actor=SALES)
        lines = [line for line in entities(self.crm, QuoteLine) if line.quote == id]
        same = tuple(
            Line(line.product, line.quantity, line.price)
            for line in sorted(lines, key=lambda one: one.number)
        )
        note = f"第{quote.revision}版"
        self.do(revised(self.crm, id, lines=same, note=note, valid_until=quote.valid_until), SALES)

    @rule(id=QUOTES, act=st.sampled_from((SubmitQuote, SendQuote, AcceptQuote, CancelQuote)))
    def move(self, id: str, act: Any) -> None:
        self.do(act(quote=id), SALES)

    @rule(id=QUOTES)
    def decline(self, id: str) -> None:
        self.do(DeclineQuote(quote=id, reason="贵"), SALES)

    @rule(
        act=st.sampled_from((SubmitPurchaseOrder, SubmitPurchaseOrder, SendPurchaseOrder, ClosePurchaseOrder))
    )
    def buy(self, act: Any) -> None:
        self.do(act(purchase="PO-1"), BUYING)

    @rule(wanted=st.integers(0, 9))
    def cancel_purchase(self, wanted: int) -> None:
        if not wanted:
            self.do(CancelPurchaseOrder(purchase="PO-1"), LEAD)

    @rule()
    def order_all(self) -> None:
        self.do(SubmitPurchaseOrder(purchase="PO-1"), BUYING)
        self.do(Decide(document="PO-1", act=Act.APPROVE), LEAD)
        self.do(SendPurchaseOrder(purchase="PO-1"), BUYING)

    @rule(
        id=st.one_of(QUOTES, PURCHASES),
        act=st.sampled_from((Act.APPROVE, Act.APPROVE, Act.APPROVE, Act.RETURN, Act.REJECT)),
        by=DEPUTIES,
    )
    def decide(self, id: str, act: Act, by: str) -> None:
        self.do(Decide(document=id, act=act, comment="意见"), by)

    @rule(id=QUOTES)
    def approve_all(self, id: str) -> None:
        self.do(SubmitQuote(quote=id), SALES)
        for by in (LEAD, FINANCE):
            self.do(Decide(document=id, act=Act.APPROVE), by)

    @rule(id=st.one_of(QUOTES, PURCHASES))
    def withdraw(self, id: str) -> None:
        self.do(WithdrawRequest(document=id), BUYING if id == "PO-1" else SALES)

    @rule(id=QUOTES, named=st.booleans())
    def convert(self, id: str, named: bool) -> None:
        self.do(converted(f"SO-{id}" if named else "", id), SALES)

    @rule(line=st.sampled_from((1, 1, 1, 2, 3)), quantity=st.integers(1, 9))
    def receive(self, line: int, quantity: int) -> None:
        self.do(arrived(self.crm, quantity, line=line, days=600 + line), WAREHOUSE)

    @rule(days=st.sampled_from((1, 1, 1, 1, 9, 31)))
    def time_passes(self, days: int) -> None:
        pass_days(self.crm, days)
        assert self.crm.run_due().failed == ()

    # ------------------------------------------------------------------------------------ what always holds

    @invariant()
    def revisions_have_no_gaps_and_lead_to_what_stands(self) -> None:
        for document, lines in self.documents():
            kept = [one for one in entities(self.crm, Revision) if one.document == document.id]
            kept.sort(key=lambda one: one.number)
            assert [one.number for one in kept] == list(range(1, document.revision + 1))
            said = Snapshot(())
            for one in kept:
                said = apply(said, compare(said, one.snapshot))
                assert (one.snapshot, one.content) == (said, said.content)
            snapshot = purchase_snapshot if isinstance(document, PurchaseOrder) else snapshot_of
            assert document.content == said.content == snapshot(document, lines).content
            assert document.total.minor == sum(line.gross.minor for line in lines)

    @invariant()
    def it_stands_where_its_request_has_it(self) -> None:
        for document, _ in self.documents():
            requests = [one for one in entities(self.crm, ApprovalRequest) if one.subject == document.id]
            newest = max(requests, key=lambda one: one.number, default=None)
            waiting = newest is not None and newest.state == "pending"
            assert waiting is (document.state == "in_approval")
            if document.state in PASSED | BOUGHT:
                assert newest is not None
                assert newest.state == "approved"
            if newest is not None and document.state in PASSED | BOUGHT | {QuoteState.IN_APPROVAL}:
                assert newest.content == document.content

    @invariant()
    def a_quote_becomes_one_order_of_its_amount(self) -> None:
        orders = entities(self.crm, SalesOrder)
        assert max(Counter(order.quote for order in orders).values(), default=0) <= 1
        quotes = {quote.id: quote for quote in entities(self.crm, Quote)}
        assert {order.quote for order in orders} == {one.id for one in quotes.values() if one.order}
        for order in orders:
            quote = quotes[order.quote]
            assert (quote.state, quote.order) == (QuoteState.CONVERTED, order.id)
            assert (order.net, order.tax, order.total) == (quote.net, quote.tax, quote.total)

    @invariant()
    def goods_are_counted_and_never_too_many(self) -> None:
        arrived_of = Counter[int]()
        for line in entities(self.crm, GoodsReceiptLine):
            arrived_of[line.purchase_line] += line.quantity
        for document, lines in self.documents():
            if isinstance(document, PurchaseOrder):
                assert {line.number: line.received for line in lines if line.received} == arrived_of
                assert all(line.received <= line.most(document.tolerance) for line in lines)

    @invariant()
    def states_move_only_as_the_tables_say(self) -> None:
        for document, _ in self.documents():
            ways: Any = PURCHASE_WAYS if isinstance(document, PurchaseOrder) else QUOTE_WAYS
            before = self.states.get(document.id, document.state)
            assert document.state in reachable(before, ways), (document.id, before, document.state)
            self.states[document.id] = document.state

    def documents(self) -> list[tuple[Any, tuple[Any, ...]]]:
        offered, bought = entities(self.crm, QuoteLine), entities(self.crm, PurchaseLine)
        return [
            *(
                (one, tuple(line for line in offered if line.quote == one.id))
                for one in entities(self.crm, Quote)
            ),
            *(
                (one, tuple(line for line in bought if line.purchase == one.id))
                for one in entities(self.crm, PurchaseOrder)
            ),
        ]


def reachable(before: Any, ways: Any) -> set[Any]:
    """Where a document may be after one rule, which can move it more than once."""
    seen, todo = {before}, [before]
    while todo:
        for state in ways[todo.pop()] - seen:
            seen.add(state)
            todo.append(state)
    return seen


STEPS = {"dev": (12, 25), "ci": (20, 30), "nightly": (300, 60)}[profile]
TestDocuments = covers("XT-14", "XT-15")(Documents.TestCase)
TestDocuments.settings = settings(max_examples=STEPS[0], stateful_step_count=STEPS[1])
