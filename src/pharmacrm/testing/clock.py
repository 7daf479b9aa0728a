"""Move the clocks of several machines while they work together, and look at what was recorded (T15).

Four machines share one store, whose database has the trusted clock. Each has a clock of its own, which jumps
with one command in a hundred: 5 s to a year, either way, an hour as with summer time, a leap second. Recorded
times may never go back in a record's story, nor be five minutes off; what is refused says why and is
journalled.
Control: the same machines stamping with their own clocks.

    python -m pharmacrm.testing.clock --commands 100000
"""

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from attrs import define, field

from pharmacrm.core.kernel.journal import Entry, JournalQuery, Verb
from pharmacrm.core.people import RegisterUnit
from pharmacrm.crm import PharmaCRM, SystemClock
from pharmacrm.crm.clocks import AHEAD
from pharmacrm.crm.desk import Desk
from pharmacrm.crm.registry import Registry
from pharmacrm.plugins.manager import Plugins
from pharmacrm.plugins.storage.memory import MemoryStore
from pharmacrm.testing.report import Control, Report, Stopwatch, arguments, concluded

MACHINES: Final = 4
UNITS: Final = 20
START: Final = datetime(2026, 3, 28, tzinfo=UTC)
JUMPS: Final = (5.0, 60.0, 3600.0, 86_400.0, 31_536_000.0)
"""Seconds up to which a clock jumps; the summer time of many countries is the third."""

CODES: Final = {"time.moved_back", "time.future"}


@define
class Machine:
    """A machine's clock, which anybody may set, and its counter, which nobody can."""

    world: "World"
    name: str
    wrong: timedelta = timedelta(0)

    def wall(self) -> datetime:
        """What its clock says."""
        return self.world.now + self.wrong

    def steady(self) -> float:
        """Its counter, begun at a number of its own."""
        return (self.world.now - START).total_seconds() + len(self.name)

    def jump(self, random: Random) -> None:
        """Set the clock somewhere else, or right again."""
        if random.random() < 1 / 2:
            self.wrong = timedelta(0)
            return
        size = random.choice((1.0, 3600.0, random.uniform(5, random.choice(JUMPS[1:]))))
        self.wrong = timedelta(seconds=size * random.choice((-1, 1)))


@define
class World:
    """The true time."""

    now: datetime = START


class Naive(SystemClock):
    """The control: a machine's own clock, taken at its word."""

    def now(self) -> datetime:
        """Whatever the machine says."""
        return self.claimed()

    def fault(self, newest: datetime | None = None) -> None:
        """Nothing is ever wrong."""


@define
class Run:
    """One run: the doors of all machines to one store, and what went wrong."""

    random: Random
    clock: type[SystemClock] = SystemClock
    jumping: float = 1 / 100
    world: World = field(factory=World)
    refused: Counter[str] = field(factory=Counter)
    true: dict[str, datetime] = field(factory=dict)
    violations: list[str] = field(factory=list)

    def carried_out(self, commands: int) -> "Run":
        """Give the commands, each on some machine, and look at the journal."""
        store = MemoryStore(lambda: self.world.now)
        machines = [Machine(self.world, f"machine-{number}") for number in range(MACHINES)]
        doors = [self._door(store, machine) for machine in machines]
        doors[0].install(admin="admin", name="admin")
        for number in range(commands):
            self.world.now += timedelta(milliseconds=self.random.randrange(1, 400))
            place = self.random.randrange(MACHINES)
            if self.random.random() < self.jumping:
                machines[place].jump(self.random)
            self._do(doors[place], machines[place], number)
        self._look(store)
        return self

    def _door(self, store: MemoryStore, machine: Machine) -> PharmaCRM:
        plugins = Plugins()
        registry = Registry.of(plugins.domains())
        clock = self.clock(store.now, wall=machine.wall, steady=machine.steady)
        store.register(tuple(registry.kinds.values()))
        return PharmaCRM(store, Desk("main", clock, registry, plugins))

    def _do(self, door: PharmaCRM, machine: Machine, number: int) -> None:
        command = RegisterUnit(id=f"u-{number % UNITS}", name=f"{number}")
        answer = door.do(command, actor="admin")
        self.true[answer.id] = self.world.now
        if answer.allowed:
            return
        self.refused.update(answer.codes)
        if abs(machine.wrong) <= AHEAD or not set(answer.codes) <= CODES:
            self.violations.append(f"{number}: refused by {answer.codes} with a clock {machine.wrong} off")

    def _look(self, store: MemoryStore) -> None:
        entries = store.journal("main", JournalQuery())
        last: dict[str, Entry] = {}
        noted = 0
        for entry in entries:
            true = self.true.get(entry.id)
            if true is not None and abs(entry.recorded_at - true) > AHEAD:
                self.violations.append(f"{entry.subject}: recorded more than five minutes off")
            if entry.verb is Verb.REFUSED:
                noted += 1
                continue
            before = last.get(entry.subject)
            if before is not None and entry.recorded_at <= before.recorded_at:
                self.violations.append(f"{entry.subject}: recorded before its version {before.version}")
            last[entry.subject] = entry
        if noted != self.refused.total():
            self.violations.append(f"{self.refused.total()} were refused, {noted} are in the journal")


def run(commands: int, seed: int) -> Report:
    """As many commands, and a thousand with more jumps for the control."""
    watch = Stopwatch()
    done = Run(Random(seed)).carried_out(commands)  # noqa: S311 - a run that can be repeated
    naive = Run(Random(seed), Naive, 1 / 10).carried_out(1000)  # noqa: S311 - as above
    return Report(
        driver="clock",
        promises=("T15",),
        seed=seed,
        settings={"commands": commands, "machines": MACHINES},
        counts={"commands": commands, **{code: done.refused[code] for code in sorted(CODES)}},
        control=Control(planted="machines stamp with their own clocks", found=len(naive.violations)),
        violations=done.violations,
        seconds=watch.seconds,
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = arguments("clock", "move clocks, and look at what was recorded")
    parser.add_argument("--commands", type=int, default=10_000, help="how many commands")
    given = parser.parse_args(argv)
    return concluded(run(given.commands, given.seed))


if __name__ == "__main__":
    sys.exit(main())
