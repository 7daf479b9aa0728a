"""The ERP's word on its stock: the newest is kept, in whatever order words come."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.flows.stock import stock_level
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Price
from pharmacrm.core.products import Product
from pharmacrm.core.stock import AHEAD, RecordStock, StockSnapshot, record_stock, snapshot_id
from tests.covers import covers
from tests.flows.house import entities, open_house

AT = datetime(2026, 11, 21, 2, tzinfo=UTC)


def word(minutes: int = 0, quantity: int = 10, **more: Any) -> RecordStock:
    fields: dict[str, Any] = {
        "product": "AMX",
        "site": "S",
        "lot": "L",
        "as_of": AT + timedelta(minutes=minutes),
    }
    return RecordStock(quantity=quantity, **(fields | more))


def said(command: RecordStock, held: StockSnapshot | None = None) -> Any:
    return record_stock(command, held, source="erp", currency="CNY", at=AT)


@covers("XT-17")
def test_a_word_keeps_its_time_its_source_and_its_cost() -> None:
    kept = said(word(cost="0.0211")).expect()
    assert (kept.quantity, kept.as_of, kept.source) == (10, AT, "erp")
    assert (kept.cost, kept.currency) == (Price("0.0211"), "CNY")
    assert said(word()).expect().currency == ""
    assert said(word(cost="1", currency="USD")).expect().currency == "USD"


@covers("XT-17")
@pytest.mark.parametrize(
    ("minutes", "quantity", "codes", "kept"),
    [
        (1, 7, (), 7),
        (0, 10, (), 10),
        (0, 7, ("stock.contradicted",), None),
        (-1, 7, ("stock.older",), 10),
        (5, 7, (), 7),
        (6, 7, ("stock.future",), None),
        (1440, 7, ("stock.future",), None),
        (-1440, 7, ("stock.older",), 10),
    ],
)
def test_plugins_080_a_clock_that_is_off(
    minutes: int, quantity: int, codes: tuple[str, ...], kept: int | None
) -> None:
    answer = said(word(minutes, quantity), said(word()).expect())
    assert answer.codes == codes
    assert (answer.value.quantity if answer.value else None) == kept
    assert bool(answer.changes) == (kept == 7)


@given(st.permutations(range(-6, 5)), st.integers(0, 10))
def test_the_order_of_words_makes_no_difference(order: list[int], twice: int) -> None:
    held = None
    for minutes in [*order, *order[:twice]]:
        held = said(word(minutes, quantity=100 + minutes), held).expect()
    assert held is not None
    assert (held.quantity, held.as_of) == (104, AT + timedelta(minutes=4))


@given(st.integers(0, 10**6))
def test_the_future_ends_at_five_minutes(seconds: int) -> None:
    step = timedelta(seconds=seconds)
    assert said(word(as_of=AT + step)).allowed == (step <= AHEAD)


def test_sites_and_lots_are_apart_whatever_stands_in_their_names() -> None:
    ids = {
        snapshot_id(*parts)
        for parts in [("a", "b/c", ""), ("a/b", "c", ""), ("a", "b", "c"), ("a/b/c", "", "")]
    }
    assert len(ids) == 4


@covers("XT-17")
def test_a_level_adds_up_and_is_as_old_as_its_oldest_word() -> None:
    (product,) = _products()
    words = [said(word(-9, 3)).expect(), said(word(-2, 4, lot="M")).expect()]
    level = stock_level(product, words, at=AT)
    assert (level.quantity, level.age, level.sources) == (7, timedelta(minutes=9), ("erp",))
    nothing = stock_level(product, [], at=AT)
    assert (nothing.quantity, nothing.as_of, nothing.age) == (0, None, None)
    ahead = [evolve(words[0], as_of=AT + timedelta(minutes=3))]
    assert stock_level(product, ahead, at=AT).age == timedelta(0)


def _products() -> Any:
    return [each for each in entities(open_house(), Product) if each.id == "AMX-500"]


@pytest.mark.parametrize("quantity", [-1, 10**12, 1.5, "5", True, None])
def test_quantities_that_are_none(quantity: Any) -> None:
    with pytest.raises(MalformedInput) as caught:
        word(quantity=quantity)
    assert (caught.value.field, caught.value.code.split(".")[0]) == ("quantity", "quantity")
    assert word(quantity=0).quantity == 0
