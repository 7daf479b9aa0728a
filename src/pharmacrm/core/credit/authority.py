"""How much credit somebody may give without asking others (自主授信权限): it is about the limit that results.

A base, a temporary, a seasonal and an insured limit add up, and many small steps reach no further than one.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from pharmacrm.core.credit.dated import CreditLimit, limit_on, next_change
from pharmacrm.core.credit.limits import dated
from pharmacrm.core.credit.model import CreditAccount
from pharmacrm.core.credit.policy import CreditRules
from pharmacrm.core.credit.reasons import LIMIT_APPROVAL, POLICY_AUTHORITY
from pharmacrm.core.kernel.dates import LAST_YEAR
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.words import Words

YEAR = timedelta(days=366)
LAST = date(LAST_YEAR, 12, 31) - YEAR
"""Seasons come again every year: they are looked at for a year after the last limit has begun or ended."""


def check_authority(
    before: CreditAccount | None, after: CreditAccount, *, subject: str, on: date, rules: CreditRules
) -> tuple[Reason, ...]:
    """Say that what an account becomes wants approval: a raise on some day to more than the own authority.

    Whatever lowers the limit of a day, or leaves it, never waits. An authority in another currency covers
    nothing, and no authority covers credit without limit.
    """
    authority = rules.own_authority
    if authority is None:
        return ()
    if after.unlimited:
        if before is not None and before.unlimited:
            return ()
        observed = Words("unlimited", "不限额")
        return (LIMIT_APPROVAL(subject, field="unlimited", observed=observed, expected=authority),)
    raised = max(_raises(before, after, on, rules), key=lambda amount: amount.minor, default=None)
    if raised is None or (raised.currency == authority.currency and raised <= authority):
        return ()
    return (LIMIT_APPROVAL(subject, field="limit", observed=raised, expected=authority),)


def check_policy(before: CreditRules, after: CreditRules, *, subject: str) -> tuple[Reason, ...]:
    """Say that a policy would give more than the authority that binds its author: also a wider authority."""
    authority = before.own_authority
    if authority is None:
        return ()
    found = []
    if not _covers(authority, after.own_authority):
        observed = after.own_authority or Words("unlimited", "不限额")
        found.append(POLICY_AUTHORITY(subject, field="own_authority", observed=observed, expected=authority))
    more = after.limit is not None and (before.limit is None or not _covers(before.limit, after.limit))
    if more and not _covers(authority, after.limit):
        found.append(POLICY_AUTHORITY(subject, field="limit", observed=after.limit, expected=authority))
    return tuple(found)


def _covers(authority: Money, amount: Money | None) -> bool:
    return amount is not None and amount.currency == authority.currency and amount <= authority


def _raises(
    before: CreditAccount | None, after: CreditAccount, on: date, rules: CreditRules
) -> Iterator[Money]:
    """The limit of each day from which on it is higher than it was."""
    had = dated(before, on).limits if before is not None and before.currency == after.currency else ()
    for day in _days((*had, *after.limits), on):
        now = _limit(after.limits, day, after.currency, rules)
        if now > _limit(had, day, after.currency, rules):
            yield now


def _days(limits: Sequence[CreditLimit], on: date) -> Iterator[date]:
    """Each day on which another limit may be in force, from today on."""
    edges = [on, *(each.ends_on or each.starts_on for each in limits)]
    last = min(max(edges), LAST) + YEAR
    day: date | None = on
    while day is not None and day <= last:
        yield day
        day = next_change(limits, day)


def _limit(limits: Iterable[CreditLimit], day: date, currency: str, rules: CreditRules) -> Money:
    default = rules.limit if rules.limit is not None and rules.limit.currency == currency else None
    return limit_on(limits, day, currency=currency, rule=rules.limit_rule, inherited=default).amount
