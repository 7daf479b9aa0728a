"""Credit lines as a decision needs them: with the limit of the day on which it is made."""

from pharmacrm.core.credit import CreditLine
from pharmacrm.core.credit.handlers import today
from pharmacrm.core.credit.model import in_force
from pharmacrm.core.kernel.decision import Decision, save
from pharmacrm.core.kernel.message import Reads


def read_line(read: Reads, customer: str) -> CreditLine | None:
    """Read a credit line, and bring its limit to the day; whoever reserves on it saves it along.

    The store tests a reservation against the limit that is stored.
    """
    line = read.seek(CreditLine, customer)
    return None if line is None else in_force(line, today(read))


def to_date(line: CreditLine | None) -> Decision[None]:
    """Store a line with the limit of the day; nothing is stored where it is the same."""
    return Decision() if line is None else save(line)
