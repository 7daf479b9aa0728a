"""Plugins that misbehave, and a company to let them loose on."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from pharmacrm.core.flows.placing import PlaceOrder
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.record import Entity
from pharmacrm.crm import PharmaCRM, SimulatedClock, connect
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import CheckContext, DeliverContext
from pharmacrm.testing.company import found_company

E = TypeVar("E", bound=Entity)

MEMORY = "memory://"


class Guard:
    """Does to every order what it is told, and nothing to other commands."""

    PHARMACRM_API: ClassVar[tuple[int, int]] = (1, 0)

    def __init__(
        self, behave: Callable[[CheckContext], Any] = lambda context: None, name: str = "guard"
    ) -> None:
        self.name = name
        self.behave = behave
        self.calls = 0

    @hookimpl
    def pharmacrm_check(self, context: CheckContext) -> Any:
        if not isinstance(context.command, PlaceOrder):
            return None
        self.calls += 1
        return self.behave(context)


class Carrier:
    """Does with every notice what it is told, and remembers those it was given."""

    PHARMACRM_API: ClassVar[tuple[int, int]] = (1, 0)

    def __init__(
        self,
        behave: Callable[[DeliverContext], Any],
        *,
        name: str = "carrier",
        topics: Sequence[str] = ("OrderSubmitted",),
    ) -> None:
        self.name = name
        self.topics = tuple(topics)
        self.behave = behave
        self.given: list[DeliverContext] = []

    @hookimpl
    def pharmacrm_deliver(self, context: DeliverContext) -> Any:
        self.given.append(context)
        return self.behave(context)


def company(*plugins: object, url: str = MEMORY, **settings: Any) -> PharmaCRM:
    """Connect to an empty store with these plugins and found the company."""
    crm = connect(url, clock=SimulatedClock(), plugins=plugins, **settings)
    found_company(crm)
    return crm


def a_reason(code: str = "house.rule", severity: Severity = Severity.BLOCK, **more: Any) -> Reason:
    return Reason(
        code=code, severity=severity, message="the house says no", message_zh="公司规定不允许", **more
    )


def raising(error: BaseException) -> Callable[[object], Any]:
    def behave(_: object) -> None:
        raise error

    return behave


def stored(crm: PharmaCRM, kind: type[E], id: str) -> E:
    """An entity as it is stored, whoever may see it."""
    with crm._store.session() as session:
        found = session.get(crm.tenant, kind, id)
    assert found is not None
    assert isinstance(found.entity, kind)
    return found.entity


def csv_rows(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, read strictly."""
    text = file.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
