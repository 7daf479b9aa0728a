"""Credit policy (信用政策) as data: said for all customers, for a group, or for one customer.

What the narrowest policy says counts; what it leaves out (None) is said by the next wider one, at last by the
house. A policy is a record: each change is a version with its row in the journal.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated, Final, TypeVar

from attrs import evolve, frozen

from pharmacrm.core.credit.dated import DEFAULT_RULE, Insurance, LimitRule, Stacking
from pharmacrm.core.credit.events import CreditPolicySet
from pharmacrm.core.credit.outcome import CreditOutcome
from pharmacrm.core.credit.overdue import OverdueGate
from pharmacrm.core.credit.parts import PartRule
from pharmacrm.core.credit.rate_policy import DEFAULT_RATES, RatePolicy
from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.record import Column, Record

T = TypeVar("T")


class PolicyScope(StrEnum):
    """For whom a policy speaks."""

    TENANT = "tenant"
    GROUP = "group"
    CUSTOMER = "customer"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return {"tenant": "全部客户", "group": "授信集团", "customer": "客户"}[self]


class CheckPoint(StrEnum):
    """Where credit is checked: when the order is placed, when its goods leave, when they are invoiced."""

    ORDER = "order"
    SLIP = "slip"
    INVOICE = "invoice"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return {"order": "下单", "slip": "出库", "invoice": "开票"}[self]


@frozen(kw_only=True)
class CreditPolicy(Record):
    """What one scope says about credit; the id is `policy_id(scope, of)`. None leaves it to a wider scope.

    `limit` is what a customer without a base limit of their own may owe. `over_limit` says what happens to an
    order over the limit, `watch_from` the percentage of the limit from which it is remarked upon. To raise
    a customer's limit to more than `own_authority` is a document that others approve. `rates` says how old a
    rate may be at which an order in another currency counts.
    """

    scope: Annotated[PolicyScope, Column(length=8, zh="范围")]
    of: Annotated[str, Column(length=64, zh="对象")] = ""
    limit: Annotated[Money | None, Column(zh="默认额度")] = None
    stacking: Annotated[Stacking | None, Column(length=8, zh="加额合并方式")] = None
    insurance: Annotated[Insurance | None, Column(length=8, zh="保险额度方式")] = None
    over_limit: Annotated[CreditOutcome | None, Column(length=8, zh="超额处理")] = None
    watch_from: Annotated[int | None, Column(zh="关注比例")] = None
    gates: Annotated[tuple[OverdueGate, ...] | None, Column(zh="逾期控制")] = None
    parts: Annotated[tuple[PartRule, ...] | None, Column(zh="占用项规则")] = None
    checked_at: Annotated[tuple[CheckPoint, ...] | None, Column(zh="检查节点")] = None
    own_authority: Annotated[Money | None, Column(zh="自主授信权限")] = None
    rates: Annotated[RatePolicy | None, Column(zh="汇率规则")] = None
    reason: Annotated[str, Column(length=2000, zh="原因")] = ""


@frozen(kw_only=True)
class CreditRules:
    """What holds for one customer, put together from the policies; the values here are those of the house."""

    limit: Money | None = None
    limit_rule: LimitRule = DEFAULT_RULE
    over_limit: CreditOutcome = CreditOutcome.HOLD
    watch_from: int | None = None
    gates: tuple[OverdueGate, ...] = ()
    parts: tuple[PartRule, ...] = ()
    checked_at: tuple[CheckPoint, ...] = (CheckPoint.ORDER,)
    own_authority: Money | None = None
    rates: RatePolicy = DEFAULT_RATES

    @property
    def at_order(self) -> bool:
        """Whether an order is checked, and reserves its credit, as it is placed."""
        return CheckPoint.ORDER in self.checked_at

    @property
    def at_slip(self) -> bool:
        """Whether goods are checked as they leave."""
        return CheckPoint.SLIP in self.checked_at

    @property
    def at_invoice(self) -> bool:
        """Whether it is said, as goods are invoiced, what stands against them; nothing stops an invoice."""
        return CheckPoint.INVOICE in self.checked_at


HOUSE_RULES: Final = CreditRules()


def policy_id(scope: PolicyScope, of: str = "") -> str:
    """Name the policy of a scope: `tenant`, `group:G-1`, `customer:H-001`."""
    return f"{scope}:{of}" if of else str(scope)


def set_policy(old: CreditPolicy | None, new: CreditPolicy) -> Decision[CreditPolicy]:
    """Store what a scope says from now on; saying the same again changes nothing."""
    after = new if old is None else evolve(new, version=old.version)
    if after == old:
        return accept(after)
    return accept(after, save(after), tell(CreditPolicySet(subject=after.id)))


def rules_of(policies: Sequence[CreditPolicy]) -> CreditRules:
    """Put together what holds for a customer: customer before group before tenant before the house."""
    known = sorted(policies, key=lambda each: list(PolicyScope).index(each.scope), reverse=True)
    house = HOUSE_RULES
    return CreditRules(
        limit=_said((each.limit for each in known), house.limit),
        limit_rule=LimitRule(
            stacking=_said((each.stacking for each in known), house.limit_rule.stacking),
            insurance=_said((each.insurance for each in known), house.limit_rule.insurance),
        ),
        over_limit=_said((each.over_limit for each in known), house.over_limit),
        watch_from=_said((each.watch_from for each in known), house.watch_from),
        gates=_said((each.gates for each in known), house.gates),
        parts=_said((each.parts for each in known), house.parts),
        checked_at=_said((each.checked_at for each in known), house.checked_at),
        own_authority=_said((each.own_authority for each in known), house.own_authority),
        rates=_said((each.rates for each in known), house.rates),
    )


def _said(values: Iterable[T | None], house: T) -> T:
    return next((value for value in values if value is not None), house)
