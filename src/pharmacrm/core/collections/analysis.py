"""The analysis of collection over a period (客户回款分析, UF-32): every measure, with what it is made of."""

from datetime import date

from attrs import frozen

from pharmacrm.core.collections.measures import DSO, CountBackDSO, DaysLate, Effectiveness
from pharmacrm.core.kernel.money import Money


@frozen(kw_only=True)
class CollectionAnalysis:
    """How credit sales became money from one day through another.

    Always opening + sales - collected - discounts - other = closing. `other` is what was credited,
    cancelled or written off; money on account that settles nothing yet counts nowhere.
    """

    start: date
    through: date
    currency: str
    opening: Money
    sales: Money
    collected: Money
    discounts: Money
    closing: Money
    closing_current: Money
    count_back: CountBackDSO
    days_late: DaysLate

    @property
    def other(self) -> Money:
        """What ended in neither money nor a discount."""
        return self.opening + self.sales - self.collected - self.discounts - self.closing

    @property
    def days(self) -> int:
        """The days of the period."""
        return (self.through - self.start).days + 1

    @property
    def dso(self) -> DSO:
        """Days sales outstanding, simple."""
        return DSO(self.closing, self.sales, self.days)

    @property
    def best_possible(self) -> DSO:
        """The DSO if nothing were overdue (最佳周转天数): what is not due yet, in days of sales."""
        return DSO(self.closing_current, self.sales, self.days)

    @property
    def average_delinquent(self) -> DSO:
        """The days of sales that are overdue (平均拖欠天数): DSO less the best possible."""
        return DSO(self.closing - self.closing_current, self.sales, self.days)

    @property
    def effectiveness(self) -> Effectiveness:
        """Of what could be collected, the part that was."""
        return Effectiveness(self.opening, self.sales, self.closing, self.closing_current)
