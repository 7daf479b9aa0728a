"""From what is wanted to a quote with its lines, and from a quote to the lines of its order."""

from collections.abc import Mapping, Sequence
from datetime import date

from attrs import evolve, frozen

from pharmacrm.core.engines.revisions import numbered
from pharmacrm.core.kernel.money import Price
from pharmacrm.core.orders.model import OrderLine, SalesOrder
from pharmacrm.core.orders.quotes.model import Quote, QuoteLine, quote_line_id, snapshot_of
from pharmacrm.core.orders.values import Line


@frozen
class Listed:
    """What a price list said of one base unit of a product on the day: its price, and its floor if any."""

    price_list: str
    price: Price
    floor: Price | None = None


def quote_of(
    order: SalesOrder,
    lines: Sequence[OrderLine],
    *,
    days: tuple[date, date],
    listed: Mapping[str, Listed],
    before: Sequence[QuoteLine] = (),
    last_line: int = 0,
) -> tuple[Quote, tuple[QuoteLine, ...]]:
    """Make a quote of the order that it would become; `days` are the first and the last of its validity.

    Lines of products that were offered `before` keep their numbers.
    """
    numbers = numbered(
        ((line.number, line.product) for line in before), [line.product for line in lines], last=last_line
    )
    parts = tuple(
        _line(order.id, number, line, listed.get(line.product))
        for number, line in sorted(zip(numbers, lines, strict=True), key=lambda pair: pair[0])
    )
    quote = Quote(
        id=order.id,
        buyer=order.buyer,
        requester=order.requester,
        unit=order.unit,
        channel=order.channel,
        method=order.method,
        terms=order.terms,
        term_version=order.term_version,
        quoted_on=order.ordered_on,
        valid_from=days[0],
        valid_until=days[1],
        net=order.net,
        tax=order.tax,
        total=order.total,
        note=order.note,
        last_line=max((last_line, *numbers)),
    )
    return evolve(quote, content=snapshot_of(quote, parts).content), parts


def as_lines(lines: Sequence[QuoteLine]) -> tuple[tuple[Line, ...], tuple[int, ...]]:
    """Give the lines of a quote as those of an order are written, and the base units in the unit of each."""
    ordered = sorted(lines, key=lambda line: line.number)
    written = tuple(
        Line(line.product, line.quantity // line.per, line.price, line.tax_rate, line.tax_included, line.unit)
        for line in ordered
    )
    return written, tuple(line.per for line in ordered)


def _line(quote: str, number: int, line: OrderLine, listed: Listed | None) -> QuoteLine:
    floor = listed.floor if listed else None
    return QuoteLine(
        id=quote_line_id(quote, number),
        quote=quote,
        number=number,
        product=line.product,
        quantity=line.quantity,
        unit=line.unit,
        per=line.per,
        price=line.price,
        price_list=listed.price_list if listed else "",
        list_price=_of_unit(listed.price, line.per) if listed else None,
        floor=None if floor is None else _of_unit(floor, line.per),
        tax_rate=line.tax_rate,
        tax_included=line.tax_included,
        net=line.net,
        tax=line.tax,
        gross=line.gross,
    )


def _of_unit(price: Price, per: int) -> Price:
    return Price.of_micros(price.micros * per)
