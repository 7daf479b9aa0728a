"""Scenarios of the reason codes of collections."""

from pharmacrm.core.collections import SetProvisionRates
from pharmacrm.core.collections.dunning import (
    BlockDunning,
    DunningClaim,
    DunningLevel,
    SetDunningPolicy,
    SetDunningTerms,
    UnblockDunning,
    WaiveDunningClaim,
)
from pharmacrm.core.kernel.money import Money
from pharmacrm.crm import PharmaCRM
from tests.flows.house import BUYER, FINANCE, entities, pass_days, today, yuan
from tests.flows.scenarios import after, met
from tests.flows.scenarios_selling import owed


@met("provision.edges", "provision.classes", "provision.falling")
def _(crm: PharmaCRM) -> list[str]:
    bad = SetProvisionRates(valid_from=today(crm), edges=(90, 30), rates=("5%", "1%"))
    return after(crm, (bad, FINANCE))


@met(
    "dunning_policy.levels",
    "dunning_policy.days",
    "dunning_policy.fee",
    "dunning_policy.rates",
    "dunning_policy.pause",
)
def _(crm: PharmaCRM) -> list[str]:
    none = SetDunningPolicy(levels=())
    bad = DunningLevel(days=5, name="提醒", fee=yuan(0), interest=True)
    return after(crm, (none, FINANCE), (SetDunningPolicy(levels=(bad, bad), pause=-1), FINANCE))


@met("dunning_terms.level", "dunning_block.past", "dunning_block.none")
def _(crm: PharmaCRM) -> list[str]:
    policy = SetDunningPolicy(levels=(DunningLevel(days=5, name="提醒"),))
    past = today(crm).replace(year=2020)
    return after(
        crm,
        (policy, FINANCE),
        (SetDunningTerms(customer=BUYER, max_level=2), FINANCE),
        (BlockDunning(subject_id=BUYER, until=past, reason="对账"), FINANCE),
        (UnblockDunning(subject_id=BUYER, reason="对账"), FINANCE),
    )


@met("dunning_claim.currency_mismatch", "dunning_claim.over_open")
def _(crm: PharmaCRM) -> list[str]:
    owed(crm)
    crm.do(
        SetDunningPolicy(levels=(DunningLevel(days=1, name="提醒", fee=yuan(20)),)), actor=FINANCE
    ).expect()
    pass_days(crm, 70)
    crm.run_due()
    (claim,) = entities(crm, DunningClaim)
    return after(
        crm,
        (WaiveDunningClaim(claim=claim.id, amount=Money("1", "USD"), reason="老客户"), FINANCE),
        (WaiveDunningClaim(claim=claim.id, amount=yuan(21), reason="老客户"), FINANCE),
    )
