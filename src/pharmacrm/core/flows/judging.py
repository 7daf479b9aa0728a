"""What credit would say, and why it said what it said (授信试算, 授信追溯): the same rule, now and then.

`CreditCheck` asks before anybody orders. `WhyCredit` replays the journal up to the moment before an order was
decided about, and lets the rule decide again: limit, exposure, group, policy and gates as they stood then.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen
from attrs.converters import optional

from pharmacrm.core.credit import (
    CreditGroup,
    CreditLine,
    CreditOverride,
    CreditPolicy,
    CreditRules,
    Exposure,
    ForeignCredit,
    ForeignPart,
    LimitInForce,
    Reservation,
)
from pharmacrm.core.credit.checks import check_amount, check_credit
from pharmacrm.core.credit.exposure import exposure_of
from pharmacrm.core.credit.model import empty_line, reservation_id
from pharmacrm.core.credit.overrides import overridden
from pharmacrm.core.customers import Customer
from pharmacrm.core.engines.holds import Hold, HoldState
from pharmacrm.core.flows.lines import Credit, foreign_parts, read_credit
from pharmacrm.core.flows.passing import CREDIT_HOLDS
from pharmacrm.core.flows.past import Past, story
from pharmacrm.core.kernel.codec import from_plain
from pharmacrm.core.kernel.dates import as_date, as_instant
from pharmacrm.core.kernel.decision import Decision, Outcome
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import NotFound
from pharmacrm.core.kernel.journal import Entry
from pharmacrm.core.kernel.message import Question, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.reason import Reason, in_order
from pharmacrm.core.kernel.record import kind_name
from pharmacrm.core.kernel.replay import Replay
from pharmacrm.core.kernel.strict import Id, strict
from pharmacrm.core.orders import SalesOrder
from pharmacrm.core.orders.amounts import credit_part
from pharmacrm.core.rates import ExchangeRate
from pharmacrm.core.receivables import Receivable
from pharmacrm.core.values.exchange import Exchange
from pharmacrm.core.values.terms import PaymentTerms

JUDGED = frozenset({"PlaceOrder", "AmendOrder", "RecheckCredit", "ReopenOrder"})
"""The commands in which an order asks for credit."""


@frozen(kw_only=True)
class PassedHold:
    """A hold of the order that somebody passed: what it was about, who, when."""

    code: str
    by: str
    at: datetime

    def explain(self, language: str = "en") -> str:
        """Who passed what when."""
        when = _clock(self.at)
        if language.startswith("zh"):
            return f"{self.code} 已由 {self.by} 于 {when} 放行"
        return f"{self.code} was passed by {self.by} at {when}"


def _clock(at: datetime) -> str:
    """A moment to the minute, with how far its zone is from UTC."""
    return f"{at:%Y-%m-%d %H:%M %z}"


@frozen(kw_only=True)
class CreditJudgement:
    """What credit says of so much more, and everything that it rests on; times are in the tenant's zone.

    `exposure` and `group` are those before; `reasons` is empty where nothing stood against it. Of an order it
    says who decided what when, which holds were passed since, and which override was used. `exchange` is the
    rate at which so much more counts, where it is in another currency than the limit.
    """

    customer: str
    more: Money
    limit: LimitInForce
    exposure: Exposure
    group: Exposure | None
    rules: CreditRules
    reasons: tuple[Reason, ...]
    order: str = ""
    command: str = ""
    actor: str = ""
    at: datetime
    passed: tuple[PassedHold, ...] = ()
    override: CreditOverride | None = None
    exchange: Exchange | None = None

    @property
    def outcome(self) -> Outcome:
        """ALLOWED, HELD or REFUSED, as the reasons weigh."""
        return Decision[None](reasons=self.reasons).outcome

    def explain(self, language: str = "en") -> str:
        """Who decided when, outcome and reasons, what was asked for, limit and exposure part by part."""
        zh = language.startswith("zh")
        decision = Decision[None](reasons=self.reasons)
        asked = f"{'本次占用' if zh else 'asked for'} {self.more}"
        rate = [] if self.exchange is None else [self.exchange.explain(language)]
        by = "操作人" if zh else "by"
        parts = [
            *([f"{self.command} {by} {self.actor}, {_clock(self.at)}"] if self.actor else []),
            decision.explain(language),
            asked,
            *rate,
            self.limit.explain(language),
            self.exposure.explain(language),
        ]
        if self.group is not None:
            parts.append(f"{'集团' if zh else 'group'}\n{self.group.explain(language)}")
        if self.override is not None:
            word, until = ("特批", "有效至") if zh else ("override", "until")
            parts.append(
                f"{word} {self.override.id} {self.override.amount} {until} {self.override.expires_on}"
            )
        return "\n".join([*parts, *(each.explain(language) for each in self.passed)])


@frozen(kw_only=True, field_transformer=strict)
class CreditCheck(Question[CreditJudgement]):
    """What credit would say if a customer ordered for so much more now; nothing is reserved (授信试算)."""

    customer: Id
    amount: Money


@frozen(kw_only=True, field_transformer=strict)
class WhyCredit(Question[CreditJudgement]):
    """Why an order got its credit, or did not: its last decision, or the one in force then (授信追溯).

    `on` means the end of a day in the tenant's zone, `when` a moment; of both the earlier counts. The journal
    is replayed: later limits, payments and policies do not change the answer.
    """

    order: Id
    on: date | None = field(default=None, converter=optional(as_date))
    when: datetime | None = field(default=None, converter=optional(as_instant))


def judged(
    known: Credit,
    more: Money,
    *,
    customer: str,
    subject: str,
    at: datetime,
    foreign: Sequence[ForeignPart] = (),
) -> CreditJudgement:
    """Let the rule say what it thinks of so much more."""
    line = known.line or empty_line(customer, more.currency)
    around = known.around(subject, more.currency)
    reasons = check_amount(line, more, subject=subject, exchange=around.exchange)
    if not reasons and more.is_positive:
        reasons = (*check_credit(known.line, more, subject=subject, around=around), *around.gates)
    return CreditJudgement(
        customer=customer,
        more=more,
        limit=known.limit(line),
        exposure=exposure_of(line, rules=known.rules.parts, foreign=foreign),
        group=None if known.group is None else exposure_of(known.group, rules=known.rules.parts),
        rules=known.rules,
        reasons=in_order(reasons),
        exchange=around.exchange,
        at=at,
    )


@CreditCheck.handler
def credit_check(question: CreditCheck, read: Reads) -> CreditJudgement:
    """Read the credit of the customer as it is."""
    customer = read.get(Customer, question.customer).id
    known = read_credit(read, customer, question.amount.currency)
    foreign = foreign_parts(read, customer)
    return judged(known, question.amount, customer=customer, subject=customer, at=read.at, foreign=foreign)


@WhyCredit.handler
def why_credit(question: WhyCredit, read: Reads) -> CreditJudgement:
    """Find the decision in the journal, and read the credit as it stood the moment before."""
    order = read.get(SalesOrder, question.order)
    entries = story(read, SalesOrder, order.id)
    then_at = _moment(question, read)
    decided = _decided(order.id, entries, then_at)
    past = Past(decided.recorded_at, read.tenant)
    _remember(past, read, order)
    then = _as_decided(order, entries, decided)
    held = past.seek(Reservation, reservation_id(order.id))
    asked = credit_part(then)
    more = asked if held is None else asked - held.open - held.posted
    known = read_credit(past, order.buyer, asked.currency)
    foreign = foreign_parts(past, order.buyer)
    found = judged(
        known,
        more,
        customer=order.buyer,
        subject=order.id,
        at=decided.recorded_at.astimezone(read.tenant.tz),
        foreign=foreign,
    )
    override = _used_in(decided, read, order.id)
    return evolve(
        found,
        reasons=overridden(found.reasons, override),
        override=override,
        order=order.id,
        command=decided.command,
        actor=decided.actor,
        passed=_passed(read, order.id, then.revision, then_at),
    )


def _moment(question: WhyCredit, read: Reads) -> datetime | None:
    """The moment that is asked about; None is now."""
    ends = None if question.on is None else _end_of(question.on, read.tenant.tz)
    given = [each for each in (ends, question.when) if each is not None]
    return min(given, default=None)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.max, zone).astimezone(UTC)


def _decided(order: str, entries: Sequence[Entry], at: datetime | None) -> Entry:
    made = [each for each in entries if each.command in JUDGED and (at is None or each.recorded_at <= at)]
    if not made:
        raise NotFound("credit_decision", order)
    return made[-1]


def _remember(past: Past, read: Reads, order: SalesOrder) -> None:
    """Take in what the decision could see: line and group, reservation, policies, what was owed."""
    past.take(story(read, CreditLine, order.buyer))
    line = past.seek(CreditLine, order.buyer)
    if line is not None and line.group:
        past.take(story(read, CreditGroup, line.group))
    past.take(story(read, Reservation, reservation_id(order.id)))
    past.take(story(read, CreditPolicy))
    _remember_rates(past, read, order)
    owed = [each.id for each in read.find(Receivable, eq("customer", order.buyer))]
    if owed:
        past.take(story(read, Receivable, *owed))


def _remember_rates(past: Past, read: Reads, order: SalesOrder) -> None:
    """Take in the rates and the accounts of other currencies than the line's, if there are any."""
    accounts = [each.id for each in read.find(ForeignCredit, eq("customer", order.buyer))]
    line = past.seek(CreditLine, order.buyer)
    if line is None or not (accounts or line.currency != order.total.currency):
        return
    if accounts:
        past.take(story(read, ForeignCredit, *accounts))
    rates = [
        *read.find(ExchangeRate, eq("quote", line.currency)),
        *read.find(ExchangeRate, eq("base", line.currency)),
    ]
    if rates:
        past.take(story(read, ExchangeRate, *(each.id for each in rates)))


