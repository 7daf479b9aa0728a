"""Summaries as one SQL statement: grouped by the database, where the rows are."""

from collections.abc import Iterator
from typing import Any

from attrs import frozen
from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, func, literal_column, select, true

from pharmacrm.core.kernel.schema import schema_of
from pharmacrm.core.kernel.summary import (
    Case,
    Cell,
    Expression,
    Literal,
    Minus,
    Plus,
    Summary,
    Summed,
    Times,
)
from pharmacrm.plugins.storage.sql.statements import Shape, Statement, Statements, shape_of, slot

CLASS = "class_"


@frozen
class Summing:
    """One summary for the statements of a store."""

    statements: Statements
    summary: Summary

    def statement(self) -> Statement:
        """The statement of this shape, compiled when it is first wanted."""
        expressions = tuple(_shape(each) for each in self._expressions())
        where, one = shape_of(self.summary.where), bool(self.summary.currency)
        key = ("sum", self.summary.kind, where, self.summary.by, expressions, one)
        return self.statements.once(*key, make=self._select)

    def values(self, tenant: str) -> dict[str, Any]:
        """The values of its conditions."""
        kind, found = self.summary.kind, {"tenant": tenant, "one_currency": self.summary.currency}
        found |= self.statements.values_of(kind, self.summary.where)
        for number, expression in enumerate(self._expressions()):
            for path, arm in _arms(expression, f"e{number}"):
                found |= self.statements.values_of(kind, arm.where, path)
        return found

    def group(self, row: Any) -> Summed:
        """One row of the answer; sums come as whole numbers or as decimals of such."""
        currency, *rest = row
        texts, counts = rest[: len(self.summary.by)], rest[len(self.summary.by) :]
        return Summed(
            currency=self.summary.currency or currency or "",
            by=tuple(map(str, texts)),
            of_class=int(counts[0]),
            sums=tuple(int(each) for each in counts[1:-1]),
            entities=int(counts[-1]),
        )

    def _expressions(self) -> tuple[Expression, ...]:
        return (self.summary.classes, *self.summary.sums)

    def _select(self) -> Any:
        table = self.statements.tables.by_kind[self.summary.kind]
        each_currency = bool(schema_of(self.summary.kind).money) and not self.summary.currency
        currency = table.c.currency if each_currency else literal_column("''")
        keys = [table.c[name] for name in self.summary.by]
        values = [self._value(each, f"e{number}") for number, each in enumerate(self._expressions())]
        chosen = select(
            currency.label("currency_"),
            *(key.label(f"by_{number}") for number, key in enumerate(keys)),
            values[0].label(CLASS),
            *(func.sum(value) for value in values[1:]),
            func.count(),
        )
        conditions = self.statements.conditions(self.summary.kind, self.summary.where, "w")
        # By the names of the columns above: drivers number each parameter anew, and PostgreSQL would not see
        # that the class of the group is the class of the column.
        groups = [*(["currency_"] * each_currency), *(f"by_{number}" for number in range(len(keys))), CLASS]
        if self.summary.currency:
            conditions.append(table.c.currency == slot("one_currency"))
        chosen = chosen.where(table.c.tenant == slot("tenant"), *conditions)
        return chosen.group_by(*map(literal_column, groups))

    def _value(self, expression: Expression, path: str) -> ColumnElement[Any]:
        match expression:
            case Cell(field=name):
                return self.statements.tables.by_kind[self.summary.kind].c[name]
            case Literal(value=value):
                return cast(literal_column(str(int(value))), BigInteger)
            case Plus(left=left, right=right):
                return self._value(left, path + "l") + self._value(right, path + "r")
            case Minus(left=left, right=right):
                return self._value(left, path + "l") - self._value(right, path + "r")
            case Times(left=left, right=right):
                return self._value(left, path + "l") * self._value(right, path + "r")
            case Case(arms=arms, otherwise=otherwise):
                return self._case(arms, otherwise, path)

    def _case(self, arms: Any, otherwise: Expression, path: str) -> ColumnElement[Any]:
        last = self._value(otherwise, path + "o")
        if not arms:
            return last
        whens = []
        for number, arm in enumerate(arms):
            held = self.statements.conditions(self.summary.kind, arm.where, f"{path}a{number}_")
            whens.append((and_(true(), *held), self._value(arm.value, f"{path}v{number}")))
        return case(*whens, else_=last)


def _arms(expression: Expression, path: str) -> Iterator[tuple[str, Any]]:
    """Every arm of every case, under the path at which its values are bound."""
    match expression:
        case Plus(left=left, right=right) | Minus(left=left, right=right) | Times(left=left, right=right):
            yield from _arms(left, path + "l")
            yield from _arms(right, path + "r")
        case Case(arms=arms, otherwise=otherwise):
            for number, arm in enumerate(arms):
                yield f"{path}a{number}_", arm
                yield from _arms(arm.value, f"{path}v{number}")
            yield from _arms(otherwise, path + "o")


def _shape(expression: Expression) -> Shape:
    match expression:
        case Cell(field=name):
            return ("cell", name)
        case Literal(value=value):
            return ("literal", value)
        case Case(arms=arms, otherwise=otherwise):
            shapes = tuple((shape_of(arm.where), _shape(arm.value)) for arm in arms)
            return ("case", shapes, _shape(otherwise))
        case _:
            return (type(expression).__name__, _shape(expression.left), _shape(expression.right))
