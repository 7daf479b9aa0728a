"""Plugins for worker processes: each call does what the constructor was told."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from pharmacrm.core.customers import Customer
from pharmacrm.core.flows.placing import PlaceOrder
from pharmacrm.core.kernel.calendar import WorkCalendar
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.query import eq, is_in, within
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.orders import OrderLine, OrderState, SalesOrder
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import Delivered


def said(text: object, severity: Severity = Severity.WARN) -> list[Reason]:
    return [Reason(code="culprit.says", severity=severity, observed=str(text), message="说 so")]


def _forever(_: Any) -> None:
    while True:
        time.sleep(3600)


def _busy(_: Any) -> None:
    while True:
        pass


def _prints(_: Any) -> list[Reason]:
    for _ in range(2_000):
        print("x" * 1_000)  # noqa: T201
        os.write(1, b"y" * 1_000)
    return said("printed")


def _prints_for_ever(_: Any) -> None:
    while True:
        print("x" * 1_000)  # noqa: T201


def _children(_: Any) -> None:
    """Leave a child behind, write down who it is, and hang."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
    Path("child.pid").write_text(str(child.pid), encoding="ascii")
    _forever(_)


def _threads(_: Any) -> list[Reason]:
    threading.Thread(target=_forever, args=(None,)).start()
    return said(threading.active_count())


def _speaks_the_protocol(_: Any) -> list[Reason]:
    """Write lines of its own into every socket that it finds."""
    line = b'{"call":1,"answer":null}\n'
    for number in range(3, 1024):
        try:
            os.write(number, line * 2)
        except OSError:
            continue
    return said("twice", Severity.BLOCK)


def _pickled(_: Any) -> Any:
    class Bomb:
        def __reduce__(self) -> Any:
            return os.system, ("touch bomb",)

    return [Bomb()]


def _reads(context: Any) -> list[Reason]:
    read, buyer = context.read, context.command.buyer
    orders = read.find(
        SalesOrder,
        eq("buyer", buyer),
        is_in("state", [OrderState.IN_APPROVAL, OrderState.RELEASED]),
        within(OrderLine, "order", eq("product", context.command.lines[0].product)),
        order=("-id",),
        limit=2,
    )
    name = read.get(Customer, buyer).name
    missing = read.seek(SalesOrder, "none")
    later = read.find(SalesOrder, after=orders[0]) if orders else []
    return said(f"{name} {[each.id for each in orders]} {missing} {[each.id for each in later]}")


def _reads_wrongly(context: Any) -> list[Reason]:
    found = []
    for ask in (
        lambda: context.read.find(SalesOrder, eq("nothing", 1)),
        lambda: context.read.find(SalesOrder, eq("buyer", 5)),
        lambda: context.read.find(SalesOrder, limit=-1),
        lambda: context.read.seek(Path, "x"),
        lambda: context.read.get(SalesOrder, "none"),
    ):
        try:
            ask()
        except Exception as error:  # noqa: BLE001
            found.append(getattr(error, "code", type(error).__name__))
    return said(found)


_kept: list[Any] = []


def _keeps_the_reads(context: Any) -> list[Reason]:
    if _kept:
        try:
            _kept[0].seek(SalesOrder, "SO-1")
        except Exception as error:  # noqa: BLE001
            return said(getattr(error, "code", "?"))
    _kept.append(context.read)
    return said("kept")


CASES: dict[str, Callable[[Any], Any]] = {
    "nothing": lambda _: None,
    "who": lambda _: said(os.getpid()),
    "sees": lambda context: said(
        f"{context.tenant} {context.actor} {sorted(context.roles)} {context.on} {context.command.lines[0]}"
    ),
    "hangs": _forever,
    "busy": _busy,
    "os._exit": lambda _: os._exit(3),
    "sys.exit": lambda _: sys.exit(3),
    "crashes": lambda _: ctypes.string_at(0),
    "killed": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    "prints": _prints,
    "prints for ever": _prints_for_ever,
    "children": _children,
    "threads": _threads,
    "100 MB": lambda _: said("x" * 100_000_000),
    "many": lambda _: [None] * 10**6,
    "speaks the protocol": _speaks_the_protocol,
    "pickled": _pickled,
    "raises": lambda _: CASES["none"],
    "interrupts": lambda _: (_ for _ in ()).throw(KeyboardInterrupt),
    "reads": _reads,
    "reads wrongly": _reads_wrongly,
    "keeps the reads": _keeps_the_reads,
    "blocks": lambda _: said("no", Severity.BLOCK),
}


class Culprit:
    """A guard that does with orders what it was told."""

    PHARMACRM_API: ClassVar[tuple[int, int]] = (1, 0)
    name = "culprit"

    def __init__(self, case: str = "nothing", then: str = "") -> None:
        self._cases = [case, then or case]
        self._calls = 0

    @hookimpl
    def pharmacrm_check(self, context: Any) -> Any:
        if not isinstance(context.command, PlaceOrder):
            return None
        self._calls += 1
        return CASES[self._cases[self._calls > 1]](context)


class Postman:
    """An adapter that says where it ran, or does worse."""

    name = "postman"
    topics = ("OrderSubmitted",)

    def __init__(self, case: str = "") -> None:
        self._case = case

    @hookimpl
    def pharmacrm_deliver(self, context: Any) -> Any:
        if self._case:
            CASES[self._case](context)
        Path("post.txt").write_text(
            f"{context.topic} {context.subject} {os.getpid()} {context.payload['buyer']}"
        )
        return Delivered()


class Closed:
    """A calendar with one holiday."""

    name = "closed"

    @hookimpl
    def pharmacrm_calendar(self, context: Any) -> WorkCalendar | None:
        from datetime import date

        days = {date(2026, 1, 5): False}
        return WorkCalendar(context.name, days, published=frozenset({2026})) if context.name == "cn" else None


class Hears:
    """Writes faults down."""

    name = "hears"

    @hookimpl
    def pharmacrm_fault(self, context: Any) -> None:
        with Path("heard.txt").open("a") as file:
            file.write(f"{context.fault.plugin} {context.fault.what}\n")


class Registers(Culprit):
    """Has a hook that cannot be isolated."""

    @hookimpl
    def pharmacrm_register(self, context: object) -> Domain:
        return Domain(name="x")


class DiesAtStart:
    """Never gets as far as a plugin."""

    def __init__(self) -> None:
        os._exit(7)


class RaisesAtStart:
    def __init__(self) -> None:
        raise ValueError("password=hunter2")
