"""Several doors on one outbox: a notice that one of them carries is left alone by the others."""

import threading
from collections import Counter

from pharmacrm.plugins.types import DeliverContext, Reject
from pharmacrm.plugins.types import Delivered as Done
from pharmacrm.testing.company import an_order, release
from tests.plugins.delivering import FLOW, SELLER, Found, counts, fine, wait
from tests.plugins.hostile import Carrier


def test_what_one_door_carries_no_other_takes(sqlite_url: str, founded: Found) -> None:
    """While a notice is being delivered, another process gets neither it nor what follows it."""
    meanwhile: list[tuple[int, int, int, int]] = []

    def behave(context: DeliverContext) -> Done:
        if context.subject == "SO-1":
            meanwhile.append(counts(other.deliver()))
        return Done()

    mine, theirs = Carrier(behave, topics=FLOW), Carrier(fine, topics=FLOW)
    crm = founded(mine, url=sqlite_url)
    for id in ("SO-1", "SO-2"):
        crm.do(an_order(id), actor=SELLER).expect()
    release(crm, "SO-1")
    other = founded(theirs, url=sqlite_url, new=False)
    assert crm.deliver().delivered == 2
    assert meanwhile == [(1, 0, 0, 2), (0, 0, 0, 1)]
    assert [(each.subject, each.topic) for each in theirs.given] == [("SO-2", "OrderSubmitted")]
    assert [each.topic for each in mine.given] == ["OrderSubmitted", "OrderReleased"]


def test_a_lease_that_ran_out_is_somebody_elses(sqlite_url: str, founded: Found) -> None:
    """A plugin that takes longer than its lease: the notice comes twice, and the first answer is too late."""

    def behave(_: DeliverContext) -> Reject:
        wait(other, 61)
        assert other.deliver().delivered == 1
        return Reject("too late to say so")

    theirs = Carrier(fine)
    crm = founded(Carrier(behave), url=sqlite_url)
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    other = founded(theirs, url=sqlite_url, new=False)
    assert counts(crm.deliver()) == (0, 0, 0, 0)
    assert [each.attempt for each in theirs.given] == [2]


def test_two_doors_deliver_each_notice_once(any_url: str, founded: Found) -> None:
    mine, theirs = Carrier(fine, topics=("*",)), Carrier(fine, topics=("*",))
    crm = founded(mine, url=any_url)
    for number in range(10):
        crm.do(an_order(f"SO-{number}"), actor=SELLER).expect()
    other = founded(theirs, url=any_url, new=False)
    threads = [threading.Thread(target=door.deliver) for door in (crm, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert crm.deliver().waiting == 0
    ids = Counter(each.id for each in (*mine.given, *theirs.given))
    assert set(ids.values()) == {1}
    assert len({each.subject for each in (*mine.given, *theirs.given)} & {f"SO-{n}" for n in range(10)}) == 10


def test_a_notice_waits_for_its_plugin(sqlite_url: str, founded: Found) -> None:
    """A process that does not have the plugin leaves its notices alone."""
    crm = founded(Carrier(fine), url=sqlite_url)
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    assert counts(founded(url=sqlite_url, new=False).deliver()) == (0, 0, 0, 0)
    assert counts(founded(Carrier(fine, name="other"), url=sqlite_url, new=False).deliver()) == (0, 0, 0, 0)
    assert counts(founded(Carrier(fine), url=sqlite_url, new=False).deliver()) == (1, 0, 0, 0)
