"""What an approval chain (审批流) is: immutable data that a case pins by name and version."""

from enum import StrEnum

from attrs import frozen

from pharmacrm.core.kernel.words import Words


class Scope(StrEnum):
    """Which holders of a role may decide: all, or those of the requester's unit and of the units above it."""

    TENANT = "tenant"
    UNIT = "unit"


@frozen
class AtLeast:
    """So many different persons have to approve: 1 is any of them (或签)."""

    persons: int


@frozen
class All:
    """Everybody who may decide at that moment has to approve (会签)."""


Quorum = AtLeast | All
ANY = AtLeast(1)
ALL = All()


@frozen
class Meaning:
    """What a signature says, in both languages, as it stands in the trail (21 CFR 11.50)."""

    en: str
    zh: str


@frozen
class Stage:
    """One stage (审批环节): who decides, how many of them, and what their signature means."""

    name: str
    label_zh: str
    role: str
    meaning: Meaning
    quorum: Quorum = ANY
    scope: Scope = Scope.TENANT

    @property
    def label(self) -> Words:
        """The stage as a sentence names it."""
        return Words(self.name, self.label_zh)

    @property
    def refusal(self) -> Meaning:
        """What the signature of a rejection says."""
        return Meaning(f"rejected at stage {self.name}", f"{self.label_zh}：不同意")


SUBMISSION = "submission"
"""The name under which the requester's own signature stands; no stage may be called so."""


@frozen(kw_only=True)
class Chain:
    """A chain of stages, decided one after the other; a rejection ends it.

    `after` names signatures that are wanted once the chain is approved, one for each document that follows
    (出库单). `exclude_requester`: nobody decides the own document. `distinct_persons`: nobody signs at two
    stages of one round.
    """

    code: str
    version: int
    stages: tuple[Stage, ...]
    after: tuple[Stage, ...] = ()
    submission: Meaning = Meaning("submitted for approval", "提交审批")
    exclude_requester: bool = True
    distinct_persons: bool = True

    @property
    def name(self) -> str:
        """Code and version as a case pins them, such as release_cn@1."""
        return f"{self.code}@{self.version}"

    def index(self, stage: str) -> int | None:
        """The place of a stage in the chain, counted from 0, or None if it has no such stage."""
        return next((place for place, found in enumerate(self.stages) if found.name == stage), None)

    def label(self, stage: str) -> Words:
        """A stage as a sentence names it; one that the chain does not have keeps its name."""
        known = {found.name: found.label for found in (*self.stages, *self.after)}
        return known.get(stage, Words(stage, stage))
