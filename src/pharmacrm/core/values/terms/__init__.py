"""Payment terms (付款条件): prepayment, credit term and early payment discount, as data and as text.

>>> from pharmacrm.core.values.terms import parse_terms
>>> str(parse_terms("30% PREPAID, rest net 60"))
'30% prepaid, rest net 60'
"""

from pharmacrm.core.values.terms.baseline import Baseline
from pharmacrm.core.values.terms.chain import Chain, Due, Step, chain
from pharmacrm.core.values.terms.due import (
    DayOfMonthAfter,
    EndOfMonthAfter,
    EndOfMonthThenNet,
    Monthly,
    MonthsAfter,
    Net,
    NetThenEndOfMonth,
    OnOrder,
)
from pharmacrm.core.values.terms.instalments import Every, InstalmentsOf, Interval, Unit, every
from pharmacrm.core.values.terms.model import PaymentTerms
from pharmacrm.core.values.terms.options import (
    AmountPolicy,
    DiscountBase,
    DiscountPolicy,
    Overrun,
    PartialPayment,
    Rounding,
)
from pharmacrm.core.values.terms.part import EarlyDiscount, Part, PartKind
from pharmacrm.core.values.terms.share import REST, Base, Fixed, Portion, Rest, Share, portion
from pharmacrm.core.values.terms.steps import (
    CutOff,
    DayOfMonth,
    InMonth,
    OnWeekday,
    PaymentDays,
    WeeksAfter,
    WorkingDaysAfter,
)
from pharmacrm.core.values.terms.text import as_terms, parse_terms

__all__ = [
    "REST",
    "AmountPolicy",
    "Base",
    "Baseline",
    "Chain",
    "CutOff",
    "DayOfMonth",
    "DayOfMonthAfter",
    "DiscountBase",
    "DiscountPolicy",
    "Due",
    "EarlyDiscount",
    "EndOfMonthAfter",
    "EndOfMonthThenNet",
    "Every",
    "Fixed",
    "InMonth",
    "InstalmentsOf",
    "Interval",
    "Monthly",
    "MonthsAfter",
    "Net",
    "NetThenEndOfMonth",
    "OnOrder",
    "OnWeekday",
    "Overrun",
    "Part",
    "PartKind",
    "PartialPayment",
    "PaymentDays",
    "PaymentTerms",
    "Portion",
    "Rest",
    "Rounding",
    "Share",
    "Step",
    "Unit",
    "WeeksAfter",
    "WorkingDaysAfter",
    "as_terms",
    "chain",
    "every",
    "parse_terms",
    "portion",
]
