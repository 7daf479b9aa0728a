"""What a fault driver says at its end: one line of JSON, with the seed that repeats the run.

Every driver proves promises (T1, T2, ... of docs/explanation/promises.md) and runs a negative control beside
them: a planted fault that it has to find. A driver whose control finds nothing has proved nothing, so its run
fails, however clean the rest was.
"""

import argparse
import json
import secrets
import sys
import time
from collections.abc import Mapping, Sequence

from attrs import frozen


@frozen(kw_only=True)
class Control:
    """The planted fault: what it was, and how often the driver found it (it must, at least once)."""

    planted: str
    found: int


@frozen(kw_only=True)
class Report:
    """One run of one driver; `counts` are what was done, `violations` what should never have happened."""

    driver: str
    promises: tuple[str, ...]
    seed: int
    settings: Mapping[str, str | int | float | bool]
    counts: Mapping[str, int | float]
    control: Control
    violations: Sequence[str] = ()
    seconds: float

    @property
    def kept(self) -> bool:
        """Whether the promises held and the control shows that the driver would have noticed."""
        return not self.violations and self.control.found > 0

    def line(self) -> str:
        """The run as one line of JSON; of many violations the first 20 stand there, and their number."""
        said = {
            "driver": self.driver,
            "promises": list(self.promises),
            "kept": self.kept,
            "seed": self.seed,
            "settings": dict(self.settings),
            "counts": dict(self.counts),
            "violations": len(self.violations),
            "first_violations": list(self.violations[:20]),
            "control": {"planted": self.control.planted, "found": self.control.found},
            "seconds": round(self.seconds, 1),
        }
        return json.dumps(said, ensure_ascii=False)


def arguments(driver: str, about: str) -> argparse.ArgumentParser:
    """The parser of a driver's command line, with the option that every driver has."""
    parser = argparse.ArgumentParser(prog=f"python -m pharmacrm.testing.{driver}", description=about)
    parser.add_argument(
        "--seed", type=int, default=secrets.randbelow(2**31), help="repeats a run; drawn by default"
    )
    return parser


def concluded(report: Report) -> int:
    """Print the line; 0 if every promise was kept and the control was found, else 1."""
    sys.stdout.write(report.line() + "\n")
    return 0 if report.kept else 1


class Stopwatch:
    """Seconds since it was made, for a report only: nothing is decided by it."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it has run."""
        return time.monotonic() - self._start
