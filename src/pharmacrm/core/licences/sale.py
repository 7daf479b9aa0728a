"""The sale that is judged."""

from datetime import date

from attrs import frozen

from pharmacrm.core.values.trade import CustomerKind, PaymentMethod, SalesChannel


@frozen(kw_only=True)
class Sale:
    """What the rules look at: who buys, when, how it is sold and paid, and who orders for the buyer.

    `on` is the day of shipment, on which licences must be valid; agreement and letter must be on
    `ordered_on`. `purchaser` is the id of an authorisation, or ''. `identified`: a retail buyer's identity
    was checked.
    """

    buyer: str
    kind: CustomerKind
    on: date
    ordered_on: date
    channel: SalesChannel
    method: PaymentMethod
    purchaser: str = ""
    province: str = ""
    prescription: str = ""
    identified: bool = False

    @property
    def is_retail(self) -> bool:
        """Whether goods go to the public."""
        return self.kind is CustomerKind.CONSUMER or self.channel is SalesChannel.RETAIL

    @property
    def wants_licences(self) -> bool:
        """Whether the buyer has to be licensed: everybody but a consumer, and a consumer in wholesale too."""
        return self.kind is not CustomerKind.CONSUMER or self.channel is SalesChannel.OFFLINE
