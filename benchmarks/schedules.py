"""Schedules of three instalments beside Tryton's, in one run: `python -m benchmarks.schedules [--write]`.

Both sides plan the same amounts by the same terms, from values in memory: Tryton in a process of its own, by
`compute` of its payment term, on records that are never read from its database meanwhile. What they answer is
compared. Rounds alternate, and only the ratio of their medians says anything.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from attrs import frozen

from benchmarks.peer.environment import Environment, TheirDatabase
from benchmarks.peer.link import Side
from pharmacrm import Money, parse_terms, schedule, schedules
from pharmacrm.core.kernel.calendar import Roll
from pharmacrm.core.values.schedule import Plan

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "beside-the-peer.md"
BEGIN, END = "<!-- schedules -->", "<!-- end of schedules -->"
TERMS = "33.3333% net 30, 50% of rest net 60, rest net 90, round half even"
ON = date(2026, 1, 31)
CNY = "CNY"

Shown = list[list[list[str]]]


@frozen
class Measured:
    """Seconds for one schedule: ours each alone, all of a day, on a new day each, and Tryton's."""

    one: float
    many: float
    apart: float
    theirs: float

    def rows(self) -> list[tuple[str, str]]:
        """What is reported."""
        return [
            ("each by `schedule`: times as fast as Tryton", f"{self.theirs / self.one:.1f}"),
            ("all of a day by `schedules`: times as fast as Tryton", f"{self.theirs / self.many:.1f}"),
            ("a new day each by `schedule`: times as fast as Tryton", f"{self.theirs / self.apart:.1f}"),
        ]


def amounts(many: int) -> list[Money]:
    """Amounts that differ in their last fen."""
    return [Money.of_minor(100_001 + 37 * number, CNY) for number in range(many)]


def ours(given: Sequence[Money]) -> tuple[Plan, ...]:
    """Our schedules of many amounts, whose dates are computed once."""
    return schedules(parse_terms(TERMS), given, ON, roll=Roll.NONE)


def ours_alone(given: Sequence[Money]) -> tuple[Plan, ...]:
    """Our schedules of the same amounts, each computed alone."""
    terms = parse_terms(TERMS)
    return tuple(schedule(terms, amount, ON, roll=Roll.NONE) for amount in given)


def ours_apart(given: Sequence[Money]) -> tuple[Plan, ...]:
    """Our schedules of the same amounts, each on a day of its own, so that no dates are remembered."""
    terms = parse_terms(TERMS)
    days = (ON + timedelta(days=number) for number in range(len(given)))
    return tuple(
        schedule(terms, amount, day, roll=Roll.NONE) for amount, day in zip(given, days, strict=True)
    )


def shown(plans: Sequence[Plan]) -> Shown:
    """Dates and amounts as text."""
    return [[[str(line.due), str(line.amount.amount)] for line in plan.instalments] for plan in plans]


def measure(side: Side, many: int = 2000, rounds: int = 7) -> Measured:
    """Both sides in turn; what they answer has to be the same."""
    given = amounts(many)
    texts = [str(amount.amount) for amount in given]
    one, each, apart, theirs = [], [], [], []
    for _ in range(rounds):
        took, answered = side.ask("schedules", ON.isoformat(), texts, 1)
        theirs += took
        one.append(_seconds(ours_alone, given))
        each.append(_seconds(ours, given))
        apart.append(_seconds(ours_apart, given))
        if answered != shown(ours(given)):
            raise RuntimeError("the two sides differ")
    return Measured(median(one), median(each), median(apart), median(theirs))


def _seconds(work: Callable[[Sequence[Money]], object], given: Sequence[Money]) -> float:
    begun = time.perf_counter()
    work(given)
    return (time.perf_counter() - begun) / len(given)


def main() -> None:
    """Measure, print, and write the page if asked."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--environment", type=Path, default=Path(tempfile.gettempdir()) / "pharmacrm-tryton")
    asked.add_argument("--rounds", type=int, default=7)
    asked.add_argument("--write", action="store_true", help="put the ratios into the documentation")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        theirs = TheirDatabase.in_file(Environment.made(options.environment), Path(folder))
        with theirs.side() as side:
            rows = measure(side, rounds=options.rounds).rows()
    lines = [
        "| schedules of 3 instalments | ratio |",
        "|---|---|",
        *(f"| {what} | {ratio} |" for what, ratio in rows),
    ]
    print(*lines, sep="\n")
    if options.write:
        before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
        page = f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{rest.split(END)[1]}"
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
