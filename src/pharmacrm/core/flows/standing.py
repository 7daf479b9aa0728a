"""What the questions about approvals answer with: items of an inbox, and where a document stands."""

from datetime import datetime
from enum import StrEnum

from attrs import frozen

from pharmacrm.core.engines.approval import CaseState, Eligibility


class Waiting(StrEnum):
    """What is wanted: a decision about a document, a hold's reason, or an answer."""

    APPROVAL = "approval"
    HOLD = "hold"
    QUESTION = "question"


@frozen(kw_only=True)
class InboxItem:
    """One thing that the actor can do now (待办).

    `waiting` says which command answers it: `approval`: `Decide`; `hold`: `PassHold`; `question`:
    `Decide(act="answer")`.
    `kind` is the kind of the document ("" of a hold), `step` the step, or the code of the hold; `id` is the
    request or the hold. `content` is the digest to hand back with the decision, so that it counts only for
    what was seen. `acting_for` names the person in whose name it can be done, where that is not the actor
    (甲代乙).
    """

    waiting: Waiting
    subject: str
    kind: str = ""
    step: str
    label_zh: str = ""
    id: str
    requester: str
    since: datetime
    content: str = ""
    acting_for: str = ""


@frozen(kw_only=True)
class OpenHold:
    """A hold that still stops the document, and who can pass it."""

    code: str
    may_pass: str
    persons: tuple[Eligibility, ...]


@frozen(kw_only=True)
class Standing:
    """Where a document stands: what it waits for, what is to come, who can act and why others cannot.

    Several steps that wait side by side stand in `stage`, with a comma between them.
    """

    subject: str
    case: str
    state: CaseState
    stage: str
    requester: str
    path: tuple[str, ...]
    persons: tuple[Eligibility, ...]
    holds: tuple[OpenHold, ...] = ()
