"""The office: sales hand in, quality files, leads and finance pass holds, and everybody signs what waits."""

from collections.abc import Mapping

from attrs import evolve, frozen

from pharmacrm.core.approvals import Hold
from pharmacrm.core.engines.holds import HoldState
from pharmacrm.core.flows.approvals import Inbox
from pharmacrm.core.flows.ending import CancelOrder
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.placing import AmendOrder
from pharmacrm.core.flows.release import ApproveOrder, RejectOrder
from pharmacrm.core.flows.standing import InboxItem, Waiting
from pharmacrm.core.kernel.query import eq, prefix
from pharmacrm.core.orders import HoldLot, Line, OrderState, SalesOrder
from pharmacrm.core.receivables import Instalment
from pharmacrm.demo.accounts import Account
from pharmacrm.demo.cast import ACCOUNTANT, ASSISTANTS, DISPATCHER, LEADS, QUALITY, TREASURER
from pharmacrm.demo.catalogue import RECALLED, first_lot
from pharmacrm.demo.company import ZONE, Company
from pharmacrm.demo.customers import FIVE_YEARS, main_licence
from pharmacrm.demo.orders import Fate, Planned
from pharmacrm.demo.troubles import RECALL_AT

MOST = 1_000
PATIENCE = 40
"""Days after which an order that still waits for its money is given up."""


