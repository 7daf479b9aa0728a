"""Taking in (接口入账) from other systems: cursors, what each document brought, and the quarantine."""

from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.pull.commands import DismissItem, RecordPull, RetryItem, SetItemAside, SettleItem
from pharmacrm.core.pull.events import DocumentTakenIn, ItemSetAside
from pharmacrm.core.pull.handlers import HANDLERS
from pharmacrm.core.pull.model import (
    AsideState,
    PullCursor,
    PullRun,
    QuarantinedItem,
    Sum,
    Totals,
    item_key,
)
from pharmacrm.core.pull.questions import Aside, Quarantine, Reconciled, Reconciliation
from pharmacrm.core.pull.reasons import REASONS

_ASKING = (PullRun, PullCursor, Quarantine, Reconciliation)
_MENDING = (*_ASKING, RetryItem, DismissItem)

domain = Domain(
    name="pull",
    records=(PullCursor, PullRun, QuarantinedItem),
    handlers=HANDLERS,
    events=(ItemSetAside, DocumentTakenIn),
    reasons=REASONS,
    rights={
        # The system writes down what came, so that no account can claim to have read further than it has.
        "system": (RecordPull, SetItemAside, SettleItem),
        "erp": (PullCursor,),
        "finance": _MENDING,
        "admin": (*_MENDING, QuarantinedItem),
        "auditor": (*_ASKING, QuarantinedItem),
    },
)

__all__ = [
    "Aside",
    "AsideState",
    "DismissItem",
    "DocumentTakenIn",
    "ItemSetAside",
    "PullCursor",
    "PullRun",
    "Quarantine",
    "QuarantinedItem",
    "Reconciled",
    "Reconciliation",
    "RecordPull",
    "RetryItem",
    "SetItemAside",
    "SettleItem",
    "Sum",
    "Totals",
    "domain",
    "item_key",
]
