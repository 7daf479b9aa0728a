"""Ageing of a past day where the rows are: the same amounts as the pure rule, on every store."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.flows.collection import AllocateReceipt
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.store import Batch, Store
from pharmacrm.core.plan import checked_summary, summed
from pharmacrm.core.receivables import AgeingBasis, AgeingReport, Allocation, Instalment
from pharmacrm.core.receivables import domain as receivables
from pharmacrm.core.receivables.ageing import AgeingScheme, ageing, open_on
from pharmacrm.core.receivables.model import SETTLED_BY, Receivable, ReceivableKind, Settlement
from pharmacrm.core.receivables.pushdown import aged, lowered
from pharmacrm.core.values.terms import PartKind
from pharmacrm.plugins.storage.memory import MemoryStore
from pharmacrm.plugins.storage.sql import SqlStore
from tests.collections.test_analysis import shipped
from tests.covers import covers
from tests.flows.house import FINANCE, open_house, pass_days, receipt, today
from tests.profiles import database_examples
from tests.receivables.histories import CURRENCIES, DAY, TERMS, days, histories

AT = datetime(2026, 11, 21, 2, tzinfo=UTC)

edge_sets = st.sets(st.integers(2, 300), min_size=1, max_size=5).map(lambda edges: tuple(sorted(edges)))
schemes = st.builds(
    AgeingScheme, edges=edge_sets, lower_inclusive=st.booleans(), basis=st.sampled_from(AgeingBasis)
)


STORES = ("memory", "sqlite", "postgresql", "mariadb")


@contextmanager
def opened(name: str, request: pytest.FixtureRequest) -> Iterator[Store]:
    fixture = {"sqlite": "sqlite_url", "postgresql": "postgresql_url", "mariadb": "mariadb_url"}.get(name)
    store: Store = MemoryStore() if fixture is None else SqlStore(request.getfixturevalue(fixture))
    store.install(receivables.records)
    yield store
    store.close()


@covers("XT-22")
@pytest.mark.parametrize("name", STORES)
def test_a_past_day_is_the_pure_rule_in_every_store(name: str, request: pytest.FixtureRequest) -> None:
    with opened(name, request) as store:

        @database_examples
        @given(histories(), schemes, days)
        def law(made: list[Entity], scheme: AgeingScheme, as_of: date) -> None:
            tenant = f"t-{uuid4().hex[:16]}"
            with store.session() as session:
                session.flush(tenant, Batch(at=AT, inserts=tuple(made)))
                for currency in CURRENCIES:
                    compare(session, tenant, made, scheme, as_of, currency)

        law()


def compare(
    session: Any, tenant: str, made: list[Entity], scheme: AgeingScheme, as_of: date, currency: str
) -> None:
    """The whole, each customer, and each debt."""
    items = [each for each in made if isinstance(each, Instalment) and each.amount.currency == currency]
    settled = [each for each in made if isinstance(each, Settlement)]

    def asked(**how: Any) -> Any:
        summary = lowered(scheme, as_of=as_of, currency=currency, today=False, **how)
        return summed(session, tenant, checked_summary(summary))

    def wanted(some: list[Instalment]) -> Any:
        return ageing(some, as_of=as_of, currency=currency, scheme=scheme, settlements=settled)

    assert aged(asked(), scheme, as_of=as_of, currency=currency) == wanted(items)
    for customer in ("H-0", "H-1", "H-2", "H-9"):
        theirs = [item for item in items if item.customer == customer]
        for how in ({"customer": customer}, {"where": (eq("customer", customer),)}):
            assert aged(asked(**how), scheme, as_of=as_of, currency=currency) == wanted(theirs)
    rows = {each.by[0]: each.sums[0] for each in asked(by=("receivable",))}
    known = {item: open_on(item, settled, as_of).minor for item in items if item.opened_on <= as_of}
    assert rows == {item.receivable: minor for item, minor in known.items() if minor}


@given(histories(), schemes)
def test_today_told_from_the_days_is_what_stands_in_the_instalments(
    made: list[Entity], scheme: AgeingScheme
) -> None:
    """Two ways to the same amounts: what happened until now, and what every command left behind."""
    late = DAY + timedelta(1000)
    store = MemoryStore()
    store.install(receivables.records)
    store.flush("t", Batch(at=AT, inserts=tuple(made)))
    ways = []
    for now in (True, False):
        summary = checked_summary(lowered(scheme, as_of=late, currency="CNY", today=now))
        ways.append(aged(summed(store, "t", summary), scheme, as_of=late, currency="CNY"))
    assert ways[0] == ways[1]


def test_a_settlement_counts_from_its_day_until_the_day_it_was_undone() -> None:
    untouched: dict[str, Any] = dict.fromkeys(SETTLED_BY, Money(0, "CNY"))
    made = [
        Receivable(
            id="S/receivable",
            customer="H-0",
            order="SO",
            kind=ReceivableKind.CREDIT,
            amount=Money(100, "CNY"),
            unbilled=Money.zero("CNY"),
            opened_on=DAY - timedelta(10),
            terms=TERMS,
            version=1,
        ),
        Instalment(
            id="S/receivable/1",
            receivable="S/receivable",
            customer="H-0",
            number=1,
            kind=PartKind.CREDIT,
            opened_on=DAY - timedelta(10),
            due=DAY,
            amount=Money(100, "CNY"),
            **untouched | {"cancelled": Money(60, "CNY")},
            cancelled_on=DAY,
        ),
        Allocation(
            id="R/1",
            receipt="R",
            number=1,
            receivable="S/receivable",
            instalment="S/receivable/1",
            kind=PartKind.CREDIT,
            amount=Money(30, "CNY"),
            discount=Money(10, "CNY"),
            on=DAY - timedelta(5),
            undone=True,
            undone_on=DAY - timedelta(2),
        ),
    ]
    store = MemoryStore()
    store.install(receivables.records)
    store.flush("t", Batch(at=AT, inserts=tuple(made)))
    scheme = AgeingScheme()

    def owed(back: int) -> str:
        day = DAY - timedelta(back)
        asked = checked_summary(lowered(scheme, as_of=day, currency="CNY", today=False))
        return str(aged(summed(store, "t", asked), scheme, as_of=day, currency="CNY").total.amount)

    assert [owed(back) for back in (11, 10, 6, 5, 3, 2, 1, 0)] == [
        "0.00", "100.00", "100.00", "60.00", "60.00", "100.00", "100.00", "40.00",
    ]  # fmt: skip


def test_what_is_staged_changes_no_past_day() -> None:
    crm = open_house()
    shipped(crm, "SO-1", 1000)
    day = today(crm)
    pass_days(crm, 3)
    wanted = crm.ask(AgeingReport(as_of=day), actor=FINANCE)
    assert wanted.total == Money(1000, "CNY")
    with crm.work(actor=FINANCE) as work:
        work.do(receipt(crm, "R-1", 600)).expect()
        work.do(AllocateReceipt(receipt="R-1")).expect()
        assert work.ask(AgeingReport(as_of=day)) == wanted
        assert work.ask(AgeingReport()).total == Money(400, "CNY")
