"""Inserts, versioned updates, removals, keys, and what a decision relied on."""

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from pharmacrm.core.kernel.errors import Conflict, StoreFailure
from pharmacrm.core.kernel.store import Answer, Batch, Expect, Update
from pharmacrm.testing.storage.bench import Bench, KitBase, addition, changed
from pharmacrm.testing.storage.kinds import (
    AT,
    KINDS,
    KitAccount,
    KitLine,
    KitOrder,
    KitStranger,
    account,
    answer,
    cny,
    line,
    order,
)

LATER = AT + timedelta(minutes=1, microseconds=1)


def _insert(id: str = "o-1") -> Batch:
    return Batch(at=AT, inserts=(order(id),))


class WritingKit(KitBase):
    """Single elements of a batch."""

    def test_insert_keeps_what_it_was_given(self, bench: Bench) -> None:
        """Version and counters of a new record are kept as they are given."""
        bench.flush(account(reserved=5, posted=7), order(version=1))
        assert bench.get(KitAccount, "a-1") == account(reserved=5, posted=7)
        assert bench.get(KitOrder, "o-1").version == 1

    def test_many_inserts_at_once(self, bench: Bench) -> None:
        """A batch may be large, and of several kinds in any order."""
        lines = [line(f"o-1/{number:03}") for number in range(150)]
        bench.flush(*lines[:80], order(), *lines[80:], account())
        assert bench.find(KitLine) == lines
        assert (bench.get(KitOrder, "o-1"), bench.get(KitAccount, "a-1")) == (order(), account())

    @pytest.mark.parametrize("entity", [order(text="new"), line(note="new")], ids=["record", "part"])
    def test_insert_of_a_known_id_conflicts(self, bench: Bench, entity: KitOrder | KitLine) -> None:
        """A taken id is a conflict that doing the command again may solve; the first one stays."""
        bench.flush(order(), line())
        assert bench.conflict(entity).retry == "command"
        assert bench.get(KitOrder, "o-1") == order()
        assert bench.get(KitLine, "o-1/1") == line()

    def test_insert_of_an_id_twice_in_one_batch_conflicts(self, bench: Bench) -> None:
        """The same id twice is a conflict, and neither is stored."""
        bench.conflict(order(), order(text="other"))
        assert bench.find(KitOrder) == []

    def test_ids_of_two_kinds_do_not_meet(self, bench: Bench) -> None:
        """An id is unique within its kind only."""
        bench.flush(order("x"), account("x"))
        assert bench.get(KitOrder, "x").id == bench.get(KitAccount, "x").id

    def test_update_raises_the_version_and_the_time(self, bench: Bench) -> None:
        """An update stores the new values, the new version and the time of its batch."""
        bench.flush(order())
        update = changed(order(), text="new", note="n", amount=cny(9))
        bench.flush(updates=(update,), at=LATER)
        found = bench.found(KitOrder, "o-1")
        assert found is not None
        assert (found.entity, found.version) == (update.after, found.entity.version)
        assert found.recorded_at == LATER

    def test_touch_raises_the_version_alone(self, bench: Bench) -> None:
        """An update that changes no field raises the version, and with it the guard of every part."""
        bench.flush(order(), line(), line("o-1/2"))
        bench.flush(updates=(changed(order()),))
        assert bench.get(KitOrder, "o-1") == order(version=2)
        found = bench.found(KitLine, "o-1/2")
        assert found is not None
        assert found.version == bench.get(KitOrder, "o-1").version

    def test_update_writes_only_changed_columns(self, bench: Bench) -> None:
        """A column in which before and after agree is left alone, whatever stands in it."""
        bench.flush(order(text="stored", note="kept"))
        before = order(text="something else", note="masked")
        bench.flush(updates=(changed(before, place=7),))
        assert bench.get(KitOrder, "o-1") == order(text="stored", note="kept", place=7, version=2)

    def test_part_update_writes_only_changed_columns(self, bench: Bench) -> None:
        """So with a part: two people may change two of its fields."""
        bench.flush(order(), line())
        bench.flush(updates=(changed(line(), quantity=5),))
        bench.flush(updates=(changed(line(), note="n"),))
        assert bench.get(KitLine, "o-1/1") == line(quantity=5, note="n")

    def test_update_never_writes_a_counter(self, bench: Bench) -> None:
        """A limit is changed while reservations go on: none of them is wiped."""
        bench.flush(account())
        bench.flush(additions=(addition(reserved=300),))
        bench.flush(updates=(changed(account(), limit=cny(2_000), reserved=cny(1), posted=cny(0)),))
        assert bench.get(KitAccount, "a-1") == evolve(account(limit=2_000, reserved=300), version=2)

    @pytest.mark.parametrize("version", [1, 3], ids=["stale", "ahead"])
    def test_update_of_another_version_conflicts(self, bench: Bench, version: int) -> None:
        """Whoever relied on another version has to decide again; nothing is stored."""
        bench.flush(order(version=2))
        assert bench.conflict(updates=(changed(order(version=version), text="new"),)).retry == "command"
        assert bench.get(KitOrder, "o-1") == order(version=2)

    @pytest.mark.parametrize("entity", [order("o-9"), line("o-1/9")], ids=["record", "part"])
    def test_update_of_what_is_not_there_conflicts(self, bench: Bench, entity: KitOrder | KitLine) -> None:
        """An update never inserts."""
        bench.flush(order(), line())
        before = bench.everything()
        bench.conflict(updates=(changed(entity, amount=cny(3)),))
        assert bench.everything() == before

    def test_second_of_two_equal_updates_conflicts(self, bench: Bench) -> None:
        """The same update twice is once."""
        bench.flush(order())
        update = changed(order(), text="new")
        bench.flush(updates=(update,))
        bench.conflict(updates=(update,))
        assert bench.get(KitOrder, "o-1") == update.after

    def test_removal_takes_one_part_away(self, bench: Bench) -> None:
        """The part is gone, its parent and its siblings stay."""
        bench.flush(order(), line(), line("o-1/2"))
        bench.flush(removals=(line(),), updates=(changed(order()),))
        assert bench.ids(KitLine) == ["o-1/2"]
        assert bench.get(KitOrder, "o-1") == order(version=2)

    def test_removal_of_what_is_gone_conflicts(self, bench: Bench) -> None:
        """Somebody else has removed it."""
        bench.flush(order())
        bench.conflict(removals=(line(),))

    def test_removed_id_may_come_back(self, bench: Bench) -> None:
        """An id that was removed is free again."""
        bench.flush(order(), line())
        bench.flush(removals=(line(),))
        bench.flush(line(note="again"))
        assert bench.get(KitLine, "o-1/1") == line(note="again")

    def test_key_is_kept(self, bench: Bench) -> None:
        """The answer under a key is read like a record."""
        kept = answer(reasons='["' + "理" * 3_000 + '"]', kind="kit_order", value="o-1")
        bench.flush(order(), keys=(kept,))
        assert bench.get(Answer, "web-17") == kept

    def test_known_key_conflicts(self, bench: Bench) -> None:
        """The insert of the key decides a race: the second caller stores nothing."""
        bench.flush(keys=(answer(),))
        assert bench.conflict(order(), keys=(answer(actor="wang.wu"),)).retry == "command"
        assert bench.find(KitOrder) == []
        assert bench.get(Answer, "web-17") == answer()

    @pytest.mark.parametrize(
        ("id_", "version", "holds"),
        [
            ("o-1", 2, True),
            ("o-1", 1, False),
            ("o-1", 3, False),
            ("o-1", 0, False),
            ("o-9", 0, True),
            ("o-9", 1, False),
            ("O-1", 0, True),
        ],
    )
    def test_expectation(self, bench: Bench, id_: str, version: int, *, holds: bool) -> None:
        """What was relied on must still have its version; version 0: must still be absent."""
        bench.flush(order(version=2))
        batch: dict[str, Any] = {"expects": (Expect(KitOrder, id_, version),)}
        if holds:
            bench.flush(account(), **batch)
        else:
            assert bench.conflict(account(), **batch).retry in {"command", "transaction"}
        assert bench.count(KitAccount) == int(holds)

    def test_every_expectation_counts(self, bench: Bench) -> None:
        """One broken expectation among many, of several kinds, refuses the batch."""
        bench.flush(*(order(f"o-{number}") for number in range(8)), account())
        good = [Expect(KitOrder, f"o-{number}", 1) for number in range(8)] + [Expect(KitAccount, "a-1", 1)]
        for place in range(len(good)):
            broken = [*good[:place], evolve(good[place], version=2), *good[place + 1 :]]
            bench.conflict(order("new"), expects=tuple(broken))
        bench.flush(order("new"), expects=tuple(good))

    def test_expectation_is_broken_by_a_change_in_between(self, bench: Bench) -> None:
        """A licence revoked in between is a conflict, not a passed order; so is a newcomer."""
        bench.flush(order())
        relied = (Expect(KitOrder, "o-1", 1), Expect(KitOrder, "o-2", 0))
        bench.flush(expects=relied)
        bench.flush(updates=(changed(order()),))
        bench.conflict(expects=relied[:1])
        bench.flush(order("o-2"))
        bench.conflict(expects=relied[1:])

    def test_empty_batch_is_fine(self, bench: Bench) -> None:
        """Nothing to store is no fault."""
        bench.flush()
        assert bench.find(KitOrder) == []

    def test_update_in_terms_of_personal_fields(self, bench: Bench) -> None:
        """Personal fields are stored and changed like others."""
        bench.flush(order(phone="13800000000"))
        bench.flush(updates=(changed(order(phone="13800000000"), phone=""),))
        assert bench.get(KitOrder, "o-1").phone == ""

    def test_several_updates_in_one_batch(self, bench: Bench) -> None:
        """Records and parts of several kinds change together."""
        bench.flush(order("o-1"), order("o-2"), line(), account())
        updates: tuple[Update, ...] = (
            changed(order("o-2"), place=2),
            changed(line(), quantity=2),
            changed(account(), name="two"),
            changed(order("o-1"), place=1),
        )
        bench.flush(updates=updates)
        for update in updates:
            assert bench.get(type(update.after), update.after.id) == update.after

    def test_install_twice_is_harmless(self, bench: Bench) -> None:
        """Installing again keeps what is there, and says that it is installed."""
        bench.flush(order())
        bench.store.install(KINDS)
        bench.store.install(KINDS[:2])
        assert bench.store.installed()
        assert bench.get(KitOrder, "o-1") == order()

    def test_registering_again_is_harmless(self, bench: Bench) -> None:
        """Registering kinds touches nothing that is stored."""
        bench.flush(order())
        bench.store.register(KINDS)
        assert bench.get(KitOrder, "o-1") == order()

    def test_kind_that_is_not_installed_is_refused(self, bench: Bench) -> None:
        """A kind that nobody installed is a clear failure, not an empty result."""
        for read in (bench.found, bench.seek):
            with pytest.raises(StoreFailure):
                read(KitStranger, "x")
        with pytest.raises(StoreFailure):
            bench.find(KitStranger)

    def test_clock_is_aware_or_absent(self, bench: Bench) -> None:
        """The database's clock is in UTC, if it has one."""
        now = bench.store.now()
        assert now is None or now.utcoffset() == timedelta(0)

    def test_session_works_on_after_a_conflict(self, bench: Bench) -> None:
        """A conflict ends its batch, not the session."""
        bench.flush(order())
        with bench.store.session() as session:
            with pytest.raises(Conflict):
                session.flush(bench.tenant, _insert())
            found = session.get(bench.tenant, KitOrder, "o-1")
            session.flush(bench.tenant, _insert("o-2"))
        assert found is not None
        assert bench.ids(KitOrder) == ["o-1", "o-2"]

    def test_conflicts_do_not_spoil_the_session(self, bench: Bench) -> None:
        """Between refused batches good ones of the same shape are stored."""
        bench.flush(order(), account())
        moves, rounds = (addition(reserved=1),), 12
        with bench.store.session() as session:
            for number in range(rounds):
                for _ in range(1 + number % 2):
                    with pytest.raises(Conflict):
                        session.flush(bench.tenant, Batch(at=AT, inserts=(order(),), additions=moves))
                good = Batch(at=AT, inserts=(order(f"new-{number}"),), additions=moves)
                session.flush(bench.tenant, good)
        assert bench.get(KitAccount, "a-1") == account(reserved=rounds)
