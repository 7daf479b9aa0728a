"""What happens to receivables and receipts."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class ScheduleCreated(Event):
    """A receivable was opened with its instalments. The subject is the receivable."""

    customer: str
    order: str


@frozen(kw_only=True)
class ScheduleCancelled(Event):
    """What was open of a receivable is no longer wanted. The subject is the receivable."""

    customer: str
    order: str


@frozen(kw_only=True)
class ReceiptRegistered(Event):
    """Money came in, or what is known of it changed. The subject is the receipt."""

    customer: str


@frozen(kw_only=True)
class ReceiptAllocated(Event):
    """Money of a receipt settled instalments. The subject is the receipt."""

    customer: str


@frozen(kw_only=True)
class AllocationsUndone(Event):
    """Money of a receipt is on account again. The subject is the receipt."""

    customer: str


@frozen(kw_only=True)
class ReceiptReversed(Event):
    """Money did not come after all: what it had settled is open again. The subject is the receipt."""

    customer: str


@frozen(kw_only=True)
class DifferenceWrittenOff(Event):
    """A small difference is no longer wanted. The subject is the write-off."""

    customer: str
    instalment: str


@frozen(kw_only=True)
class WriteOffReversed(Event):
    """A difference that was written off is owed again. The subject is the write-off."""

    customer: str
    instalment: str


@frozen(kw_only=True)
class PaymentPromised(Event):
    """A customer promised to pay on an instalment. The subject is the promise."""

    customer: str
    instalment: str


@frozen(kw_only=True)
class PromiseWithdrawn(Event):
    """A promise to pay no longer stands. The subject is the promise."""

    customer: str
    instalment: str


@frozen(kw_only=True)
class DisputeOpened(Event):
    """A customer does not accept what they owe. The subject is the dispute."""

    customer: str
    instalment: str


@frozen(kw_only=True)
class DisputeResolved(Event):
    """A dispute has its outcome. The subject is the dispute."""

    customer: str
    instalment: str


@frozen(kw_only=True)
class CreditNoteIssued(Event):
    """A customer was credited. The subject is the credit note."""

    customer: str


@frozen(kw_only=True)
class CreditNoteApplied(Event):
    """What was on account of a credit note settled instalments. The subject is the credit note."""

    customer: str


@frozen(kw_only=True)
class CreditNoteReversed(Event):
    """A credit note was taken back: what it had settled is owed again. The subject is the credit note."""

    customer: str


@frozen(kw_only=True)
class BillReceived(Event):
    """A bank acceptance bill came in. The subject is the bill."""

    customer: str


@frozen(kw_only=True)
class BillMoved(Event):
    """A bill was paid, discounted or endorsed. The subject is the bill."""

    customer: str
    state: str


@frozen(kw_only=True)
class BillDishonoured(Event):
    """A bill was not honoured: what it had settled is owed again. The subject is the bill."""

    customer: str


@frozen(kw_only=True)
class DebtRescheduled(Event):
    """What was open of a receivable has new due dates. The subject is the rescheduling."""

    customer: str
    receivable: str


@frozen(kw_only=True)
class InvoiceRecorded(Event):
    """The host has issued an invoice, or a red letter. The subject is the invoice."""

    customer: str


@frozen(kw_only=True)
class RefundPaid(Event):
    """What was on account of a customer was paid back. The subject is the refund."""

    customer: str


@frozen(kw_only=True)
class RefundUndone(Event):
    """A refund was undone: the money is on account again. The subject is the refund."""

    customer: str


EVENTS = (
    RefundPaid,
    RefundUndone,
    ScheduleCreated,
    ScheduleCancelled,
    ReceiptRegistered,
    ReceiptAllocated,
    AllocationsUndone,
    ReceiptReversed,
    DifferenceWrittenOff,
    WriteOffReversed,
    PaymentPromised,
    PromiseWithdrawn,
    DisputeOpened,
    DisputeResolved,
    CreditNoteIssued,
    CreditNoteApplied,
    CreditNoteReversed,
    BillReceived,
    BillMoved,
    BillDishonoured,
    DebtRescheduled,
    InvoiceRecorded,
)
