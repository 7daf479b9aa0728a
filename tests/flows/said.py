"""What the door says in the scenario of each reason code, in full; it is kept in `said.jsonl`.

    python -m tests.flows.said --write

writes it anew. The reference of reasons shows these sentences, so they are read before they are kept.
"""

import json
import re
import sys
from functools import cache
from pathlib import Path

from pharmacrm.core.kernel.reason import Reason
from tests.flows import house
from tests.flows.all_scenarios import SCENARIOS
from tests.flows.scenarios import Scenario

KEPT = Path(__file__).parent / "said.jsonl"
Said = dict[str, str]
MADE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""An id that was made, another one each time."""


def said(code: str) -> Said | None:
    """The first reason with a code that its scenario gives; None if it gives none."""
    return _said(SCENARIOS[code]).get(code)


def _said(scenario: Scenario) -> dict[str, Said]:
    try:
        found = list(scenario(house.open_house()))
    finally:
        house.close_all()
    return {reason.code: _plain(reason) for reason in reversed(found)}


def _plain(reason: Reason) -> Said:
    return {
        "code": reason.code,
        "severity": reason.severity.value,
        "subject": MADE_ID.sub("made", reason.subject),
        "field": reason.field,
        "observed": reason.observed,
        "expected": reason.expected,
        "says": reason.message,
        "zh": reason.message_zh,
    }


@cache
def kept() -> dict[str, Said]:
    """What was kept, by code."""
    lines = KEPT.read_text(encoding="utf-8").splitlines()
    return {one["code"]: one for one in map(json.loads, lines)}


def write() -> None:
    """Keep what is said now."""
    told = {scenario: _said(scenario) for scenario in dict.fromkeys(SCENARIOS.values())}
    lines = (
        json.dumps(told[scenario][code], ensure_ascii=False) for code, scenario in sorted(SCENARIOS.items())
    )
    KEPT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
