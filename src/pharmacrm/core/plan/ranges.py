"""Whether a summary can be carried out by any store: known fields, and numbers that all of them keep exactly.

Databases differ when a product leaves 64 bits: some fail, some wrap, some go on in floating point. So what
could leave them is refused beforehand, whatever the rows are.
"""

from typing import Final

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.numbers import LIMIT
from pharmacrm.core.kernel.query import Operator, Query, checked
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.schema import Form, schema_of
from pharmacrm.core.kernel.summary import (
    Case,
    Cell,
    Expression,
    Literal,
    Minus,
    Plus,
    Summary,
    Times,
    Total,
    addends,
    nodes,
)

LARGEST: Final = 2**63 - 1

Interval = tuple[int, int]


def checked_summary(summary: Summary) -> Summary:
    """Give the summary itself, or a typed error that names what no store could carry out.

    Raises:
        MalformedInput: `query.field` for a field that is not there, is optional or of another form, or a case
            that searches within another kind; `plan.range` where a value could leave 64 bits.

    """
    kind = summary.kind
    checked(kind, Query(summary.where))
    if summary.currency and not schema_of(kind).money:
        raise _unfit("currency", f"{schema_of(kind).name} has no amount")
    for name in summary.by:
        _field(kind, name, (Form.TEXT, Form.CHOICE))
    for expression in summary.expressions:
        _check_all(kind, expression, totals=expression is not summary.classes)
    return summary


def _check_all(kind: type[Entity], expression: Expression, *, totals: bool) -> None:
    for each in nodes(expression):
        _check(kind, each)
    allowed = [each for _, _, each in addends(expression) if isinstance(each, Total)] if totals else []
    for each in nodes(expression):
        if isinstance(each, Total):
            if not any(each is other for other in allowed):
                raise _unfit(each.on, "a total is an addend of a sum, and nowhere else")
            if bool(schema_of(kind).money) is not bool(schema_of(each.kind).money):
                raise _unfit(each.on, "both kinds of a total have amounts, or neither")
            checked(each.kind, Query(each.where))
            _field(each.kind, each.on, (Form.TEXT,))
            _check_all(each.kind, each.value, totals=False)
    interval(expression)


def interval(expression: Expression) -> Interval:
    """Give the least and the largest value that an expression can have, or refuse it with `plan.range`."""
    found = _interval(expression)
    if found[0] >= -LARGEST and found[1] <= LARGEST:
        return found
    raise MalformedInput("plan.range", "a value could leave 64 bits", field="sums", value=found[1])


def _interval(expression: Expression) -> Interval:
    match expression:
        case Cell() | Total():
            return 1 - LIMIT, LIMIT - 1
        case Literal(value=value):
            return value, value
        case Plus(left=left, right=right):
            (a, b), (c, d) = interval(left), interval(right)
            return a + c, b + d
        case Minus(left=left, right=right):
            (a, b), (c, d) = interval(left), interval(right)
            return a - d, b - c
        case Times(left=left, right=right):
            corners = [one * two for one in interval(left) for two in interval(right)]
            return min(corners), max(corners)
        case Case(arms=arms, otherwise=otherwise):
            every = [interval(each) for each in (*(arm.value for arm in arms), otherwise)]
            return min(low for low, _ in every), max(high for _, high in every)


def _check(kind: type[Entity], node: Expression) -> None:
    match node:
        case Cell(field=name):
            _field(kind, name, (Form.MONEY, Form.INTEGER))
        case Case(arms=arms):
            conditions = tuple(condition for arm in arms for condition in arm.where)
            checked(kind, Query(conditions))
            for condition in conditions:
                if condition.operator is Operator.WITHIN:
                    raise _unfit(condition.field, "a case does not search within another kind")


def _field(kind: type[Entity], name: str, forms: tuple[Form, ...]) -> None:
    schema = schema_of(kind)
    field = next((each for each in schema.fields if each.name == name), None)
    if field is None or field.optional or field.form not in forms:
        raise _unfit(name, f"{schema.name} has no such field to sum or to group by")


def _unfit(name: str, message: str) -> MalformedInput:
    return MalformedInput("query.field", message, field="sums", value=name)
