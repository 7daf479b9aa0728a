"""Clocks: where recorded times come from. They are injected; nothing else in pharmacrm reads the time.

The system's clock trusts the database's clock where it has one, else the machine's as it was at the start,
and counts on from there with the machine's steady counter. So moving a clock changes no recorded time. That
it was moved is noticed, and commands are refused until it is right again.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from pharmacrm.core.kernel.dates import as_instant

TICK = timedelta(microseconds=1)
SAMPLED_FOR = timedelta(minutes=1)
"""How long a reading of the database's clock serves before it is taken again."""

AHEAD = timedelta(minutes=5)
"""How far a clock may be from the trusted time, either way."""

BEHIND = timedelta(seconds=2)
"""How far the trusted time may lie before what is stored already: several machines never agree exactly."""


class ClockFault(StrEnum):
    """What is wrong with a clock, as the code of the reason for which commands are refused."""

    MOVED_BACK = "time.moved_back"
    FUTURE = "time.future"


class Clock(Protocol):
    """Gives the time; `simulated` entries can never be mixed with real ones in one store."""

    simulated: bool

    def now(self) -> datetime:
        """An aware instant in UTC that never goes backwards."""

    def resume(self, newest: datetime | None) -> None:
        """Go on from the newest entry that the store holds."""

    def fault(self, newest: datetime | None = None) -> "ClockFault | None":
        """Why no command may be recorded now, or None; `newest` is the latest recorded time that was read."""

    def claimed(self) -> datetime | None:
        """What the machine's own clock says, where that is another thing than `now`."""


def wall() -> datetime:
    """The machine's clock, which anybody may set."""
    return datetime.now(UTC)


def steady() -> float:
    """Seconds that nobody can set; where the system knows how, those asleep are counted, too."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class SystemClock:
    """A hybrid clock: the trusted time, and one microsecond later than ever before where that is too early.

    `reference` gives the database's time, or None where it has none (SQLite). A reading of it serves for a
    minute. One that differs by more than five minutes from what the steady counter says is not taken over.
    """

    simulated = False

    def __init__(
        self,
        reference: Callable[[], datetime | None] = lambda: None,
        *,
        wall: Callable[[], datetime] = wall,
        steady: Callable[[], float] = steady,
    ) -> None:
        """`wall` and `steady` are the machine's clock and its counter; tests give their own."""
        self._reference, self._wall, self._steady = reference, wall, steady
        self._lock = threading.Lock()
        self._base: datetime | None = None
        self._counted = self._sampled = 0.0
        self._last = datetime.min.replace(tzinfo=UTC)
        self._stored: datetime | None = None
        self._alone = False
        self._fault: ClockFault | None = None

    def now(self) -> datetime:
        """The present instant, later than every one before."""
        with self._lock:
            self._last = max(self._trusted(), self._last + TICK)
            return self._last

    def claimed(self) -> datetime:
        """What the machine's clock says."""
        return self._wall()

    def fault(self, newest: datetime | None = None) -> ClockFault | None:
        """Why no command may be recorded now: a clock was moved. None as long as everything agrees.

        The trusted time may not lie more than 2 s before what is stored, the machine's clock not more than
        5 min from the trusted time; where it is all there is (SQLite), it may not fall 2 s back either.
        """
        with self._lock:
            trusted, said = self._trusted(), self._wall()
            stored = max(filter(None, (newest, self._stored)), default=None)
            if stored is not None and min(trusted, said if self._alone else trusted) < stored - BEHIND:
                return ClockFault.MOVED_BACK
            return self._fault or _off(said, trusted)

    def resume(self, newest: datetime | None) -> None:
        """Keep in mind how far the store has come; an earlier trusted time is a clock that was moved back."""
        with self._lock:
            self._stored = max(filter(None, (newest, self._stored)), default=None)

    def _trusted(self) -> datetime:
        """The base and what was counted since; a new reading becomes the base unless a clock was moved."""
        counted = self._steady()
        if self._base is None:
            reading = self._reference()
            self._alone = reading is None
            self._sample(counted, reading or self._wall())
        elif counted - self._sampled > SAMPLED_FOR.total_seconds():
            reading = self._reference()
            self._sampled = counted
            if reading is not None:
                self._fault = _off(reading, self._at(counted))
                if self._fault is None:
                    self._sample(counted, reading)
        return self._at(counted)

    def _sample(self, counted: float, base: datetime) -> None:
        self._base, self._counted, self._sampled = base, counted, counted

    def _at(self, counted: float) -> datetime:
        assert self._base is not None  # noqa: S101 - asked only once there is a base
        return self._base + timedelta(seconds=counted - self._counted)


def _off(reading: datetime, trusted: datetime) -> ClockFault | None:
    if reading > trusted + AHEAD:
        return ClockFault.FUTURE
    return ClockFault.MOVED_BACK if reading < trusted - AHEAD else None


class SimulatedClock:
    """A clock that stands still until it is moved: for demonstrations, tests and simulations."""

    simulated = True

    def __init__(self, start: datetime | str = "2026-01-05T01:00:00Z") -> None:
        self._now = as_instant(start)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The simulated instant; each call is one microsecond later than the last."""
        with self._lock:
            self._now += TICK
            return self._now

    def advance(self, step: timedelta) -> None:
        """Let time pass; it cannot go backwards."""
        if step < timedelta(0):
            raise ValueError(f"time cannot go backwards by {step}")
        with self._lock:
            self._now += step

    def move_to(self, at: datetime | str) -> None:
        """Let time pass until an instant, or leave it if that is past."""
        with self._lock:
            self._now = max(self._now, as_instant(at))

    def resume(self, newest: datetime | None) -> None:
        """Go on after the newest entry of the store."""
        if newest is not None:
            self.move_to(newest)

    def fault(self, newest: datetime | None = None) -> ClockFault | None:
        """Nothing: nobody can move it back, and what it says is not the time anyway."""

    def claimed(self) -> datetime | None:
        """Nothing: there is no other clock."""