@frozen
class Office:
    """Everybody who works at a desk, with the planned orders by id."""

    company: Company
    accounts: tuple[Account, ...]
    planned: Mapping[str, Planned]

    def files(self) -> None:
        """Quality registers the licences that were renewed, and on the day of the recall stops the lot."""
        today = self.company.today
        for one in self.accounts:
            if one.renewed and self.company.falls_today(one.renewed):
                renewed = main_licence(one, one.renewed, one.renewed + FIVE_YEARS)
                self.company.do(renewed, actor=QUALITY, key=f"renew/{one.id}")
        if today == self.company.scale.day_at(RECALL_AT):
            recall = HoldLot(
                product=RECALLED, lot=first_lot(RECALLED), reason="生产企业主动召回：溶出度不合格"
            )
            self.company.do(recall, actor=QUALITY, key=f"recall/{RECALLED}")

    def hands_in(self) -> None:
        """Sales hand in the orders of the day, and amend what their lead rejected."""
        for one in self.planned.values():
            if one.day == self.company.today:
                self.company.later(7)
                self.company.do(one.order, actor=one.actor, key=f"place/{one.order.id}")
        for order in self._in_state(OrderState.REJECTED):
            one = self.planned[order.id]
            if one.fate is Fate.AMENDED:
                self.company.do(_amended(one), actor=one.actor, key=f"amend/{order.id}")

    def gives_up(self) -> None:
        """Sales cancel what finance will not pass, what nobody wants any more, and what nobody pays for."""
        for order in self._in_state(OrderState.IN_APPROVAL):
            one, age = self.planned[order.id], (self.company.today - order.ordered_on).days
            held = self._held_for_credit(order.id) and not one.tolerated
            if age and (held or one.fate is Fate.WITHDRAWN or age > PATIENCE):
                reason = (
                    "信用未获放行，客户撤单"
                    if held
                    else "客户撤单"
                    if age <= PATIENCE
                    else "久未付款，取消订单"
                )
                self.company.do(
                    CancelOrder(order=order.id, reason=reason), actor=one.actor, key=f"cancel/{order.id}"
                )

    def _held_for_credit(self, order: str) -> bool:
        open_ = self.company.crm.find(
            Hold, eq("subject", order), eq("state", HoldState.OPEN), actor=TREASURER
        )
        return any(hold.code.startswith("credit.") for hold in open_)

    def passes_holds(self) -> None:
        """Leads pass prices off the list, finance those below the floor and some credit over the limit."""
        for actor in (*LEADS.values(), TREASURER):
            for item in self._waiting(actor, Waiting.HOLD):
                one = self.planned[item.subject]
                if self._is_old(item) and (one.tolerated or item.step.startswith("price.")):
                    passed = PassHold(of=item.subject, code=item.step, reason="老客户，情况已核实，同意放行")
                    self.company.do(passed, actor=actor, key=f"pass/{item.id}")

    def checks(self) -> None:
        """Assistants check the qualifications of their region, the dispatcher the rest, the same day."""
        held = self._held()
        for actor, unit in zip(ASSISTANTS, LEADS, strict=True):
            for item in self._waiting(actor, Waiting.APPROVAL):
                if self.planned[item.subject].region == unit and item.subject not in held:
                    self._signs(actor, item)
        for item in self._waiting(DISPATCHER, Waiting.APPROVAL):
            self._signs(DISPATCHER, item)

    def decides(self) -> None:
        """The next morning leads decide about their region, a day later finance looks for the money."""
        for unit, actor in LEADS.items():
            for item in self._waiting(actor, Waiting.APPROVAL):
                if self._is_old(item):
                    self._lead(actor, unit, item)
        for item in self._waiting(ACCOUNTANT, Waiting.APPROVAL):
            one = self.planned[item.subject]
            if self._is_old(item) and (
                self._is_paid(item.subject) or (one.hasty and self._came_yesterday(item))
            ):
                self._signs(ACCOUNTANT, item)

    def _lead(self, actor: str, unit: str, item: InboxItem) -> None:
        one = self.planned[item.subject]
        if one.nosy:
            other = next(lead for region, lead in LEADS.items() if region != unit)
            self.company.do(ApproveOrder(order=item.subject), actor=other, key=f"nosy/{item.id}")
        if one.fate in {Fate.REJECTED, Fate.AMENDED} and item.id.endswith("/1"):
            why = "数量与客户月均用量不符，请核实" if one.fate is Fate.AMENDED else "客户近期已重复采购"
            rejected = RejectOrder(order=item.subject, comment=why, seen=item.content)
            self.company.do(rejected, actor=actor, key=f"reject/{item.id}")
        else:
            self._signs(actor, item)

    def _signs(self, actor: str, item: InboxItem) -> None:
        """Sign for exactly what the inbox showed; a second try after a refusal has a key of its own."""
        self.company.later(3)
        approved = ApproveOrder(order=item.subject, seen=item.content)
        self.company.do(approved, actor=actor, key=f"sign/{item.id}/{item.step}/{self.company.today}")

    def _waiting(self, actor: str, kind: Waiting) -> list[InboxItem]:
        found = self.company.crm.ask(Inbox(limit=MOST), actor=actor)
        return [item for item in found if item.waiting is kind]

    def _held(self) -> set[str]:
        open_ = self.company.crm.find(Hold, eq("state", HoldState.OPEN), actor=TREASURER)
        return {hold.subject for hold in open_}

    def _is_old(self, item: InboxItem) -> bool:
        """Whether it waits since yesterday or longer: nobody here signs what came the same day."""
        return item.since.astimezone(ZONE).date() < self.company.today

    def _came_yesterday(self, item: InboxItem) -> bool:
        return item.since.astimezone(ZONE).date() == self.company.yesterday

    def _is_paid(self, order: str) -> bool:
        mine = prefix("receivable", f"{order}/prepayment/")
        return not self.company.crm.find(Instalment, mine, eq("settled", value=False), actor=ACCOUNTANT)

    def _in_state(self, state: OrderState) -> list[SalesOrder]:
        return self.company.crm.find(SalesOrder, eq("state", state), actor=DISPATCHER)


def _amended(one: Planned) -> AmendOrder:
    """The same order for less."""
    order = one.order
    return AmendOrder(
        order=order.id,
        lines=tuple(_less(line) for line in order.lines),
        consignee=order.consignee,
        phone=order.phone,
        address=order.address,
        terms=order.terms,
        note="按部门领导意见调减数量",
    )


def _less(line: Line) -> Line:
    """Half of it, in whole boxes."""
    return evolve(line, quantity=max(1, line.quantity // 2)) if line.unit else line
