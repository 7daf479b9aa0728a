"""The outbox: at least once, in order for each subject, by whoever holds the lease."""

from datetime import timedelta

import pytest

from pharmacrm.core.kernel.store import DeliveryState, Settlement
from pharmacrm.testing.storage.bench import Bench, KitBase
from pharmacrm.testing.storage.kinds import AT, line

LEASE = timedelta(seconds=30)
UNTIL = AT + LEASE
LATER = UNTIL + timedelta(seconds=1)


def _settle(
    bench: Bench,
    id: str,
    token: str = "t-1",  # noqa: S107
    state: DeliveryState = DeliveryState.DELIVERED,
    *,
    fault: str = "",
) -> bool:
    return bench.store.settle(
        bench.tenant, Settlement(id=id, token=token, state=state, due_at=LATER, fault=fault)
    )


def _waiting(bench: Bench) -> int:
    return bench.store.waiting(bench.tenant, ("mail",))


class OutboxKit(KitBase):
    """Claims and settlements."""

    def test_claimed_delivery_is_what_was_stored(self, bench: Bench) -> None:
        """A claim gives the delivery back with its start counted, the token and the lease."""
        (sent,) = bench.send("客户-001")
        (got,) = bench.claim(AT, UNTIL, by="t-9")
        assert (got.id, got.destination, got.topic, got.subject) == (
            sent.id,
            "mail",
            "OrderPlaced",
            "客户-001",
        )
        assert (got.entry, got.payload, got.due_at, got.state) == (sent.entry, sent.payload, AT, sent.state)
        assert (got.starts, got.token, got.leased_until, got.fault) == (1, "t-9", UNTIL, "")

    def test_only_the_head_of_a_subject_is_claimed(self, bench: Bench) -> None:
        """Of each subject only the oldest open delivery can be had."""
        sent = bench.send("o-1", "o-1", "o-2", "o-1", "o-2")
        assert [each.id for each in bench.claim(AT, UNTIL)] == [sent[0].id, sent[2].id]
        assert bench.claim(AT, UNTIL) == []

    def test_next_one_follows_when_the_head_is_done(self, bench: Bench) -> None:
        """A subject's deliveries come one after the other, in order, until none is open."""
        sent = bench.send("o-1", "o-1", "o-1")
        for place, each in enumerate(sent):
            assert [got.id for got in bench.claim(AT, UNTIL)] == [each.id]
            assert _waiting(bench) == len(sent) - place
            assert _settle(bench, each.id)
        assert _waiting(bench) == 0
        assert bench.claim(LATER, LATER) == []

    def test_dead_head_lets_the_next_one_pass(self, bench: Bench) -> None:
        """A delivery that is given up blocks nobody."""
        sent = bench.send("o-1", "o-1")
        bench.claim(AT, UNTIL)
        assert _settle(bench, sent[0].id, state=DeliveryState.DEAD, fault="no such address")
        assert [each.id for each in bench.claim(AT, UNTIL)] == [sent[1].id]

    def test_head_that_is_not_due_blocks_its_subject(self, bench: Bench) -> None:
        """Order comes before haste: a later delivery that is due waits for the head."""
        bench.send("o-1", due=LATER)
        bench.send("o-1", due=AT)
        assert bench.claim(AT, UNTIL) == []

    def test_due_time_is_exact(self, bench: Bench) -> None:
        """A delivery is due from its own microsecond on."""
        (sent,) = bench.send("o-1", due=AT)
        assert bench.claim(AT - timedelta(microseconds=1), UNTIL) == []
        assert [each.id for each in bench.claim(AT, UNTIL)] == [sent.id]

    def test_lease_keeps_others_out_until_it_ends(self, bench: Bench) -> None:
        """While the lease runs nobody else gets the delivery; afterwards anybody does."""
        bench.send("o-1")
        bench.claim(AT, UNTIL, by="t-1")
        assert bench.claim(UNTIL - timedelta(microseconds=1), LATER, by="t-2") == []
        (got,) = bench.claim(LATER, LATER + LEASE, by="t-2")
        assert (got.token, got.leased_until) == ("t-2", LATER + LEASE)

    def test_starts_are_counted_before_the_work(self, bench: Bench) -> None:
        """Every claim counts, also those whose worker died, so that a killer is given up one day."""
        bench.send("o-1")
        starts = [bench.claim(AT + n * LEASE, AT + (n + 1) * LEASE)[0].starts for n in range(4)]
        assert starts == [1, 2, 3, 4]

    def test_settling_with_a_lost_lease_does_nothing(self, bench: Bench) -> None:
        """Whoever was too slow is told so, and the new holder is not disturbed."""
        (sent,) = bench.send("o-1")
        bench.claim(AT, UNTIL, by="t-1")
        bench.claim(LATER, LATER + LEASE, by="t-2")
        assert not _settle(bench, sent.id, "t-1")
        assert _waiting(bench) == 1
        assert _settle(bench, sent.id, "t-2")
        assert _waiting(bench) == 0

    def test_settling_late_but_with_the_lease(self, bench: Bench) -> None:
        """A lease that ran out and that nobody took still counts."""
        (sent,) = bench.send("o-1")
        bench.claim(AT, AT)
        assert _settle(bench, sent.id)

    @pytest.mark.parametrize("token", ["", "t-2", "T-1"])
    def test_settling_wants_the_token(self, bench: Bench, token: str) -> None:
        """Another token settles nothing, and without a claim nor does an empty one."""
        sent = bench.send("o-1", "o-2")
        bench.claim(AT, UNTIL, limit=1)
        for each in sent:
            assert not _settle(bench, each.id, token)
        assert _waiting(bench) == len(sent)

    def test_settling_twice_or_the_unknown(self, bench: Bench) -> None:
        """What is settled, or was never there, is not settled again."""
        (sent,) = bench.send("o-1")
        bench.claim(AT, UNTIL)
        assert _settle(bench, sent.id)
        assert not _settle(bench, sent.id)
        assert not _settle(bench, "00000000-0000-7000-8000-000000000000")

    def test_retry_is_due_later_with_its_fault(self, bench: Bench) -> None:
        """A failed attempt waits until its new time, gives its lease back and remembers the fault."""
        (sent,) = bench.send("o-1")
        bench.claim(AT, UNTIL)
        assert _settle(bench, sent.id, state=DeliveryState.WAITING, fault="timeout")
        assert bench.claim(LATER - timedelta(microseconds=1), LATER) == []
        (got,) = bench.claim(LATER, LATER + LEASE, by="t-2")
        assert (got.starts, got.fault, got.due_at) == (2, "timeout", LATER)

    def test_destinations_are_independent(self, bench: Bench) -> None:
        """A destination that is down holds up no other one, and is claimed by its own name only."""
        mail, erp = bench.send("o-1")[0], bench.send("o-1", destination="erp")[0]
        assert [each.id for each in bench.claim(AT, UNTIL, destinations=("erp",))] == [erp.id]
        assert bench.store.waiting(bench.tenant, ("mail", "erp")) == len((mail, erp))
        assert bench.store.waiting(bench.tenant, ("ERP",)) == 0
        assert [each.id for each in bench.claim(AT, UNTIL, destinations=("mail", "erp"))] == [mail.id]

    def test_each_destination_has_its_own_head(self, bench: Bench) -> None:
        """One claim for two destinations gets the head of a subject for each."""
        sent = bench.send("o-1") + bench.send("o-1", destination="erp") + bench.send("o-1")
        both = ("mail", "erp")
        assert [each.id for each in bench.claim(AT, UNTIL, destinations=both)] == [
            each.id for each in sent[:2]
        ]

    def test_no_destination_claims_nothing(self, bench: Bench) -> None:
        """A relay without destinations gets nothing."""
        bench.send("o-1")
        assert bench.claim(AT, UNTIL, destinations=()) == []
        assert bench.store.waiting(bench.tenant, ()) == 0

    def test_claim_is_in_order_and_limited(self, bench: Bench) -> None:
        """The oldest come first, at most as many as were asked for; the rest comes next time."""
        sent = bench.send(*(f"o-{9 - number}" for number in range(5)))
        assert [each.id for each in bench.claim(AT, UNTIL, limit=2)] == [each.id for each in sent[:2]]
        assert [each.id for each in bench.claim(AT, UNTIL, limit=9)] == [each.id for each in sent[2:]]

    def test_failed_batch_sends_nothing(self, bench: Bench) -> None:
        """A delivery of a batch that failed was never there."""
        entry = bench.entry()
        sent = bench.send("o-1")
        bench.claim(AT, UNTIL)
        _settle(bench, sent[0].id)
        bench.conflict(entries=(entry,), removals=(line(),))
        assert _waiting(bench) == 0
        assert entry not in bench.journal()
