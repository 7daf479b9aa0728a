"""Several sessions at once: nobody oversells, loses an update or reads half a batch."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any, TypeVar

import pytest

from pharmacrm.core.kernel.errors import Conflict
from pharmacrm.core.kernel.query import Query
from pharmacrm.core.kernel.store import Answer, Batch, Expect
from pharmacrm.testing.storage.bench import Bench, KitBase, StoreFactory, addition, changed
from pharmacrm.testing.storage.kinds import (
    AT,
    KINDS,
    KitAccount,
    KitOrder,
    account,
    answer,
    cny,
    line,
    order,
)

T = TypeVar("T")

THREADS = 8
TRIES = 200
"""After so many conflicts in a row a test gives up; the door's own limit is 20."""


def together(threads: int, work: Callable[[int], T]) -> list[T]:
    """What each thread's work gives; all begin at once, and the first fault is raised."""
    barrier = Barrier(threads)

    def run(number: int) -> T:
        barrier.wait(timeout=30)
        return work(number)

    with ThreadPoolExecutor(threads) as pool:
        return [future.result() for future in [pool.submit(run, number) for number in range(threads)]]


def _stored(bench: Bench, *inserts: KitOrder, **rest: Any) -> bool:
    try:
        bench.flush(*inserts, **rest)
    except Conflict:
        return False
    return True


def _contest(bench: Bench, batches: Sequence[Mapping[str, Any]]) -> list[bool]:
    """Which of these batches are stored, when a thread each flushes them at once."""
    return together(len(batches), lambda number: _stored(bench, **batches[number]))


def _reserve(bench: Bench, amount: int) -> bool:
    """Reserve, and on a conflict look again, as the door does; False once there is no room."""
    for _ in range(TRIES):
        if _stored(bench, additions=(addition(reserved=amount),)):
            return True
        have = bench.get(KitAccount, "a-1")
        if have.reserved.minor + amount > have.limit.minor:
            return False
    pytest.fail("an addition that fits was refused again and again")


