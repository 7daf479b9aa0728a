"""The text form of payment terms: `30% prepaid, rest net 60`.

    terms    = part , { ", " , part } , { ", " , option } ;    (* each option once *)
    part     = [ share , " " ] , [ "retention " ] , { discount , " " } , due ;
    share    = number , "%" , [ " of rest" | " of untaxed" ]
             | amount | "rest" ;                           (* left out if there is one part only *)
    discount = number , "/" , days                         (* 2/10: 2 % off if paid within 10 days *)
             | "less " , amount , "/" , days ;             (* less 20.00/10: an amount off the part *)
    due      = "prepaid" | rule , { " then " , rule } , [ " from " , anchor ] ;
                                                           (* from an event, "net 0", not "on delivery" *)
    rule     = "on delivery"
             | "net " , days , [ " end of month" ]
             | "net " , ( weeks | months | working )
             | "end of month" , [ " + " , ( days | months ) ] | "end of next month"
             | "day " , day , " of " , ( "month" | "next month" | "month + " , months )
             | "payment days " , day , { "," , day }       (* the first of them on or after the date *)
             | "cut-off " , day                            (* later days count to the next month *)
             | "on " , weekday                             (* the first such day on or after the date *)
             | "in " , month                               (* in september: the first such month *)
             | count , " monthly"                          (* equal instalments after 1, 2, ... months *)
             | count , " instalments every " , interval
             | "instalments of " , amount , " every " , interval ;
    anchor   = "order" | "delivery" | "invoice" | "receipt" | "acceptance" | "statement"
             | "month of statement" ;
    option   = "reserve " , days , " days"                 (* how long credit is reserved *)
             | "round half up" | "round half even" | "round to " , amount
             | "overrun negative" | "overrun refused"
             | "discount of untaxed" | "discount of untaxed in advance" | "discount pro rata"
             | "grace " , days , ( " day" | " days" ) ;
    interval = count , ( " day" | " days" ) | weeks | months ;
    weeks    = count , ( " week" | " weeks" ) ;
    months   = count , ( " month" | " months" ) ;
    working  = count , ( " working day" | " working days" ) ;
    days, day, count = digit , { digit } ;                 (* without leading zeros *)
    number   = digits , [ "." , 1 to 4 digits ] ;          (* a share has up to 6 *)
    amount   = digits , [ "." , 1 to 4 digits ] ;          (* in the currency of the document; see below *)
    weekday  = "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday" ;
    month    = "january" | "february" | "march" | "april" | "may" | "june" | "july" | "august"
             | "september" | "october" | "november" | "december" ;

Keywords may be written in capitals; one space stands between words, and nothing else is accepted. The
digits are ASCII. A share that is a whole number up to 100 is refused: it may lack its percent sign. Every
text is read in time proportional to its length; texts over 4,000 characters are refused unread.
"""

import re

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Percentage
from pharmacrm.core.values.terms.baseline import Baseline
from pharmacrm.core.values.terms.chain import Due, chain
from pharmacrm.core.values.terms.misread import unreadable
from pharmacrm.core.values.terms.model import PaymentTerms
from pharmacrm.core.values.terms.part import EarlyDiscount, Part
from pharmacrm.core.values.terms.share import FIXED_TEXT, REST, Base, Fixed, Share, portion, unclear
from pharmacrm.core.values.terms.words import FLAGS, PERCENT, WHOLE_NUMBER, Options, read_option, read_rule

LONGEST = 4000

_SHARE_PERCENT = r"(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,6})?"
_HEAD = re.compile(
    rf"(?:(?P<percent>{_SHARE_PERCENT})%(?P<of> of rest| of untaxed|) "
    rf"|(?P<fixed>{FIXED_TEXT}) (?!monthly|instalments)|(?P<rest>rest) )?"
    rf"(?P<retained>retention )?(?P<discounts>(?:(?:less {FIXED_TEXT}|{PERCENT})/{WHOLE_NUMBER} )*)",
    FLAGS,
)
_DISCOUNT = re.compile(
    rf"(?:less (?P<amount>{FIXED_TEXT})|(?P<percent>{PERCENT}))/(?P<days>{WHOLE_NUMBER}) ", FLAGS
)
_FROM, _THEN, _ON_DELIVERY = (re.compile(word, FLAGS) for word in (" from ", " then ", "on delivery"))
_BASES = {base.value: base for base in Base}
_ANCHORS = {anchor.value: anchor for anchor in Baseline if anchor is not Baseline.DOCUMENT}


