"""Credit as a decision needs it: the line of the day, its group, the rules that hold, what is overdue."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from attrs import frozen

from pharmacrm.core.credit import CreditGroup, CreditLine, CreditRules
from pharmacrm.core.credit.dated import LimitInForce, limit_on
from pharmacrm.core.credit.handlers import Moment, read_rules, today
from pharmacrm.core.credit.model import empty_line, in_force
from pharmacrm.core.credit.overdue import OpenItem, check_overdue
from pharmacrm.core.credit.standing import Surroundings
from pharmacrm.core.kernel.decision import Decision, save
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.receivables import Instalment
from pharmacrm.core.values.terms import PartKind


@frozen(kw_only=True)
class Credit:
    """The credit of one customer on the day: the line with its limit of that day, its group, the rules."""

    line: CreditLine | None
    group: CreditGroup | None
    rules: CreditRules
    overdue: Sequence[OpenItem]
    on: date

    def around(self, subject: str, currency: str) -> Surroundings:
        """What stands around the line when a document asks for credit."""
        return Surroundings(
            group=self.group,
            rules=self.rules,
            gates=check_overdue(
                self.rules.gates, self.overdue, on=self.on, currency=currency, subject=subject
            ),
        )

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


def read_credit(read: CreditReads, customer: str) -> Credit:
    """Read the credit of a customer as the day makes it; a default limit makes the line of one without.

    Overdue instalments are read where a gate looks at them.
    """
    on = today(read)
    stored = read.seek(CreditLine, customer)
    group = read.seek(CreditGroup, stored.group) if stored is not None and stored.group else None
    rules = read_rules(read, customer, group)
    return Credit(
        line=_line(read, customer, stored, rules),
        group=None if group is None else in_force(group, on, rule=rules.limit_rule),
        rules=rules,
        overdue=open_items(read, customer) if rules.gates else (),
        on=on,
    )


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
