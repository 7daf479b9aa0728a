"""Schedules for hosts: terms as text or value, one amount or many, dates of events, a customer's days.

>>> from pharmacrm import Money, schedule
>>> plan = schedule("30% prepaid, rest net 30", Money("90.00", "CNY"), "2026-02-02")
>>> [f"{line.due} {line.amount}" for line in plan.instalments]
['2026-02-02 CNY 27.00', '2026-03-04 CNY 63.00']
"""

from collections.abc import Iterable
from datetime import date

from pharmacrm.core.kernel.calendar import WEEKENDS, Roll, WorkCalendar
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.kernel.numbers import wrong_type
from pharmacrm.core.values.paying_days import ANY_DAY, PayingDays
from pharmacrm.core.values.schedule import Plan, fill, split
from pharmacrm.core.values.terms import DiscountBase, Fixed, PaymentTerms, as_terms
from pharmacrm.core.values.timetable import NO_DATES, Dates, timetable


def schedule(
    terms: PaymentTerms | str,
    amount: Money,
    on: date | str,
    *,
    untaxed: Money | None = None,
    dates: Dates = NO_DATES,
    calendar: WorkCalendar = WEEKENDS,
    roll: Roll = Roll.FOLLOWING,
    paying: PayingDays = ANY_DAY,
) -> Plan:
    """Plan when which part of an amount is due (回款计划): the instalments sum exactly to it, by due date.

    `on` is the date of the document, from which the terms count; `dates` has those of other events that they
    name (`{"acceptance": "2026-07-06"}`), and that of the order for prepayments. `untaxed` is the amount
    without tax, where the terms need it.
    Due dates move to the customer's days of payment, then to working days, never before what they count from.
    Errors: those of `parse_terms`, and `date.*`, `money.scale`, `terms.untaxed`, `terms.overrun`,
    `terms.instalments`. Source: XT-24, XT-25.
    """
    table = timetable(
        as_terms(terms), anchor=_day(on), calendar=calendar, roll=roll, dates=dates, paying=paying
    )
    return fill(table, _money(amount, "amount"), untaxed=_untaxed(untaxed))


def _day(on: date | str) -> date:
    try:
        return as_date(on)
    except MalformedInput as error:
        raise error.inside("on") from None


def _money(value: Money, field: str) -> Money:
    """An amount of money; anything else is refused, by its name."""
    if isinstance(value, Money):
        return value
    raise wrong_type(value, "money", 'give Money, such as Money("90.00", "CNY")').inside(field)


def _untaxed(value: Money | None) -> Money | None:
    return None if value is None else _money(value, "untaxed")


def taxable(terms: PaymentTerms | str, untaxed: Money) -> Money:
    """The amount that an invoice has its tax on, for discounts "in advance" (Odoo: mixed).

    It is the amount without tax less the largest discount of each part, rounded half up; the tax of the
    invoice is then that of the buyer who pays early. For other terms it is the amount without tax itself.
    """
    agreed, untaxed = as_terms(terms), _money(untaxed, "untaxed")
    if agreed.discounting.base is not DiscountBase.IN_ADVANCE:
        return untaxed
    pieces = zip(agreed.parts, split(agreed, untaxed, untaxed=untaxed), strict=True)
    off = (_largest(part.discounts[0].off, piece) for part, piece in pieces if part.discounts)
    return untaxed - Money.total(off, untaxed.currency)


def _largest(off: Percentage | Fixed, piece: Money) -> Money:
    """What a discount takes off a part."""
    if isinstance(off, Percentage):
        return off.of(piece)
    most = min(off.money(piece.currency), abs(piece))
    return -most if piece.is_negative else most


def schedules(
    terms: PaymentTerms | str,
    amounts: Iterable[Money],
    on: date | str,
    *,
    dates: Dates = NO_DATES,
    calendar: WorkCalendar = WEEKENDS,
    roll: Roll = Roll.FOLLOWING,
    paying: PayingDays = ANY_DAY,
) -> tuple[Plan, ...]:
    """Plan many amounts of one day by the same terms, whose dates are computed once.

    Each answer is that of `schedule`. Terms that need the amount without tax are planned one by one.
    """
    table = timetable(
        as_terms(terms), anchor=_day(on), calendar=calendar, roll=roll, dates=dates, paying=paying
    )
    return tuple(
        fill(table, _money(amount, f"amounts[{position}]")) for position, amount in enumerate(amounts)
    )
