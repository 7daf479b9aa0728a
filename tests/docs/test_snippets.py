"""Every Python block of the README and of the manual is run, and what it prints is what the page shows."""

import re
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Engine

from pharmacrm import PharmaCRM
from tests.covers import covers

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NEEDED = {"docs/how-to/async-hosts.md": ("greenlet", "aiosqlite")}
"""Packages that a page asks its reader to install."""


def pages() -> list[str]:
    found = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [
        page.relative_to(ROOT).as_posix() for page in found if "```python" in page.read_text(encoding="utf-8")
    ]


def blocks(text: str) -> Iterator[tuple[int, str, str]]:
    """Each Python block: its line, its code, and the text block that stands next, as what it prints."""
    found = list(BLOCK.finditer(text))
    for match, after in zip(found, [*found[1:], None], strict=True):
        if match[1] != "python":
            continue
        shown = after is not None and after[1] == "text" and not text[match.end() : after.start()].strip()
        yield text.count("\n", 0, match.start(2)), match[2], after[2] if after and shown else ""


@pytest.fixture
def page_module() -> Iterator[ModuleType]:
    """The module in which a page's blocks run one after the other; what they opened is closed."""
    module = ModuleType("a_page_of_the_manual")
    sys.modules[module.__name__] = module
    yield module
    del sys.modules[module.__name__]
    for value in list(vars(module).values()):
        if isinstance(value, PharmaCRM):
            value.close()
        if isinstance(value, Engine):
            value.dispose()


@covers("KT-25", "SC-38")
@pytest.mark.parametrize("page", pages())
def test_page(page: str, page_module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in NEEDED.get(page, ()):
        pytest.importorskip(package)
    monkeypatch.chdir(tmp_path)
    for line, code, shown in blocks((ROOT / page).read_text(encoding="utf-8")):
        printed = StringIO()
        with redirect_stdout(printed):
            exec(compile("\n" * line + code, page, "exec"), vars(page_module))
        assert printed.getvalue().strip() == shown.strip(), f"{page}, the block at line {line}"


def test_blocks_are_taken_with_what_they_print() -> None:
    text = "x\n```python\na\n```\n\n```text\n1\n```\n\n```python\nb\n```\nno\n\n```text\n2\n```\n"
    assert list(blocks(text)) == [(2, "a\n", "1\n"), (10, "b\n", "")]


def test_every_page_with_code_is_run() -> None:
    assert {"README.md", "docs/tutorial/first-order.md", "docs/how-to/write-a-plugin.md"} <= set(pages())
