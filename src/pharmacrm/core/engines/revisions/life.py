"""The life of a document: its states, the ways between them, and what its approval makes of it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from attrs import field, frozen

from pharmacrm.core.engines.approval.model import CaseState
from pharmacrm.core.engines.revisions.reasons import (
    DOCUMENT_CONFLICT,
    DOCUMENT_EXISTS,
    DOCUMENT_STATE,
    NOT_YOURS,
)
from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.reason import Reason

State = TypeVar("State", bound=StrEnum)
State_co = TypeVar("State_co", bound=StrEnum, covariant=True)


class Revised(Protocol[State_co]):
    """A document that is revised and approved, whatever it says."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def requester(self) -> str:
        """The user who made it."""

    @property
    def revision(self) -> int:
        """The number of its revision, from 1."""

    @property
    def content(self) -> str:
        """The digest of what it says."""

    @property
    def state(self) -> State_co:
        """Where it stands."""


D = TypeVar("D", bound=Revised[StrEnum])


@frozen(kw_only=True)
class Life(Generic[State]):
    """Where documents of a kind may go from where they stand, and the four states that an approval gives."""

    ways: Mapping[State, frozenset[State]]
    draft: State
    in_approval: State
    approved: State
    rejected: State
    _of_request: Mapping[CaseState, State] = field(init=False, repr=False)

    @_of_request.default
    def _states_of_requests(self) -> Mapping[CaseState, State]:
        return {
            CaseState.PENDING: self.in_approval,
            CaseState.APPROVED: self.approved,
            CaseState.REJECTED: self.rejected,
            CaseState.RETURNED: self.draft,
            CaseState.WITHDRAWN: self.draft,
        }

    def may_become(self, document: Revised[State], wanted: State) -> tuple[Reason, ...]:
        """Say why a document cannot go to a state (`document.state`), or nothing."""
        if wanted in self.ways[document.state]:
            return ()
        return (DOCUMENT_STATE(document.id, field="state", observed=document.state, expected=wanted),)

    def may_be_handed_in(self, document: Revised[State], *, by: str, field: str) -> tuple[Reason, ...]:
        """Say why somebody cannot hand a document in: only its requester can, and what no route has yet."""
        found = [] if by == document.requester else [NOT_YOURS(document.id, field=field)]
        if document.state not in {self.draft, self.rejected}:
            wanted = self.in_approval
            found.append(DOCUMENT_STATE(document.id, field="state", observed=document.state, expected=wanted))
        return tuple(found)

    def as_requested(self, state: CaseState) -> State:
        """What a document is while its request for approval is in a state."""
        return self._of_request[state]

    def moved_by(self, document: Revised[State], request: CaseState, content: str) -> State | None:
        """Where a request takes a document in approval; None if nowhere, as one for other content does."""
        wanted = self.as_requested(request)
        waits = document.state is self.in_approval and document.content == content
        return wanted if waits and wanted is not document.state else None


def made_again(made: D, wanted: D) -> Decision[D]:
    """A document made again under its id: the same content is the same document, another is refused."""
    if (made.revision, made.requester, made.content) == (1, wanted.requester, wanted.content):
        return accept(made, DOCUMENT_EXISTS(made.id, field="id"))
    return refuse(DOCUMENT_CONFLICT(made.id, field="id"))
