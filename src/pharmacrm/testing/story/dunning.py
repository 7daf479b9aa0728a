"""The story of a customer who pays late: dunned, blocked, and dunned again; and of a statement put right."""

from pharmacrm.core.collections import InterestTerms, RateStep, RateTable
from pharmacrm.core.collections.dunning import (
    BlockDunning,
    DunningLevel,
    SetDunningPolicy,
    SetDunningTerms,
    SetDunningText,
    UnblockDunning,
)
from pharmacrm.core.flows.correcting import CorrectStatement
from pharmacrm.core.flows.dunning_by_hand import IssueDunningLetter
from pharmacrm.core.flows.timed import MarkDunning, SendDunningLetter
from pharmacrm.core.kernel.money import Money
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.story.steps import FINANCE, Step, day, due, later, said

BUYER = "H-001"


def _three_months_later(crm: PharmaCRM) -> None:
    later(crm, 90)


def _a_day_later(crm: PharmaCRM) -> None:
    later(crm, 1)


DUNNING: tuple[Step, ...] = (
    said(
        FINANCE,
        SetDunningPolicy(
            levels=(DunningLevel(days=10, name="一次催款", fee=Money("20", "CNY"), interest=True),),
            interest=InterestTerms(rates=RateTable((RateStep("2020-01-01", "5%"),))),
        ),
    ),
    said(FINANCE, SetDunningTerms(customer=BUYER, max_level=1)),
    said(FINANCE, SetDunningText(level=1, subject="催款", text="截至 $on 请付 $total")),
    said(FINANCE, BlockDunning(subject_id=BUYER, reason="对账中")),
    said(FINANCE, UnblockDunning(subject_id=BUYER, reason="对账完成")),
    due(lambda _: SendDunningLetter(customer=BUYER, currency="CNY"), _three_months_later),
    due(lambda crm: MarkDunning(through=day(crm))),
    Step(FINANCE, lambda _: IssueDunningLetter(customer=BUYER, reason="电话催收无果"), _a_day_later),
    Step(FINANCE, lambda crm: CorrectStatement(statement="ST-1", on=day(crm), reason="日期记错")),
)
