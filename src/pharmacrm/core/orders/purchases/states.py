"""The states of a purchase order and the ways between them: one table, and the steps that use it.

What it says may be revised until goods have arrived; what is wanted after that is ordered anew.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from attrs import evolve

from pharmacrm.core.engines.approval.model import CaseState
from pharmacrm.core.engines.revisions import Life, numbered
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

LIFE: Final = Life(
    ways=TRANSITIONS,
    draft=_S.DRAFT,
    in_approval=_S.IN_APPROVAL,
    approved=_S.APPROVED,
    rejected=_S.REJECTED,
)
"""The life of a purchase order: these ways, and the states that its approval gives."""


def become(purchase: PurchaseOrder, wanted: PurchaseState, **changes: Any) -> Decision[PurchaseOrder]:
    """Bring a purchase order to a state with what changes beside, or refuse with `document.state`."""
    moved = evolve(purchase, state=wanted, **changes)
    event = PurchaseMoved(subject=purchase.id, supplier=purchase.supplier, state=wanted)
    return accept(moved, LIFE.may_become(purchase, wanted), save(moved), tell(event))


def follow(purchase: PurchaseOrder, state: CaseState, content: str) -> Decision[PurchaseOrder]:
    """Let one in approval go where its request went; a request for other content moves nothing."""
    wanted = LIFE.moved_by(purchase, state, content)
    return accept(purchase) if wanted is None else become(purchase, wanted)


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
