"""Whatever moves the line of a member moves the line of the credit group, in the same flush (集团授信).

What other currencies count for is worked out before: a group counts in its one currency.
"""

from typing import Any

from attrs import evolve

from pharmacrm.core.credit import CreditGroup, CreditLine
from pharmacrm.core.credit.groups import additions, mirrored
from pharmacrm.core.flows.exchanging import exchanged
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Reads


def pooled(decision: Decision[Any], read: Reads) -> Decision[Any]:
    """A decision with the movements of groups beside those of their members."""
    beside = [
        mirrored(change, group)
        for change in additions(decision.changes)
        if (group := _group_of(read, change.id)) is not None
    ]
    return evolve(decision, changes=(*decision.changes, *beside)) if beside else decision


def _group_of(read: Reads, customer: str) -> CreditGroup | None:
    line = read.seek(CreditLine, customer)
    return read.get(CreditGroup, line.group) if line is not None and line.group else None


domain = Domain(name="pooling", completing=(exchanged, pooled), after=("*",))
"""Last of all: a group counts whatever moved the line of a member."""
