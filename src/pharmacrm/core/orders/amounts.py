"""The amounts of an order: a line rounds once, taxes add up, and partial shipments sum exactly.

Whatever is shipped in steps takes the difference of two cumulative shares, so that any number of steps gives
the whole to the minor unit: three thirds of CNY 10.00 are 3.33, 3.34 and 3.33.
"""

from collections.abc import Iterable, Sequence

from attrs import frozen

from pharmacrm.core.kernel.money import Money, Percentage, Price
from pharmacrm.core.orders.model import OrderLine, SalesOrder, line_id
from pharmacrm.core.orders.values import Line, OrderHead
from pharmacrm.core.values.schedule import split_prepaid


@frozen
class Amounts:
    """Net, tax and gross of a line or an order: net + tax is gross (未税金额, 税额, 价税合计)."""

    net: Money
    tax: Money
    gross: Money


def line_amounts(quantity: int, price: Price, rate: Percentage, *, included: bool, currency: str) -> Amounts:
    """Give the amounts of one line: price x quantity rounds once, half up; then the tax rounds, half up.

    With the tax in the price the amount is gross, and net is what the tax leaves; else the amount is net.
    """
    amount = price.times(quantity, currency)
    if included:
        tax = rate.included_in(amount)
        return Amounts(amount - tax, tax, amount)
    tax = rate.of(amount)
    return Amounts(amount, tax, amount + tax)


def sum_of(lines: Iterable[OrderLine], currency: str) -> Amounts:
    """Give the amounts of an order: the sums of its lines, never computed anew."""
    kept = tuple(lines)
    return Amounts(
        Money.total((line.net for line in kept), currency),
        Money.total((line.tax for line in kept), currency),
        Money.total((line.gross for line in kept), currency),
    )


def draft(
    head: OrderHead, lines: Sequence[Line], *, currency: str, sizes: Sequence[int] = ()
) -> tuple[SalesOrder, tuple[OrderLine, ...]]:
    """Make an order and its lines, numbered from 1 (XT-04).

    `sizes` are the base units in the unit of each line; without them, every line is in base units.
    """
    drafted = priced(head.id, lines, currency=currency, sizes=sizes)
    sums = sum_of(drafted, currency)
    order = SalesOrder(
        id=head.id,
        buyer=head.buyer,
        requester=head.requester,
        unit=head.unit,
        channel=head.channel,
        method=head.method,
        terms=head.terms,
        term_version=head.term_version,
        consignee=head.consignee,
        phone=head.phone,
        address=head.address,
        ordered_on=head.ordered_on,
        ship_on=head.ship_on,
        purchaser=head.purchaser,
        prescription=head.prescription,
        identified=head.identified,
        note=head.note,
        quote=head.quote,
        net=sums.net,
        tax=sums.tax,
        total=sums.gross,
    )
    return order, drafted


def priced(
    id: str, lines: Sequence[Line], *, currency: str, sizes: Sequence[int] = ()
) -> tuple[OrderLine, ...]:
    """Price lines as those of an order are, numbered from 1: also the lines of what is bought."""
    return tuple(
        _line(id, number, line, currency, size)
        for number, (line, size) in enumerate(zip(lines, sizes or [1] * len(lines), strict=True), start=1)
    )


def _line(order: str, number: int, line: Line, currency: str, size: int) -> OrderLine:
    sums = line_amounts(
        line.quantity, line.price, line.tax_rate, included=line.tax_included, currency=currency
    )
    return OrderLine(
        id=line_id(order, number),
        order=order,
        number=number,
        product=line.product,
        quantity=line.quantity * size,
        unit=line.unit,
        per=size,
        price=line.price,
        tax_rate=line.tax_rate,
        tax_included=line.tax_included,
        net=sums.net,
        tax=sums.tax,
        gross=sums.gross,
    )


def step_share(total: Money, before: int, now: int, whole: int) -> Money:
    """Give what one step of a whole takes of a total: its share after the step less its share before.

    The steps of a whole sum exactly to the total, in whatever sizes they come. Nothing of nothing is zero.
    """
    if not whole:
        return Money.zero(total.currency)
    return total.share(before + now, whole) - total.share(before, whole)


def shipped_amount(lines: Iterable[OrderLine], currency: str) -> Money:
    """Give the gross amount of what has been shipped of an order so far."""
    return Money.total((line.gross.share(line.shipped, line.quantity) for line in lines), currency)


def credit_part(order: SalesOrder) -> Money:
    """Give the part of an order that needs credit: what its terms do not have prepaid."""
    return split_prepaid(order.terms, order.total, untaxed=order.net)[1]


def credit_share(order_total: Money, credit_total: Money, shipped_before: Money, shipped_now: Money) -> Money:
    """Give the part of a shipment that needs credit; over all slips it sums to the order's credit part."""
    return step_share(credit_total, shipped_before.minor, shipped_now.minor, order_total.minor)
