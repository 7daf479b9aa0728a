"""Who acts in an approval and what they say: plain values, built by the flow from what it has read."""

from collections.abc import Mapping
from typing import Annotated, Final

from attrs import field, frozen

from pharmacrm.core.engines.approval.model import Evidence, Verdict
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.ids import as_id
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Limit, Name, strict

SYSTEM: Final = "system"
"""The actor of timed work, who never signs."""

Holders = Mapping[str, frozenset[str] | int]
"""For each stage, who may decide there: their ids, or how many there are besides the requester."""

NOBODY: Final[Holders] = {}


@frozen
class Person:
    """Somebody who may be asked to decide.

    `units` are those whose documents this person may decide where a stage wants the requester's unit: the own
    unit and every one below it (or, of these, only the ones that matter here).
    """

    id: str = field(converter=as_id)
    roles: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    active: bool = True


@frozen(kw_only=True, field_transformer=strict)
class Ballot:
    """What a person says: APPROVED or REJECTED, and about what.

    `content` is the digest of the document as it is now, `seen` the digest of what the person had before the
    eyes, if that is known. `stage` names the stage that the person means; None is the one that waits.
    """

    verdict: Verdict
    content: Name
    seen: Name | None = None
    stage: Name | None = None
    comment: Annotated[str, Limit(2_000, empty=True, multiline=True), Personal("approval trail")] = ""
    evidence: tuple[Evidence, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse a verdict that is no decision."""
        if self.verdict is Verdict.SUBMITTED:
            message = "one of approved, rejected is wanted"
            raise MalformedInput("choice.unknown", message, field="verdict", value=str(self.verdict))
