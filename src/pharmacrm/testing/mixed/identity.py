"""The identity of exposure from the documents: orders + unbilled + receivable - unapplied = ledger."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pharmacrm.core.credit import CreditGroup, CreditLine, ForeignCredit, Reservation
from pharmacrm.core.credit.groups import COUNTERS
from pharmacrm.core.orders import OutboundSlip, SlipLine
from pharmacrm.core.receivables import CreditNote, Instalment, InvoiceLine, Receipt
from pharmacrm.core.receivables.opening import credit_id
from pharmacrm.core.values.terms import PartKind
from pharmacrm.testing.books import Books

Part = Counter[tuple[str, str]]
"""Minor units by customer and currency."""


def uneven(books: Books) -> Iterator[str]:
    """Every account whose parts are not what its documents say, and every group that is not its members."""
    told = {
        "open orders": _reserved(books),
        "unbilled": _unbilled(books),
        "receivable": _owed(books) - _unbilled(books),
        "unapplied": _on_account(books),
    }
    beside = _beside(books)
    for line in _all(books, CreditLine):
        own = {name: getattr(line, name).minor - beside[line.id, name] for name in COUNTERS}
        yield from _differing(line.id, line.id, line.currency, own, told)
    for account in _all(books, ForeignCredit):
        own = {name: getattr(account, name).minor for name in COUNTERS}
        yield from _differing(account.id, account.customer, account.currency, own, told)
    yield from _worths(books)
    yield from _groups(books)


def _differing(
    account: str, customer: str, currency: str, sums: dict[str, int], told: dict[str, Part]
) -> Iterator[str]:
    """The parts of an account in one currency that its documents do not say."""
    kept = {
        "open orders": sums["reserved"],
        "unbilled": sums["unbilled"],
        "receivable": sums["posted"] - sums["paid"] - sums["unbilled"],
        "unapplied": sums["unapplied"],
    }
    for name, amount in kept.items():
        if amount != told[name][customer, currency]:
            yield f"{account}: {name} is {amount}, its documents say {told[name][customer, currency]}"


def _beside(books: Books) -> Part:
    """What accounts in other currencies count for, by customer and counter."""
    found: Part = Counter()
    for account in _all(books, ForeignCredit):
        found.update({(account.customer, name): getattr(account.counted, name).minor for name in COUNTERS})
    return found


def _worths(books: Books) -> Iterator[str]:
    """Accounts in other currencies that do not count what their reservations do, or something for nothing."""
    worth: Part = Counter()
    for held in _all(books, Reservation):
        if held.worth is not None:
            worth[held.customer, held.amount.currency] += held.worth.amount.minor
    for account in _all(books, ForeignCredit):
        counted, orders = account.counted, worth[account.customer, account.currency]
        if counted.reserved.minor != orders:
            yield f"{account.id}: orders count {counted.reserved.minor}, their reservations {orders}"
        if not account.posted - account.paid and counted.posted != counted.paid:
            yield f"{account.id}: no debts count {(counted.posted - counted.paid).minor}"


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
        found[each.customer, each.open.currency] += each.open.minor
    return found


def _owed(books: Books) -> Part:
    found: Part = Counter()
    for part in _all(books, Instalment):
        found[part.customer, part.open.currency] += part.open.minor if part.kind is PartKind.CREDIT else 0
    return found


def _on_account(books: Books) -> Part:
    found: Part = Counter()
    for each in _all(books, Receipt):
        found[each.payer, each.open.currency] += each.open.minor if each.cleared else 0
    for note in _all(books, CreditNote):
        found[note.customer, note.open.currency] += note.open.minor
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
        found[slip.buyer, slip.credit.currency] += min(goods.minor, open_[credit_id(slip.id)])
    return found


def _all(books: Books, kind: type[Any]) -> list[Any]:
    return [each.entity for each in books.found[kind]]