def _used_in(decided: Entry, read: Reads, order: str) -> CreditOverride | None:
    """The override that a decision used up: its journal has a row of the same command and moment."""
    for override in read.find(CreditOverride, eq("order", order)):
        rows = story(read, CreditOverride, override.id)
        if any((row.command, row.recorded_at) == (decided.command, decided.recorded_at) for row in rows):
            return override
    return None


def _as_decided(order: SalesOrder, entries: Sequence[Entry], decided: Entry) -> SalesOrder:
    """The order with the total, the terms and the revision of that decision."""
    told = Replay().take(entries[: entries.index(decided) + 1])
    fields = told.state[kind_name(SalesOrder), order.id]
    return evolve(
        order,
        total=from_plain(Money, fields["total"]),
        terms=from_plain(PaymentTerms, fields["terms"]),
        revision=fields["revision"],
    )


def _passed(read: Reads, order: str, revision: int, at: datetime | None) -> tuple[PassedHold, ...]:
    holds = read.find(Hold, eq("subject", order), eq("revision", revision), order=("code",))
    return tuple(
        PassedHold(code=each.code, by=each.released_by or "", at=each.released_at.astimezone(read.tenant.tz))
        for each in holds
        if each.state is HoldState.RELEASED
        and each.code in CREDIT_HOLDS
        and each.released_at is not None
        and (at is None or each.released_at <= at)
    )


WATCHERS = ("sales", "assistant", "lead", "finance", "admin", "auditor")

domain = Domain(
    name="judging",
    handlers=(credit_check, why_credit),
    rights=dict.fromkeys(WATCHERS, (CreditCheck, WhyCredit)),
)
