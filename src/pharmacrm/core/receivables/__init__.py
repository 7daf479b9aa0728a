"""Receivables (应收账款): schedules, receipts, allocations, the payment gate and ageing."""

from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.receivables.ageing import Ageing, AgeingBasis, AgeingBucket
from pharmacrm.core.receivables.events import EVENTS
from pharmacrm.core.receivables.handlers import ageing_report
from pharmacrm.core.receivables.model import Allocation, Instalment, Receipt, Receivable, ReceivableKind
from pharmacrm.core.receivables.questions import AgeingReport
from pharmacrm.core.receivables.reasons import REASONS
from pharmacrm.core.receivables.targets import Target

__all__ = [
    "Ageing",
    "AgeingBasis",
    "AgeingBucket",
    "AgeingReport",
    "Allocation",
    "Instalment",
    "Receipt",
    "Receivable",
    "ReceivableKind",
    "Target",
    "domain",
]

_RECORDS = (Receivable, Instalment, Receipt, Allocation)

domain = Domain(
    name="receivables",
    records=_RECORDS,
    handlers=(ageing_report,),
    events=EVENTS,
    reasons=REASONS,
    rights={
        "sales": (Receivable, Instalment),
        "assistant": (Receivable, Instalment),
        "lead": (*_RECORDS, AgeingReport),
        "finance": (*_RECORDS, AgeingReport),
        "admin": _RECORDS,
        "auditor": (*_RECORDS, AgeingReport),
    },
)
