"""What people want done with credit lines."""

from datetime import date
from typing import ClassVar

from attrs import field, frozen
from attrs.converters import optional

from pharmacrm.core.credit.dated import Insurance, LimitKind, Stacking
from pharmacrm.core.credit.model import CreditGroup, CreditLine
from pharmacrm.core.credit.outcome import CreditOutcome
from pharmacrm.core.credit.overdue import WHOLE, OverdueGate
from pharmacrm.core.credit.parts import PartRule
from pharmacrm.core.credit.policy import CheckPoint, CreditPolicy, PolicyScope
from pharmacrm.core.credit.rate_policy import RatePolicy
from pharmacrm.core.credit.season import Season
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import Money, not_negative
from pharmacrm.core.kernel.numbers import wrong_type
from pharmacrm.core.kernel.strict import Id, Name, Note, OptionalId, strict


def as_limit(value: Money) -> Money:
    """Check a limit: money, not negative; codes `money.required`, `money.type`, `money.sign`."""
    if type(value) is not Money:
        raise wrong_type(value, "money", "give money, such as Money(500000, 'CNY')")
    return not_negative(value)


def check_kind(kind: LimitKind, amount: Money, ends_on: date | None, season: Season | None) -> None:
    """Refuse what a kind of limit cannot mean: `limit.amount`, `limit.end`, `limit.season`."""
    if kind is not LimitKind.BASE and not amount:
        raise MalformedInput(
            "limit.amount", "a raise or an insured amount is above 0", field="amount", value=amount
        )
    if kind is LimitKind.TEMPORARY and ends_on is None:
        raise MalformedInput("limit.end", "a temporary raise has a last day", field="ends_on", value=None)
    if (season is not None) != (kind is LimitKind.SEASONAL):
        raise MalformedInput(
            "limit.season",
            "a seasonal raise has a season, and nothing else",
            field="season",
            value=season,
        )


@frozen(kw_only=True, field_transformer=strict)
class SetCreditLimit(Command[CreditLine]):
    """Set how much a customer may owe from today on (信用额度), with the reason for it.

    This is the base limit; temporary, seasonal and insured ones stand beside it (`GrantCreditLimit`). A limit
    of 0 means no credit; `unlimited` lifts the limit, `blocked` stops all new credit. The exposure is not
    touched.
    """

    subject_field: ClassVar[str] = "customer"

    customer: Id
    limit: Money = field(converter=as_limit)
    unlimited: bool = False
    blocked: bool = False
    reason: Note = ""


@frozen(kw_only=True, field_transformer=strict)
class GrantCreditLimit(Command[CreditLine]):
    """Give a customer a dated limit (调整额度): a base limit to come, a raise for some time, an insured part.

    A temporary raise has an end, a seasonal one a season, such as `Season("11-15", "02-15")`; both come on
    top of the base limit. It holds from `starts_on`, today if not said, to `ends_on`, both included. A raise
    and an insured amount are above 0 (`limit.amount`).
    """

    subject_field: ClassVar[str] = "customer"

    customer: Id
    kind: LimitKind
    amount: Money = field(converter=as_limit)
    starts_on: date | None = field(default=None, converter=optional(as_date))
    ends_on: date | None = field(default=None, converter=optional(as_date))
    season: Season | None = None
    reason: Note = ""

    def __attrs_post_init__(self) -> None:
        """Refuse what the kind cannot mean."""
        check_kind(self.kind, self.amount, self.ends_on, self.season)


@frozen(kw_only=True, field_transformer=strict)
class EndCreditLimit(Command[CreditLine]):
    """Let a dated limit of a customer end (终止额度), after a last day; without one it is over today.

    It stays on the customer's line, and in the journal.
    """

    subject_field: ClassVar[str] = "customer"

    customer: Id
    number: int
    ends_on: date | None = field(default=None, converter=optional(as_date))
    reason: Note = ""


