"""What plans mean, what is refused of them, and that the pushed-down ageing is the plain one."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq, ge, lt
from pharmacrm.core.kernel.store import Batch
from pharmacrm.core.kernel.summary import Arm, Case, Cell, Expression, Literal, Minus, Plus, Summary, Times
from pharmacrm.core.plan import checked_summary, evaluate, interval, summarise, summed
from pharmacrm.core.receivables import AgeingBasis, AgeingByCustomer, AgeingReport, Instalment
from pharmacrm.core.receivables.ageing import AgeingScheme, ageing
from pharmacrm.core.receivables.handlers import ageing_by_customer, ageing_report
from pharmacrm.core.receivables.model import SETTLED_BY
from pharmacrm.core.receivables.pushdown import OPEN, aged, lowered
from pharmacrm.core.values.terms import PartKind
from pharmacrm.plugins.storage.memory import MemoryStore
from pharmacrm.testing.storage.kinds import AT, KINDS, KitLine, cny, line, order
from tests.covers import covers
from tests.fakes import FakeReads

DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (Cell("quantity"), 3),
        (Cell("amount"), 100),
        (Literal(-7), -7),
        (Plus(Cell("amount"), Literal(5)), 105),
        (Minus(Literal(5), Cell("amount")), -95),
        (Times(Cell("quantity"), Minus(Literal(0), Cell("amount"))), -300),
        (Case((Arm((ge("quantity", 3),), Literal(1)), Arm((), Literal(2))), Literal(3)), 1),
        (Case((Arm((lt("quantity", 3), eq("product", "p-1")), Literal(1)),), Literal(3)), 3),
        (Case((), Cell("quantity")), 3),
    ],
)
def test_what_an_expression_is_worth(expression, value):
    assert evaluate(expression, line(quantity=3)) == value


def test_a_product_of_two_amounts_may_leave_64_bits_and_is_refused():
    with pytest.raises(MalformedInput) as error:
        checked_summary(Summary(kind=KitLine, sums=(Times(Cell("amount"), Cell("amount")),)))
    assert error.value.code == "plan.range"


def test_ten_amounts_in_one_sum_are_refused_and_nine_are_not():
    nine: Expression = Cell("amount")
    for _ in range(8):
        nine = Plus(nine, Cell("amount"))
    assert interval(nine) == (-9 * (10**18 - 1), 9 * (10**18 - 1))
    with pytest.raises(MalformedInput):
        interval(Plus(nine, Cell("amount")))


class Plain:
    """The reading half of a store that offers no summaries."""

    def __init__(self, store):
        self.store = store
        self.pages = 0

    def find(self, tenant, kind, query):
        self.pages += 1
        return self.store.find(tenant, kind, query)


def test_a_store_without_summaries_is_asked_for_its_rows_page_by_page(monkeypatch):
    monkeypatch.setattr("pharmacrm.core.plan.carrying.PAGE", 2)
    store = MemoryStore()
    store.install(KINDS)
    rows = [line(f"o-1/{n}", amount=cny(n)) for n in range(5)]
    store.flush("t", Batch(at=AT, inserts=(order(), *rows)))
    asked = Summary(kind=KitLine, where=(ge("amount", cny(1)),), sums=(Cell("amount"),))
    plain: Any = Plain(store)
    assert summed(plain, "t", asked) == summed(store, "t", asked) == summarise(rows[1:], asked)
    assert plain.pages == 3


edge_sets = st.sets(st.integers(2, 400), min_size=1, max_size=6).map(lambda edges: tuple(sorted(edges)))
schemes = st.builds(
    AgeingScheme, edges=edge_sets, lower_inclusive=st.booleans(), basis=st.sampled_from(AgeingBasis)
)


@st.composite
def debts(draw) -> list[Instalment]:
    """Open and settled instalments of several customers and currencies, lowered in every way."""

    def items() -> Iterator[Instalment]:
        for number in range(draw(st.integers(0, 8))):
            currency = draw(st.sampled_from(["CNY", "USD"]))
            parts = draw(st.lists(st.integers(0, 10**9), min_size=len(SETTLED_BY), max_size=len(SETTLED_BY)))
            left = draw(st.sampled_from([0, 1, 10**12]))
            opened = DAY - timedelta(draw(st.integers(-5, 500)))
            money = [Money.of_minor(each, currency) for each in parts]
            amounts: dict[str, Any] = dict(zip(SETTLED_BY, money, strict=True))
            yield Instalment(
                id=f"S{number}/receivable/1",
                receivable=f"S{number}/receivable",
                customer=f"H-{number % 3}",
                number=1,
                kind=PartKind.CREDIT,
                opened_on=opened,
                due=opened + timedelta(draw(st.integers(0, 120))),
                amount=Money.of_minor(sum(parts) + left, currency),
                settled=not left,
                **amounts,
            )

    return list(items())


@covers("XT-22")
@given(debts(), schemes, st.integers(-3, 10))
def test_pushed_down_is_the_plain_rule(items, scheme, later):
    """The law of the bulk path: groups added up elsewhere are the buckets of the pure rule."""
    as_of = DAY + timedelta(later)
    read = FakeReads(items)
    for currency in ("CNY", "USD"):
        summary = lowered(scheme, as_of=as_of, currency=currency)
        mine = [item for item in items if item.amount.currency == currency]
        found = aged(read.summed(summary), scheme, as_of=as_of, currency=currency)
        assert found == ageing(mine, as_of=as_of, currency=currency, scheme=scheme)


@given(debts())
def test_what_is_open_is_the_same_for_a_store(items):
    """Whoever adds a way to lower a debt adds it to `SETTLED_BY`, and stores know it."""
    assert [evaluate(OPEN, item) for item in items] == [item.open.minor for item in items]


@given(debts(), st.integers(0, 3))
def test_customers_sum_to_the_whole(items, back):
    read = FakeReads(items)
    as_of = DAY - timedelta(back)
    rows = ageing_by_customer(AgeingByCustomer(as_of=as_of), read)
    whole = ageing_report(AgeingReport(as_of=as_of), read)
    assert Money.total((each.ageing.total for each in rows), "CNY") == whole.total
    assert [each.customer for each in rows] == sorted({each.customer for each in rows})
    for each in rows:
        assert each.ageing == ageing_report(AgeingReport(as_of=as_of, customer=each.customer), read)
        assert any(bucket.items for bucket in each.ageing.buckets)
