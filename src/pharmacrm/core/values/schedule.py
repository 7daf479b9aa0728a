"""The plan of payment (回款计划): payment terms, an amount and a date give instalments that sum exactly.

The dates depend on terms and anchor alone: `timetable` computes them once, `fill` puts any number of
amounts into them; `plan` does both. Amounts are split in minor units of the currency (see `splitting`):
unless the terms say otherwise percentages by largest remainder, ties to the first; fixed amounts and
percentages take, in the order of writing, at most what is left; the rest takes the remainder; equal
instalments differ by one minor unit at most, the larger ones first. A credit note has the plan of its
invoice, negative.

Sources: XT-24, XT-25; vocabulary 5.4; peers sections 3 and 8.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from attrs import evolve, frozen

from pharmacrm.core.kernel.calendar import WEEKENDS, Roll, WorkCalendar
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.numbers import half_up
from pharmacrm.core.values.splitting import Splitter
from pharmacrm.core.values.terms import (
    AmountPolicy,
    Baseline,
    DiscountBase,
    DiscountPolicy,
    Fixed,
    Overrun,
    PartialPayment,
    PartKind,
    PaymentTerms,
)
from pharmacrm.core.values.terms.chain import by_amount
from pharmacrm.core.values.terms.share import WHOLE
from pharmacrm.core.values.timetable import NO_DATES, Dates, Offer, Slot, Timetable, timetable

_WHOLE_PERCENT = 1_000_000
"""100 % in the units of `Percentage`."""


@frozen
class DiscountOffer:
    """What may be deducted (not what is then paid) if the instalment is paid by `until` at the latest.

    With days of grace it is still granted, without being promised, to a payment by `granted_until`. `tax` is
    the tax in it, where the amount without tax was known: none if the tax does not fall with the discount.
    With `pro_rata` a payment in part earns its part of it.
    """

    until: date
    amount: Money
    granted_until: date | None = None
    tax: Money | None = None
    pro_rata: bool = False

    def covers(self, paid_on: date) -> bool:
        """Whether a payment of this value date still earns it, days of grace included."""
        return paid_on <= (self.granted_until or self.until)

    def left(self, instalment: Money, still_open: Money) -> Money:
        """What may be deducted to settle what is still open of an instalment, rounded half up.

        All of it, unless parts of it have been earned before.
        """
        if not self.pro_rata or not instalment:
            return self.amount
        return self.amount.share(abs(still_open.minor), abs(instalment.minor))

    def earned(self, instalment: Money, paid: Money) -> Money:
        """What a payment in part earns: 98 of 100 at 2 % off settle 100, 49 settle 50; nothing by default."""
        without = abs(instalment.minor) - abs(self.amount.minor)
        if not self.pro_rata or without <= 0:
            return Money.zero(paid.currency)
        return paid.share(abs(self.amount.minor), without)


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

    A caller that finds `unpublished` years answers with the warning `calendar.unpublished`. `assumed` names
    the events (acceptance, statement) whose dates were not given: their parts count from the anchor.
    """

    instalments: tuple[PlannedInstalment, ...]
    unpublished: tuple[int, ...] = ()
    assumed: tuple[Baseline, ...] = ()


def plan(
    terms: PaymentTerms,
    amount: Money,
    *,
    anchor: date,
    calendar: WorkCalendar = WEEKENDS,
    roll: Roll = Roll.FOLLOWING,
    prepaid_on: date | None = None,
    untaxed: Money | None = None,
    dates: Dates = NO_DATES,
) -> Plan:
    """Plan the instalments of an amount: they sum exactly to it and are in the order of their due dates.

    The anchor is the date that the terms count from, usually the delivery; `dates` has those of other events
    that they name. Prepaid instalments are due on `prepaid_on`, the date of the order (default: the anchor),
    working day or not; no other instalment is due before what it counts from. `untaxed` is the amount without
    tax, wanted by terms with shares of it or discounts on it. Instalments of zero are left out; an amount of
    zero gives one instalment of zero.
    Errors: `date.type`, `date.range`; `terms.untaxed`, `terms.overrun`, `terms.instalments`; `money.scale`
    if a fixed amount has more decimals than the currency.
    """
    table = timetable(terms, anchor=anchor, calendar=calendar, roll=roll, prepaid_on=prepaid_on, dates=dates)
    return fill(table, amount, untaxed=untaxed)


def fill(table: Timetable, amount: Money, *, untaxed: Money | None = None) -> Plan:
    """Plan the instalments of an amount by a timetable; the same answer as `plan`."""
    terms, currency = table.terms, amount.currency
    net = _net(terms, amount, untaxed)
    sizes = table.splitter.sizes(
        abs(amount.minor), currency, untaxed=abs(net.minor) if net else 0, policy=terms.amounts
    )
    pieces = [-size for size in sizes] if amount.minor < 0 else sizes
    return _filled(table, pieces, amount, net, table.slots[:1])


