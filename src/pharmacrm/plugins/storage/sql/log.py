"""Rows of the journal, its personal values and the outbox."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any

from attrs import define
from sqlalchemy import select

from pharmacrm.core.kernel.journal import Entry, JournalQuery, PersonalValue, Verb
from pharmacrm.core.kernel.store import Delivery, DeliveryState
from pharmacrm.plugins.storage.sql.cells import instant_in, instant_out
from pharmacrm.plugins.storage.sql.statements import Statements, slot
from pharmacrm.plugins.storage.sql.tables import Tables
from pharmacrm.plugins.storage.sql.trail import Trail

ENTRY = (
    "journal",
    (
        "tenant",
        "id",
        "recorded_at",
        "effective_on",
        "claimed_at",
        "actor",
        "roles",
        "acting_for",
        "command",
        "key",
        "verb",
        "kind",
        "subject",
        "version",
        "changes",
        "reasons",
        "note",
        "algorithm",
        "hash",
    ),
)
PERSONAL = ("journal_personal", ("tenant", "entry", "field", "salt", "value"))
UNSEALED = ("journal_unsealed", ("tenant", "entry"))
DELIVERY = (
    "delivery",
    (
        "tenant",
        "id",
        "destination",
        "topic",
        "subject",
        "entry",
        "payload",
        "due_at",
        "state",
        "starts",
        "token",
        "leased_until",
        "fault",
    ),
)

Rows = Callable[[str, tuple[Any, ...]], Sequence[Any]]


@define(slots=False)
class Log:
    """The journal's and the outbox's rows, in one dialect."""

    tables: Tables
    statements: Statements

    @cached_property
    def text_dates(self) -> bool:
        """Whether dates are texts (SQLite)."""
        return self.tables.dialect == "sqlite"

    @property
    def prefix(self) -> str:
        """The prefix of every table."""
        return self.tables.prefix

    def moment(self, at: datetime | None) -> Any:
        """An instant as a cell."""
        return None if at is None else self._instant_out(at)

    @cached_property
    def _instant_out(self) -> Callable[[datetime], Any]:
        return instant_out(self.tables.dialect)

    def instant(self, cell: Any) -> Any:
        """An instant from a cell."""
        return None if cell is None else instant_in(cell)

    def entry(self, tenant: str, entry: Entry) -> tuple[Any, ...]:
        """An entry as a row."""
        on = entry.effective_on
        return (
            tenant,
            entry.id,
            self.moment(entry.recorded_at),
            on.isoformat() if self.text_dates else on,
            self.moment(entry.claimed_at),
            entry.actor,
            entry.roles,
            entry.acting_for,
            entry.command,
            entry.key,
            entry.verb.value,
            entry.kind,
            entry.subject,
            entry.version,
            entry.changes,
            entry.reasons,
            entry.note,
            entry.algorithm,
            entry.hash,
        )

    def personal(self, tenant: str, entry: Entry) -> list[tuple[Any, ...]]:
        """The personal values of an entry as rows."""
        return [(tenant, entry.id, value.field, value.salt, value.value) for value in entry.personal]

    def delivery(self, tenant: str, each: Delivery) -> tuple[Any, ...]:
        """A delivery as a row."""
        return (
            tenant,
            each.id,
            each.destination,
            each.topic,
            each.subject,
            each.entry,
            each.payload,
            self.moment(each.due_at),
            each.state.value,
            each.starts,
            each.token,
            self.moment(each.leased_until),
            each.fault,
        )

    def delivery_from(self, row: Sequence[Any]) -> Delivery:
        """A delivery from a row without its tenant."""
        return Delivery(
            id=row[0],
            destination=row[1],
            topic=row[2],
            subject=row[3],
            entry=row[4],
            payload=row[5],
            due_at=self.instant(row[6]),
            state=DeliveryState(row[7]),
            starts=row[8],
            token=row[9],
            leased_until=self.instant(row[10]),
            fault=row[11],
        )

    def read(self, rows: Rows, tenant: str, query: JournalQuery) -> list[Entry]:
        """The entries a query asks for, each with its personal values."""
        trail = Trail(self.tables.journal, self.tables.unsealed, self.moment)
        statement = self.statements.compiled(trail.select(tenant, query, ENTRY[1][1:]))
        found = rows(statement.text, statement.bind(trail.values))
        kept = self._personal_of(rows, tenant, [row[0] for row in found])
        return [self._entry_from(row, kept.get(row[0], ())) for row in found]

    def no_longer_unsealed(self, tenant: str, ids: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
        """The statement that takes entries off the list of those to be sealed."""
        table = self.tables.unsealed
        statement = self.statements.once(
            "sealed",
            len(ids),
            make=lambda: table.delete().where(
                table.c.tenant == slot("tenant_"),
                table.c.entry.in_([slot(f"i{number}") for number in range(len(ids))]),
            ),
        )
        values = {"tenant_": tenant} | {f"i{number}": id for number, id in enumerate(ids)}
        return statement.text, statement.bind(values)

    def _personal_of(self, rows: Rows, tenant: str, ids: list[str]) -> dict[str, tuple[PersonalValue, ...]]:
        kept: dict[str, list[PersonalValue]] = {}
        table = self.tables.personal
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            marks = [slot(f"i{number}") for number in range(len(some))]
            chosen = (
                select(table.c.entry, table.c.field, table.c.salt, table.c.value)
                .where(table.c.tenant == slot("tenant"), table.c.entry.in_(marks))
                .order_by(table.c.entry, table.c.field)
            )
            statement = self.statements.compiled(chosen)
            values = {"tenant": tenant} | {f"i{number}": id for number, id in enumerate(some)}
            for entry, name, salt, value in rows(statement.text, statement.bind(values)):
                kept.setdefault(entry, []).append(PersonalValue(name, salt, value))
        return {entry: tuple(values) for entry, values in kept.items()}

    def _entry_from(self, row: Sequence[Any], personal: tuple[PersonalValue, ...]) -> Entry:
        cells = dict(zip(ENTRY[1][1:], row, strict=True))
        cells["recorded_at"] = self.instant(cells["recorded_at"])
        cells["claimed_at"] = self.instant(cells["claimed_at"])
        on = cells["effective_on"]
        cells["effective_on"] = date.fromisoformat(on) if self.text_dates else on
        cells["verb"] = Verb(cells["verb"])
        return Entry(**cells, personal=personal)
