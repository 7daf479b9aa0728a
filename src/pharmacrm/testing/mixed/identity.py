"""The identity of exposure from the documents: orders + unbilled + receivable - unapplied = ledger."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pharmacrm.core.credit import CreditGroup, CreditLine, Reservation
from pharmacrm.core.credit.groups import COUNTERS
from pharmacrm.core.orders import OutboundSlip, SlipLine
from pharmacrm.core.receivables import CreditNote, Instalment, InvoiceLine, Receipt
from pharmacrm.core.receivables.opening import credit_id
from pharmacrm.core.values.terms import PartKind
from pharmacrm.testing.books import Books

Part = Counter[str]


def uneven(books: Books) -> Iterator[str]:
    """Every account whose parts are not what its documents say, and every group that is not its members."""
    told = {
        "open orders": _reserved(books),
        "unbilled": _unbilled(books),
        "receivable": _owed(books) - _unbilled(books),
        "unapplied": _on_account(books),
    }
    for line in _all(books, CreditLine):
        kept = {
            "open orders": line.reserved.minor,
            "unbilled": line.unbilled.minor,
            "receivable": line.receivable.minor,
            "unapplied": line.unapplied.minor,
        }
        for name, amount in kept.items():
            if amount != told[name][line.id]:
                yield f"{line.id}: {name} is {amount}, its documents say {told[name][line.id]}"
        if (
            kept["open orders"] + kept["unbilled"] + kept["receivable"] - kept["unapplied"]
            != line.exposure.minor
        ):
            yield f"{line.id}: the parts do not sum to the ledger"
    yield from _groups(books)


def _groups(books: Books) -> Iterator[str]:
    for group in _all(books, CreditGroup):
        members = [line for line in _all(books, CreditLine) if line.group == group.id]
        for name in COUNTERS:
            counted, owed = getattr(group, name).minor, sum(getattr(each, name).minor for each in members)
            if counted != owed:
                yield f"{group.id}: {name} is {counted}, its members have {owed}"


def _reserved(books: Books) -> Part:
    found: Part = Counter()
    for each in _all(books, Reservation):
        found[each.customer] += each.open.minor
    return found


def _owed(books: Books) -> Part:
    found: Part = Counter()
    for part in _all(books, Instalment):
        found[part.customer] += part.open.minor if part.kind is PartKind.CREDIT else 0
    return found


def _on_account(books: Books) -> Part:
    found: Part = Counter()
    for each in _all(books, Receipt):
        found[each.payer] += each.open.minor if each.cleared else 0
    for note in _all(books, CreditNote):
        found[note.customer] += note.open.minor
    return found


def _unbilled(books: Books) -> Part:
    """Slip by slip: the goods that the customer has and no invoice names, at most what is open."""
    invoiced: Counter[tuple[str, int]] = Counter()
    for part in _all(books, InvoiceLine):
        invoiced[part.slip, part.slip_line] += part.quantity
    worth: Counter[str] = Counter()
    for line in _all(books, SlipLine):
        left = max(0, line.quantity - line.returned - invoiced[line.slip, line.number])
        worth[line.slip] += line.amount.share(left, line.quantity).minor
    open_: Counter[str] = Counter()
    for due in _all(books, Instalment):
        open_[due.receivable] += due.open.minor
    found: Part = Counter()
    for slip in _all(books, OutboundSlip):
        goods = slip.credit.share(worth[slip.id], slip.amount.minor) if slip.amount else slip.credit
        found[slip.buyer] += min(goods.minor, open_[credit_id(slip.id)])
    return found


def _all(books: Books, kind: type[Any]) -> list[Any]:
    return [each.entity for each in books.found[kind]]
