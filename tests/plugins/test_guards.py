"""What a guard is given, when it is asked, and what it may do meanwhile."""

import itertools
from collections.abc import Callable
from typing import Any, Never

import pytest

from pharmacrm.core.kernel.decision import Decision, Outcome
from pharmacrm.core.kernel.errors import Conflict, PluginFailure, StoreFailure
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.orders import SalesOrder
from pharmacrm.plugins.types import CheckContext
from pharmacrm.testing.company import ADMIN, an_order
from tests.fakes import FakeReads
from tests.plugins.hostile import Guard, a_reason, company, raising

SELLER = "zhang.san"


def test_a_slow_guard_is_a_fault_and_its_answer_counts() -> None:
    guard = Guard(lambda _: [a_reason(severity=Severity.WARN)])
    crm = company(guard)
    crm.plugins._caller.clock = itertools.count(0, 0.6).__next__
    answer = crm.do(an_order("SO-1"), actor=SELLER)
    assert answer.allowed
    assert answer.codes == ("house.rule",)
    assert [(each.plugin, each.what, each.message) for each in crm.plugins.faults] == [
        ("guard", "slow", "took 0.6 s")
    ]


def test_a_guard_in_time_is_no_fault() -> None:
    crm = company(Guard())
    crm.plugins._caller.clock = itertools.count(0, 0.5).__next__
    assert crm.do(an_order("SO-1"), actor=SELLER).allowed
    assert crm.plugins.faults == ()


def test_every_guard_is_asked_in_order_though_one_raises() -> None:
    asked: list[str] = []

    def noting(name: str, then: Callable[[CheckContext], Any]) -> Guard:
        def behave(context: CheckContext) -> Any:
            asked.append(name)
            return then(context)

        return Guard(behave, name)

    guards = [
        noting("b", raising(ValueError())),
        noting("a", lambda _: [a_reason()]),
        noting("c", lambda _: [a_reason("house.too", Severity.WARN)]),
    ]
    crm = company(*guards)
    answer = crm.do(an_order("SO-1"), actor=SELLER)
    assert asked == ["b", "a", "c"]
    assert answer.outcome is Outcome.REFUSED
    assert answer.codes == ("house.rule", "plugin.fault", "house.too")


def test_a_guard_cannot_change_what_it_is_shown() -> None:
    """The command, reasons and records that it sees are copies: the order is stored as it was given."""

    def spoil(context: CheckContext) -> None:
        object.__setattr__(context.command, "lines", ())
        object.__setattr__(context.command, "consignee", "the guard")
        order = context.read.seek(SalesOrder, "SO-0")
        if order is not None:
            object.__setattr__(order, "total", None)
            object.__setattr__(order.terms, "parts", ())
        object.__setattr__(context, "reasons", ())

    second = Guard(
        lambda context: None if getattr(context.command, "lines", ()) else [a_reason()], name="second"
    )
    crm = company(Guard(spoil), second)
    before = crm.do(an_order("SO-0"), actor=SELLER).expect()
    after = crm.do(an_order("SO-1", lines=2), actor=SELLER).expect()
    assert after.consignee == "陈主任"
    assert crm.get(SalesOrder, "SO-0", actor=ADMIN) == before
    assert str(before.terms) == "net 60"


def test_a_guard_has_reads_and_nothing_else() -> None:
    seen: list[CheckContext] = []
    crm = company(Guard(seen.append))
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    [context] = seen
    assert [name for name in dir(context.read) if not name.startswith("_")] == ["find", "get", "seek"]
    with pytest.raises(AttributeError):
        context.read.find = None  # type: ignore[method-assign, assignment]
    with pytest.raises(PluginFailure) as over:
        context.read.seek(SalesOrder, "SO-1")
    assert over.value.code == "plugin.read_ended"


def test_a_guard_that_reads_what_is_not_there_has_failed() -> None:
    crm = company(Guard(lambda context: context.read.get(SalesOrder, "unknown")))
    answer = crm.do(an_order("SO-1"), actor=SELLER)
    assert answer.codes == ("plugin.fault",)
    assert "NotFound" in crm.plugins.explain("check")


def test_what_a_guard_read_is_verified_too(sqlite_url: str) -> None:
    """Somebody changes what only the guard had read: the command is decided again, guard included."""

    def first_look(context: CheckContext) -> Any:
        context.read.seek(SalesOrder, "SO-other")
        if guard.calls == 1:
            other.do(an_order("SO-other"), actor=SELLER).expect()
        return (
            []
            if context.read.seek(SalesOrder, "SO-other") is None
            else [a_reason("house.seen", Severity.WARN)]
        )

    guard = Guard(first_look)
    crm = company(guard, url=sqlite_url)
    other = company(url=sqlite_url)
    answer = crm.do(an_order("SO-1"), actor=SELLER)
    assert guard.calls == 2
    assert answer.codes == ("house.seen",)


@pytest.mark.parametrize("trouble", [Conflict("taken", retry="transaction"), StoreFailure("gone")])
def test_what_the_store_says_is_no_fault_of_the_guard(
    trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the guard makes of it: a command whose store failed may not be stored under a hold."""

    def swallow(context: CheckContext) -> None:
        try:
            context.read.seek(SalesOrder, "SO-1")
        except type(trouble):
            return

    def fail(*_: object) -> Never:
        raise trouble

    for behave in (swallow, lambda context: context.read.seek(SalesOrder, "SO-1")):
        plugins = company(Guard(behave)).plugins
        reads = FakeReads()
        monkeypatch.setattr(reads, "seek", fail)
        monkeypatch.setattr(FakeReads, "tenant", property(lambda self: self._tenant))
        with pytest.raises(type(trouble)) as raised:
            plugins.check(an_order("SO-1"), Decision(), reads)
        assert raised.value is trouble


@pytest.mark.parametrize("again", [0, 1])
def test_a_guard_that_calls_back_is_refused(again: int) -> None:
    """plugins-033 and 034: it would be asked about its own command, and so on for ever."""
    said: list[str] = []

    def reenter(_: CheckContext) -> None:
        try:
            crm.do(an_order(f"SO-{again}"), actor=SELLER)
        except PluginFailure as failure:
            said.append(failure.code)
            raise

    guard = Guard(reenter)
    crm = company(guard)
    answer = crm.do(an_order("SO-1"), actor=SELLER)
    assert said == ["plugin.reentered"]
    assert guard.calls == 1
    assert answer.codes == ("plugin.fault",)
    assert crm.find(SalesOrder, actor=ADMIN) == []


def test_a_guard_that_calls_back_and_takes_the_refusal_may_go_on() -> None:
    def reenter(_: CheckContext) -> list[Reason]:
        with pytest.raises(PluginFailure):
            crm.do(an_order("SO-2"), actor=SELLER)
        return [a_reason(severity=Severity.WARN)]

    crm = company(Guard(reenter))
    assert crm.do(an_order("SO-1"), actor=SELLER).codes == ("house.rule",)
    assert [order.id for order in crm.find(SalesOrder, actor=ADMIN)] == ["SO-1"]


def test_a_guard_may_ask(sqlite_url: str) -> None:
    """Reading through the door works inside a hook, but is not verified: `context.read` is."""
    crm = company(Guard(lambda _: crm.find(SalesOrder, actor=ADMIN) and []), url=sqlite_url)
    assert crm.do(an_order("SO-1"), actor=SELLER).allowed
