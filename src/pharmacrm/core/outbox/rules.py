"""What becomes of dead letters, and how the outbox looks: pure functions of what was read."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pharmacrm.core.kernel.change import Resolve
from pharmacrm.core.kernel.codec import loads
from pharmacrm.core.kernel.decision import Decision, accept, save
from pharmacrm.core.kernel.ids import time_of
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.store import Delivery, Queue
from pharmacrm.core.outbox.model import (
    DeadLetter,
    LetterDecision,
    LettersDecided,
    LetterVerdict,
    OutboxQueue,
)
from pharmacrm.core.outbox.reasons import NONE_DEAD, NOT_DEAD


def decide(
    verdict: LetterVerdict,
    letters: Sequence[Delivery],
    *,
    destination: str,
    ids: Sequence[str],
    dead: int,
    reason: str,
    by: str,
    at: datetime,
) -> Decision[LettersDecided]:
    """Replay or drop these letters of a destination that has so many `dead`; `ids` are those asked for."""
    found = {letter.id: letter for letter in letters}
    blocking = _missing(found, ids, destination)
    decisions = [
        LetterDecision(
            id=f"{letter.id}/{at:%Y%m%dT%H%M%S%f}",
            letter=letter.id,
            destination=destination,
            verdict=verdict,
            reason=reason,
            by=by,
            at=at,
        )
        for letter in found.values()
    ]
    replay = verdict is LetterVerdict.REPLAYED
    resolved: Decision[None] = Decision(changes=tuple(Resolve(id_, replay) for id_ in found))
    decided = LettersDecided(destination=destination, letters=tuple(found), left=dead - len(found))
    return accept(decided, blocking, save(*decisions), resolved)


def _missing(found: Mapping[str, Delivery], ids: Sequence[str], destination: str) -> list[Reason]:
    if not ids and not found:
        return [NONE_DEAD(destination, field="destination")]
    return [NOT_DEAD(destination, field="ids", observed=id_) for id_ in ids if id_ not in found]


def dead_letter(letter: Delivery) -> DeadLetter:
    """A dead delivery as people read it."""
    return DeadLetter(
        id=letter.id,
        destination=letter.destination,
        topic=letter.topic,
        subject=letter.subject,
        actor=str(loads(letter.payload).get("actor", "")),
        entry=letter.entry,
        made_at=time_of(letter.id),
        died_at=letter.due_at,
        starts=letter.starts,
        why=letter.fault,
    )


def outbox_queue(queue: Queue, oldest: Delivery | None, *, served: bool) -> OutboxQueue:
    """A queue as people read it, with what is known of the oldest notice in it."""
    return OutboxQueue(
        destination=queue.destination,
        served=served,
        waiting=queue.waiting,
        leased=queue.leased,
        dead=queue.dead,
        since=time_of(oldest.id) if oldest else None,
        next_at=queue.next_at,
        starts=oldest.starts if oldest else 0,
        why=oldest.fault if oldest else "",
    )
