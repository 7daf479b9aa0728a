"""Rules of quotes: their states, their days, and the amounts of the order that they become."""

from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.engines.approval.model import CaseState
from pharmacrm.core.kernel.money import Money, Percentage, Price
from pharmacrm.core.orders import Line, Quote, QuoteLine, QuoteState
from pharmacrm.core.orders.amounts import draft
from pharmacrm.core.orders.quotes.drafting import Listed, as_lines, quote_of
from pharmacrm.core.orders.quotes.model import NO_CONTENT, snapshot_of
from pharmacrm.core.orders.quotes.states import (
    APPROVED,
    EXPIRING,
    LIFE,
    TRANSITIONS,
    become,
    check_days,
    convert,
    expire,
    follow,
)
from pharmacrm.core.orders.values import OrderHead
from pharmacrm.core.values.terms import parse_terms
from tests.covers import covers

DAY = date(2026, 2, 3)
LATER = DAY + timedelta(days=30)
S = QuoteState


def quote(**more: Any) -> Quote:
    return evolve(offered(Line("A", 1, "1"))[0], **more)


def offered(
    *lines: Line, sizes: tuple[int, ...] = (), listed: dict[str, Listed] | None = None, **more: Any
) -> tuple[Quote, tuple[QuoteLine, ...]]:
    head = OrderHead(
        id="QT-1", buyer="H-1", requester="s", terms=parse_terms("net 60"), ordered_on=DAY, ship_on=DAY
    )
    order, parts = draft(head, lines, currency="CNY", sizes=sizes)
    return quote_of(order, parts, days=(DAY, LATER), listed=listed or {}, **more)


# ------------------------------------------------------------------------------------------------ states


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("wanted", list(S))
def test_a_quote_goes_only_where_the_table_says(state: S, wanted: S) -> None:
    moved = become(quote(state=state), wanted)
    if wanted in TRANSITIONS[state]:
        assert moved.expect().state is wanted
        assert [event.topic() for event in moved.events] == ["QuoteMoved"]
    else:
        assert moved.codes == ("document.state",)
        assert moved.changes == ()


def test_an_order_or_a_cancellation_is_the_end_and_everything_else_can_be_revised() -> None:
    ends = {state for state in S if not TRANSITIONS[state]}
    assert ends == {S.CONVERTED, S.CANCELLED}
    assert {state for state in S if S.DRAFT in TRANSITIONS[state]} == set(S) - ends
    assert {state for state in S if S.CONVERTED in TRANSITIONS[state]} == APPROVED
    assert set(EXPIRING) == {S.DRAFT, S.IN_APPROVAL, S.APPROVED, S.SENT, S.ACCEPTED}
    assert len({state.zh for state in S}) == len(S)


@pytest.mark.parametrize("request_state", list(CaseState))
@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("content", ["its own", "another"])
def test_a_quote_follows_its_request_only_while_it_is_in_approval(
    request_state: CaseState, state: S, content: str
) -> None:
    one = quote(state=state, content="its own")
    followed = follow(one, request_state, content)
    moves = state is S.IN_APPROVAL and content == "its own" and request_state is not CaseState.PENDING
    assert followed.expect().state is (LIFE.as_requested(request_state) if moves else state)
    assert bool(followed.changes) is moves


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        (-1, ["quote.not_valid_yet"]),
        (0, []),
        (30, []),
        (31, ["quote.expired"]),
    ],
)
def test_a_quote_becomes_an_order_on_its_days_the_first_and_the_last_included(
    on: int, codes: list[str]
) -> None:
    found = convert(quote(state=S.APPROVED), "SO-1", on=DAY + timedelta(days=on))
    assert list(found.codes) == codes
    assert (found.value is not None) is (not codes)
    if found.value:
        assert (found.value.state, found.value.order) == (S.CONVERTED, "SO-1")
        assert [event.topic() for event in found.events] == ["QuoteMoved", "QuoteConverted"]


@pytest.mark.parametrize("state", sorted(set(S) - APPROVED))
def test_a_quote_that_is_not_approved_becomes_no_order(state: S) -> None:
    found = convert(quote(state=state), "SO-1", on=LATER + timedelta(days=1))
    assert set(found.codes) == {"quote.not_approved", "quote.expired"}
    assert found.changes == ()


@pytest.mark.parametrize("state", list(S))
def test_a_quote_is_marked_after_its_last_day_and_once(state: S) -> None:
    one = quote(state=state)
    assert expire(one, on=LATER).changes == ()
    late = expire(one, on=LATER + timedelta(days=1))
    assert late.expect().state is (S.EXPIRED if state in EXPIRING else state)
    assert expire(late.expect(), on=LATER + timedelta(days=2)).changes == ()


