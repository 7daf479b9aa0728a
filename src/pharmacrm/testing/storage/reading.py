"""Conditions mean the same in every store: bytewise text, exact numbers, nothing about what is absent."""

import operator
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from unicodedata import normalize

import pytest

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Percentage, Price
from pharmacrm.core.kernel.query import (
    Condition,
    Query,
    eq,
    ge,
    gt,
    is_in,
    is_null,
    le,
    lt,
    plain,
    prefix,
    within,
)
from pharmacrm.testing.storage.bench import Bench, KitBase
from pharmacrm.testing.storage.kinds import AT, ON, Colour, KitLine, KitOrder, cny, line, order

_ALL = Query()

TEXTS = tuple(
    sorted(
        ["", " ", "A", "Z", "a", "a ", "a%", "a_", "aa", "b", "ss", "ß", "é", "ﬁ", "中", "～", "😀", "𠮷"],
        key=str.encode,
    )
)
"""Bytewise: capitals before small letters, accents after z, and what lies beyond the first plane last."""

VALUES: dict[str, tuple[Any, ...]] = {
    "text": TEXTS,
    "place": (-(2**63), -1, 0, 1, 2**53, 2**53 + 1, 2**63 - 1),
    "on": (date(1900, 1, 1), ON - timedelta(1), ON, ON + timedelta(1), date(9999, 12, 31)),
    "at": tuple(AT + timedelta(microseconds=step) for step in (-1_000_000, -1, 0, 1, 1_000_000)),
    "amount": (cny(-100), cny(-1), cny(0), cny(2), cny(10), cny(10**17)),
    "price": (Price("0"), Price("0.000001"), Price("0.0363"), Price("12")),
    "rate": (
        Percentage("0%"),
        Percentage("0.0001%"),
        Percentage("9%"),
        Percentage("13%"),
        Percentage("100%"),
    ),
    "colour": (Colour.GREEN, Colour.RED, Colour.BLUE),
    "open": (False, True),
}

EVERY_FIELD = pytest.mark.parametrize("field", list(VALUES))

COMPARISONS: tuple[tuple[Callable[[str, object], Condition], Callable[[Any, Any], bool]], ...] = (
    (eq, operator.eq),
    (lt, operator.lt),
    (le, operator.le),
    (gt, operator.gt),
    (ge, operator.ge),
)

LOOKALIKES = (
    ("a", "A"),
    ("a", "a "),
    ("", " "),
    ("ss", "ß"),
    ("fi", "ﬁ"),
    ("e", "é"),
    ("a", "ａ"),
    (normalize("NFC", "é"), normalize("NFD", "é")),
    ("😀", "😁"),
    ("1", "01"),
    ("K", "\u212a"),
)


def _sample(bench: Bench, field: str) -> list[KitOrder]:
    """One order for each value, stored out of order; the list is in the order of the values."""
    orders = [order(f"o-{place:02}", **{field: value}) for place, value in enumerate(VALUES[field])]
    bench.flush(*orders[1::2], *orders[::2])
    return orders


def _ids(orders: list[KitOrder]) -> list[str]:
    return [each.id for each in orders]


def _trade(bench: Bench) -> None:
    """Three orders with lines: o-1 of p-1 and p-2, o-2 of p-2, o-3 of nothing."""
    lines = (
        line("o-1/1"),
        line("o-1/2", product="p-2", quantity=5),
        line("o-2/1", product="p-2", note="gift"),
    )
    bench.flush(order("o-1"), order("o-2", place=1), order("o-3", place=1, text="o-1/1"), *lines)


