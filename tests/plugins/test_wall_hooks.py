"""Hostile plugins at the other hooks: the door opens, orders go on, and what went wrong is kept."""

import decimal
import itertools
from datetime import UTC, date, datetime
from typing import Any, ClassVar

import pytest
from attrs import frozen

import pharmacrm.core.orders
from pharmacrm.core.kernel.calendar import WorkCalendar
from pharmacrm.core.kernel.change import Event
from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.message import Handler, Question
from pharmacrm.core.kernel.reason import ReasonCode, Severity
from pharmacrm.core.kernel.record import Record
from pharmacrm.core.orders import OrderState, SalesOrder
from pharmacrm.crm import PharmaCRM, SimulatedClock, connect
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.storage.memory import MemoryStore
from pharmacrm.plugins.types import Delivered, FaultContext, Reject, RetryAfter
from pharmacrm.testing.company import ADMIN, an_order, release
from tests.fakes import TENANT
from tests.plugins.hostile import MEMORY, Carrier, Guard, company, raising

SELLER = "zhang.san"


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


class Listener(One):
    @hookimpl
    def pharmacrm_fault(self, context: FaultContext) -> Any:
        return self.behave(context)


def _of(cases: dict[str, Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("behave", [pytest.param(case, id=name) for name, case in cases.items()])


def _changed(value: Any, **fields: Any) -> Any:
    for name, content in fields.items():
        object.__setattr__(value, name, content)
    return value


async def _async() -> None: ...


def _spoil(_: object) -> Delivered:
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

# ---- deliver

NO_RESULT = ANY_HOOK | {
    "plugins-001 None": lambda _: None,
    "the class itself": lambda _: Delivered,
    "plugins-012 no reason": lambda _: object.__new__(Reject),
    "plugins-013 subclass": lambda _: type("More", (RetryAfter,), {"tenant": "t2"})(1),
    "plugins-016 half a second": lambda _: RetryAfter(0.5),  # type: ignore[arg-type]
    "plugins-022 before now": lambda _: RetryAfter(-1),
    "plugins-024 for ever": lambda _: RetryAfter(10**400),
    "plugins-025 truth for a number": lambda _: RetryAfter(True),
    "plugins-021 no text": lambda _: Reject(None),  # type: ignore[arg-type]
}


@_of(NO_RESULT)
def test_a_notice_that_a_plugin_fumbles_waits(behave: Any) -> None:
    carrier = Carrier(behave)
    crm = company(carrier)
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    context = decimal.getcontext()
    done = crm.deliver()
    assert (done.delivered, done.postponed, done.dead, done.waiting) == (0, 1, 0, 1)
    assert decimal.getcontext() is context
    [fault] = crm.plugins.faults
    assert (fault.plugin, fault.hook) == ("carrier", "pharmacrm_deliver")
    assert "hunter2" not in crm.plugins.explain()


def test_a_carrier_cannot_spoil_the_decimal_context() -> None:
    crm = company(Carrier(_spoil))
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    precision = decimal.getcontext().prec
    assert crm.deliver().delivered == 1
    assert decimal.getcontext().prec == precision


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_what_the_host_has_to_see_passes_through_deliver(error: type[BaseException]) -> None:
    crm = company(Carrier(raising(error())))
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    with pytest.raises(error):
        crm.deliver()
    assert crm.deliver().waiting == 1


# ---- calendar

NO_CALENDAR = ANY_HOOK | {
    "a name that is none": lambda _: _changed(WorkCalendar("x"), name=5),
    "a mapping of texts": lambda _: WorkCalendar("x", {"2026-01-01": False}),  # type: ignore[dict-item]
    "a year that is text": lambda _: WorkCalendar("x", published=frozenset({"2026"})),  # type: ignore[arg-type]
    "years in a list": lambda _: WorkCalendar("x", published=[2026]),  # type: ignore[arg-type]
    "plugins-012 nothing in it": lambda _: object.__new__(WorkCalendar),
    "plugins-013 subclass": lambda _: type("More", (WorkCalendar,), {})("x"),
    "plugins-017 instants": lambda _: WorkCalendar("x", {datetime(2026, 1, 1, tzinfo=UTC): False}),
    "never a working day": lambda _: _changed(WorkCalendar("x"), weekend=frozenset(range(1, 8))),
}


@_of(NO_CALENDAR)
def test_a_calendar_that_cannot_be_used_is_passed_over(behave: Any) -> None:
    crm = company(Calendars(behave))
    assert crm.do(an_order("SO-1"), actor=SELLER).allowed
    calendar = crm.plugins.calendar(TENANT)
    assert calendar.name == "weekends"
    assert calendar.is_working(date(2026, 1, 5))
    assert {(fault.plugin, fault.hook) for fault in crm.plugins.faults} == {("one", "pharmacrm_calendar")}


def test_a_calendar_of_a_plugin_comes_before_ours() -> None:
    closed = WorkCalendar("weekends", {date(2026, 1, 5): False})
    crm = company(Calendars(lambda context: closed if context.name == "weekends" else None))
    assert not crm.plugins.calendar(TENANT).is_working(date(2026, 1, 5))
    assert crm.plugins.faults == ()


def test_a_calendar_that_is_changed_later_does_not_change_ours() -> None:
    mine = WorkCalendar("weekends")
    crm = company(Calendars(lambda _: mine))
    taken = crm.plugins.calendar(TENANT)
    object.__setattr__(mine, "weekend", frozenset(range(1, 8)))
    assert taken.is_working(date(2026, 1, 5))
    assert crm.plugins.calendar(TENANT).is_working(date(2026, 1, 5))


def test_a_calendar_that_nobody_knows_is_written_down_once_and_no_year_of_it_is_known() -> None:
    crm = connect(MEMORY, clock=SimulatedClock())
    tenant = crm.install(admin=ADMIN, calendar="mars")
    for _ in range(2):
        assert not crm.plugins.calendar(tenant).knows(date(2026, 1, 5))
    [fault] = crm.plugins.faults
    assert (fault.hook, fault.what) == ("pharmacrm_calendar", "unknown")
    assert "mars" in fault.message


def test_a_calendar_that_calls_back_does_not_call_itself() -> None:
    def reenter(_: object) -> WorkCalendar:
        return crm.plugins.calendar(TENANT)

    crm = company(Calendars(reenter))
    assert crm.plugins.calendar(TENANT).name == "weekends"
    [fault] = crm.plugins.faults
    assert fault.message == "PluginFailure"


# ---- register


@frozen(kw_only=True)
class Shelf(Record):
    label: str = ""


@frozen(kw_only=True)
class ShelfMoved(Event):
    pass


@frozen(kw_only=True)
class Shelves(Question[int]):
    pass


class NotAnEvent:
    pass


SHELF_FULL = ReasonCode(
    "shelf.full", Severity.APPROVE, "shelf {subject} is full", "货架 {subject} 已满", passed_by="admin"
)


def _domain(**more: Any) -> Domain:
    return _changed(Domain(name="shelves"), **more)  # type: ignore[no-any-return]


NO_DOMAIN = (
    ANY_HOOK
    | {
        "plugins-001 None": lambda _: None,
        "plugins-008 too many": lambda _: [_domain()] * 10**6,
        "plugins-010 twice": lambda _: [_domain(), _domain()],
        "plugins-012 nothing in it": lambda _: object.__new__(Domain),
        "plugins-013 subclass": lambda _: type("More", (Domain,), {})(name="shelves"),
        "a name that is none": lambda _: _domain(name=5),
        "plugins-020 lone surrogate": lambda _: _domain(name="\ud800"),
        "records that are none": lambda _: _domain(records=(int,)),
        "records that are instances": lambda _: _domain(records=(Shelf(id="x"),)),
        "records without end": lambda _: _domain(records=itertools.repeat(Shelf)),
        "handlers that are functions": lambda _: _domain(handlers=(lambda command, read: None,)),
        "a handler of nothing": lambda _: _domain(handlers=(Handler(int, print),)),  # type: ignore[arg-type]
        "events that are none": lambda _: _domain(events=(NotAnEvent,)),
        "a code that is text": lambda _: _domain(reasons=("shelf.full",)),
        "a code with a trap": lambda _: _domain(
            reasons=(
                _changed(
                    ReasonCode("a.b", Severity.INFO, "{observed.x}", ""),
                ),
            )
        ),
        "rights for things": lambda _: _domain(rights={"sales": ("Shelf",)}),
        "rights as a list": lambda _: _domain(rights=["sales"]),
        "a record with a line in its name": lambda _: _domain(records=(type("She\nlf", (Shelf,), {}),)),
        "a record with a name of 60": lambda _: _domain(records=(type("S" * 60, (Shelf,), {}),)),
        "plugins-047 a built-in domain": lambda _: _domain(name="orders"),
        "plugins-047 a built-in record": lambda _: _domain(records=(SalesOrder,)),
        "plugins-047 a record of the door": lambda _: _domain(records=(type("Tenant", (Shelf,), {}),)),
        "plugins-047 the journal": lambda _: _domain(records=(type("Journal", (Shelf,), {}),)),
        "plugins-047 a built-in handler": lambda _: _domain(
            handlers=pharmacrm.core.orders.domain.handlers[:1]
        ),
        "plugins-047 a built-in code": lambda _: _domain(
            reasons=(ReasonCode("plugin.fault", Severity.INFO, "fine", "好"),)
        ),
    }
)


@_of(NO_DOMAIN)
def test_a_domain_that_cannot_join_stays_out(behave: Any) -> None:
    crm = company(Registrar(behave))
    assert "shelves" not in crm.registry.domains
    assert crm.do(an_order("SO-1"), actor=SELLER).allowed
    [fault] = crm.plugins.faults
    assert (fault.plugin, fault.hook) == ("one", "pharmacrm_register")
    assert fault.message.isprintable()


def test_a_domain_joins_after_ours(sqlite_url: str) -> None:
    domain = Domain(
        name="shelves",
        records=(Shelf,),
        handlers=(Shelves.handler(lambda question, read: read.count(Shelf)),),
        events=(ShelfMoved,),
        reasons=(SHELF_FULL,),
        rights={"sales": (Shelves,)},
    )
    crm = company(Registrar(lambda _: [domain]), url=sqlite_url)
    assert list(crm.registry.domains)[-1] == "shelves"
    assert crm.ask(Shelves(), actor=SELLER) == 0
    assert crm.plugins.faults == ()


def test_of_two_plugins_with_one_domain_the_first_listed_has_it() -> None:
    plugins = Registrar(lambda _: _domain(), "first"), Registrar(lambda _: _domain(), "second")
    crm = company(*plugins)
    [fault] = crm.plugins.faults
    assert (fault.plugin, fault.message) == ("second", "the domain shelves is registered already")


def test_a_required_plugin_whose_domain_stays_out_is_missing() -> None:
    crm = company(Registrar(lambda _: None), require={"one": (type(an_order()),)})
    answer = crm.do(an_order("SO-1"), actor=SELLER)
    assert answer.outcome is Outcome.HELD
    assert answer.codes == ("plugin.missing",)


# ---- store


@_of(ANY_HOOK | {"plugins-052 half a store": lambda _: type("Half", (), {"session": print})()})
def test_a_store_that_cannot_be_used_is_passed_over(behave: Any) -> None:
    crm = company(Storer(behave))
    assert crm.do(an_order("SO-1"), actor=SELLER).allowed
    [fault] = crm.plugins.faults
    assert (fault.plugin, fault.hook) == ("one", "pharmacrm_store")


def test_what_a_store_says_about_its_url_is_heard() -> None:
    with pytest.raises(MalformedInput) as error:
        connect("shelf://x", plugins=[Storer(raising(MalformedInput("shelf.url", "no such shelf")))])
    assert error.value.code == "shelf.url"


def test_a_url_that_nobody_knows() -> None:
    with pytest.raises(MalformedInput) as error:
        connect("shelf://x")
    assert error.value.code == "store.url"


def test_a_store_of_a_plugin_comes_before_ours() -> None:
    mine = MemoryStore()
    crm = company(Storer(lambda context: mine if context.url == "shelf://x" else None), url="shelf://x")
    assert crm._store is mine


# ---- fault


def _faulty(listener: object) -> PharmaCRM:
    crm = company(Guard(raising(ValueError())), listener)
    answer = crm.do(an_order("SO-1"), actor=SELLER)
    assert answer.codes == ("plugin.fault",)
    return crm


@_of(ANY_HOOK)
def test_a_listener_that_fails_is_a_fault_too_and_no_more(behave: Any) -> None:
    crm = _faulty(Listener(behave))
    assert [fault.plugin for fault in crm.plugins.faults] == ["guard", "one"]


def test_a_listener_hears_of_others_faults() -> None:
    heard: list[FaultContext] = []
    crm = _faulty(Listener(heard.append))
    assert [each.fault for each in heard] == list(crm.plugins.faults)


def test_a_listener_that_causes_faults_does_not_hear_of_them_for_ever() -> None:
    doors: list[PharmaCRM] = []
    listener = Listener(lambda _: doors[0].do(an_order("SO-2"), actor=SELLER).case)
    crm = company(Guard(raising(ValueError())), listener)
    doors.append(crm)
    crm.do(an_order("SO-1"), actor=SELLER)
    assert [fault.plugin for fault in crm.plugins.faults] == ["guard", "one"]
    assert crm.find(SalesOrder, actor=ADMIN) == []


def test_only_the_newest_faults_are_remembered() -> None:
    crm = company(Calendars(raising(ValueError())))
    for _ in range(1001):
        crm.plugins.calendar(TENANT)
    assert len(crm.plugins.faults) == 1000


def test_the_whole_flow_goes_on_with_nothing_but_broken_plugins_beside_it() -> None:
    broken = [
        Carrier(raising(ValueError()), topics=("*",)),
        Calendars(raising(ValueError()), "calendar"),
        Registrar(raising(ValueError()), "registrar"),
        Listener(raising(ValueError()), "listener"),
    ]
    crm = company(*broken)
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    release(crm, "SO-1")
    assert crm.deliver().delivered == 0
    assert crm.get(SalesOrder, "SO-1", actor=ADMIN).state is OrderState.RELEASED
