"""Inside the host's transaction (T20): its rollback takes everything, its commit keeps it, we do neither."""

from typing import Any

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.orm import Session

from pharmacrm.core.approvals import ApprovalRequest
from pharmacrm.core.flows.approvals import Inbox, WhoCanAct
from pharmacrm.core.flows.refusals import WhyRefused
from pharmacrm.core.flows.release import ApproveOrder
from pharmacrm.core.flows.shipping import IssueSlip
from pharmacrm.core.kernel.errors import Conflict, MalformedInput, NotFound, NotPermitted, StoreFailure
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.orders import OrderLine, SalesOrder, SlipItem
from pharmacrm.core.people import RegisterUnit
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import Delivered
from tests.covers import covers
from tests.embedding.conftest import Host, Invoice
from tests.flows.house import (
    ADMIN,
    ASSISTANT,
    BUYER,
    SALES,
    WAREHOUSE,
    blocked,
    credit,
    dump,
    entities,
    journal,
    open_house,
    placed,
    released,
    worth,
    yuan,
)

pytestmark = covers("SC-38")


class Listener:
    """Hears of everything."""

    name = "listener"

    @hookimpl
    def pharmacrm_deliver(self, context: Any) -> Any:
        return Delivered()


def a_bit_of_everything(host: Host, transaction: Any) -> None:
    """An order, the same again under its key, a refusal, a denial, and rows of the host's own."""
    host.write(transaction, 1)
    bound = host.crm.bind(transaction, actor=SALES)
    assert bound.do(worth("SO-1", 100), key="web-1").allowed
    assert bound.do(worth("SO-1", 100), key="web-1").replayed
    assert blocked(bound.do(worth("SO-2", 100, consignee="")))
    with pytest.raises(NotPermitted):
        bound.do(RegisterUnit(id="u", name="部门"))
    host.write(transaction, 2)


def test_the_hosts_rollback_removes_everything_of_ours(host: Host, way: str) -> None:
    before = dump(host.crm)
    with host.opened(way) as transaction:
        a_bit_of_everything(host, transaction)
        transaction.rollback()
    assert dump(host.crm) == before
    assert host.rows() == []
    assert host.crm.do(worth("SO-1", 100), actor=SALES, key="web-1").replayed is False


def test_the_hosts_commit_keeps_everything(host: Host, way: str) -> None:
    with host.opened(way) as transaction:
        a_bit_of_everything(host, transaction)
        transaction.commit()
    assert host.rows() == [1, 2]
    assert [order.id for order in entities(host.crm, SalesOrder)] == ["SO-1"]
    assert credit(host.crm).reserved == yuan(100)
    assert [entry.verb.value for entry in journal(host.crm)][-2:] == ["refused", "denied"]
    assert host.crm.do(worth("SO-1", 100), actor=SALES, key="web-1").replayed


def test_a_transaction_given_up_removes_everything(host: Host, way: str) -> None:
    before = dump(host.crm)
    with pytest.raises(ZeroDivisionError), host.opened(way) as transaction:  # noqa: PT012 - the block is what is tested
        a_bit_of_everything(host, transaction)
        raise ZeroDivisionError
    assert dump(host.crm) == before
    assert host.rows() == []


def test_we_never_commit_roll_back_or_close(host: Host, way: str) -> None:
    with host.opened(way) as transaction:
        transaction.execute(text("SELECT 1"))
        host.seen.clear()
        a_bit_of_everything(host, transaction)
        bound = host.crm.bind(transaction, actor=ADMIN)
        bound.find(SalesOrder)
        with pytest.raises(NotFound):
            bound.get(SalesOrder, "SO-9")
        host.crm.bind(transaction, actor=ASSISTANT).ask(Inbox())
        assert host.seen["statement"] > 20
        for name in ("commit", "rollback", "checkin", "COMMIT", "ROLLBACK"):
            assert not host.seen[name], name
        assert transaction.in_transaction()
        transaction.rollback()
    assert host.seen["rollback"] == 1


def test_a_savepoint_of_the_host_around_us(host: Host, way: str) -> None:
    with host.opened(way) as transaction:
        host.write(transaction, 1)
        bound = host.crm.bind(transaction, actor=SALES)
        bound.do(worth("SO-1", 100)).expect()
        savepoint = transaction.begin_nested()
        bound.do(worth("SO-2", 100), key="k").expect()
        savepoint.rollback()
        with pytest.raises(NotFound):
            bound.get(SalesOrder, "SO-2")
        with transaction.begin_nested():
            bound.do(worth("SO-3", 100)).expect()
        transaction.commit()
    assert [order.id for order in entities(host.crm, SalesOrder)] == ["SO-1", "SO-3"]
    assert credit(host.crm).reserved == yuan(200)


