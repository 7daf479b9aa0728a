"""Reasons: why something was refused, held or only remarked upon."""

from collections.abc import Iterable
from enum import StrEnum

from attrs import evolve, frozen

from pharmacrm.core.kernel.words import chinese, english


class Severity(StrEnum):
    """How much a reason weighs: BLOCK refuses, APPROVE waits for a named person, WARN and INFO only tell."""

    BLOCK = "block"
    APPROVE = "approve"
    WARN = "warn"
    INFO = "info"

    @property
    def zh(self) -> str:
        """The Chinese word for it."""
        return _SEVERITY_ZH[self]


_SEVERITY_ZH = {
    Severity.BLOCK: "阻断",
    Severity.APPROVE: "待批准",
    Severity.WARN: "预警",
    Severity.INFO: "提示",
}

_RANK = {severity: rank for rank, severity in enumerate(Severity)}


@frozen(kw_only=True)
class Reason:
    """One finding of one rule about one subject, readable by people and by programs.

    `observed` and `expected` are short texts without personal data; `rule` is the id of the law or house rule
    (R-06).
    """

    code: str
    severity: Severity
    subject: str = ""
    field: str = ""
    message: str = ""
    message_zh: str = ""
    observed: str = ""
    expected: str = ""
    rule: str = ""
    remedy: str = ""

    @property
    def order(self) -> tuple[int, str, str, str]:
        """The place of this reason among others: severity, code, subject, field."""
        return _RANK[self.severity], self.code, self.subject, self.field

    def text(self, language: str = "en") -> str:
        """The message in English, or in Chinese for any language tag that begins with zh."""
        return self.message_zh if language.startswith("zh") else self.message

    def weighed(self, severity: Severity) -> "Reason":
        """The same finding under another severity."""
        return self if severity is self.severity else evolve(self, severity=severity)

    def __str__(self) -> str:
        return f"{self.severity.upper()} {self.code}: {self.message}"


@frozen
class ReasonCode:
    """A documented reason code: its default severity, its texts, and the role that may pass it.

    Call it to make a reason. Texts may use {subject}, {field}, {observed} and {expected}. A value with a name
    in a language (`Words`, the `zh` of `CustomerKind`) stands under that name in the text of the language.
    """

    code: str
    severity: Severity
    en: str
    zh: str
    remedy: str = ""
    rule: str = ""
    passed_by: str = ""

    def __call__(
        self,
        subject: str = "",
        *,
        field: str = "",
        named: object = None,
        observed: object = "",
        expected: object = "",
        rule: str = "",
    ) -> Reason:
        """Make one reason of this code; `named` stands for {field} in the texts."""
        values = {
            "subject": subject,
            "field": field if named is None else named,
            "observed": observed,
            "expected": expected,
        }
        return Reason(
            code=self.code,
            severity=self.severity,
            subject=subject,
            field=field,
            message=english(self.en, values),
            message_zh=chinese(self.zh, values),
            observed=str(observed),
            expected=str(expected),
            rule=rule or self.rule,
            remedy=self.remedy,
        )


def told(reasons: Iterable[Reason], language: str = "en") -> str:
    """A line for each reason: severity, code and message; Chinese for a tag that begins with zh."""
    zh = language.startswith("zh")
    return "\n".join(
        f"{each.severity.zh if zh else each.severity.upper()} {each.code}: {each.text(language)}"
        for each in reasons
    )


def in_order(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Reasons without duplicates, in the order of the manual: severity, code, subject, field."""
    return tuple(sorted(dict.fromkeys(reasons), key=lambda reason: reason.order))
