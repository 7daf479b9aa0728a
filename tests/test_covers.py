"""The matrix of functions and tests is complete, true to the tests, and up to date."""

from collections import Counter

import pytest

from tests import covers as matrix
from tests.covers import covers


def written(tmp_path, source):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_sample.py").write_text(source, encoding="utf-8")
    return [tuple(claim) for claim in matrix.claims(tmp_path / "tests")]


def test_the_inventory_is_whole():
    functions = matrix.inventory()
    assert len({function.id for function in functions}) == 204
    assert Counter(function.id[:2] for function in functions) == {
        "XT": 42,
        "UF": 56,
        "SC": 38,
        "KT": 37,
        "FP": 31,
    }
    assert Counter(function.release for function in functions) == {"R1": 98, "R2": 88, "H": 12, "X": 6}
    assert all(function.name for function in functions)
    assert all(matrix.rules().values())


@covers("KT-25")
def test_every_claim_is_known():
    assert matrix.unknown(matrix.claims(matrix.ROOT / "tests")) == []


@covers("KT-25")
def test_the_page_is_up_to_date():
    assert matrix.PAGE.read_text(encoding="utf-8") == matrix.current(), f"run {matrix.COMMAND}"


def test_marks_of_modules_classes_and_functions_add_up(tmp_path):
    source = """
pytestmark = [pytest.mark.slow, covers("R-01")]
@covers("XT-03", "R-06")
@given(integers())
def test_one(n): ...
@covers("XT-04")
class TestMany:
    @pytest.mark.covers("XT-05", "XT-04")
    async def test_two(self): ...
    def helper(self): ...
def helper(): ...
"""
    assert written(tmp_path, source) == [
        ("R-01", "tests/test_sample.py::test_one"),
        ("XT-03", "tests/test_sample.py::test_one"),
        ("R-06", "tests/test_sample.py::test_one"),
        ("R-01", "tests/test_sample.py::TestMany::test_two"),
        ("XT-04", "tests/test_sample.py::TestMany::test_two"),
        ("XT-05", "tests/test_sample.py::TestMany::test_two"),
    ]


def test_a_state_machine_without_tests_of_its_own_is_named_itself(tmp_path):
    source = '@covers("XT-26")\nclass Machine(RuleBasedStateMachine):\n    def step(self): ...\n'
    assert written(tmp_path, source) == [("XT-26", "tests/test_sample.py::Machine")]


def test_an_id_that_cannot_be_read_off_is_refused(tmp_path):
    with pytest.raises(TypeError, match=r"test_sample\.py:1"):
        written(tmp_path, "@covers(SOME_ID)\ndef test_one(): ...\n")


def test_an_unknown_id_is_named_with_its_test():
    claim = matrix.Claim("XT-99", "tests/test_sample.py::test_one")
    assert matrix.unknown([claim]) == ["tests/test_sample.py::test_one covers XT-99, which is unknown"]
