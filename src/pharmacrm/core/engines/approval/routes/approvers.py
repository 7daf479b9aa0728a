"""Where the approvers of a step come from, and the seats on which they sit."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from attrs import frozen

from pharmacrm.core.engines.approval.definition import Scope
from pharmacrm.core.engines.approval.people import SYSTEM, Person
from pharmacrm.core.engines.approval.routes.facts import Facts
from pharmacrm.core.kernel.codec import money_text
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.words import Words
from pharmacrm.core.values.roles import role_name


@frozen
class ByUser:
    """One person, by id."""

    user: str
    weight: int = 1


@frozen
class ByRole:
    """The holders of a role: all of them, or those of the requester's unit and of the units above it."""

    role: str
    scope: Scope = Scope.TENANT
    weight: int = 1


@frozen
class ByField:
    """The person that a field of the document names."""

    field: str
    weight: int = 1


@frozen
class ByManager:
    """The manager so many levels above the requester, or above the person that a field names."""

    levels: int = 1
    of: str = ""
    weight: int = 1


@frozen
class Band:
    """The role whose authority reaches up to an amount, itself included; None has no end."""

    role: str
    up_to: Money | None = None


@frozen
class ByAuthority:
    """The role whose authority (授权金额) covers an amount: the first band that reaches it."""

    bands: tuple[Band, ...]
    field: str = "amount"
    scope: Scope = Scope.TENANT
    weight: int = 1


@frozen
class ByPlugin:
    """The people whom the host names under this word as it hands the document in, or a plugin knows by it."""

    name: str
    weight: int = 1


Source = ByUser | ByRole | ByField | ByManager | ByAuthority | ByPlugin


@frozen(kw_only=True)
class Seat:
    """Who may decide: one person, or the holders of a role (within a unit and those above it)."""

    person: str = ""
    role: str = ""
    unit: str = ""
    weight: int = 1

    def fits(self, person: Person) -> bool:
        """Whether somebody sits on this seat now; the system never does."""
        if person.id == SYSTEM:
            return False
        if self.person:
            return person.id == self.person
        return self.role in person.roles and (not self.unit or self.unit in person.units)


class Directory(Protocol):
    """What has to be known of people to plan a request; a flow reads it, a script may write it down."""

    def active(self, person: str) -> bool:
        """Whether this is an active member of staff."""

    def manager(self, person: str) -> str | None:
        """The manager of a person, if there is one."""

    def holders(self, role: str, unit: str) -> frozenset[str]:
        """The active holders of a role, in a unit and those above it if one is given."""


Named = Mapping[str, Iterable[str]]
"""People whom the host names: for each word of a `ByPlugin`, who they are."""


def seats(
    sources: Iterable[Source], facts: Facts, directory: Directory, named: Named
) -> tuple[tuple[Seat, ...], tuple[Words, ...]]:
    """The seats that the sources give for a document, and what was wanted and is not there."""
    found: list[Seat] = []
    missing: list[Words] = []
    for source in sources:
        given = tuple(_seats(source, facts, directory, named))
        found.extend(given)
        if not given:
            missing.append(describe(source))
    return tuple(dict.fromkeys(found)), tuple(missing)


def sitting(given: Iterable[Seat], directory: Directory) -> frozenset[str]:
    """Everybody who sits on one of these seats now."""
    return frozenset(
        person
        for seat in given
        for person in (
            (seat.person,)
            if seat.person and directory.active(seat.person)
            else directory.holders(seat.role, seat.unit)
            if seat.role
            else ()
        )
    )


def describe(source: Source) -> Words:
    """A source in a few words, as reasons and drawings show it."""
    match source:
        case ByUser(user):
            return Words(user, user)
        case ByRole(role, scope):
            return _role_words(role, within=scope is not Scope.TENANT)
        case ByField(field):
            return Words(f"field {field}", f"字段 {field} 所指人员")
        case ByManager(levels, of):
            return Words(
                f"manager {levels} above {of or 'the requester'}", f"{of or '提交人'} 的上 {levels} 级主管"
            )
        case ByAuthority(bands, field):
            reach = ", ".join(map(_reach, bands))
            return Words(f"authority over {field}: {reach}", f"字段 {field} 的审批权限 {reach}")
        case ByPlugin(name):
            return Words(f"named by the host as {name}", f"系统指定的 {name}")


def _role_words(role: str, *, within: bool) -> Words:
    """A role with the word for it, within the unit of the requester or not."""
    name = role_name(role)
    known = name.zh != name.en
    if within:
        return Words(f"role {name.en} of the unit", f"本部门的{name.zh if known else f'角色 {name.zh}'}")
    return Words(f"role {name.en}", f"{name.zh}角色" if known else f"角色 {name.zh}")


def _reach(band: Band) -> str:
    return band.role if band.up_to is None else f"{band.role} to {money_text(band.up_to)}"


def authority(source: ByAuthority, facts: Facts) -> str | None:
    """The role whose band reaches the amount; None where there is no amount, or none reaches it."""
    amount = facts.get(source.field)
    if not isinstance(amount, Money):
        return None
    for band in source.bands:
        if band.up_to is None:
            return band.role
        if band.up_to.currency != amount.currency:
            return None
        if amount.minor <= band.up_to.minor:
            return band.role
    return None


def _seats(source: Source, facts: Facts, directory: Directory, named: Named) -> Iterable[Seat]:
    unit = str(facts.get("unit", ""))
    match source:
        case ByUser(user, weight):
            return _people((user,), weight, directory)
        case ByRole(role, scope, weight):
            return _role(role, scope, unit, weight, directory)
        case ByField(field, weight):
            return _people((str(facts.get(field, "")),), weight, directory)
        case ByManager(levels, of, weight):
            return _people(
                (_above(str(facts.get(of or "requester", "")), levels, directory),), weight, directory
            )
        case ByAuthority(_, _, scope, weight):
            reach = authority(source, facts)
            return _role(reach, scope, unit, weight, directory) if reach else ()
        case ByPlugin(name, weight):
            return _people(tuple(named.get(name, ())), weight, directory)


def _people(ids: Iterable[str], weight: int, directory: Directory) -> list[Seat]:
    return [Seat(person=id, weight=weight) for id in sorted(set(ids)) if id and directory.active(id)]


def _role(role: str, scope: Scope, unit: str, weight: int, directory: Directory) -> list[Seat]:
    within = unit if scope is Scope.UNIT else ""
    if (scope is Scope.UNIT and not unit) or not directory.holders(role, within):
        return []
    return [Seat(role=role, unit=within, weight=weight)]


def _above(person: str, levels: int, directory: Directory) -> str:
    """The manager so many levels up; '' where the line ends before."""
    for _ in range(levels):
        person = (directory.manager(person) if person else None) or ""
    return person
