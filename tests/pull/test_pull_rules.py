"""What is kept of taking in: counts, cursors and the quarantine, as pure rules."""

from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.host_numbers import HostNumber, NumberUse, RecordHostNumber, number_id, record_number
from pharmacrm.core.kernel.ids import as_id
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.pull import (
    AsideState,
    PullCursor,
    PullRun,
    QuarantinedItem,
    RecordPull,
    SetItemAside,
    Sum,
    Totals,
    item_key,
)
from pharmacrm.core.pull.rules import added_up, dismiss, record_pull, retry, set_aside, settle
from tests.covers import covers

AT = datetime(2026, 11, 21, 2, tzinfo=UTC)
RUN = PullRun(id="1", source="erp", document="f", at=AT)


def yuan(cents: int, currency: str = "CNY") -> Money:
    return Money.of_minor(cents, currency)


def pull(**more: Any) -> RecordPull:
    return RecordPull(**({"source": "erp", "before": "", "cursor": "c"} | more))


@covers("UF-54")
def test_counts_are_added_to_the_run_and_the_cursor_moves() -> None:
    first = record_pull(pull(done=2, finished=False, claimed=Totals(rows=5)), None, RUN, at=AT)
    run = first.expect()
    assert (run.rows, run.finished, run.agrees, first.events) == (2, False, False, ())
    cursor = PullCursor(id="erp", version=1, cursor="c")
    second = record_pull(pull(before="c", cursor="d", repeated=1, held=1, aside=1), cursor, run, at=AT)
    assert (second.expect().rows, second.expect().agrees) == (5, True)
    assert [event.topic() for event in second.events] == ["DocumentTakenIn"]
    assert any(
        isinstance(change.entity, PullCursor) and change.entity.cursor == "d"  # type: ignore[union-attr]  # saves only
        for change in second.changes
    )


def test_whoever_comes_second_moves_nothing() -> None:
    late = record_pull(pull(before="a"), PullCursor(id="erp", version=1, cursor="b"), RUN, at=AT)
    assert (late.codes, late.changes) == (("pull.overtaken",), ())


@pytest.mark.parametrize(
    ("claimed", "agrees"),
    [
        (None, True),
        (Totals(rows=2, amounts=(yuan(500),)), True),
        (Totals(rows=2, amounts=(yuan(500), yuan(0, "USD"))), True),
        (Totals(rows=3, amounts=(yuan(500),)), False),
        (Totals(rows=2, amounts=(yuan(501),)), False),
        (Totals(rows=2), False),
        (Totals(rows=2, amounts=(yuan(500, "USD"),)), False),
    ],
)
def test_a_run_agrees_to_the_cent(claimed: Totals | None, agrees: bool) -> None:
    sums = (Sum(yuan(300), yuan(0), yuan(200)),)
    assert evolve(RUN, done=1, aside=1, sums=sums, claimed=claimed, finished=True).agrees is agrees
    assert not evolve(RUN, done=1, aside=1, sums=sums, claimed=claimed).agrees


_sums = st.builds(
    lambda taken, held, aside, currency: Sum(
        yuan(taken, currency), yuan(held, currency), yuan(aside, currency)
    ),
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.sampled_from(["CNY", "USD", "EUR"]),
)


@given(st.lists(_sums, max_size=8), st.integers(0, 8))
def test_sums_add_up_in_any_parts(sums: list[Sum], cut: int) -> None:
    assert added_up((*added_up(sums[:cut]), *added_up(sums[cut:]))) == added_up(sums)
    assert sum(each.whole.minor for each in added_up(sums)) == sum(each.whole.minor for each in sums)


@given(st.text(min_size=1), st.text(min_size=1), st.text(min_size=1))
def test_keys_are_ids_and_differ_where_items_do(source: str, one: str, other: str) -> None:
    assert as_id(item_key(source, one)) == item_key(source, one)
    assert (item_key(source, one) == item_key(source, other)) == (one == other)


# -------------------------------------------------------------------------------------------- quarantine


def aside(**more: Any) -> SetItemAside:
    fields = {"id": "I-1", "source": "erp", "item": "f:2", "payload": "{}", "digest": "d", "command": "X"}
    return SetItemAside(**(fields | more))


def item(**more: Any) -> QuarantinedItem:
    return evolve(set_aside(aside(), None).expect(), version=1, **more)


def test_the_same_again_changes_nothing_and_another_content_opens_it_again() -> None:
    assert set_aside(aside(), item()).changes == ()
    assert set_aside(aside(), item(state=AsideState.DISMISSED)).changes == ()
    again = set_aside(aside(digest="e"), item(state=AsideState.DISMISSED)).expect()
    assert (again.state, again.version) == (AsideState.OPEN, 1)
    assert set_aside(aside(), item(state=AsideState.RETRY)).expect().state is AsideState.OPEN


@pytest.mark.parametrize(
    ("state", "retried", "dismissed", "settled"),
    [
        (AsideState.OPEN, "retry", "dismissed", "done"),
        (AsideState.RETRY, "retry", "dismissed", "done"),
        (AsideState.DONE, None, None, "done"),
        (AsideState.DISMISSED, None, None, "dismissed"),
    ],
)
def test_what_may_become_of_an_item(
    state: AsideState, retried: str | None, dismissed: str | None, settled: str
) -> None:
    held = item(state=state)
    for answer, wanted in [
        (retry(held), retried),
        (dismiss(held, "两次"), dismissed),
        (settle(held), settled),
    ]:
        assert (answer.value.state.value if answer.value else None) == wanted
        assert answer.codes == (() if wanted else ("quarantine.closed",))


def test_what_could_not_be_read_cannot_be_tried_again() -> None:
    assert retry(item(payload="")).codes == ("quarantine.no_content",)


# ------------------------------------------------------------------------------------------ host numbers


def _number(id: str, number: str, held: HostNumber | None = None, use: NumberUse | None = None) -> Any:
    return record_number(RecordHostNumber(id=id, number=number), held, use, system="erp")


@covers("UF-54")
def test_plugins_076_one_number_for_one_thing() -> None:
    first = _number("SO-1", "45").expect()
    use = NumberUse(id=number_id("erp", "order", "number", "45"), version=1, subject="SO-1")
    assert _number("SO-1", "45", first, use).changes == ()
    assert _number("SO-1", "46", first).codes == ("host_number.twice",)
    assert _number("SO-2", "45", None, use).codes == ("host_number.taken",)
    assert set(_number("SO-2", "45", evolve(first, subject="SO-2", number="9"), use).codes) == {
        "host_number.twice",
        "host_number.taken",
    }


@given(
    st.lists(st.text(min_size=1), min_size=3, max_size=3),
    st.lists(st.text(min_size=1), min_size=3, max_size=3),
)
def test_ids_of_numbers_differ_where_their_parts_do(one: list[str], other: list[str]) -> None:
    assert (number_id(*one) == number_id(*other)) == (one == other)
