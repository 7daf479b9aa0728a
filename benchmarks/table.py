"""Measured figures as a Markdown table, and their place on a page of the documentation."""

import argparse
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from pharmacrm.testing.targets import database, kinds_of

BEGIN, END = "<!-- measured -->", "<!-- end of measured -->"
PERFORMANCE = Path(__file__).parent.parent / "docs" / "explanation" / "performance.md"
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mariadb": "MariaDB"}
"""How the page calls the databases."""

Rows = list[tuple[str, str]]
"""Figures: what was measured, and what came out."""


def table(rows: Rows) -> str:
    """The figures as a Markdown table, with the machine they were taken on."""
    machine = f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    lines = [f"Measured on {machine}; a shared machine, so that only ratios of one run say anything.", ""]
    lines += ["| what | figure |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows)]
    return "\n".join(lines)


def replaced(page: str, name: str, found: str) -> str:
    """The page with other figures between the marks of a name."""
    begin, end = f"<!-- measured: {name} -->", f"<!-- end of measured: {name} -->"
    before, rest = page.split(begin)
    return f"{before}{begin}\n{found}\n{end}{rest.split(end)[1]}"


def measure_databases(
    section: str, says: str | None, measure: Callable[[str, str, int, int], Rows], *, size: str, of: int
) -> None:
    """Measure the databases that the command line names, print the figures, and write the page if asked.

    `measure` is given the URL of a database, its name, and how much and how often to measure; `size` names
    the option for how much, `of` is the size without it. `section` names the place on the page.
    """
    asked = argparse.ArgumentParser(description=says)
    asked.add_argument(f"--{size}", dest="size", type=int, default=of)
    asked.add_argument("--pairs", type=int, default=5)
    asked.add_argument("--db", default="sqlite")
    asked.add_argument("--write", action="store_true", help="put the figures into the documentation")
    options = asked.parse_args()
    rows: Rows = []
    for kind in kinds_of(options.db):
        with database(kind) as url:
            rows += measure(url, NAMES[kind], options.size, options.pairs)
    found = table(rows)
    sys.stdout.write(found + "\n")
    if options.write:
        page = PERFORMANCE.read_text(encoding="utf-8")
        PERFORMANCE.write_text(replaced(page, section, found), encoding="utf-8")
