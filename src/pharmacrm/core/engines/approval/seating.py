"""Seating people: whether different persons can be found for all signatures that are wanted."""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Protocol


class HasName(Protocol):
    """A step of a route."""

    @property
    def name(self) -> str:
        """Its name."""


def seat(
    slot: int, slots: Sequence[HasName], people: Mapping[str, frozenset[str]], seated: dict[str, int]
) -> bool:
    """Find a person for a signature; others move to other signatures where that makes room."""
    wanted_by: dict[str, int] = {}
    sits: dict[int, str] = {place: person for person, place in seated.items()}
    waiting = deque([slot])
    while waiting:
        place = waiting.popleft()
        for person in sorted(people[slots[place].name] - wanted_by.keys()):
            wanted_by[person] = place
            if person not in seated:
                _move(person, slot, wanted_by, sits, seated)
                return True
            waiting.append(seated[person])
    return False


def _move(
    person: str, slot: int, wanted_by: Mapping[str, int], sits: Mapping[int, str], seated: dict[str, int]
) -> None:
    place = wanted_by[person]
    while place != slot:
        seated[person] = place
        person = sits[place]
        place = wanted_by[person]
    seated[person] = place
