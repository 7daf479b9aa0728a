"""Committees of the host (委员会): who they are, and who stands in on which day."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import ClassVar

from pharmacrm.core.kernel.appointing import Appointed
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.ids import as_id
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import ApproversContext


class Committees:
    """Names the members of committees: `Committees({"board": ["ma.lin", "hou.yi"]})`.

    `rosters` name who is on duty instead, by day: `rosters={"duty": {"2026-12-31": ["sun.ba"]}}`; on any
    other day nobody is. Words that it does not have are left to the next plugin.
    """

    PHARMACRM_API: ClassVar[tuple[int, int]] = (1, 0)

    def __init__(
        self,
        committees: Mapping[str, Iterable[str]],
        *,
        rosters: Mapping[str, Mapping[date | str, Iterable[str]]] | None = None,
        name: str = "committees",
    ) -> None:
        self.name = name
        self._members = {word: _members(word, persons) for word, persons in committees.items()}
        self._rosters = {
            word: {as_date(day): _members(word, persons) for day, persons in days.items()}
            for word, days in (rosters or {}).items()
        }

    @hookimpl
    def pharmacrm_approvers(self, context: ApproversContext) -> Appointed | None:
        """The members, or whoever is on duty on the business date."""
        if context.word in self._rosters:
            return Appointed(self._rosters[context.word].get(context.on, ()))
        members = self._members.get(context.word)
        return None if members is None else Appointed(members)


def _members(word: str, persons: Iterable[str]) -> tuple[str, ...]:
    """Ids; a text alone is refused, as its letters would be taken for people."""
    if isinstance(persons, str):
        raise MalformedInput("list.type", "a list of ids is wanted", field=word, value=persons)
    return tuple(as_id(person) for person in persons)
