"""Calling a plugin without being hurt by it: timed, its exceptions caught, what it changed put back.

What passes through to the host: KeyboardInterrupt, MemoryError, and whatever else is neither an `Exception`
nor an attempt to leave (`SystemExit`, `GeneratorExit`). An exception's text may hold secrets, so only its
class is kept.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import localcontext
from types import CoroutineType
from typing import Any, Final, TypeVar

from attrs import define, field, frozen

from pharmacrm.core.kernel.errors import PluginFailure
from pharmacrm.plugins.loading import Implementation
from pharmacrm.plugins.types import PluginFault
from pharmacrm.plugins.wall.restoring import restored
from pharmacrm.plugins.wall.shielding import LEAVING, Outside, class_of, readable

T = TypeVar("T")

SLOW = 0.5
"""Seconds after which a call inside a unit of work is recorded as slow; its answer still counts."""

PATIENT: Final = 5.0
"""The same for hooks that nobody's transaction waits for: they load things, or talk to other machines."""

PATIENT_HOOKS: Final = {
    "pharmacrm_register",
    "pharmacrm_store",
    "pharmacrm_deliver",
    "pharmacrm_pull",
    "pharmacrm_anchor",
    "pharmacrm_anchored",
}

OPEN_HOOKS: Final = {"pharmacrm_deliver"}
"""Hooks that are called outside any unit of work, so that they may use the door themselves."""

_inside: ContextVar[str] = ContextVar("pharmacrm_inside_hook", default="")


class Unfit(TypeError):
    """An answer that its hook does not allow; the text says what is wrong with it."""


@frozen
class Failed:
    """What a call gives that could not be used, and why."""

    why: str


@define
class Caller:
    """Calls implementations and records what goes wrong."""

    record: Callable[[PluginFault], None]
    clock: Callable[[], float] = field(default=time.perf_counter)

    def call(
        self,
        implementation: Implementation,
        context: object,
        understood: Callable[[Any], T],
        *,
        through: tuple[type[BaseException], ...] = (),
    ) -> T | Failed:
        """What `understood` makes of the answer, or Failed where nothing can be made of it.

        Raises:
            PluginFailure: `plugin.reentered`, if a hook is being called already: a hook may not use the door
                to carry out commands, or it would call itself for ever.

        """
        outside_hooks()
        begun, changed = self.clock(), list[str]()
        with _walled(implementation, changed):
            outcome = _attempt(implementation.function, context, understood, through)
        seconds = self.clock() - begun
        ended = implementation.limit is not None and isinstance(outcome, _Wrong)
        if seconds > (PATIENT if implementation.hook in PATIENT_HOOKS else SLOW) and not ended:
            who = "the store took" if implementation.hook == "pharmacrm_store" else "took"
            self._fault(implementation, "slow", f"{who} {seconds:.1f} s")
        for what in dict.fromkeys(changed):
            self._fault(implementation, "changed", f"left another {what}, which was put back")
        if isinstance(outcome, _Wrong):
            self._fault(implementation, outcome.what, outcome.message)
            return Failed(f"{outcome.what}: {outcome.message}")
        return outcome

    def _fault(self, implementation: Implementation, what: str, message: str) -> None:
        plugin, hook, text = implementation.plugin, implementation.hook, readable(message)
        self.record(PluginFault(plugin=plugin, hook=hook, what=what, message=text))


def outside_hooks() -> None:
    """Raise `plugin.reentered` while a hook is being called: what it does had no end, or no transaction."""
    if _inside.get():
        message = f"the hook {_inside.get()} is being called: it may not carry out commands itself"
        raise PluginFailure(message, "plugin.reentered")


@frozen
class _Wrong:
    """How a call went wrong: `raised` or `type`; in a worker process also `limit`, `died` or `resting`."""

    what: str
    message: str


@contextmanager
def _walled(each: Implementation, changed: list[str]) -> Iterator[None]:
    """No hook within a hook, and the process as it was; a worker process cannot change ours."""
    token = _inside.set("" if each.hook in OPEN_HOOKS else each.hook)
    try:
        if each.limit is not None:
            yield
            return
        with localcontext(), restored(changed.append):
            yield
    finally:
        _inside.reset(token)


def _attempt(
    function: Callable[[Any], Any],
    context: object,
    understood: Callable[[Any], T],
    through: tuple[type[BaseException], ...],
) -> T | _Wrong:
    what = "raised"
    seen: tuple[type[BaseException], ...] = (MemoryError, *through)
    try:
        answer = function(context)
        what = "type"
        if type(answer) is CoroutineType:
            answer.close()  # or Python warns that nobody awaited it
        return understood(answer)
    except seen:
        raise
    except Outside as error:
        return _Wrong(error.what, error.message)
    except Unfit as error:
        return _Wrong(what, str(error) if what == "type" else class_of(error))
    except LEAVING as error:
        return _Wrong(what, class_of(error))
