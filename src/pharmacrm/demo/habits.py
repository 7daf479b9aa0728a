"""When and how customers pay: read off the dice for each instalment, never off the store."""

from datetime import date, timedelta

from pharmacrm.core.receivables import Instalment
from pharmacrm.core.values.terms import PartKind
from pharmacrm.demo.accounts import Habit
from pharmacrm.demo.scale import Scale

_AGAIN = timedelta(days=20)
_LATE = {
    Habit.EARLY: (-6, 0),
    Habit.PROMPT: (0, 3),
    Habit.MONTHLY: (0, 3),
    Habit.LATE: (9, 45),
    Habit.PARTS: (0, 5),
}


def pays_on(scale: Scale, habit: Habit, part: Instalment, attempt: int) -> date | None:
    """The day on which a customer pays an instalment, or tries again; None is never."""
    dice = scale.dice("pays", part.id, attempt)
    if habit is Habit.NEVER:
        return None
    if part.kind is PartKind.PREPAY:
        wait = dice.randrange(8, 14) if habit is Habit.LATE else dice.randrange(1, 6)
        return part.opened_on + timedelta(days=wait) + _AGAIN * (attempt - 1)
    if habit is Habit.EARLY and part.discounts and attempt == 1:
        return part.discounts[0].until - timedelta(days=dice.randrange(1, 5))
    least, most = _LATE[habit]
    return part.due + timedelta(days=dice.randint(least, most)) + _AGAIN * (attempt - 1)


def wants_discount(scale: Scale, habit: Habit, part: Instalment) -> bool:
    """Whether a customer deducts the discount for early payment: early ones do, and some others dare to."""
    return habit is Habit.EARLY or scale.dice("dares", part.id).random() < 0.15  # noqa: PLR2004


def by_cheque(scale: Scale, receipt: str) -> bool:
    """Whether a hospital pays by cheque."""
    return scale.dice("cheque", receipt).random() < 0.15  # noqa: PLR2004


def bounces(scale: Scale, receipt: str) -> bool:
    """Whether the bank sends a cheque back."""
    return scale.dice("bounces", receipt).random() < 0.25  # noqa: PLR2004


def from_own_pocket(scale: Scale, receipt: str) -> bool:
    """Whether a shopkeeper first pays from the own account."""
    return scale.dice("pocket", receipt).random() < 0.12  # noqa: PLR2004
