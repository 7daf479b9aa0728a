"""Clocks: where recorded times come from. They are injected; nothing else in pharmacrm reads the time."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from pharmacrm.core.kernel.dates import as_instant

TICK = timedelta(microseconds=1)
SAMPLED_FOR = timedelta(minutes=1)
"""How long a reading of the database's clock serves before it is taken again."""


class Clock(Protocol):
    """Gives the time; `simulated` entries can never be mixed with real ones in one store."""

    simulated: bool

    def now(self) -> datetime:
        """An aware instant in UTC that never goes backwards."""

    def resume(self, newest: datetime | None) -> None:
        """Go on from the newest entry that the store holds."""


class SystemClock:
    """The machine's clock, set right by the database's own where it has one; it never goes backwards."""

    simulated = False

    def __init__(self, reference: Callable[[], datetime | None] = lambda: None) -> None:
        """`reference` is asked once a minute for the database's time."""
        self._reference = reference
        self._lock = threading.Lock()
        self._offset = timedelta(0)
        self._sampled: datetime | None = None
        self._last = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """The present instant."""
        with self._lock:
            wall = datetime.now(UTC)
            if self._sampled is None or abs(wall - self._sampled) > SAMPLED_FOR:
                known = self._reference()
                self._offset = known - wall if known else timedelta(0)
                self._sampled = wall
            self._last = max(wall + self._offset, self._last + TICK)
            return self._last

    def resume(self, newest: datetime | None) -> None:
        """Nothing to do: each command stays behind what it read."""


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
