"""What stands around a customer's credit line when something is decided about it."""

from typing import Final

from attrs import frozen

from pharmacrm.core.credit.exposure import ExposurePart
from pharmacrm.core.credit.model import CreditGroup
from pharmacrm.core.credit.parts import ExposureKind, counted
from pharmacrm.core.credit.policy import HOUSE_RULES, CreditRules
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.values.exchange import Exchange


@frozen(kw_only=True)
class Surroundings:
    """The customer's group, the rules that hold, what overdue gates found, what another system counts.

    `asks` is the part that grows by what is asked for: open orders, or goods not invoiced yet as they leave.
    `passed` names the override that lets it through, for the journal. `exchange` says what an amount in
    another currency than the line's counts for.
    """

    group: CreditGroup | None = None
    rules: CreditRules = HOUSE_RULES
    gates: tuple[Reason, ...] = ()
    outside: tuple[ExposurePart, ...] = ()
    asks: ExposureKind = ExposureKind.OPEN_ORDERS
    passed: str = ""
    exchange: Exchange | None = None

    def more(self, amount: Money) -> Money:
        """What of an amount counts against the limit."""
        return amount if counted(self.asks, self.rules.parts) else Money.zero(amount.currency)


ALONE: Final = Surroundings()
"""A customer without group or policy."""
