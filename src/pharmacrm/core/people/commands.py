"""What an administrator of people may want."""

from typing import Annotated, ClassVar

from attrs import frozen

from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, Name, strict
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.core.people.model import OrgUnit, Staff


@frozen(kw_only=True, field_transformer=strict)
class RegisterStaff(Command[Staff]):
    """Register a member of staff, or update one; afterwards they hold exactly these roles.

    The id is the actor's name at the door, such as a login. `roles` are those of the table of rights (sales,
    finance, ...). The unit says which leads approve this person's orders. Who is not `active` may do nothing.
    The last active administrator of a tenant stays one (`admin.last`).
    """

    id: Id
    name: Annotated[str, Limit(200), Personal("employment")]
    unit: Id | None = None
    manager: Id | None = None
    roles: tuple[Id, ...] = ()
    active: bool = True


@frozen(kw_only=True, field_transformer=strict)
class RegisterUnit(Command[OrgUnit]):
    """Register a unit of the organisation, or update one.

    The leads of a unit, and of every unit above it, approve the orders of its people.
    """

    id: Id
    name: Name
    parent: Id | None = None


@frozen(kw_only=True, field_transformer=strict)
class GrantRight(Command[Tenant]):
    """Give a role a right beyond the default table, or take one from it; it acts at once.

    A right is the name of a command, a question or a kind of record, such as `PlaceOrder`;
    one that nobody registered is refused (`right.unknown`).
    """

    subject_field: ClassVar[str] = "role"

    role: Id
    right: Id
    given: bool = True
