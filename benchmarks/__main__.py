"""Measure orders: `python -m benchmarks [--write]`; also on the servers whose test URLs are set.

What wants a long run of its own has its own command, such as `python -m benchmarks.ageing`.
"""

import argparse
import os
import sys

from benchmarks import flow, place_order, rules, startup
from benchmarks.table import BEGIN, END, NAMES, PERFORMANCE, table
from pharmacrm.testing.targets import SERVERS, database


def measured(pairs: int, orders: int) -> list[tuple[str, str]]:
    """Every figure as (what, value)."""
    found = startup.measure() + rules.measure()
    for kind, name in NAMES.items():
        if kind in SERVERS and not os.environ.get(SERVERS[kind]):
            continue
        with database(kind) as url:
            found += place_order.measure(url, name, pairs=pairs, orders=orders).rows()
            found += flow.measure(url, name)
    return found


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
        page = PERFORMANCE.read_text(encoding="utf-8")
        before, rest = page.split(BEGIN)
        PERFORMANCE.write_text(f"{before}{BEGIN}\n{found}\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
