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


EVENTS = (
    ScheduleCreated,
    ScheduleCancelled,
    ReceiptRegistered,
    ReceiptAllocated,
    AllocationsUndone,
    ReceiptReversed,
)
