"""Exchange of currencies (汇率折算): an exact rate of a day, amounts rounded once, to a side that is said."""

from datetime import date
from decimal import Decimal
from typing import Final

from attrs import frozen

from pharmacrm.core.kernel.currencies import minor_digits
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.numbers import bounded, decimal_text, parse_decimal

FAMILY: Final = "rate"
"""The family of the codes of what is no rate."""

SCALE: Final = 10
"""Decimals of a rate: enough for what one dong is worth in dinars."""


def as_rate(value: Decimal | int | str) -> str:
    """Read a rate exactly, up to 10 decimals, and write it shortly: `7.10` is `7.1`.

    Codes are those of `parse_decimal` for a `rate`, and `rate.sign` for one that is not above 0.
    """
    return decimal_text(_above_zero(value), SCALE, least=0)


def as_rate_text(value: str) -> str:
    """Read a rate that is written down: a text and nothing else (`rate.type`), as `as_rate` does."""
    if type(value) is not str:
        raise MalformedInput(f"{FAMILY}.type", 'a rate is a text such as "7.1024"', value=value)
    return as_rate(value)


def _above_zero(value: Decimal | int | str) -> int:
    units = parse_decimal(value, scale=SCALE, family=FAMILY)
    if units <= 0:
        raise MalformedInput("rate.sign", "a rate is above 0", value=value)
    return units


@frozen(kw_only=True)
class Exchange:
    """What an amount in `source` is worth in `target` on a day, by the newest rate of that day or before.

    `rate` is as it was recorded, on the day `as_of`; `inverse` says that it was recorded from target to
    source, and divides. Without a rate (`known` is false) nothing is worth anything.
    """

    source: str
    target: str
    on: date
    rate: str = ""
    as_of: date | None = None
    inverse: bool = False

    @property
    def known(self) -> bool:
        """Whether there is a rate."""
        return bool(self.rate)

    @property
    def pair(self) -> str:
        """The two currencies, as the rate was recorded."""
        return f"{self.target}/{self.source}" if self.inverse else f"{self.source}/{self.target}"

    @property
    def age(self) -> int | None:
        """How many days old the rate is on the day."""
        return None if self.as_of is None else (self.on - self.as_of).days

    def up(self, money: Money) -> Money:
        """The worth of an amount, rounded up to the minor unit of the target."""
        numerator, denominator = self._ratio()
        return self._worth(-(-money.minor * numerator // denominator), money)

    def down(self, money: Money) -> Money:
        """The worth of an amount, rounded down to the minor unit of the target."""
        numerator, denominator = self._ratio()
        return self._worth(money.minor * numerator // denominator, money)

    def _worth(self, minor: int, money: Money) -> Money:
        if money.currency != self.source:
            message = f"an amount in {self.source} is wanted"
            raise MalformedInput("money.mixed_currency", message, value=money)
        return Money.of_minor(bounded(minor, "money"), self.target)

    def _ratio(self) -> tuple[int, int]:
        """Minor units of the target for one of the source."""
        if not self.known:
            return 0, 1
        units = _above_zero(self.rate)
        direct = (units, 10**SCALE)
        over, under = (direct[1], direct[0]) if self.inverse else direct
        return over * 10 ** minor_digits(self.target), under * 10 ** minor_digits(self.source)

    def explain(self, language: str = "en") -> str:
        """The rate with its day, or that there is none; `zh-CN` gives Chinese."""
        zh = language.startswith("zh")
        if not self.known:
            return f"{self.on} 及以前没有 {self.pair} 汇率" if zh else f"no rate of {self.pair} by {self.on}"
        return (
            f"汇率 {self.pair} {self.rate}（{self.as_of}）"
            if zh
            else f"rate {self.pair} {self.rate} of {self.as_of}"
        )
