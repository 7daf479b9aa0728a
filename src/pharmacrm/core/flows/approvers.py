"""People, units and roles as the approval engine wants them: the reads that flows share."""

from collections.abc import Iterable

from pharmacrm.core.engines.approval import All, ApprovalCase, Chain, Holders, Person, Scope, Stage
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq, is_in, within
from pharmacrm.core.people import OrgUnit, RoleAssignment, Staff, roles_of


def units_up(read: Reads, unit: str | None) -> tuple[str, ...]:
    """A unit and those above it, from the bottom up; one read for each level."""
    found: dict[str, None] = {}
    while unit is not None and unit not in found:
        known = read.seek(OrgUnit, unit)
        found[unit] = None
        unit = known.parent if known else None
    return tuple(found)


def units_down(read: Reads, unit: str | None) -> frozenset[str]:
    """A unit and all those below it; one read for each level."""
    found: set[str] = set()
    level = {unit} if unit is not None else set()
    while level:
        found |= level
        level = {below.id for below in read.find(OrgUnit, is_in("parent", sorted(level)))} - found
    return frozenset(found)


def unit_of_actor(read: Reads) -> str | None:
    """The unit of the actor, as the requester's unit of a new case."""
    staff = read.seek(Staff, read.actor)
    return staff.unit if staff else None


def actor_for(read: Reads, case: ApprovalCase, stage: Stage | None = None) -> Person:
    """The actor, as a signer of the waiting stage, or of this one; units are read only if it wants them."""
    staff = read.seek(Staff, read.actor)
    by_unit = case.waiting_unit is not None if stage is None else stage.scope is Scope.UNIT
    units = _covered(read, case, (staff,)) if by_unit else {}
    return _person(read.actor, read.roles, staff, units.get(read.actor, frozenset()))


def actor_everywhere(read: Reads) -> Person:
    """The actor with every unit whose documents they may decide."""
    staff = read.seek(Staff, read.actor)
    return _person(read.actor, read.roles, staff, units_down(read, staff.unit if staff else None))


def somebody(read: Reads, case: ApprovalCase, id: str) -> Person:
    """Another person, with all their roles, as somebody who might decide about this case."""
    staff = read.get(Staff, id)
    roles = roles_of(read.find(RoleAssignment, eq("staff", id)))
    return _person(id, roles, staff, _covered(read, case, (staff,)).get(id, frozenset()))


def holders_of_role(read: Reads, case: ApprovalCase, role: str) -> tuple[Person, ...]:
    """Everybody who holds a role, as people who might decide about this case."""
    ids = [held.staff for held in read.find(RoleAssignment, eq("role", role), order=("staff",))]
    staff = read.find(Staff, is_in("id", ids)) if ids else []
    units = _covered(read, case, staff)
    return tuple(_person(one.id, frozenset({role}), one, units[one.id]) for one in staff)


def holder_counts(read: Reads, chain: Chain, unit: str | None) -> Holders:
    """For `start`: how many active people besides the actor may decide each stage; counts only, no lists."""
    above = units_up(read, unit)
    return {stage.name: _count(read, chain, stage, above) for stage in chain.stages}


def holder_ids(read: Reads, chain: Chain, case: ApprovalCase) -> Holders:
    """For `decide`: who may decide the waiting stage, which is read only where everybody has to (会签)."""
    place = chain.index(case.stage)
    if place is None or not isinstance(chain.stages[place].quorum, All):
        return {}
    everybody = holders_of_role(read, case, case.waiting_role)
    wanted = _only(case.waiting_unit)
    return {case.stage: frozenset(one.id for one in everybody if one.active and wanted <= one.units)}


def _count(read: Reads, chain: Chain, stage: Stage, above: tuple[str, ...]) -> int:
    where = [eq("active", value=True)]
    if stage.scope is Scope.UNIT:
        if not above:
            return 0
        where.append(is_in("unit", above))
    holders = read.count(RoleAssignment, eq("role", stage.role), within(Staff, "id", *where, on="staff"))
    own = 1 if chain.exclude_requester and stage.role in read.roles else 0
    return max(0, holders - own)


def _covered(read: Reads, case: ApprovalCase, people: Iterable[Staff | None]) -> dict[str, frozenset[str]]:
    """For each person, the requester's unit if it is theirs or one below it."""
    above = set(units_up(read, case.unit))
    own = _only(case.unit)
    return {one.id: own if one.unit in above else frozenset() for one in people if one is not None}


def _only(unit: str | None) -> frozenset[str]:
    return frozenset() if unit is None else frozenset({unit})


def _person(id: str, roles: frozenset[str], staff: Staff | None, units: frozenset[str]) -> Person:
    return Person(id, roles, units, active=staff is None or staff.active)
