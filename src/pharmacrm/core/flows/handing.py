"""Documents of the library on their routes: handed in, shown again as they change, taken back as they end."""

import hashlib
from typing import Final

from pharmacrm.core.engines.approval.model import CaseState
from pharmacrm.core.engines.approval.routes.model import ApprovalRequest
from pharmacrm.core.engines.approval.routes.planning import Document
from pharmacrm.core.engines.approval.routes.submitting import OPEN, withdraw
from pharmacrm.core.flows.cases import read_case
from pharmacrm.core.flows.documents import open_request, update_request
from pharmacrm.core.kernel.decision import Decision, accept
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.values.document_kinds import DocumentKind

LONGEST_FIELD: Final = 2_000
"""Characters of a field that a route looks at."""


def _newest_request(read: Reads, document: str, kind: str) -> ApprovalRequest | None:
    """A document's newest request for approval, if it ever had one."""
    mine = eq("subject", document), eq("kind", kind)
    found = read.find(ApprovalRequest, *mine, order=("-number",), limit=1)
    return found[0] if found else None


def hand_in(
    document: Document, read: Reads, *, route: str = "", comment: str = ""
) -> Decision[ApprovalRequest]:
    """Hand a document in: one that was returned goes on in its request, any other opens a new one."""
    newest = _newest_request(read, document.subject, document.kind)
    if newest is not None and newest.state in OPEN:
        return update_request(
            read_case(read, document.subject, kind=document.kind), document, read, comment=comment
        )
    return open_request(document, read, route=route, comment=comment)


def show_again(document: Document, read: Reads, *, comment: str = "") -> Decision[ApprovalRequest] | None:
    """Show what a document has become to the route that it waits on or has passed; None if it is on none."""
    newest = _newest_request(read, document.subject, document.kind)
    if newest is None or newest.state not in {CaseState.PENDING, CaseState.APPROVED}:
        return None
    return update_request(
        read_case(read, document.subject, kind=document.kind), document, read, comment=comment
    )


def take_back(document: str, kind: DocumentKind, read: Reads) -> Decision[ApprovalRequest]:
    """End the request of a document that ends, in the name of its requester."""
    newest = _newest_request(read, document, kind)
    if newest is None or newest.state not in OPEN:
        return accept(None)
    return withdraw(read_case(read, document, kind=kind), by=newest.requester, at=read.at)


def as_field(text: str) -> str:
    """A text for a route to look at; of one that is too long for that its digest, so that a change shows."""
    return text if len(text) <= LONGEST_FIELD else hashlib.sha256(text.encode()).hexdigest()