def parse_terms(text: str) -> PaymentTerms:
    """Read payment terms from their text form; see the grammar at the top of this module.

    Raises `terms.format` naming the part that cannot be read (`parts[1]`), `terms.sum`, `terms.days`,
    `terms.chain`, `terms.discount` or `terms.prepaid`.
    """
    if type(text) is not str or len(text) > LONGEST:
        message = f"payment terms are a text of at most {LONGEST} characters"
        raise MalformedInput("terms.format", message, field="text", value=text)
    clauses = text.split(", ")
    options = Options()
    while clauses and read_option(clauses[-1], options):
        clauses.pop()
    alone = len(clauses) == 1
    parts = [_part(clause, f"parts[{position}]", alone=alone) for position, clause in enumerate(clauses)]
    return PaymentTerms(tuple(parts), options.reserve_days, options.amounts, options.discounting)


def as_terms(value: PaymentTerms | str) -> PaymentTerms:
    """Accept payment terms or their text form: the converter of every field that holds terms."""
    return value if isinstance(value, PaymentTerms) else parse_terms(value)


def _part(clause: str, path: str, *, alone: bool) -> Part:
    head = _HEAD.match(clause)
    if head is None:  # never: everything in a head may be left out
        raise unreadable(clause, path, clause)
    rest = clause[head.end() :]
    try:
        due, anchor = _due(rest)
        share = _share(head)
        if not alone:
            _named(share, clause)
        discounts = tuple(map(_discount, _DISCOUNT.finditer(head["discounts"])))
        return _as_written(clause, share or REST, due, discounts, anchor, retained=bool(head["retained"]))
    except MalformedInput as error:
        raise error.inside(path) from None
    except LookupError:
        raise unreadable(clause, path, rest) from None


def _as_written(
    clause: str,
    share: Share,
    due: Due,
    discounts: tuple[EarlyDiscount, ...],
    anchor: Baseline,
    *,
    retained: bool,
) -> Part:
    """Make a part; what does not go together is shown as it was written."""
    try:
        return Part(share, due, discounts, anchor, retained)
    except MalformedInput as error:
        raise MalformedInput(error.code, error.message, field=error.field, value=clause) from None


def _named(share: Share | None, clause: str) -> None:
    if share is None:
        message = 'each of several parts names its share, such as "30%" or "rest"'
        raise MalformedInput("terms.sum", message, value=clause)


def _due(text: str) -> tuple[Due, Baseline]:
    """Read the due rule and its anchor; a word that is no rule raises LookupError."""
    rules, *event = _FROM.split(text)
    if event and _ON_DELIVERY.search(rules):
        message = '"net 0" stands before "from", not "on delivery"'
        raise MalformedInput("terms.format", message, value=text)
    anchor = _ANCHORS[_small(" from ".join(event))] if event else Baseline.DOCUMENT
    found = [read_rule(rule) for rule in _THEN.split(rules)]
    return found[0] if len(found) == 1 else chain(*found), anchor


def _small(word: str) -> str:
    """Turn ASCII capitals into small letters; leave other words as they are, so that they are not found."""
    return word.lower() if word.isascii() else word


def _share(head: re.Match[str]) -> Share | None:
    if head["percent"]:
        return _portion(head["percent"], _BASES[head["of"].lower()])
    if head["fixed"]:
        if unclear(amount := head["fixed"]):
            message = f"{amount} may be a percentage or an amount: write {amount}% or {amount}.00"
            raise MalformedInput("terms.format", message, field="share", value=head.string)
        return Fixed(amount)
    return REST if head["rest"] else None


def _portion(percent: str, base: Base) -> Share:
    try:
        share = portion(percent, base)
    except MalformedInput:
        message = "a share is more than 0 % and at most 100 %"
        raise MalformedInput("terms.sum", message, value=percent) from None
    return share


def _discount(found: re.Match[str]) -> EarlyDiscount:
    return EarlyDiscount(Fixed(found["amount"]) if found["amount"] else _off(found), int(found["days"]))


def _off(found: re.Match[str]) -> Percentage:
    try:
        return Percentage(f"{found['percent']}%")
    except MalformedInput:
        message = "a percentage is at most 100 %"
        raise MalformedInput("terms.discount", message, value=found[0].strip()) from None
