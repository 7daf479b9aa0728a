"""What people want to know of receivables."""

from datetime import date

from attrs import field, frozen

from pharmacrm.core.kernel.message import Question
from pharmacrm.core.kernel.strict import OptionalCurrency, OptionalCustomer, strict
from pharmacrm.core.receivables.ageing import EDGES, Ageing, AgeingBasis, CustomerAgeing, as_edges


@frozen(kw_only=True, field_transformer=strict)
class AgeingReport(Question[Ageing]):
    """What is open by age (账龄表), of one customer or of all, today or as it was on a past day.

    Amounts are in one currency, the tenant's unless another is named. What was to be prepaid and did not come
    is no receivable, as nothing was shipped for it: only with `prepayments` it counts too.
    """

    customer: OptionalCustomer = ""
    as_of: date | None = None
    currency: OptionalCurrency = ""
    edges: tuple[int, ...] = field(default=EDGES, converter=as_edges)
    lower_inclusive: bool = False
    basis: AgeingBasis = AgeingBasis.DUE
    prepayments: bool = False


@frozen(kw_only=True, field_transformer=strict)
class AgeingByCustomer(Question[tuple[CustomerAgeing, ...]]):
    """What each customer owes by age (客户账龄表), in the order of their ids; who owes nothing is left out.

    Today or on a past day, in one currency, the tenant's unless another is named. What was to be prepaid and
    did not come counts only with `prepayments`.
    """

    as_of: date | None = None
    currency: OptionalCurrency = ""
    edges: tuple[int, ...] = field(default=EDGES, converter=as_edges)
    lower_inclusive: bool = False
    basis: AgeingBasis = AgeingBasis.DUE
    prepayments: bool = False
