"""Checking the journal: rows, order, seals and anchors. `replaying` compares its story with the tables.

Everything is read in pages and within one moment, so neither the size of the journal nor what others write
meanwhile matters.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, TypeVar

from attrs import define, field

from pharmacrm.core.kernel.errors import NotInstalled, PharmaCRMError
from pharmacrm.core.kernel.journal import Entry, JournalQuery, Verb
from pharmacrm.core.kernel.query import Query, ge, is_in, le
from pharmacrm.core.kernel.record import Entity, Record
from pharmacrm.core.kernel.seal import Anchor, AnchorMark, JournalPlace, Seal, numbered, root_of
from pharmacrm.core.kernel.store import Session, Store
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.core.kernel.verification import (
    Finding,
    Verification,
    anchor_finding,
    erased_in,
    row_findings,
    seal_findings,
)
from pharmacrm.crm.desk import Desk
from pharmacrm.crm.replaying import compared, gone_from_tables
from pharmacrm.plugins.wall.calling import Failed

R = TypeVar("R", bound=Record)

Known = dict[str, tuple[Anchor, ...] | Failed]
"""What each plugin that anchors knows, oldest first."""

PAGE: Final = 200
"""Rows that are read at once."""

MOST: Final = 100
"""Findings that are kept; more are only counted."""

UNREADABLE = (PharmaCRMError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError)
"""What reading a row may raise that somebody has written by hand."""


def verified(desk: Desk, store: Store, progress: Callable[[int], None] | None) -> Verification:
    """Check one tenant's journal, seals, anchors and tables, as they are at one moment."""
    # Read before the tables: an anchor can then not be newer than what they are compared with.
    anchors = {plugin: desk.plugins.anchored(plugin, desk.tenant) for plugin in desk.plugins.anchors}
    durability = store.durability()
    with store.transaction() as session:
        found = session.get(desk.tenant, Tenant, desk.tenant)
        if found is None:
            raise NotInstalled(desk.tenant)
        check = Check(desk, session, progress or (lambda _: None))
        check.run(anchors)
        return Verification(
            tenant=desk.tenant,
            simulated=found.entity.simulated,
            durability=durability,
            found=check.found,
            findings=tuple(check.findings),
            **check.counts,
        )


