"""The story of credit: limits that come and go, a group, a policy."""

from datetime import date, timedelta

from pharmacrm.core.credit import (
    CreditOutcome,
    EndCreditLimit,
    EndGroupLimit,
    GrantCreditLimit,
    GrantGroupLimit,
    JoinCreditGroup,
    LimitKind,
    Metric,
    OverdueGate,
    PolicyScope,
    SetCreditGroup,
    SetCreditLimit,
    SetCreditPolicy,
)
from pharmacrm.core.engines.approval.routes.approvers import ByRole
from pharmacrm.core.engines.approval.routes.definition import Route
from pharmacrm.core.engines.approval.routes.definition import Step as RouteStep
from pharmacrm.core.engines.approval.routes.writing import route_text
from pharmacrm.core.flows.collection import RegisterReceipt
from pharmacrm.core.flows.exchanging import RevalueCredit
from pharmacrm.core.flows.overriding import RequestOverride, RevokeOverride
from pharmacrm.core.flows.raising import RequestCreditLimit, RequestGroupLimit
from pharmacrm.core.flows.rechecking import RecheckCredit
from pharmacrm.core.flows.routing import PublishRoute
from pharmacrm.core.flows.timed import RefreshCreditLimit, RefreshGroupLimit
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.rates import RecordExchangeRate
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import ADMIN, an_order
from pharmacrm.testing.story.steps import FINANCE, SALES, Make, Step, after, day, due, later, said

_BASE = SetCreditLimit(customer="H-002", limit=Money("3000", "CNY"), reason="年度授信")


def _route(kind: str) -> PublishRoute:
    """A route of one step, by a lead."""
    step = RouteStep("lead", "部门领导审批", (ByRole("lead"),))
    return PublishRoute(definition=route_text(Route(code=f"{kind}_cn", version=1, kind=kind, steps=(step,))))


_REVALUE = RevalueCredit(customer="H-002", reason="月末重估")
_GATE = OverdueGate(metric=Metric.DAYS, outcome=CreditOutcome.HOLD, up_to=30)


def _raise(days: int) -> Make:
    """A temporary raise from today, so many days long."""
    return lambda crm: GrantCreditLimit(
        customer="H-002",
        kind=LimitKind.TEMPORARY,
        amount=Money("500", "CNY"),
        ends_on=day(crm) + timedelta(days),
        reason="备货",
    )


def _rate(rate: str) -> Make:
    """What a dollar is worth today."""
    return lambda crm: RecordExchangeRate(base="USD", quote="CNY", rate=rate, as_of=day(crm), source="外汇局")


def _dollars(crm: PharmaCRM) -> RegisterReceipt:
    """A customer pays in dollars."""
    amount = Money(100, "USD")
    name = "示例医院H-002"
    return RegisterReceipt(id="R-USD", payer="H-002", payer_name=name, amount=amount, value_date=day(crm))


def _group_limit(kind: LimitKind, ends_on: date | None = None) -> GrantGroupLimit:
    """A limit beside that of the group."""
    return GrantGroupLimit(
        group="G-1", kind=kind, amount=Money("600", "CNY"), ends_on=ends_on, reason="集团备货"
    )


def _group_raise_over(crm: PharmaCRM) -> None:
    after((FINANCE, lambda crm: _group_limit(LimitKind.TEMPORARY, day(crm, 1))))(crm)
    later(crm, 3)


def _raise_over(crm: PharmaCRM) -> None:
    after((FINANCE, _raise(1)))(crm)
    later(crm, 3)


CREDITING: tuple[Step, ...] = (
    Step(FINANCE, _raise(20), after((FINANCE, lambda _: _BASE))),
    said(FINANCE, EndCreditLimit(customer="H-002", number=2, reason="已备足")),
    said(FINANCE, SetCreditGroup(group="G-1", name="示例集团", limit=Money("9000", "CNY"), reason="授信")),
    said(FINANCE, _group_limit(LimitKind.INSURED)),
    said(FINANCE, EndGroupLimit(group="G-1", number=2, reason="保险到期")),
    said(FINANCE, JoinCreditGroup(customer="H-002", group="G-1", reason="同一集团")),
    said(FINANCE, SetCreditPolicy(scope=PolicyScope.GROUP, of="G-1", gates=(_GATE,), reason="逾期控制")),
    said(
        SALES,
        RecheckCredit(order="SO-6"),
        (SALES, an_order("SO-6", buyer="H-001", quantity=400_000)),
        (FINANCE, SetCreditLimit(customer="H-001", limit=Money("900000", "CNY"), reason="上调")),
    ),
    said(
        SALES,
        RequestOverride(order="SO-61", id="OV-1", reason="重点客户"),
        (ADMIN, _route("credit_override")),
        (SALES, an_order("SO-61", buyer="H-001", quantity=4000)),
    ),
    said(
        FINANCE,
        RequestCreditLimit(
            customer="H-002",
            id="LR-1",
            kind=LimitKind.INSURED,
            amount=Money("50000", "CNY"),
            reason="信用保险",
        ),
        (ADMIN, _route("credit_limit")),
    ),
    said(
        FINANCE,
        RequestGroupLimit(
            group="G-1", id="LR-2", kind=LimitKind.INSURED, amount=Money("70000", "CNY"), reason="信用保险"
        ),
    ),
    said(FINANCE, RevokeOverride(override="OV-1", reason="客户已付款")),
    Step(FINANCE, _rate("7.1024")),
    Step(FINANCE, lambda _: _REVALUE, after((FINANCE, _dollars), (FINANCE, _rate("7.2")))),
    due(lambda _: RefreshCreditLimit(customer="H-002"), _raise_over),
    due(lambda _: RefreshGroupLimit(group="G-1"), _group_raise_over),
)
