"""Slips: only what was released, lot by lot, in parts that sum exactly."""

from datetime import date, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.change import Save, Touch
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money, Price
from pharmacrm.core.kernel.reason import Severity
from pharmacrm.core.orders.amounts import credit_part
from pharmacrm.core.orders.events import GoodsIssued
from pharmacrm.core.orders.model import OrderLine, OrderState, SalesOrder, SlipLine
from pharmacrm.core.orders.values import Line, SalesFacts, SlipItem, SlipPolicy
from pharmacrm.core.values.terms import parse_terms
from tests.covers import covers
from tests.orders.builders import DAY, FACTS, lot, order_of, ship, yuan

AMX = Line("AMX", 100, "1.11")


def saved(decision, kind):
    return [
        change.entity
        for change in decision.changes
        if isinstance(change, Save) and isinstance(change.entity, kind)
    ]


@covers("XT-09", "R-08")
def test_a_slip_says_lot_expiry_quantity_and_amount():
    order, lines = order_of(AMX, terms=parse_terms("30% prepaid, rest net 60"))
    decision = ship(order, lines, [SlipItem(1, "L1", 40)])
    slip = decision.expect()
    assert (slip.id, slip.order, slip.buyer, slip.issued_on) == ("OUT-1", "SO-1", "H-001", DAY)
    assert (slip.amount, slip.credit) == (yuan("44.40"), yuan("31.08"))
    assert (slip.signed_by, slip.confirm_by, slip.delivered_on) == ("cang.ku", None, None)
    (part,) = saved(decision, SlipLine)
    assert (part.id, part.order_line, part.product, part.lot) == ("OUT-1/1", 1, "AMX", "L1")
    assert (part.expires, part.quantity, part.amount) == (date(2028, 6, 30), 40, yuan("44.40"))
    assert [line.shipped for line in saved(decision, OrderLine)] == [40]
    assert [after.state for after in saved(decision, SalesOrder)] == [OrderState.PART_SHIPPED]
    assert decision.events == (GoodsIssued(subject="OUT-1", order="SO-1", buyer="H-001"),)


@covers("XT-09", "XT-03")
@pytest.mark.parametrize("state", OrderState)
def test_only_a_released_order_ships(state):
    order, lines = order_of(AMX, state=state)
    decision = ship(order, lines, [SlipItem(1, "L1", 1)])
    shippable = state in {OrderState.RELEASED, OrderState.PART_SHIPPED}
    assert decision.allowed is shippable
    assert decision.codes == (() if shippable else ("order.not_released",))


@covers("XT-09")
@pytest.mark.parametrize(
    ("shipped", "items", "codes"),
    [
        (0, [SlipItem(1, "L1", 100)], ()),
        (0, [SlipItem(1, "L1", 101)], ("slip.over_quantity",)),
        (60, [SlipItem(1, "L1", 40)], ()),
        (60, [SlipItem(1, "L1", 41)], ("slip.over_quantity",)),
        (60, [SlipItem(1, "L1", 20), SlipItem(1, "L2", 21)], ("slip.over_quantity",)),
        (0, [SlipItem(2, "L1", 1)], ("line.unknown",)),
        (0, [], ("slip.empty",)),
    ],
)
def test_never_more_than_was_ordered(shipped, items, codes):
    order, lines = order_of(AMX)
    lines = tuple(evolve(line, shipped=shipped) for line in lines)
    assert ship(order, lines, items).codes == codes


def test_too_much_names_both_quantities():
    order, lines = order_of(AMX)
    lines = tuple(evolve(line, shipped=60) for line in lines)
    (reason,) = ship(order, lines, [SlipItem(1, "L1", 41)]).reasons
    assert (reason.subject, reason.observed, reason.expected) == ("SO-1/1", "101", "100")


@covers("XT-09", "SC-21", "R-09c")
@pytest.mark.parametrize(
    ("changes", "policy", "codes"),
    [
        ({}, {}, ()),
        ({"held": True}, {}, ("lot.held",)),
        ({"expires": DAY}, {}, ("lot.expired",)),  # usable today, but it would arrive expired
        ({"expires": DAY - timedelta(1)}, {}, ("lot.expired",)),
        ({"expires": DAY + timedelta(1)}, {}, ("lot.near_expiry",)),
        ({"expires": DAY + timedelta(180)}, {}, ("lot.near_expiry",)),
        ({"expires": DAY + timedelta(181)}, {}, ()),
        ({"expires": DAY + timedelta(91)}, {"near_expiry_days": 90}, ()),
        ({"expires": DAY + timedelta(364)}, {"least_life_days": 365}, ("lot.short_life",)),
        ({"expires": DAY + timedelta(365)}, {"least_life_days": 365}, ()),
        ({"expires": DAY, "held": True}, {}, ("lot.expired", "lot.held")),
        ({"product": "B", "id": "B/L1"}, {}, ("lot.other_product",)),
        ({"product": "B"}, {}, ("lot.other_product",)),
        ({"lot": "L9", "id": "AMX/L9"}, {}, ("lot.unknown",)),
    ],
)
def test_the_lot_decides(changes, policy, codes):
    order, lines = order_of(AMX)
    decision = ship(order, lines, [SlipItem(1, "L1", 1)], lots=[lot(**changes)], policy=SlipPolicy(**policy))
    assert decision.codes == codes


