"""Load what the rules about people need."""

from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.core.people.commands import GrantRight, RegisterStaff, RegisterUnit, SetOfficeHours
from pharmacrm.core.people.hours import set_hours
from pharmacrm.core.people.model import OrgUnit, RoleAssignment, Staff
from pharmacrm.core.people.rules import grant, register_staff, register_unit, roles_of
from pharmacrm.core.values.roles import ADMIN


@RegisterStaff.handler
def on_register_staff(command: RegisterStaff, read: Reads) -> Decision[Staff]:
    """Read the person, their roles, their unit, the managers above, and of an administrator the others."""
    held = read.find(RoleAssignment, eq("staff", command.id))
    return register_staff(
        command,
        read.seek(Staff, command.id),
        held,
        unit=read.seek(OrgUnit, command.unit) if command.unit else None,
        managers=_managers(read, command.manager),
        administrators=_administrators(read) if ADMIN in roles_of(held) else (),
    )


@RegisterUnit.handler
def on_register_unit(command: RegisterUnit, read: Reads) -> Decision[OrgUnit]:
    """Read the unit and those above its parent."""
    return register_unit(command, read.seek(OrgUnit, command.id), _units(read, command.parent))


@GrantRight.handler
def on_grant_right(command: GrantRight, read: Reads) -> Decision[Tenant]:
    """Read the tenant, whose grants change, and which rights there are."""
    return grant(command, read.tenant, read.rights)


@SetOfficeHours.handler
def on_set_office_hours(command: SetOfficeHours, read: Reads) -> Decision[Tenant]:
    """Read the tenant, whose hours change."""
    return set_hours(command, read.tenant)


HANDLERS = (on_register_staff, on_register_unit, on_grant_right, on_set_office_hours)


def _managers(read: Reads, manager: str | None) -> list[Staff]:
    chain: dict[str, Staff] = {}
    while manager and manager not in chain and (found := read.seek(Staff, manager)):
        chain[manager] = found
        manager = found.manager
    return list(chain.values())


def _administrators(read: Reads) -> list[Staff]:
    """Everybody who holds the role; being read, none of them can leave at the same moment."""
    return [read.get(Staff, held.staff) for held in read.find(RoleAssignment, eq("role", ADMIN))]


def _units(read: Reads, unit: str | None) -> list[OrgUnit]:
    chain: dict[str, OrgUnit] = {}
    while unit and unit not in chain and (found := read.seek(OrgUnit, unit)):
        chain[unit] = found
        unit = found.parent
    return list(chain.values())
