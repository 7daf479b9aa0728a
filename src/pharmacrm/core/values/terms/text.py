"""The text form of payment terms: `30% prepaid, rest net 60`.

    terms    = part , { ", " , part } , [ ", reserve " , days , " days" ] ;
    part     = [ share , " " ] , { discount , " " } , due ;
    share    = number , "%" | amount | "rest" ;            (* left out if there is one part only *)
    discount = number , "/" , days ;                       (* 2/10: 2 % off if paid within 10 days *)
    due      = "prepaid" | "on delivery"
             | "net " , days , [ " end of month" ]
             | "net " , months
             | "end of month" , [ " + " , ( days | months ) ] | "end of next month"
             | "day " , day , " of " , ( "next month" | "month + " , months )
             | count , " monthly" ;                        (* equal instalments after 1, 2, ... months *)
    months   = count , ( " month" | " months" ) ;
    days, day, count = digit , { digit } ;                 (* without leading zeros *)
    number   = digits , [ "." , 1 to 4 digits ] ;
    amount   = digits , [ "." , 1 to 4 digits ] ;          (* in the currency of the document *)

Keywords may be written in capitals; one space stands between words, and nothing else is accepted. The
digits are ASCII. Every text is read in time proportional to its length; texts over 4,000 characters are
refused unread.
"""

import re
from collections.abc import Callable

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Percentage
from pharmacrm.core.values.terms.due import (
    DayOfMonthAfter,
    Due,
    EndOfMonthAfter,
    EndOfMonthThenNet,
    Monthly,
    MonthsAfter,
    Net,
    NetThenEndOfMonth,
    OnOrder,
)
from pharmacrm.core.values.terms.model import RESERVE_DAYS, EarlyDiscount, Part, PaymentTerms
from pharmacrm.core.values.terms.share import FIXED_TEXT, REST, Fixed, Share

LONGEST = 4000

_WHOLE = r"(?:0|[1-9][0-9]{0,8})"
_PERCENT = r"(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,4})?"
_HEAD = rf"(?:(?P<share>{_PERCENT}%|{FIXED_TEXT}|rest) )?(?P<discounts>(?:{_PERCENT}/{_WHOLE} )*)"
_N = rf"(?P<n>{_WHOLE})"
_FLAGS = re.ASCII | re.IGNORECASE

Numbers = dict[str, int]
Build = Callable[[Numbers], Due]

_GRAMMAR: tuple[tuple[str, Build], ...] = (
    ("prepaid", lambda _: OnOrder()),
    ("on delivery", lambda _: Net(0)),
    (f"net {_N}", lambda found: Net(found["n"])),
    (f"net {_N} end of month", lambda found: NetThenEndOfMonth(found["n"])),
    (f"net {_N} months?", lambda found: MonthsAfter(found["n"])),
    ("end of month", lambda _: EndOfMonthAfter(0)),
    ("end of next month", lambda _: EndOfMonthAfter(1)),
    (rf"end of month \+ {_N}", lambda found: EndOfMonthThenNet(found["n"])),
    (rf"end of month \+ {_N} months?", lambda found: EndOfMonthAfter(found["n"])),
    (f"day {_N} of next month", lambda found: DayOfMonthAfter(found["n"])),
    (rf"day {_N} of month \+ (?P<m>{_WHOLE}) months?", lambda found: DayOfMonthAfter(found["n"], found["m"])),
    (f"{_N} monthly", lambda found: Monthly(found["n"])),
)
_RULES = tuple((re.compile(_HEAD + due, _FLAGS), build) for due, build in _GRAMMAR)
_RESERVE = re.compile(rf"reserve ({_WHOLE}) days", _FLAGS)


def parse_terms(text: str) -> PaymentTerms:
    """Read payment terms from their text form; see the grammar at the top of this module.

    Raises `terms.format` naming the part that cannot be read (`parts[1]`), `terms.sum`, `terms.days`,
    `terms.discount` or `terms.prepaid`.
    """
    if type(text) is not str or len(text) > LONGEST:
        message = f"payment terms are a text of at most {LONGEST} characters"
        raise MalformedInput("terms.format", message, field="text", value=text)
    clauses, reserve_days = _without_reserve(text.split(", "))
    alone = len(clauses) == 1
    parts = [_part(clause, f"parts[{position}]", alone=alone) for position, clause in enumerate(clauses)]
    return PaymentTerms(tuple(parts), reserve_days)


def as_terms(value: PaymentTerms | str) -> PaymentTerms:
    """Accept payment terms or their text form: the converter of every field that holds terms."""
    return value if isinstance(value, PaymentTerms) else parse_terms(value)


def _without_reserve(clauses: list[str]) -> tuple[list[str], int]:
    found = _RESERVE.fullmatch(clauses[-1])
    return (clauses[:-1], int(found[1])) if found else (clauses, RESERVE_DAYS)


def _part(clause: str, path: str, *, alone: bool) -> Part:
    for pattern, build in _RULES:
        found = pattern.fullmatch(clause)
        if found:
            return _built(found, build, path, alone=alone)
    message = 'this part cannot be read: try "30% prepaid, rest net 60" or "2/10 net 30"'
    raise MalformedInput("terms.format", message, field=path, value=clause)


def _built(found: re.Match[str], build: Build, path: str, *, alone: bool) -> Part:
    groups = found.groupdict()
    share = groups.pop("share")
    discounts = groups.pop("discounts").split()
    if not (share or alone):
        message = 'each of several parts names its share, such as "30%" or "rest"'
        raise MalformedInput("terms.sum", message, field=path, value=found[0])
    try:
        due = build({name: int(digits) for name, digits in groups.items()})
        return Part(_share(share), due, tuple(map(_discount, discounts)))
    except MalformedInput as error:
        raise error.inside(path) from None


def _share(text: str | None) -> Share:
    if text is None or text.lower() == REST.value:
        return REST
    return _percentage(text, "terms.sum") if text.endswith("%") else Fixed(text)


def _discount(text: str) -> EarlyDiscount:
    percent, days = text.split("/")
    return EarlyDiscount(_percentage(f"{percent}%", "terms.discount"), int(days))


def _percentage(text: str, code: str) -> Percentage:
    try:
        return Percentage(text)
    except MalformedInput:
        raise MalformedInput(code, "a percentage is at most 100 %", value=text) from None