class ReadingKit(KitBase):
    """Conditions."""

    @EVERY_FIELD
    def test_comparison_is_exact(self, bench: Bench, field: str) -> None:
        """Each comparison finds and counts exactly those that plain Python does."""
        orders = _sample(bench, field)
        for value in VALUES[field]:
            for condition, holds in COMPARISONS:
                wanted = [each.id for each in orders if holds(plain(getattr(each, field)), plain(value))]
                assert bench.ids(KitOrder, condition(field, value)) == wanted
                assert bench.count(KitOrder, condition(field, value)) == len(wanted)

    @EVERY_FIELD
    def test_order_is_exact(self, bench: Bench, field: str) -> None:
        """Sorting follows the stored value, upwards and downwards."""
        orders = _sample(bench, field)
        assert bench.ids(KitOrder, order=(field,)) == _ids(orders)
        assert bench.ids(KitOrder, order=(f"-{field}",)) == _ids(orders[::-1])

    @EVERY_FIELD
    def test_in_finds_each_listed_value(self, bench: Bench, field: str) -> None:
        """`in` finds the listed values, in the order asked for and not of the list."""
        orders = _sample(bench, field)
        listed = VALUES[field][::-2]
        assert bench.ids(KitOrder, is_in(field, listed)) == _ids(
            sorted(orders[::-2], key=lambda each: each.id)
        )

    @pytest.mark.parametrize(("one", "other"), LOOKALIKES)
    def test_lookalikes_are_different(self, bench: Bench, one: str, other: str) -> None:
        """Texts that a collation would take for one are two: in a field, in a list, and as a prefix."""
        bench.flush(order("o-1", text=one), order("o-2", text=other))
        assert bench.ids(KitOrder, eq("text", one)) == ["o-1"]
        assert bench.ids(KitOrder, is_in("text", [other])) == ["o-2"]
        assert bench.ids(KitOrder, prefix("text", other)) == ["o-2"] + ["o-1"] * one.startswith(other)

    @pytest.mark.parametrize(("one", "other"), [("a", "A"), ("ss", "ß"), ("e", "é"), ("客户", "客戶")])
    def test_lookalike_ids_are_two_records(self, bench: Bench, one: str, other: str) -> None:
        """Ids compare bytewise: both records exist, and each is found under its own."""
        bench.flush(order(one, text="one"), order(other, text="other"))
        assert bench.get(KitOrder, one).text == "one"
        assert bench.get(KitOrder, other).text == "other"
        assert bench.ids(KitOrder) == sorted([one, other])

    @pytest.mark.parametrize(
        ("start", "wanted"),
        [
            ("", ["1", "2", "3", "4", "5", "6", "7"]),
            ("1", ["1", "2", "3", "4"]),
            ("10", ["1", "2", "3"]),
            ("10%", ["1"]),
            ("10_", ["2"]),
            ("%", []),
            ("_", []),
            ("\\", ["6"]),
            ("药", ["7"]),
            ("药p", []),
        ],
    )
    def test_prefix_takes_every_letter_as_it_is(self, bench: Bench, start: str, wanted: list[str]) -> None:
        """A prefix has no wildcards, no escapes and no case folding."""
        texts = ("10% off", "10_off", "10X off", "1", "Pill", "\\n", "药Pill")
        bench.flush(*(order(str(place), text=text) for place, text in enumerate(texts, 1)))
        assert bench.ids(KitOrder, prefix("text", start)) == wanted

    def test_absent_value_matches_only_null(self, bench: Bench) -> None:
        """An absent value is less, more and equal to nothing; an empty one is there."""
        bench.flush(order("o-1"), order("o-2", note=""), order("o-3", note="n"))
        assert bench.ids(KitOrder, is_null("note")) == ["o-1"]
        assert bench.ids(KitOrder, eq("note", "")) == ["o-2"]
        assert bench.ids(KitOrder, le("note", "z")) == ["o-2", "o-3"]
        assert bench.ids(KitOrder, ge("note", "")) == ["o-2", "o-3"]
        assert bench.ids(KitOrder, prefix("note", "")) == ["o-2", "o-3"]
        assert bench.ids(KitOrder, is_in("note", ["", "n"])) == ["o-2", "o-3"]

    def test_in_of_nothing_finds_nothing(self, bench: Bench) -> None:
        """An empty list is allowed, and matches nothing."""
        bench.flush(order())
        assert bench.ids(KitOrder, is_in("text", [])) == []
        assert bench.count(KitOrder, is_in("id", [])) == 0

    def test_in_takes_a_long_list(self, bench: Bench) -> None:
        """A thousand values are no matter."""
        bench.flush(order("o-7"), order("x"))
        assert bench.ids(KitOrder, is_in("id", [f"o-{number}" for number in range(1_000)])) == ["o-7"]

    def test_conditions_are_anded(self, bench: Bench) -> None:
        """Every condition has to hold; two on one field make a range."""
        bench.flush(*(order(f"o-{place}", place=place, open=place % 2 == 0) for place in range(6)))
        assert bench.ids(KitOrder, ge("place", 1), lt("place", 5), eq("open", value=True)) == ["o-2", "o-4"]
        assert bench.count(KitOrder, eq("place", 1), eq("place", 2)) == 0

    def test_id_and_version_are_fields_too(self, bench: Bench) -> None:
        """Id and version can be searched and sorted by."""
        bench.flush(order("o-1", version=3), order("o-2"))
        assert bench.ids(KitOrder, gt("id", "o-1")) == ["o-2"]
        assert bench.ids(KitOrder, ge("version", 2)) == ["o-1"]
        assert bench.ids(KitOrder, order=("version",)) == ["o-2", "o-1"]

    def test_part_is_found_with_its_parents_version(self, bench: Bench) -> None:
        """A part's guard is the version of its parent, in `get` and in `find`."""
        bench.flush(order("o-1", version=4), order("o-2", version=9), line("o-1/1"), line("o-2/1"))
        guards = [bench.found(KitLine, id_) for id_ in ("o-1/1", "o-2/1")]
        assert [found.version for found in guards if found] == [4, 9]
        bench_found = bench.founds(KitLine, _ALL)
        assert [found.version for found in bench_found] == [4, 9]
        assert [found.version for found in bench.founds(KitOrder, _ALL)] == [4, 9]

    def test_missing_is_none(self, bench: Bench) -> None:
        """What is not there is None, for records and parts."""
        bench.flush(order())
        assert bench.found(KitOrder, "o-2") is None
        assert bench.found(KitLine, "o-1") is None
        assert bench.find(KitLine) == []

    @pytest.mark.parametrize(
        ("condition", "wanted"),
        [
            (within(KitLine, "order", eq("product", "p-2")), ["o-1", "o-2"]),
            (within(KitLine, "order", eq("product", "p-2"), gt("quantity", 1)), ["o-1"]),
            (within(KitLine, "order", eq("product", "p-9")), []),
            (within(KitLine, "order"), ["o-1", "o-2"]),
            (within(KitLine, "note", on="text"), []),
            (within(KitLine, "id", on="text"), ["o-3"]),
            (within(KitLine, "order", within(KitOrder, "id", eq("place", 1), on="order")), ["o-2"]),
            (within(KitOrder, "id", eq("place", 1)), ["o-2", "o-3"]),
        ],
    )
    def test_semi_join(self, bench: Bench, condition: Condition, wanted: list[str]) -> None:
        """`within` takes the values of a field among what matches, nested and over the same kind too."""
        _trade(bench)
        assert bench.ids(KitOrder, condition) == wanted
        assert bench.count(KitOrder, condition) == len(wanted)

    def test_semi_join_from_part_to_parent(self, bench: Bench) -> None:
        """Parts are found by what their parents are."""
        _trade(bench)
        assert bench.ids(KitLine, within(KitOrder, "id", eq("place", 0), on="order")) == ["o-1/1", "o-1/2"]

    def test_semi_join_joins_other_conditions(self, bench: Bench) -> None:
        """Two semi-joins and a plain condition hold together."""
        _trade(bench)
        both = (within(KitLine, "order", eq("product", name)) for name in ("p-1", "p-2"))
        assert bench.ids(KitOrder, *both, eq("place", 0)) == ["o-1"]

    @pytest.mark.parametrize("method", ["find", "count"])
    def test_unknown_field_is_refused(self, bench: Bench, method: str) -> None:
        """A field that the kind lacks is named in an error, never sent to the database."""
        with pytest.raises(MalformedInput) as caught:
            getattr(bench, method)(KitOrder, eq("text; --", "x"))
        assert caught.value.code == "query.field"
