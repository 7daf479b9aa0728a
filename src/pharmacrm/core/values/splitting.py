"""How an amount is cut into the parts of its terms: exact integers of minor units, whose sum is the amount.

Percentages by largest remainder, or each by itself (half up, half even) with the difference in the last line;
fixed amounts and percentages take at most what is left, or more, or are refused: the switches are in
`terms.options`. Sources: XT-24, peers sections 3 and 8; frappe/erpnext#12057 and #26951 (sums that differ).
"""

from collections.abc import Sequence
from functools import lru_cache

from attrs import frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Percentage
from pharmacrm.core.kernel.numbers import apportion
from pharmacrm.core.values.terms import AmountPolicy, Base, Fixed, Overrun, PaymentTerms, Portion, Rounding
from pharmacrm.core.values.terms.share import REST, WHOLE, Share, of_total

SAFE = AmountPolicy()
"""Largest remainder, and never more than there is: how orders and deliveries are split."""


@frozen
class Claim:
    """What one share claims: units of a base, or a fixed amount; the rest claims nothing."""

    total: int = 0
    untaxed: int = 0
    rest: int = 0
    fixed: Fixed | None = None


def _claim(share: Share) -> Claim:
    match share:
        case Percentage():
            return Claim(total=of_total(share))
        case Portion(units, Base.UNTAXED):
            return Claim(untaxed=units)
        case Portion(units, Base.REST):
            return Claim(rest=units)
        case Portion(units):
            return Claim(total=units)
        case Fixed():
            return Claim(fixed=share)
    return Claim()


@lru_cache(maxsize=1024)
def _splitter(shares: tuple[Share, ...]) -> "Splitter":
    claims = tuple(map(_claim, shares))
    has_rest = REST in shares
    units = tuple(claim.total for claim in claims)
    return Splitter(
        claims=claims,
        last=shares.index(REST) if has_rest else len(shares) - 1,
        has_rest=has_rest,
        plain=not any(claim.untaxed or claim.rest or claim.fixed for claim in claims),
        weights=(*units, WHOLE - sum(units)),
    )


@frozen
class Splitter:
    """The claims of the parts of terms, taken apart once for many amounts."""

    claims: tuple[Claim, ...]
    last: int
    """The index of the line that takes the difference: the rest, or the last one written."""
    has_rest: bool
    plain: bool
    """Whether percentages of the total and a rest are all there is."""
    weights: tuple[int, ...]
    """The percentages of the total, and what they leave."""

    @classmethod
    def of(cls, terms: PaymentTerms) -> "Splitter":
        """Take the shares of terms apart."""
        return _splitter(tuple(part.share for part in terms.parts))

    def sizes(self, size: int, currency: str, *, untaxed: int = 0, policy: AmountPolicy = SAFE) -> list[int]:
        """Split a size (minor units, not negative) over the parts, in the order of writing; they sum up."""
        by_remainder = policy.rounding is Rounding.LARGEST_REMAINDER and policy.multiple is None
        if self.plain and by_remainder:
            *pieces, left = apportion(size, self.weights)
            pieces[self.last] += left
            return pieces
        if not size:
            return [0] * len(self.claims)
        if policy.overrun is Overrun.REFUSED:
            self._refuse(size, untaxed, currency)
        shared = self._shared(size, untaxed) if by_remainder else None
        return self._taken(size, currency, untaxed, shared, _Grid.of(policy, currency))

    def _taken(
        self, size: int, currency: str, untaxed: int, shared: Sequence[int] | None, grid: "_Grid"
    ) -> list[int]:
        """Let each part take what it wants, in the order of writing, and the last line the difference."""
        sizes = []
        left = size
        for index, claim in enumerate(self.claims):
            if claim.fixed is not None:
                take = claim.fixed.money(currency).minor
            elif claim.rest:
                take = grid.rounded(left * claim.rest)
            elif shared is not None:
                take = shared[index]
            elif self.has_rest or index != self.last:
                take = grid.rounded(claim.total * size + claim.untaxed * untaxed)
            else:
                take = 0
            sizes.append(take if take <= left or grid.unbounded else left)
            left -= sizes[-1]
        sizes[self.last] += left
        return sizes

    def _shared(self, size: int, untaxed: int) -> Sequence[int] | None:
        """What percentages want by largest remainder, unless those of the untaxed amount are too much."""
        exact = [claim.total * size + claim.untaxed * untaxed for claim in self.claims]
        free = WHOLE * size - sum(exact)
        return apportion(size, [*exact, free]) if free >= 0 else None

    def _refuse(self, size: int, untaxed: int, currency: str) -> None:
        fixed = sum(claim.fixed.money(currency).minor for claim in self.claims if claim.fixed)
        shares = sum(claim.total * size + claim.untaxed * untaxed for claim in self.claims)
        if fixed * WHOLE + shares > size * WHOLE:
            message = "the parts of the terms want more than the amount"
            raise MalformedInput("terms.overrun", message, field="amount", value=f"{size} minor units")


@frozen
class _Grid:
    """How claims are rounded: to a unit of so many minor units, half up or half to even."""

    unit: int
    even: bool
    unbounded: bool

    @classmethod
    def of(cls, policy: AmountPolicy, currency: str) -> "_Grid":
        """The grid of these switches in a currency."""
        unit = 1 if policy.multiple is None else policy.multiple.money(currency).minor
        return cls(unit, policy.rounding is Rounding.HALF_EVEN, policy.overrun is Overrun.NEGATIVE)

    def rounded(self, claim: int) -> int:
        """A claim in units of `Portion`, in minor units."""
        whole = WHOLE * self.unit
        quotient, remainder = divmod(claim, whole)
        twice = 2 * remainder - whole
        up = twice > 0 or (twice == 0 and (not self.even or quotient % 2 == 1))
        return (quotient + up) * self.unit
