"""Handlers of the messages about deliveries: they load what the rules need."""

from collections.abc import Sequence

from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.store import Delivery, DeliveryQuery, DeliveryState
from pharmacrm.core.outbox import rules
from pharmacrm.core.outbox.commands import (
    MOST,
    DeadLetters,
    DropDeadLetters,
    OutboxQueues,
    ReplayDeadLetters,
)
from pharmacrm.core.outbox.model import DeadLetter, LettersDecided, LetterVerdict, OutboxQueue


@ReplayDeadLetters.handler
def replay(command: ReplayDeadLetters, read: Reads) -> Decision[LettersDecided]:
    """Read the letters that are meant."""
    return _decided(LetterVerdict.REPLAYED, command, read)


@DropDeadLetters.handler
def drop(command: DropDeadLetters, read: Reads) -> Decision[LettersDecided]:
    """Read the letters that are meant."""
    return _decided(LetterVerdict.DROPPED, command, read)


def _decided(
    verdict: LetterVerdict, command: ReplayDeadLetters | DropDeadLetters, read: Reads
) -> Decision[LettersDecided]:
    known = {queue.destination: queue.dead for queue in read.queues()}
    return rules.decide(
        verdict,
        _dead(read, command.destination, command.ids, MOST),
        destination=command.destination,
        ids=command.ids,
        dead=known.get(command.destination, 0),
        reason=command.reason,
        by=read.actor,
        at=read.at,
    )


def _dead(read: Reads, destination: str, ids: Sequence[str], limit: int) -> list[Delivery]:
    query = DeliveryQuery(
        state=DeliveryState.DEAD,
        destination=destination or None,
        ids=tuple(ids) if ids else None,
        limit=limit,
    )
    return read.deliveries(query)


@DeadLetters.handler
def dead_letters(question: DeadLetters, read: Reads) -> tuple[DeadLetter, ...]:
    """Read the letters of a destination, or of all."""
    return tuple(map(rules.dead_letter, _dead(read, question.destination, (), question.limit)))


@OutboxQueues.handler
def outbox_queues(question: OutboxQueues, read: Reads) -> tuple[OutboxQueue, ...]:  # noqa: ARG001 - asks for all
    """Read every queue, and the oldest notice of each."""
    queues = read.queues()
    ids = tuple(queue.oldest for queue in queues if queue.oldest)
    oldest = {each.id: each for each in read.deliveries(DeliveryQuery(ids=ids))}
    return tuple(
        rules.outbox_queue(queue, oldest.get(queue.oldest), served=queue.destination in read.destinations)
        for queue in queues
    )


HANDLERS = (replay, drop, dead_letters, outbox_queues)
