"""Summaries as one SQL statement: grouped by the database, where the rows are.

A total is no join: a database that knows nothing of its tables yet, as after a large import, would read the
other table anew for each row. The rows of both are put below each other instead, and grouped by id.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import frozen
from sqlalchemy import BigInteger, ColumnElement, cast, func, literal_column, null, select, union_all

from pharmacrm.core.kernel.query import Condition
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.schema import schema_of
from pharmacrm.core.kernel.summary import Expression, Literal, Summary, Summed, Total, addends
from pharmacrm.plugins.storage.sql.expressions import Writing, arms_of, expression_shape
from pharmacrm.plugins.storage.sql.statements import Statement, Statements, shape_of, slot

CLASS, CURRENCY = "class_", "currency_"


@frozen
class Summing:
    """One summary for the statements of a store."""

    statements: Statements
    summary: Summary

    def statement(self) -> Statement:
        """The statement of this shape, compiled when it is first wanted."""
        summary, places = self.summary, {total: place for place, total in enumerate(self.summary.totals)}
        expressions = tuple(expression_shape(each, places) for each in summary.expressions)
        key = ("sum", summary.kind, shape_of(summary.where), summary.by, expressions, bool(summary.currency))
        return self.statements.once(*key, make=self._select)

    def values(self, tenant: str) -> dict[str, Any]:
        """The values of its conditions."""
        found: dict[str, Any] = {"tenant": tenant, "one_currency": self.summary.currency}
        for kind, where, path in self._bound():
            found |= self.statements.values_of(kind, where, path)
        return found

    def _bound(self) -> Iterator[tuple[type[Entity], tuple[Condition, ...], str]]:
        """All conditions of the statement, with their kind and the path under which their values stand."""
        kind = self.summary.kind
        yield kind, self.summary.where, "w"
        for number, expression in enumerate(self.summary.expressions):
            yield from ((kind, arm.where, path) for path, arm in arms_of(expression, f"e{number}"))
        for number, total in enumerate(self.summary.totals):
            yield total.kind, total.where, f"t{number}w"
            yield from ((total.kind, arm.where, path) for path, arm in arms_of(total.value, f"t{number}v"))

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

    def _select(self) -> Any:
        """One group of each currency, texts and class."""
        rows = (self._whole() if self.summary.totals else self._own()).subquery("rows_")
        keys = [rows.c[name] for name in (*self._currencies(), *self._texts(), CLASS)]
        sums = [func.sum(rows.c[name]) for name in self._sums()]
        currency = rows.c[CURRENCY] if self._currencies() else literal_column("''")
        chosen = select(currency, *keys[len(self._currencies()) :], *sums, func.count())
        if self.summary.unless_zero != Literal(1):
            chosen = chosen.where(rows.c[self._name(self.summary.unless_zero)] != literal_column("0"))
        return chosen.group_by(*keys)

    def _whole(self) -> Any:
        """Each entity once, with what those that name it add; what is only named has no class."""
        below = [self._own(), *(self._added(each, number) for number, each in enumerate(self.summary.totals))]
        rows = union_all(*below).subquery("below_")
        keys = [rows.c[name] for name in ("of_", *self._currencies())]
        return (
            select(
                *keys[1:],
                *(func.max(rows.c[name]).label(name) for name in (*self._texts(), CLASS)),
                *(func.sum(rows.c[name]).label(name) for name in self._values()),
            )
            .group_by(*keys)
            .having(func.max(rows.c[CLASS]).is_not(None))
        )

    def _own(self) -> Any:
        """The entities themselves: texts, class, and what they have without any total."""
        table = self.statements.tables.by_kind[self.summary.kind]
        writing = Writing(self.statements, self.summary.kind)
        texts = zip(self._texts(), self.summary.by, strict=True)
        values = [
            _sum(
                (sign, writing.value(each, f"e{self.summary.expressions.index(expression)}{path}"))
                for path, sign, each in addends(expression)
                if not isinstance(each, Total)
            ).label(name)
            for name, expression in ((CLASS, self.summary.classes), *self._values().items())
        ]
        return self._rows(self.summary.kind, self.summary.where, "w").add_columns(
            table.c.id.label("of_"), *(table.c[name].label(label) for label, name in texts), *values
        )

    def _added(self, total: Total, place: int) -> Any:
        """The entities that a total adds up, each in a row of the one that it names."""
        table = self.statements.tables.by_kind[total.kind]
        value = Writing(self.statements, total.kind).value(total.value, f"t{place}v")
        values = [
            _sum((sign, value) for _, sign, each in addends(expression) if each == total).label(name)
            for name, expression in self._values().items()
        ]
        nothing = [null().label(name) for name in (*self._texts(), CLASS)]
        return self._rows(total.kind, total.where, f"t{place}w").add_columns(
            table.c[total.on].label("of_"), *nothing, *values
        )

    def _currencies(self) -> tuple[str, ...]:
        """The column of the currency, unless there is none or only one is wanted."""
        each = bool(schema_of(self.summary.kind).money) and not self.summary.currency
        return (CURRENCY,) if each else ()

    def _texts(self) -> tuple[str, ...]:
        return tuple(f"by_{number}" for number in range(len(self.summary.by)))

    def _sums(self) -> tuple[str, ...]:
        return tuple(map(self._name, self.summary.sums))

    def _name(self, expression: Expression) -> str:
        """The column of a sum, which another one that is the same shares."""
        return f"value_{self.summary.expressions[1:].index(expression)}"

    def _values(self) -> dict[str, Expression]:
        return {self._name(each): each for each in self.summary.expressions[1:]}

    def _rows(self, kind: type[Entity], where: tuple[Condition, ...], path: str) -> Any:
        """The matching rows of a kind, with the currency of each if it is wanted."""
        table = self.statements.tables.by_kind[kind]
        conditions = self.statements.conditions(kind, where, path)
        if self.summary.currency:
            conditions.append(table.c.currency == slot("one_currency"))
        each = [
            func.coalesce(table.c.currency, literal_column("''")).label(name) for name in self._currencies()
        ]
        return select(*each).where(table.c.tenant == slot("tenant"), *conditions)


def _sum(signed: Iterable[tuple[int, ColumnElement[Any]]]) -> ColumnElement[Any]:
    """What is left of several values with their signs; 0 of none."""
    total: ColumnElement[Any] | None = None
    for sign, value in signed:
        if total is None:
            total = value if sign > 0 else -value
        else:
            total = total + value if sign > 0 else total - value
    return cast(literal_column("0"), BigInteger) if total is None else total
