"""What people want done about dunning."""

from datetime import date
from typing import Annotated, ClassVar

from attrs import frozen

from pharmacrm.core.collections.dunning.model import (
    CHINESE,
    STANDARD,
    DunningBlock,
    DunningLevel,
    DunningPolicy,
    DunningTerms,
)
from pharmacrm.core.collections.dunning.texts import DunningText
from pharmacrm.core.collections.interest import InterestTerms
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.strict import Id, Limit, OptionalId, strict

Subject = Annotated[str, Limit(200)]
Why = Annotated[str, Limit(500)]
Language = Annotated[str, Limit(16)]
"""Such as `zh`, `en` or `en-GB`: compared letter by letter."""


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
    """Agree with a customer on a policy of dunning, the highest level (0: never dunned), and the language."""

    subject_field: ClassVar[str] = "customer"

    customer: Id
    policy: Id = STANDARD
    max_level: int | None = None
    language: Language = CHINESE


@frozen(kw_only=True, field_transformer=strict)
class SetDunningText(Command[DunningText]):
    """Say what letters of a level say in a language, to everybody or to one customer (设定催款函文本).

    A text names what is in the letter: `$open`, `$fee`, `$interest`, `$total`, `$level`, `$on`, `$customer`,
    `$letter`. It counts from the next letter on; a letter keeps the words that it was sent with.
    """

    subject_field: ClassVar[str] = "customer"

    level: int
    subject: Annotated[str, Limit(200)]
    text: Annotated[str, Limit(4000, multiline=True)]
    language: Language = CHINESE
    customer: OptionalId = ""


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
