"""Setting the limit of a credit line (设定信用额度), which never touches what the customer owes."""

from attrs import evolve

from pharmacrm.core.credit.events import CreditLimitSet
from pharmacrm.core.credit.exposure import exposure_of
from pharmacrm.core.credit.model import CreditLine, empty_line
from pharmacrm.core.credit.reasons import CURRENCY_IN_USE, LIMIT_BELOW_EXPOSURE
from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason


def set_limit(
    old: CreditLine | None, *, customer: str, limit: Money, unlimited: bool, blocked: bool, reason: str
) -> Decision[CreditLine]:
    """Set the limit of a customer; a missing line is made, with counters of 0.

    A limit below the exposure is allowed with a warning: what is owed stays owed, and new orders wait. The
    currency changes only while nothing was ever booked. Setting the same again changes nothing.
    """
    start = _started(old, customer, limit.currency)
    line = evolve(start, limit=limit, unlimited=unlimited, blocked=blocked, reason=reason)
    if line == old:
        return accept(line)
    in_use = _currency(old, limit)
    if in_use:
        return accept(line, in_use)
    return accept(line, _below(line), save(line), tell(CreditLimitSet(subject=customer)))


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


def _below(line: CreditLine) -> tuple[Reason, ...]:
    if not exposure_of(line).short(Money.zero(line.currency)):
        return ()
    return (LIMIT_BELOW_EXPOSURE(line.id, field="limit", observed=line.exposure, expected=line.limit),)
