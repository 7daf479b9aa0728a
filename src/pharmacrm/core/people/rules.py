"""Who may be registered how: pure functions of staff, units and roles."""

from collections.abc import Container, Iterable, Mapping, Sequence

from attrs import evolve

from pharmacrm.core.kernel.decision import Decision, accept, remove, save, tell, touch
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.tenant import Grant, Tenant
from pharmacrm.core.people import reasons as why
from pharmacrm.core.people.commands import GrantRight, RegisterStaff, RegisterUnit
from pharmacrm.core.people.events import RightGranted, StaffRegistered, UnitRegistered
from pharmacrm.core.people.model import OrgUnit, RoleAssignment, Staff
from pharmacrm.core.values.roles import ADMIN, ROLES, SYSTEM


def register_staff(
    command: RegisterStaff,
    old: Staff | None,
    held: Sequence[RoleAssignment],
    *,
    unit: OrgUnit | None,
    managers: Sequence[Staff],
    administrators: Sequence[Staff] = (),
) -> Decision[Staff]:
    """Register or update a member of staff.

    `managers` is the chain upwards from the manager named; `administrators` are all who hold that role now.
    """
    staff = evolve(
        old or Staff(id=command.id, name=command.name),
        name=command.name,
        unit=command.unit,
        manager=command.manager,
        active=command.active,
    )
    wanted = {f"{staff.id}/{role}": role for role in command.roles}
    gained = [RoleAssignment(id=key, staff=staff.id, role=role) for key, role in wanted.items()]
    known = {part.id for part in held}
    lost = [part for part in held if part.id not in wanted]
    new = [part for part in gained if part.id not in known]
    return accept(
        staff,
        _staff_reasons(command, unit, managers),
        _last_administrator(command, administrators),
        touch(old) if old and staff == old and (new or lost) else save(staff),
        save(*new),
        remove(*lost),
        tell(StaffRegistered(subject=staff.id)),
    )


def _staff_reasons(
    command: RegisterStaff, unit: OrgUnit | None, managers: Sequence[Staff]
) -> Iterable[Reason]:
    if command.id == SYSTEM:
        yield why.ACTOR_RESERVED(command.id, field="id", observed=command.id)
    for place, role in enumerate(command.roles):
        if role not in ROLES:
            yield why.ROLE_UNKNOWN(
                command.id, field=f"roles[{place}]", observed=role, expected=", ".join(ROLES)
            )
    if command.unit and unit is None:
        yield why.UNIT_UNKNOWN(command.id, field="unit", observed=command.unit)
    if command.manager == command.id or any(manager.id == command.id for manager in managers):
        yield why.MANAGER_CYCLE(command.id, field="manager", observed=command.manager)
    elif command.manager and not managers:
        yield why.STAFF_UNKNOWN(command.id, field="manager", observed=command.manager)


def _last_administrator(command: RegisterStaff, administrators: Sequence[Staff]) -> Iterable[Reason]:
    """A tenant keeps one active administrator: nobody else could put it right."""
    active = {staff.id for staff in administrators if staff.active}
    if active == {command.id} and not (command.active and ADMIN in command.roles):
        field = "roles" if command.active else "active"
        yield why.ADMIN_LAST(command.id, field=field, observed=command.id)


def register_unit(command: RegisterUnit, old: OrgUnit | None, above: Sequence[OrgUnit]) -> Decision[OrgUnit]:
    """Register or update a unit; `above` is the chain of units upwards from the parent named."""
    base = old or OrgUnit(id=command.id, name=command.name)
    unit = evolve(base, name=command.name, parent=command.parent)
    return accept(unit, _unit_reasons(command, above), save(unit), tell(UnitRegistered(subject=unit.id)))


def _unit_reasons(command: RegisterUnit, above: Sequence[OrgUnit]) -> Iterable[Reason]:
    if command.parent == command.id or any(unit.id == command.id for unit in above):
        yield why.UNIT_CYCLE(command.id, field="parent", observed=command.parent)
    elif command.parent and not above:
        yield why.UNIT_UNKNOWN(command.id, field="parent", observed=command.parent)


def grant(command: GrantRight, tenant: Tenant, rights: Container[str]) -> Decision[Tenant]:
    """Give a right to a role or take it; a role and a right have one entry, the last word.

    `rights` are those that there are; one that was given before, by a plugin that is gone, can be taken.
    """
    others = [one for one in tenant.grants if (one.role, one.right) != (command.role, command.right)]
    entry = Grant(role=command.role, right=command.right, given=command.given)
    grants = sorted((*others, entry), key=lambda one: (one.role, one.right))
    changed = evolve(tenant, grants=tuple(grants))
    return accept(
        changed,
        _grant_reasons(command),
        _unknown_right(command, tenant, rights),
        save(changed),
        tell(RightGranted(subject=command.role, right=command.right, given=command.given)),
    )


def _grant_reasons(command: GrantRight) -> Iterable[Reason]:
    if command.role not in ROLES:
        yield why.ROLE_UNKNOWN(command.role, field="role", observed=command.role, expected=", ".join(ROLES))
    if command.role == ADMIN and command.right == GrantRight.__name__ and not command.given:
        yield why.RIGHT_LOCKOUT(command.role, field="right", observed=command.right)


def _unknown_right(command: GrantRight, tenant: Tenant, rights: Container[str]) -> Iterable[Reason]:
    given = {(one.role, one.right) for one in tenant.grants}
    withdrawn = not command.given and (command.role, command.right) in given
    if command.right not in rights and not withdrawn:
        yield why.RIGHT_UNKNOWN(command.role, field="right", observed=command.right)


def roles_of(assignments: Iterable[RoleAssignment]) -> frozenset[str]:
    """The roles that these assignments give."""
    return frozenset(assignment.role for assignment in assignments)


def units_above(units: Iterable[OrgUnit], unit: str) -> tuple[str, ...]:
    """The unit itself and those above it, from the bottom up; units that are not among them end the walk."""
    parents: Mapping[str, str | None] = {one.id: one.parent for one in units}
    found: dict[str, None] = {}
    at: str | None = unit
    while at is not None and at in parents and at not in found:
        found[at] = None
        at = parents[at]
    return tuple(found)


def units_below(units: Iterable[OrgUnit], unit: str) -> frozenset[str]:
    """The unit itself and all units below it."""
    known = tuple(units)
    return frozenset(one.id for one in known if unit in units_above(known, one.id))
