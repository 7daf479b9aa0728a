"""The page of reason codes."""

import json
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

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

In the texts, `{subject}` is the id of the thing, `{observed}` and `{expected}` are values. Where a code can
be met at the door, an answer that it really gave follows, with the field that it names. A policy pack
may change the severity. `crm.ask(WhyRefused(subject=...), actor=...)` gives the reasons of a refusal again.
"""


SAID = Path(__file__).parents[2] / "tests" / "flows" / "said.jsonl"
"""What the door says in the scenario of each code; a test compares it."""


def reasons(registry: Registry) -> str:
    """The page of reasons: a table for each family."""
    told = {one["code"]: one for one in map(json.loads, SAID.read_text(encoding="utf-8").splitlines())}
    codes = sorted(registry.codes.values(), key=lambda code: code.code)
    lines = [REASONS]
    for family, members in groupby(codes, key=lambda code: code.code.partition(".")[0]):
        rows = (_row(code, told.get(code.code, {})) for code in members)
        lines += [f"## {family}", *table(("code", "severity", "text", "such as", "remedy", "rule"), rows)]
    return "\n".join(lines)


def _row(code: ReasonCode, told: Mapping[str, str]) -> tuple[str, ...]:
    anchor = code.code.replace(".", "-")
    severity = code.severity.value
    if code.passed_by:
        severity += f", passed by {code.passed_by}"
    field = f"<br>`{told['field']}`" if told.get("field") else ""
    return (
        f"`{code.code}`{{#{anchor}}}",
        severity,
        f"{code.en}<br>{code.zh}",
        f"{told.get('says', '')}{field}",
        code.remedy,
        code.rule,
    )
