"""What plugins may answer: each function takes an answer apart, and gives a copy that is safe to go on with.

An answer counts only if it has exactly the type that its hook says: a subclass may compare, count or change
as it likes. What does not fit raises `Unfit`, which becomes a recorded fault.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timezone
from typing import Any, Final

from attrs import evolve

from pharmacrm.core.kernel.calendar import WorkCalendar
from pharmacrm.core.kernel.errors import PharmaCRMError
from pharmacrm.core.kernel.ids import as_text
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.seal import Anchor
from pharmacrm.core.kernel.store import Store
from pharmacrm.plugins.calling import Unfit
from pharmacrm.plugins.shielding import class_of, readable
from pharmacrm.plugins.types import Delivered, Reject, Result, RetryAfter

MOST_REASONS: Final = 1000
"""Reasons that one guard may give, and characters that each of their texts may have."""

LONGEST_WAIT: Final = 30 * 24 * 3600
"""Seconds that RetryAfter may ask for."""

MOST_EXCEPTIONS: Final = 100_000
"""Days that a calendar may name."""

LONGEST_CODE: Final = 100
CODE: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
STORE: Final = tuple(name for name in vars(Store) if not name.startswith("_"))
TEXTS: Final = ("subject", "field", "message", "message_zh", "observed", "expected", "rule", "remedy")


def nothing(answer: object) -> None:
    """No answer is wanted."""
    if answer is not None:
        raise Unfit(f"answered with {class_of(answer)}, wanted None")


def as_reasons(answer: Any) -> tuple[Reason, ...]:
    """What a guard found: a list or tuple of reasons, or None for nothing."""
    if answer is None:
        return ()
    if type(answer) not in {list, tuple}:
        raise Unfit(f"answered with {class_of(answer)}, wanted a list of Reason")
    if len(answer) > MOST_REASONS:
        raise Unfit(f"answered with {len(answer)} reasons, at most {MOST_REASONS}")
    return tuple(_reason(each) for each in tuple(answer))


def _reason(each: Any) -> Reason:
    if type(each) is not Reason:
        raise Unfit(f"answered with {class_of(each)} among its reasons")
    copy = evolve(each)
    if type(copy.severity) is not Severity:
        raise Unfit("a reason's severity is no Severity")
    if type(copy.code) is not str or len(copy.code) > LONGEST_CODE or not CODE.fullmatch(copy.code):
        raise Unfit("a reason's code is not dotted lower case, such as stock.short")
    for name in TEXTS:
        _text(name, getattr(copy, name))
    return copy


def _text(name: str, text: Any) -> None:
    if type(text) is not str or len(text) > MOST_REASONS:
        raise Unfit(f"a reason's {name} is no text of at most {MOST_REASONS} characters")
    try:
        as_text(text or "-", MOST_REASONS, multiline=True)
    except PharmaCRMError as error:
        raise Unfit(f"a reason's {name} cannot be stored: {error.code}") from None


def as_result(answer: Any) -> Result:
    """What became of a notice; texts are made fit to be stored, and no wait is shorter than a second."""
    if type(answer) is Delivered:
        return Delivered()
    if type(answer) is Reject:
        return Reject(_why(answer.why))
    if type(answer) is not RetryAfter:
        raise Unfit(f"answered with {class_of(answer)}, wanted Delivered, RetryAfter or Reject")
    seconds = answer.seconds
    if type(seconds) is not int or not 0 <= seconds <= LONGEST_WAIT:
        raise Unfit(f"RetryAfter wants whole seconds, 0 to {LONGEST_WAIT}")
    return RetryAfter(max(1, seconds), _why(answer.why))


def _why(text: Any) -> str:
    if type(text) is not str:
        raise Unfit(f"why is {class_of(text)}, wanted text")
    return readable(text)


class KnownCalendar:
    """Takes a plugin's calendars apart, the same object only once in a row: commands keep asking for it."""

    def __init__(self) -> None:
        self._last: tuple[object, WorkCalendar | None] = (None, None)

    def understood(self, answer: Any) -> WorkCalendar | None:
        """A work calendar whose every day can be asked for, or None."""
        given, copy = self._last
        if given is not answer:
            copy = as_calendar(answer)
            self._last = (answer, copy)
        return copy


def as_calendar(answer: Any) -> WorkCalendar | None:
    """A work calendar whose every day can be asked for, or None."""
    if answer is None:
        return None
    if type(answer) is not WorkCalendar:
        raise Unfit(f"answered with {class_of(answer)}, wanted a WorkCalendar")
    days: WorkCalendar = evolve(answer)
    _calendar_name(days.name)
    if len(days.exceptions) > MOST_EXCEPTIONS:
        raise Unfit("the calendar has too many days")
    if not all(type(day) is date and type(works) is bool for day, works in days.exceptions.items()):
        raise Unfit("the calendar's exceptions are not dates with True or False")
    if not (_whole(days.weekend) and (days.published is None or _years(days.published))):
        raise Unfit("the calendar's weekend and published years are not sets of int")
    return days


def _calendar_name(name: Any) -> None:
    """Reasons name the calendar, so its name has to be one that can be stored."""
    try:
        as_text(name, LONGEST_CODE)
    except PharmaCRMError as error:
        raise Unfit(f"the calendar's name cannot be stored: {error.code}") from None


def _years(published: object) -> bool:
    return isinstance(published, frozenset) and _whole(published)


def _whole(numbers: Iterable[object]) -> bool:
    return all(type(number) is int for number in numbers)


def as_store(answer: Any) -> Store | None:
    """A store with every method of the port, or None."""
    missing = [name for name in STORE if answer is not None and not callable(getattr(answer, name, None))]
    if missing:
        raise Unfit(f"answered with {class_of(answer)}, which has no {missing[0]}")
    store: Store | None = answer
    return store


def anchors_of(tenant: str) -> Callable[[Any], tuple[Anchor, ...]]:
    """What takes the anchors of this tenant apart: a list or tuple of exactly that, each read anew."""

    def understood(answer: Any) -> tuple[Anchor, ...]:
        if type(answer) not in {list, tuple} or not all(type(each) is Anchor for each in answer):
            raise Unfit(f"answered with {class_of(answer)}, wanted a list of Anchor")
        anchors = tuple(_anchor(each) for each in tuple(answer))
        if any(each.tenant != tenant for each in anchors):
            raise Unfit("answered with an anchor of another tenant")
        return anchors

    return understood


def _anchor(each: Any) -> Anchor:
    """The anchor, if every field of it is exactly of its type."""
    try:
        texts = (each.tenant, each.root, each.digest, each.previous, each.durability, *each.hashes)
        numbers = (each.seal, each.first, each.count)
        instants = (each.newest, each.made_at)
    except (AttributeError, TypeError):
        raise Unfit("an anchor lacks a field") from None
    if not all(type(text) is str and len(text) <= LONGEST_CODE and text.isprintable() for text in texts):
        raise Unfit(f"an anchor's texts have at most {LONGEST_CODE} characters")
    if not (_whole(numbers) and min(numbers) >= 0 and type(each.simulated) is bool):
        raise Unfit("an anchor's numbers are whole and at least 0, simulated is True or False")
    if not all(type(at) is datetime and type(at.tzinfo) is timezone for at in instants):
        raise Unfit("an anchor's times are instants in UTC")
    read: Anchor = evolve(each, hashes=tuple(each.hashes))
    return read


def as_mapping(thing: Any) -> Mapping[Any, Any]:
    """A mapping, copied."""
    if not isinstance(thing, Mapping):
        raise Unfit(f"{class_of(thing)} is no mapping")
    return dict(thing)
