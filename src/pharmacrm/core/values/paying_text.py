"""The text form of a customer's days of payment: `payment days 5,20, closed 12-24 to 01-06`.

    paying  = "any day" | item , { ", " , item } ;
    item    = "payment days " , day , { "," , day }          (* once, and first *)
            | "closed " , yearly , " to " , yearly           (* of every year; may span New Year *)
            | "closed " , date , " to " , date , [ " paid " , date ] ;   (* paid on a day of its own *)
    yearly  = month , "-" , day ;                            (* 08-01 *)
    date    = year , "-" , month , "-" , day ;               (* 2026-08-01 *)

`str` of `PayingDays` gives the canonical text.
"""

import re

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.values.paying_days import ANY_DAY, AnyClosure, Closure, PayingDays, YearlyClosure
from pharmacrm.core.values.terms import PaymentDays

LONGEST = 4000

_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DAYS = re.compile(r"payment days ((?:0|[1-9][0-9]{0,8})(?:,(?:0|[1-9][0-9]{0,8}))*)", re.ASCII)
_YEARLY = re.compile(r"closed ([0-9]{2})-([0-9]{2}) to ([0-9]{2})-([0-9]{2})", re.ASCII)
_ONCE = re.compile(rf"closed ({_DATE}) to ({_DATE})(?: paid ({_DATE}))?", re.ASCII)


def as_paying_days(value: PayingDays | str) -> PayingDays:
    """Take paying days, or the text of them."""
    return value if isinstance(value, PayingDays) else parse_paying_days(value)


def parse_paying_days(text: str) -> PayingDays:
    """Read the text form; raises `paying.format`, and `closure.*` and `terms.days` of what it says."""
    if type(text) is not str or len(text) > LONGEST:
        raise _unreadable(text if type(text) is not str else text[:100])
    if text == str(ANY_DAY):
        return ANY_DAY
    first, *others = text.split(", ")
    found = _DAYS.fullmatch(first)
    days = PaymentDays(tuple(map(int, found[1].split(",")))) if found else None
    return PayingDays(days, tuple(map(_closure, others if found else (first, *others))))


def _closure(item: str) -> AnyClosure:
    if found := _YEARLY.fullmatch(item):
        month, day, last_month, last_day = map(int, found.groups())
        return YearlyClosure((month, day), (last_month, last_day))
    if found := _ONCE.fullmatch(item):
        first, last, to = found.groups()
        return Closure(first, last, to) if to else Closure(first, last)
    raise _unreadable(item)


def _unreadable(value: object) -> MalformedInput:
    message = 'this cannot be read: try "payment days 5,20, closed 12-24 to 01-06"'
    return MalformedInput("paying.format", message, value=value)
