"""A store with the faults planted that the driver has to find."""

from attrs import evolve
from sqlalchemy import true
from sqlalchemy.sql import ColumnElement

from pharmacrm.core.kernel.store import Claim, Delivery, Store
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.storage.sql import SqlStore
from pharmacrm.plugins.storage.sql.outbox import Outbox
from pharmacrm.plugins.types import StoreContext


class _PlainSkipLocked(Outbox):
    """Claims whatever is due and free, and counts no start before the work."""

    def _in_turn(self) -> ColumnElement[bool]:
        return true()

    def _leased(self, each: Delivery, claim: Claim) -> Delivery:
        return evolve(super()._leased(each, claim), starts=each.starts)


class PlantedStore:
    """The plugin that opens the SQL store with the faults in its outbox."""

    name = "planted_store"
    PHARMACRM_API = (1, 0)

    @hookimpl
    def pharmacrm_store(self, context: StoreContext) -> Store:
        """The store, and the outbox in it replaced."""
        store = SqlStore(context.url, durable=context.durable)
        own = store.outbox
        store.outbox = _PlainSkipLocked(own.tables, own.statements, own.log, own.opened)
        return store
