"""What people want done about dunning."""

from datetime import date
from typing import Annotated, ClassVar

from attrs import frozen

from pharmacrm.core.collections.dunning.model import (
    STANDARD,
    DunningBlock,
    DunningLevel,
    DunningPolicy,
    DunningTerms,
)
from pharmacrm.core.collections.interest import InterestTerms
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.strict import Id, Limit, strict

Subject = Annotated[str, Limit(200)]
Why = Annotated[str, Limit(500)]


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
