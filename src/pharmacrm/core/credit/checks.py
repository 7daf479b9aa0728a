"""May a customer owe so much more? (授信检查, XT-26)."""

from pharmacrm.core.credit.exposure import Exposure, exposure_of
from pharmacrm.core.credit.foreign import Account
from pharmacrm.core.credit.model import CreditAccount, CreditGroup, CreditLine
from pharmacrm.core.credit.outcome import weighed
from pharmacrm.core.credit.parts import limits
from pharmacrm.core.credit.rate_policy import check_rate
from pharmacrm.core.credit.reasons import (
    BLOCKED,
    CURRENCY_MISMATCH,
    GROUP_BLOCKED,
    GROUP_OVER_LIMIT,
    NEGATIVE_AMOUNT,
    NO_LIMIT,
    OVER_LIMIT,
    PART_OVER_LIMIT,
    WATCHED,
)
from pharmacrm.core.credit.standing import ALONE, Surroundings
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason, ReasonCode, Severity
from pharmacrm.core.kernel.words import Words
from pharmacrm.core.values.exchange import Exchange


def check_credit(
    line: CreditLine | None,
    more: Money,
    *,
    subject: str,
    around: Surroundings = ALONE,
) -> tuple[Reason, ...]:
    """Give every reason against so much more credit for a subject, usually an order.

    Nothing more needs no credit. Up to the limit passes, the limit itself too; over it is
    `credit.over_limit`, which names exposure, limit and shortfall. No line and a limit of 0 are
    `credit.no_limit`, over the limit of the customer's group is `credit.group_over_limit`. They wait for
    finance, unless the policy says otherwise; a blocked line or group refuses. More in another currency
    counts what `around.exchange` says; without a rate nothing but the lack of it is found.
    """
    unfit = check_amount(line, more, subject=subject, exchange=around.exchange)
    if unfit or not more:
        return unfit
    exchange = around.exchange
    if line is None or exchange is None or line.currency == more.currency:
        return _checked(line, more, subject, around)
    rated = check_rate(exchange, around.rules.rates, subject=subject)
    if not exchange.known:
        return (*check_blocked(line, around.group, subject=subject), *rated)
    return (*rated, *_checked(line, exchange.up(more), subject, around))


def _checked(line: CreditLine | None, more: Money, subject: str, around: Surroundings) -> tuple[Reason, ...]:
    """What stands against so much more, in the currency of the line."""
    found = (
        *_limit(line, more, subject, around),
        *_part_limits(line, more, subject, around),
        *_group_limit(more, subject, around),
    )
    return (
        *check_blocked(line, around.group, subject=subject),
        *(reason for each in found for reason in weighed(each, around.rules.over_limit)),
        *(() if found or line is None else _watched(line, more, subject, around)),
    )


def check_amount(
    line: Account | None, amount: Money, *, subject: str, exchange: Exchange | None = None
) -> tuple[Reason, ...]:
    """Refuse an amount that is negative, or in another currency than the line where no exchange is known."""
    found = []
    if amount.is_negative:
        found.append(NEGATIVE_AMOUNT(subject, field="amount", observed=amount))
    if line is not None and line.currency != amount.currency and exchange is None:
        found.append(
            CURRENCY_MISMATCH(subject, field="amount", observed=amount.currency, expected=line.currency)
        )
    return tuple(found)


def check_blocked(
    line: CreditLine | None, group: CreditGroup | None = None, *, subject: str
) -> tuple[Reason, ...]:
    """Refuse credit of a blocked line, or of a member of a blocked group."""
    found = []
    if line is not None and line.blocked:
        found.append(BLOCKED(subject, field="credit"))
    if group is not None and group.blocked:
        found.append(GROUP_BLOCKED(subject, field="group", observed=group.id))
    return tuple(found)


def check_invoiced(line: CreditLine, *, subject: str, around: Surroundings = ALONE) -> tuple[Reason, ...]:
    """Say what stands against goods that are invoiced, with the line as it is then; it never stops them.

    What was delivered can always be invoiced: whatever a policy makes of a finding, it warns at most.
    """
    nothing = Money.zero(line.currency)
    exposure = exposure_of(line, outside=around.outside, rules=around.rules.parts)
    over = (_over(OVER_LIMIT, "credit", subject, exposure, nothing),) if exposure.short(nothing) else ()
    found = (
        *over,
        *_part_limits(line, nothing, subject, around),
        *_group_limit(nothing, subject, around),
        *around.gates,
    )
    told = found or _watched(line, nothing, subject, around)
    return tuple(each if each.severity is Severity.INFO else each.weighed(Severity.WARN) for each in told)


def _part_limits(
    line: CreditLine | None, more: Money, subject: str, around: Surroundings
) -> tuple[Reason, ...]:
    """Say which part would be larger than its own limit; the part that is asked for grows."""
    if line is None:
        return ()
    found = []
    for part in exposure_of(line).parts:
        own = limits(around.rules.parts).get(part.kind)
        after = part.amount + more if part.kind is around.asks else part.amount
        if own is not None and own.currency == line.currency and after > own:
            name = Words(part.kind.replace("_", " "), part.kind.zh)
            reason = PART_OVER_LIMIT(subject, field=part.kind, named=name, observed=after, expected=own)
            found.append(reason)
    return tuple(found)


def _group_limit(more: Money, subject: str, around: Surroundings) -> tuple[Reason, ...]:
    """Say that all members of the group together would owe too much."""
    if around.group is None:
        return ()
    exposure = exposure_of(around.group, rules=around.rules.parts)
    counts = around.more(more)
    return (_over(GROUP_OVER_LIMIT, "group", subject, exposure, counts),) if exposure.short(counts) else ()


def _watched(line: CreditAccount, more: Money, subject: str, around: Surroundings) -> tuple[Reason, ...]:
    """Remark upon an exposure in the watched band below the limit, the edge included."""
    rules = around.rules
    after = exposure_of(line, outside=around.outside, rules=rules.parts).total + around.more(more)
    if rules.watch_from is None or line.unlimited or after.minor * 100 < line.limit.minor * rules.watch_from:
        return ()
    edge = Words(f"{rules.watch_from} % of {line.limit}", f"{line.limit} 的 {rules.watch_from}%")
    return (WATCHED(subject, field="credit", observed=after, expected=edge),)


def _limit(line: CreditLine | None, more: Money, subject: str, around: Surroundings) -> tuple[Reason, ...]:
    if line is None or not (line.limit or line.unlimited):
        return (NO_LIMIT(subject, field="credit", observed=more),)
    exposure = exposure_of(line, outside=around.outside, rules=around.rules.parts)
    counts = around.more(more)
    return (_over(OVER_LIMIT, "credit", subject, exposure, counts),) if exposure.short(counts) else ()


def _over(code: ReasonCode, field: str, subject: str, exposure: Exposure, more: Money) -> Reason:
    """Name exposure with the order, limit and shortfall; the limit is there, as something is short."""
    total, short = exposure.total + more, exposure.short(more)
    observed = Words(f"{total} (short {short})", f"{total}（超出 {short}）")
    return code(subject, field=field, observed=observed, expected=exposure.limit)
