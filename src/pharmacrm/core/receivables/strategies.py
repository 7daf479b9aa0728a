"""In which order money settles what is open (核销顺序), where nobody names the instalments.

Systems disagree here, so it is a switch of each allocation. The default is the oldest due first; costs, then
interest, then principal is the order of article 561 of the Civil Code of China.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum

from pharmacrm.core.kernel.money import Money
from pharmacrm.core.receivables.discounts import discount_for
from pharmacrm.core.receivables.model import Instalment, Receipt, ReceivableKind
from pharmacrm.core.receivables.targets import Target


class AllocationStrategy(StrEnum):
    """Which open instalments money settles first.

    OLDEST_DUE: by due date. CURRENT_FIRST: what is not overdue, then the overdue, each by due date.
    PROPORTIONAL: all alike, in the proportion of what is open. COST_INTEREST_PRINCIPAL: costs of collection,
    then interest, then the debt itself, each by due date.
    """

    OLDEST_DUE = "oldest_due"
    CURRENT_FIRST = "current_first"
    PROPORTIONAL = "proportional"
    COST_INTEREST_PRINCIPAL = "cost_interest_principal"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _STRATEGY_ZH[self]


_STRATEGY_ZH = {
    AllocationStrategy.OLDEST_DUE: "先到期先核销",
    AllocationStrategy.CURRENT_FIRST: "先核销未逾期",
    AllocationStrategy.PROPORTIONAL: "按比例核销",
    AllocationStrategy.COST_INTEREST_PRINCIPAL: "先费用、次利息、后本金",
}

_RANK = {ReceivableKind.COST: 0, ReceivableKind.INTEREST: 1}


def spread(
    strategy: AllocationStrategy,
    receipt: Receipt,
    instalments: Iterable[Instalment],
    kinds: Mapping[str, ReceivableKind],
    *,
    on: date,
    take_discounts: bool = False,
) -> tuple[Target, ...]:
    """Spread what is left of a receipt over the payer's open instalments, in the order of a strategy.

    `kinds` are those of the receivables by id. Instalments in another currency are left out. With
    `take_discounts` an instalment that the money settles less its early payment discount takes it.
    """
    owed = [part for part in instalments if _is_owed(part, receipt)]
    discounts = {part.id: discount_for(part, receipt) for part in owed} if take_discounts else {}
    if strategy is AllocationStrategy.PROPORTIONAL:
        return _in_proportion(receipt.open, owed, discounts)
    owed.sort(key=lambda part: (_first(strategy, part, kinds, on), *_by_due(part)))
    return tuple(_filled(receipt.open, owed, discounts))


def _first(
    strategy: AllocationStrategy, part: Instalment, kinds: Mapping[str, ReceivableKind], on: date
) -> int:
    match strategy:
        case AllocationStrategy.CURRENT_FIRST:
            return int(part.due < on)
        case AllocationStrategy.COST_INTEREST_PRINCIPAL:
            return _RANK.get(kinds[part.receivable], len(_RANK))
        case _:
            return 0


def _by_due(part: Instalment) -> tuple[date, date, str, int]:
    return part.due, part.opened_on, part.receivable, part.number


def _is_owed(part: Instalment, receipt: Receipt) -> bool:
    same = part.customer == receipt.payer and part.amount.currency == receipt.amount.currency
    return same and part.open.is_positive


def _filled(left: Money, owed: Iterable[Instalment], discounts: Mapping[str, Money]) -> Iterator[Target]:
    for part in owed:
        if not left.is_positive:
            return
        whole = _settling(part, discounts)
        target = whole if whole.amount <= left else Target(part.id, min(left, part.open))
        yield target
        left -= target.amount


def _in_proportion(
    left: Money, owed: Sequence[Instalment], discounts: Mapping[str, Money]
) -> tuple[Target, ...]:
    whole = tuple(_settling(part, discounts) for part in sorted(owed, key=_by_due))
    if Money.total((target.amount for target in whole), left.currency) <= left:
        return whole
    parts = sorted(owed, key=_by_due)
    shares = min(left, Money.total((part.open for part in parts), left.currency)).allocate(
        [part.open.minor for part in parts]
    )
    return tuple(Target(part.id, share) for part, share in zip(parts, shares, strict=True) if share)


def _settling(part: Instalment, discounts: Mapping[str, Money]) -> Target:
    """The payment that settles an instalment, less its discount if it has one."""
    off = discounts.get(part.id)
    return Target(part.id, part.open - off, take_discount=True) if off else Target(part.id, part.open)
