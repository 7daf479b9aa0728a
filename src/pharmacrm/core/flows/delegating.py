"""Standing in for one another (委托代理): giving authority away for some days, and taking it back."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, ClassVar

from attrs import field, frozen

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.engines.approval.routes.delegations import Delegation, days, delegate, revoke
from pharmacrm.core.engines.approval.routes.model import ApprovalRoute
from pharmacrm.core.flows.routing import Kind
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.decision import Decision, accept
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Question, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, OptionalId, strict
from pharmacrm.core.people import Staff
from pharmacrm.core.values.document_kinds import LIBRARY_KINDS
from pharmacrm.core.values.roles import ADMIN, ROLES


@frozen(kw_only=True, field_transformer=strict)
class DelegateAuthority(Command[Delegation]):
    """Let somebody decide in the actor's name from one day to another, both included (委托审批).

    `kinds` and `up_to` narrow it; without them it is for everything. A first day in the past counts from now:
    what was decided before stays as it was.
    """

    id: OptionalId = ""
    delegate: Id
    valid_from: date = field(converter=as_date)
    valid_to: date = field(converter=as_date)
    kinds: tuple[Kind, ...] = ()
    up_to: Money | None = None
    reason: Annotated[str, Limit(200, empty=True), Personal("approval trail")] = ""

    def __attrs_post_init__(self) -> None:
        """Refuse an end before the beginning."""
        days(self.valid_from, self.valid_to)


@frozen(kw_only=True, field_transformer=strict)
class RevokeDelegation(Command[Delegation]):
    """End a delegation at once (撤销委托); the delegator can, and an administrator."""

    subject_field: ClassVar[str] = "delegation"

    delegation: Id


@frozen(kw_only=True, field_transformer=strict)
class Delegations(Question[tuple[Delegation, ...]]):
    """The delegations that a person has given and was given, the latest last; without a person one's own."""

    person: OptionalId = ""


@DelegateAuthority.handler
def on_delegate(command: DelegateAuthority, read: Reads) -> Decision[Delegation]:
    """Read the delegate, and every delegation of both persons."""
    wanted = Delegation(
        id=command.id or read.new_id(),
        delegator=read.actor,
        delegate=command.delegate,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
        kinds=command.kinds,
        up_to=command.up_to,
        reason=command.reason,
        given_by=read.actor,
        given_at=read.at,
    )
    staff = read.seek(Staff, command.delegate)
    others = [
        *read.find(Delegation, eq("delegator", command.delegate)),
        *read.find(Delegation, eq("delegate", read.actor)),
    ]
    taken = read.seek(Delegation, wanted.id)
    given = delegate(wanted, others, known=staff is not None and staff.active, on=read.on)
    exists = [reasons.DELEGATION_EXISTS(wanted.id)] if taken else []
    return accept(given.value, given, exists, tuple(_unknown_kinds(wanted, read)))


def _unknown_kinds(wanted: Delegation, read: Reads) -> Iterator[Reason]:
    """A warning for each kind that neither the library nor any route has."""
    for kind in dict.fromkeys(wanted.kinds):
        if kind not in LIBRARY_KINDS and not read.find(ApprovalRoute, eq("kind", kind), limit=1):
            yield reasons.DELEGATION_KIND(wanted.id, field="kinds", observed=kind)


@RevokeDelegation.handler
def on_revoke(command: RevokeDelegation, read: Reads) -> Decision[Delegation]:
    """Read the delegation."""
    return revoke(read.get(Delegation, command.delegation), by=read.actor, may_always=ADMIN in read.roles)


@Delegations.handler
def on_delegations(question: Delegations, read: Reads) -> tuple[Delegation, ...]:
    """Read both sides by their indexes."""
    person = question.person or read.actor
    found = [
        *read.find(Delegation, eq("delegator", person)),
        *read.find(Delegation, eq("delegate", person)),
    ]
    return tuple(sorted(found, key=lambda one: (one.valid_from, one.id)))


_OWN = (DelegateAuthority, RevokeDelegation, Delegations)
domain = Domain(
    name="delegating",
    handlers=(on_delegate, on_revoke, on_delegations),
    rights={**{role: _OWN for role in ROLES if role not in {"auditor", "erp"}}, "auditor": (Delegations,)},
)
