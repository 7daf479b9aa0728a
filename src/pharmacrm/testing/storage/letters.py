"""The outbox as people see it: how each destination stands, its dead letters, and what is decided of them."""

from datetime import timedelta

import pytest
from attrs import evolve

from pharmacrm.core.kernel.store import Delivery, DeliveryState, Queue, Resolution, Settlement
from pharmacrm.testing.storage.bench import Bench, KitBase
from pharmacrm.testing.storage.kinds import AT, line

UNTIL = AT + timedelta(seconds=30)
LATER = UNTIL + timedelta(seconds=1)
AGAIN = LATER + timedelta(seconds=1)
DEAD, WAITING, DROPPED = DeliveryState.DEAD, DeliveryState.WAITING, DeliveryState.DROPPED


def _died(bench: Bench, *subjects: str, destination: str = "mail", fault: str = "no") -> list[Delivery]:
    """Deliveries that were sent, claimed and given up, one after the other."""
    sent = []
    for subject in subjects:
        sent += bench.send(subject, destination=destination)
        (claimed,) = bench.claim(AT, UNTIL, destinations=(destination,), by="t-d")
        settlement = Settlement(id=claimed.id, token="t-d", state=DEAD, due_at=LATER, fault=fault)  # noqa: S106
        assert bench.store.settle(bench.tenant, settlement)
    return sent


def _resolve(bench: Bench, *ids: str, state: DeliveryState = WAITING) -> None:
    bench.flush(resolutions=tuple(Resolution(id=id_, state=state, due_at=AGAIN) for id_ in ids))


