"""Processes that give the same commands under the same keys, and then another command under each."""

from typing import Any

from attrs import frozen

from pharmacrm.crm import PharmaCRM
from pharmacrm.plugins.storage.sql.store import SqlStore
from pharmacrm.testing.company import an_order
from pharmacrm.testing.doors import ChecksThenActs, door_to

SALES = "zhang.san"
MISMATCHES = 10
"""One key in so many is used again, by everybody, for another command."""


@frozen
class Told:
    """What one caller was told under one key."""

    key: str
    answer: tuple[str, ...]


def call(_: int, url: str, keys: int, planted: bool) -> tuple[list[Told], list[Told]]:  # noqa: FBT001 - handed on by position to a process
    """The answers to the commands, and to others under the same keys."""
    make = ChecksThenActs if planted else SqlStore
    crm = door_to(make(url))
    told = [Told(f"web-{place}", _asked(crm, f"web-{place}", 1000)) for place in range(keys)]
    others = [Told(f"web-{place}", _asked(crm, f"web-{place}", 2000)) for place in range(0, keys, MISMATCHES)]
    crm.close()
    return told, others


def _asked(crm: PharmaCRM, key: str, quantity: int) -> tuple[str, ...]:
    try:
        answer: Any = crm.do(an_order(quantity=quantity), actor=SALES, key=key)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is reported
        return (f"{type(error).__name__}: {error}",)
    return (str(answer.outcome), *answer.codes, *([answer.value.id, answer.id] if answer.value else []))
