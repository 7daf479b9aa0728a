"""A step of a story: one command, who gives it, and what has to happen before it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from attrs import frozen

from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.message import Command
from pharmacrm.crm import PharmaCRM, SimulatedClock
from pharmacrm.crm.request import requested

SALES, FINANCE, WAREHOUSE, QUALITY, LEAD = "zhang.san", "qian.qi", "sun.ba", "zhou.jiu", "zhao.liu"
SYSTEM = "system"

Given = Callable[[PharmaCRM], None]
Make = Callable[[PharmaCRM], Command[Any]]


def _nothing(_: PharmaCRM) -> None:
    """Nothing has to happen before."""


@frozen
class Step:
    """One command by one actor; `given` happens before it, and nothing of that fails.

    `make` gives the same command each time it is called. A command that is not `keyed` has to be safe to do
    again by itself.
    """

    actor: str
    make: Make
    given: Given = _nothing
    keyed: bool = True

    def run(self, crm: PharmaCRM, key: str) -> Decision[Any] | None:
        """Do it; what has no key answers nothing that a second time could repeat."""
        answer = done(crm, self.actor, self.make(crm), key if self.keyed else "")
        return answer if self.keyed else None


def done(crm: PharmaCRM, actor: str, command: Command[Any], key: str = "") -> Decision[Any]:
    """Give a command as this actor; those of the system are not to be had by way of `do`."""
    if actor == SYSTEM:
        return crm._do(requested(command, SYSTEM, key, None))  # noqa: SLF001 - as timed work and pulling do it
    return crm.do(command, actor=actor, key=key)


def said(actor: str, command: Command[Any], *before: tuple[str, Command[Any]]) -> Step:
    """A command that needs nothing of the day; what is given `before` it does not fail."""
    return Step(actor, lambda _: command, after(*((other, lambda _, it=it: it) for other, it in before)))


def due(make: Make, given: Given = _nothing) -> Step:
    """A command that the system does when it falls due, without a key."""
    return Step(SYSTEM, make, given, keyed=False)


def after(*before: tuple[str, Make]) -> Given:
    """All of these commands happen."""

    def given(crm: PharmaCRM) -> None:
        for actor, make in before:
            done(crm, actor, make(crm)).expect()

    return given


def later(crm: PharmaCRM, days: int) -> None:
    """So many days pass."""
    assert isinstance(crm.clock, SimulatedClock)
    crm.clock.advance(timedelta(days=days))


def day(crm: PharmaCRM, days: int = 0) -> date:
    """The day, or one so many days later."""
    return crm.clock.now().date() + timedelta(days=days)


def instant(crm: PharmaCRM, days: int) -> datetime:
    """Noon in China, so many days later: the same all day long."""
    return datetime.combine(day(crm, days), time(4), UTC)
