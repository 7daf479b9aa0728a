"""The words of the text form: one pattern for each rule and each option."""

import re
from collections.abc import Callable

from attrs import define, evolve

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.values.terms.chain import Due
from pharmacrm.core.values.terms.due import (
    DayOfMonthAfter,
    EndOfMonthAfter,
    EndOfMonthThenNet,
    Monthly,
    MonthsAfter,
    Net,
    NetThenEndOfMonth,
    OnOrder,
)
from pharmacrm.core.values.terms.instalments import InstalmentsOf, Interval, Unit, every
from pharmacrm.core.values.terms.model import RESERVE_DAYS
from pharmacrm.core.values.terms.options import (
    DEFAULT_AMOUNTS,
    DEFAULT_DISCOUNTING,
    AmountPolicy,
    DiscountBase,
    DiscountPolicy,
    Overrun,
    PartialPayment,
    Rounding,
)
from pharmacrm.core.values.terms.share import FIXED_TEXT, Fixed
from pharmacrm.core.values.terms.steps import (
    MONTHS,
    WEEKDAYS,
    CutOff,
    DayOfMonth,
    InMonth,
    OnWeekday,
    PaymentDays,
    WeeksAfter,
    WorkingDaysAfter,
)

WHOLE_NUMBER = r"(?:0|[1-9][0-9]{0,8})"
PERCENT = r"(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,4})?"
FLAGS = re.ASCII | re.IGNORECASE

_N = rf"(?P<n>{WHOLE_NUMBER})"
_INTERVAL = rf"(?P<every>{WHOLE_NUMBER}) (?P<unit>day|week|month)s?"
_AMOUNT = f"(?P<amount>{FIXED_TEXT})"

Found = re.Match[str]


def _n(found: Found) -> int:
    return int(found["n"])


def _interval(found: Found) -> Interval:
    return Interval(int(found["every"]), Unit[found["unit"].upper()])


_RULES: tuple[tuple[str, Callable[[Found], Due]], ...] = (
    (f"net {_N}", lambda found: Net(_n(found))),
    ("on delivery", lambda _: Net(0)),
    ("prepaid", lambda _: OnOrder()),
    (f"net {_N} end of month", lambda found: NetThenEndOfMonth(_n(found))),
    (f"net {_N} weeks?", lambda found: WeeksAfter(_n(found))),
    (f"net {_N} months?", lambda found: MonthsAfter(_n(found))),
    (f"net {_N} working days?", lambda found: WorkingDaysAfter(_n(found))),
    ("end of month", lambda _: EndOfMonthAfter(0)),
    ("end of next month", lambda _: EndOfMonthAfter(1)),
    (rf"end of month \+ {_N}", lambda found: EndOfMonthThenNet(_n(found))),
    (rf"end of month \+ {_N} months?", lambda found: EndOfMonthAfter(_n(found))),
    (f"day {_N} of month", lambda found: DayOfMonth(_n(found))),
    (f"day {_N} of next month", lambda found: DayOfMonthAfter(_n(found))),
    (
        rf"day {_N} of month \+ (?P<m>{WHOLE_NUMBER}) months?",
        lambda found: DayOfMonthAfter(_n(found), int(found["m"])),
    ),
    (
        f"payment days (?P<days>{WHOLE_NUMBER}(?:,{WHOLE_NUMBER})*)",
        lambda found: PaymentDays(tuple(map(int, found["days"].split(",")))),
    ),
    (f"cut-off {_N}", lambda found: CutOff(_n(found))),
    (
        f"on (?P<word>{'|'.join(WEEKDAYS)})",
        lambda found: OnWeekday(WEEKDAYS.index(found["word"].lower()) + 1),
    ),
    (f"in (?P<word>{'|'.join(MONTHS)})", lambda found: InMonth(MONTHS.index(found["word"].lower()) + 1)),
    (f"{_N} monthly", lambda found: Monthly(_n(found))),
    (f"{_N} instalments every {_INTERVAL}", lambda found: every(_n(found), _interval(found))),
    (
        f"instalments of {_AMOUNT} every {_INTERVAL}",
        lambda found: InstalmentsOf(Fixed(found["amount"]), _interval(found)),
    ),
)
_NUMBER = "number"


