"""Single rules on plain values, in microseconds: no store, no door."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from statistics import median
from zoneinfo import ZoneInfo

from attrs import evolve

from pharmacrm import Line, Money, Percentage, Price, connect
from pharmacrm.core.credit import CreditLine
from pharmacrm.core.credit.reservations import reserve
from pharmacrm.core.engines.approval.routes import Document, WorkingTime
from pharmacrm.core.engines.approval.routes import plan as approvers
from pharmacrm.core.engines.approval.routes import submit as hand_in
from pharmacrm.core.flows.contents import order_content
from pharmacrm.core.flows.shipped_routes import RELEASE_CN
from pharmacrm.core.flows.trade import catalogue, pricing, qualification, read_trade
from pharmacrm.core.kernel.calendar import WEEKENDS
from pharmacrm.core.orders import OrderLine, SalesOrder
from pharmacrm.core.orders.amounts import line_amounts
from pharmacrm.core.orders.checks import check_order
from pharmacrm.core.values.schedule import plan
from pharmacrm.core.values.terms import parse_terms
from pharmacrm.crm.ids import Ids
from pharmacrm.crm.unit import Unit
from pharmacrm.testing.company import an_order, found_company

AT = datetime(2026, 11, 21, 2, tzinfo=UTC)
ON = date(2026, 11, 21)
CNY = "CNY"


class Office:
    """A company with two people for every role."""

    def active(self, person: str) -> bool:
        """Everybody is."""
        return bool(person)

    def manager(self, person: str) -> str | None:
        """Nobody has one."""

    def holders(self, role: str, _: str) -> frozenset[str]:
        """Two of each."""
        return frozenset({f"{role}-1", f"{role}-2"})


def microseconds(work: Callable[[], object], times: int = 400, rounds: int = 9) -> float:
    """The median over rounds of the time of one call."""
    found = []
    for _ in range(rounds):
        begun = time.perf_counter()
        for _ in range(times):
            work()
        found.append((time.perf_counter() - begun) / times)
    return median(found) * 1e6


def rules() -> dict[str, Callable[[], object]]:
    """Each rule by the name under which it is reported, ready to be called."""
    crm = connect("memory://")
    found_company(crm)
    placed = crm.do(an_order("B-1", lines=5), actor="zhang.san").expect()
    lines = crm.find(OrderLine, actor="qian.qi", order=("number",))
    credit = crm.get(CreditLine, "H-001", actor="qian.qi")
    with crm._store.session() as session:  # noqa: SLF001 - the rules want what a handler reads
        reading = Unit(crm._desk, session).reading_for("qian.qi", SalesOrder, Ids(AT))  # noqa: SLF001
        trade = read_trade(reading, "H-001", [line.product for line in lines])
    terms = parse_terms("30% prepaid, rest net 60")
    total = Money("10000.00", CNY)
    price, rate = Price("0.0363"), Percentage("13%")
    paper = Document(subject="O", kind="order", requester="zhang.san", unit="east", content="c" * 64)
    work = WorkingTime(WEEKENDS, ZoneInfo("Asia/Shanghai"))
    fresh = evolve(credit)
    return {
        "line amounts": lambda: line_amounts(200, price, rate, included=True, currency=CNY),
        "a line as the caller writes it": lambda: Line("AMX-500", 200, "0.0363"),
        "order checklist, 5 lines": lambda: check_order(placed, lines, on=ON),
        "catalogue, 5 lines": lambda: catalogue(lines, trade, on=ON),
        "qualification, 5 lines": lambda: qualification(placed, lines, trade, on=ON),
        "prices, 5 lines": lambda: pricing(placed, lines, trade, on=ON),
        "credit reservation": lambda: reserve(fresh, total, order="O", customer="H-001", at=AT, days=30),
        "approval: who would sign": lambda: approvers(RELEASE_CN, paper, Office()),
        "approval: handed in": lambda: hand_in(
            RELEASE_CN, approvers(RELEASE_CN, paper, Office()), paper, earlier=(), at=AT, work=work
        ),
        "payment schedule": lambda: plan(terms, total, anchor=ON),
        "terms from text": lambda: parse_terms("30% prepaid, rest net 60"),
        "content digest, 5 lines": lambda: order_content(placed, lines),
    }


def measure() -> list[tuple[str, str]]:
    """Every rule with its microseconds."""
    return [
        (f"one call: {name}, microseconds", f"{microseconds(work):.1f}") for name, work in rules().items()
    ]
