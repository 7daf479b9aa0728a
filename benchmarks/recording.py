"""One PlaceOrder taken apart: its statements, to be run again by hand for other orders."""

import json
import re
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from attrs import define, field, frozen

from pharmacrm import PharmaCRM
from pharmacrm.plugins.storage.sql.drivers import OwnDriver, PipelinedDriver
from pharmacrm.plugins.storage.sql.session import Step
from pharmacrm.testing.company import an_order

UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$")
HASH = re.compile(r"^[0-9a-f]{64}$")


@frozen
class Said:
    """One statement: its text, its values, how many rows it read, and whether it only verifies."""

    text: str
    values: tuple[Any, ...]
    read: int
    verifies: bool
    writes: bool


@define
class Recording:
    """The statements of one command, in order."""

    said: list[Said] = field(factory=list)

    @property
    def statements(self) -> int:
        """How many statements were run."""
        return len(self.said)

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return sum(each.read for each in self.said)

    def by_hand(self) -> list[Said]:
        """What somebody would run who trusts every read: everything but the verification."""
        return [each for each in self.said if not each.verifies]


def record(crm: PharmaCRM, order: str, lines: int = 5) -> Recording:
    """Place one order and write down every statement."""
    wanted = an_order(order, lines=lines, quantity=100)
    return recorded(crm, lambda: crm.do(wanted, actor="zhang.san", key=f"key-{order}").expect())


def recorded(crm: PharmaCRM, work: Callable[[], object]) -> Recording:
    """Do something and write down every statement of it."""
    crm.clock.now()  # the database's clock is asked once a minute: not now
    recording = Recording()
    own_rows, own_run, pipelined_run = OwnDriver.rows, OwnDriver.run, PipelinedDriver.run

    def rows(self: OwnDriver, text: str, values: tuple[Any, ...]) -> Sequence[Any]:
        found = own_rows(self, text, values)
        looks = text.startswith("PRAGMA")
        recording.said.append(Said(text, values, 0 if looks else len(found), verifies=looks, writes=False))
        return found

    def run(self: OwnDriver, steps: Sequence[Step]) -> None:
        recording.said.extend(
            Said(step.text, step.values, 0, verifies=step.versions is not None, writes=step.versions is None)
            for step in steps
        )
        if isinstance(self, PipelinedDriver):
            pipelined_run(self, steps)
        else:
            own_run(self, steps)

    with (
        patch.object(OwnDriver, "rows", rows),
        patch.object(OwnDriver, "run", run),
        patch.object(PipelinedDriver, "run", run),
    ):
        work()
    return recording


Maker = Callable[[str, dict[str, str]], Any]
"""Makes one value for an order, given its id and the ids made so far."""


@frozen
class ByHand:
    """The statements of an order as somebody would write them: values made anew, nothing checked."""

    statements: tuple[tuple[str, tuple[Maker, ...], bool], ...]

    @classmethod
    def of(cls, said: Sequence[Said], order: str) -> "ByHand":
        """From a recording: ids, JSON texts and hashes are made again for each order, the rest stays."""
        return cls(
            tuple((each.text, tuple(_maker(v, order) for v in each.values), each.writes) for each in said)
        )

    def run(self, cursor: Any, begin: str, order: str) -> None:
        """One order, in one transaction."""
        fresh: dict[str, str] = {}
        cursor.execute(begin)
        for text, makers, writes in self.statements:
            cursor.execute(text, tuple([make(order, fresh) for make in makers]))
            if not writes:
                cursor.fetchall()
        cursor.execute("COMMIT")


def _maker(value: Any, order: str) -> Maker:
    if type(value) is not str:
        return lambda _, __: value
    if UUID.match(value):
        return lambda _, fresh: fresh.get(value) or fresh.setdefault(value, str(uuid4()))
    if HASH.match(value):
        return lambda new, _: sha256(new.encode()).hexdigest()
    if value[:1] in {"{", "["}:
        template = json.loads(value)
        return lambda new, _: json.dumps(template, ensure_ascii=False).replace(order, new)
    return (lambda new, _: value.replace(order, new)) if order in value else (lambda _, __: value)
