"""Dead letters through the door: seen, replayed and dropped by a named person, with a reason."""

from typing import Any

import pytest

from pharmacrm.core.deliveries import (
    DeadLetters,
    DropDeadLetters,
    LetterDecision,
    LetterVerdict,
    OutboxQueues,
    ReplayDeadLetters,
)
from pharmacrm.core.kernel.errors import MalformedInput, NotPermitted, UnsavedChanges
from pharmacrm.core.kernel.journal import JournalQuery
from pharmacrm.core.kernel.query import eq
from pharmacrm.crm import PharmaCRM
from pharmacrm.plugins.types import DeliverContext, Reject, RetryAfter
from pharmacrm.plugins.types import Delivered as Done
from pharmacrm.testing.company import ADMIN, an_order, release
from pharmacrm.testing.replay import replayed, stored
from tests.covers import covers
from tests.flows.house import every, journal
from tests.plugins.delivering import FLOW, SELLER, Found, counts, fine, wait
from tests.plugins.hostile import Carrier

WHY = "the mail server is back"
REPLAY = ReplayDeadLetters(destination="carrier", reason=WHY)


class Moody:
    """Rejects every notice until it is mended."""

    def __init__(self) -> None:
        self.broken = True

    def __call__(self, _: DeliverContext) -> Any:
        return Reject("550 no such mailbox") if self.broken else Done()


def dead_house(founded: Found, url: str, *orders: str) -> tuple[PharmaCRM, Carrier, Moody]:
    """A house in which the notice of each order is dead."""
    mood = Moody()
    carrier = Carrier(mood, topics=FLOW)
    crm = founded(carrier, url=url)
    for id in orders:
        crm.do(an_order(id), actor=SELLER).expect()
    assert crm.deliver().dead == len(orders)
    return crm, carrier, mood


def topics(carrier: Carrier) -> list[str]:
    return [each.topic for each in carrier.given]


@covers("XT-37")
def test_what_is_dead_is_seen_and_replayed(any_url: str, founded: Found) -> None:
    crm, carrier, mood = dead_house(founded, any_url, "SO-1", "SO-2")
    one, two = crm.ask(DeadLetters(), actor=ADMIN)
    assert (one.destination, one.topic, one.subject, one.actor) == (
        "carrier",
        "OrderSubmitted",
        "SO-1",
        SELLER,
    )
    assert (one.starts, one.why, two.subject) == (1, "550 no such mailbox", "SO-2")
    assert one.made_at <= one.died_at <= crm.clock.now()
    [entry] = crm.journal(JournalQuery(id=one.entry), actor=ADMIN)
    assert entry.command == "PlaceOrder"

    mood.broken = False
    decided = crm.do(REPLAY, actor=ADMIN).expect()
    assert (decided.destination, decided.letters, decided.left) == ("carrier", (one.id, two.id), 0)
    assert counts(crm.deliver()) == (2, 0, 0, 0)
    assert [each.id for each in carrier.given] == [one.id, two.id] * 2
    assert [each.attempt for each in carrier.given] == [1, 1, 1, 1]
    assert crm.ask(DeadLetters(), actor=ADMIN) == ()


def test_a_replay_is_journalled_as_the_act_of_a_person(any_url: str, founded: Found) -> None:
    crm, _, _ = dead_house(founded, any_url, "SO-1", "SO-2")
    one, two = crm.ask(DeadLetters(destination="carrier"), actor=ADMIN)
    only = ReplayDeadLetters(destination="carrier", ids=(two.id,), reason=WHY)
    answer = crm.do(only, actor=ADMIN)
    assert (answer.expect().letters, answer.expect().left) == ((two.id,), 1)
    [decision] = crm.find(LetterDecision, eq("letter", two.id), actor=ADMIN)
    assert (decision.verdict, decision.by, decision.reason) == (LetterVerdict.REPLAYED, ADMIN, WHY)
    [entry] = crm.journal(JournalQuery(command="ReplayDeadLetters"), actor=ADMIN)
    assert (entry.id, entry.actor, entry.subject) == (answer.id, ADMIN, decision.id)
    assert entry.changed()["reason"] == [None, WHY]
    assert [each.id for each in crm.ask(DeadLetters(), actor=ADMIN)] == [one.id]
    kept = stored({kind: every(crm, kind) for kind in crm.registry.kinds.values()})
    assert replayed(journal(crm)) == kept


def test_what_is_dropped_never_comes(any_url: str, founded: Found) -> None:
    crm, carrier, mood = dead_house(founded, any_url, "SO-1")
    mood.broken = False
    drop = DropDeadLetters(destination="carrier", reason="the customer is gone")
    assert crm.do(drop, actor=ADMIN).expect().left == 0
    assert counts(crm.deliver()) == (0, 0, 0, 0)
    assert len(carrier.given) == 1
    assert crm.do(REPLAY, actor=ADMIN).codes == ("letter.none",)
    [decision] = crm.find(LetterDecision, actor=ADMIN)
    assert decision.verdict is LetterVerdict.DROPPED


def test_a_letter_may_die_again_and_be_replayed_again(founded: Found) -> None:
    crm, carrier, _ = dead_house(founded, "memory://", "SO-1")
    for _ in range(2):
        wait(crm, 5)
        crm.do(REPLAY, actor=ADMIN).expect()
        assert crm.deliver().dead == 1
    assert len(crm.find(LetterDecision, actor=ADMIN)) == 2
    assert len({each.id for each in carrier.given}) == 1