@frozen(kw_only=True, field_transformer=strict)
class GrantGroupLimit(Command[CreditGroup]):
    """Give a group a dated limit beside the one that its members share (调整集团额度), like a customer.

    The kinds and their fields are those of `GrantCreditLimit`. A group that shares no limit has nothing to
    raise.
    """

    subject_field: ClassVar[str] = "group"

    group: Id
    kind: LimitKind
    amount: Money = field(converter=as_limit)
    starts_on: date | None = field(default=None, converter=optional(as_date))
    ends_on: date | None = field(default=None, converter=optional(as_date))
    season: Season | None = None
    reason: Note = ""

    def __attrs_post_init__(self) -> None:
        """Refuse what the kind cannot mean."""
        check_kind(self.kind, self.amount, self.ends_on, self.season)


@frozen(kw_only=True, field_transformer=strict)
class EndGroupLimit(Command[CreditGroup]):
    """Let a dated limit of a group end (终止集团额度), after a last day; without one it is over today."""

    subject_field: ClassVar[str] = "group"

    group: Id
    number: int
    ends_on: date | None = field(default=None, converter=optional(as_date))
    reason: Note = ""


@frozen(kw_only=True, field_transformer=strict)
class SetCreditGroup(Command[CreditGroup]):
    """Found a group of customers, or set the limit that its members share (集团授信).

    Without a limit the group shares its policy only. Each member's own limit is their cap within the group.
    """

    subject_field: ClassVar[str] = "group"

    group: Id
    name: Name
    limit: Money | None = field(default=None, converter=optional(as_limit))
    blocked: bool = False
    reason: Note = ""


@frozen(kw_only=True, field_transformer=strict)
class JoinCreditGroup(Command[CreditLine]):
    """Take a customer into a credit group with everything that they owe, or out of theirs (no `group`)."""

    subject_field: ClassVar[str] = "customer"

    customer: Id
    group: OptionalId = ""
    reason: Note = ""


@frozen(kw_only=True, field_transformer=strict)
class SetCreditPolicy(Command[CreditPolicy]):
    """Say how credit is given (信用政策): for all customers, for a group, or for one customer.

    It takes the place of what this scope said before. What is left out is said by the next wider scope:
    customer, group, tenant, and at last the house. `of` is the group or the customer.
    """

    subject_field: ClassVar[str] = "of"

    scope: PolicyScope
    of: OptionalId = ""
    limit: Money | None = field(default=None, converter=optional(as_limit))
    stacking: Stacking | None = None
    insurance: Insurance | None = None
    over_limit: CreditOutcome | None = None
    watch_from: int | None = None
    gates: tuple[OverdueGate, ...] | None = None
    parts: tuple[PartRule, ...] | None = None
    checked_at: tuple[CheckPoint, ...] | None = None
    own_authority: Money | None = field(default=None, converter=optional(as_limit))
    rates: RatePolicy | None = None
    reason: Note = ""

    def __attrs_post_init__(self) -> None:
        """Refuse what the scope cannot say."""
        if bool(self.of) == (self.scope is PolicyScope.TENANT):
            message = "a group or a customer is named, the tenant is not"
            raise MalformedInput("credit_policy.of", message, field="of", value=self.of)
        if self.limit is not None and self.scope is PolicyScope.CUSTOMER:
            message = "a customer's own limit is set by SetCreditLimit"
            raise MalformedInput("credit_policy.limit", message, field="limit", value=self.limit)
        if self.watch_from is not None and not 1 <= self.watch_from <= WHOLE:
            message = "the watched band begins at 1 to 100 percent of the limit"
            raise MalformedInput("credit_policy.watch", message, field="watch_from", value=self.watch_from)
        kinds = [rule.kind for rule in self.parts or ()]
        if len(kinds) != len(set(kinds)):
            raise MalformedInput("credit_policy.parts", "a part has one rule", field="parts", value=kinds)
        if self.checked_at is not None and not self.checked_at:
            message = "credit is checked somewhere"
            raise MalformedInput("credit_policy.checked", message, field="checked_at", value=self.checked_at)
