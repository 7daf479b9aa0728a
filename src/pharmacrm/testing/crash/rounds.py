"""Rounds of kills: some writers on one database, killed and replaced, and the books looked at in the end."""

import random
import time

from attrs import define, evolve, field

from pharmacrm.testing.crash.judge import Pattern, books_of, open_company, wrongs
from pharmacrm.testing.crash.script import SCRIPT, step_of
from pharmacrm.testing.crash.writers import Life, Writer
from pharmacrm.testing.targets import database, end_everybody

ALL_AT_ONCE = 0.1
"""How often everybody is killed, so that the next one finds no living process beside its own."""

LONGEST = 30.0
"""Seconds after which somebody is killed even if nothing was answered."""

MOMENT = 0.03
"""Seconds at most from an answer to a kill: several commands long, so that it hits any place in one."""


@define
class Tally:
    """What was done, and what should not have happened."""

    kills: int = 0
    acknowledged: int = 0
    committed_unacknowledged: int = 0
    retried: int = 0
    wrongs: list[str] = field(factory=list)

    @property
    def idle(self) -> list[str]:
        """A round in which nothing was answered has shown nothing."""
        return [] if self.acknowledged else ["idle: no command was answered between the kills"]


@define
class Round:
    """One database and its writers, until so many were killed."""

    kind: str
    kills: int
    draw: random.Random
    pattern: Pattern
    writers: int = 4
    between: int = 40
    durable: bool = True
    hasty: bool = False
    tally: Tally = field(factory=Tally)
    answered: dict[str, tuple[str, str, str, bool] | None] = field(factory=dict)
    begun: set[str] = field(factory=set)

    def run(self) -> Tally:
        """Kill, replace, and look."""
        with database(self.kind) as url:
            open_company(url)
            running = [Writer(self._life(url, slot)) for slot in range(self.writers)]
            while self.tally.kills < self.kills:
                self._wait(running)
                for slot in self._victims():
                    running[slot] = self._replaced(running[slot])
            for writer in running:
                self._end(writer)
            end_everybody(url)
            books = books_of(url)
            self.tally.wrongs += wrongs(books, self.answered, self.begun, self.pattern)
        self.tally.acknowledged = len(self.answered)
        self.tally.committed_unacknowledged = sum(bool(each and each[3]) for each in self.answered.values())
        return self.tally

    def _life(self, url: str, slot: int) -> Life:
        return Life(url, self.durable, slot, 0, 0, self.hasty)

    def _wait(self, running: list[Writer]) -> None:
        """Until some commands were answered, however slow the machine is, and then a moment of chance."""
        until = time.monotonic() + LONGEST
        wanted = self._answers(running) + self.draw.randint(0, 2 * self.between)
        while self._answers(running) < wanted and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(self.draw.uniform(0, MOMENT))

    def _answers(self, running: list[Writer]) -> int:
        for writer in running:
            writer.listen()
        return len(self.answered) + sum(len(writer.answered) for writer in running)

    def _victims(self) -> list[int]:
        if self.draw.random() < ALL_AT_ONCE:
            return list(range(self.writers))
        return [self.draw.randrange(self.writers)]

    def _end(self, writer: Writer) -> None:
        writer.kill()
        self.tally.kills += 1
        self.answered |= writer.answered
        if writer.failed and not self.hasty:
            self.tally.wrongs.append(f"failed: {writer.failed}")
        if writer.unanswered:
            self.begun.add(writer.unanswered)

    def _replaced(self, writer: Writer) -> Writer:
        """Another one in its place, which begins with the command that got no answer, under its key."""
        self._end(writer)
        self.tally.retried += bool(writer.unanswered)
        number, step = _next(writer, hasty=self.hasty)
        return Writer(evolve(writer.life, number=number, step=step))


def _next(writer: Writer, *, hasty: bool) -> tuple[int, int]:
    """The order and the step with which the next one begins."""
    last = writer.begun
    if not last:
        return writer.life.number, writer.life.step
    number, step = int(last.split("-")[1]), step_of(last)
    if hasty:  # what was lost is not repaired: the next order
        return number + 1, 0
    if writer.unanswered:
        return number, step
    return number + (step + 1) // len(SCRIPT), (step + 1) % len(SCRIPT)
