"""Lines of slips and orders with what came back and what was invoiced of them, for invoices and credit.

What was invoiced ahead of its delivery counts with the first goods of its order line that leave, slip by
slip; so no goods are invoiced twice, whichever came first.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import evolve

from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import is_in
from pharmacrm.core.orders import OrderLine, OutboundSlip, SalesOrder, SlipLine
from pharmacrm.core.orders.model import line_id
from pharmacrm.core.receivables import InvoiceLine
from pharmacrm.core.receivables.invoices import Key, Shipped

Ahead = dict[str, list[InvoiceLine]]
"""What was invoiced ahead of each order line, by its id."""


def shipped_of(slips: Sequence[OutboundSlip], read: Lookup) -> tuple[Shipped, ...]:
    """Read the lines of slips with their tax rates and what was invoiced of them, also ahead."""
    ahead = ahead_of({slip.order for slip in slips}, read)
    if not ahead:
        return _shipped(slips, read)
    wanted = {slip.id for slip in slips}
    return tuple(
        line for line in _shipped(_with_others(slips, ahead, read), read, ahead) if line.slip in wanted
    )


def ordered_of(orders: Sequence[SalesOrder], read: Lookup) -> tuple[Shipped, ...]:
    """Read the lines of orders as goods that may be invoiced ahead: what any invoice has of each."""
    if not orders:
        return ()
    by_id = {order.id: order for order in orders}
    slips = read.find(OutboundSlip, is_in("order", sorted(by_id)))
    of_slips = _shipped(slips, read)
    ahead = ahead_of(by_id, read)
    lines = read.find(OrderLine, is_in("order", sorted(by_id)), order=("order", "number"))
    return tuple(_ordered(line, by_id[line.order].buyer, of_slips, ahead.get(line.id, [])) for line in lines)


def ahead_of(orders: Iterable[str], read: Lookup) -> Ahead:
    """Read what was invoiced ahead for orders."""
    found: Ahead = {}
    ids = sorted(orders)
    for line in read.find(InvoiceLine, is_in("order", ids), order=("id",)) if ids else ():
        found.setdefault(line_id(line.order, line.order_line), []).append(line)
    return found


def still_ahead(order: str, read: Lookup) -> Money | None:
    """What is invoiced of an order for goods that are still to come; None if nothing was invoiced ahead."""
    ahead = ahead_of((order,), read)
    if not ahead:
        return None
    currency = next(iter(ahead.values()))[0].gross.currency
    left = list(_left_over(_shipped(_with_others((), ahead, read), read), ahead))
    return Money.total(left, currency)


def by_key(lines: Iterable[InvoiceLine]) -> dict[Key, list[InvoiceLine]]:
    """The lines of invoices by what they are for."""
    found: dict[Key, list[InvoiceLine]] = {}
    for line in lines:
        found.setdefault(line.key, []).append(line)
    return found


def _with_others(slips: Sequence[OutboundSlip], ahead: Ahead, read: Lookup) -> list[OutboundSlip]:
    """The slips, and every other one of the orders of which something was invoiced ahead, as they left."""
    orders = sorted({line.order for lines in ahead.values() for line in lines})
    known = {slip.id: slip for slip in (*slips, *read.find(OutboundSlip, is_in("order", orders)))}
    return sorted(known.values(), key=lambda slip: (slip.issued_on, slip.id))


def _shipped(
    slips: Sequence[OutboundSlip], read: Lookup, ahead: Mapping[str, Sequence[InvoiceLine]] | None = None
) -> tuple[Shipped, ...]:
    if not slips:
        return ()
    by_id = {slip.id: slip for slip in slips}
    lines = read.find(SlipLine, is_in("slip", sorted(by_id)), order=("slip", "number"))
    wanted = sorted({line_id(by_id[line.slip].order, line.order_line) for line in lines})
    rates = {line.id: line.tax_rate for line in read.find(OrderLine, is_in("id", wanted))}
    billed = by_key(read.find(InvoiceLine, is_in("slip", sorted(by_id))))
    found = []
    for line in lines:
        slip = by_id[line.slip]
        own = billed.get((line.slip, line.number, False), [])
        found.append(
            Shipped(
                slip=line.slip,
                number=line.number,
                order_line=line_id(slip.order, line.order_line),
                customer=slip.buyer,
                product=line.product,
                quantity=line.quantity,
                returned=line.returned,
                amount=line.amount,
                tax_rate=rates[line_id(slip.order, line.order_line)],
                invoiced=sum(part.quantity for part in own),
                billed=Money.total((part.gross for part in own), line.amount.currency),
            )
        )
    order = {slip.id: place for place, slip in enumerate(slips)}
    found.sort(key=lambda line: (order[line.slip], line.number))
    return tuple(_covered(found, ahead or {}))


def _covered(lines: Sequence[Shipped], ahead: Mapping[str, Sequence[InvoiceLine]]) -> Iterator[Shipped]:
    """Every line with its share of what was invoiced ahead: the first goods that left take it first."""
    left = {id: sum(line.quantity for line in of) for id, of in ahead.items()}
    for line in lines:
        whole = ahead.get(line.order_line, ())
        took = min(line.uninvoiced, left.get(line.order_line, 0))
        if took <= 0:
            yield line
            continue
        quantity, gross = _sum(whole)
        before = quantity - left[line.order_line]
        left[line.order_line] -= took
        share = gross.share(before + took, quantity) - gross.share(before, quantity)
        yield evolve(line, invoiced=line.invoiced + took, billed=line.billed + share)


def _left_over(lines: Sequence[Shipped], ahead: Mapping[str, Sequence[InvoiceLine]]) -> Iterator[Money]:
    """What of each order line is invoiced ahead, and has not left."""
    for id, of in ahead.items():
        quantity, gross = _sum(of)
        taken = sum(line.uninvoiced for line in lines if line.order_line == id)
        yield gross - gross.share(min(taken, quantity), quantity) if quantity else gross


def _sum(lines: Sequence[InvoiceLine]) -> tuple[int, Money]:
    return sum(line.quantity for line in lines), Money.total(
        (line.gross for line in lines), lines[0].gross.currency
    )


def _ordered(
    line: OrderLine, buyer: str, of_slips: Sequence[Shipped], ahead: Sequence[InvoiceLine]
) -> Shipped:
    own = [each for each in of_slips if each.order_line == line.id]
    gross = (*(each.billed for each in own), *(each.gross for each in ahead))
    return Shipped(
        slip=line.order,
        number=line.number,
        ahead=True,
        customer=buyer,
        product=line.product,
        quantity=line.quantity,
        returned=sum(each.returned for each in own),
        amount=line.gross,
        tax_rate=line.tax_rate,
        invoiced=sum(each.invoiced for each in own) + sum(each.quantity for each in ahead),
        billed=Money.total(gross, line.gross.currency),
    )
