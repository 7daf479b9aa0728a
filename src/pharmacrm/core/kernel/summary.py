"""Summaries: sums over the entities of a kind, by class, which a store can carry out where the rows are.

A closed tree of whole numbers that every store understands alike: columns, literals, + - x, cases over the
conditions of a search, and totals of the entities that name one. Money counts in minor units, and amounts of
two currencies never share a group. What a summary means is said once, by `core.plan`; a store that cannot
carry it out needs not.
"""

from collections.abc import Iterator
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


@frozen(kw_only=True)
class Total:
    """What the matching entities of another kind that name this one add up to; 0 where none does.

    Their field `on` holds the id of this one: the allocations of an instalment. Both kinds have amounts, and
    only what is in the same currency is added, or neither has any. A total is added to other things or taken
    from them, and is nowhere else: in no product, case, class or other total. What names one entity is taken
    to add up to no more than an amount can be.
    """

    kind: type[Entity]
    on: str
    value: "Expression"
    where: tuple[Condition, ...] = ()


Expression = Cell | Literal | Plus | Minus | Times | Case | Total


@frozen(kw_only=True)
class Summary:
    """Which entities are summed, in which groups, and what is summed of each.

    A group has the same currency, the same texts `by` these fields, and the same class, if there are classes.
    With a `currency` only what is in it is summed; with `unless_zero` only what this is not 0 of.
    """

    kind: type[Entity]
    currency: str = ""
    where: tuple[Condition, ...] = ()
    by: tuple[str, ...] = ()
    classes: Expression = Literal(0)
    sums: tuple[Expression, ...] = ()
    unless_zero: Expression = Literal(1)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything that is worked out for an entity: its class, what may leave it out, and its sums."""
        return (self.classes, self.unless_zero, *self.sums)

    @property
    def totals(self) -> tuple[Total, ...]:
        """The totals in it, each once."""
        every = (node for expression in self.expressions for node in nodes(expression))
        return tuple(dict.fromkeys(node for node in every if isinstance(node, Total)))

    @property
    def kinds(self) -> frozenset[type[Entity]]:
        """The kinds of which entities are read."""
        return frozenset({self.kind, *(total.kind for total in self.totals)})


def addends(expression: Expression, path: str = "", sign: int = 1) -> Iterator[tuple[str, int, Expression]]:
    """Give what an expression with totals adds up, with its sign, and the way to it: l left, r right."""
    match expression:
        case Plus(left=left, right=right) | Minus(left=left, right=right):
            yield from addends(left, path + "l", sign)
            yield from addends(right, path + "r", -sign if isinstance(expression, Minus) else sign)
        case _:
            yield path, sign, expression


def nodes(expression: Expression) -> Iterator[Expression]:
    """Give an expression and everything in it, but not what is inside a total: that is of another kind."""
    yield expression
    match expression:
        case Plus(left=left, right=right) | Minus(left=left, right=right) | Times(left=left, right=right):
            yield from nodes(left)
            yield from nodes(right)
        case Case(arms=arms, otherwise=otherwise):
            for arm in arms:
                yield from nodes(arm.value)
            yield from nodes(otherwise)


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
