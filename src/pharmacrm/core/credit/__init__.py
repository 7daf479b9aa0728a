"""Credit (信用): limits, exposure part by part, and reservations in two phases."""

from pharmacrm.core.credit.commands import SetCreditLimit
from pharmacrm.core.credit.events import EVENTS
from pharmacrm.core.credit.exposure import Exposure, ExposureKind, ExposurePart
from pharmacrm.core.credit.handlers import set_credit_limit
from pharmacrm.core.credit.model import CreditLine, Reservation, ReservationState
from pharmacrm.core.credit.reasons import REASONS
from pharmacrm.core.kernel.domain import Domain

__all__ = [
    "CreditLine",
    "Exposure",
    "ExposureKind",
    "ExposurePart",
    "Reservation",
    "ReservationState",
    "SetCreditLimit",
    "domain",
]

_RECORDS = (CreditLine, Reservation)

domain = Domain(
    name="credit",
    records=_RECORDS,
    handlers=(set_credit_limit,),
    events=EVENTS,
    reasons=REASONS,
    rights={
        "sales": _RECORDS,
        "assistant": _RECORDS,
        "lead": _RECORDS,
        "finance": (*_RECORDS, SetCreditLimit),
        "admin": _RECORDS,
        "auditor": _RECORDS,
    },
)
