"""The plan of payment (回款计划): payment terms, an amount and a date give instalments that sum exactly.

The dates depend on terms and anchor alone: `timetable` computes them once, `fill` puts any number of
amounts into them; `plan` does both. Amounts are split in minor units of the currency: percentages by
largest remainder, ties to the first; fixed amounts and percentages take, in the order of writing, at most
what is left; the rest takes the remainder; equal instalments differ by one minor unit at most, the larger
ones first. A credit note has the plan of its invoice, negative.

Sources: XT-24, XT-25; vocabulary 5.4; frappe/erpnext#12057 and #26951 (rounded percentages that do not sum).
"""

from datetime import date

from attrs import frozen

from pharmacrm.core.kernel.calendar import WEEKENDS, Roll, WorkCalendar
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.kernel.numbers import apportion
from pharmacrm.core.values.terms import REST, Fixed, PartKind, PaymentTerms, Share
from pharmacrm.core.values.timetable import Slot, Timetable, timetable

_WHOLE = 1_000_000
"""All of a total in the units of `Percentage`."""


@frozen
class DiscountOffer:
    """What may be deducted (not what is then paid) if the instalment is paid by `until` at the latest."""

    until: date
    amount: Money


@frozen
class PlannedInstalment:
    """One amount due on one date; its discounts are in the order of their dates."""

    due: date
    amount: Money
    kind: PartKind
    discounts: tuple[DiscountOffer, ...] = ()


@frozen
class Plan:
    """Instalments by due date, and the years whose work calendar was not published when they were computed.

    A caller that finds `unpublished` years answers with the warning `calendar.unpublished`.
    """

    instalments: tuple[PlannedInstalment, ...]
    unpublished: tuple[int, ...] = ()


def plan(
    terms: PaymentTerms,
    amount: Money,
    *,
    anchor: date,
    calendar: WorkCalendar = WEEKENDS,
    roll: Roll = Roll.FOLLOWING,
    prepaid_on: date | None = None,
) -> Plan:
    """Plan the instalments of an amount: they sum exactly to it and are in the order of their due dates.

    The anchor is the date that the terms count from, usually the delivery. Prepaid instalments are due on
    `prepaid_on`, the date of the order (default: the anchor), working day or not; no other instalment is
    due before the anchor. Instalments of zero are left out; an amount of zero gives one instalment of zero.
    Errors: `date.type`, `date.range`; `money.scale` if a fixed amount has more decimals than the currency.
    """
    return fill(timetable(terms, anchor=anchor, calendar=calendar, roll=roll, prepaid_on=prepaid_on), amount)


def fill(table: Timetable, amount: Money) -> Plan:
    """Plan the instalments of an amount by a timetable; the same answer as `plan`."""
    return _filled(table.slots, split(table.terms, amount), amount.currency)


def split(terms: PaymentTerms, amount: Money) -> tuple[Money, ...]:
    """The amount of every part of the terms, in the order of writing; they sum exactly to the amount."""
    sizes = _sizes([part.share for part in terms.parts], abs(amount).minor, amount.currency)
    return tuple(Money.of_minor(-size if amount.is_negative else size, amount.currency) for size in sizes)


def split_prepaid(terms: PaymentTerms, amount: Money) -> tuple[Money, Money]:
    """What is paid before shipment and what is on credit; the two sum exactly to the amount."""
    pieces = zip(terms.parts, split(terms, amount), strict=True)
    prepaid = Money.total((piece for part, piece in pieces if part.kind is PartKind.PREPAY), amount.currency)
    return prepaid, amount - prepaid


def credit_plan(
    terms: PaymentTerms,
    amount: Money,
    *,
    anchor: date,
    calendar: WorkCalendar = WEEKENDS,
    roll: Roll = Roll.FOLLOWING,
    order_total: Money | None = None,
) -> Plan:
    """Plan one delivery's share of what is on credit, by the credit parts of the terms alone.

    `amount` is the delivery's share of the credit part of the order (see `split_prepaid`), the anchor its
    date. Several credit parts share it in the proportion that they have in the order. Terms with fixed
    amounts need `order_total` for that proportion; without it the delivery is taken for the whole order.
    Raises `terms.prepaid` if the terms leave nothing on credit and the amount is not zero.
    """
    table = timetable(terms, anchor=anchor, calendar=calendar, roll=roll)
    slots = tuple(slot for slot in table.slots if slot.kind is PartKind.CREDIT)
    if slots:
        return _filled(slots, amount.allocate(_credit_weights(terms, order_total or amount)), amount.currency)
    if amount:
        raise MalformedInput(
            "terms.prepaid", "these terms leave nothing on credit", field="amount", value=amount
        )
    return Plan(())


def _credit_weights(terms: PaymentTerms, total: Money) -> list[int]:
    """One weight a part, 0 if prepaid; if rounding leaves no weight, the last credit part has it."""
    fixed = any(isinstance(part.share, Fixed) for part in terms.parts)
    whole = abs(total).minor if fixed else _WHOLE
    on_credit = [part.kind is PartKind.CREDIT for part in terms.parts]
    sizes = _sizes([part.share for part in terms.parts], whole, total.currency)
    weights = [size * credit for size, credit in zip(sizes, on_credit, strict=True)]
    if not any(weights):
        weights[-1 - on_credit[::-1].index(True)] = 1
    return weights


def _sizes(shares: list[Share], size: int, currency: str) -> list[int]:
    """Split a size (minor units, not negative) over shares; the sizes sum exactly to it."""
    percents = [share.units for share in shares if isinstance(share, Percentage)]
    pieces = iter(apportion(size, [*percents, _WHOLE - sum(percents)]))
    sizes = []
    for share in shares:
        wanted = next(pieces) if isinstance(share, Percentage) else 0
        wanted = share.money(currency).minor if isinstance(share, Fixed) else wanted
        sizes.append(min(wanted, size))
        size -= sizes[-1]
    if size:
        sizes[shares.index(REST)] += size
    return sizes


def _filled(slots: tuple[Slot, ...], pieces: tuple[Money, ...], currency: str) -> Plan:
    """Give every slot its amount; `pieces` holds one amount a part, which its slots share equally."""
    equal = {index: iter(piece.split(_times(slots, index))) for index, piece in enumerate(pieces) if piece}
    nothing = Money.zero(currency)
    lines = [(slot, next(equal[slot.part]) if slot.part in equal else nothing) for slot in slots]
    kept = [line for line in lines if line[1]] or lines[:1]
    unpublished = frozenset[int]().union(*(slot.unpublished for slot, _ in kept))
    return Plan(tuple(_instalment(slot, amount) for slot, amount in kept), tuple(sorted(unpublished)))


def _times(slots: tuple[Slot, ...], part: int) -> int:
    return sum(slot.part == part for slot in slots)


def _instalment(slot: Slot, amount: Money) -> PlannedInstalment:
    offers = tuple(DiscountOffer(until, percent.of(amount)) for until, percent in slot.offers)
    return PlannedInstalment(slot.due, amount, slot.kind, offers)
