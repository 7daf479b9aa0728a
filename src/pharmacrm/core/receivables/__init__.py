"""Receivables (应收账款): schedules, receipts, allocations, what else lowers a debt, and ageing."""

from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.receivables import (
    bill_reasons,
    claim_reasons,
    document_reasons,
    invoice_reasons,
    refund_reasons,
)
from pharmacrm.core.receivables.adjustments import Portion
from pharmacrm.core.receivables.ageing import Ageing, AgeingBasis, AgeingBucket, CustomerAgeing
from pharmacrm.core.receivables.bills import BankBill, BillCounts, BillState
from pharmacrm.core.receivables.claims import (
    OpenDispute,
    PromisesToPay,
    RecordPromise,
    ResolveDispute,
    WithdrawPromise,
    on_open_dispute,
    on_promises_to_pay,
    on_record_promise,
    on_resolve_dispute,
    on_withdraw_promise,
)
from pharmacrm.core.receivables.credit_notes import CreditNote, CreditNoteKind
from pharmacrm.core.receivables.disputes import Dispute, DisputeCause, DisputeOutcome
from pharmacrm.core.receivables.events import EVENTS
from pharmacrm.core.receivables.handlers import HANDLERS
from pharmacrm.core.receivables.invoices import InvoicedLine, InvoiceLine, SalesInvoice
from pharmacrm.core.receivables.matching import OrderBalance
from pharmacrm.core.receivables.model import (
    Adjustment,
    AdjustmentKind,
    Allocation,
    Instalment,
    Receipt,
    Receivable,
    ReceivableKind,
)
from pharmacrm.core.receivables.promises import PromiseStanding, PromiseState, PromiseToPay
from pharmacrm.core.receivables.questions import AgeingByCustomer, AgeingReport
from pharmacrm.core.receivables.reasons import REASONS
from pharmacrm.core.receivables.refunds import Refund
from pharmacrm.core.receivables.rescheduling import NewInstalment, Rescheduling
from pharmacrm.core.receivables.strategies import AllocationStrategy
from pharmacrm.core.receivables.targets import Target
from pharmacrm.core.receivables.write_offs import WriteOff, WriteOffCap

__all__ = [
    "Adjustment",
    "AdjustmentKind",
    "Ageing",
    "AgeingBasis",
    "AgeingBucket",
    "AgeingByCustomer",
    "AgeingReport",
    "Allocation",
    "AllocationStrategy",
    "BankBill",
    "BillCounts",
    "BillState",
    "CreditNote",
    "CreditNoteKind",
    "CustomerAgeing",
    "Dispute",
    "DisputeCause",
    "DisputeOutcome",
    "Instalment",
    "InvoiceLine",
    "InvoicedLine",
    "NewInstalment",
    "OpenDispute",
    "OrderBalance",
    "Portion",
    "PromiseStanding",
    "PromiseState",
    "PromiseToPay",
    "PromisesToPay",
    "Receipt",
    "Receivable",
    "ReceivableKind",
    "RecordPromise",
    "Refund",
    "Rescheduling",
    "ResolveDispute",
    "SalesInvoice",
    "Target",
    "WithdrawPromise",
    "WriteOff",
    "WriteOffCap",
    "domain",
]

_OWED = (Receivable, Instalment, Adjustment, CreditNote, Rescheduling, SalesInvoice, InvoiceLine)
_CLAIMS = (PromiseToPay, Dispute)
_QUESTIONS = (AgeingReport, AgeingByCustomer, PromisesToPay)
_RECORDS = (*_OWED, Receipt, Allocation, Refund, BankBill, WriteOff, WriteOffCap, *_CLAIMS)
_SAYS = (RecordPromise, WithdrawPromise, OpenDispute)

domain = Domain(
    name="receivables",
    records=_RECORDS,
    handlers=(
        *HANDLERS,
        on_record_promise,
        on_withdraw_promise,
        on_open_dispute,
        on_resolve_dispute,
        on_promises_to_pay,
    ),
    events=EVENTS,
    reasons=(
        *REASONS,
        *document_reasons.REASONS,
        *claim_reasons.REASONS,
        *bill_reasons.REASONS,
        *invoice_reasons.REASONS,
        *refund_reasons.REASONS,
    ),
    rights={
        "sales": (*_OWED, *_CLAIMS, *_SAYS, PromisesToPay),
        "assistant": (*_OWED, *_CLAIMS),
        "lead": (*_RECORDS, *_QUESTIONS, *_SAYS, ResolveDispute),
        "finance": (*_RECORDS, *_QUESTIONS, *_SAYS, ResolveDispute),
        "admin": _RECORDS,
        "auditor": (*_RECORDS, *_QUESTIONS),
    },
)
