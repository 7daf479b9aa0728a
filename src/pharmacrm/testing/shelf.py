"""All tables of a store as plain rows, and what two runs of the same commands have in common."""

import re
from typing import Any

from sqlalchemy import Engine, create_engine, event

from pharmacrm.plugins.storage.sql.store import SqlStore

Rows = dict[str, list[tuple[Any, ...]]]


class Shelf:
    """All tables of a store as the driver's own rows: to compare, to keep, and to put back as they were."""

    def __init__(self, store: SqlStore) -> None:
        """Open the store's database on connections of its own, which no planted fault reaches."""
        self.engine = _engine(store)
        quote = self.engine.dialect.identifier_preparer
        self._mark = "?" if store.embedded else "%s"
        self.columns: dict[str, list[str]] = {}
        self._order: dict[str, str] = {}
        for table in store.tables.metadata.sorted_tables:
            name = quote.format_table(table)
            self.columns[name] = [quote.quote(column) for column in table.columns.keys()]  # noqa: SIM118 - a column collection iterates over columns
            self._order[name] = ", ".join(quote.quote(column.name) for column in table.primary_key)

    def rows(self) -> Rows:
        """Every row of every table, in the order of the keys."""
        with self.engine.begin() as connection:
            return {
                name: [
                    tuple(row)
                    for row in connection.exec_driver_sql(
                        f"SELECT {', '.join(columns)} FROM {name} ORDER BY {self._order[name]}"  # noqa: S608 - names of our own tables
                    )
                ]
                for name, columns in self.columns.items()
            }

    def put_back(self, rows: Rows) -> None:
        """Make every table as it was."""
        now = self.rows()
        with self.engine.begin() as connection:
            for name, columns in self.columns.items():
                if now[name] == rows[name]:
                    continue
                connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608 - names of our own tables
                marks = ", ".join([self._mark] * len(columns))
                text = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - as above
                if rows[name]:
                    connection.exec_driver_sql(text, rows[name])

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _engine(store: SqlStore) -> Engine:
    engine = create_engine(store.url)
    if store.embedded:

        @event.listens_for(engine, "connect")
        def hasty(connection: Any, _: object) -> None:
            # What is put back need not outlive a power cut.
            connection.execute("PRAGMA synchronous=OFF")

    return engine


_CHANCE = re.compile(
    r"(?P<uuid>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})"
    r"|(?P<digest>\b([0-9a-f]{64}|[0-9a-f]{32})\b)"
    r"|(?P<instant>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?|\d{8}T\d{12})"
)
_PYTHONS = re.compile(r"datetime\.datetime\([^()]*(\([^()]*\))?[^()]*\)")
_PASSING = {"seq", "tx"}


def without_chance(text: str) -> str:
    """A text without our own ids, digests and instants."""
    return _CHANCE.sub("#", _PYTHONS.sub("#", text))


def alike(rows: Rows, columns: dict[str, list[str]]) -> dict[str, list[str]]:
    """Rows without what chance and the clock put into them; our own ids become their order of appearance."""
    seen: dict[str, str] = {}

    def plain(match: re.Match[str]) -> str:
        if match["uuid"]:
            return seen.setdefault(match["uuid"], f"#{len(seen)}")
        return "digest" if match["digest"] else "instant"

    return {
        name: [
            " | ".join(
                _CHANCE.sub(plain, str(cell))
                for column, cell in zip(columns[name], row, strict=True)
                if column not in _PASSING
            )
            for row in found
        ]
        for name, found in sorted(rows.items())
    }
