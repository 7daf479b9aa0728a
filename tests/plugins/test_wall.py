"""Hostile guards (bad_inputs.json, plugins): the order is held, the host is whole, the fault is kept."""

import decimal
import itertools
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Never

import pytest

from pharmacrm.core.approvals import Hold
from pharmacrm.core.kernel.decision import Decision, Outcome
from pharmacrm.core.kernel.held import HeldCommand
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.orders import SalesOrder
from pharmacrm.crm import PharmaCRM
from pharmacrm.plugins.types import CheckContext
from pharmacrm.testing.company import ADMIN, an_order
from tests.plugins.hostile import Guard, a_reason, company, raising, stored

SECRET = "password=hunter2"
SELLER = "zhang.san"


class _SpeechlessError(Exception):
    def __str__(self) -> str:
        raise ValueError(SECRET)

    __repr__ = __str__


class _Nameless(type):
    @property
    def __name__(cls) -> Never:  # type: ignore[override]  # wrong on purpose: what becomes of it is tested
        raise ValueError(SECRET)


class _NamelessError(Exception, metaclass=_Nameless):
    pass


class _EvilReason(Reason):
    def __eq__(self, other: object) -> bool:
        raise ValueError(SECRET)

    def __hash__(self) -> int:
        raise ValueError(SECRET)


class _EvilList(list[Any]):
    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Any:
        raise ValueError(SECRET)


async def _async() -> list[Reason]:
    return []


def _empty_reason() -> Reason:
    return object.__new__(Reason)


def _reason_with(**fields: Any) -> Callable[[CheckContext], Any]:
    """Answer a reason that was changed behind the back of its class."""

    def behave(_: CheckContext) -> list[Reason]:
        reason = a_reason()
        for name, value in fields.items():
            object.__setattr__(reason, name, value)
        return [reason]

    return behave


def _forever(context: CheckContext) -> Any:
    return _forever(context)


MISTYPED: dict[str, Callable[[CheckContext], Any]] = {
    "plugins-002 NotImplemented": lambda _: NotImplemented,
    "plugins-003 coroutine": lambda _: _async(),
    "plugins-004 generator": lambda _: (a_reason() for _ in range(2)),
    "plugins-005 number": lambda _: 42,
    "plugins-005 text": lambda _: "fine",
    "plugins-005 false": lambda _: False,
    "plugins-005 set": lambda _: {a_reason()},
    "plugins-005 mapping": lambda _: {"code": "house.rule"},
    "plugins-005 texts": lambda _: ["house.rule"],
    "plugins-005 nothing in a list": lambda _: [None],
    "plugins-008 10^7 items": lambda _: [None] * 10**7,
    "plugins-009 endless": lambda _: itertools.count(),
    "plugins-012 missing fields": lambda _: [_empty_reason()],
    "plugins-013 extra fields": lambda _: [
        type("More", (Reason,), {"tenant": "t2"})(code="a.b", severity=Severity.INFO)
    ],
    "plugins-015 evil item": lambda _: [_EvilReason(code="a.b", severity=Severity.INFO)],
    "plugins-015 evil list": lambda _: _EvilList([a_reason()]),
    "plugins-016 float": _reason_with(observed=1.5),
    "plugins-020 lone surrogate": _reason_with(message="\ud800"),
    "plugins-020 NUL": _reason_with(observed="a\0b"),
    "plugins-021 10 MB": _reason_with(message="x" * 10**7),
    "plugins-021 10 MB code": _reason_with(code="x." + "x" * 10**7),
    "plugins-024 NaN": _reason_with(expected=Decimal("NaN")),
    "plugins-025 text for a choice": _reason_with(severity="info"),
    "plugins-025 approved": lambda _: "true",
    "code with capitals": _reason_with(code="House.Rule"),
    "code that is no text": _reason_with(code=None),
}
RAISING: dict[str, Callable[[CheckContext], Any]] = {
    "plugins-026 Exception": raising(Exception(SECRET)),
    "plugins-027 SystemExit": raising(SystemExit(SECRET)),
    "plugins-027 GeneratorExit": raising(GeneratorExit(SECRET)),
    "plugins-028 silent": raising(_SpeechlessError()),
    "plugins-028 nameless": raising(_NamelessError()),
    "plugins-029 secret": raising(RuntimeError(SECRET)),
    "plugins-030 sys.exit": lambda _: sys.exit(3),
    "StopIteration": raising(StopIteration()),
    "endless recursion": _forever,
}


