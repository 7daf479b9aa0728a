"""The page of reason codes."""

from itertools import groupby

from pharmacrm import ReasonCode
from pharmacrm.crm.registry import Registry
from scripts.reference.words import table

REASONS = """# Reasons

Every answer carries its reasons, all of them, in the order severity, code, subject, field. Each has a code,
a text in English and Chinese (`reason.text("zh-CN")`), what was observed and expected, the rule of the law
it follows (`R-05`), and often a remedy.

| severity | what it does |
|---|---|
| `block` | refuses: nothing is stored but a journal row |
| `approve` | holds until the role named here passes it, with [`PassHold`](commands.md#passhold) |
| `warn` | tells of something that deserves a look |
| `info` | tells |

In the texts, `{subject}` is the id of the thing, `{observed}` and `{expected}` are values. A policy pack
may change the severity. `crm.ask(WhyRefused(subject=...), actor=...)` gives the reasons of a refusal again.
"""


def reasons(registry: Registry) -> str:
    """The page of reasons: a table for each family."""
    codes = sorted(registry.codes.values(), key=lambda code: code.code)
    lines = [REASONS]
    for family, members in groupby(codes, key=lambda code: code.code.partition(".")[0]):
        lines += [f"## {family}", *table(("code", "severity", "text", "remedy", "rule"), map(_row, members))]
    return "\n".join(lines)


def _row(code: ReasonCode) -> tuple[str, ...]:
    anchor = code.code.replace(".", "-")
    severity = code.severity.value
    if code.passed_by:
        severity += f", passed by {code.passed_by}"
    return f"`{code.code}`{{#{anchor}}}", severity, f"{code.en}<br>{code.zh}", code.remedy, code.rule
