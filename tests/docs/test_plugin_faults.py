"""The page on faults says what the code does: its numbers, and which hooks may be isolated."""

from pathlib import Path

from pharmacrm.plugins.isolation.channel import LONGEST
from pharmacrm.plugins.isolation.host import MOST_STARTS, REST
from pharmacrm.plugins.isolation.travelling import ANSWERS
from pharmacrm.plugins.loading import HOOKS

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "plugin-faults.md").read_text(encoding="utf-8")


def test_every_hook_that_may_be_isolated_is_named_and_no_other() -> None:
    named = PAGE.partition("**What can be isolated:**")[2].partition("What `pharmacrm_register`")[0]
    assert [hook for hook in HOOKS if f"`{hook}`" in named] == [hook for hook in HOOKS if hook in ANSWERS]


def test_the_numbers_are_the_codes() -> None:
    assert (LONGEST, MOST_STARTS, REST) == (4_000_000, 5, 60.0)
    assert "more than 4 MB" in PAGE
    assert "after five starts within a minute" in PAGE
