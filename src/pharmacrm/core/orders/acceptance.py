"""What the customer says of goods that have arrived: accepted (客户验收), and stated in the account (对账).

Terms may count from either day; the slip keeps both.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated

from attrs import evolve, frozen

from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.record import Column, Record
from pharmacrm.core.orders.events import AccountStated, GoodsAccepted
from pharmacrm.core.orders.model import OutboundSlip
from pharmacrm.core.orders.reasons import (
    ACCEPTANCE_CONFIRMED,
    ACCEPTANCE_DIFFERS,
    ACCEPTANCE_FUTURE,
    ACCEPTANCE_TOO_EARLY,
    STATEMENT_EMPTY,
    STATEMENT_FUTURE,
    STATEMENT_OTHER_CUSTOMER,
    STATEMENT_STATED,
    STATEMENT_TOO_EARLY,
)


@frozen(kw_only=True)
class AgreedStatement(Record):
    """A statement of account that a customer has agreed to (对账单): the slips that name it are in it."""

    customer: Annotated[str, Column(index=True, zh="客户")]
    on: Annotated[date, Column(index=True, zh="对账日期")]
    slips: Annotated[int, Column(zh="出库单数")]


def confirm_acceptance(
    slip: OutboundSlip, accepted_by: str, on: date, *, today: date
) -> Decision[OutboundSlip]:
    """Record who accepted the goods of a slip and when; saying the same twice changes nothing.

    Goods are accepted on the day of their arrival or later, or of the slip where no arrival was confirmed.
    """
    if slip.accepted_on is not None:
        if (slip.accepted_on, slip.accepted_by) == (on, accepted_by):
            return accept(slip, ACCEPTANCE_CONFIRMED(slip.id, field="accepted_on"))
        return refuse(ACCEPTANCE_DIFFERS(slip.id, field="on", observed=on, expected=slip.accepted_on))
    accepted = evolve(slip, accepted_on=on, accepted_by=accepted_by)
    event = GoodsAccepted(subject=slip.id, order=slip.order, buyer=slip.buyer)
    return accept(accepted, tuple(acceptance_days(slip, on, today)), save(accepted), tell(event))


def acceptance_days(slip: OutboundSlip, on: date, today: date) -> Iterator[Reason]:
    """Say why goods cannot have been accepted on a day: before they arrived or left, or after today."""
    first = slip.delivered_on or slip.issued_on
    if on < first:
        yield ACCEPTANCE_TOO_EARLY(slip.id, field="on", observed=on, expected=first)
    if on > today:
        yield ACCEPTANCE_FUTURE(slip.id, field="on", observed=on)


def state_account(
    id: str, customer: str, slips: Sequence[OutboundSlip], *, on: date, today: date
) -> Decision[AgreedStatement]:
    """Record a statement of account with its slips, or give every reason why not; a slip is stated once."""
    unfit = tuple(_unfit(id, customer, slips, on, today))
    if unfit:
        return refuse(*unfit)
    done = AgreedStatement(id=id, customer=customer, on=on, slips=len(slips))
    stated = [evolve(slip, stated_on=on, statement=id) for slip in slips]
    return accept(done, save(done, *stated), tell(AccountStated(subject=id, customer=customer)))


def statement_days(id: str, slips: Sequence[OutboundSlip], on: date, today: date) -> Iterator[Reason]:
    """Say why a statement cannot be of a day: after today, or before a slip in it left."""
    if on > today:
        yield STATEMENT_FUTURE(id, field="on", observed=on)
    for slip in slips:
        if slip.issued_on > on:
            yield STATEMENT_TOO_EARLY(slip.id, field="on", observed=on, expected=slip.issued_on)


def _unfit(id: str, customer: str, slips: Sequence[OutboundSlip], on: date, today: date) -> Iterator[Reason]:
    if not slips:
        yield STATEMENT_EMPTY(id, field="slips")
    yield from statement_days(id, slips, on, today)
    for slip in slips:
        if slip.buyer != customer:
            yield STATEMENT_OTHER_CUSTOMER(slip.id, field="slips", observed=slip.buyer, expected=customer)
        if slip.stated_on is not None:
            yield STATEMENT_STATED(slip.id, field="slips", observed=slip.statement)
