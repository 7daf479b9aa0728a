"""Lowering instalments by documents without money (应收调整): credit notes, write-offs, new due dates."""

from collections.abc import Iterable, Sequence
from datetime import date

from attrs import evolve, field, frozen

from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.strict import Ref, strict
from pharmacrm.core.receivables.model import Adjustment, AdjustmentKind, Instalment
from pharmacrm.core.receivables.targets import as_positive


@frozen(field_transformer=strict)
class Portion:
    """So much of one instalment: `Portion("OUT-1/receivable/1", Money("12.50", "CNY"))`."""

    instalment: Ref
    amount: Money = field(converter=as_positive)


@frozen
class Adjusted:
    """The adjustments that one document made or took back, and the instalments after them."""

    adjustments: tuple[Adjustment, ...] = ()
    instalments: tuple[Instalment, ...] = ()

    def credit(self, currency: str) -> Money:
        """What of it was owed on credit; the rest was to be prepaid."""
        kinds = {part.id: part.kind for part in self.instalments}
        return Money.total(
            (each.amount for each in self.adjustments if kinds[each.instalment].on_credit), currency
        )


def lower(
    portions: Iterable[Portion],
    instalments: Sequence[Instalment],
    *,
    kind: AdjustmentKind,
    document: str,
    on: date,
    after: int = 0,
) -> Adjusted:
    """Lower instalments by what a document says, each at most by what is open of it.

    The adjustments are numbered on from `after`. Whoever calls this has refused what is unknown or too much.
    """
    current = {part.id: part for part in instalments}
    made = []
    for number, portion in enumerate(portions, start=after + 1):
        part = current[portion.instalment]
        current[part.id] = moved(part, kind, portion.amount)
        made.append(
            Adjustment(
                id=f"{document}/{number}",
                receivable=part.receivable,
                instalment=part.id,
                kind=kind,
                document=document,
                amount=portion.amount,
                on=on,
            )
        )
    return Adjusted(tuple(made), tuple(current[each] for each in dict.fromkeys(a.instalment for a in made)))


def take_back(adjustments: Iterable[Adjustment], instalments: Sequence[Instalment], *, on: date) -> Adjusted:
    """Undo adjustments: what they had lowered is owed again; what was undone before stays so."""
    current = {part.id: part for part in instalments}
    undone = tuple(evolve(each, undone=True, undone_on=on) for each in adjustments if not each.undone)
    for each in undone:
        current[each.instalment] = moved(current[each.instalment], each.kind, -each.amount)
    return Adjusted(undone, tuple(current[each] for each in dict.fromkeys(a.instalment for a in undone)))


def moved(part: Instalment, kind: AdjustmentKind, amount: Money) -> Instalment:
    """Add an amount to what adjustments of a kind took off an instalment, or take it away if negative."""
    after = evolve(part, **{kind.field: getattr(part, kind.field) + amount})
    return evolve(after, settled=not after.open)
