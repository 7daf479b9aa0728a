"""Drug trace codes (药品追溯码, R-42): 20 digits, or GS1 text with article (01) and serial number (21)."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pharmacrm.core.kernel.errors import MalformedInput

_PLAIN: Final = re.compile(r"[0-9]{20}")
_GS1: Final = re.compile(r"(?:\([0-9]{2}\)[^()]+)+")
_ELEMENT: Final = re.compile(r"\(([0-9]{2})\)([^()]+)")
_TEXT: Final = r"[!-'*-~]{1,20}"
_DATE: Final = r"[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])"
_FORMS: Final = {
    "01": re.compile(r"[0-9]{14}"),
    "10": re.compile(_TEXT),
    "11": re.compile(_DATE),
    "17": re.compile(_DATE),
    "21": re.compile(_TEXT),
}
_TRADE_BARCODE: Final = 13


def as_trace_code(value: str) -> str:
    """Check a trace code and return it unchanged; 13 digits are refused as the trade barcode they look like.

    Raises:
        MalformedInput: `identifier.trade_barcode`, `identifier.gs1` or `identifier.trace_code`.

    """
    if type(value) is str:
        if _PLAIN.fullmatch(value) or (value.startswith("(") and {"01", "21"} <= parse_gs1(value).keys()):
            return value
        if len(value) == _TRADE_BARCODE and value.isascii() and value.isdigit():
            message = "13 digits look like a trade barcode, not a trace code"
            raise MalformedInput("identifier.trade_barcode", message, value=value)
    raise MalformedInput(
        "identifier.trace_code", "a trace code is 20 digits, or GS1 (01) and (21)", value=value
    )


def parse_gs1(value: str) -> Mapping[str, str]:
    """Read bracketed GS1 text by its brackets: `(10)A123(21)0001` is lot A123 and serial 0001.

    Knows article 01, lot 10, made 11, expires 17 and serial 21, each at most once. python-stdnum strips the
    brackets and reads the serial as part of the lot. Refuses with `identifier.gs1`.
    """
    if type(value) is not str or not _GS1.fullmatch(value):
        raise MalformedInput("identifier.gs1", "write each element with its number in brackets", value=value)
    pairs = _ELEMENT.findall(value)
    elements = dict(pairs)
    if len(elements) != len(pairs) or not all(_fits(name, text) for name, text in pairs):
        raise MalformedInput("identifier.gs1", "an element is unknown, twice or malformed", value=value)
    return MappingProxyType(elements)


def _fits(name: str, text: str) -> bool:
    form = _FORMS.get(name)
    if form is None or not form.fullmatch(text):
        return False
    return name != "01" or _checked(text)


def _checked(article: str) -> bool:
    """Tell whether the 14 digits of an article end in their check digit."""
    weighted = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(article))
    return weighted % 10 == 0