class LettersKit(KitBase):
    """Looking at deliveries, replaying and dropping dead letters."""

    def test_deliveries_are_found_by_state_destination_and_id(self, bench: Bench) -> None:
        """Every restriction counts, and they add up; the oldest id comes first."""
        one, two = _died(bench, "o-1", "o-2", fault="550")
        other = _died(bench, "o-1", destination="erp")[0]
        waiting = bench.send("o-3")[0]
        dead = evolve(one, state=DEAD, starts=1, due_at=LATER, fault="550")
        assert bench.deliveries(ids=(one.id,)) == [dead]
        for wanted, found in (
            ({}, [one, two, other, waiting]),
            ({"state": DEAD}, [one, two, other]),
            ({"state": DEAD, "destination": "mail"}, [one, two]),
            ({"destination": "MAIL"}, []),
            ({"state": DEAD, "limit": 2}, [one, two]),
            ({"limit": 0}, []),
            ({"ids": (waiting.id, one.id, "nobody")}, [one, waiting]),
            ({"ids": (waiting.id, one.id), "state": WAITING}, [waiting]),
            ({"ids": (two.id, one.id), "limit": 1}, [one]),
            ({"ids": ()}, []),
        ):
            assert [each.id for each in bench.deliveries(**wanted)] == [each.id for each in found], wanted
        assert bench.elsewhere().deliveries() == []

    def test_queues_count_what_waits_and_what_is_dead(self, bench: Bench) -> None:
        """Each destination is counted by itself; what is delivered is in no queue."""
        _died(bench, "o-1", "o-2")
        mail = bench.send("o-3", "o-3", "o-4")
        erp = bench.send("o-3", destination="erp", due=LATER)[0]
        bench.claim(AT, UNTIL, limit=1)
        assert bench.queues(AT) == {
            "erp": Queue(destination="erp", waiting=1, oldest=erp.id, next_at=LATER),
            "mail": Queue(destination="mail", waiting=3, leased=1, dead=2, oldest=mail[0].id, next_at=AT),
        }
        assert list(bench.queues(AT)) == ["erp", "mail"]
        assert bench.queues(UNTIL)["mail"].leased == 0
        assert bench.elsewhere().queues(AT) == {}

    def test_settled_deliveries_stand_in_no_queue(self, bench: Bench) -> None:
        """A destination with nothing waiting and nothing dead is not named."""
        (sent,) = bench.send("o-1")
        bench.claim(AT, UNTIL)
        done = Settlement(id=sent.id, token="t-1", state=DeliveryState.DELIVERED, due_at=AT)  # noqa: S106
        assert bench.store.settle(bench.tenant, done)
        assert bench.queues(AT) == {}

    def test_next_time_is_that_of_the_heads(self, bench: Bench) -> None:
        """What waits behind the head of its subject cannot be claimed before it, whatever its own time."""
        bench.send("o-1", due=LATER)
        bench.send("o-1", due=AT)
        assert bench.queues(AT)["mail"].next_at == LATER

    def test_next_time_waits_for_the_lease(self, bench: Bench) -> None:
        """A head that is leased can be claimed when its lease ends."""
        bench.send("o-1", "o-1")
        bench.claim(AT, UNTIL)
        assert bench.queues(AT)["mail"].next_at == UNTIL

    def test_replayed_letter_is_made_again(self, bench: Bench) -> None:
        """It keeps its id, is due at the time that was said, and its starts are counted anew."""
        (sent,) = _died(bench, "o-1")
        _resolve(bench, sent.id)
        assert bench.deliveries() == [evolve(sent, due_at=AGAIN)]
        assert bench.claim(LATER, AGAIN) == []
        (got,) = bench.claim(AGAIN, AGAIN + timedelta(seconds=30))
        assert (got.id, got.starts, got.fault) == (sent.id, 1, "")

    def test_replayed_letter_is_the_head_again(self, bench: Bench) -> None:
        """It comes before whatever of its subject waits still, and after what passed it meanwhile."""
        (first,) = _died(bench, "o-1")
        second, third = bench.send("o-1", "o-1")
        (got,) = bench.claim(AT, UNTIL)
        assert got.id == second.id
        done = Settlement(id=second.id, token="t-1", state=DeliveryState.DELIVERED, due_at=AT)  # noqa: S106
        assert bench.store.settle(bench.tenant, done)
        _resolve(bench, first.id)
        assert [each.id for each in bench.claim(AGAIN, AGAIN, by="t-2")] == [first.id]
        settled = Settlement(id=first.id, token="t-2", state=DeliveryState.DELIVERED, due_at=AT)  # noqa: S106
        assert bench.store.settle(bench.tenant, settled)
        assert [each.id for each in bench.claim(AGAIN, AGAIN)] == [third.id]

    def test_dropped_letter_is_gone_for_good(self, bench: Bench) -> None:
        """It is in no queue and is never claimed; why it died stays."""
        (sent,) = _died(bench, "o-1", fault="no such address")
        _resolve(bench, sent.id, state=DROPPED)
        assert bench.queues(AGAIN) == {}
        assert bench.claim(AGAIN, AGAIN) == []
        (kept,) = bench.deliveries()
        assert (kept.state, kept.fault, kept.starts) == (DROPPED, "no such address", 1)

    @pytest.mark.parametrize("state", [WAITING, DROPPED])
    def test_only_the_dead_are_decided_about(self, bench: Bench, state: DeliveryState) -> None:
        """What waits, was delivered, was decided about before, or never was, is a conflict: nothing stays."""
        dead = _died(bench, "o-1", "o-2")
        waiting = bench.send("o-3")[0]
        _resolve(bench, dead[0].id, state=state)
        before = bench.everything()
        for id_ in (dead[0].id, waiting.id, "nobody"):
            good, bad = (Resolution(id=each, state=state, due_at=AGAIN) for each in (dead[1].id, id_))
            bench.conflict(entries=(bench.entry(),), resolutions=(good, bad))
            assert bench.everything() == before

    def test_dead_letters_of_others_are_not_theirs_to_decide(self, bench: Bench) -> None:
        """A tenant decides about its own dead letters only."""
        (sent,) = _died(bench, "o-1")
        bench.elsewhere().conflict(resolutions=(Resolution(id=sent.id, state=WAITING, due_at=AGAIN),))
        assert bench.queues(AT)["mail"].dead == 1

    def test_failing_batch_decides_nothing(self, bench: Bench) -> None:
        """A decision stands or falls with the rest of its batch."""
        (sent,) = _died(bench, "o-1")
        bench.conflict(resolutions=(Resolution(id=sent.id, state=WAITING, due_at=AGAIN),), removals=(line(),))
        assert bench.queues(AT)["mail"].dead == 1
