"""Orders, lots and slips for the tests of this folder."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from attrs import evolve

from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.orders.amounts import draft
from pharmacrm.core.orders.model import Lot, OrderLine, OrderState, OutboundSlip, SalesOrder, SlipLine, lot_id
from pharmacrm.core.orders.slips import POLICY, issue
from pharmacrm.core.orders.values import Line, OrderHead, SalesFacts, SlipHead, SlipItem, SlipPolicy
from pharmacrm.core.values.address import Address
from pharmacrm.core.values.terms import parse_terms

DAY = date(2026, 11, 21)
FACTS = SalesFacts(
    generic_name="阿莫西林胶囊",
    strength="0.25g",
    dosage_form="胶囊剂",
    manufacturer="某制药",
    holder="某制药",
)
ADDRESS = Address(province="浙江省", city="杭州市", district="西湖区", street="文三路 1 号")


def yuan(amount: str) -> Money:
    return Money(amount, "CNY")


def head(**changes: Any) -> OrderHead:
    base = OrderHead(
        id="SO-1",
        buyer="H-001",
        requester="zhang.san",
        terms=parse_terms("net 60"),
        consignee="王五",
        phone="0571-1234567",
        address=ADDRESS,
        ordered_on=DAY,
        ship_on=DAY,
    )
    return evolve(base, **changes)


def order_of(
    *lines: Line, state: OrderState = OrderState.RELEASED, **changes: Any
) -> tuple[SalesOrder, tuple[OrderLine, ...]]:
    order, parts = draft(head(**changes), lines, currency="CNY")
    return evolve(order, state=state, version=1), parts


def lot(product: str = "AMX", number: str = "L1", expires: date = date(2028, 6, 30), **changes: Any) -> Lot:
    return evolve(
        Lot(id=lot_id(product, number), product=product, lot=number, expires=expires, version=1), **changes
    )


def ship(
    order: SalesOrder,
    lines: Sequence[OrderLine],
    items: Sequence[SlipItem],
    *,
    lots: Sequence[Lot] = (),
    id: str = "OUT-1",
    on: date = DAY,
    facts: SalesFacts = FACTS,
    policy: SlipPolicy = POLICY,
) -> Decision[OutboundSlip]:
    known = lots or [
        lot(line.product, item.lot) for item in items for line in lines if line.number == item.line
    ]
    return issue(
        order,
        lines,
        {each.id: each for each in known},
        items,
        head=SlipHead(id=id, on=on, by="cang.ku", digest="d" * 64),
        facts={line.product: facts for line in lines},
        policy=policy,
    )


def slip_with(lines: list[tuple[int, int]]) -> tuple[OutboundSlip, list[SlipLine]]:
    """A slip with a line for each quantity and amount (in fen), all of them of one lot."""
    parts = [
        SlipLine(
            id=f"OUT-1/{number}",
            slip="OUT-1",
            number=number,
            order_line=number,
            product="AMX",
            lot="L1",
            expires=date(2030, 1, 1),
            quantity=quantity,
            amount=Money.of_minor(minor, "CNY"),
        )
        for number, (quantity, minor) in enumerate(lines, start=1)
    ]
    amount = Money.total((part.amount for part in parts), "CNY")
    slip = OutboundSlip(
        id="OUT-1",
        order="SO-1",
        buyer="H-001",
        issued_on=date(2026, 11, 21),
        amount=amount,
        credit=amount,
        signed_by="sun.ba",
        digest="",
        version=1,
    )
    return slip, parts
