"""Tenants never see, disturb or count each other, even where every id is the same."""

from datetime import timedelta

from pharmacrm.core.kernel.query import Query, eq, is_in, within
from pharmacrm.core.kernel.store import Answer, Expect
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.testing.storage.bench import Bench, KitBase, addition, changed
from pharmacrm.testing.storage.kinds import (
    AT,
    KitAccount,
    KitLine,
    KitOrder,
    account,
    answer,
    cny,
    line,
    order,
)

SOON = AT + timedelta(minutes=5)


class TenantsKit(KitBase):
    """Two tenants with the same ids."""

    def test_installed_tenants_are_listed(self, bench: Bench) -> None:
        """Who has settings in this store is listed, in order; who only has records is not."""
        benches = sorted((bench.elsewhere() for _ in range(3)), key=lambda each: each.tenant)
        for each in reversed(benches):
            each.flush(Tenant(id=each.tenant, version=1, zone="Asia/Shanghai", currency="CNY"))
        bench.flush(order())
        listed = bench.store.tenants()
        assert list(listed) == sorted(listed)
        assert [id_ for id_ in listed if id_ in {each.tenant for each in benches}] == [
            each.tenant for each in benches
        ]
        assert bench.tenant not in listed

    def test_get_sees_its_own(self, bench: Bench) -> None:
        """The same id is another record for another tenant, and a missing one for a third."""
        other = bench.elsewhere()
        bench.flush(order(text="ours"))
        other.flush(order(text="theirs"))
        assert bench.get(KitOrder, "o-1").text == "ours"
        assert other.get(KitOrder, "o-1").text == "theirs"
        assert bench.elsewhere().found(KitOrder, "o-1") is None

    def test_find_and_count_see_their_own(self, bench: Bench) -> None:
        """Searches stay within the tenant, whatever they ask for."""
        other = bench.elsewhere()
        bench.flush(order("o-1"))
        other.flush(order("o-1"), order("o-2"))
        for where in ((), (eq("text", "a"),), (is_in("id", ["o-1", "o-2"]),)):
            assert bench.ids(KitOrder, *where) == ["o-1"]
            assert bench.count(KitOrder, *where) == 1
        assert bench.ids(KitOrder, after=order("o-0")) == ["o-1"]

    def test_semi_join_stays_within(self, bench: Bench) -> None:
        """The lines of another tenant's order are no lines of ours."""
        other = bench.elsewhere()
        bench.flush(order())
        other.flush(order(), line())
        assert bench.ids(KitOrder, within(KitLine, "order")) == []
        assert other.ids(KitOrder, within(KitLine, "order")) == ["o-1"]

    def test_part_is_guarded_by_its_own_parent(self, bench: Bench) -> None:
        """The guard of a part is the version of the parent in the same tenant."""
        other = bench.elsewhere()
        bench.flush(order(version=3), line())
        other.flush(order(version=8), line())
        for whose, version in ((bench, 3), (other, 8)):
            found = whose.found(KitLine, "o-1/1")
            assert found is not None
            assert found.version == version
            assert [each.version for each in whose.founds(KitLine, Query())] == [version]

    def test_update_changes_its_own(self, bench: Bench) -> None:
        """An update of one tenant's record leaves the other's alone."""
        other = bench.elsewhere()
        for each in (bench, other):
            each.flush(order(), line())
        bench.flush(updates=(changed(order(), text="new"), changed(line(), note="n")))
        assert other.get(KitOrder, "o-1") == order()
        assert other.get(KitLine, "o-1/1") == line()

    def test_update_of_anothers_record_conflicts(self, bench: Bench) -> None:
        """Another tenant's record is a missing one."""
        bench.elsewhere().flush(order(), line())
        bench.conflict(updates=(changed(order(), text="new"),))
        bench.conflict(updates=(changed(line(), note="n"),))

    def test_removal_takes_its_own(self, bench: Bench) -> None:
        """A removal leaves the other tenant's part, and does not find it either."""
        other = bench.elsewhere()
        bench.flush(order(), line())
        other.flush(order(), line())
        bench.flush(removals=(line(),))
        bench.conflict(removals=(line(),))
        assert other.ids(KitLine) == ["o-1/1"]

    def test_addition_moves_its_own(self, bench: Bench) -> None:
        """Counters and bounds are the tenant's own."""
        other = bench.elsewhere()
        bench.flush(account(limit=10))
        other.flush(account(limit=99))
        bench.conflict(additions=(addition(reserved=11),))
        bench.flush(additions=(addition(reserved=10),))
        assert other.get(KitAccount, "a-1").reserved == cny(0)
        other.flush(additions=(addition(reserved=99),))
        assert bench.get(KitAccount, "a-1").reserved == cny(10)

    def test_key_is_its_own(self, bench: Bench) -> None:
        """The same key may be used by two tenants."""
        other = bench.elsewhere()
        bench.flush(keys=(answer(),))
        other.flush(keys=(answer(actor="wang.wu"),))
        assert bench.get(Answer, "web-17").actor == "li.si"
        assert other.get(Answer, "web-17").actor == "wang.wu"

    def test_expectation_is_its_own(self, bench: Bench) -> None:
        """What one tenant relies on is not broken by another, and not met by it."""
        other = bench.elsewhere()
        other.flush(order())
        bench.flush(expects=(Expect(KitOrder, "o-1", 0),))
        bench.conflict(expects=(Expect(KitOrder, "o-1", 1),))

    def test_journal_is_its_own(self, bench: Bench) -> None:
        """Nobody reads another tenant's journal, not even by the id of an entry."""
        other = bench.elsewhere()
        entry = other.entry()
        other.flush(entries=(entry,))
        assert bench.journal() == []
        assert bench.journal(id=entry.id) == []
        assert bench.journal(subject="o-1") == []
        assert other.journal() == [entry]

    def test_outbox_is_its_own(self, bench: Bench) -> None:
        """One tenant's relay claims, settles and counts its own deliveries only."""
        other = bench.elsewhere()
        other.send("o-1")
        assert bench.claim(AT, SOON) == []
        assert bench.store.waiting(bench.tenant, ("mail",)) == 0
        assert len(other.claim(AT, SOON)) == 1

    def test_head_of_a_subject_is_its_own(self, bench: Bench) -> None:
        """An older delivery of another tenant does not stand in the way."""
        other = bench.elsewhere()
        other.send("o-1")
        mine = bench.send("o-1")
        assert [each.id for each in bench.claim(AT, SOON)] == [mine[0].id]
