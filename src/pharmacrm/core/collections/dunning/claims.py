"""What becomes of a claim for lateness: it is paid, or waived with a reason; else it stays (催款费用)."""

from attrs import evolve

from pharmacrm.core.collections.dunning.model import DunningClaim
from pharmacrm.core.collections.dunning.reasons import CLAIM_CURRENCY, CLAIM_OVER_OPEN
from pharmacrm.core.collections.events import DunningClaimSettled, DunningClaimWaived
from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason


def waive(claim: DunningClaim, amount: Money | None, *, reason: str) -> Decision[DunningClaim]:
    """Give up a claim, or so much of it (免除)."""
    wanted = claim.open if amount is None else amount
    unfit = _unfit(claim, wanted)
    if unfit:
        return refuse(*unfit)
    after = _closed(evolve(claim, waived=claim.waived + wanted, reference=reason))
    return accept(after, save(after), tell(DunningClaimWaived(subject=claim.id, customer=claim.customer)))


def settle(claim: DunningClaim, amount: Money | None, *, reference: str) -> Decision[DunningClaim]:
    """Record that a claim, or so much of it, was paid; the reference names the host's document."""
    wanted = claim.open if amount is None else amount
    unfit = _unfit(claim, wanted)
    if unfit:
        return refuse(*unfit)
    after = _closed(evolve(claim, settled=claim.settled + wanted, reference=reference))
    return accept(after, save(after), tell(DunningClaimSettled(subject=claim.id, customer=claim.customer)))


def _closed(claim: DunningClaim) -> DunningClaim:
    return evolve(claim, closed=not claim.open)


def _unfit(claim: DunningClaim, amount: Money) -> tuple[Reason, ...]:
    if amount.currency != claim.amount.currency:
        given, wanted = amount.currency, claim.amount.currency
        return (CLAIM_CURRENCY(claim.id, field="amount", observed=given, expected=wanted),)
    if amount > claim.open or not claim.open:
        return (CLAIM_OVER_OPEN(claim.id, field="amount", observed=amount, expected=claim.open),)
    return ()
