"""Rules of purchase orders: their states, their contents, and goods counted against what was ordered."""

from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.engines.approval.model import CaseState
from pharmacrm.core.kernel.change import Save
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.orders import (
    GoodsReceipt,
    GoodsReceiptLine,
    Line,
    Lot,
    PurchaseLine,
    PurchaseOrder,
    PurchaseState,
    ReceivedItem,
)
from pharmacrm.core.orders.amounts import priced
from pharmacrm.core.orders.purchases.model import NO_CONTENT, purchase_snapshot
from pharmacrm.core.orders.purchases.receiving import RECEIVING, receive
from pharmacrm.core.orders.purchases.states import (
    LIFE,
    TRANSITIONS,
    become,
    check_expected,
    follow,
    order,
    with_lines,
)
from pharmacrm.core.values.terms import parse_terms
from tests.covers import covers

DAY = date(2026, 2, 3)
LATER = DAY + timedelta(days=400)
ZERO = Money.zero("CNY")
S = PurchaseState


def bought(
    *lines: Line, tolerance: str = "0%", **more: Any
) -> tuple[PurchaseOrder, tuple[PurchaseLine, ...]]:
    head = PurchaseOrder(
        id="PO-1",
        supplier="S-1",
        requester="b",
        terms=parse_terms("net 30"),
        made_on=DAY,
        expected_on=DAY,
        tolerance=Percentage(tolerance),
        net=ZERO,
        tax=ZERO,
        total=ZERO,
    )
    purchase, parts = with_lines(head, priced("PO-1", lines or (Line("A", 10, "1"),), currency="CNY"))
    return evolve(purchase, **more), parts


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("wanted", list(S))
def test_it_goes_only_where_the_table_says(state: S, wanted: S) -> None:
    moved = become(bought(state=state)[0], wanted)
    if wanted in TRANSITIONS[state]:
        assert moved.expect().state is wanted
        assert [event.topic() for event in moved.events] == ["PurchaseMoved"]
    else:
        assert (moved.codes, moved.changes) == (("document.state",), ())


def test_goods_that_arrived_end_the_revisions() -> None:
    assert {state for state in S if S.DRAFT not in TRANSITIONS[state]} == {
        S.PART_RECEIVED, S.RECEIVED, S.CLOSED, S.CANCELLED,
    }  # fmt: skip
    assert {state for state in S if S.CANCELLED in TRANSITIONS[state]} == {
        S.DRAFT, S.IN_APPROVAL, S.APPROVED, S.REJECTED, S.ORDERED,
    }  # fmt: skip
    assert {state for state in S if S.ORDERED in TRANSITIONS[state]} == {S.APPROVED}
    assert len({state.zh for state in S}) == len(S)


@pytest.mark.parametrize("request_state", list(CaseState))
@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("content", ["its own", "another"])
def test_it_follows_its_request_only_while_it_is_in_approval(
    request_state: CaseState, state: S, content: str
) -> None:
    followed = follow(bought(state=state, content="its own")[0], request_state, content)
    moves = state is S.IN_APPROVAL and content == "its own" and request_state is not CaseState.PENDING
    assert followed.expect().state is (LIFE.as_requested(request_state) if moves else state)
    assert bool(followed.changes) is moves


def test_it_is_ordered_through_the_day_on_which_it_is_expected() -> None:
    purchase, _ = bought(state=S.APPROVED, revision=3)
    sent = order(purchase, on=DAY)
    assert (sent.expect().state, sent.expect().ordered_on) == (S.ORDERED, DAY)
    assert [(event.topic(), getattr(event, "revision", None)) for event in sent.events] == [
        ("PurchaseMoved", None),
        ("PurchaseOrdered", 3),
    ]
    assert order(purchase, on=DAY + timedelta(days=1)).codes == ("purchase.expected_past",)
    assert check_expected(purchase, on=DAY) == ()