def test_later_notices_pass_a_dead_one_and_a_replayed_one_comes_before_those_that_wait(
    any_url: str, founded: Found
) -> None:
    """A dead head blocks nobody; made to wait again it is the head again, late, with its old id."""
    crm, carrier, mood = dead_house(founded, any_url, "SO-1", "SO-2")
    mood.broken = False
    release(crm, "SO-1")
    assert crm.deliver().delivered == 1
    release(crm, "SO-2")
    crm.do(REPLAY, actor=ADMIN).expect()
    assert crm.deliver().delivered == 3
    made = [(each.subject, each.topic) for each in carrier.given[2:]]
    assert made == [
        ("SO-1", "OrderReleased"),
        ("SO-1", "OrderSubmitted"),
        ("SO-2", "OrderSubmitted"),
        ("SO-2", "OrderReleased"),
    ]


def test_replaying_wants_the_right_a_reason_and_a_dead_letter(founded: Found) -> None:
    crm, _, _ = dead_house(founded, "memory://", "SO-1")
    [letter] = crm.ask(DeadLetters(), actor=ADMIN)
    for message in (REPLAY, DropDeadLetters(destination="carrier", reason=WHY)):
        with pytest.raises(NotPermitted):
            crm.do(message, actor=SELLER)
    with pytest.raises(NotPermitted):
        crm.ask(DeadLetters(), actor=SELLER)
    for wrong in ({"reason": ""}, {"reason": WHY, "ids": ("x",) * 1001}):
        with pytest.raises(MalformedInput):
            ReplayDeadLetters(destination="carrier", **wrong)
    for limit in (0, 1001):
        with pytest.raises(MalformedInput):
            DeadLetters(limit=limit)
    both = ReplayDeadLetters(destination="carrier", ids=(letter.id, "nobody"), reason=WHY)
    answer = crm.do(both, actor=ADMIN)
    assert (answer.codes, answer.reasons[0].observed) == (("letter.not_dead",), "nobody")
    elsewhere = ReplayDeadLetters(destination="other", ids=(letter.id,), reason=WHY)
    assert crm.do(elsewhere, actor=ADMIN).codes == ("letter.not_dead",)
    assert crm.ask(DeadLetters(), actor=ADMIN) == (letter,)


def test_two_people_replay_the_same_letter_once(any_url: str, founded: Found) -> None:
    crm, _, _ = dead_house(founded, any_url, "SO-1")
    assert crm.do(REPLAY, actor=ADMIN, key="ops-1").allowed
    assert crm.do(REPLAY, actor=ADMIN, key="ops-1").replayed
    assert crm.do(REPLAY, actor=ADMIN).codes == ("letter.none",)
    assert len(crm.find(LetterDecision, actor=ADMIN)) == 1


def test_dead_letters_cannot_be_asked_for_while_changes_are_staged(founded: Found) -> None:
    crm, _, _ = dead_house(founded, "memory://", "SO-1")
    with crm.work(actor=ADMIN) as work:
        work.do(REPLAY)
        with pytest.raises(UnsavedChanges):
            work.do(REPLAY)
        with pytest.raises(UnsavedChanges):
            work.ask(DeadLetters())
    assert crm.ask(DeadLetters(), actor=ADMIN) == ()


def test_how_each_destination_stands(any_url: str, founded: Found) -> None:
    """One call shows what is stuck, and since when, also where the plugin is not loaded any more."""
    carrier, idle = Carrier(lambda _: RetryAfter(600, "closed")), Carrier(fine, name="idle", topics=())
    crm = founded(carrier, idle, url=any_url)
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    crm.do(an_order("SO-2"), actor=SELLER).expect()
    since = crm.clock.now()
    [queue, empty] = crm.ask(OutboxQueues(), actor=ADMIN)
    assert (queue.destination, queue.served, queue.waiting, queue.starts) == ("carrier", True, 2, 0)
    assert (empty.destination, empty.waiting, empty.since, empty.next_at) == ("idle", 0, None, None)

    done = crm.deliver()
    [queue, _] = crm.ask(OutboxQueues(), actor=ADMIN)
    assert (queue.waiting, queue.leased, queue.dead, queue.starts) == (2, 0, 0, 1)
    assert queue.why == "later 1: closed"
    assert queue.since is not None
    assert abs((queue.since - since).total_seconds()) < 5
    assert queue.next_at is not None
    assert queue.next_at == done.next_due
    assert queue.next_at > crm.clock.now()

    elsewhere = founded(url=any_url, new=False)
    [queue] = elsewhere.ask(OutboxQueues(), actor=ADMIN)
    assert (queue.destination, queue.served, queue.waiting) == ("carrier", False, 2)
    assert elsewhere.deliver().next_due is None


def test_a_call_says_when_there_is_more_to_do(founded: Found) -> None:
    crm = founded(Carrier(fine))
    for id in ("SO-1", "SO-2", "SO-3"):
        crm.do(an_order(id), actor=SELLER).expect()
    some = crm.deliver(limit=2)
    assert (some.delivered, some.waiting) == (2, 1)
    assert some.next_due is not None
    assert some.next_due <= crm.clock.now()
    assert crm.deliver(limit=0).next_due is not None
    assert crm.deliver().next_due is None