def split(terms: PaymentTerms, amount: Money, *, untaxed: Money | None = None) -> tuple[Money, ...]:
    """The amount of every part of the terms, in the order of writing; they sum exactly to the amount."""
    return _pieces(terms, amount, untaxed, terms.amounts)


def _pieces(
    terms: PaymentTerms, amount: Money, untaxed: Money | None, policy: AmountPolicy
) -> tuple[Money, ...]:
    net = _net(terms, amount, untaxed)
    sizes = Splitter.of(terms).sizes(
        abs(amount.minor), amount.currency, untaxed=abs(net.minor) if net else 0, policy=policy
    )
    return tuple(Money.of_minor(-size if amount.is_negative else size, amount.currency) for size in sizes)


def split_prepaid(terms: PaymentTerms, amount: Money, *, untaxed: Money | None = None) -> tuple[Money, Money]:
    """What is paid before shipment and what is on credit; the two sum exactly to the amount.

    Neither is ever more than the amount, whatever the terms say about over-allocation.
    """
    pieces = zip(terms.parts, _pieces(terms, amount, untaxed, _bounded(terms.amounts)), strict=True)
    prepaid = Money.total((piece for part, piece in pieces if part.kind is PartKind.PREPAY), amount.currency)
    return prepaid, amount - prepaid


def _bounded(policy: AmountPolicy) -> AmountPolicy:
    """The same switches, but that no part takes more than is left."""
    return evolve(policy, overrun=Overrun.STOP) if policy.overrun is Overrun.NEGATIVE else policy


def credit_plan(
    terms: PaymentTerms,
    amount: Money,
    *,
    anchor: date,
    calendar: WorkCalendar = WEEKENDS,
    roll: Roll = Roll.FOLLOWING,
    order_total: Money | None = None,
    order_untaxed: Money | None = None,
    dates: Dates = NO_DATES,
) -> Plan:
    """Plan one delivery's share of what is on credit, by the credit parts of the terms alone.

    `amount` is the delivery's share of the credit part of the order (see `split_prepaid`), the anchor its
    date. Several credit parts share it in the proportion that they have in the order, by largest remainder.
    Terms with fixed amounts need `order_total` for that proportion, those with shares of the untaxed amount
    `order_untaxed` as well; without them the delivery is taken for the whole order.
    Raises `terms.prepaid` if the terms leave nothing on credit and the amount is not zero.
    """
    table = timetable(terms, anchor=anchor, calendar=calendar, roll=roll, dates=dates)
    return fill_credit(table, amount, order_total=order_total, order_untaxed=order_untaxed)


def fill_credit(
    table: Timetable, amount: Money, *, order_total: Money | None = None, order_untaxed: Money | None = None
) -> Plan:
    """Plan one delivery's share of what is on credit by a timetable; the same answer as `credit_plan`."""
    terms = table.terms
    if any(part.kind.on_credit for part in terms.parts):
        total = order_total or amount
        untaxed = order_untaxed if order_untaxed is not None or not terms.needs_untaxed else total
        weights = _credit_weights(table, total, untaxed)
        pieces = amount.allocate(weights)
        net = amount.share(abs(untaxed.minor), abs(total.minor)) if untaxed and total else None
        spare = [slot for slot in table.slots if slot.kind.on_credit][:1]
        wholes = None if order_total is None else _wholes(terms, total, untaxed, weights)
        return _filled(table, [piece.minor for piece in pieces], amount, net, spare, wholes)
    if amount:
        raise MalformedInput(
            "terms.prepaid", "these terms leave nothing on credit", field="amount", value=amount
        )
    return Plan(())


def _wholes(
    terms: PaymentTerms, total: Money, untaxed: Money | None, weights: Sequence[int]
) -> Sequence[int]:
    """What each part comes to in the whole order, in minor units: for discounts of an amount."""
    if not any(isinstance(discount.off, Fixed) for part in terms.parts for discount in part.discounts):
        return weights
    credit = split_prepaid(terms, total, untaxed=untaxed)[1]
    return [piece.minor for piece in credit.allocate(weights)]


def _net(terms: PaymentTerms, amount: Money, untaxed: Money | None) -> Money | None:
    """Check the amount without tax: there if the terms need it, and of the same sign and currency."""
    if untaxed is None:
        if terms.needs_untaxed:
            message = "these terms need the amount without tax"
            raise MalformedInput("terms.untaxed", message, field="untaxed", value=None)
        return None
    if (amount - amount + untaxed).minor * amount.minor < 0:
        message = "the amount without tax has the sign of the amount"
        raise MalformedInput("terms.untaxed", message, field="untaxed", value=untaxed)
    return untaxed


