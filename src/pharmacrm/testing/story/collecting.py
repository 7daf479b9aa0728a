"""The story of a debt that is talked about: promised, disputed, a difference of it given up."""

from pharmacrm.core.flows.writing_off import ReverseWriteOff, SetWriteOffCap, WriteOffDifference
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.receivables import (
    DisputeCause,
    DisputeOutcome,
    OpenDispute,
    RecordPromise,
    ResolveDispute,
    WithdrawPromise,
)
from pharmacrm.testing.story.steps import FINANCE, LEAD, SALES, Step, day, said

DEBT = "OUT-1/receivable/1"
CENTS = Money("0.10", "CNY")

COLLECTING: tuple[Step, ...] = (
    said(LEAD, SetWriteOffCap(amount=Money("5", "CNY"), reason="手续费")),
    said(FINANCE, WriteOffDifference(id="W-1", instalment=DEBT, amount=CENTS, reason="银行手续费")),
    said(FINANCE, ReverseWriteOff(write_off="W-1", reason="客户补足")),
    Step(SALES, lambda crm: RecordPromise(id="P-1", instalment=DEBT, amount=CENTS, pay_by=day(crm, 7))),
    said(SALES, WithdrawPromise(promise="P-1", reason="听错")),
    said(SALES, OpenDispute(id="D-1", instalment=DEBT, amount=CENTS, cause=DisputeCause.PRICE)),
    said(FINANCE, ResolveDispute(dispute="D-1", outcome=DisputeOutcome.REJECTED, resolution="价格无误")),
)
