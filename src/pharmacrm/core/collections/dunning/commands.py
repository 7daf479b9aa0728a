"""What people want done about dunning."""

from datetime import date
from typing import Annotated, ClassVar

from attrs import field, frozen

from pharmacrm.core.collections.dunning.model import (
    STANDARD,
    DunningBlock,
    DunningClaim,
    DunningLevel,
    DunningPolicy,
    DunningTerms,
)
from pharmacrm.core.collections.interest import InterestTerms
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import Money, positive
from pharmacrm.core.kernel.numbers import wrong_type
from pharmacrm.core.kernel.strict import Id, Limit, strict

Subject = Annotated[str, Limit(200)]
Why = Annotated[str, Limit(500)]


def as_part(value: Money | None) -> Money | None:
    """Check an amount that may be left out: money above zero."""
    if value is None:
        return None
    if type(value) is not Money:
        raise wrong_type(value, "money", "give money, such as Money(5, 'CNY')")
    return positive(value)


@frozen(kw_only=True, field_transformer=strict)
class SetDunningPolicy(Command[DunningPolicy]):
    """Say when late payers are dunned, with which fees and interest (设定催款政策).

    Every customer is dunned by the policy `standard`, unless another is agreed (`SetDunningTerms`). It counts
    from the next letter on.
    """

    id: Id = STANDARD
    levels: tuple[DunningLevel, ...]
    interest: InterestTerms | None = None
    pause: int = 7
    minimum: Money | None = None
    one_at_a_time: bool = True
    active: bool = True


@frozen(kw_only=True, field_transformer=strict)
class SetDunningTerms(Command[DunningTerms]):
    """Agree with a customer on a policy of dunning, and on the highest level; 0: never dunned."""

    subject_field: ClassVar[str] = "customer"

    customer: Id
    policy: Id = STANDARD
    max_level: int | None = None


@frozen(kw_only=True, field_transformer=strict)
class BlockDunning(Command[DunningBlock]):
    """Stop dunning a customer, or one instalment, through a day or until it is lifted (暂停催款)."""

    subject_field: ClassVar[str] = "subject_id"

    subject_id: Subject
    until: date | None = None
    reason: Why


@frozen(kw_only=True, field_transformer=strict)
class UnblockDunning(Command[DunningBlock]):
    """Dun a customer or an instalment again (恢复催款)."""

    subject_field: ClassVar[str] = "subject_id"

    subject_id: Subject
    reason: Why


@frozen(kw_only=True, field_transformer=strict)
class WaiveDunningClaim(Command[DunningClaim]):
    """Give up a fee or interest, or so much of it, with a reason (免除催款费用)."""

    subject_field: ClassVar[str] = "claim"

    claim: Subject
    amount: Money | None = field(default=None, converter=as_part)
    reason: Annotated[str, Limit(200)]


@frozen(kw_only=True, field_transformer=strict)
class SettleDunningClaim(Command[DunningClaim]):
    """Record that a fee or interest, or so much of it, was paid, and by which document of the host."""

    subject_field: ClassVar[str] = "claim"

    claim: Subject
    amount: Money | None = field(default=None, converter=as_part)
    reference: Annotated[str, Limit(200)]
