"""The story of documents on routes: published, handed in, decided, returned, overridden, lent to another."""

from datetime import timedelta

from pharmacrm.core.engines.approval.routes import Act
from pharmacrm.core.engines.approval.routes.approvers import ByRole
from pharmacrm.core.engines.approval.routes.definition import FollowUp, Route, Timeout
from pharmacrm.core.engines.approval.routes.definition import Step as RouteStep
from pharmacrm.core.engines.approval.routes.writing import route_text
from pharmacrm.core.flows.bulk import BulkItem, DecideMany
from pharmacrm.core.flows.delegating import DelegateAuthority, RevokeDelegation
from pharmacrm.core.flows.requests import (
    Decide,
    MigrateRequest,
    OverrideStep,
    ResubmitForApproval,
    SignFollowUp,
    SubmitForApproval,
    WithdrawRequest,
)
from pharmacrm.core.flows.routing import PublishRoute, RetireRoute
from pharmacrm.core.flows.timed.approvals import RingApproval
from pharmacrm.core.kernel.money import Money
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import ADMIN
from pharmacrm.testing.story.steps import FINANCE, LEAD, QUALITY, SALES, Step, after, day, due, later, said

CONTENT = "0" * 64


def a_route(version: int = 1, hours: int = 8) -> PublishRoute:
    """A route for gifts: a lead, then finance; the lead is reminded after a day."""
    route = Route(
        code="gift_cn",
        version=version,
        kind="gift",
        steps=(
            RouteStep("lead", "部门领导审核", (ByRole("lead"),), timeout=Timeout(remind=hours)),
            RouteStep("finance", "财务审核", (ByRole("finance"),)),
        ),
        after=(FollowUp("handover", "礼品移交签字", (ByRole("quality"),)),),
    )
    return PublishRoute(definition=route_text(route))


def a_gift(document: str) -> SubmitForApproval:
    """A gift that is handed in for approval."""
    return SubmitForApproval(
        document=document, kind="gift", content=CONTENT, amount=Money("180.00", "CNY"), comment="客户会议"
    )


def _absence(crm: PharmaCRM) -> DelegateAuthority:
    return DelegateAuthority(
        id="D-1",
        delegate=QUALITY,
        valid_from=day(crm),
        valid_to=day(crm) + timedelta(days=5),
        kinds=("gift",),
    )


def _two_days_later(crm: PharmaCRM) -> None:
    after((ADMIN, lambda _: a_route(3)), (SALES, lambda _: a_gift("G-9")))(crm)
    later(crm, 4)


APPROVING: tuple[Step, ...] = (
    said(ADMIN, a_route()),
    said(SALES, a_gift("G-1")),
    said(LEAD, Decide(document="G-1", act=Act.RETURN, comment="请补充说明")),
    said(SALES, ResubmitForApproval(document="G-1", content="1" * 64, amount=Money("150.00", "CNY"))),
    said(LEAD, DecideMany(documents=(BulkItem(document="G-1", seen="1" * 64),)), (SALES, a_gift("G-2"))),
    Step(LEAD, _absence),
    said(LEAD, RevokeDelegation(delegation="D-1")),
    said(ADMIN, MigrateRequest(document="G-1", route="gift_cn@2", comment="新制度"), (ADMIN, a_route(2, 16))),
    said(ADMIN, OverrideStep(document="G-2", step="lead", comment="总经理口头同意")),
    said(FINANCE, Decide(document="G-2", act=Act.APPROVE, seen=CONTENT)),
    said(QUALITY, SignFollowUp(document="G-2", step="handover", follows="G-2-1", content="2" * 64)),
    said(SALES, WithdrawRequest(document="G-3", comment="不需要了"), (SALES, a_gift("G-3"))),
    said(ADMIN, RetireRoute(code="gift_cn")),
)

OVERDUE: tuple[Step, ...] = (due(lambda _: RingApproval(document="G-9"), _two_days_later),)
"""What falls due of them: it comes last, because days pass in it."""
