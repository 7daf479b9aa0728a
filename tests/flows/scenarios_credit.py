"""Scenarios of the reason codes of credit limits, groups, gates and overrides."""

from datetime import timedelta
from typing import Any

from attrs import evolve

from pharmacrm.core.credit import (
    CreditOutcome,
    EndCreditLimit,
    ExposureKind,
    GrantCreditLimit,
    GrantGroupLimit,
    JoinCreditGroup,
    LimitKind,
    Metric,
    OverdueGate,
    PartRule,
    PolicyScope,
    SetCreditGroup,
    SetCreditLimit,
    SetCreditPolicy,
)
from pharmacrm.core.flows.ending import CancelOrder
from pharmacrm.core.flows.overriding import RequestOverride
from pharmacrm.core.flows.raising import RequestCreditLimit
from pharmacrm.core.flows.rechecking import RecheckCredit
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.rates import RecordExchangeRate
from pharmacrm.crm import PharmaCRM
from tests.flows.house import (
    ADMIN,
    BUYER,
    FINANCE,
    LEAD,
    SALES,
    WAREHOUSE,
    amended,
    dollars,
    pass_days,
    rated,
    released,
    slip,
    today,
    worth,
    yuan,
)
from tests.flows.scenarios import after, met
from tests.flows.scenarios_approvals import published, said, step


def raised(crm: PharmaCRM, **more: Any) -> GrantCreditLimit:
    ends_on = crm.clock.now().date() + timedelta(days=30)
    fields: dict[str, Any] = {"kind": LimitKind.TEMPORARY, "amount": yuan(100), "ends_on": ends_on}
    return GrantCreditLimit(customer=BUYER, **(fields | more))


def policy(scope: PolicyScope = PolicyScope.TENANT, of: str = "", **said: Any) -> SetCreditPolicy:
    return SetCreditPolicy(scope=scope, of=of, reason="政策", **said)


def gate(outcome: CreditOutcome) -> SetCreditPolicy:
    return policy(gates=(OverdueGate(metric=Metric.COUNT, outcome=outcome),))


def owing(crm: PharmaCRM) -> None:
    """A debt that is overdue."""
    released(crm, "SO-1", 500, terms="net 30")
    crm.do(slip("SO-1", "OUT-1", 400), actor=WAREHOUSE).expect()
    pass_days(crm, 40)


@met("limit.overlap", "limit.dates", "limit.ended")
def _(crm: PharmaCRM) -> list[Reason]:
    end = EndCreditLimit(customer=BUYER, number=2, reason="终止")
    return after(
        crm,
        (raised(crm), FINANCE),
        (raised(crm), FINANCE),
        (raised(crm, ends_on="2020-01-01"), FINANCE),
        (end, FINANCE),
        (end, FINANCE),
    )


@met("credit.group_over_limit", "credit.group_blocked", "credit.group_currency")
def _(crm: PharmaCRM) -> list[Reason]:
    group = SetCreditGroup(group="G-1", name="集团", limit=yuan(100))
    dollars = SetCreditGroup(group="G-2", name="海外", limit=Money(100, "USD"))
    join = JoinCreditGroup(customer=BUYER, group="G-1", reason="集团")
    return after(
        crm,
        (group, FINANCE),
        (dollars, FINANCE),
        (join, FINANCE),
        (worth("SO-1", 500), SALES),
        (evolve(group, blocked=True), FINANCE),
        (worth("SO-2", 50), SALES),
        (evolve(join, group="G-2"), FINANCE),
    )


@met("credit.currency_mismatch")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(crm, (raised(crm, amount=Money(100, "USD")), FINANCE))


@met("credit.rate_missing", "credit.rate_stale", "rate.future")
def _(crm: PharmaCRM) -> list[Reason]:
    dollars(crm)
    tomorrow = RecordExchangeRate(base="USD", quote="CNY", rate="7", as_of=today(crm) + timedelta(1))
    found = after(crm, (worth("SO-1", 50, currency="USD"), SALES), (tomorrow, FINANCE))
    rated(crm, "7", days_ago=32)
    return [*found, *after(crm, (worth("SO-2", 50, currency="USD"), SALES))]


