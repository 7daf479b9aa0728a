"""Whether a chain can be passed at all by the people there are."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.engines.approval.definition import AtLeast, Chain, Quorum, Scope, Stage
from pharmacrm.core.engines.approval.people import Holders
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.values.roles import role_name


def missing_approvers(
    chain: Chain, *, subject: str, requester: str, unit: str | None, holders: Holders
) -> tuple[Reason, ...]:
    """Say which stages lack approvers, before anybody waits for ever; empty means: the chain can be passed.

    With ids it is also checked that different people can sign where the chain wants different people; with
    mere counts, only that each stage has enough for itself.
    """
    found = tuple(
        reason
        for stage in chain.stages
        for reason in _missing(stage, subject, unit, _free(chain, stage, requester, holders))
    )
    if found or not chain.distinct_persons:
        return found
    return tuple(_crossed(chain, subject, requester, holders))


def _missing(stage: Stage, subject: str, unit: str | None, free: int | frozenset[str]) -> Iterator[Reason]:
    count = free if isinstance(free, int) else len(free)
    if stage.scope is Scope.UNIT and unit is None:
        yield reasons.NO_UNIT(subject, field=stage.name, named=stage.label)
    elif not count:
        yield reasons.NO_APPROVER(
            subject, field=stage.name, named=stage.label, expected=role_name(stage.role)
        )
    elif count < _least(stage.quorum):
        yield reasons.TOO_FEW_APPROVERS(
            subject, field=stage.name, named=stage.label, observed=count, expected=_least(stage.quorum)
        )


def _free(chain: Chain, stage: Stage, requester: str, holders: Holders) -> int | frozenset[str]:
    known = holders.get(stage.name, frozenset())
    return known - {requester} if isinstance(known, frozenset) and chain.exclude_requester else known


def _least(quorum: Quorum) -> int:
    return quorum.persons if isinstance(quorum, AtLeast) else 1


def _crossed(chain: Chain, subject: str, requester: str, holders: Holders) -> Iterator[Reason]:
    """The first stage for which no different people are left, found by seating one person per signature."""
    free = {stage.name: _free(chain, stage, requester, holders) for stage in chain.stages}
    people = {name: ids for name, ids in free.items() if isinstance(ids, frozenset)}
    slots = [stage for stage in chain.stages if stage.name in people for _ in range(_least(stage.quorum))]
    seated: dict[str, int] = {}
    for slot, stage in enumerate(slots):
        if not seat(slot, slots, people, seated):
            sitting = sum(slots[place] is stage for place in seated.values())
            yield reasons.TOO_FEW_APPROVERS(
                subject, field=stage.name, named=stage.label, observed=sitting, expected=_least(stage.quorum)
            )
            return


class HasName(Protocol):
    """A stage, or a step of a route."""

    @property
    def name(self) -> str:
        """Its name."""


def seat(
    slot: int, slots: Sequence[HasName], people: Mapping[str, frozenset[str]], seated: dict[str, int]
) -> bool:
    """Find a person for a signature; others move to other signatures where that makes room."""
    wanted_by: dict[str, int] = {}
    sits: dict[int, str] = {place: person for person, place in seated.items()}
    waiting = deque([slot])
    while waiting:
        place = waiting.popleft()
        for person in sorted(people[slots[place].name] - wanted_by.keys()):
            wanted_by[person] = place
            if person not in seated:
                _move(person, slot, wanted_by, sits, seated)
                return True
            waiting.append(seated[person])
    return False


def _move(
    person: str, slot: int, wanted_by: Mapping[str, int], sits: Mapping[int, str], seated: dict[str, int]
) -> None:
    place = wanted_by[person]
    while place != slot:
        seated[person] = place
        person = sits[place]
        place = wanted_by[person]
    seated[person] = place
