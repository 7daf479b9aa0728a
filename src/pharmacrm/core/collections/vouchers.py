"""Vouchers (凭证): what documents book, as debits and credits that balance, for the host's ledger.

A voucher is what one document moves on one day; the lines of an account are one. What is posted stays: where
a document moves something else later, another voucher posts the difference.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from typing import Annotated, Final

from attrs import frozen

from pharmacrm.core.collections.ledger import TAXED, LedgerRole, Movement, MovementKind
from pharmacrm.core.kernel.codec import canonical
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.kernel.record import Column, ParentOf, Part, Record


@frozen(kw_only=True)
class LedgerAccount(Record):
    """Which account of the host has a role in the ledger (会计科目); for a tax it may be that of one rate."""

    account: Annotated[str, Column(length=64, zh="科目")]


@frozen(kw_only=True)
class Bookkeeping(Record):
    """That vouchers are posted, and since when (凭证过账); there is one of a tenant."""

    since: Annotated[date, Column(zh="启用日期")]


KEPT = "vouchers"
"""The id of the one `Bookkeeping` of a tenant."""


@frozen(kw_only=True)
class Voucher(Record):
    """What one document books on a day (记账凭证): its debits and its credits are `amount` each.

    The id is made of the document and the day, so that a host which takes a voucher twice finds it.
    `posted_on` is the day on which it was posted; none of one that is only told.
    """

    on: Annotated[date, Column(index=True, zh="凭证日期")]
    kind: Annotated[MovementKind, Column(length=16, zh="类别")]
    document: Annotated[str, Column(index=True, zh="单据")]
    customer: Annotated[str, Column(index=True, zh="客户")]
    reverses: Annotated[bool, Column(zh="冲销")] = False
    amount: Annotated[Money, Column(zh="金额")]
    posted_on: Annotated[date | None, Column(zh="过账日期")] = None


@frozen(kw_only=True)
class VoucherLine(Part):
    """One line of a voucher (分录), `{voucher}/{number}`; one of its two amounts is zero.

    `account` is '' where the host named none.
    """

    voucher: Annotated[str, Column(index=True), ParentOf(Voucher)]
    number: Annotated[int, Column(zh="行号")]
    role: Annotated[LedgerRole, Column(length=20, index=True, zh="科目类别")]
    account: Annotated[str, Column(length=64, zh="科目")] = ""
    tax_rate: Annotated[Percentage | None, Column(zh="税率")] = None
    debit: Annotated[Money, Column(zh="借方")]
    credit: Annotated[Money, Column(zh="贷方")]


@frozen
class WrittenVoucher:
    """A voucher with its lines, the debits first."""

    voucher: Voucher
    lines: tuple[VoucherLine, ...]


@frozen
class PostedVouchers:
    """The ids of the vouchers that were posted at once, in the order of their days."""

    ids: tuple[str, ...]


@frozen(order=True)
class Entry:
    """Whose voucher it is: a document, what happened to it, and the day."""

    on: date
    kind: MovementKind
    document: str
    customer: str
    reverses: bool


Side = tuple[LedgerRole, Percentage | None]
"""An account of the ledger: a role, and for a tax its rate."""

Sums = dict[Side, Money]
"""What accounts are moved by: positive for a debit. All together they are zero."""

Entries = dict[Entry, Sums]

_ROLES: Final = tuple(LedgerRole)


def entries(movements: Iterable[Movement]) -> Entries:
    """Add movements up by document and day, account by account."""
    found: Entries = {}
    for each in movements:
        entry = Entry(each.on, each.kind, each.document, each.customer, each.reverses)
        sums = found.setdefault(entry, {})
        for role in (each.debit, each.credit):
            _add(sums, (role, each.rate if role in TAXED else None), each.of(role))
    return found


def posted_entries(written: Iterable[WrittenVoucher]) -> Entries:
    """What vouchers that were posted have moved."""
    found: Entries = {}
    for each in written:
        head = each.voucher
        sums = found.setdefault(Entry(head.on, head.kind, head.document, head.customer, head.reverses), {})
        for line in each.lines:
            _add(sums, (line.role, line.tax_rate), line.debit - line.credit)
    return found


def unposted(after: Entries, before: Entries) -> Entries:
    """What `after` has moved beyond `before`, by day and document; nothing where they agree."""
    found: Entries = {}
    for entry in sorted(after.keys() | before.keys()):
        sums = dict(after.get(entry, {}))
        for side, amount in before.get(entry, {}).items():
            _add(sums, side, -amount)
        left = {side: amount for side, amount in sums.items() if amount}
        if left:
            found[entry] = left
    return found


def write(
    entry: Entry, sums: Sums, accounts: Mapping[str, str], *, number: int = 1, posted_on: date | None = None
) -> WrittenVoucher:
    """Write the voucher of an entry, debits first; `number` counts those that an entry has."""
    id = voucher_id(entry, number)
    ordered = sorted(sums, key=lambda side: (sums[side].is_negative, _ROLES.index(side[0]), _rate(side)))
    nothing = Money.zero(next(iter(sums.values())).currency)
    lines = tuple(
        VoucherLine(
            id=f"{id}/{place}",
            voucher=id,
            number=place,
            role=side[0],
            account=accounts.get(account_id(*side), "") or accounts.get(side[0], ""),
            tax_rate=side[1],
            debit=max(sums[side], nothing),
            credit=max(-sums[side], nothing),
        )
        for place, side in enumerate(ordered, start=1)
    )
    head = Voucher(
        id=id,
        on=entry.on,
        kind=entry.kind,
        document=entry.document,
        customer=entry.customer,
        reverses=entry.reverses,
        amount=Money.total((line.debit for line in lines), nothing.currency),
        posted_on=posted_on,
    )
    return WrittenVoucher(head, lines)


def vouchers(movements: Iterable[Movement], accounts: Mapping[str, str]) -> tuple[WrittenVoucher, ...]:
    """Write a voucher for each document and day that moves an amount between accounts."""
    found = unposted(entries(movements), {})
    return tuple(write(entry, sums, accounts) for entry, sums in found.items())


def voucher_id(entry: Entry, number: int = 1) -> str:
    """Make the id of a voucher: of the document, what happened to it, the day, and a number."""
    named = [entry.kind, entry.document, entry.customer, entry.on.isoformat(), entry.reverses, number]
    return sha256(canonical(named).encode()).hexdigest()[:32]


def account_id(role: LedgerRole, rate: Percentage | None = None) -> str:
    """Name the account of a role, or of a tax at one rate."""
    return role.value if rate is None else f"{role.value} {rate}"


def _add(sums: Sums, side: Side, amount: Money) -> None:
    sums[side] = sums.get(side, Money.zero(amount.currency)) + amount


def _rate(side: Side) -> int:
    return side[1].units if side[1] is not None else 0
