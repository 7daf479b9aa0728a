"""Credit as a decision needs it: the line of the day, its group, the rules that hold, what is overdue."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final, Protocol

from attrs import evolve, field, frozen

from pharmacrm.core.credit import CreditGroup, CreditLine, CreditRules, ForeignCredit, ForeignPart
from pharmacrm.core.credit.dated import LimitInForce, limit_on
from pharmacrm.core.credit.foreign import Account, empty_account, foreign_id
from pharmacrm.core.credit.handlers import Moment, read_group_rules, read_rules, today
from pharmacrm.core.credit.model import empty_line, in_force
from pharmacrm.core.credit.overdue import OpenItem, check_overdue
from pharmacrm.core.credit.reservations import without
from pharmacrm.core.credit.standing import Surroundings
from pharmacrm.core.kernel.decision import Decision, save
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.rates import read_exchange
from pharmacrm.core.receivables import Instalment
from pharmacrm.core.values.exchange import Exchange
from pharmacrm.core.values.terms import PartKind

NO_EXCHANGE: Final[Mapping[str, Exchange]] = MappingProxyType({})


@frozen(kw_only=True)
class Credit:
    """The credit of one customer on the day: the line with its limit of that day, its group, the rules.

    `exchanges` say what other currencies count for on the line; `account` is what is owed in the currency
    that was asked for, if that is another one. What is overdue is in the currency of the line.
    """

    line: CreditLine | None
    group: CreditGroup | None
    rules: CreditRules
    overdue: Sequence[OpenItem]
    on: date
    exchanges: Mapping[str, Exchange] = field(default=NO_EXCHANGE)
    account: ForeignCredit | None = None

    def around(self, subject: str, currency: str) -> Surroundings:
        """What stands around the line when a document asks for credit."""
        own = self.line.currency if self.line is not None else currency
        return Surroundings(
            group=self.group,
            rules=self.rules,
            gates=check_overdue(self.rules.gates, self.overdue, on=self.on, currency=own, subject=subject),
            exchange=self.exchanges.get(currency),
        )

    def without(self, reserved: Money, of: Money) -> "Credit":
        """Credit as if so much less were reserved: what a document holds never stands against it.

        Of what it needs only the rest is to be counted, at the rate of the day: as the store will.
        """
        exchange = self.exchanges.get(of.currency)
        counts = reserved if exchange is None else exchange.up(of) - exchange.up(of - reserved)
        return evolve(self, line=without(self.line, counts), group=without(self.group, counts))

    def limit(self, line: CreditLine) -> LimitInForce:
        """The limit of the day, part by part; one without a date stands as if it were a default."""
        default = line.limit if line.limit and not line.limits else self.rules.limit
        return limit_on(
            line.limits,
            self.on,
            currency=line.currency,
            rule=self.rules.limit_rule,
            inherited=default if default is not None and default.currency == line.currency else None,
        )

    def to_date(self) -> Decision[None]:
        """Store the limits of the day, against which the store tests; nothing where they are the same."""
        return save(*(each for each in (self.line, self.group) if each is not None))


class CreditReads(Lookup, Moment, Protocol):
    """What credit is read from: the present (`Reads`), or the past (`flows/past.py`)."""


def read_credit(read: CreditReads, customer: str, currency: str = "") -> Credit:
    """Read the credit of a customer as the day makes it; a default limit makes the line of one without.

    `currency` is that of what is asked for: its rate and account are read where it is not the line's. Overdue
    instalments are read where a gate looks at them.
    """
    on = today(read)
    stored = read.seek(CreditLine, customer)
    group = read.seek(CreditGroup, stored.group) if stored is not None and stored.group else None
    rules = read_rules(read, customer, group)
    line = _line(read, customer, stored, rules)
    overdue = open_items(read, customer) if rules.gates else []
    known = Credit(
        line=line,
        group=None if group is None else group_on(read, group, on),
        rules=rules,
        overdue=overdue,
        on=on,
    )
    return known if line is None else _exchanged(known, line, currency or line.currency, read)


def group_on(read: Lookup, group: CreditGroup, on: date) -> CreditGroup:
    """A group with its limit of a day, put together by the rules of the group, not of a member."""
    return in_force(group, on, rule=read_group_rules(read, group).limit_rule)


def _exchanged(known: Credit, line: CreditLine, currency: str, read: CreditReads) -> Credit:
    """Credit with what is foreign to its line: rates, the account of the currency asked for, what is late."""
    foreign = ({currency} | {each.open.currency for each in known.overdue}) - {line.currency}
    if not foreign:
        return known
    exchanges = {each: read_exchange(read, each, line.currency, known.on) for each in sorted(foreign)}
    account = read_account(read, line, currency)
    return evolve(
        known,
        exchanges=exchanges,
        overdue=[*_in_own(known.overdue, exchanges)],
        account=account if isinstance(account, ForeignCredit) else None,
    )


def _in_own(items: Iterable[OpenItem], exchanges: Mapping[str, Exchange]) -> Iterable[OpenItem]:
    """What is overdue in the currency of the line; what has no rate counts nothing."""
    for item in items:
        exchange = exchanges.get(item.open.currency)
        yield item if exchange is None else evolve(item, open=exchange.up(item.open))


def read_account(read: Lookup, line: CreditLine, currency: str) -> Account:
    """Where an amount of a currency is booked for a customer: the line, or the account beside it."""
    if currency == line.currency:
        return line
    found = read.seek(ForeignCredit, foreign_id(line.id, currency))
    return found or empty_account(line.id, currency, line.currency)


def seek_account(read: Lookup, customer: str, currency: str) -> Account | None:
    """Where an amount of a currency is booked for a customer; None for one without a line."""
    line = read.seek(CreditLine, customer)
    return None if line is None else read_account(read, line, currency)


def foreign_parts(read: Lookup, customer: str) -> list[ForeignPart]:
    """What a customer owes in other currencies, and what that counts for."""
    accounts = read.find(ForeignCredit, eq("customer", customer), order=("id",))
    return [ForeignPart(each.exposure, each.counted.exposure) for each in accounts]


def read_line(read: CreditReads, customer: str) -> CreditLine | None:
    """Read a credit line with the limit of the day."""
    return read_credit(read, customer).line


def _line(
    read: CreditReads, customer: str, stored: CreditLine | None, rules: CreditRules
) -> CreditLine | None:
    if stored is None and rules.limit is None:
        return None
    line = stored or empty_line(customer, read.tenant.currency)
    inherited = rules.limit if rules.limit is not None and rules.limit.currency == line.currency else None
    return in_force(line, today(read), rule=rules.limit_rule, inherited=inherited)


def open_items(read: CreditReads, customer: str) -> list[OpenItem]:
    """Read what a customer owes on credit, instalment by instalment; prepayments are no debts."""
    found = read.find(Instalment, eq("customer", customer), eq("settled", value=False))
    return [OpenItem(each.due, each.open) for each in found if each.kind is PartKind.CREDIT]
