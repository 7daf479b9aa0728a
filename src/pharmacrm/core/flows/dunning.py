"""Dunning meets receivables: what is late, disputed and promised, as the rules of dunning see it (催款)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from pharmacrm.core.collections.dunning import (
    CHINESE,
    STANDARD,
    Dunnable,
    DunnedItem,
    DunningBlock,
    DunningLetter,
    DunningPolicy,
    DunningProposal,
    DunningTerms,
    DunningText,
    Suspension,
    letter_of,
    propose,
    send,
    worded,
)
from pharmacrm.core.collections.interest import Paid, late_interest
from pharmacrm.core.credit.movements import charge
from pharmacrm.core.flows.lines import seek_account
from pharmacrm.core.kernel.dates import add_days
from pharmacrm.core.kernel.decision import Decision, accept
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import NotFound
from pharmacrm.core.kernel.message import Question, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq, is_in, is_null, lt
from pharmacrm.core.kernel.record import kind_name
from pharmacrm.core.kernel.strict import CustomerId, OptionalCurrency, strict
from pharmacrm.core.receivables import (
    Adjustment,
    Allocation,
    BankBill,
    BillState,
    Dispute,
    Instalment,
    PromiseState,
    PromiseToPay,
    Receipt,
    Receivable,
    ReceivableKind,
)
from pharmacrm.core.receivables.bill_cover import Covered, covered
from pharmacrm.core.receivables.disputes import disputed
from pharmacrm.core.receivables.history import charges_of
from pharmacrm.core.receivables.model import Settlement
from pharmacrm.core.receivables.opening import open_charge
from pharmacrm.core.receivables.promises import standing

WATCHERS = ("sales", "lead", "finance", "admin", "auditor")


@frozen(kw_only=True, field_transformer=strict)
class DunningPreview(Question[DunningProposal]):
    """What dunning would make of a customer today: each late instalment with its level, or why it has none.

    In one currency, the tenant's unless another is named. The letter is the same rule on the same day.

    Raises:
        NotFound: there is no such customer, or no policy for it (`SetDunningPolicy`).

    """

    customer: CustomerId
    currency: OptionalCurrency = ""


@DunningPreview.handler
def dunning_preview(question: DunningPreview, read: Reads) -> DunningProposal:
    """Read what dunning needs of the customer."""
    policy = policy_of(read, question.customer)
    if policy is None:
        raise NotFound(kind_name(DunningPolicy), STANDARD)
    return proposal_of(read, policy, question.customer, question.currency or read.tenant.currency)


def policy_of(read: Reads, customer: str) -> DunningPolicy | None:
    """The policy by which a customer is dunned, if there is any."""
    terms = read.seek(DunningTerms, customer)
    return read.seek(DunningPolicy, terms.policy if terms else STANDARD)


def proposal_of(read: Reads, policy: DunningPolicy, customer: str, currency: str) -> DunningProposal:
    """Read a customer's late credit instalments in a currency, and have the rule decide.

    Costs and interest are charged once: they are not dunned themselves, and bear none.
    """
    terms = read.seek(DunningTerms, customer)
    last = _last_letter(read, customer, currency)
    return propose(
        policy,
        customer,
        dunnable_of(read, policy, customer, currency),
        on=read.on,
        currency=currency,
        free_from=None if last is None else add_days(last, max(policy.pause, 1)),
        max_level=terms.max_level if terms else None,
    )


def _late(read: Reads, customer: str, currency: str) -> list[Instalment]:
    where = (eq("customer", customer), eq("settled", value=False), lt("due", read.on))
    found = read.find(Instalment, *where, order=("due",))
    charges = charges_of(read, customer)
    return [
        each
        for each in found
        if each.kind.on_credit and each.amount.currency == currency and each.receivable not in charges
    ]


def _last_letter(read: Reads, customer: str, currency: str) -> date | None:
    letters = read.find(DunningLetter, eq("customer", customer), order=("-on",))
    return next((each.on for each in letters if each.open.currency == currency), None)


def dunnable_of(read: Reads, policy: DunningPolicy, customer: str, currency: str) -> list[Dunnable]:
    """Read what a customer owes late in a currency, as the rules of dunning see it."""
    late = _late(read, customer, currency)
    if not late:
        return []
    mine = eq("customer", customer)
    before = _before(read, customer)
    disputes = read.find(Dispute, mine, is_null("resolved_on"))
    lowered = _lowered(read, late)
    suspended = _suspended(read, customer, late, lowered)
    bills = _covered(read, customer, late)
    return [
        Dunnable(
            instalment=each.id,
            due=each.due,
            open=_asked(each, disputes, bills, read.on),
            level=max((item.level for item, _ in before.get(each.id, ())), default=0),
            level_on=_since(before.get(each.id, ())),
            suspended=_why(each, suspended, disputes, bills, read.on),
            accrued=_accrued(policy, each, lowered, bills, read.on),
            claimed=Money.total((item.interest for item, _ in before.get(each.id, ())), currency),
        )
        for each in late
    ]


_Letters = Sequence[tuple[DunnedItem, date]]
"""What earlier letters asked for of an instalment, each with its day."""


def _before(read: Reads, customer: str) -> dict[str, list[tuple[DunnedItem, date]]]:
    """What earlier letters asked for of each instalment."""
    days = {each.id: each.on for each in read.find(DunningLetter, eq("customer", customer))}
    found: dict[str, list[tuple[DunnedItem, date]]] = {}
    for item in read.find(DunnedItem, eq("customer", customer)):
        found.setdefault(item.instalment, []).append((item, days[item.letter]))
    return found


def _since(letters: _Letters) -> date | None:
    """The day of the first letter in which an instalment had its highest level."""
    highest = max((item.level for item, _ in letters), default=0)
    return min((on for item, on in letters if item.level == highest), default=None)


def _covered(read: Reads, customer: str, late: Sequence[Instalment]) -> Sequence[Covered]:
    """What bills in hand cover of late instalments."""
    held = read.find(BankBill, eq("customer", customer), eq("state", BillState.HELD))
    return covered(held, late)


def _asked(item: Instalment, disputes: Iterable[Dispute], bills: Iterable[Covered], on: date) -> Money:
    """What is open of an instalment, neither disputed nor covered by a bill in hand."""
    currency = item.amount.currency
    by_bills = Money.total((each.amount for each in bills if each.instalment == item.id), currency)
    left = item.open - disputed(disputes, item.id, currency, on=on) - by_bills
    return max(left, Money.zero(currency))


def _why(
    item: Instalment,
    suspended: dict[str, Suspension],
    disputes: Iterable[Dispute],
    bills: Iterable[Covered],
    on: date,
) -> Suspension:
    if disputed(disputes, item.id, item.amount.currency, on=on) >= item.open:
        return suspended.get(item.id, Suspension.DISPUTED)
    if not _asked(item, disputes, bills, on):
        return suspended.get(item.id, Suspension.COVERED)
    return suspended.get(item.id, Suspension.NONE)


@frozen
class _Lowered:
    """Something that lowered an instalment, by the day on which its money came."""

    settlement: Settlement
    on: date


def _lowered(read: Reads, late: Sequence[Instalment]) -> list[_Lowered]:
    of_these = (is_in("instalment", [each.id for each in late]), eq("undone", value=False))
    paid = read.find(Allocation, *of_these)
    receipts = read.find(Receipt, is_in("id", sorted({each.receipt for each in paid}))) if paid else []
    came = {each.id: each.value_date for each in receipts}
    found = [_Lowered(each, came.get(each.receipt, each.on)) for each in paid]
    return [*found, *(_Lowered(each, each.on) for each in read.find(Adjustment, *of_these))]


def _suspended(
    read: Reads, customer: str, late: Sequence[Instalment], lowered: Sequence[_Lowered]
) -> dict[str, Suspension]:
    """What is blocked, as the customer is or by itself, or promised for a day that has not passed."""
    settlements = [each.settlement for each in lowered]
    promises = read.find(PromiseToPay, eq("customer", customer), is_null("withdrawn_on"))
    found = {
        each.instalment: Suspension.PROMISED
        for each in promises
        if standing(each, settlements, on=read.on).state is PromiseState.OPEN
    }
    ids = [customer, *(each.id for each in late)]
    blocked = {each.id for each in read.find(DunningBlock, is_in("id", ids)) if each.holds(read.on)}
    stopped = [each.id for each in late if customer in blocked or each.id in blocked]
    return found | dict.fromkeys(stopped, Suspension.BLOCKED)


def _accrued(
    policy: DunningPolicy,
    item: Instalment,
    lowered: Iterable[_Lowered],
    bills: Iterable[Covered],
    on: date,
) -> Money | None:
    """Interest since the due date; what a bill covers bears none from the day on which it came."""
    if policy.interest is None:
        return None
    paid = [
        Paid(each.on, each.settlement.settles) for each in lowered if each.settlement.instalment == item.id
    ]
    paid += [Paid(each.on, each.amount) for each in bills if each.instalment == item.id]
    if item.cancelled_on is not None:
        paid.append(Paid(item.cancelled_on, item.cancelled))
    return late_interest(item.amount, paid, due=item.due, as_of=on, terms=policy.interest).amount


def sent(
    read: Reads, policy: DunningPolicy, proposal: DunningProposal, reason: str = ""
) -> Decision[DunningLetter]:
    """The letter of a proposal in the customer's language, with what it charges."""
    terms = read.seek(DunningTerms, proposal.customer)
    bare = letter_of(policy, proposal, reason)
    texts = read.find(DunningText, is_in("customer", ["", proposal.customer]), eq("level", bare.level))
    letter = worded(bare, texts, terms.language if terms else CHINESE)
    return accept(letter, send(letter, proposal), *charged(read, letter, proposal))


