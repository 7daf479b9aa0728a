"""The story of two sets of books: a balance that a customer confirms, and the accounts of the host."""

from pharmacrm.core.collections import AnswerConfirmation, LedgerRole, SetLedgerAccount
from pharmacrm.core.flows.booking import PostVouchers, StartBookkeeping
from pharmacrm.core.flows.statements import RequestConfirmation
from pharmacrm.core.kernel.money import Money
from pharmacrm.testing.story.steps import FINANCE, Step, day, said

CONFIRMING: tuple[Step, ...] = (
    *(said(FINANCE, SetLedgerAccount(role=role, account=role.name)) for role in LedgerRole),
    said(FINANCE, StartBookkeeping()),
    said(FINANCE, PostVouchers(customer="H-001")),
    Step(FINANCE, lambda crm: RequestConfirmation(id="BC-1", customer="H-001", as_of=day(crm))),
    said(FINANCE, AnswerConfirmation(confirmation="BC-1", balance=Money("1", "CNY"), person="会计")),
)
