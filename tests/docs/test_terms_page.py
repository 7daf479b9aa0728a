"""The parameters on the page of payment terms are those of the functions."""

import inspect
import re
from pathlib import Path

import pytest

from pharmacrm import schedule, schedules, taxable

PAGE = (
    (Path(__file__).parents[2] / "docs/reference/terms.md").read_text(encoding="utf-8").split("## Grammar")[0]
)
ROWS = re.findall(r"^\| `(\w+)` \| ([^|]+) \| [^|]+ \| ([^|]+) \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("function", [schedule, schedules, taxable])
def test_every_parameter_stands_in_the_table(function):
    name = f"`{function.__name__}`"
    told = {row: default for row, of, default in ROWS if name in of or of == "all three"}
    needed = {
        row for row, default in told.items() if default == "required" or f"required by {name}" in default
    }
    real = inspect.signature(function).parameters
    assert set(told) == set(real)
    assert needed == {each.name for each in real.values() if each.default is inspect.Parameter.empty}
