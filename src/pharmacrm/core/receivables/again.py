"""The same document twice: the very same again changes nothing, another one of its number is refused."""

from collections.abc import Iterable, Sequence

from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.reason import Severity
from pharmacrm.core.receivables.credit_notes import CreditNote
from pharmacrm.core.receivables.document_reasons import CREDIT_NOTE_EXISTS
from pharmacrm.core.receivables.invoice_reasons import INVOICE_EXISTS
from pharmacrm.core.receivables.invoices import InvoicedLine, InvoiceHead, InvoiceLine, SalesInvoice


def invoice_again(
    known: SalesInvoice, parts: Iterable[InvoiceLine], head: InvoiceHead, lines: Sequence[InvoicedLine]
) -> Decision[SalesInvoice]:
    """An invoice that is recorded already: the very same again is told, another one is refused.

    `parts` are the lines of the known one.
    """
    held = [
        (part.key, abs(part.quantity), abs(part.net), abs(part.tax))
        for part in sorted(parts, key=lambda part: part.number)
    ]
    given = [(line.key, line.quantity, line.net, line.tax) for line in lines]
    red = head.red_of.id if head.red_of else ""
    said = (known.customer, known.issued_on, known.red_of, known.term_version)
    same = said == (head.customer, head.issued_on, red, head.term_version)
    exists = INVOICE_EXISTS(known.id, field="id")
    return accept(known, exists.weighed(Severity.INFO)) if same and held == given else refuse(exists)


def credit_note_again(known: CreditNote, note: CreditNote) -> Decision[CreditNote]:
    """A credit note that was issued already: the very same again is told, another one is refused."""
    same = all(
        getattr(known, name) == getattr(note, name)
        for name in ("kind", "customer", "slip", "amount", "reason")
    )
    exists = CREDIT_NOTE_EXISTS(known.id, field="id")
    return accept(known, exists.weighed(Severity.INFO)) if same else refuse(exists)
