"""Run it: `python -m pharmacrm.testing.powerloss --images 5000`."""

import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pharmacrm.testing.powerloss.images import Found, a_day, cuts
from pharmacrm.testing.report import Control, Report, Stopwatch, arguments, concluded

PLANTED = 40
"""Images of each control; with NORMAL the last commits must be lost, with OFF files must break."""


def main(argv: Sequence[str] | None = None) -> int:
    """Cut the power as often as asked, then with less syncing, and say what was found."""
    parser = arguments("powerloss", "a power cut loses nothing that was acknowledged (T2)")
    parser.add_argument("--images", type=int, default=100)
    parser.add_argument("--orders", type=int, default=12, help="orders that go through before the cuts")
    given = parser.parse_args(argv)
    watch = Stopwatch()
    draw = random.Random(given.seed)  # noqa: S311 - a run has to be repeatable

    def tried(sync: str, images: int) -> Found:
        with tempfile.TemporaryDirectory() as work, tempfile.TemporaryDirectory() as after:
            return cuts(a_day(Path(work), sync, given.orders), Path(after), images, draw)

    full, normal, off = tried("FULL", given.images), tried("NORMAL", PLANTED), tried("OFF", PLANTED)
    report = Report(
        driver="powerloss",
        promises=("T2",),
        seed=given.seed,
        settings={"images": given.images, "orders": given.orders, "sync": "FULL"},
        counts={
            "images": full.images,
            "lost": full.lost,
            "broken": full.broken,
            "opened_by_door": full.opened_by_door,
            "control_images": normal.images + off.images,
            "normal_lost": normal.lost,
            "normal_broken": normal.broken,
            "off_broken": off.broken,
        },
        control=Control(
            planted="synchronous=NORMAL must lose, OFF must break (the smaller of both)",
            found=min(normal.lost, off.broken),
        ),
        violations=[*full.wrongs, *(wrong for wrong in normal.wrongs if not wrong.startswith("lost"))],
        seconds=watch.seconds,
    )
    return concluded(report)


if __name__ == "__main__":
    sys.exit(main())
