"""Scenarios of the reason codes of collections."""

from datetime import timedelta

from attrs import evolve

from pharmacrm.core.collections import AnswerConfirmation, SetProvisionRates, TheirItem
from pharmacrm.core.collections.dunning import (
    BlockDunning,
    DunningClock,
    DunningLevel,
    SetDunningPolicy,
    SetDunningTerms,
    SetDunningText,
    UnblockDunning,
)
from pharmacrm.core.flows.bills import ReceiveBill
from pharmacrm.core.flows.dunning_by_hand import IssueDunningLetter
from pharmacrm.core.flows.statements import RequestConfirmation
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.receivables import (
    DisputeCause,
    DisputeOutcome,
    OpenDispute,
    RecordPromise,
    ResolveDispute,
    WithdrawPromise,
)
from pharmacrm.crm import PharmaCRM
from tests.flows.house import BUYER, FINANCE, pass_days, today, yuan
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


@met("dunning_letter.covered")
def _(crm: PharmaCRM) -> list[Reason]:
    policy = SetDunningPolicy(levels=(DunningLevel(days=5, name="提醒"),))
    owed(crm, "net 30")
    pass_days(crm, 40)
    bill = ReceiveBill(
        id="B-1",
        payer=BUYER,
        payer_name=f"示例医院{BUYER}",
        acceptor="示例银行",
        amount=yuan(1000),
        issued_on=today(crm),
        matures_on=today(crm) + timedelta(days=90),
    )
    letter = IssueDunningLetter(customer=BUYER, reason="电话催收无果")
    return after(crm, (policy, FINANCE), (bill, FINANCE), (letter, FINANCE))


@met("dunning_text.level", "dunning_text.place")
def _(crm: PharmaCRM) -> list[Reason]:
    text = SetDunningText(level=10, subject="催款", text="请付 $sum")
    return after(crm, (text, FINANCE))


@met(
    "dunning_letter.no_policy",
    "dunning_letter.nothing_late",
    "dunning_letter.not_late",
    "dunning_letter.level",
    "dunning_letter.blocked",
    "dunning_letter.disputed",
    "dunning_letter.promised",
    "dunning_letter.sent",
)
def _(crm: PharmaCRM) -> list[Reason]:
    letter = IssueDunningLetter(customer=BUYER, reason="电话催收无果")
    policy = SetDunningPolicy(levels=(DunningLevel(days=5, name="提醒"),))
    debt = owed(crm, "net 30").id
    found = after(crm, (letter, FINANCE), (policy, FINANCE), (letter, FINANCE))
    pass_days(crm, 40)
    now = today(crm)
    return [
        *found,
        *after(
            crm,
            (evolve(letter, instalments=("OUT-9/receivable/1",)), FINANCE),
            (evolve(letter, level=2), FINANCE),
            (RecordPromise(id="P-1", instalment=debt, amount=yuan(900), pay_by=now), FINANCE),
            (letter, FINANCE),
            (WithdrawPromise(promise="P-1", reason="听错"), FINANCE),
            (OpenDispute(id="D-1", instalment=debt, amount=yuan(1000), cause=DisputeCause.PRICE), FINANCE),
            (letter, FINANCE),
            (ResolveDispute(dispute="D-1", outcome=DisputeOutcome.REJECTED), FINANCE),
            (BlockDunning(subject_id=debt, reason="诉讼中"), FINANCE),
            (letter, FINANCE),
            (UnblockDunning(subject_id=debt, reason="撤诉"), FINANCE),
            (letter, FINANCE),
            (letter, FINANCE),
        ),
    ]


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
