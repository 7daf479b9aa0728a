"""The reference names every hook, the fields of its context, its answers, its faults, and an example."""

import ast
import re
from pathlib import Path

import pytest
from attrs import fields

from pharmacrm.plugins import types
from pharmacrm.plugins.hookspecs import API
from pharmacrm.plugins.loading import HOOKS
from pharmacrm.plugins.manager import KEPT, OURS
from pharmacrm.plugins.wall.calling import SLOW
from tests.covers import covers

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "hooks.md").read_text(encoding="utf-8")
SECTIONS = {part.partition("\n")[0]: part for part in PAGE.split("\n## ")}
ANSWERS = {
    "pharmacrm_register": ("Domain",),
    "pharmacrm_store": ("Store", "None"),
    "pharmacrm_check": ("Reason", "None"),
    "pharmacrm_deliver": ("Delivered", "RetryAfter", "Reject"),
    "pharmacrm_pull": ("Pulled", "RetryAfter"),
    "pharmacrm_calendar": ("WorkCalendar", "None"),
    "pharmacrm_approvers": ("Appointed", "None"),
    "pharmacrm_signature": ("Signed", "NotSigned", "None"),
    "pharmacrm_fault": ("None",),
    "pharmacrm_anchor": ("None",),
    "pharmacrm_anchored": ("Anchor",),
}


@covers("SC-38")
def test_every_hook_has_a_section_and_no_other_is_named() -> None:
    assert tuple(name for name in SECTIONS if name.startswith("pharmacrm_")) == HOOKS
    assert set(re.findall(r"pharmacrm_[a-z]+", PAGE)) == set(HOOKS)
    assert set(ANSWERS) == set(HOOKS)


@pytest.mark.parametrize("hook", HOOKS)
def test_a_section_says_what_is_given_answered_and_done_about_faults(hook: str) -> None:
    section = SECTIONS[hook]
    kind = getattr(types, f"{hook.removeprefix('pharmacrm_').capitalize()}Context")
    table = section.partition(f"| field of `{kind.__name__}` |")[2].partition("\n\n")[0]
    named = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", table, re.MULTILINE)
    assert re.findall(r"\w+", " ".join(named)) == [field.name for field in fields(kind)]
    answers = section.partition("**May answer**")[2].partition("\n\n")[0]
    assert [name for name in ANSWERS[hook] if f"`{name}" not in answers] == []
    assert "**On a fault**" in section
    [code, *_] = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    assert f"def {hook}(self, context" in code


def test_the_plugin_has_fifteen_lines() -> None:
    code = re.findall(r"```python\n(.*?)```", SECTIONS["A plugin in fifteen lines"], re.DOTALL)[0]
    body = ast.get_source_segment(
        code, next(node for node in ast.parse(code).body if isinstance(node, ast.ClassDef))
    )
    assert body is not None
    imports = [line for line in code.splitlines() if line.startswith(("import", "from"))]
    assert len([line for line in [*imports, *body.splitlines()] if line]) <= 15


def test_the_numbers_are_the_codes() -> None:
    assert f"this is `{API}`" in PAGE
    assert f"{SLOW} s" in PAGE
    assert f"newest {KEPT:,} faults" in PAGE
    for plugin in OURS:
        assert f"`{plugin.name}`" in SECTIONS["A plugin in fifteen lines"]


def test_what_cannot_be_contained_is_said() -> None:
    last = SECTIONS["What the wall keeps in, and what it cannot"]
    assert [
        word for word in ("os._exit", "hangs", "threads", "KeyboardInterrupt", "locale") if word not in last
    ] == []
