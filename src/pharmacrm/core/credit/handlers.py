"""Handlers of the credit commands: they load what the rule needs."""

from datetime import date

from pharmacrm.core.credit import limits
from pharmacrm.core.credit.commands import EndCreditLimit, GrantCreditLimit, SetCreditLimit
from pharmacrm.core.credit.model import CreditLine
from pharmacrm.core.kernel.dates import local_date
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.message import Reads


def today(read: Reads) -> date:
    """The day on which something is decided, in the tenant's zone, whatever day a document is dated.

    A limit is that of this day: a document dated back never has a raise that is over.
    """
    return local_date(read.at, read.tenant.tz)


@SetCreditLimit.handler
def set_credit_limit(command: SetCreditLimit, read: Reads) -> Decision[CreditLine]:
    """Set the base limit of a customer."""
    return limits.set_limit(
        read.seek(CreditLine, command.customer),
        customer=command.customer,
        limit=command.limit,
        unlimited=command.unlimited,
        blocked=command.blocked,
        reason=command.reason,
        by=read.actor,
        on=today(read),
    )


@GrantCreditLimit.handler
def grant_credit_limit(command: GrantCreditLimit, read: Reads) -> Decision[CreditLine]:
    """Load the line, if there is one."""
    line = read.seek(CreditLine, command.customer)
    return limits.grant_limit(line, command, by=read.actor, on=today(read))


@EndCreditLimit.handler
def end_credit_limit(command: EndCreditLimit, read: Reads) -> Decision[CreditLine]:
    """Load the line."""
    line = read.get(CreditLine, command.customer)
    return limits.end_limit(
        line, command.number, ends_on=command.ends_on, reason=command.reason, on=today(read)
    )
