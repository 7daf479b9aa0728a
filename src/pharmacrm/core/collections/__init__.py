"""Collections (催收): interest on late payment, measures, provision, dunning, statements, vouchers."""

from pharmacrm.core.collections import confirmation_reasons, dunning, voucher_reasons
from pharmacrm.core.collections.analysis import CollectionAnalysis
from pharmacrm.core.collections.commands import (
    AnswerConfirmation,
    SetLedgerAccount,
    SetProvisionRates,
    TheirItem,
)
from pharmacrm.core.collections.confirmation import (
    BalanceConfirmation,
    ConfirmationItem,
    ConfirmationState,
)
from pharmacrm.core.collections.daycount import DayCount
from pharmacrm.core.collections.dunning import reasons as dunning_reasons
from pharmacrm.core.collections.events import EVENTS
from pharmacrm.core.collections.handlers import HANDLERS
from pharmacrm.core.collections.interest import (
    Interest,
    InterestFrom,
    InterestTerms,
    Paid,
    late_interest,
)
from pharmacrm.core.collections.ledger import LedgerRole, Movement, MovementKind
from pharmacrm.core.collections.measures import (
    DSO,
    CountBackDSO,
    DaysLate,
    Effectiveness,
    Sales,
    count_back,
)
from pharmacrm.core.collections.provision import Provision, ProvisionRates
from pharmacrm.core.collections.rates import RateStep, RateTable
from pharmacrm.core.collections.reasons import REASONS
from pharmacrm.core.collections.reconciliation import LedgerBalance, LedgerDifference, LedgerReconciliation
from pharmacrm.core.collections.statement import BillInHand, Statement, StatementItem, StatementLine
from pharmacrm.core.collections.trial import TrialBalance, TrialLine
from pharmacrm.core.collections.vouchers import (
    Bookkeeping,
    LedgerAccount,
    PostedVouchers,
    Voucher,
    VoucherLine,
    WrittenVoucher,
)
from pharmacrm.core.kernel.domain import Domain

_CONFIRMING = (BalanceConfirmation, ConfirmationItem, LedgerAccount)
_BOOKS = (Bookkeeping, Voucher, VoucherLine)
_RECORDS = (ProvisionRates, *_CONFIRMING, *_BOOKS, *dunning.RECORDS)

domain = Domain(
    name="collections",
    records=_RECORDS,
    handlers=(*HANDLERS, *dunning.HANDLERS),
    events=EVENTS,
    reasons=(*REASONS, *dunning_reasons.REASONS, *confirmation_reasons.REASONS, *voucher_reasons.REASONS),
    rights={
        "finance": (*_RECORDS, SetProvisionRates, AnswerConfirmation, SetLedgerAccount, *dunning.COMMANDS),
        "lead": _RECORDS,
        "admin": _RECORDS,
        "auditor": _RECORDS,
        "erp": _BOOKS,
    },
)

__all__ = [
    "DSO",
    "AnswerConfirmation",
    "BalanceConfirmation",
    "BillInHand",
    "Bookkeeping",
    "CollectionAnalysis",
    "ConfirmationItem",
    "ConfirmationState",
    "CountBackDSO",
    "DayCount",
    "DaysLate",
    "Effectiveness",
    "Interest",
    "InterestFrom",
    "InterestTerms",
    "LedgerAccount",
    "LedgerBalance",
    "LedgerDifference",
    "LedgerReconciliation",
    "LedgerRole",
    "Movement",
    "MovementKind",
    "Paid",
    "PostedVouchers",
    "Provision",
    "ProvisionRates",
    "RateStep",
    "RateTable",
    "Sales",
    "SetLedgerAccount",
    "SetProvisionRates",
    "Statement",
    "StatementItem",
    "StatementLine",
    "TheirItem",
    "TrialBalance",
    "TrialLine",
    "Voucher",
    "VoucherLine",
    "WrittenVoucher",
    "count_back",
    "domain",
    "late_interest",
]
