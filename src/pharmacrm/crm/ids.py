"""Ids of our own: UUID version 7, which sort by the time they were made."""

import secrets
from datetime import datetime
from uuid import UUID

_TAIL = 1 << 62


class Ids:
    """A sequence of UUIDv7 for one command: the same again after `rewind`, rising within the sequence.

    The twelve bits after the version hold the fraction of the millisecond, so that ids sort by microseconds.
    """

    __slots__ = ("_base", "_next", "_start")

    def __init__(self, at: datetime) -> None:
        micros = _micros(at)
        self._start = (
            (micros // 1000 << 80) | (0x7 << 76) | (micros % 1000 * 4096 // 1000 << 64) | (0b10 << 62)
        )
        self._base = secrets.randbits(61)
        self._next = 0

    def next(self) -> str:
        """The next id of the sequence."""
        self._next += 1
        return str(UUID(int=self._start | (self._base + self._next) % _TAIL))

    def rewind(self) -> None:
        """Give the same ids again, for a retry."""
        self._next = 0


def _micros(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000 + at.microsecond
