"""Price lists and the prices of orders (UF-56, R-44)."""

from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.kernel.errors import MalformedInput, NotFound
from pharmacrm.core.kernel.money import Price
from pharmacrm.core.kernel.reason import Severity
from pharmacrm.core.prices import (
    PriceItem,
    PriceList,
    RegisterPrice,
    RegisterPriceList,
    check_prices,
    domain,
)
from pharmacrm.core.prices.handlers import on_register_price, on_register_price_list
from pharmacrm.core.values.trade import CustomerKind
from tests.covers import covers
from tests.fakes import FakeReads

ON = date(2026, 11, 21)
LIST = PriceList(
    id="PL-1",
    version=1,
    name="hospitals",
    currency="CNY",
    customer_kinds=(CustomerKind.HOSPITAL,),
    valid_from=date(2026, 1, 1),
    valid_to=date(2026, 12, 31),
)
ITEM = PriceItem(
    id="PL-1/AMX", price_list="PL-1", product="AMX", price=Price("0.0363"), floor=Price("0.0300")
)


def check(price="0.0363", *, product="AMX", found: PriceList | None = LIST, item=ITEM, on=ON, **changes):
    lines = (("lines[0].price", product, Price(price)),)
    return check_prices(found, (item,), lines, on=on, **{"currency": "CNY", **changes})


@covers("UF-56", "R-44", "XT-06")
@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"price": "0.0364"}, ["price.off_list"]),
        ({"price": "0.0362"}, ["price.off_list"]),
        ({"price": "0.0300"}, ["price.off_list"]),
        ({"price": "0.0299"}, ["price.below_floor", "price.off_list"]),
        ({"product": "X"}, ["price.unknown"]),
        ({"found": None}, ["price.list_missing"]),
        ({"on": date(2026, 12, 31)}, []),
        ({"on": date(2027, 1, 1)}, ["price.list_expired"]),
        ({"on": date(2026, 1, 1)}, []),
        ({"on": date(2025, 12, 31)}, ["price.list_expired"]),
        ({"found": evolve(LIST, active=False)}, ["price.list_expired"]),
        ({"found": evolve(LIST, valid_to=None), "on": date(2099, 1, 1)}, []),
        ({"currency": "USD"}, ["currency.mismatch"]),
        ({"kind": CustomerKind.HOSPITAL}, []),
        ({"kind": CustomerKind.CLINIC}, ["price.list_kind"]),
        ({"kind": CustomerKind.CLINIC, "found": evolve(LIST, customer_kinds=())}, []),
        ({"item": evolve(ITEM, floor=None), "price": "0.01"}, ["price.off_list"]),
        ({"item": evolve(ITEM, price_list="PL-2")}, ["price.unknown"]),
        ({"currency": "USD", "price": "1", "product": "X"}, ["currency.mismatch", "price.unknown"]),
    ],
)
def test_prices_are_compared_with_the_list(changes, codes):
    assert [reason.code for reason in check(**changes)] == codes


@covers("R-44")
def test_a_low_price_waits_for_lead_and_finance():
    floor, off = check("0.01")
    assert {floor.severity, off.severity} == {Severity.APPROVE}
    assert (floor.rule, floor.observed, floor.expected) == ("R-44", "0.01", "0.03")
    assert {code.code: code.passed_by for code in domain.reasons if code.passed_by} == {
        "price.off_list": "lead",
        "price.below_floor": "finance",
    }


micros = st.integers(0, 200_000).map(Price.of_micros)


@covers("R-44")
@given(micros, micros, micros, micros)
def test_raising_a_floor_never_removes_reasons(price, listed, one, other):
    low, high = sorted((one, other))
    before = check(str(price), item=evolve(ITEM, price=listed, floor=low))
    after = check(str(price), item=evolve(ITEM, price=listed, floor=high))
    assert {reason.code for reason in before} <= {reason.code for reason in after}


@given(micros, micros)
def test_only_the_list_price_passes_in_silence(price, listed):
    assert (not check(str(price), item=evolve(ITEM, price=listed, floor=None))) is (price == listed)


def registered(**changes) -> RegisterPriceList:
    given_ = {"id": "PL-1", "name": "hospitals", "currency": "CNY", "valid_from": "2026-01-01"}
    return RegisterPriceList(**{**given_, **changes})


@covers("UF-02", "UF-56")
@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, ()),
        ({"valid_to": "2026-01-01", "customer_kinds": ("hospital", "clinic")}, ()),
        ({"valid_to": "2025-12-31"}, ("price.dates_reversed",)),
        ({"currency": "USD"}, ("price.currency_fixed",)),
    ],
)
def test_lists_are_registered(changes, codes):
    assert on_register_price_list(registered(**changes), FakeReads([LIST])).codes == codes


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"currency": "cny"}, "money.currency"),
        ({"valid_from": "1900-01-01"}, "date.placeholder"),
        ({"customer_kinds": ("shop",)}, "choice.unknown"),
    ],
)
def test_junk_is_malformed(changes, code):
    with pytest.raises(MalformedInput) as caught:
        registered(**changes)
    assert caught.value.code == code


@covers("UF-02", "UF-56")
def test_setting_a_price_raises_the_version_of_its_list_once():
    read = FakeReads()
    read.apply(on_register_price_list(registered(), read))
    command = RegisterPrice(price_list="PL-1", product="AMX", price="0.0363", floor="0.03")
    for _ in range(2):
        read.apply(on_register_price(command, read))
    assert read.get(PriceList, "PL-1").version == 2
    assert read.get(PriceItem, "PL-1/AMX").floor == Price("0.03")


def test_a_floor_lies_not_above_the_price():
    command = RegisterPrice(price_list="PL-1", product="AMX", price="1", floor="2")
    answer = on_register_price(command, FakeReads([LIST]))
    assert (answer.codes, answer.outcome) == (("price.floor_above",), Outcome.REFUSED)


def test_a_price_needs_its_list():
    with pytest.raises(NotFound):
        on_register_price(RegisterPrice(price_list="PL-9", product="AMX", price="1"), FakeReads())


def test_only_the_administrator_and_the_erp_register():
    assert [role for role, rights in domain.rights.items() if RegisterPrice in rights] == ["admin", "erp"]
