"""Approval routes (审批流程): any document, through steps side by side or one after the other.

A route is data: `route_from` reads it, `check_route` names its mistakes, `drawing` shows it, `plan` says who
would decide a document. `submit`, `decide` and the others move a request; each answers with a `Decision`.
Everything is a pure function: no clock, no store, no code in definitions.
"""

from pharmacrm.core.engines.approval.routes.approvers import (
    Band,
    ByAuthority,
    ByField,
    ByManager,
    ByPlugin,
    ByRole,
    ByUser,
    Directory,
    Seat,
    Source,
)
from pharmacrm.core.engines.approval.routes.check import check_route
from pharmacrm.core.engines.approval.routes.choosing import choose
from pharmacrm.core.engines.approval.routes.conditions import AllOf, AnyOf, Comparison, Not, Where, met
from pharmacrm.core.engines.approval.routes.deciding import Act, Statement, decide, override
from pharmacrm.core.engines.approval.routes.definition import (
    Field,
    FollowUp,
    Guard,
    Lapse,
    Node,
    OnEmpty,
    OnReject,
    Parallel,
    Refusal,
    Route,
    Serial,
    Step,
    Timeout,
)
from pharmacrm.core.engines.approval.routes.delegations import Delegation, covers
from pharmacrm.core.engines.approval.routes.drawing import Look, drawing
from pharmacrm.core.engines.approval.routes.eligibility import Chance, chance, path
from pharmacrm.core.engines.approval.routes.facts import FieldKind
from pharmacrm.core.engines.approval.routes.following import Signing, counting, follow_up, may_follow_up
from pharmacrm.core.engines.approval.routes.hours import WorkingTime, after_hours
from pharmacrm.core.engines.approval.routes.inspection import Inspection, Shown, shown
from pharmacrm.core.engines.approval.routes.lapsing import ring
from pharmacrm.core.engines.approval.routes.model import (
    Action,
    Alarm,
    ApprovalMove,
    ApprovalRequest,
    ApprovalRoute,
    ApprovalSeat,
    Attachment,
    DocumentField,
    Errand,
    PlannedStep,
)
from pharmacrm.core.engines.approval.routes.moving import Case
from pharmacrm.core.engines.approval.routes.planning import Document, plan
from pharmacrm.core.engines.approval.routes.progress import Progress, progress
from pharmacrm.core.engines.approval.routes.quorum import (
    ANYONE,
    EVERYONE,
    Everyone,
    Percent,
    Persons,
    Points,
    Quorum,
)
from pharmacrm.core.engines.approval.routes.reading import read_route, route_from, route_from_text
from pharmacrm.core.engines.approval.routes.signing import Proof, Signable, signable, text_of
from pharmacrm.core.engines.approval.routes.sitting import in_whose_name
from pharmacrm.core.engines.approval.routes.submitting import change, migrate, submit, withdraw
from pharmacrm.core.engines.approval.routes.writing import route_plain, route_text

__all__ = [
    "ANYONE",
    "EVERYONE",
    "Act",
    "Action",
    "Alarm",
    "AllOf",
    "AnyOf",
    "ApprovalMove",
    "ApprovalRequest",
    "ApprovalRoute",
    "ApprovalSeat",
    "Attachment",
    "Band",
    "ByAuthority",
    "ByField",
    "ByManager",
    "ByPlugin",
    "ByRole",
    "ByUser",
    "Case",
    "Chance",
    "Comparison",
    "Delegation",
    "Directory",
    "Document",
    "DocumentField",
    "Errand",
    "Everyone",
    "Field",
    "FieldKind",
    "FollowUp",
    "Guard",
    "Inspection",
    "Lapse",
    "Look",
    "Node",
    "Not",
    "OnEmpty",
    "OnReject",
    "Parallel",
    "Percent",
    "Persons",
    "PlannedStep",
    "Points",
    "Progress",
    "Proof",
    "Quorum",
    "Refusal",
    "Route",
    "Seat",
    "Serial",
    "Shown",
    "Signable",
    "Signing",
    "Source",
    "Statement",
    "Step",
    "Timeout",
    "Where",
    "WorkingTime",
    "after_hours",
    "chance",
    "change",
    "check_route",
    "choose",
    "counting",
    "covers",
    "decide",
    "drawing",
    "follow_up",
    "in_whose_name",
    "may_follow_up",
    "met",
    "migrate",
    "override",
    "path",
    "plan",
    "progress",
    "read_route",
    "ring",
    "route_from",
    "route_from_text",
    "route_plain",
    "route_text",
    "shown",
    "signable",
    "submit",
    "text_of",
    "withdraw",
]
