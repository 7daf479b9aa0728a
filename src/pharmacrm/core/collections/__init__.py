"""Collections (催收): interest on late payment, measures of collection, bad-debt provision, dunning."""

from pharmacrm.core.collections import dunning
from pharmacrm.core.collections.analysis import CollectionAnalysis
from pharmacrm.core.collections.commands import SetProvisionRates
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
from pharmacrm.core.kernel.domain import Domain

_RECORDS = (ProvisionRates, *dunning.RECORDS)

domain = Domain(
    name="collections",
    records=_RECORDS,
    handlers=(*HANDLERS, *dunning.HANDLERS),
    events=EVENTS,
    reasons=(*REASONS, *dunning_reasons.REASONS),
    rights={
        "finance": (*_RECORDS, SetProvisionRates, *dunning.COMMANDS),
        "lead": _RECORDS,
        "admin": _RECORDS,
        "auditor": _RECORDS,
    },
)

__all__ = [
    "DSO",
    "CollectionAnalysis",
    "CountBackDSO",
    "DayCount",
    "DaysLate",
    "Effectiveness",
    "Interest",
    "InterestFrom",
    "InterestTerms",
    "Paid",
    "Provision",
    "ProvisionRates",
    "RateStep",
    "RateTable",
    "Sales",
    "SetProvisionRates",
    "count_back",
    "domain",
    "late_interest",
]
