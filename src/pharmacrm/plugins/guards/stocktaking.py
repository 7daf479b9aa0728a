"""Nothing is ordered or shipped while stock is taken (盘点停单)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from pharmacrm.core.flows.placing import AmendOrder, PlaceOrder
from pharmacrm.core.flows.shipping import IssueSlip
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.reason import Reason, ReasonCode, Severity
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import CheckContext, RegisterContext

STOCKTAKING = ReasonCode(
    "stock.taken",
    Severity.BLOCK,
    "stock is taken on {observed}: nothing is ordered or shipped",
    "{observed} 盘点，停止接单和发货",
    remedy="give the command again on another day",
)


class Stocktaking:
    """Refuses orders, amendments and slips on the days when stock is taken: `Stocktaking(["2026-12-31"])`.

    The day is the business date of the command (`effective_at`). `commands` may name others instead.
    """

    PHARMACRM_API: ClassVar[tuple[int, int]] = (1, 0)

    def __init__(
        self,
        days: Iterable[date | str],
        *,
        commands: Sequence[type[Command[Any]]] = (PlaceOrder, AmendOrder, IssueSlip),
        name: str = "stocktaking",
    ) -> None:
        self.name = name
        self._days = frozenset(as_date(day) for day in days)
        self._commands = tuple(commands)

    @hookimpl
    def pharmacrm_register(self, context: RegisterContext) -> Domain:  # noqa: ARG002 - the hook's signature
        """Bring the reason code, so that it is known by name."""
        return Domain(name=self.name, reasons=(STOCKTAKING,))

    @hookimpl
    def pharmacrm_check(self, context: CheckContext) -> list[Reason]:
        """Refuse what must not happen on such a day."""
        if context.on not in self._days or type(context.command) not in self._commands:
            return []
        return [STOCKTAKING(context.command.subject, observed=context.on)]
