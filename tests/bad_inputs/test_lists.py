"""Every scenario of the lists `approvals` and `credit_receivables` has a test, or a word on why not yet.

A test is found by its name (`test_approvals_012_and_060_...`) or named here. What the engine lacks stands in
`LATER` with a test of what it does instead: a clear refusal, or something that cannot be said at all.
"""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
FILE = TESTS / "data" / "bad_inputs_scenarios.json"
LISTS: dict[str, list[dict[str, str]]] = json.loads(FILE.read_text(encoding="utf-8"))
ENTRIES = [entry["id"] for entries in LISTS.values() for entry in entries]
_NAME = re.compile(r"(approvals|credit_receivables)_(\d{3}(?:(?:_and|_to|_or)?_\d{3})*)")

KEYS, SCENARIOS, RACE = "door/test_keys.py", "bad_inputs/test_scenarios.py", "race/test_race.py"
DELIVERY = "plugins/test_delivery.py"
HOT = "one_hot_account_is_never_over_its_limit_and_refuses_nothing_that_fits"
RETRIED = "test_a_failing_plugin_is_tried_again_later_and_later_and_then_given_up"
REUSED = "test_ids_080_and_081_another_command_or_actor_is_refused_and_journalled"
ROUTES, MISTAKES = "approval/test_routes.py", "approval/test_route_mistakes.py"
MISTAKE = f"{MISTAKES}::test_each_mistake_is_named_with_its_place"
TAKEN_BACK = f"{ROUTES}::test_only_the_requester_changes_and_withdraws_and_only_before_the_end"
NAMED = {
    "approvals-007": f"{ROUTES}::test_why_not_me",
    **dict.fromkeys(("approvals-010", "approvals-011"), TAKEN_BACK),
    **dict.fromkeys((f"approvals-{n:03d}" for n in (24, 27, 28, 29, 30)), MISTAKE),
    "approvals-026": f"{ROUTES}::test_one_person_for_two_signatures_is_found_before_anybody_waits",
    "approvals-040": "flows/test_documents.py::test_editing_a_route_never_touches_what_is_under_way",
    "approvals-041": "approval/test_questions.py::test_a_route_that_is_not_there_is_named",
    "approvals-055": "door/test_rights.py::test_two_tenants_never_see_each_other",
    "approvals-058": f"{KEYS}::{REUSED}",
    "approvals-065": f"{DELIVERY}::{RETRIED}",
    "credit_receivables-004": "credit/test_reservations.py::test_without_credit_nothing_is_reserved",
    "credit_receivables-028": f"{SCENARIOS}::test_dates_084_money_that_came_before_the_order_is_on_account",
    "credit_receivables-034": f"{RACE}::{HOT}",
    "credit_receivables-037": f"{KEYS}::test_the_first_answer_again_with_the_record_as_it_is_now",
}
BY_DRIVER = {"approvals-067": "T1", "credit_receivables-036": "T1"}
"""Power cuts and kill -9: kept by the crash driver, by the name of its promise in `pharmacrm.testing`."""


@cache
def functions(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def by_name() -> set[str]:
    """The entries that tests carry in their names; `017_to_021` means all of them."""
    found: set[str] = set()
    for path in TESTS.rglob("test_*.py"):
        for name in functions(path):
            for family, numbers in _NAME.findall(name):
                for first, last in re.findall(r"(\d{3})(?:_to_(\d{3}))?", numbers):
                    span = range(int(first), int(last or first) + 1)
                    found |= {f"{family}-{number:03d}" for number in span}
    return found


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_entry_is_proved(entry: str) -> None:
    assert entry in by_name() | NAMED.keys() | BY_DRIVER.keys()


def test_nothing_else_is_named() -> None:
    assert NAMED.keys() | BY_DRIVER.keys() <= set(ENTRIES)
    assert by_name() <= set(ENTRIES)
    assert not NAMED.keys() & by_name()


@pytest.mark.parametrize("test", sorted(set(NAMED.values())))
def test_the_tests_named_exist(test: str) -> None:
    path, _, name = test.partition("::")
    assert name in functions(TESTS / path)


def test_the_lists_are_whole() -> None:
    assert len(ENTRIES) == 67 + 37
