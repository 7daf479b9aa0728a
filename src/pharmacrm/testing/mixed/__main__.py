"""Run it: `python -m pharmacrm.testing.mixed --workers 16 --runs 10000 --db all`."""

import sys
from collections.abc import Sequence

from pharmacrm.testing.mixed.judge import Mixed, mixed
from pharmacrm.testing.report import Control, Report, Stopwatch, arguments, concluded
from pharmacrm.testing.targets import kinds_of

PLANTED = 160
"""Deeds of the run of the control."""


def main(argv: Sequence[str] | None = None) -> int:
    """Act on every database, then on one without locks, and say what was found."""
    parser = arguments("mixed", "no mixture of commands brings an account over its credit limit (T4)")
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--runs", type=int, default=400, help="deeds of all processes, on each database")
    parser.add_argument("--db", default="sqlite", help="sqlite, postgresql, mariadb with commas, or all")
    given = parser.parse_args(argv)
    watch = Stopwatch()
    found = [
        mixed(kind, workers=given.workers, runs=given.runs, seed=given.seed) for kind in kinds_of(given.db)
    ]
    control = mixed("sqlite", workers=given.workers, runs=PLANTED, seed=given.seed, naive=True)
    report = Report(
        driver="mixed",
        promises=("T4",),
        seed=given.seed,
        settings={"db": ",".join(kinds_of(given.db)), "workers": given.workers, "runs": given.runs},
        counts=_figures(found),
        control=Control(planted="read, check, write without a bound", found=len(control.seen)),
        violations=[wrong for each in found for wrong in each.wrongs()],
        seconds=watch.seconds,
    )
    return concluded(report)


def _figures(found: Sequence[Mixed]) -> dict[str, int | float]:
    """How often each deed ended how on each database, and the times; reported, never judged."""
    figures: dict[str, int | float] = {"deeds": sum(len(each.deeds) for each in found)}
    for each in found:
        median, slow = each.slowest
        figures |= {f"{each.kind}_{name}": count for name, count in each.outcomes.items()}
        figures |= {f"{each.kind}_p50_ms": round(median, 1), f"{each.kind}_p99_ms": round(slow, 1)}
    return figures


if __name__ == "__main__":
    sys.exit(main())
