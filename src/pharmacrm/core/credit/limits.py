"""Setting, granting and ending limits (设定信用额度), which never touches what the customer owes."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, TypeVar

from attrs import evolve

from pharmacrm.core.credit.commands import GrantCreditLimit, GrantGroupLimit
from pharmacrm.core.credit.dated import CreditLimit, LimitKind, base_of
from pharmacrm.core.credit.events import CreditGroupSet, CreditLimitSet
from pharmacrm.core.credit.exposure import exposure_of
from pharmacrm.core.credit.model import CreditAccount, CreditGroup, CreditLine, empty_line, in_force
from pharmacrm.core.credit.reasons import (
    CURRENCY_IN_USE,
    CURRENCY_MISMATCH,
    LIMIT_BELOW_EXPOSURE,
    LIMIT_DATES,
    LIMIT_ENDED,
    LIMIT_OVERLAP,
)
from pharmacrm.core.kernel.change import Event
from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.errors import NotFound
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.words import Words

A = TypeVar("A", bound=CreditAccount)

MOST_ENDED: Final = 40
"""Limits that are over and still stand on the line; older ones stand in the journal alone."""


def set_limit(
    old: CreditLine | None,
    *,
    customer: str,
    limit: Money,
    unlimited: bool,
    blocked: bool,
    reason: str,
    by: str,
    on: date,
) -> Decision[CreditLine]:
    """Set the base limit of a customer from a day on; a missing line is made, with counters of 0.

    A limit below the exposure is allowed with a warning: what is owed stays owed, and new orders wait. The
    currency changes only while nothing was ever booked. Setting the same again changes nothing.
    """
    start = _started(old, customer, limit.currency)
    base = base_of([each for each in start.limits if each.holds_on(on)])
    said = evolve(start, unlimited=unlimited, blocked=blocked, reason=reason)
    if base is not None and base.amount == limit and said == old:
        return accept(said)
    in_use = _currency(old, limit)
    if in_use:
        return accept(said, in_use)
    return changed(said, with_base(start, limit, by=by, reason=reason, on=on), on=on)


def grant_limit(
    old: CreditLine | None, command: GrantCreditLimit, *, by: str, on: date
) -> Decision[CreditLine]:
    """Add a dated limit, or give every reason why not: its days, its currency, one of its kind beside it."""
    start = old or empty_line(command.customer, command.amount.currency)
    return grant(start, granted_by(command, by=by, on=on), on=on)


def granted_by(command: GrantCreditLimit | GrantGroupLimit, *, by: str, on: date) -> CreditLimit:
    """The limit that a command wants; it has no number yet."""
    return CreditLimit(
        number=0,
        kind=command.kind,
        amount=command.amount,
        starts_on=command.starts_on or on,
        ends_on=command.ends_on,
        season=command.season,
        by=by,
        reason=command.reason,
    )


def grant(account: A, limit: CreditLimit, *, on: date) -> Decision[A]:
    """Add a dated limit to the account of a customer or a group, numbered within it."""
    start = dated(account, on)
    new = evolve(limit, number=_next(start))
    unfit = (*_currencies(start, new), *_dates(start, new, on), *_overlaps(start, new))
    if unfit:
        return accept(start, unfit)
    return changed(evolve(start, reason=limit.reason), (*start.limits, new), on=on)


def end_limit(account: A, number: int, *, ends_on: date | None, reason: str, on: date) -> Decision[A]:
    """Let a limit end after a last day, yesterday if none is given; one that ends earlier is refused.

    Raises:
        NotFound: the customer, or the group, has no limit of this number.

    """
    id, limits = account.id, account.limits
    limit = next((each for each in limits if each.number == number), None)
    if limit is None:
        raise NotFound("credit_limit", f"{id}/{number}")
    yesterday = on - timedelta(days=1)
    last = ends_on or yesterday
    if limit.ends_on is not None and limit.ends_on <= last:
        return accept(account, LIMIT_ENDED(id, field="number", observed=number, expected=limit.ends_on))
    if last < yesterday:
        return accept(account, LIMIT_DATES(id, field="ends_on", observed=last, expected=yesterday))
    ended = (evolve(each, ends_on=last) if each is limit else each for each in limits)
    return changed(evolve(account, reason=reason), ended, on=on)


def refresh(old: A, new: A) -> Decision[A]:
    """Store the limit of the day, and tell if it is another one; nothing where nothing began or ended."""
    if new == old:
        return accept(None)
    if new.limit == old.limit:
        return accept(new, save(new))
    return accept(new, below_exposure(new), save(new), tell(_told(new)))


def with_base(
    account: CreditAccount, amount: Money, *, by: str, reason: str, on: date
) -> tuple[CreditLimit, ...]:
    """The limits of an account with another base limit from a day on."""
    base = CreditLimit(
        number=_next(account), kind=LimitKind.BASE, amount=amount, starts_on=on, by=by, reason=reason
    )
    return (*_but_bases_of(account, on), base)


def changed(account: A, limits: Iterable[CreditLimit], *, on: date) -> Decision[A]:
    """The account with other limits, its limit of the day worked out anew; one that fell too low warns."""
    after = with_limits(account, limits, on=on)
    return accept(after, below_exposure(after), save(after), tell(_told(after)))


def _told(account: CreditAccount) -> Event:
    kind = CreditGroupSet if isinstance(account, CreditGroup) else CreditLimitSet
    return kind(subject=account.id)


def with_limits(account: A, limits: Iterable[CreditLimit], *, on: date) -> A:
    """An account with other limits, and the limit that they make on a day."""
    return in_force(evolve(account, limits=_kept(limits, on)), on)


def _kept(limits: Iterable[CreditLimit], on: date) -> tuple[CreditLimit, ...]:
    """Every limit that may still count, and the last ones that are over."""
    known = tuple(limits)
    over = [each.number for each in known if each.ends_on is not None and each.ends_on < on]
    dropped = set(over[:-MOST_ENDED])
    return tuple(each for each in known if each.number not in dropped)


def _but_bases_of(line: CreditAccount, on: date) -> Iterable[CreditLimit]:
    """The limits of a line, but a base limit that begins on the same day: the new one takes its place.

    The base limits before it end the day before, so that the line says when each held.
    """
    for each in line.limits:
        if each.kind is not LimitKind.BASE or not each.holds_on(on):
            yield each
        elif each.starts_on < on:
            yield evolve(each, ends_on=on - timedelta(days=1))


def dated(line: A, on: date) -> A:
    """An account whose limit has no date yet, with that limit as its base from today on."""
    if line.limits or line.inherits or not line.limit:
        return line
    base = CreditLimit(
        number=_next(line), kind=LimitKind.BASE, amount=line.limit, starts_on=on, reason=line.reason
    )
    return evolve(line, limits=(base,))


def _next(line: CreditAccount) -> int:
    return max((each.number for each in line.limits), default=0) + 1


def _started(old: CreditLine | None, customer: str, currency: str) -> CreditLine:
    """Give the line to change: the old one, or empty counters in another currency under its version."""
    if old is not None and old.currency == currency:
        return old
    return evolve(empty_line(customer, currency), version=0 if old is None else old.version)


def _currency(old: CreditLine | None, limit: Money) -> tuple[Reason, ...]:
    if old is None or old.currency == limit.currency:
        return ()
    if any((old.reserved, old.posted, old.paid, old.unapplied)):
        reason = CURRENCY_IN_USE(old.id, field="limit", observed=limit.currency, expected=old.currency)
        return (reason,)
    return ()


def _currencies(line: CreditAccount, new: CreditLimit) -> tuple[Reason, ...]:
    if new.amount.currency == line.currency:
        return ()
    return (CURRENCY_MISMATCH(line.id, field="amount", observed=new.amount.currency, expected=line.currency),)


def _dates(line: CreditAccount, new: CreditLimit, on: date) -> tuple[Reason, ...]:
    """A limit ends after it begins, and not in the past."""
    least = max(new.starts_on, on)
    if new.ends_on is None or new.ends_on >= least:
        return ()
    return (LIMIT_DATES(line.id, field="ends_on", observed=new.ends_on, expected=least),)


def _overlaps(line: CreditAccount, new: CreditLimit) -> tuple[Reason, ...]:
    """Two limits of one kind never meet; base limits may, as the later one counts from its first day."""
    return tuple(
        LIMIT_OVERLAP(line.id, field="starts_on", observed=_period(new), expected=_period(each))
        for each in line.limits
        if each.kind is new.kind and _meet(each, new)
    )


def _meet(one: CreditLimit, other: CreditLimit) -> bool:
    if one.kind is LimitKind.BASE:
        return one.starts_on == other.starts_on and one.ends_on is None
    first, second = sorted((one, other), key=lambda each: each.starts_on)
    apart = first.ends_on is not None and first.ends_on < second.starts_on
    seasons = one.season is None or other.season is None or one.season.meets(other.season)
    return not apart and seasons


def _period(limit: CreditLimit) -> Words:
    days = f"{limit.starts_on} - {limit.ends_on or ''}".rstrip(" -")
    return Words(f"{limit.kind} {days}", f"{limit.kind.zh} {days}")


def below_exposure(line: CreditAccount) -> tuple[Reason, ...]:
    """Warn of a limit that is below what is owed: that stays owed, and new orders wait."""
    if not exposure_of(line).short(Money.zero(line.currency)):
        return ()
    return (LIMIT_BELOW_EXPOSURE(line.id, field="limit", observed=line.exposure, expected=line.limit),)
