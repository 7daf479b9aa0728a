"""Limits that begin or end by the calendar: the line shows the limit of the day (额度到期)."""

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from pharmacrm.core.credit import CreditGroup, CreditLine
from pharmacrm.core.credit.handlers import today
from pharmacrm.core.credit.limits import refresh
from pharmacrm.core.flows.lines import group_on, read_line
from pharmacrm.core.flows.timed.errands import Errand, Situation, pages
from pharmacrm.core.kernel.dates import local_date
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.errors import NotFound
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import le
from pharmacrm.core.kernel.strict import Id, strict


@frozen(kw_only=True, field_transformer=strict)
class RefreshCreditLimit(Command[CreditLine]):
    """Bring the limit of a credit line to the day, after a dated limit began or ended.

    `crm.run_due()` does it, as the actor `system`; an order does it by itself.
    """

    subject_field = "customer"

    customer: Id


@RefreshCreditLimit.handler
def refresh_credit_limit(command: RefreshCreditLimit, read: Reads) -> Decision[CreditLine]:
    """Read the line as the day makes it."""
    line = read_line(read, command.customer)
    if line is None:
        raise NotFound("credit_line", command.customer)
    return refresh(read.get(CreditLine, command.customer), line)


@frozen(kw_only=True, field_transformer=strict)
class RefreshGroupLimit(Command[CreditGroup]):
    """Bring the limit of a group to the day, after a dated limit began or ended.

    `crm.run_due()` does it, as the actor `system`; an order of a member does it by itself.
    """

    subject_field = "group"

    group: Id


@RefreshGroupLimit.handler
def refresh_group_limit(command: RefreshGroupLimit, read: Reads) -> Decision[CreditGroup]:
    """Read the group as the day makes it."""
    group = read.get(CreditGroup, command.group)
    return refresh(group, group_on(read, group, today(read)))


def changing_limits(lookup: Lookup, now: Situation) -> Iterator[Command[Any]]:
    """The lines and groups whose limit may be another one since it was last looked at."""
    day = local_date(now.at, now.tenant.tz)
    for found in pages(lookup, CreditLine, le("changes_on", day)):
        yield from (RefreshCreditLimit(customer=each.id) for each in found)
    for groups in pages(lookup, CreditGroup, le("changes_on", day)):
        yield from (RefreshGroupLimit(group=each.id) for each in groups)


ERRAND = Errand(name="limits", commands=changing_limits)
