"""Outbound slips (出库单): from a released order only, lot by lot, in parts that sum exactly (XT-09)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import evolve

from pharmacrm.core.kernel.dates import add_days
from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell, touch
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.words import listed
from pharmacrm.core.orders.amounts import credit_part, credit_share, shipped_amount, step_share
from pharmacrm.core.orders.events import GoodsIssued
from pharmacrm.core.orders.lots import check_item
from pharmacrm.core.orders.model import Lot, OrderLine, OrderState, OutboundSlip, SalesOrder, SlipLine, lot_id
from pharmacrm.core.orders.reasons import (
    LINE_UNKNOWN,
    ORDER_NOT_RELEASED,
    SALES_RECORD_INCOMPLETE,
    SLIP_EMPTY,
    SLIP_OVER_QUANTITY,
)
from pharmacrm.core.orders.values import RECORDED, Facts, SalesFacts, SlipHead, SlipItem, SlipPolicy
from pharmacrm.core.values.taxes import TaxPart, taxes_of

SHIPPABLE: Final = frozenset({OrderState.RELEASED, OrderState.PART_SHIPPED})
POLICY: Final = SlipPolicy()
_NOTHING: Final = SalesFacts()


def issue(
    order: SalesOrder,
    lines: Sequence[OrderLine],
    lots: Mapping[str, Lot],
    items: Sequence[SlipItem],
    *,
    head: SlipHead,
    facts: Facts,
    policy: SlipPolicy = POLICY,
) -> Decision[OutboundSlip]:
    """Issue a slip for what was picked, or give every reason why not.

    `lines` are all lines of the order, `lots` the lots by id. Several items may serve one order line. Each
    amount is the difference of cumulative shares of its line, so that all slips of a line sum to it exactly.
    The order becomes SHIPPED with its last unit, else PART_SHIPPED.
    """
    reasons = check_slip(order, lines, lots, items, head=head, facts=facts, policy=policy)
    if any(reason.severity is Severity.BLOCK for reason in reasons):
        return refuse(*reasons)
    parts = tuple(_slip_lines(head.id, _by_number(lines), lots, items))
    slip = _slip(order, lines, parts, head, _confirm_days(parts, facts, policy))
    return accept(
        slip,
        reasons,
        save(slip, *parts),
        _shipped(order, lines, items),
        tell(GoodsIssued(subject=slip.id, order=order.id, buyer=order.buyer)),
    )


def check_slip(
    order: SalesOrder,
    lines: Sequence[OrderLine],
    lots: Mapping[str, Lot],
    items: Sequence[SlipItem],
    *,
    head: SlipHead,
    facts: Facts,
    policy: SlipPolicy = POLICY,
) -> tuple[Reason, ...]:
    """Give every reason about a slip: state, lines, quantities, lots, sales records (R-08, R-09c)."""
    known = _by_number(lines)
    picked = [(item, known[item.line].product) for item in items if item.line in known]
    return (
        *_state(order, items, head),
        *_quantities(order, known, items),
        *(
            why
            for item, product in picked
            for why in check_item(item, product, lots, on=head.on, policy=policy)
        ),
        *check_records(dict.fromkeys(product for _, product in picked), facts),
    )


def check_records(products: Mapping[str, object] | Sequence[str], facts: Facts) -> tuple[Reason, ...]:
    """Say what the sales records of products lack: one reason a product, naming all its blanks (R-08)."""
    blanks = {product: facts.get(product, _NOTHING).blanks for product in products}
    return tuple(
        SALES_RECORD_INCOMPLETE(product, field="product", observed=listed(RECORDED[name] for name in names))
        for product, names in blanks.items()
        if names
    )


def _by_number(lines: Sequence[OrderLine]) -> dict[int, OrderLine]:
    return {line.number: line for line in lines}


def _state(order: SalesOrder, items: Sequence[SlipItem], head: SlipHead) -> Iterator[Reason]:
    if order.state not in SHIPPABLE:
        yield ORDER_NOT_RELEASED(order.id, field="state", observed=order.state)
    if not items:
        yield SLIP_EMPTY(head.id, field="items")


def _quantities(
    order: SalesOrder, known: Mapping[int, OrderLine], items: Sequence[SlipItem]
) -> Iterator[Reason]:
    for number, quantity in _picked(items).items():
        line = known.get(number)
        if line is None:
            yield LINE_UNKNOWN(order.id, field="line", observed=number)
        elif quantity > line.remaining:
            yield SLIP_OVER_QUANTITY(
                line.id, field="quantity", observed=line.shipped + quantity, expected=line.quantity
            )


def _picked(items: Sequence[SlipItem]) -> Counter[int]:
    total: Counter[int] = Counter()
    for item in items:
        total[item.line] += item.quantity
    return total


def _slip_lines(
    slip: str, known: Mapping[int, OrderLine], lots: Mapping[str, Lot], items: Sequence[SlipItem]
) -> Iterator[SlipLine]:
    shipped = {number: line.shipped for number, line in known.items()}
    for number, item in enumerate(items, start=1):
        line = known[item.line]
        yield SlipLine(
            id=f"{slip}/{number}",
            slip=slip,
            number=number,
            order_line=line.number,
            product=line.product,
            lot=item.lot,
            expires=lots[lot_id(line.product, item.lot)].expires,
            quantity=item.quantity,
            amount=step_share(line.gross, shipped[item.line], item.quantity, line.quantity),
        )
        shipped[item.line] += item.quantity


def _slip(
    order: SalesOrder,
    lines: Sequence[OrderLine],
    parts: Sequence[SlipLine],
    head: SlipHead,
    confirm: int | None,
) -> OutboundSlip:
    currency = order.total.currency
    amount = Money.total((part.amount for part in parts), currency)
    return OutboundSlip(
        id=head.id,
        order=order.id,
        buyer=order.buyer,
        issued_on=head.on,
        amount=amount,
        credit=credit_share(order.total, credit_part(order), shipped_amount(lines, currency), amount),
        signed_by=head.by,
        digest=head.digest,
        confirm_by=None if confirm is None else add_days(head.on, confirm),
        taxes=_taxes(_by_number(lines), parts),
    )


def _taxes(known: Mapping[int, OrderLine], parts: Sequence[SlipLine]) -> tuple[TaxPart, ...]:
    """The tax in what is shipped: in each line by itself, as invoices have it."""
    rated = ((known[part.order_line].tax_rate, part.amount) for part in parts)
    return taxes_of((rate, amount, rate.included_in(amount)) for rate, amount in rated)


def _confirm_days(parts: Sequence[SlipLine], facts: Facts, policy: SlipPolicy) -> int | None:
    wanted = any(facts[part.product].confirm_delivery for part in parts)
    return policy.confirm_days if wanted else None


def _shipped(order: SalesOrder, lines: Sequence[OrderLine], items: Sequence[SlipItem]) -> Decision[None]:
    """Move the order and its lines on; an order that stays PART_SHIPPED is touched, as its lines decide."""
    picked = _picked(items)
    moved = [evolve(line, shipped=line.shipped + picked[line.number]) for line in lines]
    whole = all(not line.remaining for line in moved)
    after = evolve(order, state=OrderState.SHIPPED if whole else OrderState.PART_SHIPPED)
    changed = save(*(line for line in moved if picked[line.number]))
    return accept(None, changed, touch(order) if after == order else save(after))
