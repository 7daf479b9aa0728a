"""Overdue gates: by amount, days, count and ratio, with tolerance and grace, instalment by instalment."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.credit import CreditOutcome, Metric, OverdueGate
from pharmacrm.core.credit.overdue import OpenItem, check_overdue, overdue
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Severity
from tests.covers import covers
from tests.credit.books import yuan

TODAY = date(2026, 11, 21)


def item(days_late: int, amount: int | str) -> OpenItem:
    return OpenItem(TODAY - timedelta(days_late), yuan(amount))


ITEMS = (item(40, 300), item(10, 100), item(1, "0.05"), item(0, 500), item(-30, 600))


def gate(metric: Metric, outcome: CreditOutcome = CreditOutcome.HOLD, **more: Any) -> OverdueGate:
    return OverdueGate(metric=metric, outcome=outcome, **more)


@covers("XT-26")
@pytest.mark.parametrize(
    ("gate", "observed"),
    [
        (gate(Metric.AMOUNT, amount=yuan("400.05")), None),
        (gate(Metric.AMOUNT, amount=yuan("400.04")), "CNY 400.05"),
        (gate(Metric.AMOUNT, amount=yuan("400.04"), tolerance=yuan("0.05")), None),
        (gate(Metric.AMOUNT, amount=yuan(0), grace_days=40), None),
        (gate(Metric.AMOUNT, amount=yuan(0), grace_days=39), "CNY 300.00"),
        (gate(Metric.DAYS, up_to=40), None),
        (gate(Metric.DAYS, up_to=39), "40 days"),
        (gate(Metric.COUNT, up_to=3), None),
        (gate(Metric.COUNT, up_to=2), "3 instalments"),
        (gate(Metric.COUNT, up_to=2, tolerance=yuan("0.05")), None),
        (gate(Metric.COUNT, up_to=1, grace_days=1), "2 instalments"),
        (gate(Metric.RATIO, up_to=27), None),
        (gate(Metric.RATIO, up_to=26), "CNY 400.05 of CNY 1,500.05"),
    ],
)
def test_credit_receivables_021_each_gate_bears_up_to_its_bound(
    gate: OverdueGate, observed: str | None
) -> None:
    found = check_overdue([gate], ITEMS, on=TODAY, currency="CNY", subject="SO-1")
    assert [reason.observed for reason in found] == ([] if observed is None else [observed])
    assert all(reason.code == "credit.overdue" for reason in found)


@covers("XT-26")
@pytest.mark.parametrize(
    ("outcome", "code", "severity"),
    [
        (CreditOutcome.ALLOW, None, None),
        (CreditOutcome.WARN, "credit.overdue", Severity.WARN),
        (CreditOutcome.WATCH, "credit.overdue", Severity.INFO),
        (CreditOutcome.HOLD, "credit.overdue", Severity.APPROVE),
        (CreditOutcome.BLOCK, "credit.overdue", Severity.BLOCK),
        (CreditOutcome.OVERRIDE, "credit.override_required", Severity.APPROVE),
    ],
)
def test_each_gate_has_its_own_outcome(
    outcome: CreditOutcome, code: str | None, severity: Severity | None
) -> None:
    gates = [gate(Metric.DAYS, outcome, up_to=30), gate(Metric.COUNT, CreditOutcome.WARN, up_to=99)]
    found = check_overdue(gates, ITEMS, on=TODAY, currency="CNY", subject="SO-1")
    assert [(each.code, each.severity) for each in found] == ([] if code is None else [(code, severity)])


def test_what_is_found_is_said_in_both_languages() -> None:
    gates = [
        gate(Metric.AMOUNT, amount=yuan(1)),
        gate(Metric.DAYS, up_to=30),
        gate(Metric.COUNT, up_to=1),
        gate(Metric.RATIO, up_to=1),
    ]
    found = check_overdue(gates, ITEMS, on=TODAY, currency="CNY", subject="SO-1")
    assert [each.message for each in found] == [
        "SO-1: the customer is overdue by CNY 400.05, borne are CNY 1.00",
        "SO-1: the customer is overdue by 40 days, borne are 30 days",
        "SO-1: the customer is overdue by 3 instalments, borne are 1 instalment",
        "SO-1: the customer is overdue by CNY 400.05 of CNY 1,500.05, borne are 1 %",
    ]
    assert [each.message_zh for each in found][1:] == [
        "SO-1：客户逾期 40 天，允许 30 天",
        "SO-1：客户逾期 3 笔，允许 1 笔",
        "SO-1：客户逾期 CNY 1,500.05 中的 CNY 400.05，允许 1%",
    ]


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"metric": Metric.AMOUNT}, "gate.amount", "amount"),
        ({"metric": Metric.DAYS, "amount": yuan(1)}, "gate.amount", "amount"),
        ({"metric": Metric.DAYS, "up_to": -1}, "gate.number", "up_to"),
        ({"metric": Metric.DAYS, "grace_days": -1}, "gate.number", "grace_days"),
        ({"metric": Metric.RATIO, "up_to": 101}, "gate.ratio", "up_to"),
        ({"metric": Metric.AMOUNT, "amount": yuan(-1)}, "money.sign", ""),
        ({"metric": Metric.AMOUNT, "amount": yuan(1), "tolerance": yuan(-1)}, "money.sign", ""),
        ({"metric": "weight"}, "choice.unknown", "metric"),
    ],
)
def test_a_gate_that_cannot_measure_is_malformed(values: Any, code: str, field: str) -> None:
    with pytest.raises(MalformedInput) as error:
        OverdueGate(**({"outcome": CreditOutcome.HOLD} | values))
    assert (error.value.code, error.value.field) == (code, field)


items = st.lists(
    st.builds(
        lambda late, minor: OpenItem(TODAY - timedelta(late), Money.of_minor(minor, "CNY")),
        st.integers(-400, 400),
        st.integers(0, 10**12),
    ),
    max_size=12,
)
gates = st.builds(
    lambda metric, up_to, grace, tolerance, amount: OverdueGate(
        metric=metric,
        outcome=CreditOutcome.HOLD,
        up_to=min(up_to, 100) if metric is Metric.RATIO else up_to,
        grace_days=grace,
        tolerance=Money.of_minor(tolerance, "CNY"),
        amount=Money.of_minor(amount, "CNY") if metric is Metric.AMOUNT else None,
    ),
    st.sampled_from(Metric),
    st.integers(0, 400),
    st.integers(0, 100),
    st.integers(0, 10**6),
    st.integers(0, 10**12),
)


@covers("XT-26")
@given(items, gates)
def test_law_the_measures_are_those_of_the_instalments(found: list[OpenItem], gate: OverdueGate) -> None:
    late = overdue(found, gate, on=TODAY, currency="CNY")
    tolerance = gate.tolerance.minor if gate.tolerance else 0
    chosen = [
        each
        for each in found
        if each.open.minor > tolerance and each.due + timedelta(gate.grace_days) < TODAY
    ]
    assert (len(late.items), late.amount.minor) == (len(chosen), sum(each.open.minor for each in chosen))
    assert late.total.minor == sum(each.open.minor for each in found)
    if gate.metric is Metric.RATIO and late.total:
        assert late.over(gate) == (Fraction(late.amount.minor, late.total.minor) > Fraction(gate.up_to, 100))


@given(items, gates, st.integers(0, 50), st.integers(0, 10**6))
def test_law_more_grace_and_more_tolerance_never_find_more(
    found: list[OpenItem], gate: OverdueGate, days: int, more: int
) -> None:
    tolerance = Money.of_minor((gate.tolerance.minor if gate.tolerance else 0) + more, "CNY")
    milder = evolve(gate, grace_days=gate.grace_days + days, tolerance=tolerance)
    before = overdue(found, gate, on=TODAY, currency="CNY")
    after = overdue(found, milder, on=TODAY, currency="CNY")
    assert set(after.items) <= set(before.items)
    assert before.over(gate) or not after.over(milder)


@given(items, gates)
def test_law_a_customer_who_owes_nothing_late_passes_every_gate(
    found: list[OpenItem], gate: OverdueGate
) -> None:
    current = [each for each in found if each.due >= TODAY]
    assert check_overdue([gate], current, on=TODAY, currency="CNY", subject="SO-1") == ()
