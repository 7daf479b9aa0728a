"""People as routes look for them: each read once, however many steps name them."""

from attrs import define, field

from pharmacrm.core.engines.approval import Person
from pharmacrm.core.engines.approval.routes.approvers import Seat
from pharmacrm.core.flows.approvers import units_up
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq, is_in
from pharmacrm.core.people import RoleAssignment, Staff


@define
class StaffDirectory:
    """The `Directory` of the engine over the store."""

    read: Reads
    _held: dict[tuple[str, str], frozenset[str]] = field(factory=dict)

    def active(self, person: str) -> bool:
        """Whether this is an active member of staff."""
        staff = self.read.seek(Staff, person)
        return staff is not None and staff.active

    def manager(self, person: str) -> str | None:
        """The manager of a person, if there is one."""
        staff = self.read.seek(Staff, person)
        return staff.manager if staff else None

    def holders(self, role: str, unit: str) -> frozenset[str]:
        """The active holders of a role, in a unit and those above it if one is given."""
        key = role, unit
        if key not in self._held:
            where = [eq("active", value=True)]
            if unit:
                where.append(is_in("unit", units_up(self.read, unit)))
            held = sorted({one.staff for one in self.read.find(RoleAssignment, eq("role", role))})
            found = self.read.find(Staff, is_in("id", held), *where) if held else []
            self._held[key] = frozenset(one.id for one in found)
        return self._held[key]


def people(read: Reads, ids: frozenset[str], unit: str | None) -> dict[str, Person]:
    """These people with all their roles, as somebody who might decide about a document of a unit."""
    if not ids:
        return {}
    above = set(units_up(read, unit))
    roles: dict[str, set[str]] = {}
    for held in read.find(RoleAssignment, is_in("staff", sorted(ids))):
        roles.setdefault(held.staff, set()).add(held.role)
    return {
        one.id: Person(
            one.id,
            frozenset(roles.get(one.id, ())),
            frozenset({unit}) if unit is not None and one.unit in above else frozenset(),
            active=one.active,
        )
        for one in read.find(Staff, is_in("id", sorted(ids)))
    }


def actor_in(read: Reads, unit: str | None) -> Person:
    """The actor, as somebody who might decide about a document of a unit."""
    staff = read.seek(Staff, read.actor)
    inside = unit is not None and staff is not None and staff.unit in units_up(read, unit)
    units = frozenset({unit}) if inside and unit is not None else frozenset()
    return Person(read.actor, read.roles, units, active=staff is None or staff.active)


def crowd_of(read: Reads, seats: tuple[Seat, ...], unit: str | None) -> dict[str, Person]:
    """Everybody who may sit on one of these seats now, by id."""
    directory = StaffDirectory(read)
    named = {seat.person for seat in seats if seat.person}
    held = {id for seat in seats if seat.role for id in directory.holders(seat.role, seat.unit)}
    return people(read, frozenset(named | held), unit)
