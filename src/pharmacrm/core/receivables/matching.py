"""Whether ticket, account, goods and money of an order agree (票账货款一致, R-09), from what is stored."""

from collections.abc import Iterable, Sequence

from attrs import frozen

from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason, Severity, in_order
from pharmacrm.core.receivables.invoice_reasons import INVOICE_AMOUNT
from pharmacrm.core.receivables.invoices import Shipped, quantities
from pharmacrm.core.receivables.model import Instalment


@frozen(kw_only=True)
class OrderBalance:
    """What an order has come to: goods, invoices and money, all gross, and where they do not agree.

    `billable` is what the goods that the customer has cost, `invoiced_ahead` what is invoiced for goods that
    are still to come. `owed` is what was ever owed for them or in advance, which is always received +
    discounts + credited + written_off + cancelled + open.
    """

    order: str
    ordered: Money
    shipped: Money
    returned: Money
    billable: Money
    invoiced: Money
    invoiced_ahead: Money
    owed: Money
    received: Money
    discounts: Money
    credited: Money
    written_off: Money
    cancelled: Money
    open: Money
    reasons: tuple[Reason, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether everything that the customer has is invoiced, at its price, and nothing else."""
        return not self.reasons


def balance_of(
    order: str,
    ordered: Money,
    returned: Money,
    shipped: Sequence[Shipped],
    instalments: Iterable[Instalment],
    ahead: Money | None = None,
) -> OrderBalance:
    """Add up an order: its slip lines, what came back of them, its invoices, and its instalments."""
    parts = tuple(instalments)
    currency = ordered.currency

    def total(name: str) -> Money:
        return Money.total((getattr(part, name) for part in parts), currency)

    return OrderBalance(
        order=order,
        ordered=ordered,
        shipped=Money.total((line.amount for line in shipped), currency),
        returned=returned,
        billable=Money.total((line.charged(line.kept) for line in shipped), currency),
        invoiced=Money.total((line.billed for line in shipped), currency),
        invoiced_ahead=ahead or Money.zero(currency),
        owed=total("amount") - total("rescheduled"),
        received=total("allocated"),
        discounts=total("discount_taken"),
        credited=total("credited"),
        written_off=total("written_off"),
        cancelled=total("cancelled"),
        open=total("open"),
        reasons=in_order((*quantities(shipped), *amounts(shipped))),
    )


def amounts(shipped: Iterable[Shipped]) -> tuple[Reason, ...]:
    """Warn of every line that is invoiced at another amount than so many of it cost (R-09)."""
    differing = ((line, line.charged(line.invoiced)) for line in shipped)
    return tuple(
        INVOICE_AMOUNT(
            f"{line.slip}/{line.number}", field="net", observed=line.billed, expected=wanted
        ).weighed(Severity.WARN)
        for line, wanted in differing
        if line.billed != wanted
    )
