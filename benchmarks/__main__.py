"""Measure everything: `python -m benchmarks [--write]`; PostgreSQL if its test URL is in the environment."""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

from benchmarks import flow, place_order, rules, startup

PAGE = Path(__file__).parent.parent / "docs" / "explanation" / "performance.md"
BEGIN, END = "<!-- measured -->", "<!-- end of measured -->"
SERVER = "PHARMACRM_TEST_POSTGRESQL_URL"


@contextmanager
def database() -> Iterator[str | None]:
    """A PostgreSQL database of our own, dropped at the end; None where no server is given."""
    server = os.environ.get(SERVER)
    if not server:
        yield None
        return
    name = f"pharmacrm_test_{uuid4().hex[:12]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


def measured(pairs: int, orders: int) -> list[tuple[str, str]]:
    """Every figure as (what, value)."""
    found = startup.measure() + rules.measure()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        found += place_order.measure(url, "SQLite", pairs=pairs, orders=orders).rows()
        found += flow.measure(url, "SQLite")
    with database() as url:
        if url:
            found += place_order.measure(url, "PostgreSQL", pairs=pairs, orders=orders).rows()
            found += flow.measure(url, "PostgreSQL")
    return found


def table(rows: list[tuple[str, str]]) -> str:
    """The figures as a Markdown table, with the machine they were taken on."""
    machine = f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    lines = [f"Measured on {machine}; a shared machine, so that only ratios of one run say anything.", ""]
    lines += ["| what | figure |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows)]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write the page if asked."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--write", action="store_true", help="put the figures into the documentation")
    asked.add_argument("--pairs", type=int, default=7)
    asked.add_argument("--orders", type=int, default=120)
    options = asked.parse_args()
    found = table(measured(options.pairs, options.orders))
    sys.stdout.write(found + "\n")
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        before, rest = page.split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{found}\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
