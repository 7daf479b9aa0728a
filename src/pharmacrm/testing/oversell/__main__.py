"""Run it: `python -m pharmacrm.testing.oversell --workers 16 --attempts 1000 --db all`."""

import sys
from collections.abc import Sequence

from pharmacrm.testing.oversell.judge import Raced, raced
from pharmacrm.testing.oversell.races import HOT, races
from pharmacrm.testing.report import Control, Report, Stopwatch, arguments, concluded
from pharmacrm.testing.targets import kinds_of

PLANTED = 12
"""Attempts of each process in the race of the control."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run every race on every database, then the naive one, and say what was found."""
    parser = arguments("oversell", "no race brings an account over its credit limit (T4)")
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--attempts", type=int, default=50, help="orders of each process in each race")
    parser.add_argument("--accounts", type=int, default=100, help="of the race for many accounts")
    parser.add_argument("--db", default="sqlite", help="sqlite, postgresql, mariadb with commas, or all")
    given = parser.parse_args(argv)
    watch = Stopwatch()
    size = {"workers": given.workers, "attempts": given.attempts, "seed": given.seed}
    found = [raced(kind, race, **size) for kind in kinds_of(given.db) for race in races(given.accounts)]
    control = raced("sqlite", HOT, workers=given.workers, attempts=PLANTED, seed=given.seed, naive=True)
    report = Report(
        driver="oversell",
        promises=("T4",),
        seed=given.seed,
        settings={"db": ",".join(kinds_of(given.db)), "workers": given.workers, "attempts": given.attempts},
        counts={
            "orders": sum(len(each.attempts) for each in found),
            "oversold": sum(len(each.oversold) for each in found),
            **_figures(found),
        },
        control=Control(planted="read, check, write without a bound", found=len(control.oversold)),
        violations=[wrong for each in found for wrong in each.wrongs()],
        seconds=watch.seconds,
    )
    return concluded(report)


def _figures(found: Sequence[Raced]) -> dict[str, int | float]:
    """Times and retries of each race; reported, never judged (but for more than 20 retries)."""
    figures: dict[str, int | float] = {}
    for each in found:
        name = f"{each.kind}_{each.race.name}"
        median, slow = each.slowest
        figures[f"{name}_p50_ms"], figures[f"{name}_p99_ms"] = round(median, 1), round(slow, 1)
        figures[f"{name}_retries"], figures[f"{name}_retries_max"] = each.retries
    return figures


if __name__ == "__main__":
    sys.exit(main())
