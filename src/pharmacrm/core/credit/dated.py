"""Dated limits (分期额度): base, temporary, seasonal and insured, and how they make the limit of a day.

The limit of a day is company + insurance. The company's part is the base limit in force plus the raises in
force; of two base limits the one that began later counts. `LimitRule` says where companies differ.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from attrs import frozen

from pharmacrm.core.credit.season import Season
from pharmacrm.core.kernel.dates import add_days
from pharmacrm.core.kernel.money import Money


class LimitKind(StrEnum):
    """What a limit is: the lasting one, a raise for some weeks, one of every year, or an insurer's cover."""

    BASE = "base"
    TEMPORARY = "temporary"
    SEASONAL = "seasonal"
    INSURED = "insured"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _KIND_ZH[self]


_KIND_ZH = {
    LimitKind.BASE: "基本额度",
    LimitKind.TEMPORARY: "临时额度",
    LimitKind.SEASONAL: "季节额度",
    LimitKind.INSURED: "保险额度",
}

RAISES: Final = (LimitKind.TEMPORARY, LimitKind.SEASONAL)
"""The kinds whose amount comes on top of the base limit."""


class Stacking(StrEnum):
    """What counts where a temporary and a seasonal raise meet: both, or the higher one alone."""

    SUM = "sum"
    HIGHEST = "highest"


class Insurance(StrEnum):
    """What an insured amount is: room beside the company's own limit, or the most that it may reach."""

    ADDS = "adds"
    CAPS = "caps"


@frozen(kw_only=True)
class LimitRule:
    """How dated limits are put together: raises add up, and insurance comes on top, unless said otherwise."""

    stacking: Stacking = Stacking.SUM
    insurance: Insurance = Insurance.ADDS


DEFAULT_RULE: Final = LimitRule()


@frozen(kw_only=True)
class CreditLimit:
    """One dated limit of a customer, granted by a person with a reason; `number` counts within the customer.

    It holds from `starts_on` to `ends_on`, both included; without an end it lasts. With a season it holds in
    that part of each year only.
    """

    number: int
    kind: LimitKind
    amount: Money
    starts_on: date
    ends_on: date | None = None
    season: Season | None = None
    by: str = ""
    reason: str = ""

    def within(self, day: date) -> bool:
        """Whether a day lies between its first and last day, whatever the season."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.within(day) and (self.season is None or self.season.holds(day))


@frozen
class LimitPart:
    """One limit that is in force, and whether it counts beside the others."""

    limit: CreditLimit
    counted: bool


@frozen(kw_only=True)
class LimitInForce:
    """The limit of a day, part by part; `inherited` is the base of a customer without one of their own."""

    on: date
    amount: Money
    parts: tuple[LimitPart, ...]
    inherited: Money | None = None

    def explain(self, language: str = "en") -> str:
        """Each part on a line, then the limit; `zh-CN` gives Chinese."""
        zh = language.startswith("zh")
        lines = [_explained(part, zh=zh) for part in self.parts]
        if self.inherited is not None:
            lines.insert(0, f"{'默认额度' if zh else 'default'} {self.inherited}")
        return "\n".join([*lines, f"{'额度' if zh else 'limit'} {self.amount}"])


def _explained(part: LimitPart, *, zh: bool) -> str:
    limit = part.limit
    name = limit.kind.zh if zh else limit.kind.value
    until = "" if limit.ends_on is None else f" {'至' if zh else 'to'} {limit.ends_on}"
    counted = ("计入" if part.counted else "不计入") if zh else ("counted" if part.counted else "not counted")
    told = f"（{counted}）" if zh else f" ({counted})"
    return f"{name} {limit.amount} {'自' if zh else 'from'} {limit.starts_on}{until}{told}"


def limit_on(
    limits: Iterable[CreditLimit],
    day: date,
    *,
    currency: str,
    rule: LimitRule = DEFAULT_RULE,
    inherited: Money | None = None,
) -> LimitInForce:
    """Put together the limit of a day (当日额度), with every part that is in force (XT-26).

    A customer without a base limit in force has the inherited one; without either, only the raises and the
    insured amounts. Under `Insurance.CAPS` a company limit counts as far as it is insured.
    """
    held = sorted((each for each in limits if each.holds_on(day)), key=_rank)
    base = base_of(held)
    raises = _raises([each for each in held if each.kind in RAISES], rule)
    insured = [each for each in held if each.kind is LimitKind.INSURED]
    bases = [base] if base else []
    company = _sum([*bases, *raises], currency)
    if base is None and inherited is not None:
        company += inherited
    cover = _sum(insured, currency)
    counted = {each.number for each in (*bases, *raises, *insured)}
    return LimitInForce(
        on=day,
        amount=company + cover if rule.insurance is Insurance.ADDS else min(company, cover),
        parts=tuple(LimitPart(each, each.number in counted) for each in held),
        inherited=inherited if base is None else None,
    )


def base_of(held: Sequence[CreditLimit]) -> CreditLimit | None:
    """The base limit that counts among those in force: the one that began last."""
    bases = [each for each in held if each.kind is LimitKind.BASE]
    return max(bases, key=lambda each: (each.starts_on, each.number), default=None)


def next_change(limits: Iterable[CreditLimit], day: date) -> date | None:
    """The first later day on which another limit may be in force; None if there is none."""
    return min((each for limit in limits for each in _edges(limit, day) if each > day), default=None)


def _edges(limit: CreditLimit, day: date) -> Iterator[date]:
    yield limit.starts_on
    if limit.ends_on is not None:
        yield add_days(limit.ends_on, 1)
    if limit.season is not None and (limit.ends_on is None or day <= limit.ends_on):
        yield from limit.season.edges(day)


def _raises(held: Sequence[CreditLimit], rule: LimitRule) -> Sequence[CreditLimit]:
    if rule.stacking is Stacking.SUM or not held:
        return held
    return [max(held, key=lambda each: (each.amount.minor, -each.number))]


def _sum(limits: Iterable[CreditLimit], currency: str) -> Money:
    return Money.total((each.amount for each in limits), currency)


def _rank(limit: CreditLimit) -> tuple[int, int]:
    return list(LimitKind).index(limit.kind), limit.number
