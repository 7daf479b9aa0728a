"""Run it: `python -m pharmacrm.testing.faults --db all`, every fault; `--share 0.1` tries one in ten."""

import random
import sys
from collections.abc import Sequence

from pharmacrm.plugins.storage.sql.store import SqlStore
from pharmacrm.testing.doors import Halves
from pharmacrm.testing.faults.bench import Bench, Chosen
from pharmacrm.testing.report import Control, Report, Stopwatch, arguments, concluded
from pharmacrm.testing.story import STORY, Step
from pharmacrm.testing.targets import database, kinds_of

PLANTED = STORY[:3]
"""The steps that are failed on a store that commits twice."""


def main(argv: Sequence[str] | None = None) -> int:
    """Fail every command on every database, then the planted store, and say what was found."""
    parser = arguments("faults", "a failing database call leaves all or nothing (T3)")
    parser.add_argument("--db", default="sqlite", help="sqlite, postgresql, mariadb with commas, or all")
    parser.add_argument("--share", type=float, default=1.0, help="how many of the faults are tried")
    given = parser.parse_args(argv)
    watch = Stopwatch()
    chosen = Chosen(random.Random(given.seed), given.share)  # noqa: S311 - a run has to be repeatable
    kinds = kinds_of(given.db)
    done = {kind: _failed(kind, SqlStore, STORY, chosen) for kind in kinds}
    planted = _failed("sqlite", Halves, PLANTED, Chosen(None, 1))
    report = Report(
        driver="faults",
        promises=("T3",),
        seed=given.seed,
        settings={"db": ",".join(kinds), "share": given.share},
        counts={
            "commands": len(STORY),
            "faults": sum(bench.faults for bench in done.values()),
            **{f"{kind}_faults": bench.faults for kind, bench in done.items()},
        },
        control=Control(planted="a store that commits twice", found=len(planted.wrongs)),
        violations=[wrong for bench in done.values() for wrong in bench.wrongs],
        seconds=watch.seconds,
    )
    return concluded(report)


def _failed(kind: str, make: type[SqlStore], story: Sequence[Step], chosen: Chosen) -> Bench:
    """The story on a database of its own, each step failed and then left done."""
    with database(kind) as url:
        bench = Bench.on(make(url))
        try:
            for number, step in enumerate(story):
                bench.fail(step, f"step-{number}", chosen)
        finally:
            bench.close()
    return bench


if __name__ == "__main__":
    sys.exit(main())
