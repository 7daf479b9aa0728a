"""Vouchers posted for the host's ledger (凭证过账): in the flush of the document that they are of, once.

Once bookkeeping has started, every decision is completed with vouchers for what its documents move beyond
what they had moved before. What came before it is posted by `PostVouchers`, customer by customer.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from attrs import evolve, field, frozen
from attrs.converters import optional

from pharmacrm.core.collections.events import BookkeepingStarted, VoucherPosted
from pharmacrm.core.collections.ledger import LedgerRole, in_days
from pharmacrm.core.collections.trial import TrialBalance, trial_balance
from pharmacrm.core.collections.voucher_reasons import ACCOUNT_MISSING, NOT_KEPT
from pharmacrm.core.collections.vouchers import (
    KEPT,
    Bookkeeping,
    Entries,
    Entry,
    LedgerAccount,
    PostedVouchers,
    Voucher,
    VoucherLine,
    WrittenVoucher,
    account_id,
    entries,
    posted_entries,
    unposted,
    voucher_id,
    vouchers,
    write,
)
from pharmacrm.core.customers import Customer
from pharmacrm.core.flows.after import After
from pharmacrm.core.flows.books import read_books
from pharmacrm.core.flows.movements import TELLERS, told
from pharmacrm.core.flows.statements import WATCHERS, checked_period
from pharmacrm.core.kernel.change import Save
from pharmacrm.core.kernel.dates import LAST_YEAR, as_date
from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Question, Reads
from pharmacrm.core.kernel.query import eq, is_in, le, within
from pharmacrm.core.kernel.strict import Id, OptionalCurrency, OptionalCustomer, strict
from pharmacrm.core.kernel.summary import Cell, Summary

LAST: Final = date(LAST_YEAR, 12, 31)


@frozen(kw_only=True, field_transformer=strict)
class StartBookkeeping(Command[Bookkeeping]):
    """Have a voucher posted for everything that happens from now on (启用凭证过账).

    Every role needs an account first (`SetLedgerAccount`). Starting it twice changes nothing.
    """

    subject_field = ""


@frozen(kw_only=True, field_transformer=strict)
class PostVouchers(Command[PostedVouchers]):
    """Post what a customer's documents have moved, in one currency, and no voucher says yet (补制凭证).

    So what happened before bookkeeping started comes into the host's books, unless they have it already.
    """

    subject_field = "customer"

    customer: Id
    currency: OptionalCurrency = ""


@frozen(kw_only=True, field_transformer=strict)
class Vouchers(Question[tuple[WrittenVoucher, ...]]):
    """What the documents of some days book, posted or not: debit and credit lines that balance (凭证).

    In one currency, of one customer or of all. Accounts are those of `SetLedgerAccount`. The vouchers of a
    day may still grow while money with an earlier value date is registered; ids stay.
    """

    start: date = field(converter=as_date)
    through: date = field(converter=as_date)
    customer: OptionalCustomer = ""
    currency: OptionalCurrency = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a period that ends before it starts."""
        checked_period(self.start, self.through)


@frozen(kw_only=True, field_transformer=strict)
class LedgerTrial(Question[TrialBalance]):
    """What posted vouchers sum up to at the end of a day, today if none is said, by account (科目余额表).

    The line of `receivable` is what the host's control account has to say.
    """

    as_of: date | None = field(default=None, converter=optional(as_date))
    currency: OptionalCurrency = ""


def booked(decision: Decision[Any], read: Reads) -> Decision[Any]:
    """A decision with the vouchers of what its documents move, if books are kept."""
    saved = [
        each.entity for each in decision.changes if isinstance(each, Save) and type(each.entity) in TELLERS
    ]
    if not saved or read.seek(Bookkeeping, KEPT) is None:
        return decision
    after = After(read, decision.changes)
    known = (read.seek(type(each), each.id) for each in saved)
    was = entries(moved for each in known if each is not None for moved in told(each, read))
    now = entries(moved for each in saved for moved in told(each, after))
    posted = _posted(unposted(now, was), read)
    return evolve(
        decision,
        changes=(*decision.changes, *posted.changes),
        events=(*decision.events, *posted.events),
    )


