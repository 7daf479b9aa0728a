"""The processes that are killed: each says on a pipe what it begins, and what was answered."""

from multiprocessing.connection import Connection
from typing import Any

from attrs import frozen

from pharmacrm.crm import connect
from pharmacrm.testing.crash.script import BUYERS, SCRIPT, Notices, key_of
from pharmacrm.testing.processes import FORKS


@frozen
class Life:
    """Where a writer begins: with the step at which its predecessor was killed."""

    url: str
    durable: bool
    slot: int
    number: int
    step: int
    hasty: bool = False
    """The planted fault: it acknowledges before it commits."""


def write(life: Life, pipe: Connection) -> None:
    """Work until killed; what cannot be done is said, and ends the process."""
    try:
        _write(life, pipe)
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent reports it
        pipe.send(("failed", key_of(life.slot, life.number, life.step), f"{type(error).__name__}: {error}"))


def _write(life: Life, pipe: Connection) -> None:
    crm = connect(life.url, durable=life.durable, plugins=[Notices()])
    number, step = life.number, life.step
    buyer = BUYERS[life.slot % len(BUYERS)]
    while True:
        _, actor, make = SCRIPT[step]
        key = key_of(life.slot, number, step)
        command = make(crm, f"SO-{life.slot}-{number}", buyer)
        pipe.send(("begun", key, None))
        if life.hasty:
            pipe.send(("answered", key, None))
        answer = crm.do(command, actor=actor, key=key)
        if not life.hasty:
            pipe.send(("answered", key, _said(answer)))
        step += 1
        if step == len(SCRIPT):
            number, step = number + 1, 0


def _said(answer: Any) -> tuple[str, str, str, bool]:
    """What the caller was told: outcome, id of the record, entry of the journal, and whether it was known."""
    return str(answer.outcome), answer.expect().id, answer.id, answer.replayed


class Writer:
    """A running writer, and everything it said before it was killed."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.begun = ""
        self.failed = ""
        self.answered: dict[str, Any] = {}
        self._pipe, other = FORKS.Pipe(duplex=False)
        self._process = FORKS.Process(target=write, args=(life, other), daemon=True)
        self._process.start()
        other.close()

    def listen(self) -> None:
        """Take what it has said so far, so that its pipe never fills."""
        try:
            while self._pipe.poll():
                word, key, answer = self._pipe.recv()
                if word == "begun":
                    self.begun = key
                elif word == "answered":
                    self.answered[key] = answer
                else:
                    self.failed = f"{key}: {answer}"
        except (EOFError, OSError):
            return

    def kill(self) -> None:
        """SIGKILL, at whatever it is doing; what it said before is still heard."""
        self._process.kill()
        self._process.join()
        self.listen()
        self._pipe.close()
        self._process.close()

    @property
    def unanswered(self) -> str:
        """The key of the command that it had begun and got no answer to, if any."""
        return self.begun if self.begun and self.begun not in self.answered else ""
