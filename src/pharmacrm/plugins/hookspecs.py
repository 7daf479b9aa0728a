"""Every hook of pharmacrm. Each takes one frozen context object, which may grow; the signature does not.

A plugin is a module or an object whose functions carry `@hookimpl` and these names. It may say `name`, and
which API it was written for: `PHARMACRM_API = (1, 0)`.
"""

from collections.abc import Sequence

import pluggy

from pharmacrm.core.kernel.appointing import Appointed
from pharmacrm.core.kernel.calendar import WorkCalendar
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.seal import Anchor
from pharmacrm.core.kernel.signing import NotSigned, Signed
from pharmacrm.core.kernel.store import Store
from pharmacrm.plugins.types import (
    AnchorContext,
    AnchoredContext,
    ApproversContext,
    CalendarContext,
    CheckContext,
    DeliverContext,
    FaultContext,
    PullContext,
    Pulled,
    RegisterContext,
    Result,
    RetryAfter,
    SignatureContext,
    StoreContext,
)

API = (1, 0)
"""(major, minor): a plugin for another major, or for a later minor, is not loaded."""

hookspec = pluggy.HookspecMarker("pharmacrm")
hookimpl = pluggy.HookimplMarker("pharmacrm")


@hookspec
def pharmacrm_register(context: RegisterContext) -> Domain | Sequence[Domain]:
    """Bring records, commands, questions, events, reason codes and rights; called as the door opens."""
    raise NotImplementedError  # a specification: pluggy reads its form, and calls the plugins' functions


@hookspec(firstresult=True)
def pharmacrm_store(context: StoreContext) -> Store | None:
    """Give the store for a URL, or None to leave it to the next plugin."""


@hookspec
def pharmacrm_check(context: CheckContext) -> Sequence[Reason] | None:
    """Guard a command before anything is written; all guards are asked and their reasons added up.

    A guard that raises, answers with another type or has another signature holds the command
    (`plugin.fault`).
    """


@hookspec
def pharmacrm_deliver(context: DeliverContext) -> Result:
    """Carry one notice from the outbox into the world, at least once and in order per subject.

    The plugin says in `topics` which events it wants (default: all). It answers Delivered, RetryAfter or
    Reject.
    """
    raise NotImplementedError  # a specification: pluggy reads its form, and calls the plugins' functions


@hookspec
def pharmacrm_pull(context: PullContext) -> Pulled | RetryAfter:
    """Give what another system has for us after a cursor; only the plugin that `crm.pull` names is asked.

    What was answered may be asked for again: ids of items stay the same, and nothing is thrown away before
    its cursor comes back.
    """
    raise NotImplementedError  # a specification: pluggy reads its form, and calls the plugins' functions


@hookspec(firstresult=True)
def pharmacrm_calendar(context: CalendarContext) -> WorkCalendar | None:
    """Give the work calendar of a name, or None to leave it to the next plugin."""


@hookspec(firstresult=True)
def pharmacrm_approvers(context: ApproversContext) -> Appointed | None:
    """Say who `{"plugin": word}` of an approval route is for a document, or None to leave it to the next.

    A plugin that fails is not passed over: the document is refused (`approval.approvers_unknown`).
    """


@hookspec(firstresult=True)
def pharmacrm_signature(context: SignatureContext) -> Signed | NotSigned | None:
    """Confirm the electronic signature of a vote, or None to leave the person to the next plugin.

    A plugin that fails is not passed over: the vote is refused (`approval.signature_unconfirmed`).
    """


@hookspec
def pharmacrm_fault(context: FaultContext) -> None:
    """Hear of a fault of any plugin, for the host's own monitoring."""


@hookspec
def pharmacrm_anchor(context: AnchorContext) -> None:
    """Keep a seal where the database's administrators cannot reach it, and return once it is safe.

    Seals come in order; one that raises comes again, and may have been kept already.
    """


@hookspec
def pharmacrm_anchored(context: AnchoredContext) -> Sequence[Anchor]:
    """Give back every anchor kept for a tenant, oldest first, for `crm.verify()` to compare."""
    raise NotImplementedError  # a specification: pluggy reads its form, and calls the plugins' functions
