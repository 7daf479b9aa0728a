"""What people want done with lots."""

from datetime import date
from typing import Annotated

from attrs import field, frozen

from pharmacrm.core.kernel.dates import as_validity_date
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.strict import Id, Limit, strict
from pharmacrm.core.orders.model import Lot, lot_id

Why = Annotated[str, Limit(500)]


@frozen(kw_only=True, field_transformer=strict)
class RegisterLot(Command[Lot]):
    """Register a lot of a product with its expiry (批号登记); registering again corrects the expiry."""

    product: Id
    lot: Id
    expires: date = field(converter=as_validity_date)

    @property
    def subject(self) -> str:
        """The id of the lot."""
        return lot_id(self.product, self.lot)


@frozen(kw_only=True, field_transformer=strict)
class HoldLot(Command[Lot]):
    """Stop a lot from being shipped (停售, 召回), for a stated reason."""

    product: Id
    lot: Id
    reason: Why

    @property
    def subject(self) -> str:
        """The id of the lot."""
        return lot_id(self.product, self.lot)


@frozen(kw_only=True, field_transformer=strict)
class ReleaseLot(Command[Lot]):
    """Let a held lot be shipped again (解除停售), for a stated reason."""

    product: Id
    lot: Id
    reason: Why

    @property
    def subject(self) -> str:
        """The id of the lot."""
        return lot_id(self.product, self.lot)
