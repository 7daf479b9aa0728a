"""Ids and texts that come from outside: what may be kept as data, letter by letter, and what is refused.

An id is compared byte by byte everywhere, so two that look alike must not both exist: invisible characters,
full-width forms and letters of other scripts that look like ASCII are refused, never folded. For the rest an
id is only data.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from unicodedata import category, is_normalized, normalize
from uuid import UUID

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.numbers import wrong_type

MAX_ID: Final = 64
MAX_REF: Final = 112
"""The longest id that we make of a host's and that commands name: an instalment of the interest in a dunning
letter is `{customer}/dunning/CNY/2026-11-21/interest/12/1`. What is made of that fits a column.
"""
MAX_TEXT: Final = 200

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_PLAIN_ID: Final = re.compile(r"[!-~](?:[ -~]{0,62}[!-~])?")

_INVISIBLE: Final = re.compile(
    r"[\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u2800\u3164\uFE00-\uFE0F\uFFA0\U000E0100-\U000E01EF]"
)
"""Printable by category, yet without a glyph: joiners, fillers, variation selectors, the blank of Braille."""

_LOOKALIKE: Final = re.compile(
    "["
    # Cyrillic: capitals, small letters, and letters of languages other than Russian
    "\u0405\u0406\u0408\u0410\u0412\u0415\u0417\u041a\u041c-\u041e\u0420\u0421\u0423\u0425\u042c"
    "\u0430\u0433\u0435\u043a\u043e\u0440\u0441\u0443\u0445\u044c\u0455\u0456\u0458"
    "\u0474\u0475\u04ae\u04af\u04ba\u04bb\u04bd\u04c0\u04cf\u04e0\u0500\u0501\u050c\u0511\u051a-\u051d"
    # Greek: capitals, small letters
    "\u037f\u0391\u0392\u0395-\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03fa"
    "\u03b1\u03b3\u03b9\u03ba\u03bd\u03bf\u03c1\u03c3-\u03c5\u03c7\u03f2\u03f3\u03f9"
    # Armenian; Cherokee, Lisu, Coptic and Deseret as a whole
    "\u054d\u054f\u0555\u0561\u0563\u0566\u0570\u0578\u057a\u057c\u057d\u0581\u0584\u0585"
    "\u13a0-\u13ff\uab70-\uabbf\ua4d0-\ua4ff\u2c80-\u2cff\U00010400-\U0001044f"
    # Latin beyond ASCII: dotless i, clicks, script and small capital letters
    "\u0131\u0184\u0185\u01bd\u01c0-\u01c3\u0251\u0261\u0269\u026a\u0280\u028b\u028f\u0299\u029c\u029f"
    "\u1d00\u1d04-\u1d07\u1d0a\u1d0b\u1d0d\u1d0f\u1d18\u1d1b\u1d1c\u1d20-\u1d22\ua730\ua731"
    # Marks: apostrophes, colons, full stops, dashes, quotes, slashes, asterisks, bars, tildes
    "\u02b9-\u02bf\u02c2-\u02c8\u02d7\u0589\u05be\u05c0\u05c3\u05f3\u05f4\u06d4\u0703\u0704\ua789\ua78c"
    "\u2010-\u2015\u2018-\u201f\u2032-\u2037\u2039\u203a\u2041\u2043\u2044\u204e"
    "\u2212\u2215-\u2217\u2223\u2236\u223c\u29f5\u29f8"
    # Full-width and half-width forms as a whole
    "\uff00-\uffef"
    "]"
)
"""Characters that readers take for ASCII (chosen from the confusables of Unicode TR 39), and width forms."""

_UNSAFE: Final = re.compile(
    r"[\x00-\x08\x0B-\x1F\x7F-\x9F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uD800-\uDFFF\uFEFF\uFFFE]"
)
"""Controls but tab and line feed, bidirectional marks, line separators, lone surrogates, byte order marks."""


def as_id(value: str, longest: int = MAX_ID) -> str:
    """Check an id, given by the host (`id=str(row.pk)`) or by us, and return it unchanged.

    1 to 64 characters (`longest`: more for ids that we make of others), NFC, printable, without spaces at the
    ends, invisible characters, full-width forms and characters of other scripts that look like ASCII. `..`,
    `C/1`, `%` and `客户-001` are ids; case counts.

    Raises:
        MalformedInput: `id.malformed`, saying what is wrong; also for subclasses of `str`.

    """
    if type(value) is str and _PLAIN_ID.fullmatch(value):
        return value
    problem = _problem(value, longest)
    if problem:
        raise MalformedInput("id.malformed", problem, value=value)
    return value


def as_text(value: str, limit: int = MAX_TEXT, *, multiline: bool = False) -> str:
    """Check a name, title or comment and return it in NFC; it may be personal, so errors never show it.

    At most `limit` characters, at least one of them visible. Control and bidirectional characters and lone
    surrogates are refused; with `multiline`, line feeds and tabs pass and CR LF becomes LF. Spaces stay.

    Raises:
        MalformedInput: `text.required` (also when blank), `text.type`, `text.format` or `text.length`.

    """
    if type(value) is not str:
        raise wrong_type(value, "text", "give text", masked=True)
    if len(value) > 4 * limit:
        raise MalformedInput("text.length", f"at most {limit} characters", masked=True)
    text = normalize("NFC", value.replace("\r\n", "\n") if multiline else value)
    if _UNSAFE.search(text) or (not multiline and ("\n" in text or "\t" in text)):
        raise MalformedInput("text.format", "control characters are not text", masked=True)
    if len(text) > limit:
        raise MalformedInput("text.length", f"at most {limit} characters", masked=True)
    if not any(_visible(character) for character in text):
        raise MalformedInput("text.required", "give text that can be seen", masked=True)
    return text


def time_of(id: str) -> datetime:
    """When an id of our own (UUIDv7) was made, to the microsecond; the host's ids hold no time."""
    bits = UUID(id).int
    micros = (bits >> 80) * 1000 + ((bits >> 64 & 0xFFF) * 1000 + 4095) // 4096
    return _EPOCH + timedelta(microseconds=micros)


def _problem(value: object, longest: int) -> str:
    """Say what is wrong with an id, or nothing."""
    if type(value) is not str:
        return "an id is text"
    if not 1 <= len(value) <= longest:
        return f"an id has 1 to {longest} characters"
    return next((message for message, broken in _ID_RULES if broken(value)), "")


def _visible(character: str) -> bool:
    return character.isprintable() and not character.isspace() and not _INVISIBLE.match(character)


def _imitates_ascii(text: str) -> bool:
    """Tell whether a character folds to ASCII, is a digit of another script, or looks like ASCII."""
    return _LOOKALIKE.search(text) is not None or any(
        category(character) == "Nd" or any(folded.isascii() for folded in normalize("NFKC", character))
        for character in text
        if not character.isascii()
    )


_ID_RULES: Final[tuple[tuple[str, Callable[[str], bool]], ...]] = (
    ("an id has no spaces at its ends", lambda text: text != text.strip()),
    ("an id has no control, formatting or unassigned characters", lambda text: not text.isprintable()),
    ("an id has no invisible characters", lambda text: _INVISIBLE.search(text) is not None),
    ("an id is in Unicode normal form NFC", lambda text: not is_normalized("NFC", text)),
    ("an id has no characters that imitate ASCII", _imitates_ascii),
)
