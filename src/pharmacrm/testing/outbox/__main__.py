"""The command line of the driver."""

import logging
import sys
from collections.abc import Sequence

from attrs import asdict

from pharmacrm.testing.outbox.campaign import Plan, controlled, proved
from pharmacrm.testing.report import Control, Report, Stopwatch, arguments, concluded


def main(argv: Sequence[str] | None = None) -> int:
    """Run the driver; 0 if every promise was kept and every planted fault was found."""
    parser = arguments("outbox", "Kill, stop and hang relays of the outbox, and count what comes of it.")
    numbers = {"msgs": 1000, "kills": 40, "stops": 20, "poison": 10, "killer": 5, "hang": 2, "relays": 4}
    for name, default in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--seconds", type=int, default=1800, help="give up after so many")
    parser.add_argument("--db", default="sqlite", help="sqlite, postgresql or mariadb")
    given = parser.parse_args(argv)
    logging.disable(logging.WARNING)  # the faults are meant
    watch = Stopwatch()
    plan = Plan(**{name: getattr(given, name) for name in (*numbers, "seconds")})
    outcome = proved(plan, given.db, given.seed)
    control = controlled(given.db, given.seed, seconds=min(given.seconds, 120))
    found = {"duplicates": outcome.counts["duplicates_given"], **control}
    missed = [name for name, times in found.items() if not times]
    return concluded(
        Report(
            driver="outbox",
            promises=("T7", "T8", "T9"),
            seed=given.seed,
            settings={"db": given.db, **asdict(plan)},
            counts=outcome.counts,
            control=Control(
                planted="a sink without a unique key; SKIP LOCKED without heads; starts that are not counted",
                found=0 if missed else int(sum(found.values())),
            ),
            violations=[*outcome.violations, *(f"control: no {name} found" for name in missed)],
            seconds=watch.seconds,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
