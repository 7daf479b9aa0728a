"""What changed between two revisions: laws of comparing, applying and numbering; what a snapshot holds."""

from collections.abc import Callable

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.engines.revisions import (
    Cell,
    Difference,
    FieldChange,
    LineChange,
    LineFate,
    Row,
    Snapshot,
    apply,
    compare,
    numbered,
    reverse,
)
from pharmacrm.core.kernel.errors import MalformedInput
from tests.covers import covers

names = st.sampled_from(("buyer", "price", "quantity", "terms"))
values = st.sampled_from(("", "1", "2", "net 30", "阿莫西林"))


@st.composite
def cells(draw: st.DrawFn) -> tuple[Cell, ...]:
    found = draw(st.dictionaries(names, values, max_size=4))
    return tuple(Cell(name, found[name]) for name in sorted(found))


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    lines = draw(st.dictionaries(st.integers(1, 5), cells(), max_size=4))
    return Snapshot(draw(cells()), tuple(Row(number, lines[number]) for number in sorted(lines)))


@covers("XT-15")
@given(snapshots(), snapshots())
def test_a_difference_leads_there_and_back(before: Snapshot, after: Snapshot) -> None:
    difference = compare(before, after)
    assert apply(before, difference) == after
    assert apply(after, reverse(difference)) == before
    assert reverse(difference) == compare(after, before)
    assert bool(difference) is (before != after) is (before.content != after.content)


@given(snapshots(), snapshots(), snapshots())
def test_a_difference_is_for_what_was_compared(before: Snapshot, after: Snapshot, other: Snapshot) -> None:
    """Applied to something else it is refused, unless what it touches is the same there."""
    try:
        found = apply(other, compare(before, after))
    except MalformedInput:
        assert other != before
    else:
        assert compare(other, found) == compare(before, after)


WAS = Snapshot(
    (Cell("terms", "net 60"), Cell("valid_until", "2026-03-01")),
    (Row(1, (Cell("price", "1.25"), Cell("product", "A"))), Row(2, (Cell("product", "B"),))),
)
NOW = Snapshot(
    (Cell("note", "加急"), Cell("terms", "net 30")),
    (Row(1, (Cell("price", "1.20"), Cell("product", "A"))), Row(3, (Cell("product", "C"),))),
)


def test_a_difference_names_each_field_from_what_to_what() -> None:
    assert compare(WAS, NOW) == Difference(
        head=(
            FieldChange("note", None, "加急"),
            FieldChange("terms", "net 60", "net 30"),
            FieldChange("valid_until", "2026-03-01", None),
        ),
        lines=(
            LineChange(1, LineFate.CHANGED, (FieldChange("price", "1.25", "1.20"),)),
            LineChange(2, LineFate.REMOVED, (FieldChange("product", "B", None),)),
            LineChange(3, LineFate.ADDED, (FieldChange("product", None, "C"),)),
        ),
    )
    assert not compare(WAS, WAS)
    assert [fate.zh for fate in LineFate] == ["新增", "删除", "修改"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda difference: evolve(difference, head=(FieldChange("terms", "net 90", "net 30"),)),
        lambda difference: evolve(difference, head=(FieldChange("note", "x", None),)),
        lambda difference: evolve(difference, lines=(LineChange(2, LineFate.ADDED, ()),)),
        lambda difference: evolve(difference, lines=(LineChange(9, LineFate.REMOVED, ()),)),
        lambda difference: evolve(difference, lines=(LineChange(9, LineFate.CHANGED, ()),)),
    ],
)
def test_what_was_not_compared_is_refused(spoil: Callable[[Difference], Difference]) -> None:
    with pytest.raises(MalformedInput) as caught:
        apply(WAS, spoil(compare(WAS, NOW)))
    assert caught.value.code == "revision.mismatch"


def test_the_parts_of_a_snapshot_change_by_themselves() -> None:
    assert WAS.part() != NOW.part()
    assert WAS.part() == evolve(WAS, head=()).part()
    assert WAS.part({"terms"}) == evolve(WAS, lines=()).part({"terms"}) != NOW.part({"terms"})
    assert WAS.part(()) == NOW.part(())


things = st.lists(st.sampled_from("ABC"), max_size=6)


@given(things, things, things)
def test_a_line_keeps_its_number_and_no_number_comes_back(
    first: list[str], second: list[str], third: list[str]
) -> None:
    """Over any revisions: numbers are unique, what stays keeps its own, what went never comes back."""
    last, before = 0, list[tuple[int, str]]()
    ever: dict[int, str] = {}
    for wanted in (first, second, third):
        found = numbered(before, wanted, last=last)
        assert len(set(found)) == len(found) == len(wanted)
        for number, thing in zip(found, wanted, strict=True):
            assert ever.setdefault(number, thing) == thing
            assert number <= last or number not in dict(before)
        for thing in "ABC":
            kept = min(wanted.count(thing), sum(one == thing for _, one in before))
            assert (
                sum(number <= last for number, one in zip(found, wanted, strict=True) if one == thing) == kept
            )
        last = max((last, *found))
        before = sorted(zip(found, wanted, strict=True))
    assert sorted(ever) == list(range(1, last + 1))
