"""The trail of a document on its route: every round and move, drawn as it stands."""

from attrs import frozen

from pharmacrm.core import approvals
from pharmacrm.core.engines.approval.routes.drawing import Look, drawing
from pharmacrm.core.engines.approval.routes.following import counting
from pharmacrm.core.engines.approval.routes.model import ApprovalMove, ApprovalRequest
from pharmacrm.core.engines.approval.routes.moving import Case
from pharmacrm.core.flows.cases import read_case
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Question, Reads
from pharmacrm.core.kernel.query import eq, is_in
from pharmacrm.core.kernel.strict import Ref, strict


@frozen(kw_only=True)
class Trail:
    """All requests of a document, every move in all of them, and the newest one as a Mermaid diagram.

    `counting` are the ids of the moves that are signatures of the document as it is now, in their order.
    """

    requests: tuple[ApprovalRequest, ...]
    moves: tuple[ApprovalMove, ...]
    diagram: str
    counting: tuple[str, ...] = ()


@frozen(kw_only=True, field_transformer=strict)
class ApprovalTrail(Question[Trail]):
    """What has happened to a document on its way (审批轨迹): nothing of it is ever taken away."""

    document: Ref


@ApprovalTrail.handler
def on_approval_trail(question: ApprovalTrail, read: Reads) -> Trail:
    """Read every request of the document and every move."""
    case = read_case(read, question.document)
    requests = read.find(ApprovalRequest, eq("subject", question.document), order=("number",))
    moves = read.find(
        ApprovalMove, is_in("request", [one.id for one in requests]), order=("request", "number")
    )
    return Trail(
        requests=tuple(requests),
        moves=tuple(moves),
        diagram=drawing(case.route, looks(case)),
        counting=tuple(one.id for one in counting(case)),
    )


def looks(case: Case) -> dict[str, Look]:
    """Where each step of a request stands, for its drawing."""
    now = case.now
    found = {one.name: Look.SKIPPED for one in case.request.plan if one.skipped}
    found |= dict.fromkeys((step.name for step in now.waiting), Look.WAITING)
    found |= dict.fromkeys(now.passed, Look.PASSED)
    found |= dict.fromkeys(now.failed, Look.REJECTED)
    return found


domain = Domain(
    name="request_trail",
    handlers=(on_approval_trail,),
    rights=dict.fromkeys(approvals.ASKING, (ApprovalTrail,)),
)
