"""Beside the peer: `python -m benchmarks.peer [--write]`, on the servers that the tests are given.

Needs the extra `benchmarks` (matplotlib) for the plot. Tryton is installed once into `--environment`.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import make_url

from benchmarks.peer.compare import Compared, Sizes, compared
from benchmarks.peer.environment import Environment, TheirDatabase, our_side
from benchmarks.peer.link import Side
from benchmarks.peer.page import plot, table
from pharmacrm.testing.targets import SERVERS, database

DOCS = Path(__file__).parents[2] / "docs" / "explanation"
PAGE = DOCS / "beside-the-peer.md"
PLOT = DOCS / "beside-the-peer.svg"
BEGIN, END = "<!-- measured -->", "<!-- end of measured -->"
KINDS = {"SQLite": "sqlite", "PostgreSQL": "postgresql", "MariaDB": "mariadb"}


def measured(environment: Environment, names: Sequence[str], sizes: Sizes) -> list[Compared]:
    """These databases, as far as a server is given for them; the peer does not know MariaDB."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        found = []
        for name in names:
            if name == "SQLite":
                theirs = TheirDatabase.in_file(environment, folder)
                found.append(_compared(name, f"sqlite:///{folder / 'ours.db'}", theirs.side, sizes))
            elif os.environ.get(SERVERS[KINDS[name]]):
                url = stack.enter_context(database(KINDS[name]))
                side = None
                if name != "MariaDB":
                    own = make_url(stack.enter_context(database(KINDS[name])))
                    side = TheirDatabase.on_server(environment, own, folder).side
                found.append(_compared(name, url, side, sizes))
        return found


def _compared(name: str, url: str, theirs: Callable[[], Side] | None, sizes: Sizes) -> Compared:
    return compared(name, lambda: our_side(url), theirs, url, sizes)


def main() -> None:
    """Measure, print, and write page and plot if asked."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--environment", type=Path, default=Path(tempfile.gettempdir()) / "pharmacrm-tryton")
    asked.add_argument("--write", action="store_true", help="put table and plot into the documentation")
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--databases", nargs="+", choices=KINDS, default=list(KINDS))
    options = asked.parse_args()
    if options.write and find_spec("matplotlib") is None:
        asked.error("the plot needs matplotlib: pip install -e '.[benchmarks]'")
    environment = Environment.made(options.environment)
    found = measured(environment, options.databases, Sizes(rounds=options.rounds))
    machine = f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    text = f"Measured in one run on {machine}, a shared machine: only the ratios say anything.\n\n"
    text += table(found, environment.versions())
    sys.stdout.write(text + "\n")
    if options.write:
        before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
        shown = f"{text}\n\n![Milliseconds for one more order, by open orders]({PLOT.name})"
        PAGE.write_text(f"{before}{BEGIN}\n{shown}\n{END}{rest.split(END)[1]}", encoding="utf-8")
        plot(found, PLOT)


if __name__ == "__main__":
    main()