def test_reads_see_what_the_transaction_holds_and_others_do_not(host: Host, way: str) -> None:
    with host.opened(way) as transaction:
        bound = host.crm.bind(transaction, actor=SALES)
        bound.do(worth("SO-1", 100)).expect()
        assert bound.get(SalesOrder, "SO-1").total == yuan(100)
        assert [line.id for line in bound.find(OrderLine, eq("order", "SO-1"))] == ["SO-1/1"]
        assert bound.ask(WhoCanAct(subject="SO-1")).stage == "qualification"
        assert [item.subject for item in host.crm.bind(transaction, actor=ASSISTANT).ask(Inbox())] == ["SO-1"]
        blocked(bound.do(worth("SO-2", 100, consignee="")))
        assert [each.subject for each in bound.ask(WhyRefused(subject="SO-2"))] == ["SO-2"]
        assert host.crm.find(SalesOrder, actor=SALES) == []
        transaction.commit()
    assert len(host.crm.find(SalesOrder, actor=SALES)) == 1


def test_several_commands_of_several_people_in_one_transaction(host: Host, way: str) -> None:
    """The whole way of an order, and its goods, are one transaction of the host's."""
    with host.opened(way) as transaction:
        host.crm.bind(transaction, actor=SALES).do(worth("SO-1", 100)).expect()
        for signer in (ASSISTANT, "wang.wu", "zhao.liu", "qian.qi"):
            host.crm.bind(transaction, actor=signer).do(ApproveOrder(order="SO-1")).expect()
        slip = IssueSlip(order="SO-1", id="OUT-1", items=(SlipItem(1, "L1", 80),))
        host.crm.bind(transaction, actor=WAREHOUSE).do(slip).expect()
        transaction.commit()
    assert credit(host.crm).posted == yuan(100)
    assert entities(host.crm, SalesOrder)[0].state.value == "shipped"


def test_pending_objects_of_a_session_are_flushed_first(host: Host) -> None:
    with Session(host.engine) as session:
        session.add(Invoice(id=1, text="pending"))
        assert session.new
        host.crm.bind(session, actor=SALES)
        assert not session.new
        session.add(Invoice(id=2, text="later"))
        host.crm.bind(session, actor=SALES).do(worth("SO-1", 100)).expect()
        assert not session.new
        session.commit()
    assert host.rows() == [1, 2]


def test_a_session_that_goes_on_after_its_commit(host: Host) -> None:
    with Session(host.engine) as session:
        bound = host.crm.bind(session, actor=SALES)
        for number in (1, 2):
            session.add(Invoice(id=number, text="pending"))
            bound.do(worth(f"SO-{number}", 100)).expect()
            session.commit()
        bound.do(worth("SO-3", 100)).expect()
        session.rollback()
    assert host.rows() == [1, 2]
    assert [order.id for order in entities(host.crm, SalesOrder)] == ["SO-1", "SO-2"]


def test_a_refused_limit_inside_a_transaction_leaves_the_transaction_alive(host: Host, way: str) -> None:
    with host.opened(way) as transaction:
        bound = host.crm.bind(transaction, actor=SALES)
        bound.do(worth("SO-1", 1000)).expect()
        assert bound.do(worth("SO-2", 5)).codes == ("credit.over_limit",)
        host.write(transaction, 1)
        transaction.commit()
    assert host.rows() == [1]
    assert len(entities(host.crm, ApprovalRequest)) == 2


def test_a_connection_in_autocommit_is_refused(host: Host) -> None:
    with host.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        with pytest.raises(StoreFailure) as caught:
            host.crm.bind(connection, actor=SALES)
        assert caught.value.code == "bind.autocommit"
        with Session(connection) as session, pytest.raises(StoreFailure):
            host.crm.bind(session, actor=SALES)


