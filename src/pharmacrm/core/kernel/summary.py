"""Summaries: sums over the entities of a kind, by class, which a store can carry out where the rows are.

A closed tree of whole numbers that every store understands alike: columns, literals, + - x, and cases over
the conditions of a search. Money counts in minor units, and amounts of two currencies never share a group.
What a summary means is said once, by `core.plan`; a store that cannot carry it out needs not.
"""

from typing import Protocol, runtime_checkable

from attrs import frozen

from pharmacrm.core.kernel.query import Condition
from pharmacrm.core.kernel.record import Entity


@frozen
class Cell:
    """The number of a field: a whole number, or the minor units of an amount; never an optional field."""

    field: str


@frozen
class Literal:
    """A whole number."""

    value: int


@frozen
class Plus:
    """The sum of two expressions."""

    left: "Expression"
    right: "Expression"


@frozen
class Minus:
    """The difference of two expressions."""

    left: "Expression"
    right: "Expression"


@frozen
class Times:
    """The product of two expressions."""

    left: "Expression"
    right: "Expression"


@frozen
class Arm:
    """One arm of a case: its value counts if every condition holds; what is absent matches only `null`."""

    where: tuple[Condition, ...]
    value: "Expression"


@frozen
class Case:
    """The value of the first arm that holds, or else another."""

    arms: tuple[Arm, ...]
    otherwise: "Expression"


Expression = Cell | Literal | Plus | Minus | Times | Case


@frozen(kw_only=True)
class Summary:
    """Which entities are summed, in which groups, and what is summed of each.

    A group has the same currency, the same texts `by` these fields, and the same class, if there are classes.
    With a `currency` only what is in it is summed.
    """

    kind: type[Entity]
    currency: str = ""
    where: tuple[Condition, ...] = ()
    by: tuple[str, ...] = ()
    classes: Expression = Literal(0)
    sums: tuple[Expression, ...] = ()


@frozen(kw_only=True, order=True)
class Summed:
    """One group: its currency ('' without money), its texts, its class, its sums, and how many entities."""

    currency: str
    by: tuple[str, ...]
    of_class: int
    sums: tuple[int, ...]
    entities: int


@runtime_checkable
class Sums(Protocol):
    """What a session may offer beside `Reader`: summaries carried out by the database, in one statement."""

    def summed(self, tenant: str, summary: Summary) -> list[Summed]:
        """The groups that have an entity, in any order."""
