"""How a document of the library meets its approval: handed in, handed in again, and told how it ended.

A flow makes a `Document` of its record, opens a request for it, and registers what becomes of the record as a
completion: `Domain(following=(follows(DocumentKind.QUOTE, settle),))`. Whichever way a request then moves (a
vote, many votes, a lapse of time, an override, a withdrawal), the record moves with it in the same flush.
"""

from collections.abc import Callable, Sequence
from typing import Any

from pharmacrm.core.engines.approval.routes.definition import Route
from pharmacrm.core.engines.approval.routes.model import ApprovalRequest
from pharmacrm.core.engines.approval.routes.moving import Case
from pharmacrm.core.engines.approval.routes.planning import Document
from pharmacrm.core.engines.approval.routes.submitting import change, submit
from pharmacrm.core.flows.appointing import planned
from pharmacrm.core.flows.cases import working_time
from pharmacrm.core.flows.routing import as_declared, chosen_route
from pharmacrm.core.kernel.change import Save
from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.domain import Completion
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.record import Record
from pharmacrm.core.values.document_kinds import DocumentKind

Settle = Callable[[ApprovalRequest, Reads], Decision[Any]]
"""What becomes of a document as its request moves; it adds changes and events, and never refuses."""


def open_request(
    document: Document, read: Reads, *, route: str = "", comment: str = ""
) -> Decision[ApprovalRequest]:
    """Open a request for a document: on the named route, or on the one of its kind that fits.

    Read are the routes, the people whom they name, and the document's earlier requests.
    """
    chosen = chosen_route(route, document, read)
    if chosen.value is None:
        return refuse(*chosen.reasons)
    earlier = read.find(ApprovalRequest, eq("subject", document.subject))
    return open_request_on(chosen.value, document, earlier, read, comment=comment)


def open_request_on(
    route: Route,
    document: Document,
    earlier: Sequence[ApprovalRequest],
    read: Reads,
    *,
    comment: str = "",
) -> Decision[ApprovalRequest]:
    """Open a request on a route that was chosen; `earlier` are the document's requests so far."""
    seen = as_declared(route, document)
    return submit(
        route,
        planned(route, seen, read),
        seen,
        earlier=earlier,
        at=read.at,
        work=working_time(read),
        comment=comment,
    )


def update_request(
    case: Case, document: Document, read: Reads, *, comment: str = ""
) -> Decision[ApprovalRequest]:
    """Show what a document has become to the route that it is on: its approvers are found again."""
    seen = as_declared(case.route, document)
    return change(case, planned(case.route, seen, read), seen, by=read.actor, at=read.at, comment=comment)


def follows(
    kind: DocumentKind | str, settle: Settle, *, unless_moved: type[Record] | None = None
) -> Completion:
    """Make the records of a kind follow their requests: `settle` sees each request that a command moves.

    The kind is one of the library, or any of the host's: `Domain(following=(follows("fund", settle),))`.

    A command that moves a request and its record at once has said itself where the record goes: records of
    the class `unless_moved` that a decision saves already are left to it.
    """

    def complete(decision: Decision[Any], read: Reads) -> Decision[Any]:
        saved = [change.entity for change in decision.changes if isinstance(change, Save)]
        if unless_moved is not None and any(isinstance(entity, unless_moved) for entity in saved):
            return decision
        moved = [one for one in saved if isinstance(one, ApprovalRequest) and one.kind == kind]
        if not moved:
            return decision
        return accept(decision.value, decision, *(settle(request, read) for request in moved))

    return complete
