"""Reasons whose words differ in English and in Chinese."""

from collections.abc import Iterable

from attrs import evolve, frozen

from pharmacrm.core.kernel.reason import Reason, ReasonCode


@frozen
class Words:
    """A name in both languages."""

    en: str
    zh: str


def both(text: object) -> Words:
    """The same text in both languages: an id, a date, a number."""
    return text if isinstance(text, Words) else Words(str(text), str(text))


def listed(words: Iterable[Words]) -> Words:
    """Names one after the other."""
    known = tuple(words)
    return Words(", ".join(one.en for one in known), "、".join(one.zh for one in known))


def say(
    code: ReasonCode,
    subject: str,
    *,
    field: str = "",
    named: Words | None = None,
    observed: object = "",
    expected: object = "",
) -> Reason:
    """A reason whose texts name things in their own language; `named` stands for {field} in them."""
    name, seen, wanted = named or both(field), both(observed), both(expected)
    zh = {"subject": subject, "field": name.zh, "observed": seen.zh, "expected": wanted.zh}
    en = {"subject": subject, "field": name.en, "observed": seen.en, "expected": wanted.en}
    return evolve(
        code(subject, field=field, observed=seen.en, expected=wanted.en),
        message=code.en.format_map(en),
        message_zh=code.zh.format_map(zh),
    )
