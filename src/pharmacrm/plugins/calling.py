"""Calling a plugin without being hurt by it: timed, its exceptions caught, its decimal context undone."""

import time
from collections.abc import Callable
from decimal import getcontext, setcontext
from typing import Any

from attrs import define, field

from pharmacrm.core.kernel.errors import shown
from pharmacrm.plugins.loading import Implementation
from pharmacrm.plugins.types import PluginFault

SLOW = 0.5
"""Seconds after which a call is recorded as slow; its answer still counts."""

KEPT = 1000
"""Faults that are remembered."""


class Failed:
    """What a call gives that could not be used."""


FAILED = Failed()


@define
class Caller:
    """Calls implementations and records what goes wrong."""

    record: Callable[[PluginFault], None]
    clock: Callable[[], float] = field(default=time.perf_counter)

    def call(self, implementation: Implementation, context: object, accept: Callable[[Any], bool]) -> Any:
        """The answer of one implementation, or FAILED where it raised or is not acceptable."""
        kept = getcontext().copy()
        begun = self.clock()
        try:
            answer = implementation.function(context)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the wall that keeps the host whole
            return self._fail(implementation, "raised", type(error).__name__)
        finally:
            setcontext(kept)
            self._time(implementation, self.clock() - begun)
        try:
            accepted = accept(answer)
        except Exception as error:  # noqa: BLE001 - comparing a hostile object may raise
            return self._fail(implementation, "type", type(error).__name__)
        if not accepted:
            return self._fail(implementation, "type", f"answered with {shown(type(answer).__name__)}")
        return answer

    def _fail(self, implementation: Implementation, what: str, message: str) -> Failed:
        self.record(
            PluginFault(plugin=implementation.plugin, hook=implementation.hook, what=what, message=message)
        )
        return FAILED

    def _time(self, implementation: Implementation, seconds: float) -> None:
        if seconds > SLOW:
            self._fail(implementation, "slow", f"took {seconds:.1f} s")
