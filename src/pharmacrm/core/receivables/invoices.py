"""Sales invoices of the host (销售发票), matched line by line with what was shipped (票账货款一致, R-09).

The invoice is written by the host; we record it and say where it does not match. What was delivered and has
not come back can always be invoiced, whatever the credit. More than that is refused. Another amount or tax is
held until a lead has looked at it; one minor unit of rounding a line only warns. A red-letter invoice (红字)
takes back what an invoice said; its quantities and amounts are given without a sign and kept as negative.
Goods may be invoiced ahead of their delivery (先开票后发货): such a line names the order that they are of.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Final

from attrs import evolve, field, frozen

from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell
from pharmacrm.core.kernel.money import Money, Percentage, as_quantity
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.record import Column, ParentOf, Part, Record
from pharmacrm.core.kernel.strict import Id, strict
from pharmacrm.core.receivables.claim_reasons import CLAIM_CURRENCY
from pharmacrm.core.receivables.events import InvoiceRecorded
from pharmacrm.core.receivables.invoice_reasons import (
    INVOICE_AMOUNT,
    INVOICE_EMPTY,
    INVOICE_FUTURE,
    INVOICE_LINE_UNKNOWN,
    INVOICE_OTHER_CUSTOMER,
    INVOICE_OVER_ORDERED,
    INVOICE_OVER_RED,
    INVOICE_OVER_SHIPPED,
    INVOICE_QUANTITY,
    INVOICE_RED_OF_RED,
    INVOICE_TAX,
)
from pharmacrm.core.receivables.targets import as_not_negative
from pharmacrm.core.values.taxes import TaxPart, taxes_of

ROUNDING: Final = 1
"""Minor units by which a line may differ, as hosts round in another order."""


@frozen(field_transformer=strict)
class InvoicedLine:
    """A line of an invoice as the host writes it: so much of a line of a slip, its amount and its tax.

    `InvoicedLine("OUT-1", 1, 120, net=Money("106.19", "CNY"), tax=Money("13.81", "CNY"))`. Goods that are
    still to come are named by their order: `InvoicedLine("SO-1", 1, 120, ..., ahead=True)`.
    """

    slip: Id
    line: int
    quantity: int = field(converter=as_quantity)
    net: Money = field(converter=as_not_negative)
    tax: Money = field(converter=as_not_negative)
    ahead: bool = False

    @property
    def key(self) -> "Key":
        """What the line is for."""
        return self.slip, self.line, self.ahead


@frozen(kw_only=True)
class SalesInvoice(Record):
    """An invoice of the host (销售发票); the id is its number. Negative if it is a red letter of `red_of`.

    `taxes` are the tax in it, rate by rate; `term_version` is the version of the term set that it names.
    """

    customer: Annotated[str, Column(index=True, zh="客户")]
    red_of: Annotated[str, Column(index=True, zh="对应蓝字发票")] = ""
    issued_on: Annotated[date, Column(index=True, zh="开票日期")]
    term_version: Annotated[str, Column(length=80, zh="付款条件版本")] = ""
    net: Annotated[Money, Column(zh="未税金额")]
    tax: Annotated[Money, Column(zh="税额")]
    gross: Annotated[Money, Column(zh="价税合计")]
    taxes: Annotated[tuple[TaxPart, ...], Column(length=2000, zh="价税分离")] = ()


@frozen(kw_only=True)
class InvoiceLine(Part):
    """One line of an invoice; its id is `{invoice}/{number}`.

    One that is invoiced ahead of its delivery has an `order` and the number of its line, and no slip.
    """

    invoice: Annotated[str, Column(index=True), ParentOf(SalesInvoice)]
    number: Annotated[int, Column(zh="行号")]
    slip: Annotated[str, Column(index=True, zh="出库单")]
    slip_line: Annotated[int, Column(zh="出库行号")]
    order: Annotated[str, Column(index=True, zh="预开票订单")] = ""
    order_line: Annotated[int, Column(zh="预开票订单行号")] = 0
    product: Annotated[str, Column(index=True, zh="品种")]
    quantity: Annotated[int, Column(zh="数量")]
    net: Annotated[Money, Column(zh="未税金额")]
    tax: Annotated[Money, Column(zh="税额")]
    gross: Annotated[Money, Column(zh="价税合计")]

    @property
    def key(self) -> "Key":
        """What the line is for."""
        ahead = bool(self.order)
        return (self.order, self.order_line, True) if ahead else (self.slip, self.slip_line, False)


@frozen(kw_only=True)
class Shipped:
    """A line of a slip as an invoice sees it: what was shipped, came back, and was invoiced of it so far.

    `amount` is the gross of all that was shipped, `billed` the gross invoiced, red letters taken off. What
    was invoiced ahead counts with the first goods that leave. A line of an order stands for the goods of it
    that may be invoiced `ahead`: all that is ordered, less what any invoice has of it.
    """

    slip: str
    number: int
    order_line: str = ""
    ahead: bool = False
    customer: str
    product: str
    quantity: int
    returned: int
    amount: Money
    tax_rate: Percentage
    invoiced: int
    billed: Money

    @property
    def key(self) -> "Key":
        """What an invoice names it by."""
        return self.slip, self.number, self.ahead

    @property
    def kept(self) -> int:
        """What the customer has: shipped less returned."""
        return self.quantity - self.returned

    @property
    def uninvoiced(self) -> int:
        """What the customer has and no invoice covers; never below 0, also before its red letter."""
        return max(0, self.kept - self.invoiced)

    def charged(self, quantity: int) -> Money:
        """What so many of it cost, as a share of the whole line."""
        return self.amount.share(quantity, self.quantity)


@frozen(kw_only=True)
class InvoiceHead:
    """Which invoice it is, of whom, and of which day; `red_of` is the one that it takes back.

    `term_version` is the version of the term set that it names.
    """

    id: str
    customer: str
    issued_on: date
    red_of: SalesInvoice | None = None
    term_version: str = ""

    @property
    def sign(self) -> int:
        """1, or -1 for a red letter."""
        return -1 if self.red_of else 1


Key = tuple[str, int, bool]
"""The slip and the number of its line; or the order and that of its line, for what is invoiced ahead."""


def record_invoice(
    head: InvoiceHead,
    lines: Sequence[InvoicedLine],
    shipped: Iterable[Shipped],
    reddable: Mapping[Key, int],
    *,
    on: date,
) -> Decision[SalesInvoice]:
    """Record an invoice of the host, or give every reason why it does not match.

    `shipped` are the lines of all its slips, `reddable` what a red letter may still take back of each.
    """
    before = {line.key: line for line in shipped}
    found = [*_head(head, lines, on), *_over(head, lines, before, reddable)]
    if any(reason.severity is Severity.BLOCK for reason in found):
        return refuse(*found)
    parts, after, differing = _lines(head, lines, before)
    currency = parts[0].gross.currency
    invoice = SalesInvoice(
        id=head.id,
        customer=head.customer,
        red_of=head.red_of.id if head.red_of else "",
        issued_on=head.issued_on,
        term_version=head.term_version,
        net=Money.total((part.net for part in parts), currency),
        tax=Money.total((part.tax for part in parts), currency),
        gross=Money.total((part.gross for part in parts), currency),
        taxes=taxes_of(
            (before[line.key].tax_rate, part.gross, part.tax) for line, part in zip(lines, parts, strict=True)
        ),
    )
    return accept(
        invoice,
        differing,
        quantities(after[key] for key in after if after[key] != before[key] and not after[key].ahead),
        save(invoice, *parts),
        tell(InvoiceRecorded(subject=invoice.id, customer=invoice.customer)),
    )


def quantities(shipped: Iterable[Shipped]) -> tuple[Reason, ...]:
    """Warn of every line of which not exactly what the customer has is invoiced (R-09)."""
    return tuple(
        INVOICE_QUANTITY(_name(line), field="quantity", observed=line.invoiced, expected=line.kept)
        for line in shipped
        if line.invoiced != line.kept
    )


def _head(head: InvoiceHead, lines: Sequence[InvoicedLine], on: date) -> Iterator[Reason]:
    if not lines:
        yield INVOICE_EMPTY(head.id, field="lines")
    if head.issued_on > on:
        yield INVOICE_FUTURE(head.id, field="issued_on", observed=head.issued_on, expected=on)
    blue = head.red_of
    if blue is not None and blue.customer != head.customer:
        yield INVOICE_OTHER_CUSTOMER(blue.id, field="red_of", observed=blue.customer, expected=head.customer)
    if blue is not None and blue.red_of:
        yield INVOICE_RED_OF_RED(head.id, field="red_of", observed=blue.id)


def _over(
    head: InvoiceHead,
    lines: Sequence[InvoicedLine],
    shipped: Mapping[Key, Shipped],
    reddable: Mapping[Key, int],
) -> Iterator[Reason]:
    """What blocks: lines that do not exist or are of others, other currencies, and too large quantities."""
    wanted: dict[Key, int] = {}
    for line in lines:
        key = line.key
        known = shipped.get(key)
        if known is None:
            yield INVOICE_LINE_UNKNOWN(head.id, field="line", observed=f"{line.slip}/{line.line}")
            continue
        wanted[key] = wanted.get(key, 0) + line.quantity
        if known.customer != head.customer:
            yield INVOICE_OTHER_CUSTOMER(
                _name(known), field="customer", observed=known.customer, expected=head.customer
            )
        for name, money in (("net", line.net), ("tax", line.tax)):
            if money.currency != known.amount.currency:
                given, currency = money.currency, known.amount.currency
                yield CLAIM_CURRENCY(_name(known), field=name, observed=given, expected=currency)
    for key, quantity in wanted.items():
        line_ = shipped[key]
        if head.red_of is not None:
            yield from _over_red(line_, quantity, reddable.get(key, 0))
        else:
            beside = (wanted.get(each.key, 0) for each in shipped.values() if each.order_line == _name(line_))
            yield from _over_kept(line_, line_.invoiced + quantity + (sum(beside) if line_.ahead else 0))


def _over_red(line: Shipped, quantity: int, most: int) -> Iterator[Reason]:
    if quantity > most:
        yield INVOICE_OVER_RED(_name(line), field="quantity", observed=quantity, expected=most)


def _over_kept(line: Shipped, total: int) -> Iterator[Reason]:
    """More than the customer has, or has ordered; goods of slips beside goods ahead count together."""
    if total > line.kept:
        code = INVOICE_OVER_ORDERED if line.ahead else INVOICE_OVER_SHIPPED
        yield code(_name(line), field="quantity", observed=total, expected=line.kept)


def _lines(
    head: InvoiceHead, lines: Sequence[InvoicedLine], shipped: Mapping[Key, Shipped]
) -> tuple[list[InvoiceLine], dict[Key, Shipped], list[Reason]]:
    """The lines as they are kept, what is invoiced after them, and where amount or tax differ."""
    current = dict(shipped)
    parts: list[InvoiceLine] = []
    found: list[Reason] = []
    for number, line in enumerate(lines, start=1):
        known = current[line.key]
        gross = line.net + line.tax
        after = evolve(
            known,
            invoiced=known.invoiced + head.sign * line.quantity,
            billed=known.billed + gross * head.sign,
        )
        current[line.key] = after
        found += _differing(known, after, line, head.sign)
        parts.append(
            InvoiceLine(
                id=f"{head.id}/{number}",
                invoice=head.id,
                number=number,
                slip="" if line.ahead else line.slip,
                slip_line=0 if line.ahead else line.line,
                order=line.slip if line.ahead else "",
                order_line=line.line if line.ahead else 0,
                product=known.product,
                quantity=line.quantity * head.sign,
                net=line.net * head.sign,
                tax=line.tax * head.sign,
                gross=gross * head.sign,
            )
        )
    return parts, current, found


def _differing(known: Shipped, after: Shipped, line: InvoicedLine, sign: int) -> Iterator[Reason]:
    """Compare with the share of the slip after this line less what was billed before: lines sum exactly."""
    gross = line.net + line.tax
    expected = (after.charged(after.invoiced) - known.billed) * sign
    if gross != expected:
        differs = INVOICE_AMOUNT(_name(known), field="net", observed=gross, expected=expected)
        yield _rounded(differs, gross - expected)
    tax = known.tax_rate.included_in(gross)
    if abs(line.tax - tax).minor > ROUNDING:
        yield INVOICE_TAX(_name(known), field="tax", observed=line.tax, expected=tax)


def _rounded(reason: Reason, difference: Money) -> Reason:
    return reason.weighed(Severity.WARN) if abs(difference).minor <= ROUNDING else reason


def _name(line: Shipped) -> str:
    return f"{line.slip}/{line.number}"
