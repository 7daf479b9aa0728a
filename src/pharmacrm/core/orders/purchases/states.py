"""The states of a purchase order and the ways between them: one table, and the steps that use it.

What it says may be revised until goods have arrived; what is wanted after that is ordered anew.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from attrs import evolve

from pharmacrm.core.engines.approval.model import CaseState
from pharmacrm.core.engines.revisions import DOCUMENT_STATE, numbered
from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.money import Percentage
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.orders.amounts import sum_of
from pharmacrm.core.orders.model import OrderLine
from pharmacrm.core.orders.purchases.events import PurchaseMoved, PurchaseOrdered
from pharmacrm.core.orders.purchases.model import (
    PurchaseLine,
    PurchaseOrder,
    PurchaseState,
    purchase_line_id,
    purchase_snapshot,
)
from pharmacrm.core.orders.purchases.reasons import EXPECTED_PAST

_S = PurchaseState
_REVISED = frozenset({_S.DRAFT, _S.IN_APPROVAL, _S.APPROVED})
"""What a purchase order is after a revision: shown to its route again, or a draft where it is on none."""

TRANSITIONS: Final[Mapping[PurchaseState, frozenset[PurchaseState]]] = MappingProxyType(
    {
        _S.DRAFT: _REVISED | {_S.CANCELLED},
        _S.IN_APPROVAL: _REVISED | {_S.REJECTED, _S.CANCELLED},
        _S.APPROVED: _REVISED | {_S.ORDERED, _S.CANCELLED},
        _S.REJECTED: _REVISED | {_S.CANCELLED},
        _S.ORDERED: _REVISED | {_S.PART_RECEIVED, _S.RECEIVED, _S.CANCELLED},
        _S.PART_RECEIVED: frozenset({_S.PART_RECEIVED, _S.RECEIVED, _S.CLOSED}),
        _S.RECEIVED: frozenset({_S.RECEIVED, _S.CLOSED}),
        _S.CLOSED: frozenset(),
        _S.CANCELLED: frozenset(),
    }
)
"""Where a purchase order may go from where it stands."""

_OF_REQUEST: Final[Mapping[CaseState, PurchaseState]] = MappingProxyType(
    {
        CaseState.PENDING: _S.IN_APPROVAL,
        CaseState.APPROVED: _S.APPROVED,
        CaseState.REJECTED: _S.REJECTED,
        CaseState.RETURNED: _S.DRAFT,
        CaseState.WITHDRAWN: _S.DRAFT,
    }
)


def may_become(purchase: PurchaseOrder, wanted: PurchaseState) -> tuple[Reason, ...]:
    """Say why a purchase order cannot go to a state (`document.state`), or nothing."""
    if wanted in TRANSITIONS[purchase.state]:
        return ()
    return (DOCUMENT_STATE(purchase.id, field="state", observed=purchase.state, expected=wanted),)


def become(purchase: PurchaseOrder, wanted: PurchaseState, **changes: Any) -> Decision[PurchaseOrder]:
    """Bring a purchase order to a state with what changes beside, or refuse with `document.state`."""
    moved = evolve(purchase, state=wanted, **changes)
    event = PurchaseMoved(subject=purchase.id, supplier=purchase.supplier, state=wanted)
    return accept(moved, may_become(purchase, wanted), save(moved), tell(event))


def as_requested(state: CaseState) -> PurchaseState:
    """What a purchase order is while its request for approval is in a state."""
    return _OF_REQUEST[state]


def follow(purchase: PurchaseOrder, state: CaseState, content: str) -> Decision[PurchaseOrder]:
    """Let one in approval go where its request went; a request for other content moves nothing."""
    wanted = as_requested(state)
    if purchase.state is not _S.IN_APPROVAL or purchase.content != content or wanted is purchase.state:
        return accept(purchase)
    return become(purchase, wanted)


def order(purchase: PurchaseOrder, *, on: date) -> Decision[PurchaseOrder]:
    """Say that a purchase order has gone to its supplier (下单)."""
    sent = become(purchase, _S.ORDERED, ordered_on=on)
    event = PurchaseOrdered(subject=purchase.id, supplier=purchase.supplier, revision=purchase.revision)
    return accept(sent.value, check_expected(purchase, on=on), sent, tell(event))


def check_expected(purchase: PurchaseOrder, *, on: date) -> tuple[Reason, ...]:
    """Say that the day on which goods are expected has passed."""
    if on <= purchase.expected_on:
        return ()
    expected = purchase.expected_on
    return (EXPECTED_PAST(purchase.id, field="expected_on", observed=expected, expected=on),)


def with_lines(
    purchase: PurchaseOrder,
    priced: Sequence[OrderLine],
    *,
    before: Sequence[PurchaseLine] = (),
) -> tuple[PurchaseOrder, tuple[PurchaseLine, ...]]:
    """Give a purchase order its lines, sums and content; lines of products of `before` keep their numbers."""
    numbers = numbered(
        ((line.number, line.product) for line in before),
        [line.product for line in priced],
        last=purchase.last_line,
    )
    pairs = sorted(zip(numbers, priced, strict=True), key=lambda pair: pair[0])
    lines = tuple(_line(purchase.id, number, line) for number, line in pairs)
    sums = sum_of(priced, purchase.total.currency)
    whole = evolve(
        purchase,
        net=sums.net,
        tax=sums.tax,
        total=sums.gross,
        last_line=max((purchase.last_line, *numbers)),
    )
    return evolve(whole, content=purchase_snapshot(whole, lines).content), lines


def _line(purchase: str, number: int, line: OrderLine) -> PurchaseLine:
    return PurchaseLine(
        id=purchase_line_id(purchase, number),
        purchase=purchase,
        number=number,
        product=line.product,
        quantity=line.quantity,
        unit=line.unit,
        per=line.per,
        price=line.price,
        tax_rate=line.tax_rate,
        tax_included=line.tax_included,
        net=line.net,
        tax=line.tax,
        gross=line.gross,
    )


NO_TOLERANCE: Final = Percentage("0%")