@pytest.mark.parametrize(
    ("first", "last", "codes"),
    [
        (0, 0, ()),
        (1, 0, ("quote.dates_reversed",)),
        (-2, -1, ("quote.expired",)),
        (-1, 0, ()),
        (5, 9, ()),
    ],
)
def test_days_make_sense(first: int, last: int, codes: tuple[str, ...]) -> None:
    one = quote(valid_from=DAY + timedelta(days=first), valid_until=DAY + timedelta(days=last))
    assert tuple(reason.code for reason in check_days(one, on=DAY)) == codes


# ---------------------------------------------------------------------------------------------- contents


@st.composite
def order_lines(draw: st.DrawFn) -> list[tuple[Line, int]]:
    def one(product: str) -> tuple[Line, int]:
        price = Price.of_micros(draw(st.integers(0, 5_000_000)))
        rate = Percentage.of_units(draw(st.integers(0, 200_000)))
        size = draw(st.sampled_from((1, 7, 20)))
        unit = "" if size == 1 else "盒"
        return Line(product, draw(st.integers(1, 10_000)), price, rate, draw(st.booleans()), unit), size

    return [one(product) for product in draw(st.lists(st.sampled_from("ABCD"), min_size=1, max_size=5))]


@covers("XT-15")
@given(order_lines())
def test_the_order_has_the_lines_and_the_amounts_of_its_quote(lines: list[tuple[Line, int]]) -> None:
    """The law of conversion: computed again from what the quote says, every amount is the same."""
    one, parts = offered(*(line for line, _ in lines), sizes=tuple(size for _, size in lines))
    written, sizes = as_lines(parts)
    head = OrderHead(id="SO-1", buyer="H-1", requester="s", terms=one.terms, ordered_on=DAY, ship_on=DAY)
    order, ordered = draft(head, written, currency="CNY", sizes=sizes)
    assert (order.net, order.tax, order.total) == (one.net, one.tax, one.total)
    assert order.total == Money.total((line.gross for line in parts), "CNY")
    for was, line in zip(parts, ordered, strict=True):
        assert (was.product, was.quantity, was.price) == (line.product, line.quantity, line.price)
        assert (was.net, was.tax, was.gross) == (line.net, line.tax, line.gross)


def test_lines_keep_their_numbers_and_are_stored_by_them() -> None:
    one, parts = offered(Line("A", 1, "1"), Line("B", 2, "1"))
    again, kept = offered(Line("B", 3, "1"), Line("C", 4, "1"), before=parts, last_line=one.last_line)
    assert [(line.id, line.product) for line in kept] == [("QT-1/2", "B"), ("QT-1/3", "C")]
    assert again.last_line == 3
    _, last = offered(Line("A", 1, "1"), before=kept, last_line=again.last_line)
    assert [line.number for line in last] == [4]


@pytest.mark.parametrize(
    ("price", "discount", "below"),
    [
        ("10", 0, False),
        ("10.01", 0, False),
        ("9.9999", 0, False),
        ("9.9995", 1, False),
        ("9", 1000, False),
        ("8", 2000, False),
        ("7.999999", 2000, True),
        ("0", 10000, True),
    ],
)
def test_a_discount_is_a_share_of_the_list_price_of_the_unit(price: str, discount: int, below: bool) -> None:
    listed = {"A": Listed("STD", Price("0.5"), Price("0.4"))}
    _, (line,) = offered(Line("A", 3, price, unit="盒"), sizes=(20,), listed=listed)
    assert (line.list_price, line.floor, line.price_list) == (Price("10"), Price("8"), "STD")
    assert (line.discount, line.below_floor) == (discount, below)


def test_without_a_list_there_is_nothing_to_compare_with() -> None:
    _, (line,) = offered(Line("A", 3, "1"))
    assert (line.list_price, line.floor, line.discount, line.below_floor) == (None, None, 0, False)


def test_the_content_is_what_the_customer_is_offered_and_nothing_that_happens_to_it() -> None:
    one, parts = offered(Line("A", 1, "1"))
    names = {cell.field for cell in snapshot_of(one, parts).head}
    assert names == {
        "buyer", "channel", "method", "terms", "term_version", "valid_from", "valid_until", "net", "tax",
        "total", "note",
    }  # fmt: skip
    moved = evolve(one, state=S.SENT, revision=7, sent_on=DAY, answer="x", order="SO-1", version=3)
    assert snapshot_of(moved, parts).content == one.content
    assert snapshot_of(evolve(one, note="加急"), parts).content != one.content
    assert NO_CONTENT.isdisjoint(names)
