"""The checklist of an order gives every finding at once, without personal data."""

from datetime import date

import pytest

from pharmacrm.core.kernel.reason import ReasonCode, Severity
from pharmacrm.core.orders.checks import MOST_LINES, CheckItem, check_order, precheck
from pharmacrm.core.orders.values import Line
from tests.covers import covers
from tests.orders.builders import DAY, order_of

ONE = (Line("A", 1, "1"),)


@covers("XT-06", "XT-04")
@pytest.mark.parametrize(
    ("lines", "head", "codes"),
    [
        (ONE, {}, []),
        ((), {}, ["order.no_lines"]),
        (ONE, {"consignee": " "}, ["consignee.missing"]),
        (ONE, {"phone": ""}, ["phone.missing"]),
        (ONE, {"address": None}, ["address.missing"]),
        (ONE, {"ship_on": date(2026, 11, 20)}, ["ship_date.past"]),
        (ONE, {"ship_on": DAY}, []),
        (ONE * 2, {}, ["line.duplicate"]),
        ((Line("A", 1, "0"),), {}, ["line.free"]),
        (tuple(Line(f"P{n}", 1, "1") for n in range(MOST_LINES)), {}, []),
        (tuple(Line(f"P{n}", 1, "1") for n in range(MOST_LINES + 1)), {}, ["order.too_large"]),
        (
            (),
            {"consignee": "", "phone": "", "address": None, "ship_on": date(2026, 1, 1)},
            ["address.missing", "consignee.missing", "order.no_lines", "phone.missing", "ship_date.past"],
        ),
    ],
)
def test_every_finding_is_named_at_once(lines, head, codes):
    order, parts = order_of(*lines, **head)
    assert [reason.code for reason in check_order(order, parts, on=DAY)] == codes


def test_a_free_line_is_named_by_its_place():
    order, parts = order_of(Line("A", 1, "1"), Line("B", 1, "0"))
    (reason,) = check_order(order, parts, on=DAY)
    assert (reason.field, reason.observed) == ("lines[1].price", "B")


def test_a_product_twice_only_warns():
    order, parts = order_of(*ONE * 3)
    (reason,) = check_order(order, parts, on=DAY)
    assert (reason.severity, reason.observed) == (Severity.WARN, "A")


@covers("XT-06")
def test_the_form_has_every_item_in_order():
    order, parts = order_of(*ONE)
    form = precheck(order, parts, on=DAY)
    assert [row.item for row in form.items] == list(CheckItem)
    assert form.passed
    assert form.reasons == ()


@covers("XT-06")
def test_the_form_names_what_fails_and_takes_in_what_others_found():
    off_list = ReasonCode("price.off_list", Severity.APPROVE, "price {observed}", "价格 {observed}")
    order, parts = order_of(*ONE, phone="")
    form = precheck(order, parts, on=DAY, found={CheckItem.PRICE: [off_list("SO-1", observed="1")]})
    assert {row.item for row in form.items if not row.passed} == {CheckItem.PHONE, CheckItem.PRICE}
    assert [reason.code for reason in form.reasons] == ["phone.missing", "price.off_list"]
    assert not form.passed


def test_a_ship_date_that_passed_while_waiting_only_warns():
    order, parts = order_of(*ONE)
    form = precheck(order, parts, on=date(2026, 11, 23))
    assert form.passed
    assert [(reason.code, reason.severity) for reason in form.reasons] == [("ship_date.past", Severity.WARN)]


def test_findings_hold_no_personal_data():
    order, parts = order_of(*ONE, consignee="王五", phone="", address=None)
    assert "王五" not in "".join(str(reason) for reason in precheck(order, parts, on=DAY).reasons)