def _posted(new: Entries, read: Reads) -> Decision[PostedVouchers]:
    """The vouchers of entries, each under the first number that is free."""
    accounts = _accounts(read) if new else {}
    written = [
        write(entry, sums, accounts, number=_free(entry, read), posted_on=read.on)
        for entry, sums in new.items()
    ]
    heads = tuple(each.voucher for each in written)
    return accept(
        PostedVouchers(tuple(head.id for head in heads)),
        save(*(entity for each in written for entity in (each.voucher, *each.lines))),
        tell(*(VoucherPosted(subject=head.id, customer=head.customer, kind=head.kind) for head in heads)),
    )


def _free(entry: Entry, read: Reads) -> int:
    number = 1
    while read.seek(Voucher, voucher_id(entry, number)) is not None:
        number += 1
    return number


def _accounts(read: Reads) -> dict[str, str]:
    return {each.id: each.account for each in read.find(LedgerAccount)}


@StartBookkeeping.handler
def on_start_bookkeeping(_: StartBookkeeping, read: Reads) -> Decision[Bookkeeping]:
    """Read which accounts are named."""
    known = read.seek(Bookkeeping, KEPT)
    if known is not None:
        return accept(known)
    accounts = _accounts(read)
    missing = [
        ACCOUNT_MISSING(KEPT, field="role", observed=role)
        for role in LedgerRole
        if account_id(role) not in accounts
    ]
    kept = Bookkeeping(id=KEPT, since=read.on)
    return accept(kept, missing, save(kept), tell(BookkeepingStarted(subject=KEPT)))


@PostVouchers.handler
def on_post_vouchers(command: PostVouchers, read: Reads) -> Decision[PostedVouchers]:
    """Read the customer's books, and the vouchers that were posted of them."""
    customer, currency = read.get(Customer, command.customer), command.currency or read.tenant.currency
    if read.seek(Bookkeeping, KEPT) is None:
        return refuse(NOT_KEPT(customer.id, field="customer"))
    books = read_books(read, LAST, currency=currency, customer=customer.id)
    heads = [
        each for each in read.find(Voucher, eq("customer", customer.id)) if each.amount.currency == currency
    ]
    return _posted(unposted(entries(books.movements), posted_entries(_with_lines(heads, read))), read)


def _with_lines(heads: Iterable[Voucher], read: Reads) -> list[WrittenVoucher]:
    by_id = {head.id: head for head in heads}
    if not by_id:
        return []
    lines = read.find(VoucherLine, is_in("voucher", sorted(by_id)), order=("voucher", "number"))
    of: dict[str, list[VoucherLine]] = {}
    for line in lines:
        of.setdefault(line.voucher, []).append(line)
    return [WrittenVoucher(head, tuple(of.get(id, ()))) for id, head in by_id.items()]


@Vouchers.handler
def on_vouchers(question: Vouchers, read: Reads) -> tuple[WrittenVoucher, ...]:
    """Read the books through the last day, and the accounts of the host."""
    currency = question.currency or read.tenant.currency
    books = read_books(read, question.through, currency=currency, customer=question.customer)
    return vouchers(in_days(books.movements, question.start, question.through), _accounts(read))


@LedgerTrial.handler
def on_ledger_trial(question: LedgerTrial, read: Reads) -> TrialBalance:
    """Have the lines of the vouchers through that day added up."""
    as_of, currency = question.as_of or read.on, question.currency or read.tenant.currency
    summary = Summary(
        kind=VoucherLine,
        currency=currency,
        where=(within(Voucher, "id", le("on", as_of), on="voucher"),),
        by=("role", "account"),
        sums=(Cell("debit"), Cell("credit")),
    )
    return trial_balance(read.summed(summary), as_of=as_of, currency=currency)


domain = Domain(
    name="booking",
    handlers=(on_start_bookkeeping, on_post_vouchers, on_vouchers, on_ledger_trial),
    completing=(booked,),
    after=("billing",),
    rights={
        **dict.fromkeys(WATCHERS, (Vouchers, LedgerTrial)),
        "finance": (Vouchers, LedgerTrial, StartBookkeeping, PostVouchers),
        "erp": (Vouchers, LedgerTrial),
    },
)
