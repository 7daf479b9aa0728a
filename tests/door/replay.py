"""The journal replayed, and the same read from the tables."""

from collections.abc import Iterable

from pharmacrm.core.kernel.codec import plain_fields
from pharmacrm.core.kernel.journal import Entry
from pharmacrm.core.kernel.record import Record
from pharmacrm.core.kernel.replay import Fields, Key, Replay
from pharmacrm.crm import PharmaCRM
from tests.flows.house import every

Told = tuple[dict[Key, Fields], dict[Key, int]]


def replayed(entries: Iterable[Entry]) -> Told:
    """The fields and the version of everything that the entries speak of; every row has to fit."""
    replay = Replay().take(entries)
    assert replay.misfits == []
    return replay.state, replay.versions


def stored(crm: PharmaCRM) -> Told:
    """The same, read from the tables."""
    state: dict[Key, Fields] = {}
    versions: dict[Key, int] = {}
    for name, kind in crm.registry.kinds.items():
        for found in every(crm, kind):
            state[name, found.entity.id] = plain_fields(found.entity)
            if isinstance(found.entity, Record):
                versions[name, found.entity.id] = found.entity.version
    return state, versions
