"""The tax in an amount, rate by rate (价税分离): net and tax are the gross, to the minor unit."""

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from pharmacrm.core.kernel.money import Money, Percentage


@frozen
class TaxPart:
    """What of a document is taxed at one rate: the gross amount, and the tax in it (税率, 价税合计, 税额)."""

    rate: Percentage
    gross: Money
    tax: Money

    @property
    def net(self) -> Money:
        """The amount without the tax (未税金额)."""
        return self.gross - self.tax


def taxes_of(lines: Iterable[tuple[Percentage, Money, Money]]) -> tuple[TaxPart, ...]:
    """Add up lines (rate, gross, tax) by their rates, the lowest first."""
    found: dict[int, TaxPart] = {}
    for rate, gross, tax in lines:
        old = found.get(rate.units)
        found[rate.units] = (
            TaxPart(rate, gross + old.gross, tax + old.tax) if old else TaxPart(rate, gross, tax)
        )
    return tuple(found[units] for units in sorted(found))


def shared_taxes(amount: Money, goods: Mapping[Percentage, Money] | Sequence[TaxPart]) -> tuple[TaxPart, ...]:
    """Spread an amount over rates as the goods that it is for are, by largest remainder; the tax is in it.

    Goods that came to nothing say nothing of the tax.
    """
    given = goods.items() if isinstance(goods, Mapping) else [(part.rate, part.gross) for part in goods]
    weights = {rate: gross.minor for rate, gross in given if gross.minor > 0}
    if not weights:
        return ()
    parts = zip(weights, amount.allocate(list(weights.values())), strict=True)
    return taxes_of((rate, part, rate.included_in(part)) for rate, part in parts)
