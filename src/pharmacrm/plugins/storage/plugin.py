"""The plugin that gives the built-in stores: memory://, SQLite, PostgreSQL and MariaDB."""

from pharmacrm.core.kernel.store import Store
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import StoreContext

name = "storage"


@hookimpl(trylast=True)
def pharmacrm_store(context: StoreContext) -> Store | None:
    """A store in memory, or in the database of a SQLAlchemy URL; SQLAlchemy is imported only now."""
    if context.url == "memory://":
        from pharmacrm.plugins.storage.memory import MemoryStore

        return MemoryStore()
    from pharmacrm.plugins.storage.sql import SqlStore

    return SqlStore(
        context.url,
        prefix=context.prefix,
        schema=context.schema,
        pool_size=context.pool_size,
        durable=context.durable,
    )