class SessionsKit(KitBase):
    """Concurrency."""

    def test_session_sees_what_another_has_stored(self, bench: Bench) -> None:
        """Reads are outside any transaction: an open session is never stuck in the past."""
        with bench.store.session() as one, bench.store.session() as two:
            assert one.get(bench.tenant, KitOrder, "o-1") is None
            two.flush(bench.tenant, Batch(at=AT, inserts=(order(),)))
            assert one.get(bench.tenant, KitOrder, "o-1") is not None
            two.flush(bench.tenant, Batch(at=AT, updates=(changed(order(), text="new"),)))
            assert [found.version for found in one.find(bench.tenant, KitOrder, Query())] == [2]

    def test_second_of_two_sessions_conflicts(self, bench: Bench) -> None:
        """Two sessions read the same version and change it: the slower one conflicts."""
        bench.flush(order())
        with bench.store.session() as one, bench.store.session() as two:
            for session in (one, two):
                assert session.get(bench.tenant, KitOrder, "o-1") is not None
            two.flush(bench.tenant, Batch(at=AT, updates=(changed(order(), text="two"),)))
            with pytest.raises(Conflict):
                one.flush(bench.tenant, Batch(at=AT, updates=(changed(order(), text="one"),)))
        assert bench.get(KitOrder, "o-1").text == "two"

    def test_one_of_many_updates_wins(self, bench: Bench) -> None:
        """Of many threads that change one version at once, one wins."""
        self.need_threads()
        for version in range(1, 6):
            if version == 1:
                bench.flush(order())
            before = bench.get(KitOrder, "o-1")
            won = _contest(bench, [{"updates": (changed(before, place=n),)} for n in range(THREADS)])
            assert sum(won) == 1
            after = bench.get(KitOrder, "o-1")
            assert (after.version, after.place) == (version + 1, won.index(True))

    def test_one_of_many_inserts_wins(self, bench: Bench) -> None:
        """Of many threads that take one id, or one key, at once, one gets it."""
        self.need_threads()
        for place in range(5):
            ids = [f"o-{place}"] * THREADS
            won = _contest(bench, [{"inserts": (order(id, place=n),)} for n, id in enumerate(ids)])
            assert sum(won) == 1
            assert bench.get(KitOrder, ids[0]).place == won.index(True)
            keys = [answer(f"k-{place}", actor=f"actor-{n}") for n in range(THREADS)]
            won = _contest(bench, [{"keys": (key,)} for key in keys])
            assert [bench.get(Answer, f"k-{place}")] == [
                key for key, first in zip(keys, won, strict=True) if first
            ]

    def test_bound_holds_under_threads(self, bench: Bench) -> None:
        """Many threads on one hot account: the bound is reached exactly, and never passed."""
        self.need_threads()
        bench.flush(account(limit=25))
        done = together(THREADS, lambda _: [_reserve(bench, 1) for _ in range(5)])
        assert sum(map(sum, done)) == bench.get(KitAccount, "a-1").limit.minor
        assert bench.get(KitAccount, "a-1").reserved == cny(25)

    def test_fitting_additions_all_pass(self, bench: Bench) -> None:
        """What fits is not refused for good: every addition is stored, and none is lost."""
        self.need_threads()
        bench.flush(account(limit=40))
        done = together(THREADS, lambda _: [_reserve(bench, 1) for _ in range(5)])
        assert all(map(all, done))
        assert bench.get(KitAccount, "a-1") == account(limit=40, reserved=40)

    def test_opposite_orders_do_not_block(self, bench: Bench) -> None:
        """Threads that touch two accounts in opposite orders get through, and both sums are right."""
        self.need_threads()
        bench.flush(account("a-1"), account("a-2"))
        both = (addition("a-1", reserved=1), addition("a-2", posted=1))

        def work(number: int) -> None:
            for _ in range(5):
                additions = both[:: 1 if number % 2 else -1]
                assert any(_stored(bench, additions=additions) for _ in range(TRIES))

        together(THREADS, work)
        assert bench.find(KitAccount) == [account("a-1", reserved=40), account("a-2", posted=40)]

    def test_expectations_hold_under_threads(self, bench: Bench) -> None:
        """Two decisions that rely on each other's record cannot both be stored (no write skew)."""
        self.need_threads()
        for place in range(2):  # each may cost the database's patience with deadlocks, a second or so
            ids = (f"l-{place}", f"r-{place}")
            bench.flush(*(order(id_) for id_ in ids))

            def work(number: int, ids: tuple[str, ...] = ids) -> bool:
                mine, other = ids[number], ids[1 - number]
                return _stored(
                    bench, updates=(changed(order(mine), place=1),), expects=(Expect(KitOrder, other, 1),)
                )

            assert sum(together(2, work)) <= 1

    def test_reader_sees_whole_batches(self, bench: Bench) -> None:
        """A search sees all of a batch or nothing of it, also while others write or fail."""
        self.need_threads()
        pair = [order("o-1"), order("o-2")]
        bench.flush(*pair)
        done = Event()

        def write() -> None:
            try:
                for place in range(1, 21):
                    updates = tuple(changed(bench.get(KitOrder, each.id), place=place) for each in pair)
                    bench.flush(updates=updates)
                    failing = tuple(changed(bench.get(KitOrder, each.id), place=-1) for each in pair)
                    bench.conflict(updates=failing, removals=(line(),))
            finally:
                done.set()

        def read() -> None:
            while not done.is_set():
                places = [found.entity.place for found in bench.founds(KitOrder, Query())]
                assert places[0] == places[1] >= 0

        together(3, lambda number: read() if number else write())

    def test_claims_do_not_overlap(self, bench: Bench) -> None:
        """Many relays at once: each delivery is leased by one of them."""
        self.need_threads()
        sent = bench.send(*(f"o-{number}" for number in range(24)))
        until = AT.replace(year=2027)

        def relay(number: int) -> list[str]:
            rounds = [bench.claim(AT, until, by=f"t-{number}", limit=2) for _ in range(12)]
            return [each.id for found in rounds for each in found]

        got = [id_ for ids in together(THREADS, relay) for id_ in ids]
        got += [each.id for each in bench.claim(AT, until, by="t-end")]
        assert sorted(got) == [each.id for each in sent]

    def test_another_store_sees_the_same(self, bench: Bench, store_factory: StoreFactory) -> None:
        """What one store wrote another one reads, and they conflict with each other like sessions."""
        self.need_durable()
        entry = bench.entry()
        bench.flush(order(), account(), keys=(answer(),), entries=(entry,))
        bench.send("o-1")
        second = store_factory()
        second.register(KINDS)
        other = Bench(second, bench.tenant)
        assert second.installed()
        assert other.everything() == bench.everything()
        other.flush(updates=(changed(order(), text="theirs"),), additions=(addition(reserved=1_000),))
        bench.conflict(updates=(changed(order(), text="ours"),))
        bench.conflict(additions=(addition(reserved=1),))
        other.conflict(keys=(answer(),))
        assert len(other.claim(AT, AT.replace(year=2027))) == 1
        assert bench.claim(AT, AT.replace(year=2027)) == []
        second.close()
