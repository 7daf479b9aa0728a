"""Delegation (委托代理): somebody decides for another, between two days, within a scope; never passed on."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Annotated

from attrs import evolve, frozen

from pharmacrm.core.engines.approval import events, reasons
from pharmacrm.core.kernel.dates import Validity
from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.record import Column, Personal, Record


@frozen(kw_only=True)
class Delegation(Record):
    """The authority of one person in the hands of another, both days included.

    `kinds` are the kinds of documents (empty: all), `up_to` the largest amount (none: any; a document without
    an amount, or of another currency, is then outside). Both may decide meanwhile; the first one counts.
    """

    delegator: Annotated[str, Column(length=64, index=True, zh="委托人")]
    delegate: Annotated[str, Column(length=64, index=True, zh="代理人")]
    valid_from: Annotated[date, Column(zh="生效日期")]
    valid_to: Annotated[date, Column(index=True, zh="失效日期")]
    kinds: Annotated[tuple[str, ...], Column(length=5_000, zh="单据类型")] = ()
    up_to: Annotated[Money | None, Column(zh="金额上限")] = None
    reason: Annotated[str, Column(length=200, zh="事由"), Personal("approval trail")] = ""
    revoked: Annotated[bool, Column(zh="已撤销")] = False
    given_by: Annotated[str, Column(length=64, zh="登记人")]
    given_at: Annotated[datetime, Column(zh="登记时间")]


def covers(delegation: Delegation, *, kind: str, amount: Money | None, on: date) -> bool:
    """Whether a delegation is in force on a day, for a document of this kind and amount."""
    if delegation.revoked or not delegation.valid_from <= on <= delegation.valid_to:
        return False
    if delegation.kinds and kind not in delegation.kinds:
        return False
    limit = delegation.up_to
    if limit is None:
        return True
    return amount is not None and amount.currency == limit.currency and amount.minor <= limit.minor


def delegate(
    wanted: Delegation, others: Iterable[Delegation], *, known: bool, on: date
) -> Decision[Delegation]:
    """Give one's authority to another for some days.

    `others` are the delegations of both persons. A chain or a circle is refused while the days overlap: who
    is away cannot stand in for somebody.
    """
    return accept(
        wanted,
        _against(wanted, others, known=known, on=on),
        save(wanted),
        tell(
            events.AuthorityDelegated(subject=wanted.id, delegator=wanted.delegator, delegate=wanted.delegate)
        ),
    )


def revoke(delegation: Delegation, *, by: str, may_always: bool) -> Decision[Delegation]:
    """End a delegation at once; what was decided under it stands."""
    ended = evolve(delegation, revoked=True)
    told = events.DelegationRevoked(
        subject=delegation.id, delegator=delegation.delegator, delegate=delegation.delegate
    )
    foreign = (
        []
        if may_always or by == delegation.delegator
        else [reasons.NOT_DELEGATOR(delegation.id, observed=by)]
    )
    if delegation.revoked:
        return accept(delegation, foreign)
    return accept(ended, foreign, save(ended), tell(told))


def _against(wanted: Delegation, others: Iterable[Delegation], *, known: bool, on: date) -> Iterator[Reason]:
    if wanted.delegator == wanted.delegate:
        yield reasons.DELEGATE_SELF(wanted.id, field="delegate", observed=wanted.delegate)
    elif not known:
        yield reasons.DELEGATE_UNKNOWN(wanted.id, field="delegate", observed=wanted.delegate)
    if wanted.valid_to < on:
        yield reasons.DELEGATION_PAST(wanted.id, field="valid_to", observed=wanted.valid_to.isoformat())
    for other in others:
        if other.id == wanted.id or other.revoked or not _overlap(wanted, other):
            continue
        if other.delegator == wanted.delegate or other.delegate == wanted.delegator:
            yield reasons.DELEGATION_CHAIN(
                wanted.id, field="delegate", observed=f"{other.delegator} -> {other.delegate}"
            )


def _overlap(one: Delegation, other: Delegation) -> bool:
    return one.valid_from <= other.valid_to and other.valid_from <= one.valid_to


def days(valid_from: date, valid_to: date) -> Validity:
    """The days of a delegation; an end before the beginning is refused with `validity.order`."""
    return Validity(valid_from, valid_to)
