"""Run it: `python -m pharmacrm.testing.crash sqlite --kills 1000 --sync FULL --seed 1`."""

import random
import sys
from collections.abc import Sequence

from pharmacrm.testing.crash.judge import Pattern
from pharmacrm.testing.crash.rounds import Round, Tally
from pharmacrm.testing.report import Control, Report, Stopwatch, arguments, concluded

AT_ONCE = 50
"""Kills on one database, before its books are looked at and the next one is made."""

PLANTED = 12
"""Kills of the writers that acknowledge before they commit."""


def main(argv: Sequence[str] | None = None) -> int:
    """Kill as often as asked, then plant the fault, and say what was found."""
    parser = arguments("crash", "SIGKILL loses nothing that was acknowledged (T1)")
    parser.add_argument("database", choices=["sqlite", "postgresql", "mariadb"])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--between", type=int, default=40, help="answers between two kills, on average")
    parser.add_argument("--sync", choices=["FULL", "NORMAL"], default="FULL", help="of SQLite")
    given = parser.parse_args(argv)
    watch = Stopwatch()
    draw = random.Random(given.seed)  # noqa: S311 - a run has to be repeatable
    pattern = Pattern.learnt()

    def rounds(kills: int, *, hasty: bool = False) -> list[Tally]:
        done: list[Tally] = []
        while (left := kills - sum(tally.kills for tally in done)) > 0:
            these = Round(
                given.database,
                min(left, AT_ONCE),
                draw,
                pattern,
                writers=given.writers,
                between=1 if hasty else given.between,
                durable=given.sync == "FULL",
                hasty=hasty,
            )
            done.append(these.run())
        return done

    done = rounds(given.kills)
    planted = [wrong for tally in rounds(PLANTED, hasty=True) for wrong in tally.wrongs]
    report = Report(
        driver="crash",
        promises=("T1",),
        seed=given.seed,
        settings={
            "database": given.database,
            "kills": given.kills,
            "writers": given.writers,
            "sync": given.sync if given.database == "sqlite" else "server",
        },
        counts={
            "kills": sum(tally.kills for tally in done),
            "acknowledged": sum(tally.acknowledged for tally in done),
            "retried": sum(tally.retried for tally in done),
            "committed_unacknowledged": sum(tally.committed_unacknowledged for tally in done),
            "lost": sum(wrong.startswith("lost") for tally in done for wrong in tally.wrongs),
        },
        control=Control(
            planted="acknowledge before the commit",
            found=sum(wrong.startswith("lost") for wrong in planted),
        ),
        violations=[wrong for tally in done for wrong in tally.wrongs or tally.idle],
        seconds=watch.seconds,
    )
    return concluded(report)


if __name__ == "__main__":
    sys.exit(main())
