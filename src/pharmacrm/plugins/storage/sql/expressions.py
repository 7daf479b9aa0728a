"""Expressions of summaries as SQL over the rows of one kind; their values are bound under paths."""

from collections.abc import Iterator
from typing import Any

from attrs import frozen
from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, literal_column, true

from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.summary import Case, Cell, Expression, Literal, Minus, Plus, Times, Total
from pharmacrm.plugins.storage.sql.statements import Shape, Statements, shape_of


@frozen
class Writing:
    """Expressions over the rows of one kind, as SQL."""

    statements: Statements
    kind: type[Entity]

    def value(self, expression: Expression, path: str) -> ColumnElement[Any]:
        """An expression whose values are bound under a path."""
        match expression:
            case Cell(field=name):
                return self.statements.tables.by_kind[self.kind].c[name]
            case Literal(value=value):
                return cast(literal_column(str(int(value))), BigInteger)
            case Plus(left=left, right=right):
                return self.value(left, path + "l") + self.value(right, path + "r")
            case Minus(left=left, right=right):
                return self.value(left, path + "l") - self.value(right, path + "r")
            case Times(left=left, right=right):
                return self.value(left, path + "l") * self.value(right, path + "r")
            case Case(arms=arms, otherwise=otherwise):
                return self._case(arms, otherwise, path)
            case Total():
                raise TypeError("a total stands in a row of its own")

    def _case(self, arms: Any, otherwise: Expression, path: str) -> ColumnElement[Any]:
        last = self.value(otherwise, path + "o")
        if not arms:
            return last
        whens = []
        for number, arm in enumerate(arms):
            held = self.statements.conditions(self.kind, arm.where, f"{path}a{number}_")
            whens.append((and_(true(), *held), self.value(arm.value, f"{path}v{number}")))
        return case(*whens, else_=last)


def arms_of(expression: Expression, path: str) -> Iterator[tuple[str, Any]]:
    """Every arm of every case, under the path at which its values are bound."""
    match expression:
        case Plus(left=left, right=right) | Minus(left=left, right=right) | Times(left=left, right=right):
            yield from arms_of(left, path + "l")
            yield from arms_of(right, path + "r")
        case Case(arms=arms, otherwise=otherwise):
            for number, arm in enumerate(arms):
                yield f"{path}a{number}_", arm
                yield from arms_of(arm.value, f"{path}v{number}")
            yield from arms_of(otherwise, path + "o")


def expression_shape(expression: Expression, places: dict[Total, int]) -> Shape:
    """What two expressions have in common that share a statement; two totals are the same one or are not."""
    match expression:
        case Cell(field=name):
            return ("cell", name)
        case Literal(value=value):
            return ("literal", value)
        case Case(arms=arms, otherwise=otherwise):
            shapes = tuple((shape_of(arm.where), expression_shape(arm.value, places)) for arm in arms)
            return ("case", shapes, expression_shape(otherwise, places))
        case Total(kind=kind, on=on, value=value, where=where):
            return ("total", places[expression], kind, on, expression_shape(value, places), shape_of(where))
        case _:
            kind_ = type(expression).__name__
            return (
                kind_,
                expression_shape(expression.left, places),
                expression_shape(expression.right, places),
            )
