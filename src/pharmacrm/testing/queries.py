"""Random searches and pages on a store, each beside a plain loop: `python -m pharmacrm.testing.queries`.

The kit asks a few hundred; this driver asks as many as it is told, in a database of its own (T27). Its
control is a store that loses the rows that tie with the last one of a page.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from pharmacrm.core.kernel.query import Query
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.store import Found, Store
from pharmacrm.plugins.storage.memory import MemoryStore
from pharmacrm.plugins.storage.plugin import pharmacrm_store
from pharmacrm.plugins.types import StoreContext
from pharmacrm.testing.report import Control, Report, Stopwatch, arguments, concluded
from pharmacrm.testing.storage.bench import Bench, new_tenant
from pharmacrm.testing.storage.kinds import KINDS
from pharmacrm.testing.storage.laws import compare_search, compare_walk, searches, tables, walks
from pharmacrm.testing.targets import database

E = TypeVar("E", bound=Entity)

A_TABLE = 20
"""Searches of the same rows."""

searches_of_a_table = st.lists(searches(), min_size=A_TABLE, max_size=A_TABLE)

CONTROL = 2_000
"""Searches that the control gets at most: it ends at the first that differs."""


class LosesTies(MemoryStore):
    """The planted fault: a page goes on from the sort value alone."""

    def find(self, tenant: str, kind: type[E], query: Query) -> list[Found[E]]:
        """What follows the last row, without what ties with it."""
        rows = super().find(tenant, kind, query)
        if query.after is None or not query.order:
            return rows
        name = query.order[0].removeprefix("-")
        return [row for row in rows if getattr(row.entity, name) != getattr(query.after, name)]


def asked(store: Store, queries: int, number: int, *, first: bool = False) -> tuple[Counter[str], list[str]]:
    """Ask a store so many random searches, and walk its pages; give the counts and what differed.

    With `first` nothing is asked after the first difference.
    """
    counts: Counter[str] = Counter()
    differed: list[str] = []
    bench = Bench(store, new_tenant())
    store.install(KINDS)
    example = settings(
        max_examples=max(1, queries // A_TABLE),
        phases=(Phase.generate,),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )

    @seed(number)
    @example
    @given(rows=tables(), some=searches_of_a_table, walk=walks())
    def law(
        rows: list[Entity], some: list[tuple[type[Entity], Query]], walk: tuple[Query, list[Entity]]
    ) -> None:
        own = bench.elsewhere()
        own.flush(*rows)
        kept = {(type(row), row.id): row for row in rows}
        try:
            for kind, query in some:
                counts["queries"] += 1
                compare_search(own, kept, kind, query)
            counts["walks"] += 1
            compare_walk(own, kept, *walk)
        except AssertionError as error:
            differed.append(str(error).splitlines()[0] if str(error) else repr((some, walk))[:300])
            if first:
                raise

    with suppress(AssertionError):
        law()
    return counts, differed


def main(argv: Sequence[str] | None = None) -> int:
    """Ask, run the control, print the line."""
    parser = arguments("queries", "random searches and pages beside a plain loop")
    parser.add_argument("--queries", type=int, default=5_000)
    parser.add_argument("--db", default="memory", help="memory, sqlite, postgresql or mariadb")
    given_ = parser.parse_args(argv)
    watch = Stopwatch()
    with nullcontext("memory://") if given_.db == "memory" else database(given_.db) as url:
        store = pharmacrm_store(
            StoreContext(url=url, prefix="pharmacrm_", schema=None, pool_size=5, durable=True)
        )
        if store is None:
            parser.error(f"no store knows {url}")
        counts, differed = asked(store, given_.queries, given_.seed)
        store.close()
    _, caught = asked(LosesTies(), CONTROL, given_.seed, first=True)
    return concluded(
        Report(
            driver="queries",
            promises=("T27",),
            seed=given_.seed,
            settings={"queries": given_.queries, "db": given_.db},
            counts=counts,
            control=Control(planted="ties with the last row of a page are lost", found=len(caught)),
            violations=differed,
            seconds=watch.seconds,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
