"""The checklist of an order: what submission refuses, and the dispatcher's first check (发货初审, XT-06)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from attrs import frozen

from pharmacrm.core.kernel.reason import Reason, Severity, in_order
from pharmacrm.core.orders.model import OrderLine, SalesOrder
from pharmacrm.core.orders.reasons import (
    ADDRESS_MISSING,
    CONSIGNEE_MISSING,
    LINE_DUPLICATE,
    LINE_FREE,
    ORDER_NO_LINES,
    ORDER_TOO_LARGE,
    PHONE_MISSING,
    SHIP_DATE_PAST,
)

MOST_LINES: Final = 1000
"""Lines that one order may have."""


def check_order(order: SalesOrder, lines: Sequence[OrderLine], *, on: date) -> tuple[Reason, ...]:
    """Give every reason why an order is not fit to be handed in on a day, all at once (XT-06)."""
    return in_order((*check_lines(order.id, lines), *_delivery(order), *_ship_date(order, on)))


def check_lines(id: str, lines: Sequence[OrderLine]) -> tuple[Reason, ...]:
    """Give every reason why the lines of an order, a quote or a purchase order are not fit."""
    return in_order((*_lines(id, lines), *_prices(id, lines)))


def _lines(id: str, lines: Sequence[OrderLine]) -> tuple[Reason, ...]:
    if not lines:
        return (ORDER_NO_LINES(id, field="lines"),)
    if len(lines) > MOST_LINES:
        return (ORDER_TOO_LARGE(id, field="lines", observed=len(lines), expected=MOST_LINES),)
    times = Counter(line.product for line in lines)
    twice = [product for product, number in times.items() if number > 1]
    return tuple(LINE_DUPLICATE(id, field="lines", observed=product) for product in twice)


def _prices(id: str, lines: Sequence[OrderLine]) -> tuple[Reason, ...]:
    free = [line for line in lines if not line.price.micros]
    return tuple(LINE_FREE(id, field=_place(line), observed=line.product) for line in free)


def _place(line: OrderLine) -> str:
    return f"lines[{line.number - 1}].price"


def _delivery(order: SalesOrder) -> tuple[Reason, ...]:
    found = []
    if not order.consignee.strip():
        found.append(CONSIGNEE_MISSING(order.id, field="consignee"))
    if not order.phone.strip():
        found.append(PHONE_MISSING(order.id, field="phone"))
    if order.address is None:
        found.append(ADDRESS_MISSING(order.id, field="address"))
    return tuple(found)


def _ship_date(order: SalesOrder, on: date) -> tuple[Reason, ...]:
    if order.ship_on >= on:
        return ()
    return (SHIP_DATE_PAST(order.id, field="ship_on", observed=order.ship_on, expected=on),)


class CheckItem(StrEnum):
    """What the dispatcher looks at, in the order of the form."""

    PRODUCT = "product"
    PRICE = "price"
    CUSTOMER = "customer"
    CONSIGNEE = "consignee"
    ADDRESS = "address"
    PHONE = "phone"
    SHIP_DATE = "ship_date"


_NONE: Final[Mapping[CheckItem, Sequence[Reason]]] = MappingProxyType({})


@frozen
class CheckedItem:
    """One row of the form: the item, and what was found; it is passed unless something blocks or waits."""

    item: CheckItem
    reasons: tuple[Reason, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing found refuses the order or waits for a person."""
        return not any(reason.severity in {Severity.BLOCK, Severity.APPROVE} for reason in self.reasons)


@frozen
class Precheck:
    """The evidence of the dispatcher's step: every item of the form with its findings; no personal data."""

    items: tuple[CheckedItem, ...]

    @property
    def passed(self) -> bool:
        """Whether every item is passed."""
        return all(item.passed for item in self.items)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Everything found, in order."""
        return in_order(reason for item in self.items for reason in item.reasons)


def precheck(
    order: SalesOrder,
    lines: Sequence[OrderLine],
    *,
    on: date,
    found: Mapping[CheckItem, Sequence[Reason]] = _NONE,
) -> Precheck:
    """Fill in the dispatcher's form (发货初审): what the order itself says, and what others found.

    `found` has the findings of other rules by item: prices under PRICE, licences under CUSTOMER, and so on.
    A requested ship date that has passed while the order waited only warns.
    """
    missing = {reason.field: reason for reason in _delivery(order)}
    own = {
        CheckItem.PRODUCT: _lines(order.id, lines),
        CheckItem.PRICE: _prices(order.id, lines),
        CheckItem.SHIP_DATE: tuple(reason.weighed(Severity.WARN) for reason in _ship_date(order, on)),
        **{item: (missing[item.value],) for item in CheckItem if item.value in missing},
    }
    rows = {item: (*own.get(item, ()), *found.get(item, ())) for item in CheckItem}
    return Precheck(tuple(CheckedItem(item, in_order(reasons)) for item, reasons in rows.items()))
