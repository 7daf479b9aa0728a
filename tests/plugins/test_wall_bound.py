"""Hostile guards inside the host's own transaction: it stays the host's, and as usable as before."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Connection, create_engine, text

from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.kernel.held import HeldCommand
from pharmacrm.core.orders import SalesOrder
from pharmacrm.crm import PharmaCRM
from pharmacrm.plugins.types import CheckContext
from pharmacrm.testing.company import ADMIN, an_order
from tests.plugins.hostile import Guard, company, raising, stored

SELLER = "zhang.san"


@pytest.fixture(name="guard")
def _guard() -> Guard:
    return Guard(raising(ValueError()))


@pytest.fixture(name="crm")
def _crm(any_url: str, guard: Guard) -> Iterator[PharmaCRM]:
    crm = company(guard, url=any_url)
    yield crm
    crm.close()


@pytest.fixture(name="host")
def _host(any_url: str, crm: PharmaCRM) -> Iterator[Connection]:
    """A connection of the host with a table of its own, within a transaction."""
    engine = create_engine(any_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE host_rows (id INTEGER)"))
    with engine.connect() as connection:
        connection.execute(text("INSERT INTO host_rows VALUES (1)"))
        yield connection
    engine.dispose()


def _rows(host: Connection) -> int:
    return int(host.execute(text("SELECT count(*) FROM host_rows")).scalar_one())


def test_a_held_command_is_the_hosts_to_commit(crm: PharmaCRM, host: Connection) -> None:
    answer = crm.bind(host, actor=SELLER).do(an_order("SO-1"), key="k")
    assert answer.outcome is Outcome.HELD
    assert _rows(host) == 1
    host.commit()
    assert stored(crm, HeldCommand, answer.case).subject == "SO-1"
    assert crm.find(SalesOrder, actor=ADMIN) == []


def test_a_held_command_is_the_hosts_to_roll_back(crm: PharmaCRM, host: Connection, guard: Guard) -> None:
    assert crm.bind(host, actor=SELLER).do(an_order("SO-1"), key="k").case
    host.rollback()
    guard.behave = lambda _: None
    answer = crm.do(an_order("SO-1"), actor=SELLER, key="k")
    assert (answer.allowed, answer.replayed) == (True, False)


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_an_interrupt_leaves_the_transaction_usable(
    crm: PharmaCRM, host: Connection, guard: Guard, error: type[BaseException]
) -> None:
    guard.behave = raising(error())
    bound = crm.bind(host, actor=SELLER)
    with pytest.raises(error):
        bound.do(an_order("SO-1"))
    guard.behave = lambda _: None
    assert bound.do(an_order("SO-2")).allowed
    assert _rows(host) == 1
    host.commit()
    assert [order.id for order in crm.find(SalesOrder, actor=ADMIN)] == ["SO-2"]


def test_a_guard_that_calls_back_neither_waits_nor_writes(
    crm: PharmaCRM, host: Connection, guard: Guard
) -> None:
    """plugins-033: on the host's own rows, on the same order, and by a way round the host's transaction."""
    bound = crm.bind(host, actor=SELLER)

    def reenter(_: object) -> None:
        crm.do(an_order("SO-1"), actor=SELLER)

    guard.behave = reenter
    assert bound.do(an_order("SO-1")).codes == ("plugin.fault",)
    guard.behave = lambda _: bound.do(an_order("SO-1")).codes
    assert bound.do(an_order("SO-1")).codes == ("plugin.fault",)
    assert guard.calls == 2
    host.rollback()


def _reachable(thing: object, seen: dict[int, object], depth: int = 0) -> None:
    """Everything that a plugin gets at by attributes and items, without digging in closures."""
    if id(thing) in seen or depth > 6 or isinstance(thing, (type, ModuleType)):
        return
    seen[id(thing)] = thing
    names = [name for name in dir(thing) if not name.startswith("_")]
    for name in names:
        with suppress(Exception):
            _reachable(getattr(thing, name), seen, depth + 1)
    if isinstance(thing, (list, tuple, dict, frozenset)):
        for each in thing:
            _reachable(each, seen, depth + 1)


def test_a_plugin_has_no_way_to_the_hosts_transaction(crm: PharmaCRM, host: Connection, guard: Guard) -> None:
    """plugins-035, 036, 038: no session, connection, cursor or store hangs on a context."""
    kinds: set[str] = set()

    def look(context: CheckContext) -> None:
        seen: dict[int, object] = {}
        _reachable(context, seen)
        kinds.update(type(each).__module__.partition(".")[0] for each in seen.values())
        kinds.update(type(each).__name__ for each in seen.values() if "storage" in type(each).__module__)

    guard.behave = look
    assert crm.bind(host, actor=SELLER).do(an_order("SO-1")).allowed
    assert "pharmacrm" in kinds
    assert kinds & {"sqlalchemy", "sqlite3", "psycopg", "pymysql"} == set()
    assert not [name for name in kinds if "Session" in name or "Store" in name]
    assert _rows(host) == 1
    host.rollback()


def test_what_a_plugin_writes_by_itself_is_its_own(
    crm: PharmaCRM, host: Connection, guard: Guard, tmp_path: Path
) -> None:
    """plugins-037: half a transaction in a database of its own, and then it fails."""
    engine = create_engine(f"sqlite:///{tmp_path / 'own.db'}")
    left: list[Connection] = []

    def writes_half(_: object) -> None:
        left.append(engine.connect())
        left[0].execute(text("CREATE TABLE own (id INTEGER)"))
        left[0].execute(text("INSERT INTO own VALUES (1)"))
        raise ValueError

    guard.behave = writes_half
    assert crm.bind(host, actor=SELLER).do(an_order("SO-1")).codes == ("plugin.fault",)
    assert _rows(host) == 1
    host.commit()
    left[0].close()
    engine.dispose()
