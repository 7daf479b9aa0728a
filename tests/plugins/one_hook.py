"""Plugins with one hook each, which do what they are told, and answers that fit no hook."""

import decimal
import itertools
from typing import Any, ClassVar

import pytest

from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import Delivered, FaultContext
from tests.plugins.hostile import raising


class One:
    """A plugin with one hook, which does what it is told."""

    PHARMACRM_API: ClassVar[tuple[int, int]] = (1, 0)

    def __init__(self, behave: Any, name: str = "one") -> None:
        self.name = name
        self.behave = behave


class Registrar(One):
    @hookimpl
    def pharmacrm_register(self, context: object) -> Any:
        return self.behave(context)


class Storer(One):
    @hookimpl
    def pharmacrm_store(self, context: object) -> Any:
        return self.behave(context)


class Calendars(One):
    @hookimpl
    def pharmacrm_calendar(self, context: object) -> Any:
        return self.behave(context)


class Namer(One):
    @hookimpl
    def pharmacrm_approvers(self, context: object) -> Any:
        return self.behave(context)


class Signatory(One):
    @hookimpl
    def pharmacrm_signature(self, context: object) -> Any:
        return self.behave(context)


class Listener(One):
    @hookimpl
    def pharmacrm_fault(self, context: FaultContext) -> Any:
        return self.behave(context)


class Keeper(One):
    """Keeps no seal, and gives back what it is told to."""

    @hookimpl
    def pharmacrm_anchor(self, context: object) -> None: ...

    @hookimpl
    def pharmacrm_anchored(self, context: object) -> Any:
        return self.behave(context)


class Anchorer(One):
    """Does what it is told with a seal, and gives none back."""

    @hookimpl
    def pharmacrm_anchor(self, context: object) -> Any:
        return self.behave(context)

    @hookimpl
    def pharmacrm_anchored(self, context: object) -> tuple[()]:
        return ()


class Source(One):
    @hookimpl
    def pharmacrm_pull(self, context: object) -> Any:
        return self.behave(context)


def of(cases: dict[str, Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("behave", [pytest.param(case, id=name) for name, case in cases.items()])


def changed(value: Any, **fields: Any) -> Any:
    for name, content in fields.items():
        object.__setattr__(value, name, content)
    return value


async def _async() -> None: ...


def spoil(_: object) -> Delivered:
    decimal.getcontext().prec = 3
    return Delivered()


ANY_HOOK: dict[str, Any] = {
    "plugins-002 NotImplemented": lambda _: NotImplemented,
    "plugins-003 coroutine": lambda _: _async(),
    "plugins-004 generator": lambda _: (each for each in "ab"),
    "plugins-005 wrong type": lambda _: 42,
    "plugins-005 text": lambda _: "delivered",
    "plugins-009 endless": lambda _: itertools.count(),
    "plugins-026 raises": raising(ValueError("password=hunter2")),
    "plugins-027 SystemExit": raising(SystemExit(1)),
    "plugins-027 GeneratorExit": raising(GeneratorExit()),
}
