"""What happens to purchase orders and to the goods that arrive."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class PurchaseDrafted(Event):
    """A purchase order was made."""

    supplier: str


@frozen(kw_only=True)
class PurchaseRevised(Event):
    """A purchase order has a new revision."""

    supplier: str
    revision: int


@frozen(kw_only=True)
class PurchaseMoved(Event):
    """A purchase order came to another state: into approval, approved, received, closed and so on."""

    supplier: str
    state: str


@frozen(kw_only=True)
class PurchaseOrdered(Event):
    """A revision of a purchase order has gone to its supplier."""

    supplier: str
    revision: int


@frozen(kw_only=True)
class GoodsReceived(Event):
    """Goods of a purchase order have arrived. The subject is the goods receipt."""

    purchase: str
    supplier: str


EVENTS = (PurchaseDrafted, PurchaseRevised, PurchaseMoved, PurchaseOrdered, GoodsReceived)