def test_near_expiry_only_warns():
    order, lines = order_of(AMX)
    decision = ship(order, lines, [SlipItem(1, "L1", 1)], lots=[lot(expires=DAY + timedelta(30))])
    assert decision.allowed
    assert decision.reasons[0].severity is Severity.WARN
    assert saved(decision, SlipLine)


@pytest.mark.parametrize(
    ("read", "codes"), [(date(2028, 6, 30), ()), (date(2028, 6, 29), ("lot.expiry_mismatch",))]
)
def test_an_expiry_read_from_the_pack_must_be_the_registered_one(read, codes):
    order, lines = order_of(AMX)
    assert ship(order, lines, [SlipItem(1, "L1", 1, read)]).codes == codes


@covers("R-08")
@pytest.mark.parametrize(
    ("blank", "named"),
    [
        ({"strength": ""}, "strength"),
        ({"holder": " ", "generic_name": ""}, "generic_name, holder"),
        (dict.fromkeys(("generic_name", "strength", "dosage_form", "manufacturer", "holder"), ""),
         "generic_name, strength, dosage_form, manufacturer, holder"),
    ],
)  # fmt: skip
def test_a_sales_record_with_blanks_lists_all_of_them(blank, named):
    order, lines = order_of(AMX)
    decision = ship(order, lines, [SlipItem(1, "L1", 1), SlipItem(1, "L2", 1)], facts=evolve(FACTS, **blank))
    assert decision.codes == ("sales_record.incomplete",)
    assert (decision.reasons[0].subject, decision.reasons[0].observed) == ("AMX", named)


def test_blanks_of_goods_that_are_no_drugs_do_not_count():
    order, lines = order_of(AMX)
    assert ship(order, lines, [SlipItem(1, "L1", 1)], facts=SalesFacts(drug=False)).allowed


@covers("R-31")
@pytest.mark.parametrize(("confirm", "by"), [(False, None), (True, date(2026, 11, 28))])
def test_special_drugs_want_their_arrival_confirmed(confirm, by):
    order, lines = order_of(AMX)
    slip = ship(order, lines, [SlipItem(1, "L1", 1)], facts=evolve(FACTS, confirm_delivery=confirm)).expect()
    assert slip.confirm_by == by


def test_every_reason_is_collected():
    order, lines = order_of(AMX, state=OrderState.SUBMITTED)
    items = [SlipItem(1, "L1", 101), SlipItem(7, "L1", 1)]
    decision = ship(order, lines, items, lots=[lot(held=True, expires=DAY)], facts=SalesFacts())
    state = {"order.not_released", "slip.over_quantity", "line.unknown", "sales_record.incomplete"}
    assert set(decision.codes) == state | {"lot.held", "lot.expired"}
    assert decision.changes == ()


def test_an_order_that_stays_part_shipped_is_touched():
    order, lines = order_of(AMX, state=OrderState.PART_SHIPPED)
    decision = ship(order, lines, [SlipItem(1, "L1", 1)])
    assert Touch(order) in decision.changes
    assert saved(decision, SalesOrder) == []


def test_a_free_order_ships_too():
    order, lines = order_of(Line("AMX", 5, "0"))
    slip = ship(order, lines, [SlipItem(1, "L1", 5)]).expect()
    assert (slip.amount, slip.credit) == (yuan("0"), yuan("0"))


@pytest.mark.parametrize(("line", "quantity"), [(0, 1), (True, 1), (1, 0), (1, -5), ("1", 1)])
def test_an_item_is_read_strictly(line, quantity):
    with pytest.raises(MalformedInput):
        SlipItem(line, "L1", quantity)


@covers("XT-09")
@given(
    st.lists(st.tuples(st.integers(1, 500), st.integers(0, 10**7)), min_size=1, max_size=3),
    st.sampled_from(["net 30", "30% prepaid, rest net 60", "prepaid"]),
    st.data(),
)
def test_partial_shipments_sum_exactly_in_any_sizes(written, terms, data):
    order, lines = order_of(
        *(Line(f"P{n}", quantity, Price.of_micros(micros)) for n, (quantity, micros) in enumerate(written)),
        terms=parse_terms(terms),
    )
    by_line = {line.number: Money.zero("CNY") for line in lines}
    amount = credit = Money.zero("CNY")
    for number in range(1, 2000):
        open_lines = [line for line in lines if line.remaining]
        if not open_lines:
            break
        line = data.draw(st.sampled_from(open_lines))
        one = data.draw(st.integers(1, line.remaining))
        items = [SlipItem(line.number, "L1", one)]
        if line.remaining > one:
            items.append(SlipItem(line.number, "L2", data.draw(st.integers(1, line.remaining - one))))
        decision = ship(order, lines, items, id=f"OUT-{number}")
        slip = decision.expect()
        parts = saved(decision, SlipLine)
        assert slip.amount == Money.total((part.amount for part in parts), "CNY")
        assert Money.zero("CNY") <= slip.credit <= slip.amount
        for part in parts:
            by_line[part.order_line] += part.amount
        amount, credit = amount + slip.amount, credit + slip.credit
        after = {moved.number: moved for moved in saved(decision, OrderLine)}
        lines = tuple(after.get(line.number, line) for line in lines)
        order = next(iter(saved(decision, SalesOrder)), order)
    assert order.state is OrderState.SHIPPED
    assert by_line == {line.number: line.gross for line in lines}
    assert (amount, credit) == (order.total, credit_part(order))
