"""What an administrator of people may want."""

from typing import Annotated, ClassVar

from attrs import frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.office import OfficeHours
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, Name, strict
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.core.people.model import OrgUnit, Staff

MOST_SPANS = 100


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


@frozen(kw_only=True, field_transformer=strict)
class SetOfficeHours(Command[Tenant]):
    """Say in which hours people work (办公时间): what a working hour of an approval route is from now on.

    `hours` are the spans of any working day, and of a weekday that differs; none at all are 9 to 18 o'clock.
    The days are those of the tenant's calendar. Deadlines that are written stay as they are.
    """

    subject_field: ClassVar[str] = ""

    hours: tuple[OfficeHours, ...]

    def __attrs_post_init__(self) -> None:
        """Refuse more spans than a week can sensibly have."""
        if len(self.hours) > MOST_SPANS:
            message = f"at most {MOST_SPANS} spans are taken"
            raise MalformedInput("list.length", message, field="hours", value=len(self.hours))
