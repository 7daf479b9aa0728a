"""What is seen of the outbox, and what a person decides about its dead letters, in SQL."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import Select, case, func, or_, select, update
from sqlalchemy.sql import ColumnElement, Executable

from pharmacrm.core.kernel.store import Delivery, DeliveryQuery, DeliveryState, Queue, Resolution
from pharmacrm.plugins.storage.sql.log import DELIVERY, Log
from pharmacrm.plugins.storage.sql.statements import slot
from pharmacrm.plugins.storage.sql.tables import Tables

WIDEST = 500
"""Ids in one statement."""

Rows = Callable[[str, tuple[Any, ...]], Sequence[Any]]
Said = tuple[str, tuple[Any, ...]]


@define
class Letters:
    """The deliveries of one store, as people look at them."""

    log: Log

    def read(self, rows: Rows, tenant: str, query: DeliveryQuery) -> list[Delivery]:
        """The deliveries that a query asks for, by id."""
        if query.ids is None:
            return self._some(rows, tenant, query, ())
        found: list[Delivery] = []
        ids = sorted(set(query.ids))
        for start in range(0, len(ids), WIDEST):
            found += self._some(rows, tenant, query, tuple(ids[start : start + WIDEST]))
        return found[: query.limit]

    def _some(self, rows: Rows, tenant: str, query: DeliveryQuery, ids: tuple[str, ...]) -> list[Delivery]:
        values: dict[str, Any] = {"tenant": tenant, "limit_": query.limit}
        values |= {name: value for name, value in _restrictions(query).items() if value is not None}
        values |= {f"i{number}": id for number, id in enumerate(ids)}
        limited = query.limit is not None
        statement = self.log.statements.once(
            "deliveries",
            *sorted(values),
            limited,
            make=lambda: self._choose(query, len(ids), limited=limited),
        )
        return [self.log.delivery_from(row) for row in rows(statement.text, statement.bind(values))]

    def _choose(self, query: DeliveryQuery, ids: int, *, limited: bool) -> Executable:
        table = self.log.tables.delivery
        chosen = select(*(table.c[name] for name in DELIVERY[1][1:])).where(table.c.tenant == slot("tenant"))
        wanted = [name for name, value in _restrictions(query).items() if value is not None]
        chosen = chosen.where(*(table.c[name] == slot(name) for name in wanted if name != "after"))
        if query.after is not None:
            chosen = chosen.where(table.c.id > slot("after"))
        if ids:
            chosen = chosen.where(table.c.id.in_([slot(f"i{number}") for number in range(ids)]))
        chosen = chosen.order_by(table.c.id)
        return chosen.limit(slot("limit_")) if limited else chosen

    def queues(self, rows: Rows, tenant: str, now: datetime) -> list[Queue]:
        """How each destination stands, by name, in one statement."""
        statement = self.log.statements.once("queues", make=self._choose_queues)
        found = rows(statement.text, statement.bind({"tenant": tenant, "now": self.log.moment(now)}))
        return [
            Queue(
                destination=row[0],
                waiting=int(row[1]),
                leased=int(row[2]),
                dead=int(row[3]),
                oldest=row[4] or "",
                next_at=self.log.instant(row[5]),
            )
            for row in found
        ]

    def _choose_queues(self) -> Executable:
        table = self.log.tables.delivery
        waits = table.c.state == DeliveryState.WAITING.value
        free_at = case((table.c.leased_until > table.c.due_at, table.c.leased_until), else_=table.c.due_at)
        each = (
            select(
                table.c.destination,
                _one_if(waits).label("waits"),
                _one_if(waits & (table.c.leased_until > slot("now"))).label("leased"),
                _one_if(~waits).label("dead"),
                case((waits, table.c.id)).label("open"),
                case((waits & is_head(self.log.tables), free_at)).label("free_at"),
            )
            .where(
                table.c.tenant == slot("tenant"),
                or_(waits, table.c.state == DeliveryState.DEAD.value),
            )
            .subquery("each_delivery")
        )
        sums = (func.sum(each.c[name]) for name in ("waits", "leased", "dead"))
        whole: Select[Any] = select(
            each.c.destination, *sums, func.min(each.c.open), func.min(each.c.free_at)
        )
        return whole.group_by(each.c.destination).order_by(each.c.destination)

    def resolve(self, tenant: str, resolution: Resolution) -> Said:
        """One dead letter as a person wants it: exactly one row is changed, or none is dead any more."""
        replayed = resolution.state is DeliveryState.WAITING
        values: dict[str, Any] = {"tenant_": tenant, "id_": resolution.id, "state_": resolution.state.value}
        values |= {"dead_": DeliveryState.DEAD.value}
        if replayed:
            values |= {"due_": self.log.moment(resolution.due_at), "starts_": 0, "fault_": ""}
        statement = self.log.statements.once(
            "resolve", replayed, make=lambda: self._resolve(replayed=replayed)
        )
        return statement.text, statement.bind(values)

    def _resolve(self, *, replayed: bool) -> Executable:
        table = self.log.tables.delivery
        dead = table.c.state == slot("dead_")
        chosen = update(table).where(table.c.tenant == slot("tenant_"), table.c.id == slot("id_"), dead)
        anew = {"due_at": slot("due_"), "starts": slot("starts_"), "fault": slot("fault_")}
        return chosen.values(state=slot("state_"), **(anew if replayed else {}))


def is_head(tables: Tables) -> ColumnElement[bool]:
    """Whether no older delivery of the same destination and subject waits."""
    table = tables.delivery
    earlier = table.alias("earlier")
    ahead = select(earlier.c.id).where(
        earlier.c.tenant == table.c.tenant,
        earlier.c.destination == table.c.destination,
        earlier.c.subject == table.c.subject,
        earlier.c.state == DeliveryState.WAITING.value,
        earlier.c.id < table.c.id,
    )
    return ~ahead.exists()


def _one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _restrictions(query: DeliveryQuery) -> dict[str, str | None]:
    state = query.state.value if query.state else None
    return {"state": state, "destination": query.destination, "after": query.after}
