"""Run it: `python -m pharmacrm.testing.idempotency --workers 16 --keys 1000 --db all`.

That a key outlives a killed process is shown by `pharmacrm.testing.crash`, whose writers begin with the
command of their predecessor that got no answer, under its key.
"""

import sys
from collections.abc import Sequence

from pharmacrm.testing.idempotency.judge import called
from pharmacrm.testing.report import Control, Report, Stopwatch, arguments, concluded
from pharmacrm.testing.targets import kinds_of

PLANTED = 10
"""Keys of the control."""


def main(argv: Sequence[str] | None = None) -> int:
    """Call on every database, then on the planted store, and say what was found."""
    parser = arguments("idempotency", "the same command under the same key is once (T6)")
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--keys", type=int, default=20)
    parser.add_argument("--db", default="sqlite", help="sqlite, postgresql, mariadb with commas, or all")
    given = parser.parse_args(argv)
    watch = Stopwatch()
    kinds = kinds_of(given.db)
    found = [called(kind, workers=given.workers, keys=given.keys) for kind in kinds]
    planted = called("sqlite", workers=given.workers, keys=PLANTED, planted=True)
    report = Report(
        driver="idempotency",
        promises=("T6",),
        seed=given.seed,
        settings={"db": ",".join(kinds), "workers": given.workers, "keys": given.keys},
        counts={
            "calls": sum(len(told) for each in found for told in each.told),
            "effects": sum(each.effects for each in found),
            "mismatches_refused": sum(each.refused for each in found),
            "planted_effects_of_10": planted.effects,
        },
        control=Control(planted="check, then act, without a unique key", found=planted.effects - PLANTED),
        violations=[wrong for each in found for wrong in each.wrongs()],
        seconds=watch.seconds,
    )
    return concluded(report)


if __name__ == "__main__":
    sys.exit(main())
