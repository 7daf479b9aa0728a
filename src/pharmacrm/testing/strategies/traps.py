"""Values that look right and are not: what a field must refuse, by what the field is for.

Each was found to pass through a common library unnoticed: `Decimal('NaN')` compares false with every limit,
`int('1_000')` and `Decimal('１２')` read, `isinstance(now, date)` is true, a subclass answers `==` at will.
No trap costs more than its own size to refuse: the large ones are there so that nobody computes with them.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from attrs import frozen


class Family(StrEnum):
    """What a field is for. The traps of ANY are refused by every field."""

    ANY = "any"
    NUMBER = "number"
    DATE = "date"
    ID = "id"
    TEXT = "text"
    CHOICE = "choice"
    TRUTH = "truth"
    LIST = "list"
    VALUE = "value"


@frozen
class Trap:
    """A value by name; it is made anew for each use, because some can be used up or changed."""

    name: str
    make: Callable[[], Any]


class EvilDecimal(Decimal):
    """A number that is lost in every sum."""

    def __add__(self, other: object, /) -> Decimal:
        return Decimal(0)

    __radd__ = __add__


class EvilText(str):
    """A text that is equal to every other."""

    __slots__ = ()

    def __eq__(self, other: object, /) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class EvilInteger(int):
    """A whole number that is never too large."""

    def __lt__(self, other: object, /) -> bool:
        return True

    def __gt__(self, other: object, /) -> bool:
        return False


class Unspeakable:
    """A value that cannot be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("this cannot be shown")


def _itself() -> list[Any]:
    endless: list[Any] = []
    endless.append(endless)
    return endless


def fresh(**values: Any) -> tuple[Trap, ...]:
    """Traps from values that nobody can change, by name."""
    return tuple(Trap(name, partial(_same, value)) for name, value in values.items())


def _same(value: Any) -> Any:
    return value


_ANY: Final = (
    *fresh(
        nan=Decimal("NaN"),
        signalling_nan=Decimal("sNaN"),
        infinity=Decimal("Infinity"),
        minus_zero=Decimal("-0"),
        endless_exponent=Decimal("1E+9999999"),
        tiny_exponent=Decimal("1E-9999999"),
        evil_decimal=EvilDecimal("1"),
        evil_text=EvilText("H-001"),
        evil_integer=EvilInteger(1),
        float_=1.5,
        float_nan=float("nan"),
        complex_=1j,
        fraction=Fraction(1, 3),
        long_integer=10**5_000,
        bytes_=b"H-001",
        naive_time=datetime(2026, 2, 3),  # noqa: DTZ001 - the trap
        aware_time=datetime(2026, 2, 3, tzinfo=UTC),
        first_year=date.min,
        last_year=date.max,
        surrogate="H-\ud800",
        nul="H-\x00",
        reversed_text="H-\u202e100",
        long_text="a" * 1_000_000,
        class_=int,
        ellipsis_=...,
    ),
    Trap("nothing", lambda: None),
    Trap("bytearray", lambda: bytearray(b"H-001")),
    Trap("generator", lambda: (letter for letter in "H-001")),
    Trap("list_of_itself", _itself),
    Trap("dictionary", lambda: {"id": "H-001"}),
    Trap("set", lambda: {"H-001"}),
    Trap("object", object),
    Trap("unspeakable", Unspeakable),
)

TRAPS: Final[Mapping[Family, tuple[Trap, ...]]] = MappingProxyType(
    {
        Family.ANY: _ANY,
        Family.NUMBER: fresh(
            true=True,
            false=False,
            underscore="1_000",
            full_width="１２",
            arabic_digits="٣",
            comma="1,000",
            exponent="1e5",
            huge_exponent="1E+9999999",
            nan_text="NaN",
            infinity_text="Infinity",
            minus_zero_text="-0",
            plus="+1",
            space=" 1",
            newline="1\n",
            hexadecimal="0x10",
            empty="",
            currency="¥12",
            long_digits="9" * 1_000_000,
        ),
        Family.DATE: fresh(
            short_year="26-02-03",
            short_month="2026-2-3",
            no_dashes="20260203",
            slashes="2026/02/03",
            no_such_day="2026-02-30",
            no_such_leap_day="2026-02-29",
            week="2026-W06-2",
            with_time="2026-02-03T00:00:00",
            full_width="２０２６-02-03",
            space=" 2026-02-03",
            before_time="0001-01-01",
            after_time="9999-12-31",
            word="today",
            seconds=1_770_000_000,
            empty="",
            true=True,
        ),
        Family.ID: fresh(
            true=True,
            number=1,
            empty="",
            blank=" ",
            space_before=" H-001",
            space_after="H-001 ",
            newline="H-001\n",
            zero_width="H-\u200b001",
            full_width="Ｈ-001",
            cyrillic="\u041d-001",
            other_digits="H-٠٠١",
            not_nfc="e\u0301",
            variation="H\ufe0f",
            long="H" * 65,
            longer="H" * 113,
        ),
        Family.TEXT: fresh(
            true=True,
            number=1,
            blank="   ",
            zero_width="\u200b",
            next_line="a\x85b",
            line_separator="a\u2028b",
        ),
        Family.CHOICE: fresh(
            true=True, number=1, word="no such choice", space="approved ", capitals="APPROVE"
        ),
        Family.TRUTH: fresh(zero=0, one=1, true="true", false="false", yes="yes", empty=""),
        Family.LIST: fresh(true=True, number=1, text="H-001", empty=""),
        Family.VALUE: fresh(true=True, number=1, empty=""),
    }
)
"""The traps of each family of fields."""
