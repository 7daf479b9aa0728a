"""What to say of a text that is no payment terms: its first word that does not fit, and what may be meant."""

import re

from pharmacrm.core.kernel.errors import MalformedInput, shown
from pharmacrm.core.values.terms.words import FLAGS, PERCENT, WHOLE_NUMBER, fitting

_SEPARATORS = re.compile(r"[,;，；、]")
_LONE_DISCOUNT = re.compile(rf"{PERCENT}/{WHOLE_NUMBER}", FLAGS)
_MEANT = {
    "advance": '"prepaid"',
    "deposit": '"prepaid"',
    "预付": '"prepaid"',
    "cod": '"on delivery"',
    "cash": '"on delivery"',
    "货到付款": '"on delivery"',
    "月结": '"end of month", or "end of month + 30"',
    "eom": '"end of month"',
    "质保金": '"rest retention net 12 months"',
    "账期": '"net 30"',
    "n/": '"net 30"',
}
"""Words that people write, by how the word begins, and what stands for them here."""
_ANYTHING = '"30% prepaid, rest net 60" or "2/10 net 30"'


def unreadable(clause: str, path: str, rest: str) -> MalformedInput:
    """A part that cannot be read; `rest` is what stands behind its share and its discounts."""
    return MalformedInput("terms.format", _said(clause, rest), field=path, value=clause, chinese=True)


def _quoted(word: str) -> str:
    return shown(word, chinese=True)


def _said(clause: str, rest: str) -> str:
    if not clause.strip():
        return f"a part is missing: try {_ANYTHING}"
    if clause != " ".join(clause.split()):
        return "one blank stands between words, and none before or behind them"
    word = _stray(rest)
    if not word:
        return f"something is missing at the end: try {_ANYTHING}"
    if _LONE_DISCOUNT.fullmatch(word):
        return f'a discount and its due rule are one part, without a comma: "{word} net 30"'
    if _SEPARATORS.search(word):
        return f"{_quoted(word)} does not fit: a comma and a blank stand between parts"
    if word.lower() in {"day", "days"}:
        return f'{_quoted(word)} does not fit: days are not named, as in "net 30"'
    meant = next((meant for start, meant in _MEANT.items() if word.lower().startswith(start)), "")
    return f"{_quoted(word)} does not fit: {'write' if meant else 'try'} {meant or _ANYTHING}"


def _stray(text: str) -> str:
    """The first word of a due rule that does not fit; '' if it only breaks off."""
    rules, *event = re.split(" from ", text, flags=FLAGS)
    for rule in re.split(" then ", rules, flags=FLAGS):
        count, whole = fitting(rule)
        words = rule.split(" ")
        if not whole:
            return words[count] if count < len(words) else ""
    return event[0].split(" ", 1)[0] if event else ""
