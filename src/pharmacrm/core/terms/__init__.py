"""Terms (付款条件, 客户付款日): term sets in dated versions, and the days on which customers pay."""

from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.terms.commands import ImportTerms, PublishTerms, TermsInForce, TermSource, WithdrawTerms
from pharmacrm.core.terms.events import EVENTS, PayingDaysSet, TermsPublished
from pharmacrm.core.terms.handlers import HANDLERS
from pharmacrm.core.terms.model import (
    PaymentCalendar,
    PaymentCalendarEntry,
    PaymentTermSet,
    PaymentTermVersion,
)
from pharmacrm.core.terms.reasons import REASONS

_RECORDS = (PaymentTermSet, PaymentTermVersion, PaymentCalendar, PaymentCalendarEntry)
_COMMANDS = (PublishTerms, ImportTerms, WithdrawTerms)
_READERS = ("sales", "assistant", "dispatcher", "lead", "auditor")

domain = Domain(
    name="terms",
    records=_RECORDS,
    handlers=HANDLERS,
    events=EVENTS,
    reasons=REASONS,
    rights={
        **dict.fromkeys(_READERS, (*_RECORDS, TermsInForce)),
        "finance": (*_RECORDS, TermsInForce, *_COMMANDS),
        "admin": (*_RECORDS, TermsInForce, *_COMMANDS),
        "erp": _COMMANDS,
    },
)

__all__ = [
    "ImportTerms",
    "PayingDaysSet",
    "PaymentCalendar",
    "PaymentCalendarEntry",
    "PaymentTermSet",
    "PaymentTermVersion",
    "PublishTerms",
    "TermSource",
    "TermsInForce",
    "TermsPublished",
    "WithdrawTerms",
    "domain",
]