def test_an_engine_in_autocommit_is_refused(any_url: str) -> None:
    crm = open_house(any_url)
    engine = create_engine(any_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection, pytest.raises(StoreFailure) as caught:
        crm.bind(connection, actor=SALES)
    assert caught.value.code == "bind.autocommit"
    engine.dispose()


def test_a_host_that_begins_by_itself_on_sqlite_is_no_autocommit(sqlite_url: str) -> None:
    """The recipe of SQLAlchemy's manual for savepoints on pysqlite."""
    crm = open_house(sqlite_url)
    before = dump(crm)
    engine = create_engine(sqlite_url)

    @event.listens_for(engine, "connect")
    def _no_begin_of_the_driver(raw: Any, _: Any) -> None:
        raw.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")

    for end in ("rollback", "commit"):
        assert dump(crm) == before
        with engine.connect() as connection:
            crm.bind(connection, actor=SALES).do(worth("SO-1", 100)).expect()
            getattr(connection, end)()
    engine.dispose()
    assert len(entities(crm, SalesOrder)) == 1


@pytest.mark.parametrize("thing", ["sqlite:///x", None, 5, object()])
def test_what_is_no_transaction_is_malformed(thing: Any, sqlite_url: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        open_house(sqlite_url).bind(thing, actor=SALES)
    assert caught.value.code == "bind.type"


def test_a_connection_to_another_kind_of_database_is_refused(sqlite_url: str, postgresql_url: str) -> None:
    crm = open_house(sqlite_url)
    other = create_engine(postgresql_url)
    with other.connect() as connection, pytest.raises(StoreFailure) as caught:
        crm.bind(connection, actor=SALES)
    assert caught.value.code == "bind.dialect"
    other.dispose()


def test_a_store_in_memory_cannot_be_bound() -> None:
    with pytest.raises(StoreFailure) as caught:
        open_house().bind(None, actor=SALES)
    assert caught.value.code == "bind.unsupported"


def test_sqlite_without_an_open_transaction_gets_one(sqlite_url: str) -> None:
    """pysqlite begins late: without our BEGIN our rows would survive the host's ROLLBACK."""
    crm = open_house(sqlite_url)
    before = dump(crm)
    engine = create_engine(sqlite_url)
    with engine.connect() as connection:
        connection.begin()
        raw: Any = connection.connection.dbapi_connection
        assert not raw.in_transaction
        crm.bind(connection, actor=SALES).do(worth("SO-1", 100)).expect()
        assert raw.in_transaction
        connection.rollback()
    engine.dispose()
    assert dump(crm) == before


def test_sqlite_reading_alone_takes_part_in_the_transaction(sqlite_url: str) -> None:
    crm = open_house(sqlite_url)
    engine = create_engine(sqlite_url)
    with engine.connect() as connection:
        bound = crm.bind(connection, actor=SALES)
        assert bound.find(SalesOrder) == []
        bound.do(worth("SO-1", 100)).expect()
        connection.rollback()
    engine.dispose()
    assert entities(crm, SalesOrder) == []


def test_a_conflict_with_others_is_decided_again_or_handed_to_the_host(host: Host) -> None:
    """An older snapshot cannot see what others did: the host has to begin again, and its rows are its own."""
    if host.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer: nobody else can be faster inside its transaction")
    with host.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        connection.begin()
        bound = host.crm.bind(connection, actor=SALES)
        bound.find(SalesOrder)
        placed(host.crm, "SO-2", 600)
        with pytest.raises(Conflict) as caught:
            bound.do(worth("SO-1", 600))
        assert caught.value.retry == "transaction"
        connection.rollback()
    assert [order.id for order in entities(host.crm, SalesOrder)] == ["SO-2"]
    assert credit(host.crm).reserved == yuan(600)


def test_read_committed_decides_again_on_what_others_committed(host: Host) -> None:
    if host.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer")
    with host.engine.connect().execution_options(isolation_level="READ COMMITTED") as connection:
        connection.begin()
        bound = host.crm.bind(connection, actor=SALES)
        assert bound.find(SalesOrder) == []
        placed(host.crm, "SO-2", 600)
        assert bound.do(worth("SO-1", 600)).codes == ("credit.over_limit",)
        connection.commit()
    assert credit(host.crm).reserved == yuan(600)


def test_notices_are_part_of_the_transaction(any_url: str) -> None:
    crm = open_house(any_url, plugins=[Listener()])
    crm.deliver(limit=1000)
    engine = create_engine(any_url)
    for end in ("rollback", "commit"):
        with engine.connect() as connection:
            connection.begin()
            crm.bind(connection, actor=SALES).do(worth("SO-1", 100)).expect()
            getattr(connection, end)()
        assert crm.deliver().delivered == (0 if end == "rollback" else 3)
    engine.dispose()


def test_the_hosts_own_listeners_see_every_statement(host: Host) -> None:
    texts: list[str] = []
    event.listen(host.engine, "before_cursor_execute", lambda *arguments: texts.append(str(arguments[2])))
    with host.engine.connect() as connection:
        connection.begin()
        host.crm.bind(connection, actor=SALES).do(worth("SO-1", 100)).expect()
        connection.rollback()
    assert any("pharmacrm_sales_order" in one and one.startswith("INSERT") for one in texts)
    assert any("pharmacrm_journal" in one and one.startswith("INSERT") for one in texts)


def test_slips_inside_a_transaction_ship_once(host: Host, way: str) -> None:
    released(host.crm, "SO-1", 100)
    for _ in range(2):
        with host.opened(way) as transaction:
            slip = IssueSlip(order="SO-1", items=(SlipItem(1, "L1", 80),))
            host.crm.bind(transaction, actor=WAREHOUSE).do(slip, key="scan-1").expect()
            transaction.commit()
    assert credit(host.crm).posted == yuan(100)


def test_two_tenants_inside_one_transaction(host: Host) -> None:
    from pharmacrm.testing.company import found_company

    other = host.crm.for_tenant("t2")
    found_company(other, buyers=(BUYER,))
    with host.engine.connect() as connection:
        connection.begin()
        for crm in (host.crm, other):
            crm.bind(connection, actor=SALES).do(worth("SO-1", 100), key="k").expect()
        connection.commit()
    assert len(entities(host.crm, SalesOrder)) == len(entities(other, SalesOrder)) == 1
