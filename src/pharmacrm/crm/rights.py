"""Who may do what: role x command, question or record kind; default deny; read anew in each command."""

from collections.abc import Iterable

from attrs import frozen

from pharmacrm.core.kernel.errors import NotPermitted
from pharmacrm.core.kernel.ids import as_id
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.core.people import RoleAssignment, Staff
from pharmacrm.crm.asking import given

SYSTEM = "system"
"""The actor of timed work; nobody may claim to be it."""


@frozen
class Actor:
    """A person (or the system) with the roles it has now."""

    id: str
    roles: frozenset[str]

    @property
    def text(self) -> str:
        """The roles as they stand in the journal."""
        return ",".join(sorted(self.roles))


def claimed(actor: str) -> str:
    """The actor that a caller names; the system cannot be claimed."""
    name = given("actor", as_id, actor)
    if name == SYSTEM:
        raise NotPermitted(name, "to act as the system", "actor.reserved")
    return name


def actor_of(name: str, staff: Staff | None, assignments: Iterable[RoleAssignment]) -> Actor:
    """The actor's roles; a person who is unknown or inactive has none."""
    if staff is None or not staff.active:
        return Actor(name, frozenset())
    return Actor(name, frozenset(assignment.role for assignment in assignments))


def may(actor: Actor, right: str, defaults: dict[str, set[str]], tenant: Tenant) -> bool:
    """Whether any role of the actor holds the right, grants and withdrawals of the tenant included."""
    changed = {(grant.role, grant.right): grant.given for grant in tenant.grants}
    return any(changed.get((role, right), right in defaults.get(role, ())) for role in actor.roles)
