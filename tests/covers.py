"""Which tests prove which functions and rules: the mark `covers`, and the table made from it.

    from tests.covers import covers

    @covers("XT-03", "R-06")
    def test_no_step_before_its_turn(): ...

`python -m tests.covers --write` writes docs/reference/coverage.md; without the option it says whether the
page is up to date. Tests are read, not imported, so that the page depends on nothing but their text.
"""

import ast
import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reference" / "coverage.md"
COMMAND = "python -m tests.covers --write"
SOURCES = {
    "XT": "CRM for pharmaceutical manufacturers and distributors (XTools)",
    "UF": "CRM for pharma in eight modules (UF)",
    "SC": "SCRM, four pain points",
    "KT": "An implementation case (Kangtai)",
    "FP": "Pharma CRM for hospitals and doctors (Fanpu)",
}
RELEASES = {"R1": "first release", "R2": "next", "H": "port or hook only", "X": "out of a library's reach"}


def covers(*ids: str) -> pytest.MarkDecorator:
    """Say which functions (XT-03) and rules (R-06) of the inventory a test, or a class of tests, proves."""
    return pytest.mark.covers(*ids)


class Function(NamedTuple):
    """One row of the inventory."""

    id: str
    name: str
    release: str


class Claim(NamedTuple):
    """One test that says it proves one function or rule."""

    id: str
    test: str


def inventory(root: Path = ROOT) -> list[Function]:
    with (root / "tests" / "data" / "inventory.csv").open(encoding="utf-8", newline="") as file:
        return [Function(row["id"], row["function"], row["release"]) for row in csv.DictReader(file)]


def rules(root: Path = ROOT) -> dict[str, str]:
    with (root / "tests" / "data" / "rules.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["title"] for row in csv.DictReader(file)}


def claims(folder: Path) -> list[Claim]:
    """Every claim in the test files of a folder, in order of file and place."""
    found: list[Claim] = []
    for path in sorted(folder.rglob("test_*.py")):
        place = path.relative_to(folder.parent).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=place)
        for names, ids in _marked(tree.body, _module_ids(tree, place), place):
            found.extend(Claim(id_, f"{place}::{names}") for id_ in ids)
    return found


def _marked(body: Iterable[ast.stmt], inherited: list[str], place: str) -> Iterator[tuple[str, list[str]]]:
    """Names and ids of tests; a class hands its ids to its tests, or keeps them where there are none."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            ids = inherited + _ids(node.decorator_list, place)
            tests = list(_marked(node.body, ids, place))
            yield from ((f"{node.name}::{name}", theirs) for name, theirs in tests)
            if not tests and ids != inherited:
                yield node.name, _once(ids)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            ids = inherited + _ids(node.decorator_list, place)
            if ids:
                yield node.name, _once(ids)


def _module_ids(tree: ast.Module, place: str) -> list[str]:
    """Ids of `pytestmark = covers(...)`, alone or in a list."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(getattr(to, "id", "") == "pytestmark" for to in node.targets):
            marks = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
            return _ids(marks, place)
    return []


def _ids(marks: Iterable[ast.expr], place: str) -> list[str]:
    """Ids in those of the decorators that are `covers(...)` or `pytest.mark.covers(...)`."""
    ids: list[str] = []
    for mark in marks:
        if not isinstance(mark, ast.Call):
            continue
        if getattr(mark.func, "id", None) != "covers" and getattr(mark.func, "attr", None) != "covers":
            continue
        for argument in mark.args:
            if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                message = f"{place}:{mark.lineno}: covers() takes ids written out as strings"
                raise TypeError(message)
            ids.append(argument.value)
    return ids


def _once(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))


def unknown(found: Iterable[Claim], root: Path = ROOT) -> list[str]:
    """What is claimed but stands in neither table."""
    known = {function.id for function in inventory(root)} | set(rules(root))
    return [f"{claim.test} covers {claim.id}, which is unknown" for claim in found if claim.id not in known]


def page(found: Iterable[Claim], functions: list[Function], titles: Mapping[str, str]) -> str:
    """The whole text of docs/reference/coverage.md."""
    tests: dict[str, list[str]] = {}
    for claim in found:
        tests.setdefault(claim.id, []).append(claim.test)
    parts = [_head(tests, functions, titles)]
    for source, title in SOURCES.items():
        rows = [(f.id, f.name, f.release) for f in functions if f.id.startswith(source)]
        parts.append(_table(title, ("id", "function", "release"), rows, tests))
    parts.append(_table("Rules", ("id", "rule"), list(titles.items()), tests))
    return "\n".join(parts)


def _head(tests: Mapping[str, list[str]], functions: list[Function], titles: Mapping[str, str]) -> str:
    marks = Counter(f.release for f in functions)
    proved = Counter(f.release for f in functions if f.id in tests)
    lines = [
        "# What is covered by tests",
        "",
        f"Made by `{COMMAND}` from the mark `covers` on the tests; a test fails if this page is out of date.",
        "A function counts as covered as soon as one test names it: the tests say how far.",
        "",
        "| release | functions | covered |",
        "|---|---:|---:|",
        *(f"| {mark}: {words} | {marks[mark]} | {proved[mark]} |" for mark, words in RELEASES.items()),
        f"| all | {len(functions)} | {proved.total()} |",
        f"| rules | {len(titles)} | {sum(id_ in tests for id_ in titles)} |",
        "",
    ]
    return "\n".join(lines)


def _table(
    title: str, columns: Iterable[str], rows: Iterable[tuple[str, ...]], tests: Mapping[str, list[str]]
) -> str:
    names = [*columns, "tests"]
    lines = [f"## {title}", "", f"| {' | '.join(names)} |", "|" + "---|" * len(names)]
    for row in rows:
        cell = "<br>".join(f"`{test.removeprefix('tests/')}`" for test in tests.get(row[0], ()))
        lines.append(f"| {' | '.join(text.replace('|', chr(92) + '|') for text in row)} | {cell} |")
    return "\n".join([*lines, ""])


def current(root: Path = ROOT) -> str:
    """The page as the tests of the checkout make it; an unknown id is an error."""
    found = claims(root / "tests")
    if wrong := unknown(found, root):
        raise ValueError("\n".join(wrong))
    return page(found, inventory(root), rules(root))


def main(arguments: list[str]) -> int:
    """Write the page (`--write`), or say whether it is up to date."""
    text = current()
    if "--write" in arguments:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(text, encoding="utf-8", newline="\n")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        sys.stderr.write(f"{PAGE.relative_to(ROOT)} is out of date: run {COMMAND}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
