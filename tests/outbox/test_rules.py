"""What becomes of dead letters: examples, and laws about any number of them."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.change import Resolve, Save
from pharmacrm.core.kernel.ids import time_of
from pharmacrm.core.kernel.store import Delivery, DeliveryState, Queue
from pharmacrm.core.outbox import LetterDecision, LetterVerdict, ReplayDeadLetters, rules
from pharmacrm.core.outbox.commands import DeadLetters
from pharmacrm.core.outbox.handlers import dead_letters, replay
from pharmacrm.crm.ids import Ids
from tests.fakes import FakeReads

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
INSTANTS = st.integers(0, 2**53).map(
    lambda micros: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
)


def letter(number: int = 1, **more: object) -> Delivery:
    values = {
        "id": f"019a0000-0000-7000-8000-{number:012d}",
        "destination": "mail",
        "topic": "OrderReleased",
        "subject": "SO-1",
        "entry": "e-1",
        "payload": '{"actor":"li.si"}',
        "due_at": AT,
        "state": DeliveryState.DEAD,
        "starts": 6,
        "fault": "550",
    }
    return Delivery(**(values | more))  # type: ignore[arg-type]  # values of a table


@given(INSTANTS)
def test_law_an_id_of_ours_tells_its_time(at: datetime) -> None:
    ids = Ids(at)
    assert time_of(ids.next()) == time_of(ids.next()) == at


@given(st.integers(0, 20), st.integers(0, 20), st.sampled_from(LetterVerdict))
def test_law_each_letter_is_decided_about_once_and_the_rest_is_left(
    found: int, more: int, verdict: LetterVerdict
) -> None:
    letters = [letter(number) for number in range(found)]
    decision = rules.decide(
        verdict,
        letters,
        destination="mail",
        ids=(),
        dead=found + more,
        reason="why",
        by="li.si",
        at=AT,
    )
    resolved = [change for change in decision.changes if isinstance(change, Resolve)]
    kept = [change.entity for change in decision.changes if isinstance(change, Save)]
    assert [change.delivery for change in resolved] == [each.id for each in letters]
    assert {change.replay for change in resolved} <= {verdict is LetterVerdict.REPLAYED}
    assert [each.letter for each in kept if isinstance(each, LetterDecision)] == [each.id for each in letters]
    assert len({each.id for each in kept}) == found
    if found:
        assert decision.expect().left == more
    else:
        assert decision.codes == ("letter.none",)


@pytest.mark.parametrize(
    ("ids", "codes"),
    [
        ((), ()),
        (("019a0000-0000-7000-8000-000000000001",), ()),
        (("nobody",), ("letter.not_dead",)),
        (("019a0000-0000-7000-8000-000000000001", "nobody", "nothing"), ("letter.not_dead",) * 2),
        (("019a0000-0000-7000-8000-000000000002",), ("letter.not_dead",)),
    ],
)
def test_who_is_named_has_to_be_dead(ids: tuple[str, ...], codes: tuple[str, ...]) -> None:
    waiting = letter(2, state=DeliveryState.WAITING)
    read = FakeReads(deliveries=[letter(1), waiting], destinations=("mail",), actor="admin")
    decision = replay(ReplayDeadLetters(destination="mail", ids=ids, reason="why"), read)
    assert decision.codes == codes
    assert bool(decision.changes) is not bool(codes)


def test_a_dead_letter_and_a_queue_as_people_read_them() -> None:
    [found] = dead_letters(DeadLetters(), FakeReads(deliveries=[letter()]))
    assert (found.actor, found.why, found.starts, found.died_at) == ("li.si", "550", 6, AT)
    oldest = letter(state=DeliveryState.WAITING, starts=2)
    queue = Queue(destination="mail", waiting=3, leased=1, dead=2, oldest=oldest.id, next_at=AT)
    seen = rules.outbox_queue(queue, oldest, served=True)
    assert (seen.waiting, seen.leased, seen.dead, seen.next_at) == (3, 1, 2, AT)
    assert (seen.since, seen.starts, seen.why, seen.served) == (time_of(oldest.id), 2, "550", True)
    idle = rules.outbox_queue(evolve(queue, waiting=0, oldest="", next_at=None), None, served=False)
    assert (idle.since, idle.starts, idle.why, idle.served) == (None, 0, "", False)
    assert seen.since is not None
    assert AT - seen.since < timedelta(days=36500)
