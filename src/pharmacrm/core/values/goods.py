"""What the rules about licences have to know of a product, without knowing the catalogue."""

from datetime import date

from attrs import frozen

from pharmacrm.core.values.trade import RxStatus, SpecialControl


@frozen(kw_only=True)
class Goods:
    """A product as it stands on an order line, for checks of the buyer (R-05, R-30, R-31, R-34).

    `category` is a scope code of the policy pack (`chemical`, `biological`). `quantity` is in base units, 0
    where only the kind of goods matters; `smallest_pack` is the base units in the smallest pack sold.
    """

    product: str
    category: str = ""
    rx: RxStatus = RxStatus.RX
    special: SpecialControl = SpecialControl.NONE
    approval_number: str = ""
    approval_valid_until: date | None = None
    quantity: int = 0
    smallest_pack: int = 1

    @property
    def is_drug(self) -> bool:
        """Whether the law of drugs applies to it."""
        return self.rx.is_drug
