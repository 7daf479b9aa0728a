"""Deciding again what lost a race: how often, and how long to wait before it."""

from random import SystemRandom
from time import sleep
from typing import Final

TRIES: Final = 20
"""How often a command is decided before its conflict is raised."""

SHORTEST: Final = 0.002
LONGEST: Final = 0.25
"""Seconds: before the second try up to the shortest wait, before each further one up to twice as long."""

_CHANCE: Final = SystemRandom()


def longest_before(attempt: int) -> float:
    """The longest wait before a try, in seconds; none before the first, which has the number 0."""
    return min(LONGEST, SHORTEST * 2 ** (attempt - 1)) if attempt else 0.0


def wait_before(attempt: int) -> None:
    """Wait by chance up to the longest time, so that those who met do not meet again in step."""
    longest = longest_before(attempt)
    if longest:
        sleep(_CHANCE.uniform(0, longest))
