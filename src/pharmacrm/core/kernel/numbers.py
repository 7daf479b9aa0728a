"""Exact decimal arithmetic on scaled integers: the one strict parser, the one rounding, the one split.

A scaled integer is a number of smallest units: 12.34 at scale 2 is 1234. All of them fit a BIGINT column.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final

from pharmacrm.core.kernel.errors import MalformedInput

MAX_DIGITS: Final = 18
"""Digits of a scaled integer: every one is below 10**18 in magnitude, so NUMERIC(18) and BIGINT hold it."""

LIMIT: Final = 10**MAX_DIGITS
"""The first magnitude that a scaled integer must not reach."""

_PLAIN: Final = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
_EXPONENT: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?[eE]([+-]?)0*([0-9]*)")


def parse_decimal(value: object, *, scale: int, family: str = "money") -> int:
    """Read an exact decimal as an integer of `scale` decimals, or say why it cannot be read.

    Takes exactly `int`, `Decimal` and ASCII text such as `-12.34`; subclasses, floats, signs of currency,
    separators, spaces and exponents are refused. Nothing is stripped and nothing is rounded; zeros behind the
    scale are exact and pass (`1.000` at scale 2). The result is below 10**18 in magnitude.

    Raises:
        MalformedInput: `<family>.required`, `.type`, `.format`, `.scale`, `.range` or `.negative_zero`.

    """
    if type(value) is str:
        return _from_text(value, scale, family)
    if type(value) is Decimal:
        return _from_decimal(value, scale, family)
    if type(value) is int:
        return bounded(value * 10**scale, family)
    raise wrong_type(value, family, "give an int, a Decimal or text, never a float")


def wrong_type(value: object, family: str, message: str, *, masked: bool = False) -> MalformedInput:
    """Tell a missing value (`<family>.required`) from one of a wrong type (`<family>.type`)."""
    if value is None:
        return MalformedInput(f"{family}.required", "a value is required")
    return MalformedInput(f"{family}.type", message, value=value, masked=masked)


def bounded(scaled: int, family: str) -> int:
    """Return a scaled integer below 10**18 in magnitude unchanged; refuse others with `<family>.range`."""
    if -LIMIT < scaled < LIMIT:
        return scaled
    raise MalformedInput(f"{family}.range", "more than 18 digits", value=scaled)


def half_up(numerator: int, denominator: int) -> int:
    """Divide two integers and round to the nearest one, halves away from zero (四舍五入).

    2.5 gives 3 and -2.5 gives -3. A denominator of 0 raises ZeroDivisionError.
    """
    quotient = (2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator))
    return quotient if (numerator < 0) == (denominator < 0) else -quotient


def apportion(total: int, weights: Sequence[int], *, family: str = "money") -> tuple[int, ...]:
    """Split an integer in proportion to weights so that the parts sum to it exactly (最大余数法).

    Largest remainder, ties to the first; each part is less than one unit away from its exact share. A
    negative total is split like its magnitude; a weight of 0 receives nothing.

    Raises:
        MalformedInput: `<family>.weights` when they are empty, all zero, negative or not exactly `int`.

    """
    whole = _sum_of_weights(weights, family)
    shares = [divmod(abs(total) * weight, whole) for weight in weights]
    parts = [quotient for quotient, _ in shares]
    by_remainder = sorted(range(len(parts)), key=lambda index: -shares[index][1])
    for index in by_remainder[: abs(total) - sum(parts)]:
        parts[index] += 1
    return tuple(parts) if total >= 0 else tuple(-part for part in parts)


@lru_cache(maxsize=8192)
def decimal_text(scaled: int, scale: int, *, least: int | None = None, group: str = "") -> str:
    """Write a scaled integer as plain decimal text, exactly.

    All decimals are written, or with `least` only as many as are needed, but at least so many. `group` is `,`
    for thousands separators.
    """
    whole, rest = divmod(abs(scaled), 10**scale)
    decimals = f"{rest:0{scale}d}" if scale else ""
    if least is not None:
        decimals = decimals[:least] + decimals[least:].rstrip("0")
    text = f"{whole:{group}}.{decimals}" if decimals else f"{whole:{group}}"
    return f"-{text}" if scaled < 0 else text


def _from_text(text: str, scale: int, family: str) -> int:
    match = _PLAIN.fullmatch(text)
    if match is None:
        raise _unreadable(text, scale, family)
    sign, whole, decimals = match.groups("")
    if len(decimals) > scale:
        decimals = decimals.rstrip("0")
        if len(decimals) > scale:
            raise MalformedInput(f"{family}.scale", f"more than {scale} decimals", value=text)
    digits = whole + decimals.ljust(scale, "0")
    if len(digits) > MAX_DIGITS:
        digits = digits.lstrip("0") or "0"
        if len(digits) > MAX_DIGITS:
            raise MalformedInput(f"{family}.range", f"more than {MAX_DIGITS} digits", value=text)
    scaled = int(digits)
    if not sign:
        return scaled
    if not scaled:
        raise MalformedInput(f"{family}.negative_zero", "zero has no sign", value=text)
    return -scaled


def _unreadable(text: str, scale: int, family: str) -> MalformedInput:
    """Tell an exponent that no number could hold from one that is only not accepted, and from other text."""
    match = _EXPONENT.fullmatch(text)
    exponent = int(match[2][: MAX_DIGITS + 1] or "0") if match else 0
    if match and match[1] == "-" and exponent > MAX_DIGITS + scale:
        return MalformedInput(f"{family}.scale", f"more than {scale} decimals", value=text)
    if match and match[1] != "-" and exponent > MAX_DIGITS:
        return MalformedInput(f"{family}.range", f"more than {MAX_DIGITS} digits", value=text)
    return MalformedInput(f"{family}.format", "write plain digits, such as 1234.50", value=text)


def _from_decimal(value: Decimal, scale: int, family: str) -> int:
    """Read a Decimal as its plain text, once its magnitude is known to make a short one."""
    if not value.is_finite():
        raise MalformedInput(f"{family}.format", "give a finite number", value=value)
    if not value:
        return _from_text("-0" if value.is_signed() else "0", scale, family)
    if value.adjusted() + scale >= MAX_DIGITS:
        raise MalformedInput(f"{family}.range", f"more than {MAX_DIGITS} digits", value=value)
    if value.adjusted() < -scale:
        raise MalformedInput(f"{family}.scale", f"more than {scale} decimals", value=value)
    return _from_text(f"{value:f}", scale, family)


def _sum_of_weights(weights: Sequence[int], family: str) -> int:
    """Add the weights up once all of them are known to be whole and not negative."""
    readable = isinstance(weights, Sequence)
    if readable and all(type(weight) is int and weight >= 0 for weight in weights) and any(weights):
        return sum(weights)
    shown = weights[:8] if readable else weights
    raise MalformedInput(f"{family}.weights", "give whole weights, none negative, not all 0", value=shown)
