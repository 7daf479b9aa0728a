"""Handlers of the credit commands: they load what the rule needs."""

from pharmacrm.core.credit import limits
from pharmacrm.core.credit.commands import SetCreditLimit
from pharmacrm.core.credit.model import CreditLine
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.message import Reads


@SetCreditLimit.handler
def set_credit_limit(command: SetCreditLimit, read: Reads) -> Decision[CreditLine]:
    """Set the limit of a customer."""
    return limits.set_limit(
        read.seek(CreditLine, command.customer),
        customer=command.customer,
        limit=command.limit,
        unlimited=command.unlimited,
        blocked=command.blocked,
        reason=command.reason,
    )
