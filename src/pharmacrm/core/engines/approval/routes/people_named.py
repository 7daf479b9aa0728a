"""The people and roles that a route names outright, with the places where it does."""

from collections.abc import Iterable, Iterator

from attrs import frozen

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.engines.approval.routes.approvers import ByAuthority, ByRole, ByUser, Directory, Source
from pharmacrm.core.engines.approval.routes.definition import FollowUp, Node, Parallel, Route, Step
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.words import Words
from pharmacrm.core.values.roles import role_name


@frozen
class Named:
    """A person or a role at one place of a route."""

    step: Words
    field: str
    user: str = ""
    role: str = ""

    @property
    def words(self) -> Words:
        """Whom it names, as a sentence does."""
        if self.user:
            return Words(f"person {self.user}", f"人员 {self.user}")
        name = role_name(self.role)
        return Words(f"role {name.en}", f"{name.zh}角色" if name.zh != name.en else f"角色 {name.zh}")


def absent(route: Route, directory: Directory) -> Iterator[Reason]:
    """A warning for each person who is no active staff, and each role that nobody holds."""
    for one in people_named(route):
        there = directory.active(one.user) if one.user else directory.holders(one.role, "")
        if not there:
            value = one.user or one.role
            yield reasons.ROUTE_PEOPLE(
                route.name, field=one.field, named=one.step, observed=Words(value, value), expected=one.words
            )


def people_named(route: Route) -> Iterator[Named]:
    """Every person and role that a route names outright."""
    yield from _of_members(route.steps, "steps")
    for place, one in enumerate(route.after):
        yield from _of_sources(one, one.by, f"after[{place}].by")


def _of_members(members: Iterable[Node], field: str) -> Iterator[Named]:
    for place, member in enumerate(members):
        where = f"{field}[{place}]"
        if isinstance(member, Step):
            yield from _of_sources(member, member.by, f"{where}.by")
            yield from _of_sources(member, member.escalate_to, f"{where}.escalate_to")
        else:
            group = "parallel" if isinstance(member, Parallel) else "serial"
            yield from _of_members(member.members, f"{where}.{group}")


def _of_sources(step: Step | FollowUp, sources: Iterable[Source], field: str) -> Iterator[Named]:
    for place, source in enumerate(sources):
        where = f"{field}[{place}]"
        match source:
            case ByUser(user):
                yield Named(step.label, f"{where}.user", user=user)
            case ByRole(role):
                yield Named(step.label, f"{where}.role", role=role)
            case ByAuthority(bands):
                for number, band in enumerate(bands):
                    yield Named(step.label, f"{where}.authority[{number}].role", role=band.role)
            case _:
                continue
