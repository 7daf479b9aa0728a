"""The door as the story uses it: each command under a key, so that nothing is done twice."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from attrs import define

from pharmacrm.core.flows.refusals import WhyRefused
from pharmacrm.core.kernel.dates import add_months
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.message import Command
from pharmacrm.crm import PharmaCRM, SimulatedClock
from pharmacrm.demo.scale import FIRST_DAY, Scale

T = TypeVar("T")

ZONE = ZoneInfo("Asia/Shanghai")
OPENS = time(8, 30)


def clock_of_the_story() -> SimulatedClock:
    """A clock that stands at the opening of the first day; a store with entries moves it to the newest."""
    return SimulatedClock(datetime.combine(FIRST_DAY, OPENS, ZONE))


@define
class Company:
    """The company's door, its clock and the scale of the story; `today` is the day that is told."""

    crm: PharmaCRM
    clock: SimulatedClock
    scale: Scale
    today: date = FIRST_DAY
    yesterday: date = FIRST_DAY
    tomorrow: date = FIRST_DAY
    resumed: bool = False

    @property
    def reached(self) -> date:
        """The day of the newest entry: what came before it is told already."""
        return self.clock.now().astimezone(ZONE).date()

    def opens(self, day: date, *, resumed: bool) -> None:
        """Begin a working day, or go on with one that was interrupted."""
        days = self.scale.days
        place = days.index(day)
        self.today, self.resumed = day, resumed
        self.yesterday = days[place - 1] if place else day - timedelta(days=1)
        self.tomorrow = days[place + 1] if place + 1 < len(days) else add_months(day.replace(day=1), 1)
        self.clock.move_to(datetime.combine(day, OPENS, ZONE))

    def falls_today(self, day: date) -> bool:
        """Whether a day is today, or a day off since the last working day."""
        return self.yesterday < day <= self.today

    @property
    def is_last_of_month(self) -> bool:
        """Whether the next working day lies in another month."""
        return self.tomorrow.month != self.today.month

    def later(self, minutes: int) -> None:
        """Let some of the day pass."""
        if not self.resumed:
            self.clock.advance(timedelta(minutes=minutes))

    def do(self, command: Command[T], *, actor: str, key: str) -> Decision[T]:
        """Carry out a command once; what was refused before the interruption of a day is not tried again."""
        if self.resumed:
            refused = self.crm.ask(WhyRefused(key=key), actor=actor)
            if refused:
                return Decision(reasons=refused[0].reasons, id=refused[0].id, replayed=True)
        return self.crm.do(command, actor=actor, key=key)

    def together(self, commands: Iterable[Command[Any]], *, actor: str, about: str = "") -> None:
        """Carry out several commands of one person as one; each is expected to be allowed."""
        with self.crm.work(actor=actor) as work:
            for command in commands:
                name = "/".join(part for part in (type(command).__name__, about, _name(command)) if part)
                work.do(command, key=name).expect()


def _name(command: Command[Any]) -> str:
    """What tells commands of one kind apart: the subject, and for parts the part."""
    parts = (getattr(command, name, "") for name in ("kind", "product", "lot"))
    return "/".join((command.subject, *(str(part) for part in parts if part)))
