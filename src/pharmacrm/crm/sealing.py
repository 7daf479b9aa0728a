"""Sealing and anchoring: new entries get their places for ever, and the seal is carried outside.

Each seal and its places are one flush. The seal's number is its id, so of two processes that seal at once one
gets through and the other has nothing to do. An entry is waiting to be sealed from the commit that stores it,
so one that commits late is sealed late, and none is ever passed over.
"""

from typing import Final

from attrs import evolve, frozen

from pharmacrm.core.kernel.errors import Conflict
from pharmacrm.core.kernel.journal import JournalQuery
from pharmacrm.core.kernel.query import Query, ge, gt, le
from pharmacrm.core.kernel.seal import Anchor, AnchorMark, JournalPlace, Seal, anchor_of, numbered, sealed
from pharmacrm.core.kernel.store import Batch, Session, Store, Update
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.crm.desk import Desk
from pharmacrm.plugins.types import AnchorContext
from pharmacrm.plugins.wall.calling import Failed

MOST: Final = 100
"""Entries under one seal: what is at risk between two anchors stays small."""


@frozen(kw_only=True)
class Sealed:
    """What one round did: entries and seals made, and seals taken by all anchors together."""

    entries: int = 0
    seals: int = 0
    anchored: int = 0


def sealed_and_anchored(desk: Desk, store: Store) -> Sealed:
    """Seal every entry that waits, at most 100 to a seal, and have each anchor take the seals it lacks."""
    with store.session() as session:
        if session.get(desk.tenant, Tenant, desk.tenant) is None:
            return Sealed()
        durability = store.durability()
        done = Sealed()
        while (count := _seal(desk, session, durability)) is not None:
            done = evolve(done, entries=done.entries + count, seals=done.seals + 1)
        anchored = sum(_anchor(desk, session, plugin) for plugin in desk.plugins.anchors)
        return evolve(done, anchored=anchored)


def newest_seal(session: Session, tenant: str) -> Seal | None:
    """The last seal, or None before the first."""
    found = session.find(tenant, Seal, Query(order=("-id",), limit=1))
    return found[0].entity if found else None


def _seal(desk: Desk, session: Session, durability: str) -> int | None:
    """Seal one batch; None where nothing waits, or another process was faster."""
    entries = session.journal(desk.tenant, JournalQuery(unsealed=True, limit=MOST))
    if not entries:
        return None
    at = desk.clock.now()
    seal, places = sealed(
        desk.tenant,
        newest_seal(session, desk.tenant),
        entries,
        at=at,
        durability=durability,
        simulated=desk.clock.simulated,
    )
    ids = tuple(entry.id for entry in entries)
    try:
        session.flush(desk.tenant, Batch(at=at, inserts=(seal, *places), sealed=ids))
    except Conflict:
        return None
    return len(entries)


def _anchor(desk: Desk, session: Session, plugin: str) -> int:
    """Hand one plugin the seals that it lacks, in order; a failure leaves the rest for the next time."""
    found = session.get(desk.tenant, AnchorMark, plugin)
    mark = found.entity if found else None
    taken = 0
    after = numbered(mark.seal if mark else 0)
    for each in session.find(desk.tenant, Seal, Query((gt("id", after),), limit=1000)):
        anchor = _as_anchor(desk, session, each.entity)
        context = AnchorContext(tenant=desk.tenant, anchor=anchor)
        if isinstance(desk.plugins.anchor(plugin, context), Failed):
            break
        mark = _marked(desk, session, plugin, mark, anchor.seal)
        if mark is None:
            break
        taken += 1
    return taken


def _as_anchor(desk: Desk, session: Session, seal: Seal) -> Anchor:
    covered = Query((ge("id", numbered(seal.first)), le("id", numbered(seal.last))))
    ids = tuple(each.entity.entry for each in session.find(desk.tenant, JournalPlace, covered))
    known = {entry.id: entry.hash for entry in session.journal(desk.tenant, JournalQuery(ids=ids))}
    return anchor_of(desk.tenant, seal, [known.get(id_, "") for id_ in ids])


def _marked(
    desk: Desk, session: Session, plugin: str, before: AnchorMark | None, seal: int
) -> AnchorMark | None:
    """Write down how far the plugin is; None if another process did so meanwhile."""
    after = AnchorMark(id=plugin, version=before.version + 1 if before else 1, seal=seal)
    changes = {"updates": (Update(before, after),)} if before else {"inserts": (after,)}
    try:
        session.flush(desk.tenant, Batch(at=desk.clock.now(), **changes))
    except Conflict:
        return None
    return after
