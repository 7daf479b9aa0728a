"""How an amount is cut into the parts of its terms: exact integers of minor units, whose sum is the amount.

Percentages by largest remainder, or each by itself (half up, half even) with the difference in the last line;
fixed amounts and percentages take at most what is left, or more, or are refused: the switches are in
`terms.options`. Sources: XT-24, peers sections 3 and 8; frappe/erpnext#12057 and #26951 (sums that differ).
"""

from collections.abc import Sequence

from attrs import frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Percentage
from pharmacrm.core.kernel.numbers import apportion, half_up
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
        shares = [part.share for part in terms.parts]
        claims = tuple(map(_claim, shares))
        has_rest = REST in shares
        units = tuple(claim.total for claim in claims)
        return cls(
            claims=claims,
            last=shares.index(REST) if has_rest else len(shares) - 1,
            has_rest=has_rest,
            plain=not any(claim.untaxed or claim.rest or claim.fixed for claim in claims),
            weights=(*units, WHOLE - sum(units)),
        )

    def sizes(self, size: int, currency: str, *, untaxed: int = 0, policy: AmountPolicy = SAFE) -> list[int]:
        """Split a size (minor units, not negative) over the parts, in the order of writing; they sum up."""
        if self.plain and policy == SAFE:
            *pieces, left = apportion(size, self.weights)
            pieces[self.last] += left
            return pieces
        if not size:
            return [0] * len(self.claims)
        if policy.overrun is Overrun.REFUSED:
            self._refuse(size, untaxed, currency)
        return self._taken(self._wanted(size, untaxed, currency, policy), size, currency, policy)

    def _taken(self, wanted: Sequence[int], size: int, currency: str, policy: AmountPolicy) -> list[int]:
        """Let each part take what it wants, in the order of writing, and the last line the difference."""
        sizes = []
        left = size
        for claim, want in zip(self.claims, wanted, strict=True):
            take = _rounded(left * claim.rest, WHOLE, currency, policy) if claim.rest else want
            sizes.append(take if policy.overrun is Overrun.NEGATIVE else min(take, left))
            left -= sizes[-1]
        sizes[self.last] += left
        return sizes

    def _wanted(self, size: int, untaxed: int, currency: str, policy: AmountPolicy) -> list[int]:
        exact = [claim.total * size + claim.untaxed * untaxed for claim in self.claims]
        free = WHOLE * size - sum(exact)
        if policy.rounding is Rounding.LARGEST_REMAINDER and policy.multiple is None and free >= 0:
            wanted = list(apportion(size, [*exact, free])[:-1])
        else:
            wanted = [_rounded(each, WHOLE, currency, policy) for each in exact]
            if not self.has_rest:
                wanted[self.last] = 0
        return [
            claim.fixed.money(currency).minor if claim.fixed else want
            for claim, want in zip(self.claims, wanted, strict=True)
        ]

    def _refuse(self, size: int, untaxed: int, currency: str) -> None:
        fixed = sum(claim.fixed.money(currency).minor for claim in self.claims if claim.fixed)
        shares = sum(claim.total * size + claim.untaxed * untaxed for claim in self.claims)
        if fixed * WHOLE + shares > size * WHOLE:
            message = "the parts of the terms want more than the amount"
            raise MalformedInput("terms.overrun", message, field="amount", value=f"{size} minor units")


def _rounded(numerator: int, denominator: int, currency: str, policy: AmountPolicy) -> int:
    """Round a claim to the minor unit, or to the multiple that the terms ask for."""
    unit = policy.multiple.money(currency).minor if policy.multiple else 1
    if policy.rounding is Rounding.HALF_EVEN:
        quotient, remainder = divmod(numerator, denominator * unit)
        twice = 2 * remainder - denominator * unit
        return (quotient + (twice > 0 or (twice == 0 and quotient % 2))) * unit
    return half_up(numerator, denominator * unit) * unit
