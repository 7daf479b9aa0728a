"""The README keeps its promises: it is short, and its two commands are those that the project runs."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
TEST_COMMAND = "python -m pytest"


@pytest.mark.parametrize(
    ("place", "most"), [(0, 20), (1, 6), (2, 15)], ids=["quickstart", "transaction", "plugin"]
)
def test_snippets_are_as_short_as_promised(place: int, most: int) -> None:
    assert len([line for line in BLOCKS[place].splitlines() if line.strip()]) <= most


def test_the_readme_is_one_screen() -> None:
    assert len(README.splitlines()) <= 90


def test_the_test_command_is_the_one_that_ci_runs() -> None:
    assert f'pip install -e ".[dev]" && {TEST_COMMAND}\n' in README
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(rf"{TEST_COMMAND} 2>&1", ci)
    assert 'pip install --quiet -e ".[dev]"' in ci


def test_the_commands_name_extras_and_a_script_that_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(re.findall(r'-e "\.\[(\w+)\]"', README)) <= set(project["optional-dependencies"])
    assert {"pharmacrm"} == set(re.findall(r"&& (\w+) demo", README)) <= set(project["scripts"])


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_links_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([\w/.-]+?)(?:#[\w-]*)?\)", (ROOT / page).read_text(encoding="utf-8"))
    assert links
    assert not [link for link in links if not (ROOT / link).exists()]


def test_the_chinese_readme_says_the_same() -> None:
    chinese = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", chinese, re.DOTALL | re.MULTILINE)
    assert [_bare(block) for block in blocks] == [_bare(block) for block in BLOCKS]
    assert re.findall(r"^    pip .*$", chinese, re.MULTILINE) == re.findall(
        r"^    pip .*$", README, re.MULTILINE
    )


def _bare(block: str) -> str:
    """Code without what may differ: comments, docstrings, and the language that is asked for."""
    code = re.sub(r'""".*?"""', "", re.sub(r"  # .*", "", block))
    return code.replace('explain("zh-CN")', "explain()")