def test_its_content_is_what_is_bought_and_not_what_has_arrived() -> None:
    purchase, lines = bought(Line("A", 10, "1"), Line("B", 1, "2"))
    names = {cell.field for cell in purchase_snapshot(purchase, lines).head}
    assert names == {
        "supplier",
        "terms",
        "term_version",
        "expected_on",
        "tolerance",
        "net",
        "tax",
        "total",
        "note",
    }
    assert NO_CONTENT.isdisjoint(names)
    taken = tuple(evolve(line, received=1) for line in lines)
    assert (
        purchase_snapshot(evolve(purchase, state=S.RECEIVED, ordered_on=DAY), taken).content
        == purchase.content
    )
    assert purchase_snapshot(evolve(purchase, note="急"), lines).content != purchase.content
    assert (purchase.total, purchase.last_line) == (Money("12.00", "CNY"), 2)


# ------------------------------------------------------------------------------------------------- goods


@pytest.mark.parametrize(
    ("quantity", "tolerance", "most"),
    [(100, "0%", 100), (100, "5%", 105), (99, "5%", 103), (19, "5%", 19), (20, "5%", 21), (1, "100%", 2)],
)
def test_a_tolerance_is_a_share_of_the_line_rounded_down(quantity: int, tolerance: str, most: int) -> None:
    _, (line,) = bought(Line("A", quantity, "1"))
    assert line.most(Percentage(tolerance)) == most


def note(id: str = "GR-1") -> GoodsReceipt:
    return GoodsReceipt(id=id, purchase="PO-1", supplier="S-1", received_on=DAY, received_by="w")


@pytest.mark.parametrize("state", list(S))
def test_goods_arrive_for_what_was_ordered(state: S) -> None:
    purchase, lines = bought(state=state)
    found = receive(purchase, lines, {}, [ReceivedItem(1, "L", 5, LATER)], note())
    assert found.codes == (() if state in RECEIVING - {S.RECEIVED} else found.codes)
    assert ("purchase.not_ordered" in found.codes) is (state not in RECEIVING)


deliveries = st.lists(
    st.lists(
        st.tuples(st.integers(1, 3), st.sampled_from("LMN"), st.integers(1, 15)), min_size=1, max_size=3
    ),
    max_size=8,
)


@covers("XT-14")
@given(
    st.lists(st.integers(1, 20), min_size=1, max_size=2),
    st.sampled_from(("0%", "10%", "50%")),
    deliveries,
)
def test_never_more_arrives_than_was_ordered_and_the_tolerance_allows(
    quantities: list[int], tolerance: str, arriving: list[list[tuple[int, str, int]]]
) -> None:
    """Over any deliveries: what a line has received is the sum of what was taken in, within its bound."""
    purchase, lines = bought(
        *(Line(product, quantity, "1") for product, quantity in zip("AB", quantities, strict=False)),
        tolerance=tolerance,
        state=S.ORDERED,
    )
    lots: dict[str, Lot] = {}
    taken: dict[int, int] = dict.fromkeys((line.number for line in lines), 0)
    for items in arriving:
        wanted = [ReceivedItem(line, lot, quantity, LATER) for line, lot, quantity in items]
        answer = receive(purchase, lines, lots, wanted, note())
        sums = {line.number: sum(one.quantity for one in wanted if one.line == line.number) for line in lines}
        fits = all(
            line.received + sums[line.number] <= line.most(purchase.tolerance) for line in lines
        ) and all(one.line in sums for one in wanted)
        assert answer.allowed is fits
        if not fits:
            assert answer.changes == ()
            continue
        saved = [change.entity for change in answer.changes if isinstance(change, Save)]
        purchase = next(one for one in saved if isinstance(one, PurchaseOrder))
        after = {one.id: one for one in saved if isinstance(one, PurchaseLine)}
        lines = tuple(after.get(line.id, line) for line in lines)
        lots |= {one.id: one for one in saved if isinstance(one, Lot)}
        for one in (one for one in saved if isinstance(one, GoodsReceiptLine)):
            taken[one.purchase_line] += one.quantity
            assert f"{one.product}/{one.lot}" in lots
        full = all(line.received >= line.quantity for line in lines)
        assert purchase.state is (S.RECEIVED if full else S.PART_RECEIVED)
    assert {line.number: line.received for line in lines} == taken
    assert all(line.received <= line.most(purchase.tolerance) for line in lines)
