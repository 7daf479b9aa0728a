"""Tables as plain text, in columns that stay straight with Chinese in them."""

from collections.abc import Sequence
from unicodedata import east_asian_width

from attrs import frozen


@frozen(kw_only=True)
class Section:
    """A part of the summary: a title, then a table, or a text, or both."""

    title: str
    headers: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    text: str = ""

    def plain(self) -> str:
        """The section as plain text."""
        lines = [self.title, "-" * width(self.title)]
        if self.rows:
            lines += _table((self.headers, *self.rows))
        if self.text:
            lines += self.text.splitlines()
        return "\n".join(lines)


def width(text: str) -> int:
    """How many columns a text takes: a Chinese character takes two."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    columns = [max(width(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(_padded(cell, wide) for cell, wide in zip(row, columns, strict=True)).rstrip()
        for row in rows
    ]


def _padded(text: str, wide: int) -> str:
    """Numbers stand right, words left."""
    blank = " " * (wide - width(text))
    return blank + text if text[-1:].isdigit() and text[:1].isdigit() else text + blank
