"""What an import gives: the terms under their name, and how the customer pays."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from attrs import frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Percentage
from pharmacrm.core.values.paying_days import ANY_DAY, PayingDays
from pharmacrm.core.values.term_sets.rows import Document, Row, plain, refused
from pharmacrm.core.values.terms import (
    AmountPolicy,
    Base,
    Due,
    EarlyDiscount,
    Fixed,
    Net,
    Overrun,
    Part,
    PaymentTerms,
    Portion,
    Rounding,
    Share,
    chain,
    portion,
)

_BY_REMAINDER = Rounding.LARGEST_REMAINDER


@frozen
class ImportedTerms:
    """A term set of another system in our words; `paying` has the postponed dates that it brings."""

    name: str
    terms: PaymentTerms
    paying: PayingDays = ANY_DAY


@frozen
class RefusedTerms:
    """A term set that cannot be meant: its place in what was given, the field at fault, and why."""

    number: int
    field: str
    message: str


@frozen
class TermSets:
    """What of many term sets could be read, and what not."""

    read: tuple[ImportedTerms, ...]
    refused: tuple[RefusedTerms, ...]


Importer = Callable[[Document], ImportedTerms]


def read_term_sets(importer: Importer, documents: Iterable[Document]) -> TermSets:
    """Read many term sets with one importer; one that is refused stops no other."""
    found, unread = [], []
    for number, document in enumerate(documents):
        try:
            found.append(importer(document))
        except MalformedInput as error:
            unread.append(RefusedTerms(number, error.field, str(error)))
    return TermSets(tuple(found), tuple(unread))


def percent(row: Row, name: str, number: Decimal, base: Base = Base.TOTAL) -> Share:
    """A share in per cent, at most 6 decimals."""
    try:
        return portion(plain(row.above_zero(name, number)), base)
    except MalformedInput:
        raise row.refused(name, "a share is above 0 % to 100 %, with at most 6 decimals") from None


def fixed(row: Row, name: str) -> Fixed:
    """A fixed amount above 0."""
    try:
        return Fixed(plain(row.number(name)))
    except MalformedInput:
        raise row.refused(name, "a fixed amount is above 0, with at most 4 decimals") from None


def due_of(row: Row, steps: Sequence[Due]) -> Due:
    """The steps of a line as one rule, on the document's own date if there are none."""
    try:
        return chain(*steps) if steps else Net(0)
    except MalformedInput as error:
        raise error.inside(row.path) from None


def discount_of(row: Row, off: Decimal, days: int, name: str) -> tuple[EarlyDiscount, ...]:
    """One early payment discount in per cent, or none."""
    if not off:
        return ()
    try:
        return (EarlyDiscount(Percentage(f"{plain(off)}%"), days),)
    except MalformedInput:
        raise row.refused(name, "a discount is above 0 % to 100 %, with at most 4 decimals") from None


def amount_off(row: Row, days: int, name: str) -> tuple[EarlyDiscount, ...]:
    """One early payment discount of an amount."""
    try:
        return (EarlyDiscount(fixed(row, name), days),)
    except MalformedInput as error:
        raise row.refused(name, error.message) from None


def part_of(row: Row, share: Share, due: Due, discounts: tuple[EarlyDiscount, ...] = ()) -> Part:
    """One part; what does not go together names the line."""
    try:
        return Part(share, due, discounts)
    except MalformedInput as error:
        raise error.inside(row.path) from None


def terms_of(name: str, parts: Sequence[Part], *, rounding: Rounding, overrun: Overrun) -> PaymentTerms:
    """The terms with the switches of the other system, where they make a difference.

    Rounding matters where there is a percentage, over-allocation where there is a fixed amount.
    """
    shares = [part.share for part in parts]
    policy = AmountPolicy(
        rounding if any(isinstance(share, Percentage | Portion) for share in shares) else _BY_REMAINDER,
        overrun if any(isinstance(share, Fixed) for share in shares) else Overrun.STOP,
    )
    try:
        return PaymentTerms(tuple(parts), amounts=policy)
    except MalformedInput as error:
        raise refused(name, error.message, error.value) from None
