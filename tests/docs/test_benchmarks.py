"""The benchmarks run: small, so that their figures say nothing, and never asserted as times."""

import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

import benchmarks
from benchmarks import ageing, flow, inbox, place_order
from benchmarks.table import PERFORMANCE, replaced

THEIRS = "benchmarks.peer.theirs"
"""Runs in the environment of the peer."""


@pytest.mark.parametrize(
    "name", [each.name for each in pkgutil.walk_packages(benchmarks.__path__, "benchmarks.")]
)
def test_each_can_be_loaded(name: str) -> None:
    if name != THEIRS:
        import_module(name)


def test_an_order_costs_as_many_statements_and_rows_however_many_are_open(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place_order, "MANY_OPEN", 60)
    found = place_order.measure(sqlite_url, "SQLite", pairs=1, orders=3)
    assert found.few.statements == found.many.statements > 0
    assert found.few.rows == found.many.rows > 0
    assert all(value for _, value in found.rows())


def test_the_way_to_the_first_slip(sqlite_url: str) -> None:
    assert flow.measure(sqlite_url, "SQLite", orders=2)


def test_ageing_beside_sql_by_hand_gives_the_same_amounts(sqlite_url: str) -> None:
    found = ageing.measured(sqlite_url, rows=600, pairs=1)
    assert list(found) == ["today", "90 days ago"]
    for each in found.values():
        assert each.rows == 600
        assert len(each.ours) == len(each.by_hand) == 1


def test_figures_stand_between_the_marks_of_their_name() -> None:
    page = "a\n<!-- measured: x -->\nold\n<!-- end of measured: x -->\nb"
    new = replaced(page, "x", "new")
    assert new == page.replace("old", "new")
    assert "<!-- measured: ageing -->" in PERFORMANCE.read_text(encoding="utf-8")


def test_the_inbox_beside_sql_by_hand_gives_the_same_items_in_as_many_statements(tmp_path: Path) -> None:
    few, many = (
        inbox.measured(f"sqlite:///{tmp_path / name}", requests=requests, pairs=1)
        for name, requests in (("few", 3_000), ("many", 6_000))
    )
    assert [one.items for one in few] == [one.items for one in many] == [inbox.LIMIT] * 2
    assert [one.statements for one in few] == [one.statements for one in many]
    assert all(0 < one.statements < 40 for one in many)
    assert len(many[0].ours) == len(many[1].by_hand) == 1
