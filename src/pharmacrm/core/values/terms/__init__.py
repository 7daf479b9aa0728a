"""Payment terms (付款条件): prepayment, credit term and early payment discount, as data and as text.

>>> from pharmacrm.core.values.terms import parse_terms
>>> str(parse_terms("30% PREPAID, rest net 60"))
'30% prepaid, rest net 60'
"""

from pharmacrm.core.values.terms.due import (
    DayOfMonthAfter,
    Due,
    EndOfMonthAfter,
    EndOfMonthThenNet,
    Monthly,
    MonthsAfter,
    Net,
    NetThenEndOfMonth,
    OnOrder,
)
from pharmacrm.core.values.terms.model import EarlyDiscount, Part, PartKind, PaymentTerms
from pharmacrm.core.values.terms.share import REST, Fixed, Rest, Share
from pharmacrm.core.values.terms.text import as_terms, parse_terms

__all__ = [
    "REST",
    "DayOfMonthAfter",
    "Due",
    "EarlyDiscount",
    "EndOfMonthAfter",
    "EndOfMonthThenNet",
    "Fixed",
    "Monthly",
    "MonthsAfter",
    "Net",
    "NetThenEndOfMonth",
    "OnOrder",
    "Part",
    "PartKind",
    "PaymentTerms",
    "Rest",
    "Share",
    "as_terms",
    "parse_terms",
]