def _first_word(pattern: str) -> str:
    """The word that a text of a pattern begins with, or that it begins with a number."""
    return _NUMBER if pattern.startswith(_N) else pattern.split(" ", maxsplit=1)[0]


_READ: dict[str, list[tuple[re.Pattern[str], Callable[[Found], Due]]]] = {}
for _pattern, _build in _RULES:
    _READ.setdefault(_first_word(_pattern), []).append((re.compile(_pattern, FLAGS), _build))


def read_rule(text: str) -> Due:
    """Read one rule of a chain; raises LookupError for a text that is none."""
    word = text.split(" ", 1)[0].lower()
    for pattern, build in _READ[_NUMBER if word.isdecimal() else word]:
        found = pattern.fullmatch(text)
        if found:
            return build(found)
    raise LookupError(text)


def fitting(text: str) -> tuple[int, bool]:
    """How many words of a text begin a rule, at most; and whether they are a whole one."""
    words = text.split(" ")
    counts = [_agree(pattern.split(" "), words) for pattern, _ in _RULES]
    return max(counts), any(pattern.fullmatch(text) for rules in _READ.values() for pattern, _ in rules)


def _agree(pattern: list[str], words: list[str]) -> int:
    """How many words from the start fit the words of a pattern."""
    pairs = enumerate(zip(pattern, words, strict=False))
    return next(
        (count for count, (wanted, word) in pairs if not re.fullmatch(wanted, word, FLAGS)),
        min(len(pattern), len(words)),
    )


@define
class Options:
    """The options read so far; `seen` has the names of those that stand in the text."""

    reserve_days: int = RESERVE_DAYS
    amounts: AmountPolicy = DEFAULT_AMOUNTS
    discounting: DiscountPolicy = DEFAULT_DISCOUNTING
    seen: frozenset[str] = frozenset()


def _reserve(options: Options, found: Found) -> None:
    options.reserve_days = _n(found)


def _rounding(options: Options, found: Found) -> None:
    options.amounts = evolve(options.amounts, rounding=Rounding(found["word"].lower()))


def _multiple(options: Options, found: Found) -> None:
    options.amounts = evolve(options.amounts, multiple=Fixed(found["amount"]))


def _overrun(options: Options, found: Found) -> None:
    options.amounts = evolve(options.amounts, overrun=Overrun(found["word"].lower()))


def _base(options: Options, found: Found) -> None:
    options.discounting = evolve(options.discounting, base=DiscountBase(found["word"].lower()))


def _partial(options: Options, _: Found) -> None:
    options.discounting = evolve(options.discounting, partial=PartialPayment.PRO_RATA)


def _grace(options: Options, found: Found) -> None:
    options.discounting = evolve(options.discounting, grace_days=_n(found))


_OPTIONS: tuple[tuple[re.Pattern[str], Callable[[Options, Found], None]], ...] = tuple(
    (re.compile(pattern, FLAGS), put)
    for pattern, put in (
        (f"reserve {_N} days", _reserve),
        ("round (?P<word>half up|half even)", _rounding),
        (f"round to {_AMOUNT}", _multiple),
        ("overrun (?P<word>negative|refused)", _overrun),
        ("discount of (?P<word>untaxed|untaxed in advance)", _base),
        ("discount pro rata", _partial),
        (f"grace {_N} days?", _grace),
    )
)


_OPTION_WORDS = {"reserve", "round", "overrun", "discount", "grace"}


def read_option(text: str, options: Options) -> bool:
    """Read a clause that is an option, and put it among the others; a wrong one is `terms.format`."""
    if text.split(" ", 1)[0].lower() not in _OPTION_WORDS:
        return False
    for pattern, put in _OPTIONS:
        found = pattern.fullmatch(text)
        if found:
            if put.__name__ in options.seen:
                raise MalformedInput("terms.format", "an option stands once", field="options", value=text)
            options.seen |= {put.__name__}
            put(options, found)
            return True
    message = 'an option is such as "reserve 45 days", "round half up" or "grace 3 days"'
    raise MalformedInput("terms.format", message, field="options", value=text)
