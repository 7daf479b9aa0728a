"""What of a debt no invoice covers yet (发出未开票): of the goods that the customer has, at their price.

Goods leave as unbilled; an invoice makes them a receivable, a red letter takes that back, and goods that come
back are neither. What is paid, credited or written off settles what is invoiced first.
"""

from collections.abc import Iterable

from pharmacrm.core.kernel.money import Money
from pharmacrm.core.receivables.invoices import Shipped
from pharmacrm.core.receivables.model import Instalment, Receivable


def unbilled_worth(credit: Money, amount: Money, lines: Iterable[Shipped]) -> Money:
    """Give the credit part of the goods of a slip that the customer has and no invoice covers.

    `credit` and `amount` are those of the slip, `lines` all its lines. Goods count at the price of the slip,
    whatever the invoice says; the part is rounded once, half up, and is the whole if nothing is invoiced.
    """
    worth = Money.total((line.charged(line.uninvoiced) for line in lines), amount.currency)
    return credit.share(worth.minor, amount.minor) if amount else credit


def unbilled_open(receivable: Receivable, instalments: Iterable[Instalment]) -> Money:
    """Give what is open of a receivable for goods that are not invoiced; `instalments` are all of its own."""
    open_ = Money.total((each.open for each in instalments), receivable.amount.currency)
    return min(receivable.unbilled, open_)
