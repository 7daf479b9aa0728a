"""Scenarios of the reason codes of collections."""

from pharmacrm.core.collections import AnswerConfirmation, SetProvisionRates, TheirItem
from pharmacrm.core.collections.dunning import (
    BlockDunning,
    DunningClock,
    DunningLevel,
    SetDunningPolicy,
    SetDunningTerms,
    UnblockDunning,
)
from pharmacrm.core.flows.statements import RequestConfirmation
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.crm import PharmaCRM
from tests.flows.house import BUYER, FINANCE, today, yuan
from tests.flows.scenarios import after, met
from tests.flows.scenarios_selling import owed


@met("provision.edges", "provision.classes", "provision.falling")
def _(crm: PharmaCRM) -> list[Reason]:
    bad = SetProvisionRates(valid_from=today(crm), edges=(90, 30), rates=("5%", "1%"))
    return after(crm, (bad, FINANCE))


@met(
    "dunning_policy.levels",
    "dunning_policy.days",
    "dunning_policy.first",
    "dunning_policy.fee",
    "dunning_policy.rates",
    "dunning_policy.pause",
)
def _(crm: PharmaCRM) -> list[Reason]:
    none = SetDunningPolicy(levels=())
    bad = DunningLevel(days=5, name="提醒", fee=yuan(0), interest=True)
    first = DunningLevel(days=5, name="提醒", counts_from=DunningClock.PREVIOUS)
    return after(
        crm,
        (none, FINANCE),
        (SetDunningPolicy(levels=(bad, bad), pause=-1), FINANCE),
        (SetDunningPolicy(levels=(first,)), FINANCE),
    )


@met("dunning_terms.level", "dunning_block.past", "dunning_block.none")
def _(crm: PharmaCRM) -> list[Reason]:
    policy = SetDunningPolicy(levels=(DunningLevel(days=5, name="提醒"),))
    past = today(crm).replace(year=2020)
    return after(
        crm,
        (policy, FINANCE),
        (SetDunningTerms(customer=BUYER, max_level=2), FINANCE),
        (BlockDunning(subject_id=BUYER, until=past, reason="对账"), FINANCE),
        (UnblockDunning(subject_id=BUYER, reason="对账"), FINANCE),
    )


@met(
    "confirmation.exists",
    "confirmation.future",
    "confirmation.currency_mismatch",
    "confirmation.differs",
    "confirmation.unexplained",
    "confirmation.answered",
)
def _(crm: PharmaCRM) -> list[Reason]:
    debt = owed(crm)
    asked = RequestConfirmation(id="BC-1", customer=BUYER, as_of=today(crm))
    late = RequestConfirmation(id="BC-1", customer=BUYER, as_of=today(crm).replace(year=2199))
    dollars = AnswerConfirmation(confirmation="BC-1", balance=Money("1", "USD"))
    less = AnswerConfirmation(confirmation="BC-1", balance=yuan(1), documents=(TheirItem(debt.id, yuan(2)),))
    return after(crm, (asked, FINANCE), (late, FINANCE), (dollars, FINANCE), (less, FINANCE), (less, FINANCE))
