"""Sealing: what waits for its seal is never passed over, and sealed once; one moment is one moment."""

import pytest

from pharmacrm.core.kernel.errors import Conflict
from pharmacrm.core.kernel.journal import Entry, JournalQuery
from pharmacrm.core.kernel.query import Query
from pharmacrm.core.kernel.schema import schema_of
from pharmacrm.core.kernel.seal import JournalPlace, Seal, sealed
from pharmacrm.core.kernel.store import Batch, DeliveryQuery
from pharmacrm.testing.storage.bench import Bench, KitBase
from pharmacrm.testing.storage.kinds import AT, KitOrder, order


class Stop(Exception):
    """Ends a transaction on purpose."""


def _stored(bench: Bench, *subjects: str) -> list[Entry]:
    entries = [bench.entry(subject) for subject in subjects]
    bench.flush(entries=tuple(entries))
    return entries


def _sealing(bench: Bench, entries: list[Entry], before: Seal | None = None) -> Batch:
    seal, places = sealed(bench.tenant, before, entries, at=AT, durability="kit", simulated=False)
    return Batch(at=AT, inserts=(seal, *places), sealed=tuple(entry.id for entry in entries))


def _flush(bench: Bench, batch: Batch) -> None:
    with bench.store.session() as session:
        session.flush(bench.tenant, batch)


def _flush_both(bench: Bench, entry: Entry, *, stop: bool) -> None:
    """Two flushes in one transaction, which sees both, and an end on purpose."""
    with bench.store.transaction() as session:
        session.flush(bench.tenant, Batch(at=AT, inserts=(order("o-1"),)))
        session.flush(bench.tenant, Batch(at=AT, inserts=(order("o-2"),), entries=(entry,)))
        seen = [found.entity.id for found in session.find(bench.tenant, KitOrder, Query())]
        assert seen == ["o-1", "o-2"]
        if stop:
            raise Stop


class SealingKit(KitBase):
    """The list of entries that wait for their seal, and transactions that see one moment."""

    def test_entry_waits_until_it_is_sealed(self, bench: Bench) -> None:
        """What is stored waits, in the order of the journal; what is sealed waits no longer."""
        entries = _stored(bench, "o-1", "o-2", "o-3")
        assert bench.journal(unsealed=True) == entries
        assert bench.journal(unsealed=True, limit=2) == entries[:2]
        _flush(bench, _sealing(bench, entries[:2]))
        assert bench.journal(unsealed=True) == entries[2:]
        assert bench.journal() == entries

    def test_entry_with_an_earlier_id_is_not_passed_over(self, bench: Bench) -> None:
        """Ids and times say nothing about when an entry is committed: a late one waits like any other."""
        late = bench.entry("o-1", at=AT)
        _flush(bench, _sealing(bench, _stored(bench, "o-2")))
        bench.flush(entries=(late,))
        assert bench.journal(unsealed=True) == [late]

    def test_entry_is_sealed_once(self, bench: Bench) -> None:
        """A seal over an entry that is sealed already conflicts, and stores nothing."""
        first = _stored(bench, "o-1")
        done = _sealing(bench, first)
        _flush(bench, done)
        seal = next(each for each in done.inserts if isinstance(each, Seal))
        more = _stored(bench, "o-2")
        with pytest.raises(Conflict):
            _flush(bench, _sealing(bench, [*more, *first], seal))
        assert bench.journal(unsealed=True) == more
        assert bench.count(Seal) == 1
        assert bench.count(JournalPlace) == 1

    def test_seal_of_an_unknown_entry_conflicts(self, bench: Bench) -> None:
        """What was never stored cannot be sealed."""
        with pytest.raises(Conflict):
            _flush(bench, _sealing(bench, [bench.entry("o-1")]))
        assert bench.count(Seal) == 0

    def test_entries_wait_for_their_own_tenant(self, bench: Bench) -> None:
        """Another tenant's entries are neither seen nor sealed."""
        other = bench.elsewhere()
        entries = _stored(other, "o-1")
        assert bench.journal(unsealed=True) == []
        with pytest.raises(Conflict):
            _flush(bench, _sealing(bench, entries))
        assert other.journal(unsealed=True) == entries

    def test_journal_is_read_in_pages(self, bench: Bench) -> None:
        """`after` goes on behind an entry, whatever order is asked for."""
        entries = _stored(bench, "o-1", "o-2", "o-1", "o-3")
        assert bench.journal(after=entries[1].id) == entries[2:]
        assert bench.journal(after=entries[1].id, limit=1) == [entries[2]]
        assert bench.journal(after=entries[2].id, newest_first=True) == [entries[1], entries[0]]
        assert bench.journal(after=entries[0].id, subject="o-1") == [entries[2]]
        assert bench.journal(after="nobody") == []

    def test_several_entries_and_subjects_are_asked_for_at_once(self, bench: Bench) -> None:
        """`ids` and `subjects` give what is among them, in the order of the journal."""
        entries = _stored(bench, "o-1", "o-2", "O-1", "o-3")
        assert bench.journal(ids=(entries[2].id, entries[0].id, "nobody")) == [entries[0], entries[2]]
        assert bench.journal(subjects=("o-3", "o-1")) == [entries[0], entries[3]]
        assert bench.journal(ids=()) == []
        assert bench.journal(subjects=()) == []

    def test_transaction_is_all_or_nothing(self, bench: Bench) -> None:
        """What several flushes store counts at the end of the block, or not at all."""
        entry = bench.entry()
        with pytest.raises(Stop):
            _flush_both(bench, entry, stop=True)
        assert bench.ids(KitOrder) == []
        assert bench.journal() == []
        _flush_both(bench, entry, stop=False)
        assert bench.ids(KitOrder) == ["o-1", "o-2"]
        assert bench.journal(unsealed=True) == [entry]

    def test_deliveries_are_listed_whatever_their_state(self, bench: Bench) -> None:
        """A copy of everything needs every delivery, in pages by id."""
        sent = bench.send("s-1", "s-2", "s-3")
        with bench.store.session() as session:
            assert session.deliveries(bench.tenant, DeliveryQuery(limit=2)) == sent[:2]
            assert session.deliveries(bench.tenant, DeliveryQuery(after=sent[1].id, limit=2)) == sent[2:]

    def test_durability_is_said_in_a_few_words(self, bench: Bench) -> None:
        """It stands in every seal."""
        assert 0 < len(bench.store.durability()) <= schema_of(Seal).field("durability").column.length

    def test_query_of_everything_at_once(self, bench: Bench) -> None:
        """Conditions are joined by AND."""
        entries = _stored(bench, "o-1", "o-2", "o-1")
        query = JournalQuery(subjects=("o-1",), ids=tuple(entry.id for entry in entries), unsealed=True)
        with bench.store.session() as session:
            assert session.journal(bench.tenant, query) == [entries[0], entries[2]]
