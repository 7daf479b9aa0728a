"""People, units and roles as the approval engine wants them: the reads that flows share."""

from pharmacrm.core.engines.approval import Person
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import is_in
from pharmacrm.core.people import OrgUnit, Staff


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


def actor_everywhere(read: Reads) -> Person:
    """The actor with every unit whose documents they may decide."""
    staff = read.seek(Staff, read.actor)
    units = units_down(read, staff.unit if staff else None)
    return Person(read.actor, read.roles, units, active=staff is None or staff.active)