@met("limit.group_shares_none")
def _(crm: PharmaCRM) -> list[Reason]:
    more = GrantGroupLimit(group="G-1", kind=LimitKind.INSURED, amount=yuan(5), reason="保险")
    return after(crm, (SetCreditGroup(group="G-1", name="集团"), FINANCE), (more, FINANCE))


@met("credit.watch")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(crm, (policy(watch_from=1), FINANCE), (worth("SO-1", 1000), SALES))


@met("credit.overdue", "credit.override_required")
def _(crm: PharmaCRM) -> list[Reason]:
    owing(crm)
    return after(
        crm,
        (gate(CreditOutcome.HOLD), FINANCE),
        (worth("SO-2", 50), SALES),
        (gate(CreditOutcome.OVERRIDE), FINANCE),
        (worth("SO-3", 50), SALES),
    )


@met("limit.approval_wanted", "limit.request_exists")
def _(crm: PharmaCRM) -> list[Reason]:
    ask = RequestCreditLimit(
        customer=BUYER, id="LR-1", kind=LimitKind.BASE, amount=yuan(500_000), reason="年度授信"
    )
    return after(
        crm,
        (policy(own_authority=yuan(200_000)), FINANCE),
        (SetCreditLimit(customer=BUYER, limit=yuan(200_001), reason="上调"), FINANCE),
        (published(step("lead"), code="credit_limit_cn", kind="credit_limit"), ADMIN),
        (ask, FINANCE),
        (ask, FINANCE),
    )


@met("limit.policy_authority")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(
        crm,
        (policy(own_authority=yuan(200_000)), FINANCE),
        (policy(own_authority=yuan(200_001)), FINANCE),
    )


@met("credit.not_held")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(crm, (worth("SO-1", 50), SALES), (RecheckCredit(order="SO-1"), SALES))


@met("credit.part_over_limit")
def _(crm: PharmaCRM) -> list[Reason]:
    parts = (PartRule(kind=ExposureKind.OPEN_ORDERS, limit=yuan(40)),)
    return after(crm, (policy(parts=parts), FINANCE), (worth("SO-1", 50), SALES))


@met(
    "override.exists",
    "override.others",
    "override.order_ended",
    "override.dates",
    "override.ended",
    "override.content_changed",
    "override.amount_exceeded",
    "override.expired",
    "override.used",
    "override.route",
)
def _(crm: PharmaCRM) -> list[Reason]:
    route = published(step("lead"), code="override_cn", kind="credit_override")
    loose = published(
        step("lead"), code="override_cn", kind="credit_override", version=2, requester_may_decide=True
    )
    ask = RequestOverride(order="SO-1", id="OV-1", reason="重点客户")
    again = RecheckCredit(order="SO-1")
    found = after(
        crm,
        (policy(over_limit=CreditOutcome.OVERRIDE), FINANCE),
        (route, ADMIN),
        (SetCreditLimit(customer=BUYER, limit=yuan(10), reason="下调"), FINANCE),
        (worth("SO-1", 50), SALES),
        (ask, FINANCE),
        (evolve(ask, expires_on="2020-01-01"), SALES),
        (evolve(ask, amount=yuan(45), expires_on=today(crm)), SALES),
        (ask, SALES),
        (again, SALES),
        (said(document="OV-1"), LEAD),
        (amended("SO-1", 55), SALES),
        (again, SALES),
    )
    pass_days(crm, 1)
    return [
        *found,
        *after(
            crm,
            (again, SALES),
            (evolve(ask, id="OV-2", expires_on="2027-12-31"), SALES),
            (said(document="OV-2"), LEAD),
            (again, SALES),
        ),
        *_lapsed(crm, again),
        *after(crm, (loose, ADMIN), (evolve(ask, id="OV-3"), SALES)),
        *after(crm, (CancelOrder(order="SO-1"), SALES), (evolve(ask, id="OV-4"), SALES)),
    ]


def _lapsed(crm: PharmaCRM, again: RecheckCredit) -> list[Reason]:
    """The credit that an override let through has lapsed, and is asked for again."""
    pass_days(crm, 31)
    crm.run_due()
    return after(crm, (again, SALES))
