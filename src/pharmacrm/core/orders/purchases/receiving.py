"""Goods that arrive (收货): counted against what was ordered, never more than that and a stated tolerance."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import evolve

from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.orders.lots import register_lot
from pharmacrm.core.orders.model import Lot, lot_id
from pharmacrm.core.orders.purchases.events import GoodsReceived
from pharmacrm.core.orders.purchases.model import (
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseLine,
    PurchaseOrder,
    PurchaseState,
    ReceivedItem,
)
from pharmacrm.core.orders.purchases.reasons import NOT_ORDERED, RECEIPT_EMPTY, RECEIPT_LINE, RECEIPT_OVER
from pharmacrm.core.orders.purchases.states import become
from pharmacrm.core.orders.reasons import LOT_EXPIRED, LOT_EXPIRY_MISMATCH

RECEIVING: Final = frozenset({PurchaseState.ORDERED, PurchaseState.PART_RECEIVED, PurchaseState.RECEIVED})
"""The states in which goods may arrive; after the last unit only what the tolerance leaves."""


def receive(
    purchase: PurchaseOrder,
    lines: Sequence[PurchaseLine],
    lots: Mapping[str, Lot],
    items: Sequence[ReceivedItem],
    receipt: GoodsReceipt,
) -> Decision[GoodsReceipt]:
    """Take in what arrived, or give every reason why not; unknown lots are registered (批号登记).

    `lines` are all lines of the purchase order, `lots` the lots by id. Several items may be of one line. The
    purchase order is RECEIVED once of every line at least what was ordered is there.
    """
    known = {line.number: line for line in lines}
    picked = [(item, known[item.line].product) for item in items if item.line in known]
    found = (
        *_state(purchase, items, receipt),
        *_quantities(purchase, known, items),
        *_lots(picked, lots, receipt),
    )
    if found:
        return refuse(*found)
    more = Counter[int]()
    for item in items:
        more[item.line] += item.quantity
    after = tuple(evolve(line, received=line.received + more[line.number]) for line in lines)
    full = all(line.received >= line.quantity for line in after)
    moved = become(purchase, PurchaseState.RECEIVED if full else PurchaseState.PART_RECEIVED)
    event = GoodsReceived(subject=receipt.id, purchase=purchase.id, supplier=purchase.supplier)
    return accept(
        receipt,
        moved,
        save(receipt, *received_lines(receipt.id, lines, items)),
        save(*(line for line in after if more[line.number])),
        *_registered(picked, lots),
        tell(event),
    )


def received_lines(
    receipt: str, lines: Sequence[PurchaseLine], items: Sequence[ReceivedItem]
) -> tuple[GoodsReceiptLine, ...]:
    """Make the lines of a goods receipt; items of lines that are not there are left out."""
    products = {line.number: line.product for line in lines}
    return tuple(
        GoodsReceiptLine(
            id=f"{receipt}/{number}",
            receipt=receipt,
            number=number,
            purchase_line=item.line,
            product=products[item.line],
            lot=item.lot,
            expires=item.expires,
            quantity=item.quantity,
        )
        for number, item in enumerate(items, start=1)
        if item.line in products
    )


def _state(purchase: PurchaseOrder, items: Sequence[ReceivedItem], receipt: GoodsReceipt) -> Iterator[Reason]:
    if purchase.state not in RECEIVING:
        yield NOT_ORDERED(purchase.id, field="state", observed=purchase.state)
    if not items:
        yield RECEIPT_EMPTY(receipt.id, field="items")


def _quantities(
    purchase: PurchaseOrder, known: Mapping[int, PurchaseLine], items: Sequence[ReceivedItem]
) -> Iterator[Reason]:
    wanted = Counter[int]()
    for place, item in enumerate(items):
        wanted[item.line] += item.quantity
        if item.line not in known:
            yield RECEIPT_LINE(purchase.id, field=f"items[{place}].line", observed=item.line)
    for number in sorted(wanted.keys() & known.keys()):
        line = known[number]
        arrived, most = line.received + wanted[number], line.most(purchase.tolerance)
        if arrived > most:
            yield RECEIPT_OVER(line.id, field="quantity", observed=arrived, expected=most)


def _lots(
    picked: Sequence[tuple[ReceivedItem, str]], lots: Mapping[str, Lot], receipt: GoodsReceipt
) -> Iterator[Reason]:
    """Say which lots have expired, or are read with another expiry than they are registered with."""
    expiry = {id: lot.expires for id, lot in lots.items()}
    for item, product in picked:
        id = lot_id(product, item.lot)
        if item.expires <= receipt.received_on:
            yield LOT_EXPIRED(id, field="expires", observed=item.expires, expected=receipt.received_on)
        registered = expiry.setdefault(id, item.expires)
        if registered != item.expires:
            yield LOT_EXPIRY_MISMATCH(id, field="expires", observed=item.expires, expected=registered)


def _registered(
    picked: Sequence[tuple[ReceivedItem, str]], lots: Mapping[str, Lot]
) -> Iterator[Decision[Lot]]:
    """Register each lot that is not known yet; one that is stays as it is."""
    for (product, lot), expires in {(product, item.lot): item.expires for item, product in picked}.items():
        yield register_lot(lots.get(lot_id(product, lot)), product=product, lot=lot, expires=expires)
