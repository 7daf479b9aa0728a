"""Who acts in an approval: plain values, built by the flow from what it has read."""

from typing import Final

from attrs import field, frozen

from pharmacrm.core.kernel.ids import as_id
from pharmacrm.core.kernel.reason import Reason

SYSTEM: Final = "system"
"""The actor of timed work, who never signs."""


@frozen
class Person:
    """Somebody who may be asked to decide.

    `units` are those whose documents this person may decide where a step wants the requester's unit: the own
    unit and every one below it (or, of these, only the ones that matter here).
    """

    id: str = field(converter=as_id)
    roles: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    active: bool = True


@frozen
class Eligibility:
    """Whether a person can act at a step now; if not, why."""

    person: str
    stage: str
    reasons: tuple[Reason, ...] = ()

    @property
    def can_act(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.reasons