def _table(cases: dict[str, Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("behave", [pytest.param(case, id=name) for name, case in cases.items()])


@pytest.fixture(scope="module", name="guard")
def _guard() -> Guard:
    return Guard()


@pytest.fixture(scope="module", name="crm")
def _crm(guard: Guard) -> PharmaCRM:
    return company(guard)


_numbers = itertools.count()


def _placed(crm: PharmaCRM) -> tuple[str, Decision[SalesOrder]]:
    id = f"SO-{next(_numbers)}"
    return id, crm.do(an_order(id), actor=SELLER, key=f"key-{id}")


def _held(crm: PharmaCRM, id: str, answer: Decision[SalesOrder]) -> None:
    """Nothing of the order is stored but the command itself, under one hold for an administrator."""
    assert answer.outcome is Outcome.HELD
    assert answer.value is None
    assert "plugin.fault" in answer.codes
    waiting = stored(crm, HeldCommand, answer.case)
    assert (waiting.command, waiting.subject, waiting.actor) == ("PlaceOrder", id, SELLER)
    [hold] = [each for each in crm.find(Hold, actor=ADMIN) if each.subject == answer.case]
    assert (hold.code, hold.may_pass, hold.placed_by) == ("plugin.fault", "admin", SELLER)
    assert not [order for order in crm.find(SalesOrder, actor=ADMIN) if order.id == id]


@_table(MISTYPED | RAISING)
def test_a_guard_that_fails_holds_the_order(crm: PharmaCRM, guard: Guard, behave: Any) -> None:
    guard.behave = behave
    context = decimal.getcontext()
    precision, seen = context.prec, len(crm.plugins.faults)

    id, answer = _placed(crm)

    _held(crm, id, answer)
    assert decimal.getcontext() is context
    assert context.prec == precision
    [fault] = crm.plugins.faults[seen:]
    assert (fault.plugin, fault.hook) == ("guard", "pharmacrm_check")
    assert fault.what == ("raised" if behave in RAISING.values() else "type")
    assert f"guard pharmacrm_check {fault.what}: {fault.message}" in crm.plugins.explain("check")
    assert SECRET not in crm.plugins.explain()
    assert SECRET not in answer.explain()


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_what_the_host_has_to_see_passes_through(
    crm: PharmaCRM, guard: Guard, error: type[BaseException]
) -> None:
    guard.behave = raising(error())
    order, key = an_order(f"SO-{error.__name__}"), error.__name__
    with pytest.raises(error):
        crm.do(order, actor=SELLER, key=key)
    guard.behave = lambda _: None
    answer = crm.do(order, actor=SELLER, key=key)
    assert answer.allowed
    assert not answer.replayed


def test_a_guard_that_finds_nothing_lets_the_order_through(crm: PharmaCRM, guard: Guard) -> None:
    guard.behave = lambda _: None
    assert _placed(crm)[1].allowed
    guard.behave = lambda _: ()
    assert _placed(crm)[1].allowed


def test_reasons_count_once_and_in_order(crm: PharmaCRM, guard: Guard) -> None:
    """plugins-010 and 011: what is said twice is one reason, and the order is the manual's."""
    second, first = a_reason("stock.short"), a_reason("house.rule")
    guard.behave = lambda _: [second, first, second]
    answer = _placed(crm)[1]
    assert answer.outcome is Outcome.REFUSED
    assert answer.codes == ("house.rule", "stock.short")


@pytest.mark.parametrize(
    ("severity", "outcome"),
    [(Severity.WARN, Outcome.ALLOWED), (Severity.INFO, Outcome.ALLOWED), (Severity.BLOCK, Outcome.REFUSED)],
)
def test_a_guard_decides_by_severity(
    crm: PharmaCRM, guard: Guard, severity: Severity, outcome: Outcome
) -> None:
    guard.behave = lambda _: [a_reason(severity=severity)]
    answer = _placed(crm)[1]
    assert answer.outcome is outcome
    assert answer.codes == ("house.rule",)


def test_an_approval_that_nobody_is_named_for_waits_for_an_administrator(
    crm: PharmaCRM, guard: Guard
) -> None:
    guard.behave = lambda _: [a_reason("house.ask", Severity.APPROVE)]
    answer = _placed(crm)[1]
    assert answer.outcome is Outcome.HELD
    [hold] = [each for each in crm.find(Hold, actor=ADMIN) if each.subject == answer.case]
    assert (hold.code, hold.may_pass) == ("house.ask", "admin")


def test_what_an_answer_becomes_later_is_of_no_account(crm: PharmaCRM, guard: Guard) -> None:
    """plugins-014: a list, and even a reason, that is changed after it was given."""
    kept = [a_reason(severity=Severity.WARN)]
    guard.behave = lambda _: kept
    answer = _placed(crm)[1]
    object.__setattr__(kept[0], "severity", Severity.BLOCK)
    kept.append(a_reason("house.more"))
    assert answer.allowed
    assert answer.codes == ("house.rule",)


def test_the_decimal_context_is_the_hosts(crm: PharmaCRM, guard: Guard) -> None:
    """plugins-039: 12,345.67 is not to become 1.23E+4."""

    def spoil(_: CheckContext) -> None:
        decimal.getcontext().prec = 3
        decimal.setcontext(decimal.Context(prec=2))

    guard.behave = spoil
    context = decimal.getcontext()
    assert _placed(crm)[1].allowed
    assert decimal.getcontext() is context
    assert Decimal("12345.67") + 0 == Decimal("12345.67")


def test_printing_does_no_harm(crm: PharmaCRM, guard: Guard, capsys: pytest.CaptureFixture[str]) -> None:
    """plugins-045."""
    guard.behave = lambda _: print("hello")  # noqa: T201
    assert _placed(crm)[1].allowed
    assert capsys.readouterr().out == "hello\n"
