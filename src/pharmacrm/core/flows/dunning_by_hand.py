"""A dunning letter issued by hand at the door (人工催款函)."""

from typing import Annotated

from attrs import frozen

from pharmacrm.core.collections.dunning import DunningLetter, DunningTerms
from pharmacrm.core.collections.dunning.by_hand import Wanted, by_hand
from pharmacrm.core.collections.dunning.reasons import LETTER_NO_POLICY, LETTER_SENT
from pharmacrm.core.collections.dunning.rules import letter_id
from pharmacrm.core.customers import Customer
from pharmacrm.core.flows.dunning import dunnable_of, policy_of, sent
from pharmacrm.core.kernel.decision import Decision, refuse
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.strict import Id, Limit, Ref, strict


@frozen(kw_only=True, field_transformer=strict)
class IssueDunningLetter(Command[DunningLetter]):
    """Dun a customer by hand, outside the run: its pause and its minimum do not count (人工催款).

    For the `instalments` named, or all that are late, in one currency; at the `level` named, or that of their
    days, at least the first. What is blocked, disputed or promised is refused. At most one letter a day goes
    to a customer in a currency, by hand or not.
    """

    subject_field = "customer"

    customer: Id
    currency: Annotated[str, Limit(3, empty=True)] = ""
    instalments: tuple[Ref, ...] = ()
    level: int | None = None
    reason: Annotated[str, Limit(500)]


@IssueDunningLetter.handler
def on_issue_dunning_letter(command: IssueDunningLetter, read: Reads) -> Decision[DunningLetter]:
    """Read the policy, what is agreed with the customer, and what is late."""
    customer, currency = read.get(Customer, command.customer).id, command.currency or read.tenant.currency
    policy = policy_of(read, customer)
    if policy is None or not policy.active:
        return refuse(LETTER_NO_POLICY(customer, field="customer"))
    known = read.seek(DunningLetter, letter_id(customer, currency, read.on))
    if known is not None:
        return refuse(LETTER_SENT(customer, field="customer", observed=known.id))
    terms = read.seek(DunningTerms, customer)
    wanted = Wanted(
        customer=customer,
        currency=currency,
        on=read.on,
        instalments=command.instalments,
        level=command.level,
        max_level=terms.max_level if terms else None,
    )
    proposal = by_hand(policy, wanted, dunnable_of(read, policy, customer, currency))
    if proposal.value is None:
        return refuse(*proposal.reasons)
    return sent(read, policy, proposal.value, command.reason)


domain = Domain(
    name="dunning_by_hand", handlers=(on_issue_dunning_letter,), rights={"finance": (IssueDunningLetter,)}
)
