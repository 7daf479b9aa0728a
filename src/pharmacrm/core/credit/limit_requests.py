"""Raises of a limit that others approve (额度调整申请): on a route, in force once it is approved."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from attrs import evolve, frozen

from pharmacrm.core.credit.dated import CreditLimit, LimitKind
from pharmacrm.core.credit.events import CreditLimitRefused, CreditLimitRequested
from pharmacrm.core.credit.groups import grant_to_group, rebased
from pharmacrm.core.credit.limits import grant, set_limit
from pharmacrm.core.credit.model import CreditAccount, CreditGroup, CreditLine, empty_line
from pharmacrm.core.credit.season import Season
from pharmacrm.core.kernel.codec import digest
from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.record import Column, Record


class LimitRequestState(StrEnum):
    """Where a request for a limit stands; FAILED was approved when it did not fit any more."""

    REQUESTED = "requested"
    IN_FORCE = "in_force"
    REJECTED = "rejected"
    FAILED = "failed"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _STATE_ZH[self]


_STATE_ZH = {
    LimitRequestState.REQUESTED: "审批中",
    LimitRequestState.IN_FORCE: "已生效",
    LimitRequestState.REJECTED: "已否决",
    LimitRequestState.FAILED: "无法生效",
}


@frozen(kw_only=True)
class CreditLimitRequest(Record):
    """A limit that was asked for (额度调整申请); nothing of it counts before it is approved.

    It is for a customer, or for what a group shares. `number` is that of the limit on the customer's line, or
    on the group, once in force; `note` says why it never was.
    """

    customer: Annotated[str, Column(index=True, zh="客户")] = ""
    group: Annotated[str, Column(length=64, index=True, zh="授信集团")] = ""
    kind: Annotated[LimitKind, Column(length=12, zh="额度类别")]
    amount: Annotated[Money, Column(zh="金额")]
    starts_on: Annotated[date, Column(zh="生效日期")]
    ends_on: Annotated[date | None, Column(zh="截止日期")] = None
    season: Annotated[Season | None, Column(length=100, zh="季节")] = None
    state: Annotated[LimitRequestState, Column(length=12, index=True, zh="状态")] = (
        LimitRequestState.REQUESTED
    )
    requested_by: Annotated[str, Column(length=64, zh="申请人")]
    requested_on: Annotated[date, Column(zh="申请日期")]
    reason: Annotated[str, Column(length=2000, zh="原因")]
    decided_on: Annotated[date | None, Column(zh="批准日期")] = None
    number: Annotated[int, Column(zh="额度序号")] = 0
    note: Annotated[str, Column(length=2000, zh="说明")] = ""

    @property
    def signed(self) -> str:
        """The digest of what is approved."""
        return digest(evolve(self, version=0, state=LimitRequestState.REQUESTED, decided_on=None))


def request_limit(
    new: CreditLimitRequest, account: CreditAccount | None, *, on: date
) -> Decision[CreditLimitRequest]:
    """Ask for a limit that fits as of today, or give every reason why it does not."""
    tried = made(new, account, on=on)
    if tried.value is None or tried.refused:
        return accept(new, tried.reasons)
    told = CreditLimitRequested(subject=new.id, customer=new.customer, group=new.group)
    return accept(new, save(new), tell(told))


def bring_into_force(
    request: CreditLimitRequest, account: CreditAccount | None, *, on: date
) -> Decision[CreditLimitRequest]:
    """Set the limit that was approved, from this day at the earliest; one that no longer fits fails."""
    done = made(request, account, on=on)
    if done.refused or done.value is None:
        codes = ", ".join(reason.code for reason in done.reasons)
        return end_request(request, LimitRequestState.FAILED, on=on, note=codes)
    number = max((each.number for each in done.value.limits), default=0)
    now = evolve(request, state=LimitRequestState.IN_FORCE, decided_on=on, number=number)
    return accept(now, done, save(now))


def end_request(
    request: CreditLimitRequest, state: LimitRequestState, *, on: date, note: str = ""
) -> Decision[CreditLimitRequest]:
    """End a request without a limit."""
    ended = evolve(request, state=state, decided_on=on, note=note)
    told = CreditLimitRefused(subject=request.id, customer=request.customer, group=request.group)
    return accept(ended, save(ended), tell(told))


def made(request: CreditLimitRequest, account: CreditAccount | None, *, on: date) -> Decision[CreditAccount]:
    """The account with the limit that a request is about; it begins on the day given at the earliest."""
    starts_on = max(request.starts_on, on)
    at_once = request.kind is LimitKind.BASE and starts_on == on and request.ends_on is None
    limit = CreditLimit(
        number=0,
        kind=request.kind,
        amount=request.amount,
        starts_on=starts_on,
        ends_on=request.ends_on,
        season=request.season,
        by=request.requested_by,
        reason=request.reason,
    )
    if isinstance(account, CreditGroup):
        return rebased(account, limit, on=on) if at_once else grant_to_group(account, limit, on=on)
    line = account if isinstance(account, CreditLine) else None
    if not at_once:
        return grant(line or empty_line(request.customer, request.amount.currency), limit, on=on)
    return set_limit(
        line,
        customer=request.customer,
        limit=request.amount,
        unlimited=False,
        blocked=line is not None and line.blocked,
        reason=request.reason,
        by=request.requested_by,
        on=on,
    )