def charged(read: Reads, letter: DunningLetter, proposal: DunningProposal) -> Iterator[Decision[Any]]:
    """Fee and interest of a letter as debts of their own, which count against the customer's credit."""
    charges = _charges(read, letter, proposal)
    yield from charges
    if charges:
        line = seek_account(read, letter.customer, letter.fee.currency)
        yield charge(line, letter.fee + letter.interest, customer=letter.customer, cause=letter.id)


def _charges(
    read: Reads, letter: DunningLetter, proposal: DunningProposal
) -> list[Decision[Receivable | None]]:
    """Interest on each item beside its receivable; the fee beside that which is due the longest."""
    wanted = [
        (f"{letter.id}/interest/{number}", ReceivableKind.INTEREST, each.item.instalment, each.interest)
        for number, each in enumerate(proposal.dunned, start=1)
    ]
    oldest = min(proposal.dunned, key=lambda each: (each.item.due, each.item.instalment)).item.instalment
    wanted.append((f"{letter.id}/fee", ReceivableKind.COST, oldest, letter.fee))
    return [
        open_charge(
            id,
            read.get(Receivable, read.get(Instalment, instalment).receivable),
            amount,
            kind=kind,
            on=letter.on,
            due=letter.on,
            note=letter.id,
        )
        for id, kind, instalment, amount in wanted
        if amount
    ]


domain = Domain(
    name="dunning",
    handlers=(dunning_preview,),
    rights=dict.fromkeys(WATCHERS, (DunningPreview,)),
)
