"""The outbox in SQL: claim the head of each queue under a lease, settle it, count what waits."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from attrs import define, evolve
from sqlalchemy import func, or_, select, update
from sqlalchemy.sql import Executable

from pharmacrm.core.kernel.errors import Conflict
from pharmacrm.core.kernel.store import Claim, Delivery, DeliveryState, Settlement
from pharmacrm.plugins.storage.sql.faults import translated
from pharmacrm.plugins.storage.sql.log import DELIVERY, Log
from pharmacrm.plugins.storage.sql.session import SqlSession, Step
from pharmacrm.plugins.storage.sql.statements import Statements, slot
from pharmacrm.plugins.storage.sql.tables import Tables

T = TypeVar("T")

TRIES = 10


@define
class Outbox:
    """Deliveries of one store; `opened` gives a session of its own."""

    tables: Tables
    statements: Statements
    log: Log
    opened: Callable[[], AbstractContextManager[SqlSession]]

    def claim(self, tenant: str, claim: Claim) -> list[Delivery]:
        """Lease the head of each queue, and count the start, in a commit of its own."""
        if not claim.destinations:
            return []
        return self._again(lambda: self._claimed(tenant, claim))

    def _claimed(self, tenant: str, claim: Claim) -> list[Delivery]:
        with translated(), self.opened() as session:
            driver = session.driver
            with driver.unit():
                text, values = self._heads(tenant, claim)
                found = [self.log.delivery_from(row) for row in driver.rows(text, values)]
                leased = [self._leased(each, claim) for each in found]
                driver.run([self._lease(tenant, each) for each in leased])
        return leased

    def _again(self, work: Callable[[], T]) -> T:
        """Do it, and do it again where the database ended the transaction: MariaDB's deadlocks."""
        for _ in range(TRIES - 1):
            try:
                return work()
            except Conflict as conflict:
                if conflict.retry == "command":
                    raise
        return work()

    def _heads(self, tenant: str, claim: Claim) -> tuple[str, tuple[Any, ...]]:
        count = len(claim.destinations)
        statement = self.statements.once("heads", count, make=lambda: self._choose_heads(count))
        now = self.log.moment(claim.now)
        values: dict[str, Any] = {"tenant": tenant, "now": now, "now_": now, "limit_": claim.limit}
        values |= {f"d{number}": name for number, name in enumerate(claim.destinations)}
        return statement.text, statement.bind(values)

    def _choose_heads(self, destinations: int) -> Executable:
        table = self.tables.delivery
        earlier = table.alias("earlier")
        ahead = select(earlier.c.id).where(
            earlier.c.tenant == table.c.tenant,
            earlier.c.destination == table.c.destination,
            earlier.c.subject == table.c.subject,
            earlier.c.state == DeliveryState.WAITING.value,
            earlier.c.id < table.c.id,
        )
        return (
            select(*(table.c[name] for name in DELIVERY[1][1:]))
            .where(
                table.c.tenant == slot("tenant"),
                table.c.state == DeliveryState.WAITING.value,
                table.c.destination.in_([slot(f"d{number}") for number in range(destinations)]),
                table.c.due_at <= slot("now"),
                or_(table.c.leased_until.is_(None), table.c.leased_until <= slot("now_")),
                ~ahead.exists(),
            )
            .order_by(table.c.id)
            .limit(slot("limit_"))
            .with_for_update(skip_locked=True, of=table)
        )

    def _leased(self, each: Delivery, claim: Claim) -> Delivery:
        return evolve(each, starts=each.starts + 1, token=claim.token, leased_until=claim.until)

    def _lease(self, tenant: str, each: Delivery) -> Step:
        table = self.tables.delivery
        statement = self.statements.once(
            "lease",
            make=lambda: (
                update(table)
                .where(table.c.tenant == slot("tenant_"), table.c.id == slot("id_"))
                .values(starts=slot("starts_"), token=slot("token_"), leased_until=slot("until_"))
            ),
        )
        values = {"starts_": each.starts, "token_": each.token, "until_": self.log.moment(each.leased_until)}
        named = values | {"tenant_": tenant, "id_": each.id}
        return Step(statement.text, statement.bind(named), 1, what="delivery")

    def settle(self, tenant: str, settlement: Settlement) -> bool:
        """Write down what became of a delivery, if its lease still holds."""
        statement = self.statements.once("settle", make=self._settle)
        values = {
            "tenant_": tenant,
            "id_": settlement.id,
            "token_": settlement.token,
            "state_": settlement.state.value,
            "due_": self.log.moment(settlement.due_at),
            "fault_": settlement.fault[:500],
            "leased_until": None,
            "token": "",
        }
        step = Step(statement.text, statement.bind(values), 1, what="delivery")
        try:
            self._again(lambda: self._carried_out(step))
        except Conflict as conflict:
            if conflict.retry == "command":
                return False
            raise
        return True

    def _carried_out(self, step: Step) -> None:
        with translated(), self.opened() as session, session.driver.unit():
            session.driver.run([step])

    def _settle(self) -> Executable:
        table = self.tables.delivery
        ours = (table.c.token == slot("token_"), table.c.token != "")
        return (
            update(table)
            .where(table.c.tenant == slot("tenant_"), table.c.id == slot("id_"), *ours)
            .values(
                state=slot("state_"), due_at=slot("due_"), fault=slot("fault_"), leased_until=None, token=""
            )
        )

    def waiting(self, tenant: str, destinations: tuple[str, ...]) -> int:
        """How many deliveries are still to be made."""
        if not destinations:
            return 0
        table, count = self.tables.delivery, len(destinations)
        statement = self.statements.once(
            "waiting",
            count,
            make=lambda: select(func.count()).where(
                table.c.tenant == slot("tenant"),
                table.c.state == slot("waiting"),
                table.c.destination.in_([slot(f"d{number}") for number in range(count)]),
            ),
        )
        values = {"tenant": tenant, "waiting": DeliveryState.WAITING.value}
        values |= {f"d{number}": name for number, name in enumerate(destinations)}
        with translated(), self.opened() as session:
            return int(session.driver.rows(statement.text, statement.bind(values))[0][0])
