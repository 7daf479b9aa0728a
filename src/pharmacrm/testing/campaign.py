"""Run the drivers in turn, and keep what they say: `python -m pharmacrm.testing.campaign --level n`.

Each is a process of its own. Its line of JSON is appended to the file, with the day and the command, also
where a promise was broken: docs/explanation/promises.md is written from that file.
"""

import argparse
import importlib.util
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pharmacrm.testing.promises import RUNS, Run


def main(argv: Sequence[str] | None = None) -> int:
    """0 if every driver that was run kept its promises and found its control."""
    given = _options().parse_args(argv)
    wanted = set(given.only.split(",")) if given.only else {id for run in RUNS for id in run.proves}
    drivers = set(given.drivers.split(",")) if given.drivers else {run.driver for run in RUNS}
    failed = 0
    for run in RUNS:
        if wanted.isdisjoint(run.proves) or run.driver not in drivers:
            continue
        said = ran(run, given.level)
        sys.stdout.write(f"{run.command(given.level)}: {_brief(said)}\n")
        sys.stdout.flush()
        failed += not (said and said["kept"])
        if said:
            with given.out.open("a", encoding="utf-8") as file:
                file.write(json.dumps(said, ensure_ascii=False) + "\n")
    return 1 if failed else 0


def ran(run: Run, level: str) -> dict[str, Any] | None:
    """What one driver said, with its day and command; None where it said nothing, or is not there."""
    if importlib.util.find_spec(f"pharmacrm.testing.{run.driver}") is None:
        return None
    command = run.command(level)
    done = subprocess.run(  # noqa: S603 - our own module, our own options
        [sys.executable, "-m", *command.split()], stdout=subprocess.PIPE, text=True, check=False
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        return None
    return {
        "on": datetime.now(UTC).date().isoformat(),
        "level": level,
        "command": f"python -m {command}",
        **json.loads(lines[-1]),
    }


def _brief(said: dict[str, Any] | None) -> str:
    if said is None:
        return "no result (the driver is missing, or it ended without a report)"
    word = "kept" if said["kept"] else "BROKEN"
    found = said["control"]["found"]
    return f"{word}, {said['violations']} violations, control found {found}, seed {said['seed']}"


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pharmacrm.testing.campaign", description=__doc__)
    parser.add_argument("--level", choices=["c", "n"], default="c", help="small runs, or the large ones")
    parser.add_argument("--only", default="", help="promises with commas, such as T1,T4")
    parser.add_argument("--drivers", default="", help="drivers with commas, such as oversell,mixed")
    parser.add_argument("--out", type=Path, default=Path("promises.jsonl"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
