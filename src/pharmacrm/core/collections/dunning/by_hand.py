"""A dunning letter that somebody issues by hand (人工催款): outside the run, its pause and its minimum.

What the run would not ask for is not asked for by hand either: what is blocked, disputed, promised, or
covered by a bill is a reason, not an oversight.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from attrs import frozen

from pharmacrm.core.collections.dunning.model import DunningPolicy, Suspension
from pharmacrm.core.collections.dunning.reasons import (
    LETTER_BLOCKED,
    LETTER_COVERED,
    LETTER_DISPUTED,
    LETTER_LEVEL,
    LETTER_NOT_LATE,
    LETTER_NOTHING,
    LETTER_PROMISED,
)
from pharmacrm.core.collections.dunning.rules import (
    Dunnable,
    DunningProposal,
    fee_of,
    level_of,
    proposed_at,
)
from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.reason import Reason

_WHY = {
    Suspension.BLOCKED: LETTER_BLOCKED,
    Suspension.DISPUTED: LETTER_DISPUTED,
    Suspension.PROMISED: LETTER_PROMISED,
    Suspension.COVERED: LETTER_COVERED,
}


@frozen(kw_only=True)
class Wanted:
    """What a letter by hand is to ask for: instalments, all that are late if none is named, and its level."""

    customer: str
    currency: str
    on: date
    instalments: tuple[str, ...] = ()
    level: int | None = None
    max_level: int | None = None


def by_hand(policy: DunningPolicy, wanted: Wanted, late: Sequence[Dunnable]) -> Decision[DunningProposal]:
    """Propose a letter of what is wanted of the late instalments, or give every reason why not.

    An instalment has the level that is wanted, or that of its days, at least the first; never less than it
    had. What is suspended is left out where nothing was named, and refused where it was.
    """
    most = len(policy.levels) if wanted.max_level is None else wanted.max_level
    if wanted.level is not None and not 1 <= wanted.level <= most:
        return refuse(LETTER_LEVEL(wanted.customer, field="level", observed=wanted.level, expected=most))
    named = [each for each in late if not wanted.instalments or each.instalment in wanted.instalments]
    free = [each for each in named if each.suspended is Suspension.NONE and each.open.is_positive]
    unfit = tuple(_unfit(wanted, named, free, most))
    if unfit:
        return refuse(*unfit)
    items = [proposed_at(policy, item, _level(policy, wanted, item, most), wanted.currency) for item in free]
    reached = max((each.level for each in items if each.rises), default=0)
    return accept(
        DunningProposal(
            customer=wanted.customer,
            on=wanted.on,
            currency=wanted.currency,
            items=tuple(items),
            fee=fee_of(policy, reached, wanted.currency),
            letter=True,
        )
    )


def _level(policy: DunningPolicy, wanted: Wanted, item: Dunnable, most: int) -> int:
    by_days = level_of(policy, item, on=wanted.on, max_level=wanted.max_level)
    return max(min(max(wanted.level or by_days, 1), most), min(item.level, len(policy.levels)))


def _unfit(
    wanted: Wanted, named: Sequence[Dunnable], free: Sequence[Dunnable], most: int
) -> Iterator[Reason]:
    known = {each.instalment for each in named}
    for id in wanted.instalments:
        if id not in known:
            yield LETTER_NOT_LATE(id, field="instalments", observed=wanted.currency)
    if wanted.instalments or not free:
        for each in named:
            if each.suspended is not Suspension.NONE:
                yield _WHY[each.suspended](each.instalment, field="instalments")
    if not named and not wanted.instalments:
        yield LETTER_NOTHING(wanted.customer, field="customer", observed=wanted.currency)
    if most == 0:
        yield LETTER_LEVEL(wanted.customer, field="level", observed=1, expected=most)
