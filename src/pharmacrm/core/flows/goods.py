"""Lines of slips with what came back and what was invoiced of them, as invoices and credit see them."""

from collections.abc import Iterable, Sequence

from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import is_in
from pharmacrm.core.orders import OrderLine, OutboundSlip, SlipLine
from pharmacrm.core.orders.model import line_id
from pharmacrm.core.receivables import InvoiceLine
from pharmacrm.core.receivables.invoices import Key, Shipped


def shipped_of(slips: Sequence[OutboundSlip], read: Lookup) -> tuple[Shipped, ...]:
    """Read the lines of slips with their tax rates and what was invoiced of them."""
    if not slips:
        return ()
    by_id = {slip.id: slip for slip in slips}
    lines = read.find(SlipLine, is_in("slip", sorted(by_id)), order=("slip", "number"))
    wanted = sorted({line_id(by_id[line.slip].order, line.order_line) for line in lines})
    rates = {line.id: line.tax_rate for line in read.find(OrderLine, is_in("id", wanted))}
    billed = by_key(read.find(InvoiceLine, is_in("slip", sorted(by_id))))
    return tuple(
        Shipped(
            slip=line.slip,
            number=line.number,
            customer=by_id[line.slip].buyer,
            product=line.product,
            quantity=line.quantity,
            returned=line.returned,
            amount=line.amount,
            tax_rate=rates[line_id(by_id[line.slip].order, line.order_line)],
            invoiced=sum(part.quantity for part in billed.get((line.slip, line.number), ())),
            billed=Money.total(
                (part.gross for part in billed.get((line.slip, line.number), ())), line.amount.currency
            ),
        )
        for line in lines
    )


def by_key(lines: Iterable[InvoiceLine]) -> dict[Key, list[InvoiceLine]]:
    """The lines of invoices by what they are for."""
    found: dict[Key, list[InvoiceLine]] = {}
    for line in lines:
        found.setdefault((line.slip, line.slip_line), []).append(line)
    return found
