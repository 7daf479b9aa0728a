"""Write docs/explanation/promises.md from the lines of the large runs.

`python -m scripts.make_promises --write` writes it. The lines come from `python -m
pharmacrm.testing.campaign --level n --out docs/explanation/promises.jsonl`. Without `--write` it only says
whether the page is out of date, as the test does.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pharmacrm.testing.promises import PROMISES, RUNS, Promise

FOLDER = Path(__file__).parents[1] / "docs" / "explanation"
PAGE, LINES = FOLDER / "promises.md", FOLDER / "promises.jsonl"
HEAD = """# What is promised, and how it was proved

<!-- Written from promises.jsonl by `python -m scripts.make_promises --write`; a test compares. -->

Each promise has a driver that tries to break it, and a planted fault (the control) that the driver has to
find: a run whose control found nothing counts as failed. A small form of each driver runs with every
change. The results below are those of the large form, of its last run; each is repeated by its command, and
what chance decides is drawn from its seed. Times say little about another machine; the counts of what was
lost do.

All of them in a row: `python -m pharmacrm.testing.campaign --level n --out
docs/explanation/promises.jsonl`, then `python -m scripts.make_promises --write`. Drivers make databases of
their own and drop them; they take servers from `PHARMACRM_TEST_POSTGRESQL_URL` and
`PHARMACRM_TEST_MARIADB_URL`, and touch no other database there.
"""


def page(lines: list[dict[str, Any]]) -> str:
    """The page for these lines, of which the last one of each command counts."""
    last = {line["command"]: line for line in lines if line["level"] == "n"}
    return HEAD + "".join(_section(each, last) for each in PROMISES)


def _section(promise: Promise, last: dict[str, dict[str, Any]]) -> str:
    text = f"\n## {promise.id}: {promise.title}\n\n{promise.means}\n\n"
    for run in RUNS:
        if promise.id in run.proves:
            command = f"python -m {run.command('n')}"
            text += f"- `{command}`: {_result(last.get(command))}\n"
            text += f"  Left out: {run.left_out}.\n" if run.left_out else ""
    return text


def _result(line: dict[str, Any] | None) -> str:
    if line is None:
        return "**not run yet**."
    word = "kept" if line["kept"] else "**broken**"
    counts = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in line["counts"].items())
    control = line["control"]
    when = f"on {line['on']} (seed {line['seed']}, {line['seconds']:,.0f} s)"
    return (
        f"{word} {when}, {line['violations']} violations."
        f"\n  Counts: {counts}.\n  Control ({control['planted']}): found {control['found']:,}."
    )


def kept() -> list[dict[str, Any]]:
    """Every line of the file."""
    if not LINES.exists():
        return []
    return [json.loads(line) for line in LINES.read_text(encoding="utf-8").splitlines() if line]


def main() -> int:
    """Write the page, or say that it would change."""
    text = page(kept())
    if "--write" in sys.argv:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    stale = not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text
    if stale:
        print("out of date: promises.md")
    return int(stale)


if __name__ == "__main__":
    sys.exit(main())
