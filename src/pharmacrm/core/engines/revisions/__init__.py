"""Revisions (修订): what a document says, frozen each time it changes, and what changed between two of them.

One engine for every document that is revised: quotes (报价单) and purchase orders (采购订单). Everything is a
pure function of plain values; `compare` and `apply` are each other's way back.
"""

from pharmacrm.core.engines.revisions.comparing import (
    Difference,
    FieldChange,
    LineChange,
    LineFate,
    apply,
    compare,
    reverse,
)
from pharmacrm.core.engines.revisions.life import Life, made_again
from pharmacrm.core.engines.revisions.model import Cell, Revision, Row, Snapshot, frozen_as, revision_id
from pharmacrm.core.engines.revisions.numbering import numbered
from pharmacrm.core.engines.revisions.reasons import (
    DOCUMENT_CONFLICT,
    DOCUMENT_EXISTS,
    DOCUMENT_STATE,
    NOT_YOURS,
    NOT_YOURS_TO_CANCEL,
    REASONS,
    UNCHANGED,
)

__all__ = [
    "DOCUMENT_CONFLICT",
    "DOCUMENT_EXISTS",
    "DOCUMENT_STATE",
    "NOT_YOURS",
    "NOT_YOURS_TO_CANCEL",
    "REASONS",
    "UNCHANGED",
    "Cell",
    "Difference",
    "FieldChange",
    "Life",
    "LineChange",
    "LineFate",
    "Revision",
    "Row",
    "Snapshot",
    "apply",
    "compare",
    "frozen_as",
    "made_again",
    "numbered",
    "reverse",
    "revision_id",
]
