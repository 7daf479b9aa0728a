"""Credit (信用): limits, exposure part by part, and reservations in two phases."""

from pharmacrm.core.credit.commands import (
    EndCreditLimit,
    EndGroupLimit,
    GrantCreditLimit,
    GrantGroupLimit,
    JoinCreditGroup,
    SetCreditGroup,
    SetCreditLimit,
    SetCreditPolicy,
)
from pharmacrm.core.credit.dated import CreditLimit, Insurance, LimitInForce, LimitKind, LimitRule, Stacking
from pharmacrm.core.credit.events import EVENTS
from pharmacrm.core.credit.exposure import Exposure, ExposurePart, ForeignPart
from pharmacrm.core.credit.foreign import Counted, ForeignCredit
from pharmacrm.core.credit.handlers import (
    end_credit_limit,
    end_group_limit,
    grant_credit_limit,
    grant_group_limit,
    join_credit_group,
    set_credit_group,
    set_credit_limit,
    set_credit_policy,
)
from pharmacrm.core.credit.limit_requests import CreditLimitRequest, LimitRequestState
from pharmacrm.core.credit.model import CreditGroup, CreditLine, Reservation, ReservationState, Worth
from pharmacrm.core.credit.outcome import CreditOutcome
from pharmacrm.core.credit.overdue import Metric, OverdueGate
from pharmacrm.core.credit.override_reasons import REASONS as OVERRIDES
from pharmacrm.core.credit.overrides import CreditOverride, OverrideState
from pharmacrm.core.credit.parts import ExposureKind, PartRule
from pharmacrm.core.credit.policy import CheckPoint, CreditPolicy, CreditRules, PolicyScope
from pharmacrm.core.credit.rate_policy import RatePolicy
from pharmacrm.core.credit.reasons import REASONS
from pharmacrm.core.credit.season import Season
from pharmacrm.core.kernel.domain import Domain

__all__ = [
    "CheckPoint",
    "Counted",
    "CreditGroup",
    "CreditLimit",
    "CreditLimitRequest",
    "CreditLine",
    "CreditOutcome",
    "CreditOverride",
    "CreditPolicy",
    "CreditRules",
    "EndCreditLimit",
    "EndGroupLimit",
    "Exposure",
    "ExposureKind",
    "ExposurePart",
    "ForeignCredit",
    "ForeignPart",
    "GrantCreditLimit",
    "GrantGroupLimit",
    "Insurance",
    "JoinCreditGroup",
    "LimitInForce",
    "LimitKind",
    "LimitRequestState",
    "LimitRule",
    "Metric",
    "OverdueGate",
    "OverrideState",
    "PartRule",
    "PolicyScope",
    "RatePolicy",
    "Reservation",
    "ReservationState",
    "Season",
    "SetCreditGroup",
    "SetCreditLimit",
    "SetCreditPolicy",
    "Stacking",
    "Worth",
    "domain",
]

_RECORDS = (
    CreditLine,
    ForeignCredit,
    CreditGroup,
    CreditPolicy,
    Reservation,
    CreditOverride,
    CreditLimitRequest,
)
_SETTING = (
    SetCreditLimit,
    GrantCreditLimit,
    EndCreditLimit,
    GrantGroupLimit,
    EndGroupLimit,
    SetCreditGroup,
    JoinCreditGroup,
    SetCreditPolicy,
)

domain = Domain(
    name="credit",
    records=_RECORDS,
    handlers=(
        set_credit_limit,
        grant_credit_limit,
        end_credit_limit,
        grant_group_limit,
        end_group_limit,
        set_credit_group,
        join_credit_group,
        set_credit_policy,
    ),
    events=EVENTS,
    reasons=(*REASONS, *OVERRIDES),
    rights={
        "sales": _RECORDS,
        "assistant": _RECORDS,
        "lead": _RECORDS,
        "finance": (*_RECORDS, *_SETTING),
        "admin": (*_RECORDS, SetCreditPolicy),
        "auditor": _RECORDS,
    },
)
