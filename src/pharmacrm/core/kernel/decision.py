"""Decisions: the answer of a rule or a command, with its reasons and with what it wants stored."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Generic, TypeVar

from attrs import evolve, frozen

from pharmacrm.core.kernel.change import Add, Change, Event, Remove, Save, Touch
from pharmacrm.core.kernel.errors import Refused
from pharmacrm.core.kernel.reason import Reason, Severity, in_order, told
from pharmacrm.core.kernel.record import Entity, Part, Record

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Outcome(StrEnum):
    """What became of a command."""

    ALLOWED = "allowed"
    HELD = "held"
    REFUSED = "refused"

    @property
    def zh(self) -> str:
        """The Chinese word for it."""
        return {"allowed": "通过", "held": "暂挂", "refused": "拒绝"}[self]


@frozen(kw_only=True)
class Decision(Generic[T_co]):
    """An answer: ALLOWED, HELD (waits for a named person) or REFUSED, with every reason.

    `value` is the record as stored, or None when nothing was. `id` is the journal entry of the answer, once
    there is one; `case` the id of the held command that waits; `replayed` says that the answer was given
    before under the same key. A covered reason is one for which the rule itself stored a hold.
    """

    value: T_co | None = None
    reasons: tuple[Reason, ...] = ()
    changes: tuple[Change, ...] = ()
    events: tuple[Event, ...] = ()
    covered: tuple[Reason, ...] = ()
    id: str = ""
    case: str = ""
    replayed: bool = False

    @property
    def outcome(self) -> Outcome:
        """REFUSED if any reason blocks, HELD if any wants a person, else ALLOWED."""
        severities = {reason.severity for reason in self.reasons}
        if Severity.BLOCK in severities:
            return Outcome.REFUSED
        return Outcome.HELD if Severity.APPROVE in severities else Outcome.ALLOWED

    @property
    def allowed(self) -> bool:
        """Whether nothing blocks and nobody has to be asked; HELD is neither allowed nor refused."""
        return self.outcome is Outcome.ALLOWED

    @property
    def held(self) -> bool:
        """Whether it waits for a named person; what a flow could store is stored, under its holds."""
        return self.outcome is Outcome.HELD

    @property
    def refused(self) -> bool:
        """Whether nothing was stored because a reason blocks."""
        return self.outcome is Outcome.REFUSED

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, in order."""
        return tuple(reason.code for reason in self.reasons)

    @property
    def uncovered(self) -> tuple[Reason, ...]:
        """The APPROVE reasons for which no part of the decision stored a hold."""
        covered = {(reason.code, reason.subject, reason.field) for reason in self.covered}
        return tuple(
            reason
            for reason in self.reasons
            if reason.severity is Severity.APPROVE
            and (reason.code, reason.subject, reason.field) not in covered
        )

    def expect(self) -> T_co:
        """The value, for callers who want an exception instead of an answer: `Refused` when there is none."""
        if self.value is None or self.outcome is Outcome.REFUSED:
            code = self.reasons[0].code if self.reasons else "refused"
            raise Refused(code, self.explain() or "the command was refused")
        return self.value

    def __str__(self) -> str:
        """The outcome and every reason in English, as `explain` gives them."""
        return self.explain()

    def explain(self, language: str = "en") -> str:
        """The outcome and every reason, a line each; English but for `zh-CN`."""
        outcome = self.outcome.zh if language.startswith("zh") else self.outcome.upper()
        return "\n".join(filter(None, (outcome, told(self.reasons, language))))


Piece = Decision[Any] | Reason | Iterable[Reason]
"""What a decision is made of: other decisions, single reasons, or the reasons that a check found."""


def accept(value: T | None, *parts: Piece) -> Decision[T]:
    """Add up parts: every reason of every part is kept; value, changes and events only if none blocks.

    The value of a part that refuses is None, and may be given here as it is.
    """
    decisions = [_as_decision(part) for part in parts]
    reasons = in_order(reason for decision in decisions for reason in decision.reasons)
    if any(reason.severity is Severity.BLOCK for reason in reasons):
        return Decision(reasons=reasons)
    return Decision(
        value=value,
        reasons=reasons,
        changes=tuple(change for decision in decisions for change in decision.changes),
        events=tuple(event for decision in decisions for event in decision.events),
        covered=tuple(reason for decision in decisions for reason in decision.covered),
    )


def refuse(*reasons: Reason) -> Decision[Any]:
    """Nothing is stored, for these reasons."""
    return Decision(reasons=in_order(reasons))


def save(*entities: Entity) -> Decision[None]:
    """Store these records and parts: new ones are inserted, others updated where they differ."""
    return Decision(changes=tuple(Save(entity) for entity in entities))


def touch(record: Record, *, exact: bool = False) -> Decision[None]:
    """Raise the version of a record because a set that belongs to it changed.

    `exact` says that the decision rests on its counters as they were read: if one has moved, it is made anew.
    """
    return Decision(changes=(Touch(record, exact),))


def remove(*parts: Part) -> Decision[None]:
    """Take parts away from their parent."""
    return Decision(changes=tuple(Remove(part) for part in parts))


def add(addition: Add) -> Decision[None]:
    """Move counters within their bound."""
    return Decision(changes=(addition,))


def tell(*events: Event) -> Decision[None]:
    """Tell whoever listens, after the change is stored."""
    return Decision(events=events)


def _as_decision(part: Piece) -> Decision[Any]:
    if isinstance(part, Decision):
        return part
    if isinstance(part, Reason):
        return Decision(reasons=(part,))
    return Decision(reasons=tuple(part))


def without_effects(decision: Decision[T]) -> Decision[T]:
    """The answer alone, as it is handed to the caller."""
    return evolve(decision, changes=(), events=(), covered=())
