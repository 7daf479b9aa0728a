"""One trial for each hook: a plugin with this hook alone, which does to it what it is told.

A new hook is one line in `TRIALS`; the test of the list then says which of its 81 entries it still wants.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from attrs import frozen

from pharmacrm.core.kernel.appointing import Appointed
from pharmacrm.core.kernel.calendar import WorkCalendar
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.seal import Anchor
from pharmacrm.core.kernel.signing import NotSigned, Signed
from pharmacrm.plugins.types import Delivered, Pulled, Reject, RetryAfter
from tests.plugins.hostile import Carrier, Guard
from tests.plugins.one_hook import (
    Anchorer,
    Calendars,
    Keeper,
    Listener,
    Namer,
    Registrar,
    Signatory,
    Source,
    Storer,
)

Behave = Callable[[Any], Any]


@frozen
class Trial:
    """A hook: how a plugin for it is made, what its answer is made of, and a right answer.

    `in_door` says whether it is asked once the door is open; `holds` whether a fault of it holds a command.
    """

    plugin: Callable[[Behave], object]
    made_of: tuple[type, ...]
    right: Callable[[], Any]
    in_door: bool = True
    holds: bool = False

    def answer(self, _: object) -> Any:
        """Behave rightly."""
        return self.right()


def _anchor() -> Anchor:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    return Anchor(
        tenant="main",
        seal=1,
        first=1,
        count=1,
        root="r",
        digest="d",
        previous="",
        newest=at,
        durability="full",
        simulated=True,
        made_at=at,
    )


TRIALS: dict[str, Trial] = {
    "pharmacrm_register": Trial(Registrar, (Domain,), lambda: Domain(name="one"), in_door=False),
    "pharmacrm_store": Trial(Storer, (), lambda: None, in_door=False),
    "pharmacrm_check": Trial(
        Guard, (Reason,), lambda: [Reason(code="a.b", severity=Severity.WARN)], holds=True
    ),
    "pharmacrm_deliver": Trial(Carrier, (RetryAfter, Delivered, Reject), lambda: RetryAfter(60, "later")),
    "pharmacrm_calendar": Trial(Calendars, (WorkCalendar,), lambda: WorkCalendar("weekends")),
    "pharmacrm_approvers": Trial(Namer, (Appointed,), lambda: Appointed(("zhao.liu", "qian.qi"))),
    "pharmacrm_signature": Trial(
        Signatory, (Signed, NotSigned), lambda: Signed("CA", "ref-1", "SM2", "cert-1")
    ),
    "pharmacrm_fault": Trial(Listener, (), lambda: None),
    "pharmacrm_pull": Trial(Source, (Pulled,), lambda: Pulled(items=(), cursor="")),
    "pharmacrm_anchor": Trial(Anchorer, (), lambda: None),
    "pharmacrm_anchored": Trial(Keeper, (Anchor,), lambda: [_anchor()]),
}
