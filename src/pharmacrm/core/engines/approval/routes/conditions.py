"""Conditions over the fields of a document: a closed language of data; nothing is ever evaluated as code."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from pharmacrm.core.engines.approval.routes.facts import Facts, FieldKind, Value
from pharmacrm.core.kernel.money import Money


class Comparison(StrEnum):
    """How a field is compared with what is written in the condition."""

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    IN = "in"
    GIVEN = "given"


@frozen
class Where:
    """One comparison of one field; a field that the document leaves out satisfies none (but `ne`).

    `value` is what is compared with; IN has several of them in `among`, GIVEN has none at all.
    """

    field: str
    comparison: Comparison
    value: Value | None = None
    among: tuple[Value, ...] = ()


@frozen
class AllOf:
    """Every one of the conditions is met; with none in it, it is met."""

    conditions: tuple["Condition", ...]


@frozen
class AnyOf:
    """At least one of the conditions is met; with none in it, it is not."""

    conditions: tuple["Condition", ...]


@frozen
class Not:
    """The condition is not met."""

    condition: "Condition"


Condition = Where | AllOf | AnyOf | Not

_ORDER: dict[Comparison, frozenset[int]] = {
    Comparison.LT: frozenset({-1}),
    Comparison.LE: frozenset({-1, 0}),
    Comparison.GT: frozenset({1}),
    Comparison.GE: frozenset({0, 1}),
}
ORDERED = frozenset({FieldKind.NUMBER, FieldKind.MONEY, FieldKind.DATE})
"""Kinds of fields that are smaller or larger than others."""


def met(condition: Condition | None, facts: Facts) -> bool:
    """Whether a document meets a condition; without a condition it does.

    Total: a missing field and an amount in another currency meet no comparison, and raise nothing;
    `strangers` names the latter.
    """
    match condition:
        case None:
            return True
        case AllOf(conditions):
            return all(met(one, facts) for one in conditions)
        case AnyOf(conditions):
            return any(met(one, facts) for one in conditions)
        case Not(inner):
            return not met(inner, facts)
        case Where():
            return _holds(condition, facts)


def tests(condition: Condition | None) -> Iterator[Where]:
    """Every comparison in a condition."""
    match condition:
        case None:
            return
        case Where():
            yield condition
        case Not(inner):
            yield from tests(inner)
        case AllOf(conditions) | AnyOf(conditions):
            for one in conditions:
                yield from tests(one)


def compared(condition: Condition | None) -> frozenset[str]:
    """The fields that a condition compares and never asks whether they are given."""
    found = tuple(tests(condition))
    asked = {test.field for test in found if test.comparison is Comparison.GIVEN}
    return frozenset(test.field for test in found) - asked


def strangers(condition: Condition | None, facts: Facts) -> tuple[Where, ...]:
    """The comparisons whose amount is of another currency than the document's: they cannot be answered."""
    return tuple(
        test
        for test in tests(condition)
        for have in (facts.get(test.field),)
        if isinstance(have, Money)
        and any(isinstance(want, Money) and want.currency != have.currency for want in written(test))
    )


def written(test: Where) -> tuple[Value, ...]:
    """The values that stand in a comparison."""
    return test.among if test.comparison is Comparison.IN else () if test.value is None else (test.value,)


def _holds(test: Where, facts: Facts) -> bool:
    have = facts.get(test.field)
    match test.comparison:
        case Comparison.GIVEN:
            return have is not None
        case Comparison.EQ:
            return have is not None and have == test.value
        case Comparison.NE:
            return have is None or have != test.value
        case Comparison.IN:
            return have in test.among
        case _:
            return _sign(have, test.value) in _ORDER[test.comparison]


def _sign(have: Value | None, want: Value | None) -> int | None:
    """Whether a value is smaller (-1), equal (0) or larger (1); None where they do not compare."""
    match have, want:
        case Money(), Money() if have.currency == want.currency:
            return (have.minor > want.minor) - (have.minor < want.minor)
        case Decimal(), Decimal():
            return (have > want) - (have < want)
        case date(), date():
            return (have > want) - (have < want)
        case _:
            return None
