"""Load what the rules about people need."""

from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.core.people.commands import GrantRight, RegisterStaff, RegisterUnit
from pharmacrm.core.people.model import OrgUnit, RoleAssignment, Staff
from pharmacrm.core.people.rules import grant, register_staff, register_unit


@RegisterStaff.handler
def on_register_staff(command: RegisterStaff, read: Reads) -> Decision[Staff]:
    """Read the person, their roles, their unit and the managers above them."""
    return register_staff(
        command,
        read.seek(Staff, command.id),
        read.find(RoleAssignment, eq("staff", command.id)),
        unit=read.seek(OrgUnit, command.unit) if command.unit else None,
        managers=_managers(read, command.manager),
    )


@RegisterUnit.handler
def on_register_unit(command: RegisterUnit, read: Reads) -> Decision[OrgUnit]:
    """Read the unit and those above its parent."""
    return register_unit(command, read.seek(OrgUnit, command.id), _units(read, command.parent))


@GrantRight.handler
def on_grant_right(command: GrantRight, read: Reads) -> Decision[Tenant]:
    """Read the tenant, whose grants change."""
    return grant(command, read.tenant)


HANDLERS = (on_register_staff, on_register_unit, on_grant_right)


def _managers(read: Reads, manager: str | None) -> list[Staff]:
    chain: dict[str, Staff] = {}
    while manager and manager not in chain and (found := read.seek(Staff, manager)):
        chain[manager] = found
        manager = found.manager
    return list(chain.values())


def _units(read: Reads, unit: str | None) -> list[OrgUnit]:
    chain: dict[str, OrgUnit] = {}
    while unit and unit not in chain and (found := read.seek(OrgUnit, unit)):
        chain[unit] = found
        unit = found.parent
    return list(chain.values())
