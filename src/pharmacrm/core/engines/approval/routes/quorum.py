"""How many have to approve: so many different persons, everyone, so many points, so much of all weight."""

from attrs import frozen


@frozen
class Persons:
    """So many different persons: 1 is any of them (或签)."""

    count: int


@frozen
class Everyone:
    """Everybody who may decide at that moment and did not abstain (会签)."""


@frozen
class Points:
    """Approvals whose weights add up to so much."""

    points: int


@frozen
class Percent:
    """Approvals with so many hundredths of the weight of everybody who may decide."""

    percent: int


Quorum = Persons | Everyone | Points | Percent
ANYONE = Persons(1)
EVERYONE = Everyone()


def needed(quorum: Quorum, total: int) -> int:
    """The weight of approvals that makes up a quorum, where those who may decide weigh `total` together.

    With `Persons` everybody weighs 1. A share is rounded up, and nothing passes without one approval.
    """
    match quorum:
        case Persons(count):
            return count
        case Points(points):
            return points
        case Percent(percent):
            return max(1, -(-total * percent // 100))
        case Everyone():
            return max(1, total)


def least(quorum: Quorum) -> int:
    """How many different persons have to approve at the very least."""
    return quorum.count if isinstance(quorum, Persons) else 1


def by_head(quorum: Quorum) -> bool:
    """Whether persons are counted, and not their weights."""
    return isinstance(quorum, (Persons, Everyone))


def by_share(quorum: Quorum) -> bool:
    """Whether one has to know everybody who may decide."""
    return isinstance(quorum, (Everyone, Percent))
