"""The story of a debt that is talked about: promised, disputed, a difference of it given up."""

from pharmacrm.core.flows.charging import ChargeKind, RaiseCharge
from pharmacrm.core.flows.collection import AllocateReceipt, RegisterReceipt, UndoAllocations
from pharmacrm.core.flows.crediting import ApplyCreditNote, IssueCreditNote, ReverseCreditNote
from pharmacrm.core.flows.rescheduling import RescheduleDebt
from pharmacrm.core.flows.returning import AcceptReturn, InspectReturn
from pharmacrm.core.flows.undoing import UndoReturn
from pharmacrm.core.flows.writing_off import ReverseWriteOff, SetWriteOffCap, WriteOffDifference
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.orders import ReturnCause, ReturnItem, ReturnVerdict
from pharmacrm.core.receivables import (
    DisputeCause,
    DisputeOutcome,
    Instalment,
    OpenDispute,
    RecordPromise,
    ResolveDispute,
    WithdrawPromise,
)
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.story.steps import FINANCE, LEAD, QUALITY, SALES, WAREHOUSE, Step, after, day, said

DEBT = "OUT-1/receivable/1"
CENTS = Money("0.10", "CNY")


def _fee(crm: PharmaCRM) -> RaiseCharge:
    late = "OUT-1/receivable"
    return RaiseCharge(
        id="F-1", receivable=late, kind=ChargeKind.COST, amount=CENTS, due=day(crm), reason="催收"
    )


def _allowed(id: str) -> IssueCreditNote:
    return IssueCreditNote(id=id, customer="H-001", slip="OUT-1", amount=CENTS, reason="折让")


def _paid(crm: PharmaCRM) -> RegisterReceipt:
    amount = crm.get(Instalment, DEBT, actor=FINANCE).open
    return RegisterReceipt(
        id="R-2", payer="H-001", payer_name="示例医院H-001", amount=amount, value_date=day(crm)
    )


_ON_ACCOUNT = after(
    (FINANCE, _paid),
    (FINANCE, lambda _: AllocateReceipt(receipt="R-2")),
    (FINANCE, lambda _: _allowed("CN-2")),
    (FINANCE, lambda _: UndoAllocations(receipt="R-2", reason="记错")),
)
_BACK = AcceptReturn(id="RET-1", slip="OUT-1", items=(ReturnItem(1, 100),), cause=ReturnCause.SURPLUS)

_AGAIN = AcceptReturn(id="RET-9", slip="OUT-1", items=(ReturnItem(1, 1),), cause=ReturnCause.OTHER)


COLLECTING: tuple[Step, ...] = (
    said(LEAD, SetWriteOffCap(amount=Money("5", "CNY"), reason="手续费")),
    said(FINANCE, WriteOffDifference(id="W-1", instalment=DEBT, amount=CENTS, reason="银行手续费")),
    said(FINANCE, ReverseWriteOff(write_off="W-1", reason="客户补足")),
    Step(SALES, lambda crm: RecordPromise(id="P-1", instalment=DEBT, amount=CENTS, pay_by=day(crm, 7))),
    said(SALES, WithdrawPromise(promise="P-1", reason="听错")),
    said(SALES, OpenDispute(id="D-1", instalment=DEBT, amount=CENTS, cause=DisputeCause.PRICE)),
    said(FINANCE, ResolveDispute(dispute="D-1", outcome=DisputeOutcome.REJECTED, resolution="价格无误")),
    said(FINANCE, _allowed("CN-1")),
    said(FINANCE, ReverseCreditNote(credit_note="CN-1", reason="误开")),
    Step(FINANCE, lambda _: ApplyCreditNote(credit_note="CN-2"), _ON_ACCOUNT),
    Step(FINANCE, _fee),
    said(FINANCE, RescheduleDebt(id="A-1", receivable="OUT-1/receivable", terms="3 monthly", reason="困难")),
    said(WAREHOUSE, _BACK),
    Step(
        LEAD,
        lambda _: UndoReturn(return_order="RET-9", reason="误收"),
        after((WAREHOUSE, lambda _: _AGAIN)),
    ),
    said(QUALITY, InspectReturn(return_order="RET-1", verdict=ReturnVerdict.FIT, comment="完好")),
)
