"""Questions about money: what counts against a limit, and what an order is to bring when."""

from collections.abc import Callable
from datetime import date

from attrs import evolve, field, frozen
from attrs.converters import optional

from pharmacrm.core.credit import CreditGroup, CreditLine, Exposure, Reservation
from pharmacrm.core.credit.dated import LimitInForce, limit_on
from pharmacrm.core.credit.exposure import exposure_of
from pharmacrm.core.credit.handlers import read_group_rules, today
from pharmacrm.core.credit.model import empty_line
from pharmacrm.core.customers import Customer
from pharmacrm.core.engines.holds import Hold, HoldState
from pharmacrm.core.flows.lines import foreign_parts, read_credit
from pharmacrm.core.flows.passing import CREDIT_HOLDS
from pharmacrm.core.flows.paying import paying_on
from pharmacrm.core.flows.timed import RESERVATION_LAPSED
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Question, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq, is_in, within
from pharmacrm.core.kernel.strict import Id, strict
from pharmacrm.core.orders import OrderState, SalesOrder
from pharmacrm.core.orders.amounts import credit_part
from pharmacrm.core.rates import read_exchange
from pharmacrm.core.values.exchange import Exchange
from pharmacrm.core.values.schedule import Plan, fill
from pharmacrm.core.values.terms import Baseline
from pharmacrm.core.values.timetable import timetable

OPEN = (OrderState.SUBMITTED, OrderState.IN_APPROVAL, OrderState.RELEASED, OrderState.PART_SHIPPED)
WATCHERS = ("sales", "assistant", "lead", "finance", "admin", "auditor")


@frozen(kw_only=True, field_transformer=strict)
class CreditExposure(Question[Exposure]):
    """What a customer owes or will owe, part by part: what counts against the limit, and what does not."""

    customer: Id


@frozen(kw_only=True, field_transformer=strict)
class PaymentPlan(Question[Plan]):
    """What an order is expected to bring and when, as if all of it shipped on the day asked for shipment."""

    order: Id


@frozen(kw_only=True, field_transformer=strict)
class LimitOn(Question[LimitInForce]):
    """The credit limit of a customer on a day, part by part, as it is planned now (当日额度).

    The day is today if none is said. What stood on a day gone by, before later changes, the journal knows.
    """

    customer: Id
    on: date | None = field(default=None, converter=optional(as_date))


@frozen(kw_only=True, field_transformer=strict)
class GroupLimitOn(Question[LimitInForce]):
    """The limit that a credit group shares on a day, part by part, as it is planned now (集团当日额度).

    The day is today if none is said. A group that shares no limit has none of 0.
    """

    group: Id
    on: date | None = field(default=None, converter=optional(as_date))


@CreditExposure.handler
def credit_exposure(question: CreditExposure, read: Reads) -> Exposure:
    """Read the line, and the orders that hold no credit: held ones, and what is prepaid of the open ones."""
    known = read_credit(read, question.customer)
    line = known.line
    if line is None:
        line = empty_line(read.get(Customer, question.customer).id, read.tenant.currency)
    counts = _counting(read, line, known.on)
    codes = sorted(CREDIT_HOLDS | {RESERVATION_LAPSED.code})
    held = within(Hold, "subject", eq("state", HoldState.OPEN), is_in("code", codes))
    mine = (eq("buyer", question.customer), is_in("state", OPEN))
    waiting = read.find(SalesOrder, *mine, held)
    kept = read.find(Reservation, is_in("order", [order.id for order in waiting])) if waiting else []
    has = {each.order: each.open + each.posted for each in kept}
    wanting = ((credit_part(order), has.get(order.id)) for order in waiting)
    return exposure_of(
        line,
        held=Money.total(
            (counts(part if got is None else part - got) for part, got in wanting), line.currency
        ),
        prepaid=Money.total(
            (counts(order.total - credit_part(order)) for order in read.find(SalesOrder, *mine)),
            line.currency,
        ),
        rules=known.rules.parts,
        foreign=foreign_parts(read, question.customer),
    )


def _counting(read: Reads, line: CreditLine, on: date) -> Callable[[Money], Money]:
    """What an amount counts for on a line, on a day; nothing where there is no rate."""
    known: dict[str, Exchange] = {}

    def counts(amount: Money) -> Money:
        if amount.currency == line.currency:
            return amount
        if amount.currency not in known:
            known[amount.currency] = read_exchange(read, amount.currency, line.currency, on)
        return known[amount.currency].up(amount)

    return counts


@LimitOn.handler
def limit_of_day(question: LimitOn, read: Reads) -> LimitInForce:
    """Read the line; a customer without one has no limit."""
    known = read_credit(read, question.customer)
    line = known.line
    if line is None:
        line = empty_line(read.get(Customer, question.customer).id, read.tenant.currency)
    return evolve(known, on=question.on or known.on).limit(line)


@GroupLimitOn.handler
def group_limit_of_day(question: GroupLimitOn, read: Reads) -> LimitInForce:
    """Read the group, and how its limits are put together."""
    group = read.get(CreditGroup, question.group)
    rule = read_group_rules(read, group).limit_rule
    return limit_on(group.limits, question.on or today(read), currency=group.currency, rule=rule)


@PaymentPlan.handler
def payment_plan(question: PaymentPlan, read: Reads) -> Plan:
    """Plan the whole order from its terms and dates; events yet to come are taken to be its shipment."""
    order = read.get(SalesOrder, question.order)
    table = timetable(
        order.terms,
        anchor=order.ship_on,
        calendar=read.calendar(),
        prepaid_on=order.ordered_on,
        dates={Baseline.DELIVERY: order.ship_on},
        paying=paying_on(read, order.buyer, order.ship_on, order.term_version),
    )
    return fill(table, order.total, untaxed=order.net)


domain = Domain(
    name="money",
    handlers=(credit_exposure, limit_of_day, group_limit_of_day, payment_plan),
    rights=dict.fromkeys(WATCHERS, (CreditExposure, LimitOn, GroupLimitOn, PaymentPlan)),
)
