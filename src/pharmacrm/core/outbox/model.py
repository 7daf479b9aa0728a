"""What persons decided about dead letters, and how deliveries look to whoever watches over them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from attrs import frozen

from pharmacrm.core.kernel.record import Column, Record


class LetterVerdict(StrEnum):
    """What is to become of a dead letter."""

    REPLAYED = "replayed"
    DROPPED = "dropped"


@frozen(kw_only=True)
class LetterDecision(Record):
    """What a person decided about one dead letter (死信处理), and why; `letter` is the id of the notice.

    The letter itself keeps its id: the other side recognises it however often it comes.
    """

    letter: Annotated[str, Column(length=36, index=True, zh="通知编号")]
    destination: Annotated[str, Column(length=64, index=True, zh="送达目标")]
    verdict: Annotated[LetterVerdict, Column(zh="处理结果")]
    reason: Annotated[str, Column(length=500, zh="原因")]
    by: Annotated[str, Column(length=64, zh="处理人")]
    at: Annotated[datetime, Column(zh="处理时间")]


@frozen(kw_only=True)
class LettersDecided:
    """The letters that one command decided about, oldest first, and how many of the destination stay dead."""

    destination: str
    letters: tuple[str, ...]
    left: int


@frozen(kw_only=True)
class DeadLetter:
    """A notice that was given up: for whom, about what, why, when, and after how many starts.

    `actor` is who did what it tells of; `entry` the journal row of that. `why` holds no personal data.
    """

    id: str
    destination: str
    topic: str
    subject: str
    actor: str
    entry: str
    made_at: datetime
    died_at: datetime
    starts: int
    why: str


@frozen(kw_only=True)
class OutboxQueue:
    """How the notices for one destination stand.

    `served` says whether the asking process has the plugin; where no process has it, its notices wait for
    ever. `since` is when the oldest that waits was made; `starts` and `why` are how often that one was begun
    and what its destination said last. `next_at` is when the next one can be handed out.
    """

    destination: str
    served: bool
    waiting: int
    leased: int
    dead: int
    since: datetime | None
    next_at: datetime | None
    starts: int
    why: str
