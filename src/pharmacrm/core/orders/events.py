"""What happens to orders, slips and lots."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class OrderSubmitted(Event):
    """An order was handed in and waits for its release."""

    buyer: str


@frozen(kw_only=True)
class OrderAmended(Event):
    """An order has new contents; its release begins anew."""

    buyer: str
    revision: int


@frozen(kw_only=True)
class OrderReleased(Event):
    """An order may be shipped: all signatures before the warehouse's are there."""

    buyer: str


@frozen(kw_only=True)
class OrderRejected(Event):
    """An order was rejected in its release."""

    buyer: str


@frozen(kw_only=True)
class OrderWithdrawn(Event):
    """Its requester took an order out of its release."""

    buyer: str


@frozen(kw_only=True)
class OrderCancelled(Event):
    """An order was cancelled before anything was shipped."""

    buyer: str


@frozen(kw_only=True)
class OrderClosed(Event):
    """Nothing more will be shipped of an order."""

    buyer: str


@frozen(kw_only=True)
class OrderReopened(Event):
    """A closed order may ship what was left of it. The subject is the order."""

    buyer: str


@frozen(kw_only=True)
class GoodsIssued(Event):
    """A slip was issued: goods left the warehouse. The subject is the slip."""

    order: str
    buyer: str


@frozen(kw_only=True)
class GoodsAccepted(Event):
    """The customer has accepted the goods of a slip after looking at them. The subject is the slip."""

    order: str
    buyer: str


@frozen(kw_only=True)
class DateCorrected(Event):
    """The day of an acceptance or a statement was put right. The subject is the slip, or the statement."""

    event: str
    old: str
    new: str


@frozen(kw_only=True)
class AccountStated(Event):
    """A statement of account was agreed on with a customer. The subject is the statement."""

    customer: str


@frozen(kw_only=True)
class DeliveryConfirmed(Event):
    """The goods of a slip have arrived. The subject is the slip."""

    order: str
    buyer: str


@frozen(kw_only=True)
class LotRegistered(Event):
    """A lot is known from now on, or has another expiry. The subject is the lot."""

    product: str


@frozen(kw_only=True)
class LotHeld(Event):
    """A lot must not be shipped from now on. The subject is the lot."""

    product: str


@frozen(kw_only=True)
class LotReleased(Event):
    """A held lot may be shipped again. The subject is the lot."""

    product: str


@frozen(kw_only=True)
class ReturnAccepted(Event):
    """Goods of a slip came back. The subject is the return."""

    order: str
    buyer: str


@frozen(kw_only=True)
class ReturnUndone(Event):
    """A return was undone: its goods never came back. The subject is the return."""

    order: str
    buyer: str


@frozen(kw_only=True)
class ReturnInspected(Event):
    """Quality has looked at goods that came back. The subject is the return."""

    order: str
    buyer: str


EVENTS = (
    OrderSubmitted,
    OrderAmended,
    OrderReleased,
    OrderRejected,
    OrderCancelled,
    OrderClosed,
    OrderReopened,
    GoodsIssued,
    DeliveryConfirmed,
    GoodsAccepted,
    AccountStated,
    DateCorrected,
    LotRegistered,
    LotHeld,
    LotReleased,
    ReturnAccepted,
    ReturnInspected,
    ReturnUndone,
)
