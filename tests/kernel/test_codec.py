"""Values to JSON and back: the identity for every form, and a named refusal for everything else."""

from datetime import UTC, date, datetime
from enum import StrEnum

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm import Line, MalformedInput, Money, PaymentTerms, Percentage, PlaceOrder, Price
from pharmacrm.core.kernel.codec import canonical, dumps, from_plain, loads, money_text, to_brief, to_plain
from pharmacrm.core.values.terms import parse_terms
from tests.covers import covers


class Colour(StrEnum):
    RED = "red"


@frozen(kw_only=True)
class Inner:
    name: str
    money: Money | None = None


@frozen(kw_only=True)
class Outer:
    on: date
    at: datetime
    price: Price
    rate: Percentage
    terms: PaymentTerms
    colour: Colour
    inners: tuple[Inner, ...] = ()
    flag: bool = False
    number: int = 0


OUTER = Outer(
    on=date(2026, 2, 28),
    at=datetime(2026, 2, 28, 1, 2, 3, 4, tzinfo=UTC),
    price=Price("0.0363"),
    rate=Percentage("13%"),
    terms=parse_terms("30% prepaid, rest net 60"),
    colour=Colour.RED,
    inners=(Inner(name="甲", money=Money("-0.05", "CNY")), Inner(name="乙")),
)
AMOUNTS = st.integers(-(10**17), 10**17)


def test_a_nested_value_comes_back_as_it_was() -> None:
    assert from_plain(Outer, loads(dumps(OUTER))) == OUTER
    assert from_plain(Outer, to_plain(OUTER)) == OUTER


@given(AMOUNTS, st.sampled_from(["CNY", "JPY", "KWD"]))
def test_law_money_survives_as_text(minor: int, currency: str) -> None:
    money = Money.of_minor(minor, currency)
    assert from_plain(Money, money_text(money)) == money


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=12,
    )
)
def test_law_canonical_json_is_one_text_for_one_value(plain: object) -> None:
    assert loads(canonical(plain)) == plain
    assert canonical(loads(canonical(plain))) == canonical(plain)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"colour": "blue"}, "choice.unknown", "colour"),
        ({"flag": "false"}, "json.type", "flag"),
        ({"number": 5.9}, "json.type", "number"),
        ({"number": True}, "json.type", "number"),
        ({"version": 3}, "field.not_allowed", "version"),
        ({"on": "26-02-03"}, "date.format", "on"),
        ({"at": "2026-02-03T10:00:00"}, "time.naive", "at"),
        ({"price": 0.5}, "price.type", "price"),
        ({"inners": [{"name": "甲", "money": "1 RMB"}]}, "money.currency", "inners[0].money"),
        ({"inners": [{"name": "甲", "extra": 1}]}, "field.not_allowed", "inners[0].extra"),
    ],
)
@covers("SC-38")
def test_what_cannot_be_meant_is_refused_and_named(change: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        from_plain(Outer, {**to_plain(OUTER), **change})
    assert (caught.value.code, caught.value.field) == (code, field)


def test_a_missing_field_is_named() -> None:
    plain = to_plain(OUTER)
    del plain["on"]
    with pytest.raises(MalformedInput) as caught:
        from_plain(Outer, plain)
    assert caught.value.code == "field.required"
    assert "on" in caught.value.field


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"a": NaN}', "json.number"),
        ("[1e400]", "json.number"),
        ("[1.5]", "json.number"),
        ('{"a": 1, "a": 2}', "json.twice"),
        ("[" * 40 + "]" * 40, "json.depth"),
        ("[" * 100_000, "json.depth"),
        ("{", "json.format"),
        ("", "json.format"),
        ("9" * 5000, "json.format"),
    ],
)
def test_json_is_read_strictly(text: str, code: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        loads(text)
    assert caught.value.code == code


def test_a_brief_message_leaves_its_defaults_out_at_every_level() -> None:
    order = PlaceOrder(buyer="H-1", lines=(Line("A", 1, "2.50"),), terms="net 30")
    assert to_brief(order) == {
        "buyer": "H-1",
        "lines": [{"product": "A", "quantity": 1, "price": "2.50"}],
        "terms": "net 30",
    }
    assert from_plain(PlaceOrder, to_brief(order)) == order
