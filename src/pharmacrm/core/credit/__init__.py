"""Credit (信用): limits, exposure part by part, and reservations in two phases."""

from pharmacrm.core.credit.commands import EndCreditLimit, GrantCreditLimit, SetCreditLimit
from pharmacrm.core.credit.dated import CreditLimit, Insurance, LimitKind, LimitRule, Stacking
from pharmacrm.core.credit.events import EVENTS
from pharmacrm.core.credit.exposure import Exposure, ExposureKind, ExposurePart
from pharmacrm.core.credit.handlers import end_credit_limit, grant_credit_limit, set_credit_limit
from pharmacrm.core.credit.model import CreditLine, Reservation, ReservationState
from pharmacrm.core.credit.reasons import REASONS
from pharmacrm.core.credit.season import Season
from pharmacrm.core.kernel.domain import Domain

__all__ = [
    "CreditLimit",
    "CreditLine",
    "EndCreditLimit",
    "Exposure",
    "ExposureKind",
    "ExposurePart",
    "GrantCreditLimit",
    "Insurance",
    "LimitKind",
    "LimitRule",
    "Reservation",
    "ReservationState",
    "Season",
    "SetCreditLimit",
    "Stacking",
    "domain",
]

_RECORDS = (CreditLine, Reservation)

domain = Domain(
    name="credit",
    records=_RECORDS,
    handlers=(set_credit_limit, grant_credit_limit, end_credit_limit),
    events=EVENTS,
    reasons=REASONS,
    rights={
        "sales": _RECORDS,
        "assistant": _RECORDS,
        "lead": _RECORDS,
        "finance": (*_RECORDS, SetCreditLimit, GrantCreditLimit, EndCreditLimit),
        "admin": _RECORDS,
        "auditor": _RECORDS,
    },
)
