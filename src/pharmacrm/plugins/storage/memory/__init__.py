"""The store in memory: the reference that other stores are measured by, and what tests and demos run on."""

from pharmacrm.plugins.storage.memory.store import MemoryStore

__all__ = ["MemoryStore"]
