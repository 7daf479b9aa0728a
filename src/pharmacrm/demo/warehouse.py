"""The warehouse: it picks lots, signs outbound slips, and learns that the goods have arrived."""

from collections.abc import Mapping
from datetime import timedelta

from attrs import frozen

from pharmacrm.core.flows.ending import CloseOrder
from pharmacrm.core.flows.refusals import WhyRefused
from pharmacrm.core.flows.shipping import ConfirmDelivery, IssueSlip
from pharmacrm.core.kernel.query import eq, is_null, le
from pharmacrm.core.orders import Lot, OrderLine, OrderState, OutboundSlip, SalesOrder, SlipItem
from pharmacrm.demo.cast import LEADS, WAREHOUSE
from pharmacrm.demo.company import ZONE, Company
from pharmacrm.demo.orders import Fate, Planned

ON_THE_ROAD = timedelta(days=2)
BETWEEN_SLIPS = timedelta(days=4)
AGAIN = timedelta(days=7)
UNTIL_CLOSED = timedelta(days=10)


@frozen
class Warehouse:
    """The warehouse with the planned orders by id."""

    company: Company
    planned: Mapping[str, Planned]

    def ships(self) -> None:
        """Issue a slip for every order that is due, and a second one for what was left."""
        crm, shelf, due = self.company.crm, self._shelf(), le("ship_on", self.company.today)
        for order in crm.find(SalesOrder, eq("state", OrderState.RELEASED), due, actor=WAREHOUSE):
            if not self._was_stopped(order):
                self._first(order, shelf)
        for order in crm.find(SalesOrder, eq("state", OrderState.PART_SHIPPED), actor=WAREHOUSE):
            self._rest(order, shelf)

    def _shelf(self) -> dict[str, str]:
        """For each product the lot that expires first, of those that may still go out."""
        today = self.company.today
        lots = self.company.crm.find(Lot, eq("held", value=False), order=("-expires",), actor=WAREHOUSE)
        return {lot.product: lot.lot for lot in lots if lot.expires > today}

    def _was_stopped(self, order: SalesOrder) -> bool:
        """Whether a slip of the order was refused lately: the warehouse does not try every morning."""
        refused = self.company.crm.ask(WhyRefused(subject=order.id), actor=WAREHOUSE)
        days = [one.at.astimezone(ZONE).date() for one in refused if one.command == IssueSlip.__name__]
        return any(self.company.today - AGAIN < day < self.company.today for day in days)

    def _first(self, order: SalesOrder, shelf: Mapping[str, str]) -> None:
        one = self.planned[order.id]
        lines = self._lines(order)
        if one.wrong_lot:
            wrong = tuple(SlipItem(line.number, one.wrong_lot, line.remaining) for line in lines)
            slip = IssueSlip(id=f"CK-{order.id}-0", order=order.id, items=wrong)
            self.company.do(slip, actor=WAREHOUSE, key=f"slip/{order.id}/0")
        part = one.fate in {Fate.SPLIT, Fate.SHORT}
        items = tuple(_item(line, shelf, half=part) for line in lines)
        self._issue(order, 1, items)

    def _rest(self, order: SalesOrder, shelf: Mapping[str, str]) -> None:
        one = self.planned[order.id]
        slips = self.company.crm.find(OutboundSlip, eq("order", order.id), actor=WAREHOUSE)
        waited = self.company.today - max(slip.issued_on for slip in slips)
        if one.fate is Fate.SHORT and waited >= UNTIL_CLOSED:
            closed = CloseOrder(order=order.id, reason="剩余数量缺货，客户同意不再补发")
            self.company.do(closed, actor=LEADS[one.region], key=f"close/{order.id}")
        elif one.fate is not Fate.SHORT and waited >= BETWEEN_SLIPS:
            items = tuple(_item(line, shelf) for line in self._lines(order) if line.remaining)
            self._issue(order, 2, items)

    def _lines(self, order: SalesOrder) -> list[OrderLine]:
        return self.company.crm.find(OrderLine, eq("order", order.id), order=("number",), actor=WAREHOUSE)

    def _issue(self, order: SalesOrder, number: int, items: tuple[SlipItem, ...]) -> None:
        self.company.later(4)
        slip = IssueSlip(id=f"CK-{order.id}-{number}", order=order.id, items=items)
        self.company.do(slip, actor=WAREHOUSE, key=f"slip/{order.id}/{number}/{self.company.today}")

    def hears_of_arrivals(self) -> None:
        """Confirm what has been on the road for two days; one customer in thirty never answers."""
        sent = self.company.crm.find(
            OutboundSlip,
            is_null("delivered_on"),
            le("issued_on", self.company.today - ON_THE_ROAD),
            actor=WAREHOUSE,
        )
        for slip in sent:
            if self.company.scale.dice("arrival", slip.id).random() > 1 / 30:
                by = self.planned[slip.order].order.consignee
                arrived = ConfirmDelivery(slip=slip.id, received_by=by)
                self.company.do(arrived, actor=WAREHOUSE, key=f"arrived/{slip.id}")


def _item(line: OrderLine, shelf: Mapping[str, str], *, half: bool = False) -> SlipItem:
    """What is taken for a line: all that remains of it, or about half."""
    quantity = max(1, line.remaining * 3 // 5) if half else line.remaining
    return SlipItem(line.number, shelf[line.product], quantity)