def _credit_weights(table: Timetable, total: Money, untaxed: Money | None) -> list[int]:
    """One weight a part, 0 if prepaid; if rounding leaves no weight, the last credit part has it."""
    splitter = table.splitter
    whole = WHOLE if splitter.plain else abs(total).minor
    sizes = splitter.sizes(whole, total.currency, untaxed=abs(untaxed).minor if untaxed else 0)
    on_credit = [part.kind.on_credit for part in table.terms.parts]
    weights = [size * credit for size, credit in zip(sizes, on_credit, strict=True)]
    if not any(weights):
        weights[-1 - on_credit[::-1].index(True)] = 1
    return weights


def _filled(
    table: Timetable,
    pieces: Sequence[int],
    amount: Money,
    net: Money | None,
    spare: Sequence[Slot],
    wholes: Sequence[int] | None = None,
) -> Plan:
    """Give every slot its amount; `pieces` holds one amount a part, in minor units. `spare` is for none.

    `wholes` is the same for the whole order, of which the amount is a part.
    """
    lines = [(slot, _equal(pieces[slot.part], slot)) for slot in table.slots if slot.part not in table.cut]
    if table.cut:
        lines += [line for index in table.cut for line in _cut(table, index, pieces[index], amount.currency)]
        lines.sort(key=_due)
    lines = [line for line in lines if line[1]] or [(slot, 0) for slot in spare]
    past: Counter[int] = Counter()
    found = []
    for slot, minor in lines:
        piece = pieces[slot.part]
        span = Span(minor, past[slot.part], piece, wholes[slot.part] if wholes else piece)
        offers = _offers(table, slot, span, amount, net) if slot.offers else ()
        found.append(PlannedInstalment(slot.due, Money.of_minor(minor, amount.currency), slot.kind, offers))
        past[slot.part] += minor
    planned = tuple(found)
    if not table.unpublished:
        return Plan(planned, (), table.assumed)
    years = frozenset[int]().union(*(slot.unpublished for slot, _ in lines))
    return Plan(planned, tuple(sorted(years)), table.assumed)


def _due(line: tuple[Slot, int]) -> date:
    return line[0].due


def _equal(piece: int, slot: Slot) -> int:
    """One of the equal instalments of a part: they differ by a minor unit at most, the larger ones first."""
    if slot.times == 1:
        return piece
    each, odd = divmod(abs(piece), slot.times)
    size = each + (slot.number < odd)
    return -size if piece < 0 else size


def _cut(table: Timetable, index: int, piece: int, currency: str) -> Iterator[tuple[Slot, int]]:
    """The instalments of a fixed amount that a part is cut into."""
    rule = by_amount(table.terms.parts[index].due)
    if rule is not None and piece:
        sizes = [each.minor for each in rule.pieces(Money.of_minor(piece, currency))]
        yield from zip(table.numbered(index, len(sizes)), sizes, strict=True)


@frozen
class Span:
    """An instalment within its part, in minor units: its size, what comes before it, the part, all of it.

    `piece` is what the part comes to here, `whole` what it comes to in the whole order.
    """

    minor: int
    past: int
    piece: int
    whole: int

    def share(self, off: Money) -> Money:
        """Its share of an amount off the whole part: all shares of a piece sum exactly, none is too much."""
        piece = abs(self.piece)
        here = min(half_up(off.minor * piece, abs(self.whole)), piece) if self.whole else 0
        before, after = (
            half_up(here * done, piece) if piece else 0 for done in (abs(self.past), self._after)
        )
        return Money.of_minor(before - after if self.minor < 0 else after - before, off.currency)

    @property
    def _after(self) -> int:
        return abs(self.past + self.minor)


def _offers(
    table: Timetable, slot: Slot, span: Span, amount: Money, net: Money | None
) -> tuple[DiscountOffer, ...]:
    policy = table.terms.discounting
    return tuple(_offer(offer, span, amount, net, policy) for offer in slot.offers)


def _offer(
    offer: Offer, span: Span, amount: Money, net: Money | None, policy: DiscountPolicy
) -> DiscountOffer:
    """Make the discount of an instalment: a percentage of it or of its part without tax, or an amount."""
    currency = amount.currency
    granted = offer.granted_until if offer.granted_until != offer.until else None
    pro_rata = policy.partial is PartialPayment.PRO_RATA
    untaxed = policy.base is not DiscountBase.TOTAL and net is not None and amount
    if isinstance(offer.off, Fixed):
        off = span.share(offer.off.money(currency))
    elif untaxed and net is not None:
        minor_off = half_up(span.minor * net.minor * offer.off.units, amount.minor * _WHOLE_PERCENT)
        off = Money.of_minor(minor_off, currency)
    else:
        off = offer.off.of(Money.of_minor(span.minor, currency))
    if untaxed:
        return DiscountOffer(offer.until, off, granted, Money.zero(currency), pro_rata)
    tax = off.share(*_tax_share(amount, net)) if net is not None and amount else None
    return DiscountOffer(offer.until, off, granted, tax, pro_rata)


def _tax_share(amount: Money, net: Money) -> tuple[int, int]:
    return abs(amount.minor) - abs(net.minor), abs(amount.minor)
