"""Cells of a CSV file that a spreadsheet may open: text that it would run as a formula stays text."""

from decimal import Decimal
from typing import Final

STARTERS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "%0A")
"""The twelve beginnings that some spreadsheet program takes for a formula; four are full-width, the last an
encoded line feed."""

MARK: Final = "'"
"""What makes a cell text in every spreadsheet program."""


def neutral(text: str) -> str:
    """A text that no spreadsheet program runs: one that begins like a formula gets an apostrophe in front.

    Doing it twice is doing it once. `plain` takes the apostrophe away again.
    """
    return MARK + text if _begins_like_a_formula(text) else text


def plain(cell: str) -> str:
    """The text that `neutral` was given."""
    return cell[1:] if cell.startswith(MARK) and _begins_like_a_formula(cell[1:]) else cell


def _begins_like_a_formula(text: str) -> bool:
    return text.lstrip(" \u3000").upper().startswith(STARTERS)


def cell(value: str | int | Decimal | bool) -> str:  # noqa: FBT001 - one of several kinds of value
    """One value as it stands in the file: numbers stay numbers, truth is `yes` or `no`."""
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
