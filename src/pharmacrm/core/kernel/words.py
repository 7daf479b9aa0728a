"""Names and phrases in both languages, and how they stand in a sentence."""

import re
from collections.abc import Iterable, Mapping

from attrs import frozen

_CHINESE = "\u2e80-\uffef"
"""Chinese characters and full-width punctuation, as a range in a regular expression."""


@frozen
class Words:
    """A name in both languages; as text it is the English one, or a code that programs read."""

    en: str
    zh: str

    def __str__(self) -> str:
        return self.en


@frozen
class Coded(Words):
    """A sentence in both languages that programs read as a code."""

    code: str

    def __str__(self) -> str:
        return self.code


def listed(values: Iterable[object], en: str = ", ", zh: str = "、") -> Words:
    """Names one after the other, with what stands between two of them."""
    known = tuple(values)
    return Words(en.join(map(in_english, known)), zh.join(map(in_chinese, known)))


def in_english(value: object) -> str:
    """The English name of what has one (`Words`, `LicenceKind`), the text of everything else."""
    return str(getattr(value, "en", value))


def in_chinese(value: object) -> str:
    """The Chinese name of what has one (`Words`, `CustomerKind`), the text of everything else."""
    return str(getattr(value, "zh", value))


def english(text: str, values: Mapping[str, object]) -> str:
    """An English sentence with the values in their places."""
    return text.format_map({name: in_english(value) for name, value in values.items()})


def chinese(text: str, values: Mapping[str, object]) -> str:
    """A Chinese sentence with the values in their places.

    Numbers and ids keep the blanks that the sentence sets around them; Chinese words stand without.
    """
    for name, value in values.items():
        words = in_chinese(value) if hasattr(value, "zh") else ""
        if re.match(f"[{_CHINESE}]", words):
            text = re.sub(rf"(?<=[{_CHINESE}]) (?={{{name}}})", "", text)
        if re.search(f"[{_CHINESE}]$", words):
            text = re.sub(rf"(?<={{{name}}}) (?=[{_CHINESE}])", "", text)
    return text.format_map({name: in_chinese(value) for name, value in values.items()})
