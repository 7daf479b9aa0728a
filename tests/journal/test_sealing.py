"""Sealing, anchoring and verifying through the door, on each kind of store."""

import json
from typing import Any

import pytest
from attrs import evolve

from pharmacrm import AnchorFile, MalformedInput, NotInstalled, NotPermitted, PharmaCRM, Verb, hookimpl
from pharmacrm.core.kernel.errors import Conflict, StoreFailure
from pharmacrm.core.kernel.journal import JournalQuery
from pharmacrm.core.kernel.query import Query
from pharmacrm.core.kernel.seal import JournalPlace, Seal, sealed
from pharmacrm.core.kernel.store import Batch
from pharmacrm.core.kernel.verification import WHAT, Finding
from tests.covers import covers
from tests.door.test_journal import a_busy_month
from tests.flows.house import ADMIN, SALES, journal, open_house, opened, worth
from tests.flows.scenarios import hired


@covers("SC-32", "SC-33")
def test_a_busy_month_is_sealed_and_verified(crm: PharmaCRM) -> None:
    a_busy_month(crm)
    before = crm.verify()
    assert before.clean, before.explain()
    assert before.unsealed == before.exposed == before.entries == len(journal(crm))
    crm.deliver()
    after = crm.verify()
    assert after.clean, after.explain()
    assert (after.unsealed, after.entries) == (0, before.entries)
    assert after.seals == -(-before.entries // 100)
    assert after.exposed == after.entries
    crm.deliver()
    assert crm.verify() == after


def test_the_sealed_order_is_that_of_every_record(crm: PharmaCRM) -> None:
    for number in range(3):
        crm.do(worth(f"SO-{number}", 100), actor=SALES).expect()
        crm.deliver()
    fed = crm.feed(limit=1000, actor=ADMIN)
    assert [each.position for each in fed] == list(range(1, len(journal(crm)) + 1))
    assert [each.entry for each in fed] == journal(crm)
    assert [each.position for each in crm.feed(after=3, limit=2, actor=ADMIN)] == [4, 5]
    with pytest.raises(NotPermitted):
        crm.feed(actor=SALES)
    with pytest.raises(MalformedInput):
        crm.feed(after=-1, actor=ADMIN)


def test_of_two_sealers_one_gets_through(crm: PharmaCRM) -> None:
    with crm._store.session() as session:
        entries = session.journal(crm.tenant, JournalQuery(unsealed=True, limit=10))
        at = crm.clock.now()
        seal, places = sealed(crm.tenant, None, entries, at=at, durability="x", simulated=True)
        batch = Batch(at=at, inserts=(seal, *places), sealed=tuple(entry.id for entry in entries))
        session.flush(crm.tenant, batch)
        with pytest.raises(Conflict):
            session.flush(crm.tenant, batch)
        again = evolve(batch, inserts=())
        with pytest.raises(Conflict):
            session.flush(crm.tenant, again)
        assert len(session.find(crm.tenant, Seal, Query())) == 1
    crm.deliver()
    assert crm.verify().clean


class Stubborn:
    """An anchor that refuses until it is told otherwise."""

    name = "stubborn"

    def __init__(self) -> None:
        self.kept: list[object] = []
        self.open = False

    @hookimpl
    def pharmacrm_anchor(self, context) -> None:
        if not self.open:
            raise OSError("not now")
        self.kept.append(context.anchor)

    @hookimpl
    def pharmacrm_anchored(self, context) -> list[object]:
        return self.kept


def test_an_anchor_that_fails_gets_every_seal_later() -> None:
    plugin = Stubborn()
    crm = open_house(plugins=[plugin])
    crm.deliver()
    crm.do(worth("SO-1", 100), actor=SALES).expect()
    crm.deliver()
    assert crm.verify().exposed == len(journal(crm))
    assert {fault.hook for fault in crm.plugins.faults} == {"pharmacrm_anchor"}
    plugin.open = True
    crm.deliver()
    found = crm.verify()
    assert (found.exposed, found.anchors, found.clean) == (0, 2, True)


def test_the_file_of_anchors_chains_its_lines(tmp_path) -> None:
    path = tmp_path / "anchors.jsonl"
    crm = open_house(plugins=[AnchorFile(path)])
    for number in range(3):
        crm.do(worth(f"SO-{number}", 100), actor=SALES).expect()
        crm.deliver()
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["anchor"]["seal"] for line in lines] == [1, 2, 3]
    assert crm.verify().clean
    path.write_text("\n".join((lines[0], lines[2])) + "\n", encoding="utf-8")
    assert [each.what for each in crm.verify().findings] == ["anchor_unread"]
    path.write_text("\n".join(lines[:2]) + "\n", encoding="utf-8")
    assert [each.what for each in crm.verify().findings] == ["anchor_lost"]
    path.write_text("\n".join(lines) + "\n{torn", encoding="utf-8")
    crm.do(worth("SO-9", 100), actor=SALES).expect()
    crm.deliver()
    assert (crm.verify().clean, crm.verify().anchors) == (True, 4)


def test_what_was_never_installed_has_no_journal() -> None:
    crm = opened()
    crm.create_tables()
    with pytest.raises(NotInstalled):
        crm.deliver()
    with pytest.raises(NotInstalled):
        crm.verify()


def test_progress_is_told() -> None:
    crm = open_house()
    heard: list[int] = []
    crm.verify(progress=heard.append)
    assert heard[-1] == len(journal(crm))


def test_a_sealed_entry_that_is_gone_stops_the_feed() -> None:
    crm = open_house()
    crm.deliver()
    store: Any = crm._store
    gone = next(iter(store._entries["main"]))
    del store._entries["main"][gone]
    with pytest.raises(StoreFailure, match="is gone"):
        crm.feed(actor=ADMIN)
    assert crm.verify().first_bad == Finding(what="missing", position=1, entry=gone)


def test_a_place_beyond_the_last_seal_is_found() -> None:
    crm = open_house()
    crm.deliver()
    extra = JournalPlace(id=f"{10**6:016d}", version=1, entry="nobody")
    with crm._store.session() as session:
        session.flush("main", Batch(at=crm.clock.now(), inserts=(extra,)))
    assert [each.what for each in crm.verify().findings] == ["place"]


def test_every_finding_has_words() -> None:
    for what in WHAT:
        assert str(Finding(what=what, position=7, entry="e", kind="customer", subject="C-1")).startswith(what)


def test_erased_personal_values_are_counted_and_everything_else_fits() -> None:
    crm = open_house()
    crm.deliver()
    store: Any = crm._store
    entries = store._entries["main"]
    with_personal = next(entry for entry in entries.values() if entry.personal)
    entries[with_personal.id] = evolve(with_personal, personal=())
    found = crm.verify()
    assert found.clean, found.explain()
    assert found.erased == len(with_personal.personal)


def test_refusals_are_no_story_of_a_record() -> None:
    crm = open_house()
    crm.do(hired("x", "boss"), actor=ADMIN)
    assert journal(crm)[-1].verb is Verb.REFUSED
    crm.deliver()
    assert crm.verify().clean
