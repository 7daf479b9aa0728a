"""Credit overrides (信用特批): one order, as it is, may have so much credit until a day, as people approved.

An override is bound to the digest of the order's content, to an amount and to a last day, and is used once:
by the reservation that it lets through. Goods that leave under that reservation stand under it as well.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from attrs import evolve, frozen

from pharmacrm.core.credit.events import (
    CreditOverrideEnded,
    CreditOverrideGranted,
    CreditOverrideRequested,
    CreditOverrideUsed,
)
from pharmacrm.core.credit.override_reasons import (
    OVERRIDE_AMOUNT,
    OVERRIDE_CONTENT,
    OVERRIDE_DATES,
    OVERRIDE_ENDED,
    OVERRIDE_EXPIRED,
    OVERRIDE_USED,
)
from pharmacrm.core.credit.reasons import OVERRIDE_REQUIRED
from pharmacrm.core.kernel.codec import digest
from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason, Severity, in_order
from pharmacrm.core.kernel.record import Column, Record


class OverrideState(StrEnum):
    """Where an override stands: asked for, granted, used by its order, or ended without use."""

    REQUESTED = "requested"
    GRANTED = "granted"
    USED = "used"
    REJECTED = "rejected"
    REVOKED = "revoked"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _STATE_ZH[self]


_STATE_ZH = {
    OverrideState.REQUESTED: "审批中",
    OverrideState.GRANTED: "已批准",
    OverrideState.USED: "已使用",
    OverrideState.REJECTED: "已否决",
    OverrideState.REVOKED: "已撤销",
}
LIVE = frozenset({OverrideState.REQUESTED, OverrideState.GRANTED, OverrideState.USED})


@frozen(kw_only=True)
class CreditOverride(Record):
    """So much credit for one order as it is (信用特批), to be used once, on or before `expires_on`.

    `content` is the digest of the order that was in view. `note` says why it was revoked.
    """

    order: Annotated[str, Column(index=True, zh="订单")]
    customer: Annotated[str, Column(index=True, zh="客户")]
    content: Annotated[str, Column(length=64, zh="订单内容摘要")]
    amount: Annotated[Money, Column(zh="特批金额")]
    expires_on: Annotated[date, Column(zh="有效期至")]
    state: Annotated[OverrideState, Column(length=12, index=True, zh="状态")] = OverrideState.REQUESTED
    requested_by: Annotated[str, Column(length=64, zh="申请人")]
    requested_on: Annotated[date, Column(zh="申请日期")]
    reason: Annotated[str, Column(length=2000, zh="申请理由")]
    granted_on: Annotated[date | None, Column(zh="批准日期")] = None
    used_on: Annotated[date | None, Column(zh="使用日期")] = None
    note: Annotated[str, Column(length=2000, zh="撤销理由")] = ""

    @property
    def signed(self) -> str:
        """The digest of what is approved: the order's content, the amount, the last day."""
        return digest(evolve(self, version=0, state=OverrideState.REQUESTED, granted_on=None))


def request_override(new: CreditOverride, *, on: date) -> Decision[CreditOverride]:
    """Ask for an override, which has a last day from today on."""
    past = (OVERRIDE_DATES(new.id, field="expires_on", observed=new.expires_on, expected=on),)
    return accept(
        new,
        past if new.expires_on < on else (),
        save(new),
        tell(CreditOverrideRequested(subject=new.id, order=new.order)),
    )


def grant_override(old: CreditOverride, *, on: date) -> Decision[CreditOverride]:
    """Let an override be used, as its route has approved it; one that ended meanwhile stays ended."""
    if old.state is not OverrideState.REQUESTED:
        return accept(old)
    granted = evolve(old, state=OverrideState.GRANTED, granted_on=on)
    return accept(granted, save(granted), tell(CreditOverrideGranted(subject=old.id, order=old.order)))


def end_override(old: CreditOverride, state: OverrideState, *, note: str = "") -> Decision[CreditOverride]:
    """End an override: its route said no, or somebody takes it back. What was let through stays reserved."""
    if old.state not in LIVE:
        return accept(old, OVERRIDE_ENDED(old.id, field="state", observed=old.state))
    ended = evolve(old, state=state, note=note)
    return accept(ended, save(ended), tell(CreditOverrideEnded(subject=old.id, order=old.order)))


def use_override(old: CreditOverride, *, on: date) -> Decision[CreditOverride]:
    """Note that an override has let its order through."""
    used = evolve(old, state=OverrideState.USED, used_on=on)
    return accept(used, save(used), tell(CreditOverrideUsed(subject=old.id, order=old.order)))


def misfits(
    override: CreditOverride, need: Money, *, content: str, on: date, again: bool = False
) -> tuple[Reason, ...]:
    """Give every reason why an override does not let an order pass with so much credit on a day.

    `need` is everything that the order takes under it. One that was used serves nothing but the goods of the
    reservation that it let through (`again`).
    """
    id, state = override.id, override.state
    found: list[Reason] = []
    if state is OverrideState.USED and not again:
        found.append(OVERRIDE_USED(id, field="state", observed=override.used_on))
    elif state not in {OverrideState.GRANTED, OverrideState.USED}:
        found.append(OVERRIDE_ENDED(id, field="state", observed=state))
    if override.content != content:
        found.append(OVERRIDE_CONTENT(id, field="content"))
    if need.currency != override.amount.currency or need > override.amount:
        found.append(OVERRIDE_AMOUNT(id, field="amount", observed=need, expected=override.amount))
    if on > override.expires_on:
        found.append(OVERRIDE_EXPIRED(id, field="expires_on", observed=override.expires_on, expected=on))
    return tuple(found)


def fitting(
    overrides: Iterable[CreditOverride], need: Money, *, content: str, on: date, again: bool = False
) -> CreditOverride | None:
    """The override that lets an order pass: of those that fit the one that ends first."""
    found = [one for one in overrides if not misfits(one, need, content=content, on=on, again=again)]
    return min(found, key=lambda one: (one.expires_on, one.id), default=None)


def overridden(found: Sequence[Reason], override: CreditOverride | None) -> tuple[Reason, ...]:
    """The findings of a check, where what an override was wanted for only informs."""
    if override is None:
        return tuple(found)
    return in_order(
        each.weighed(Severity.INFO) if each.code == OVERRIDE_REQUIRED.code else each for each in found
    )


def named(override: CreditOverride | None) -> str:
    """Name an override for the journal of what it let through; nothing where there is none."""
    return "" if override is None else f"override {override.id}"


def wants_override(found: Iterable[Reason]) -> bool:
    """Whether an override is wanted for something that was found."""
    return any(each.code == OVERRIDE_REQUIRED.code and each.severity is Severity.APPROVE for each in found)
