"""The SELECT that a question to the journal becomes, and its values."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from attrs import define, field
from sqlalchemy import ColumnElement, Select, Table, false, select

from pharmacrm.core.kernel.journal import JournalQuery
from pharmacrm.plugins.storage.sql.statements import slot

EQUAL = ("id", "subject", "kind", "actor", "command", "key")
AMONG = (("id", "ids"), ("subject", "subjects"), ("verb", "verbs"))


@define
class Trail:
    """One question on its way: conditions and values grow together."""

    table: Table
    unsealed: Table
    moment: Callable[[datetime], Any]
    where: list[ColumnElement[bool]] = field(factory=list)
    values: dict[str, Any] = field(factory=dict)

    def select(self, tenant: str, query: JournalQuery, columns: tuple[str, ...]) -> Select[Any]:
        """The statement; `values` holds what goes into it."""
        table = self.table
        self.where.append(table.c.tenant == self._value("tenant", tenant))
        self._fields(query)
        self._times(query)
        if query.after is not None:
            here = self._place_of(tenant, query.after)
            self.where.append(table.c.seq < here if query.newest_first else table.c.seq > here)
        if query.unsealed:
            waiting = self.unsealed
            mine = select(waiting.c.entry).where(waiting.c.tenant == self._value("waiting_tenant", tenant))
            self.where.append(table.c.id.in_(mine))
        chosen = select(*(table.c[name] for name in columns)).where(*self.where)
        chosen = chosen.order_by(table.c.seq.desc() if query.newest_first else table.c.seq)
        return chosen if query.limit is None else chosen.limit(self._value("limit_", query.limit))

    def _value(self, name: str, value: Any) -> Any:
        self.values[name] = value
        return slot(name)

    def _fields(self, query: JournalQuery) -> None:
        for name in EQUAL:
            wanted = getattr(query, name)
            if wanted is not None:
                self.where.append(self.table.c[name] == self._value(f"f_{name}", wanted))
        for name, several in AMONG:
            among = getattr(query, several)
            if among is None or (several == "verbs" and not among):
                continue
            places = [self._value(f"{several}{number}", str(each)) for number, each in enumerate(among)]
            self.where.append(self.table.c[name].in_(places) if places else false())

    def _times(self, query: JournalQuery) -> None:
        recorded = self.table.c.recorded_at
        if query.since is not None:
            self.where.append(recorded >= self._value("since", self.moment(query.since)))
        if query.until is not None:
            self.where.append(recorded < self._value("until", self.moment(query.until)))

    def _place_of(self, tenant: str, entry: str) -> Any:
        mark = self.table.alias("mark")
        mine = (mark.c.tenant == self._value("mark_tenant", tenant), mark.c.id == self._value("after", entry))
        return select(mark.c.seq).where(*mine).scalar_subquery()
