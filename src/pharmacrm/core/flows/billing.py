"""Goods that are not invoiced yet (发出未开票), whatever moves them: delivery, invoice, return, money.

A slip takes its credit from the open orders to what is unbilled, an invoice takes it on to the receivables,
a red letter brings it back, and goods that come back leave from where they stand. What is unbilled is worked
out from the documents as a decision leaves them, in the same flush; so no amount ever counts twice. It is put
right before `pooling` adds what groups count: the flows complete a decision in the order of their names.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import evolve

from pharmacrm.core.credit import CreditLine
from pharmacrm.core.credit.checks import check_invoiced
from pharmacrm.core.flows.after import After
from pharmacrm.core.flows.goods import ahead_of, shipped_of
from pharmacrm.core.flows.lines import read_credit
from pharmacrm.core.kernel.change import Add, Change, Save
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import is_in
from pharmacrm.core.kernel.reason import Reason, in_order
from pharmacrm.core.orders import OutboundSlip, SlipLine
from pharmacrm.core.receivables import Instalment, InvoiceLine, Receivable, SalesInvoice
from pharmacrm.core.receivables.billing import unbilled_open, unbilled_worth
from pharmacrm.core.receivables.opening import credit_id


def billed(decision: Decision[Any], read: Reads) -> Decision[Any]:
    """A decision with what it moves between what is unbilled and what is invoiced."""
    after = After(read, decision.changes)
    restated = _restated(after)
    moved = _moved(read, After(after, map(Save, restated)), _concerned(after, restated))
    if not (restated or moved):
        return decision
    found = _told(after, moved, read)
    return evolve(
        decision,
        reasons=in_order((*decision.reasons, *found)),
        changes=_with_moves(_with_saves(decision.changes, restated), moved),
    )


def _restated(after: After) -> list[Receivable]:
    """The receivables of slips of which something else is unbilled than they say."""
    slips = _touched(after)
    if not slips:
        return []
    ids = [credit_id(slip.id) for slip in slips]
    owed = {each.id: each for each in after.find(Receivable, is_in("id", ids))}
    lines = shipped_of(slips, after)
    found = []
    for slip in slips:
        known = owed.get(credit_id(slip.id))
        worth = unbilled_worth(slip.credit, slip.amount, (line for line in lines if line.slip == slip.id))
        if known is not None and known.unbilled != worth:
            found.append(evolve(known, unbilled=worth))
    return found


def _touched(after: After) -> list[OutboundSlip]:
    """The slips of lines that moved or are invoiced; where something was invoiced ahead, all of the order."""
    invoiced = after.saved(InvoiceLine)
    ids = {line.slip for line in after.saved(SlipLine)} | {line.slip for line in invoiced if line.slip}
    slips = after.find(OutboundSlip, is_in("id", sorted(ids))) if ids else []
    orders = {slip.order for slip in slips} | {line.order for line in invoiced if line.order}
    ahead = sorted({line.order for of in ahead_of(orders, after).values() for line in of})
    others = after.find(OutboundSlip, is_in("order", ahead)) if ahead else []
    return list({slip.id: slip for slip in (*slips, *others)}.values())


def _concerned(after: After, restated: Iterable[Receivable]) -> list[str]:
    """The receivables of which something may have moved: restated ones, those with another instalment."""
    settled = {each.receivable for each in after.saved(Instalment)}
    return sorted(settled | {each.id for each in restated})


def _moved(before: Lookup, after: Lookup, ids: Sequence[str]) -> dict[tuple[str, str], Money]:
    """What more is unbilled, by customer and receivable; nothing where nothing moved."""
    was, now = _unbilled(before, ids), _unbilled(after, ids)
    moved = {key: now[key] - was.get(key, Money.zero(now[key].currency)) for key in now}
    return {key: amount for key, amount in moved.items() if amount}


def _unbilled(read: Lookup, ids: Sequence[str]) -> dict[tuple[str, str], Money]:
    if not ids:
        return {}
    parts: defaultdict[str, list[Instalment]] = defaultdict(list)
    for part in read.find(Instalment, is_in("receivable", ids)):
        parts[part.receivable].append(part)
    return {
        (owed.customer, owed.id): unbilled_open(owed, parts[owed.id])
        for owed in read.find(Receivable, is_in("id", ids))
    }


def _told(after: After, moved: Mapping[tuple[str, str], Money], read: Reads) -> list[Reason]:
    """What stands against goods that are invoiced, where a policy wants to hear of it."""
    found: list[Reason] = []
    for invoice in after.saved(SalesInvoice):
        known = read_credit(read, invoice.customer)
        if known.rules.at_invoice and known.line is not None:
            currency = known.line.currency
            mine = (amount for (customer, _), amount in moved.items() if customer == invoice.customer)
            own = [amount for amount in mine if amount.currency == currency]
            line = evolve(known.line, unbilled=known.line.unbilled + Money.total(own, currency))
            around = known.around(invoice.id, currency)
            found += check_invoiced(line, subject=invoice.id, around=around)
    return found


def _with_saves(changes: Iterable[Change], restated: Iterable[Receivable]) -> tuple[Change, ...]:
    """The changes with these receivables in the place of those that they restate, or before them."""
    new = {(Receivable, each.id): each for each in restated}
    kept = (
        change
        for change in changes
        if not (isinstance(change, Save) and (type(change.entity), change.entity.id) in new)
    )
    return (*(Save(each) for each in new.values()), *kept)


def _with_moves(changes: Sequence[Change], moved: Mapping[tuple[str, str], Money]) -> tuple[Change, ...]:
    """The changes with each movement in an addition to its customer's line, or in one of its own."""
    left = dict(moved)
    found = [_joined(change, left) if isinstance(change, Add) else change for change in changes]
    found += [
        Add(kind=CreditLine, id=customer, amounts={"unbilled": amount}, cause=receivable)
        for (customer, receivable), amount in left.items()
    ]
    return tuple(found)


def _joined(change: Add, left: dict[tuple[str, str], Money]) -> Add:
    """An addition with everything that is left to be moved on its line; that is left no more."""
    currency = next(iter(change.amounts.values())).currency
    own = [key for key, amount in left.items() if amount.currency == currency]
    mine = [key for key in own if change.kind is CreditLine and key[0] == change.id]
    if not mine:
        return change
    amounts = [left.pop(key) for key in mine]
    return evolve(change, amounts={**change.amounts, "unbilled": Money.total(amounts, amounts[0].currency)})


domain = Domain(name="billing", completing=(billed,))
