"""A journey under ids of 64 characters: nothing that we make of them is refused later, on any store."""

from collections.abc import Callable

import pytest

from pharmacrm import (
    AcceptReturn,
    AllocateReceipt,
    BlockDunning,
    DunningLetter,
    DunningLevel,
    InterestTerms,
    IssueSlip,
    OpenDispute,
    RateStep,
    RateTable,
    RecordPromise,
    RescheduleDebt,
    ReturnCause,
    ReturnItem,
    ReverseCreditNote,
    SetDunningPolicy,
    SetWriteOffCap,
    SlipItem,
    Target,
    WriteOffDifference,
    eq,
)
from pharmacrm.core.receivables import CreditNote, DisputeCause, Instalment
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import open_account, release
from tests.flows.house import FINANCE, LEAD, SALES, WAREHOUSE, pass_days, placed, receipt, today, yuan

BUYER, ORDER, RECEIPT, SLIP, RETURN, OTHER = (letter * 64 for letter in "HSROTX")
POLICY = SetDunningPolicy(
    id="P" * 64,
    levels=(DunningLevel(days=1, name="一次", fee=yuan(20), interest=True),),
    interest=InterestTerms(rates=RateTable((RateStep("2020-01-01", "36.5%"),))),
)


@pytest.mark.parametrize("kind", ["memory", "sqlite", "postgresql", "mariadb"])
def test_a_year_of_a_customer_with_the_longest_ids(kind: str, company_on: Callable[..., PharmaCRM]) -> None:
    crm = company_on(kind)
    open_account(crm, BUYER)
    placed(crm, ORDER, 1000, buyer=BUYER, terms="30% prepaid, rest net 30")
    crm.do(receipt(crm, RECEIPT, 300, buyer=BUYER), actor=FINANCE).expect()
    prepayment = Target(f"{ORDER}/prepayment/1/1", yuan(300))
    crm.do(AllocateReceipt(receipt=RECEIPT, targets=(prepayment,)), actor=FINANCE).expect()
    release(crm, ORDER)
    crm.do(IssueSlip(order=ORDER, id=SLIP, items=(SlipItem(1, "L1", 800),)), actor=WAREHOUSE).expect()
    credited(crm)
    crm.do(SetDunningPolicy(levels=POLICY.levels, interest=POLICY.interest), actor=FINANCE).expect()
    while not crm.find(DunningLetter, actor=FINANCE):
        pass_days(crm, 7)
        crm.run_due()
    dunned(crm)
    assert not crm.verify().findings


def credited(crm: PharmaCRM) -> None:
    """Goods come back, and their credit note is named."""
    back = AcceptReturn(id=RETURN, slip=SLIP, items=(ReturnItem(1, 80),), cause=ReturnCause.SURPLUS)
    crm.do(back, actor=WAREHOUSE).expect()
    (note,) = crm.find(CreditNote, actor=FINANCE)
    assert note.id == f"{RETURN}/credit-note"
    answer = crm.do(ReverseCreditNote(credit_note=note.id, reason="误开"), actor=FINANCE)
    assert answer.codes == ("credit_note.of_return",)


def dunned(crm: PharmaCRM) -> None:
    """What a letter charges is promised, disputed, written off, blocked and given new due dates."""
    (letter,) = crm.find(DunningLetter, actor=FINANCE)
    charges = crm.find(Instalment, eq("customer", BUYER), eq("opened_on", letter.on), actor=FINANCE)
    for number, item in enumerate(charges):
        assert len(item.id) > 64
        some = yuan("0.10")
        promise = RecordPromise(instalment=item.id, amount=some, pay_by=today(crm))
        crm.do(promise, actor=SALES).expect()
        dispute = OpenDispute(instalment=item.id, amount=some, cause=DisputeCause.PRICE)
        crm.do(dispute, actor=SALES).expect()
        crm.do(BlockDunning(subject_id=item.id, reason="核实"), actor=FINANCE).expect()
        crm.do(SetWriteOffCap(amount=yuan(1), reason="尾差"), actor=LEAD).expect()
        small = WriteOffDifference(id=f"{number}{OTHER[1:]}", instalment=item.id, amount=some, reason="尾差")
        crm.do(small, actor=FINANCE).expect()
        later = RescheduleDebt(
            id=f"{number}{RETURN[1:]}", receivable=item.receivable, terms="net 30", reason="困难"
        )
        crm.do(later, actor=FINANCE).expect()
    assert len(charges) == 2
