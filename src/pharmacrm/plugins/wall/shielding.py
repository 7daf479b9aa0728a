"""Looking at what a plugin gave without running into its traps, and making its texts fit to be kept."""

from typing import Any, Final

LEAVING: Final = (Exception, SystemExit, GeneratorExit)
"""What a plugin raises and the host does not see. Take out MemoryError before."""

LONGEST_NAME: Final = 60


def class_of(thing: object) -> str:
    """The name of a thing's class, as safe ASCII text; a metaclass that lies about its name is not asked."""
    name: Any = type.__dict__["__name__"].__get__(type(thing))
    return ascii(name[:LONGEST_NAME])[1:-1]


def readable(text: str, longest: int = 500) -> str:
    """A text in one line that any database and log can hold: controls and lone surrogates are escaped."""
    cut = text[:longest]
    safe = (letter if letter.isprintable() else ascii(letter)[1:-1] for letter in cut)
    return "".join(safe)[:longest]


class Outside(Exception):
    """What went wrong with a plugin in its worker process: how (`what`), and in which words."""

    def __init__(self, what: str, message: str) -> None:
        super().__init__(message)
        self.what = what
        self.message = message
