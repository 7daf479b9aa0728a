"""Amounts of money, unit prices and percentages: exact integers, rounded once, half up, never a float."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, Self, final

from attrs import frozen

from pharmacrm.core.kernel.currencies import minor_digits
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.numbers import (
    apportion,
    bounded,
    decimal_text,
    half_up,
    parse_decimal,
    wrong_type,
)

MAX_PARTS: Final = 100_000  # that one amount may be split into
MAX_QUANTITY: Final = 10**12  # the first one refused
_MICRO: Final = 6
_WHOLE: Final = 1_000_000
_new: Final = object.__new__
_set: Final = object.__setattr__


@final
@frozen(init=False, repr=False)
class Money:
    """An amount in one currency (金额), exact to the currency's minor unit: `Money("1234.50", "CNY")`.

    Stored as whole minor units (fen for CNY), below 10**18 in magnitude. Amounts of two currencies never mix:
    arithmetic and comparison refuse with `money.mixed_currency`. A result out of range is `money.range`.
    """

    minor: int
    currency: str

    def __init__(self, amount: int | Decimal | str, currency: str) -> None:
        """Read an amount in major units (yuan for CNY) strictly; `parse_decimal` says what is refused."""
        self.__attrs_init__(parse_decimal(amount, scale=minor_digits(currency)), currency)

    @classmethod
    def of_minor(cls, minor: int, currency: str) -> Self:
        """Build from minor units that are known to be good, such as a stored row; nothing is checked."""
        money = _new(cls)
        _set(money, "minor", minor)
        _set(money, "currency", currency)
        return money

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Return no money at all, in a currency."""
        minor_digits(currency)
        return cls.of_minor(0, currency)

    @classmethod
    def total(cls, items: Iterable["Money"], currency: str) -> "Money":
        """Add amounts that must all be in one currency; the sum of nothing is zero in it.

        Use this instead of `sum()`, whose start value 0 has no currency and is therefore refused.
        """
        total = cls.zero(currency)
        minor = 0
        for item in items:
            if not _alike(total, item):
                raise wrong_type(item, "money", "only amounts of money add up")
            minor += item.minor
        return cls.of_minor(bounded(minor, "money"), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, with exactly the currency's decimals."""
        return Decimal(decimal_text(self.minor, minor_digits(self.currency)))

    @property
    def is_positive(self) -> bool:
        """Whether it is more than zero."""
        return self.minor > 0

    @property
    def is_negative(self) -> bool:
        """Whether it is less than zero."""
        return self.minor < 0

    def __bool__(self) -> bool:
        """Tell whether it is other than zero."""
        return self.minor != 0

    def __add__(self, other: "Money") -> "Money":
        """Add an amount of the same currency."""
        if _alike(self, other):
            return self._with(self.minor + other.minor)
        return NotImplemented

    def __sub__(self, other: "Money") -> "Money":
        """Take away an amount of the same currency."""
        if _alike(self, other):
            return self._with(self.minor - other.minor)
        return NotImplemented

    def __neg__(self) -> "Money":
        """Turn the sign."""
        return Money.of_minor(-self.minor, self.currency)

    def __abs__(self) -> "Money":
        """Return the magnitude."""
        return Money.of_minor(abs(self.minor), self.currency)

    def __mul__(self, factor: int) -> "Money":
        """Multiply by a whole number; for the rest there are `share`, `Price.times` and `Percentage.of`."""
        return self._with(self.minor * factor) if type(factor) is int else NotImplemented

    __rmul__ = __mul__

    def __lt__(self, other: "Money") -> bool:
        """Tell whether it is less than an amount of the same currency."""
        return self.minor < other.minor if _alike(self, other) else NotImplemented

    def __le__(self, other: "Money") -> bool:
        """Tell whether it is at most an amount of the same currency."""
        return self.minor <= other.minor if _alike(self, other) else NotImplemented

    def __gt__(self, other: "Money") -> bool:
        """Tell whether it is more than an amount of the same currency."""
        return self.minor > other.minor if _alike(self, other) else NotImplemented

    def __ge__(self, other: "Money") -> bool:
        """Tell whether it is at least an amount of the same currency."""
        return self.minor >= other.minor if _alike(self, other) else NotImplemented

    def allocate(self, weights: Sequence[int]) -> "tuple[Money, ...]":
        """Split in proportion to weights, largest remainder, ties to the first; the parts sum to it exactly.

        Raises:
            MalformedInput: `money.weights` when they are empty, all zero, negative or not exactly `int`.

        """
        return tuple(Money.of_minor(part, self.currency) for part in apportion(self.minor, weights))

    def split(self, parts: int) -> "tuple[Money, ...]":
        """Split into equal parts, the first ones a minor unit larger; `money.weights` beyond 1 to 100,000."""
        if type(parts) is not int or not 1 <= parts <= MAX_PARTS:
            raise MalformedInput("money.weights", f"split in 1 to {MAX_PARTS:,} parts", value=parts)
        return self.allocate((1,) * parts)

    def share(self, numerator: int, denominator: int) -> "Money":
        """Return the part numerator / denominator, rounded half away from zero to the minor unit.

        Refuses with `money.share` unless both are exactly `int` and the denominator is positive.
        """
        if type(numerator) is not int or type(denominator) is not int or denominator <= 0:
            message = "give whole numbers and a positive denominator"
            raise MalformedInput("money.share", message, value=(numerator, denominator))
        return self._with(half_up(self.minor * numerator, denominator))

    def __str__(self) -> str:
        """Write it for people: `CNY 1,234.50`."""
        return f"{self.currency} {decimal_text(self.minor, minor_digits(self.currency), group=',')}"

    def __repr__(self) -> str:
        """Write it as Python: `Money('1234.50', 'CNY')`."""
        return f"Money('{decimal_text(self.minor, minor_digits(self.currency))}', {self.currency!r})"

    def _with(self, minor: int) -> "Money":
        return Money.of_minor(bounded(minor, "money"), self.currency)


def _alike(money: Money, other: object) -> bool:
    """Tell money from other things; refuse money of another currency."""
    if type(other) is not Money:
        return False
    if other.currency != money.currency:
        message = f"{money.currency} and {other.currency} do not mix"
        raise MalformedInput("money.mixed_currency", message, value=other)
    return True


@final
@frozen(init=False, repr=False, order=True)
class Price:
    """A unit price without currency (单价), never negative: `Price("0.0363")` a tablet.

    Stored as whole millionths (6 decimals), below 10**12. Rounded only when it meets a quantity.
    """

    micros: int

    def __init__(self, amount: int | Decimal | str) -> None:
        """Read a price strictly; refuses with `price.sign` and the other codes of `parse_decimal`."""
        micros = parse_decimal(amount, scale=_MICRO, family="price")
        if micros < 0:
            raise MalformedInput("price.sign", "a price is not negative", value=amount)
        self.__attrs_init__(micros)

    @classmethod
    def of_micros(cls, micros: int) -> Self:
        """Build from millionths that are known to be good, such as a stored row; nothing is checked."""
        price = _new(cls)
        _set(price, "micros", micros)
        return price

    def times(self, quantity: int, currency: str) -> Money:
        """Return the price of a quantity, rounded once, half up, to the currency's minor unit.

        A negative quantity (a return) gives the same amount with the sign turned.
        """
        if type(quantity) is not int:
            raise MalformedInput("quantity.type", "a quantity is a whole number", value=quantity)
        minor = half_up(self.micros * quantity, 10 ** (_MICRO - minor_digits(currency)))
        return Money.of_minor(bounded(minor, "money"), currency)

    def __str__(self) -> str:
        """Write it with as many decimals as it needs, at least 2: `0.0363`, `12.50`."""
        return decimal_text(self.micros, _MICRO, least=2)

    def __repr__(self) -> str:
        """Write it as Python: `Price('0.0363')`."""
        return f"Price('{self}')"


@final
@frozen(init=False, repr=False, order=True)
class Percentage:
    """An exact percentage from 0 % to 100 %, 4 decimals: `Percentage("13%")`.

    The sign is part of the text, because 0.13 and 13 are both written for 13 %. Stored as whole
    ten-thousandths of a percent: 1 % is 10,000 units.
    """

    units: int

    def __init__(self, rate: str) -> None:
        """Read a rate with its sign; refuses with `percentage.format`, `.range`, `.scale` and so on."""
        if type(rate) is not str:
            raise wrong_type(rate, "percentage", "give text, such as 13%")
        if not rate.endswith("%"):
            raise MalformedInput("percentage.format", "write 13%: the sign tells 13 from 0.13", value=rate)
        units = parse_decimal(rate[:-1], scale=4, family="percentage")
        if not 0 <= units <= _WHOLE:
            raise MalformedInput("percentage.range", "give 0% to 100%", value=rate)
        self.__attrs_init__(units)

    @classmethod
    def of_units(cls, units: int) -> Self:
        """Build from units that are known to be good, such as a stored row; nothing is checked."""
        percentage = _new(cls)
        _set(percentage, "units", units)
        return percentage

    def of(self, money: Money) -> Money:
        """Return this part of an amount, rounded half up: 13 % of CNY 100.00 is CNY 13.00."""
        return money.share(self.units, _WHOLE)

    def included_in(self, gross: Money) -> Money:
        """Return the tax in a gross amount at this rate, rounded half up: 13.00 in 113.00 at 13 %."""
        return gross.share(self.units, _WHOLE + self.units)

    def __str__(self) -> str:
        """Write it with as many decimals as it needs: `13%`, `12.5%`."""
        return f"{decimal_text(self.units, 4, least=0)}%"

    def __repr__(self) -> str:
        """Write it as Python: `Percentage('13%')`."""
        return f"Percentage('{self}')"


def as_price(value: Price | str | int | Decimal) -> Price:
    """Read a price, or pass one through: the attrs converter of price fields."""
    return value if isinstance(value, Price) else Price(value)


def as_percentage(value: Percentage | str) -> Percentage:
    """Read a percentage with its sign, or pass one through: the attrs converter of rate fields."""
    return value if isinstance(value, Percentage) else Percentage(value)


def as_quantity(value: int) -> int:
    """Check a quantity in sales units, 1 to 10**12 - 1; codes `quantity.type`, `.sign`, `.zero`, `.range`."""
    if type(value) is not int:
        raise MalformedInput("quantity.type", "a quantity is a whole number", value=value)
    if not 0 < value < MAX_QUANTITY:
        state = "sign" if value < 0 else "range" if value else "zero"
        raise MalformedInput(f"quantity.{state}", "a quantity is at least 1 and below 10**12", value=value)
    return value


def not_negative(money: Money, field: str = "") -> Money:
    """Pass an amount of zero or more through; refuse others with `money.sign`, naming the field."""
    if money.minor < 0:
        raise MalformedInput("money.sign", "the amount is not negative", field=field, value=money)
    return money


def positive(money: Money, field: str = "") -> Money:
    """Pass an amount above zero through; refuse others with `money.sign` or `money.zero`, with the field."""
    if not not_negative(money, field).minor:
        raise MalformedInput("money.zero", "the amount is more than zero", field=field, value=money)
    return money
