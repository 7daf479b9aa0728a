"""What is dunned on a day: pure, so that a preview and the letter are one rule.

Levels belong to instalments, letters to customers: a letter goes out when some instalment reaches a new level
and the pause is over; it asks for everything that is at a level by then, at the highest of them. Its fee is
that of the highest level which is new: who is at the last level pays its fee once.
"""

from collections.abc import Iterable
from datetime import date
from itertools import takewhile

from attrs import frozen

from pharmacrm.core.collections.dunning.model import (
    DunnedItem,
    DunningClock,
    DunningLetter,
    DunningLevel,
    DunningPolicy,
    Suspension,
)
from pharmacrm.core.collections.events import DunningLetterSent
from pharmacrm.core.kernel.dates import end_of_month
from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.money import Money


@frozen(kw_only=True)
class Dunnable:
    """A late instalment as dunning sees it.

    `open` is what is open and not disputed; `level` the highest level of an earlier letter, 0 for none, and
    `level_on` the day of the first letter that had it; `accrued` all interest since the due date, `claimed`
    what of it earlier letters have claimed.
    """

    instalment: str
    due: date
    open: Money
    level: int = 0
    level_on: date | None = None
    suspended: Suspension = Suspension.NONE
    accrued: Money | None = None
    claimed: Money | None = None

    def days_late(self, on: date) -> int:
        """The days since the due date."""
        return (on - self.due).days


@frozen(kw_only=True)
class ProposedItem:
    """An instalment with the level that it has on a day; 0: it has none yet, or is suspended."""

    item: Dunnable
    level: int
    interest: Money

    @property
    def rises(self) -> bool:
        """Whether the level is a new one."""
        return self.level > self.item.level


@frozen(kw_only=True)
class DunningProposal:
    """What dunning makes of a customer on a day; `letter` says whether a letter is due.

    `waits_until` is the first day on which a letter may go out, if the pause after the last one holds it up.
    """

    customer: str
    on: date
    currency: str
    items: tuple[ProposedItem, ...]
    fee: Money
    letter: bool
    waits_until: date | None = None
    below_minimum: bool = False

    @property
    def dunned(self) -> tuple[ProposedItem, ...]:
        """The items that the letter asks for."""
        return tuple(each for each in self.items if each.level)

    @property
    def level(self) -> int:
        """The highest level of any item."""
        return max((each.level for each in self.items), default=0)

    @property
    def open(self) -> Money:
        """What the letter asks for, without fee and interest."""
        return Money.total((each.item.open for each in self.dunned), self.currency)

    @property
    def interest(self) -> Money:
        """The interest that the letter claims."""
        return Money.total((each.interest for each in self.dunned), self.currency)


def level_of(policy: DunningPolicy, item: Dunnable, *, on: date, max_level: int | None) -> int:
    """Give the level of an instalment on a day: never less than it had, unless it may have none."""
    if item.suspended is not Suspension.NONE or not item.open.is_positive or max_level == 0:
        return 0
    reached = _reached(policy, item, on)
    if max_level is not None:
        reached = min(reached, max_level)
    if policy.one_at_a_time:
        reached = min(reached, item.level + 1)
    return max(reached, min(item.level, len(policy.levels)))


def _reached(policy: DunningPolicy, item: Dunnable, on: date) -> int:
    """The highest level of which the days have passed, and those of every level below it."""
    passed = takewhile(
        lambda level: _passed(policy.levels[level - 1], level, item, on), range(1, len(policy.levels) + 1)
    )
    return max(passed, default=0)


def _passed(level: DunningLevel, number: int, item: Dunnable, on: date) -> bool:
    if level.counts_from is DunningClock.PREVIOUS:
        since = item.level_on if item.level == number - 1 else None
        return item.level >= number or (since is not None and (on - since).days >= level.days)
    start = item.due if level.counts_from is DunningClock.DUE else end_of_month(item.due)
    return (on - start).days >= level.days


def propose(
    policy: DunningPolicy,
    customer: str,
    items: Iterable[Dunnable],
    *,
    on: date,
    currency: str,
    free_from: date | None = None,
    max_level: int | None = None,
) -> DunningProposal:
    """Say what dunning makes of a customer's late instalments on a day, in one currency.

    `free_from` is the first day on which another letter may go out.
    """
    waits = free_from is not None and on < free_from
    found = [
        proposed_at(policy, item, level_of(policy, item, on=on, max_level=max_level), currency)
        for item in items
    ]
    rising = any(each.rises for each in found)
    asked = Money.total((each.item.open for each in found if each.level), currency)
    minimum = policy.minimum
    small = minimum is not None and minimum.currency == currency and asked < minimum
    reached = max((each.level for each in found if each.rises), default=0)
    return DunningProposal(
        customer=customer,
        on=on,
        currency=currency,
        items=tuple(found),
        fee=fee_of(policy, reached, currency),
        letter=policy.active and rising and not waits and not small,
        waits_until=free_from if rising and waits else None,
        below_minimum=rising and small,
    )


def proposed_at(policy: DunningPolicy, item: Dunnable, level: int, currency: str) -> ProposedItem:
    """An instalment at a level, with the interest that a letter would claim of it."""
    nothing = Money.zero(currency)
    claims = level > 0 and policy.levels[level - 1].interest and item.accrued is not None
    more = (item.accrued or nothing) - (item.claimed or nothing) if claims else nothing
    return ProposedItem(item=item, level=level, interest=max(more, nothing))


def fee_of(policy: DunningPolicy, level: int, currency: str) -> Money:
    """The fee of a level in a currency; nothing where it has none."""
    fee = policy.levels[level - 1].fee if level else None
    return fee if fee is not None and fee.currency == currency else Money.zero(currency)


def letter_id(customer: str, currency: str, on: date) -> str:
    """The id of a letter: a customer gets one a day in each currency, whoever tries."""
    return f"{customer}/dunning/{currency}/{on.isoformat()}"


def letter_of(policy: DunningPolicy, proposal: DunningProposal, reason: str = "") -> DunningLetter:
    """The letter of a proposal, without its words."""
    return DunningLetter(
        id=letter_id(proposal.customer, proposal.currency, proposal.on),
        customer=proposal.customer,
        on=proposal.on,
        policy=policy.id,
        policy_version=policy.version,
        level=proposal.level,
        open=proposal.open,
        fee=proposal.fee,
        interest=proposal.interest,
        reason=reason,
    )


def send(letter: DunningLetter, proposal: DunningProposal) -> Decision[DunningLetter]:
    """Send the letter of a proposal, with its items."""
    items = [_item(letter, number, each) for number, each in enumerate(proposal.dunned, start=1)]
    event = DunningLetterSent(
        subject=letter.id,
        customer=letter.customer,
        level=letter.level,
        open=str(letter.open),
        claimed=str(letter.fee + letter.interest),
    )
    return accept(letter, save(letter, *items), tell(event))


def _item(letter: DunningLetter, number: int, each: ProposedItem) -> DunnedItem:
    return DunnedItem(
        id=f"{letter.id}/{number}",
        letter=letter.id,
        customer=letter.customer,
        instalment=each.item.instalment,
        level=each.level,
        due=each.item.due,
        days_late=each.item.days_late(letter.on),
        open=each.item.open,
        interest=each.interest,
    )
