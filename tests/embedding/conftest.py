"""A host with tables of its own, in the same database, and everything it can watch of its transaction."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    select,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from pharmacrm.core.credit import SetCreditLimit
from pharmacrm.crm import PharmaCRM
from tests.flows import house
from tests.flows.companies import closed, company_on, founded

__all__ = ["closed", "company_on", "founded", "host", "way"]


class Base(DeclarativeBase):
    pass


class Invoice(Base):
    """The host's ORM table."""

    __tablename__ = "host_invoice"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(50))


vouchers = Table(
    "host_voucher", MetaData(), Column("id", Integer, primary_key=True), Column("text", String(50))
)


class Host:
    """The ERP: its engine, its rows, and what was done to its connections."""

    def __init__(self, crm: PharmaCRM) -> None:
        self.engine: Engine = create_engine(crm._store.url)  # type: ignore[attr-defined]  # the store of this test is a SqlStore
        self.crm = crm
        Base.metadata.drop_all(self.engine)
        vouchers.metadata.drop_all(self.engine)
        Base.metadata.create_all(self.engine)
        vouchers.metadata.create_all(self.engine)
        self.seen: Counter[str] = Counter()
        for name in ("commit", "rollback"):
            event.listen(self.engine, name, self._counter(name))
        event.listen(self.engine, "before_cursor_execute", self._statement)
        event.listen(self.engine.pool, "checkin", self._counter("checkin"))

    def _counter(self, name: str) -> Callable[..., None]:
        def count(*_: Any) -> None:
            self.seen[name] += 1

        return count

    def _statement(self, *arguments: Any) -> None:
        self.seen["statement"] += 1
        word = str(arguments[2]).split(maxsplit=1)[0].upper()
        if word in {"COMMIT", "ROLLBACK"}:
            self.seen[word] += 1

    @contextmanager
    def opened(self, way: str) -> Iterator[Any]:
        """A transaction of the host: a connection's or a session's; it is for the test to end it."""
        if way == "connection":
            with self.engine.connect() as connection:
                connection.begin()
                yield connection
        else:
            with Session(self.engine) as session:
                yield session

    def write(self, transaction: Any, id: int) -> None:
        """A row of the host's, by Core or by ORM; the ORM's is still pending afterwards."""
        if isinstance(transaction, Connection):
            transaction.execute(vouchers.insert().values(id=id, text="host"))
        else:
            transaction.add(Invoice(id=id, text="host"))

    def rows(self) -> list[int]:
        with self.engine.connect() as connection:
            mine = connection.execute(select(vouchers.c.id)).scalars().all()
            theirs = connection.execute(select(Invoice.__table__.c.id)).scalars().all()
        return sorted([*mine, *theirs])


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def host(request: pytest.FixtureRequest, company_on: Callable[..., PharmaCRM]) -> Iterator[Host]:
    crm = company_on(request.param)
    limit = SetCreditLimit(customer=house.BUYER, limit=house.yuan(1000), reason="年度授信")
    crm.do(limit, actor=house.FINANCE).expect()
    host = Host(crm)
    yield host
    host.engine.dispose()


@pytest.fixture(params=["connection", "session"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)
