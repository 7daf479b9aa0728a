"""May a customer owe so much more? (授信检查, XT-26)."""

from collections.abc import Iterable

from pharmacrm.core.credit.exposure import Exposure, ExposurePart, exposure_of
from pharmacrm.core.credit.model import CreditLine
from pharmacrm.core.credit.reasons import BLOCKED, CURRENCY_MISMATCH, NEGATIVE_AMOUNT, NO_LIMIT, OVER_LIMIT
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.words import Words


def check_credit(
    line: CreditLine | None, more: Money, *, subject: str, outside: Iterable[ExposurePart] = ()
) -> tuple[Reason, ...]:
    """Give every reason against so much more credit for a subject, usually an order.

    Nothing more needs no credit. Up to the limit passes, the limit itself too; over it is
    `credit.over_limit`, which names exposure, limit and shortfall. No line and a limit of 0 are
    `credit.no_limit`. Both wait for finance; a blocked line refuses.
    """
    unfit = check_amount(line, more, subject=subject)
    if unfit or not more:
        return unfit
    return (*check_blocked(line, subject=subject), *_limit(line, more, subject, outside))


def check_amount(line: CreditLine | None, amount: Money, *, subject: str) -> tuple[Reason, ...]:
    """Refuse an amount that is negative or in another currency than the line."""
    found = []
    if amount.is_negative:
        found.append(NEGATIVE_AMOUNT(subject, field="amount", observed=amount))
    if line is not None and line.currency != amount.currency:
        found.append(
            CURRENCY_MISMATCH(subject, field="amount", observed=amount.currency, expected=line.currency)
        )
    return tuple(found)


def check_blocked(line: CreditLine | None, *, subject: str) -> tuple[Reason, ...]:
    """Refuse credit of a blocked line."""
    return (BLOCKED(subject, field="credit"),) if line is not None and line.blocked else ()


def _limit(
    line: CreditLine | None, more: Money, subject: str, outside: Iterable[ExposurePart]
) -> tuple[Reason, ...]:
    if line is None or not (line.limit or line.unlimited):
        return (NO_LIMIT(subject, field="credit", observed=more),)
    exposure = exposure_of(line, outside=outside)
    return (_over(subject, exposure, more),) if exposure.short(more) else ()


def _over(subject: str, exposure: Exposure, more: Money) -> Reason:
    """Name exposure with the order, limit and shortfall; the limit is there, as something is short."""
    total, short = exposure.total + more, exposure.short(more)
    observed = Words(f"{total} (short {short})", f"{total}（超出 {short}）")
    return OVER_LIMIT(subject, field="credit", observed=observed, expected=exposure.limit)