@define
class Check:
    """One run of checks over one session; `counts` are the numbers of the answer."""

    desk: Desk
    session: Session
    progress: Callable[[int], None]
    found: int = 0
    findings: list[Finding] = field(factory=list)
    counts: Counter[str] = field(factory=Counter)

    @property
    def tenant(self) -> str:
        """Whose journal it is."""
        return self.desk.tenant

    def run(self, anchors: Known) -> None:
        """All checks; one that meets something unreadable says so, and the next goes on."""
        by_seal: dict[int, list[Anchor]] = {}
        with self._readable():
            by_seal = self._by_seal(anchors)
        with self._readable():
            self._sealed(by_seal)
        with self._readable():
            self._written()
        for kind in self.desk.registry.kinds.values():
            with self._readable():
                self._told_again(kind)

    def _told_again(self, kind: type[Entity]) -> None:
        """The records of one kind, told anew by the journal."""
        for page in compared(self.session, self.tenant, kind, self.desk.registry.kinds):
            self.counts["records"] += page.records
            for finding in page.findings:
                self._say(finding)

    def _say(self, finding: Finding) -> None:
        """Keep a finding, or only count it where there are too many."""
        self.found += 1
        if len(self.findings) < MOST:
            self.findings.append(finding)

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except UNREADABLE as error:
            self._say(Finding(what="unreadable", detail=type(error).__name__))

    def _by_seal(self, known: Known) -> dict[int, list[Anchor]]:
        """The anchors by the number of their seal, without those that a restored copy has left behind."""
        restores = self.session.journal(self.tenant, JournalQuery(verbs=(Verb.RESTORED,)))
        self.counts["restores"] = len(restores)
        by_seal: dict[int, list[Anchor]] = {}
        for plugin, anchors in known.items():
            if isinstance(anchors, Failed):
                self._say(Finding(what="anchor_unread", detail=plugin))
                continue
            valid = _still_valid(anchors, restores)
            newest = max((anchor.seal for anchor in valid), default=0)
            mark = self.session.get(self.tenant, AnchorMark, plugin)
            if mark is not None and mark.entity.seal > newest:
                self._say(Finding(what="anchor_lost", detail=f"{plugin}, seal {newest + 1}"))
            for anchor in valid:
                by_seal.setdefault(anchor.seal, []).append(anchor)
        return by_seal

    def _sealed(self, by_seal: dict[int, list[Anchor]]) -> None:
        """Every seal with its rows and its anchors, in order; then what stands beyond the last."""
        before: Seal | None = None
        vouched = 0
        while seals := self._page(Seal, before):
            for seal in seals:
                for each in seal_findings(self.tenant, seal, before):
                    self._say(each)
                anchors = by_seal.pop(seal.number, [])
                self._under(seal, anchors)
                vouched = seal.last if anchors else vouched
                before = seal
        for number, missing in sorted(by_seal.items()):
            self._say(Finding(what="cut", position=missing[0].first, detail=f"seal {number}"))
        last = before.last if before else 0
        self.counts["exposed"] += last - vouched
        for place in self._page(JournalPlace, JournalPlace(id=numbered(last), entry="")):
            self._say(Finding(what="place", position=place.position, entry=place.entry))

    def _page(self, kind: type[R], after: R | None) -> list[R]:
        query = Query(order=("id",), limit=PAGE, after=after)
        return [each.entity for each in self.session.find(self.tenant, kind, query)]

    def _under(self, seal: Seal, anchors: list[Anchor]) -> None:
        """One seal: its places without gaps, its rows as they were hashed, its root, its anchors."""
        covered = (ge("id", numbered(seal.first)), le("id", numbered(seal.last)))
        places = [each.entity for each in self.session.find(self.tenant, JournalPlace, Query(covered))]
        by_position = {place.position: place.entry for place in places}
        ids = [by_position.get(position, "") for position in range(seal.first, seal.last + 1)]
        rows = {entry.id: entry for entry in self._entries(ids)}
        entries = [rows.get(id_) for id_ in ids]
        faults = self.found
        for position, (id_, entry) in enumerate(zip(ids, entries, strict=True), seal.first):
            self._row(position, id_, entry)
        for anchor in anchors:
            self._anchored(anchor, seal, entries)
        hashes = [entry.hash if entry else "" for entry in entries]
        if root_of(hashes) != seal.root and faults == self.found:
            self._say(Finding(what="root", position=seal.first, detail=f"seal {seal.number}"))
        self.counts["seals"] += 1

    def _entries(self, ids: list[str]) -> Iterator[Entry]:
        for start in range(0, len(ids), PAGE):
            yield from self.session.journal(self.tenant, JournalQuery(ids=tuple(ids[start : start + PAGE])))

    def _row(self, position: int, id: str, entry: Entry | None) -> None:
        if entry is None:
            self._say(Finding(what="missing" if id else "place", position=position, entry=id))
            return
        for each in row_findings(self.tenant, entry, position):
            self._say(each)

    def _anchored(self, anchor: Anchor, seal: Seal, entries: list[Entry | None]) -> None:
        self.counts["anchors"] += 1
        finding = anchor_finding(anchor, seal, entries)
        if finding is not None:
            self._say(finding)

    def _written(self) -> None:
        """Every row as it was written: sealed once, or waiting for its seal; its record is there."""
        after: str | None = None
        while entries := self.session.journal(self.tenant, JournalQuery(after=after, limit=PAGE)):
            self._sealed_once(entries)
            for each in gone_from_tables(self.session, self.tenant, entries, self.desk.registry.kinds):
                self._say(each)
            self.counts["entries"] += len(entries)
            self.counts["erased"] += sum(map(erased_in, entries))
            self.progress(self.counts["entries"])
            after = entries[-1].id

    def _sealed_once(self, entries: list[Entry]) -> None:
        ids = tuple(entry.id for entry in entries)
        query = Query((is_in("entry", ids),))
        places = Counter(each.entity.entry for each in self.session.find(self.tenant, JournalPlace, query))
        unplaced = tuple(id_ for id_ in ids if not places[id_])
        waiting: set[str] = set()
        if unplaced:
            found = self.session.journal(self.tenant, JournalQuery(ids=unplaced, unsealed=True))
            waiting = {entry.id for entry in found}
        for entry in entries:
            if entry.id in waiting:
                self.counts.update(unsealed=1, exposed=1)
                self._row(0, entry.id, entry)
            elif places[entry.id] != 1:
                what = "twice" if places[entry.id] else "extra"
                self._say(Finding(what=what, entry=entry.id, kind=entry.kind, subject=entry.subject))


def _still_valid(anchors: Sequence[Anchor], restores: list[Entry]) -> list[Anchor]:
    """The anchors without those that a declared restore has left behind.

    They are of seals that the restored copy did not have, and were made before it was restored: by their own
    time, or because seals with lower numbers were anchored after them.
    """
    copies = [(entry.recorded_at, int(entry.changed()["seal"])) for entry in restores]
    valid: list[Anchor] = []
    lowest = sys.maxsize
    for anchor in reversed(anchors):
        again = lowest <= anchor.seal
        lowest = min(lowest, anchor.seal)
        if not any(anchor.seal > kept and (again or anchor.made_at < at) for at, kept in copies):
            valid.append(anchor)
    return valid[::-1]
