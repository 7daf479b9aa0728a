"""Good values of every type that the trade uses; sizes are those of a company, not of a number line."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from unicodedata import normalize

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.ids import MAX_ID, MAX_TEXT, as_id, as_text
from pharmacrm.core.kernel.money import Money, Percentage, Price
from pharmacrm.core.values.address import Address
from pharmacrm.core.values.paying_days import PayingDays
from pharmacrm.core.values.terms import PaymentTerms, parse_terms

_PRINTED = st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp"))
_ID_LETTERS = st.one_of(
    st.sampled_from("ABCHPS0123456789-/._:%'\"; 客户编号单"),
    st.characters(min_codepoint=0x21, max_codepoint=0x7E),
)
_DUE = (
    "prepaid",
    "on delivery",
    "net 0",
    "net 30",
    "net 60 end of month",
    "end of next month",
    "3 monthly",
    "net 10 working days",
    "net 30 then payment days 5,20",
    "net 30 from receipt",
)
_USCC_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _read(reader: Any, **options: Any) -> Any:
    def good(value: Any) -> bool:
        try:
            return bool(reader(value, **options) == value)
        except MalformedInput:
            return False

    return good


def ids(longest: int = MAX_ID) -> SearchStrategy[str]:
    """Ids as hosts give them: ASCII, Chinese, slashes, quotes and per cent signs among them."""
    return st.text(_ID_LETTERS, min_size=1, max_size=min(longest, MAX_ID)).map(str.strip).filter(_read(as_id))


def texts(longest: int = MAX_TEXT, *, multiline: bool = False, empty: bool = False) -> SearchStrategy[str]:
    """Names and comments in any script, normal form NFC."""
    letters = st.one_of(_PRINTED, st.sampled_from("\n\t")) if multiline else _PRINTED
    text = st.text(letters, min_size=1, max_size=min(longest, 60)).map(lambda text: normalize("NFC", text))
    good = text.filter(_read(as_text, limit=longest, multiline=multiline))
    return st.one_of(st.just(""), good) if empty else good


def currencies() -> SearchStrategy[str]:
    """Currencies with no, two and three decimals; the yuan most of all."""
    return st.sampled_from(["CNY", "CNY", "CNY", "USD", "JPY", "KWD"])


def rates() -> SearchStrategy[str]:
    """Exchange rates with up to 4 decimals, above 0."""
    return st.integers(1, 10**8).map(lambda units: str(Decimal(units).scaleb(-4)))


def money(currency: str = "CNY", *, least: int = 1, most: int = 10**12) -> SearchStrategy[Money]:
    """Amounts in one currency, between so many minor units (fen); above zero unless told otherwise."""
    return st.integers(least, most).map(lambda minor: Money.of_minor(minor, currency))


def prices() -> SearchStrategy[Price]:
    """Unit prices with up to 6 decimals, from nothing to 10,000."""
    return st.integers(0, 10**10).map(Price.of_micros)


def percentages() -> SearchStrategy[Percentage]:
    """Rates from 0 % to 100 %, 4 decimals."""
    return st.integers(0, 1_000_000).map(Percentage.of_units)


def quantities(most: int = 100_000) -> SearchStrategy[int]:
    """Whole numbers of sales units, at least one."""
    return st.integers(1, most)


def dates(first: date = date(2000, 1, 1), last: date = date(2099, 12, 31)) -> SearchStrategy[date]:
    """Business dates; leap days and ends of months come often enough."""
    ends = [day for day in (date(2024, 2, 29), date(2026, 1, 31), date(2026, 12, 31)) if first <= day <= last]
    days = st.dates(first, last)
    return st.one_of(days, st.sampled_from(ends)) if ends else days


def instants() -> SearchStrategy[datetime]:
    """Instants in UTC, to the microsecond."""
    return st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is added


def payment_terms() -> SearchStrategy[PaymentTerms]:
    """Terms as they are agreed: prepaid, on delivery, net, end of month, a discount, two parts."""
    net = st.integers(0, 365).map("net {}".format)
    discounted = st.integers(11, 365).map("2/10 net {}".format)
    whole = st.one_of(st.sampled_from(_DUE), net, discounted)
    parts = st.builds("{}% prepaid, rest {}".format, st.integers(1, 99), net)
    return st.one_of(whole, parts).map(parse_terms)


def paying_days() -> SearchStrategy[PayingDays]:
    """Days of payment of a customer: any, some of the month, with a closure of every year or of one."""
    days = st.sets(st.integers(1, 31), min_size=1, max_size=3).map(
        lambda found: "payment days " + ",".join(map(str, sorted(found)))
    )
    closed = st.sampled_from(["closed 12-24 to 01-06", "closed 2026-10-01 to 2026-10-07 paid 2026-10-15"])
    both = st.builds("{}, {}".format, days, closed)
    return st.one_of(st.just("any day"), days, closed, both).map(PayingDays.parse)


def addresses() -> SearchStrategy[Address]:
    """Addresses in full, and some of which only the street is known."""
    place = st.sampled_from(["", "上海市", "广西壮族自治区", "徐汇区"])
    return st.builds(Address, place, place, place, texts(200), st.sampled_from(["", "200032"]))


def usccs() -> SearchStrategy[str]:
    """Unified social credit codes with their check character."""
    from stdnum.cn import uscc

    body = st.text(_USCC_DIGITS, min_size=9, max_size=9).map(lambda tail: f"91310000{tail}")
    return body.map(lambda text: text + str(uscc.calc_check_digit(text))).filter(uscc.is_valid)


def approval_numbers() -> SearchStrategy[str]:
    """Approval numbers of drugs: chemical, Chinese medicine, biological; domestic and imported."""
    letters = st.sampled_from(["H", "Z", "S", "HJ", "HC", "SJ"])
    return st.builds("国药准字{}{:08d}".format, letters, st.integers(0, 99_999_999))


def choices(kind: type[Enum]) -> SearchStrategy[Any]:
    """The members of an enumeration."""
    return st.sampled_from(list(kind))


def values_of(kind: Any) -> SearchStrategy[Any] | None:
    """Good values of a plain type, or None where the type alone does not say it (text, classes of fields)."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return choices(kind)
    made = _BY_TYPE.get(kind)
    return made() if made is not None else None


_BY_TYPE: dict[Any, Any] = {
    bool: st.booleans,
    int: lambda: st.integers(1, 1_000),
    date: dates,
    datetime: instants,
    Money: money,
    Price: prices,
    Percentage: percentages,
    PaymentTerms: payment_terms,
    PayingDays: paying_days,
    Address: addresses,
}
