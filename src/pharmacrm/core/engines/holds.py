"""Holds (暂挂): an APPROVE reason as a record that stops the next step until a named person passes it.

A hold is not a state of the document. It is placed in the decision that covers the reason, and whoever stores
it also saves or touches the document, so that its version tells of the new hold.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from attrs import evolve, frozen

from pharmacrm.core.engines.approval.people import SYSTEM, Person
from pharmacrm.core.kernel.change import Event
from pharmacrm.core.kernel.dates import as_instant
from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.ids import as_text
from pharmacrm.core.kernel.reason import Reason, ReasonCode, Severity, in_order
from pharmacrm.core.kernel.record import Column, Personal, Record
from pharmacrm.core.values.roles import role_name

LONGEST: Final = 200
LONGEST_REASON: Final = 2_000


class HoldState(StrEnum):
    """Whether a hold still stops the document: OPEN does, RELEASED was passed, VOID lost its ground."""

    OPEN = "open"
    RELEASED = "released"
    VOID = "void"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _HOLD_STATE_ZH[self]


_HOLD_STATE_ZH = {
    HoldState.OPEN: "待处理",
    HoldState.RELEASED: "已放行",
    HoldState.VOID: "已作废",
}


@frozen(kw_only=True)
class Hold(Record):
    """One reason that stops one revision of a document; the id is `{subject}/hold/{revision}/{code}`.

    `may_pass` is the role that may pass it, but neither `requester`, whose document it is, nor `placed_by`,
    whose act was held. `reason` is why it was passed.
    """

    subject: Annotated[str, Column(index=True, zh="单据")]
    revision: Annotated[int, Column(zh="版次")]
    code: Annotated[str, Column(length=100, zh="原因代码")]
    state: Annotated[HoldState, Column(length=16, zh="状态")] = HoldState.OPEN
    placed_by: Annotated[str, Column(length=64, zh="暂挂人")]
    placed_at: Annotated[datetime, Column(index=True, zh="暂挂时间")]
    requester: Annotated[str, Column(length=64, zh="提交人")]
    may_pass: Annotated[str, Column(length=48, index=True, zh="放行角色")]
    observed: Annotated[str, Column(length=LONGEST, zh="实际")] = ""
    expected: Annotated[str, Column(length=LONGEST, zh="要求")] = ""
    released_by: Annotated[str | None, Column(length=64, zh="放行人")] = None
    released_at: Annotated[datetime | None, Column(zh="放行时间")] = None
    reason: Annotated[str, Column(length=LONGEST_REASON, zh="放行理由"), Personal("approval trail")] = ""


@frozen(kw_only=True)
class HoldPlaced(Event):
    """A document was stopped: holders of the role may pass it."""

    hold: str
    code: str
    role: str


@frozen(kw_only=True)
class HoldReleased(Event):
    """A hold was passed by a person."""

    hold: str
    code: str
    person: str


EVENTS = (HoldPlaced, HoldReleased)

OPEN_HOLD = ReasonCode(
    "hold.open",
    Severity.BLOCK,
    "{subject} is on hold: {observed}, role {expected} may pass it",
    "{subject} 被暂挂（{observed}），须由 {expected} 放行",
)
NOT_OPEN = ReasonCode(
    "hold.not_open",
    Severity.BLOCK,
    "the hold on {subject} is {observed} already",
    "{subject} 的暂挂已结束：{observed}",
)
NOT_YOUR_ROLE = ReasonCode(
    "hold.not_your_role",
    Severity.BLOCK,
    "the hold {observed} on {subject} wants role {expected}",
    "{subject} 的暂挂（{observed}）须由 {expected} 放行",
)
OWN_DOCUMENT = ReasonCode(
    "hold.own_document",
    Severity.BLOCK,
    "the requester of {subject} cannot pass its hold {observed}",
    "提交人不能放行自己提交的 {subject} 的暂挂（{observed}）",
)
REASON_MISSING = ReasonCode(
    "hold.reason_missing",
    Severity.BLOCK,
    "passing the hold on {subject} needs a reason",
    "放行 {subject} 的暂挂须填写理由",
)
REASONS = (OPEN_HOLD, NOT_OPEN, NOT_YOUR_ROLE, OWN_DOCUMENT, REASON_MISSING)


def hold_id(subject: str, revision: int, code: str) -> str:
    """The id of a hold: a document has one for each code and revision."""
    return f"{subject}/hold/{revision}/{code}"


def hold(
    *found: Reason, subject: str, revision: int, by: str, at: datetime, role: str, requester: str = ""
) -> Decision[None]:
    """Cover APPROVE reasons with holds that this role may pass; every other reason is only passed on.

    Reasons of one code (one for each line, say) make one hold: put them into one call. `by` is the actor
    whose act is held, `requester` the document's, if it is somebody else.
    """
    if type(role) is not str or not role:
        raise MalformedInput("hold.role", "a hold names the role that may pass it", field="role", value=role)
    holds = [
        Hold(
            id=hold_id(subject, revision, code),
            subject=subject,
            revision=revision,
            code=code,
            placed_by=by,
            placed_at=as_instant(at),
            requester=requester or by,
            may_pass=role,
            observed=_joined(reason.observed for reason in same),
            expected=_joined(reason.expected for reason in same),
        )
        for code, same in _by_code(found).items()
    ]
    told = [HoldPlaced(subject=subject, hold=placed.id, code=placed.code, role=role) for placed in holds]
    covered = tuple(reason for same in _by_code(found).values() for reason in same)
    return accept(None, found, save(*holds), tell(*told), Decision(covered=covered))


def may_pass(hold: Hold, person: Person) -> tuple[Reason, ...]:
    """Give every reason why a person cannot pass a hold; empty means: can."""
    return in_order(_against(hold, person))


def pass_hold(hold: Hold, person: Person, reason: str, *, at: datetime) -> Decision[Hold]:
    """Pass a hold (放行) with a reason, as somebody of its role whose own act it does not hold.

    Raises:
        MalformedInput: the reason cannot be text (`text.*`).

    """
    why = as_text(reason, LONGEST_REASON, multiline=True) if reason != "" else ""
    missing = () if why else (REASON_MISSING(hold.subject, field="reason"),)
    released = evolve(
        hold, state=HoldState.RELEASED, released_by=person.id, released_at=as_instant(at), reason=why
    )
    told = HoldReleased(subject=hold.subject, hold=hold.id, code=hold.code, person=person.id)
    return accept(released, may_pass(hold, person), missing, save(released), tell(told))


def void_holds(holds: Iterable[Hold]) -> Decision[None]:
    """End the open holds of a document that was changed, rejected or cancelled: nothing is left to pass."""
    return save(*(evolve(hold, state=HoldState.VOID) for hold in holds if hold.state is HoldState.OPEN))


def open_holds_block(holds: Iterable[Hold]) -> tuple[Reason, ...]:
    """One blocking reason for each hold that is still open, with its code as what was observed."""
    return tuple(
        OPEN_HOLD(hold.subject, field=hold.code, observed=hold.code, expected=role_name(hold.may_pass))
        for hold in holds
        if hold.state is HoldState.OPEN
    )


def _against(hold: Hold, person: Person) -> Iterator[Reason]:
    if hold.state is not HoldState.OPEN:
        yield NOT_OPEN(hold.subject, observed=hold.state)
    if person.id == SYSTEM or not person.active or hold.may_pass not in person.roles:
        yield NOT_YOUR_ROLE(hold.subject, observed=hold.code, expected=role_name(hold.may_pass))
    if person.id in {hold.placed_by, hold.requester}:
        yield OWN_DOCUMENT(hold.subject, observed=hold.code)


def _by_code(found: Iterable[Reason]) -> dict[str, list[Reason]]:
    grouped: dict[str, list[Reason]] = {}
    for reason in in_order(found):
        if reason.severity is Severity.APPROVE:
            grouped.setdefault(reason.code, []).append(reason)
    return grouped


def _joined(texts: Iterable[str]) -> str:
    text = "; ".join(dict.fromkeys(text for text in texts if text))
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
