"""Parts of an exposure under rules of their own: whether each counts, and how large it may be."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.credit import CreditRules, ExposureKind, PartRule, PolicyScope, SetCreditPolicy
from pharmacrm.core.credit.checks import check_credit
from pharmacrm.core.credit.exposure import exposure_of
from pharmacrm.core.credit.reservations import PARTS, reserve
from pharmacrm.core.credit.standing import Surroundings
from pharmacrm.core.kernel.change import Add, Touch
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from tests.covers import covers
from tests.credit.books import AT, line, yuan

ORDERS, OWED, ACCOUNT = ExposureKind.OPEN_ORDERS, ExposureKind.RECEIVABLE, ExposureKind.UNAPPLIED
GOODS = ExposureKind.UNBILLED


def around(*parts: PartRule, asks: ExposureKind = ORDERS) -> Surroundings:
    return Surroundings(rules=CreditRules(parts=parts), asks=asks)


LINE = line(1200, reserved=200, posted=900, paid=100, unapplied=50, unbilled=200)
"""Open orders 200, unbilled 200, receivables 600, money on account 50: exposure 950."""


@covers("XT-26")
@pytest.mark.parametrize(
    ("parts", "total"),
    [
        ((), 950),
        ((PartRule(kind=ORDERS, counted=False),), 750),
        ((PartRule(kind=GOODS, counted=False),), 750),
        ((PartRule(kind=OWED, counted=False),), 350),
        ((PartRule(kind=ACCOUNT, counted=False),), 1000),
        ((PartRule(kind=ORDERS, counted=False), PartRule(kind=ACCOUNT, counted=False)), 800),
        ((PartRule(kind=ORDERS, limit=yuan(1)),), 950),
    ],
)
def test_a_part_counts_unless_its_rule_says_no(parts: tuple[PartRule, ...], total: int) -> None:
    assert exposure_of(LINE, rules=parts).total == yuan(total)


@covers("XT-26")
@pytest.mark.parametrize(
    ("rule", "asks", "more", "found"),
    [
        (PartRule(kind=ORDERS, limit=yuan(250)), ORDERS, 50, []),
        (PartRule(kind=ORDERS, limit=yuan(250)), ORDERS, 51, [("open_orders", "CNY 251.00", "CNY 250.00")]),
        (PartRule(kind=ORDERS, limit=yuan(250)), OWED, 51, []),
        (PartRule(kind=GOODS, limit=yuan(250)), GOODS, 50, []),
        (PartRule(kind=GOODS, limit=yuan(250)), ORDERS, 50, []),
        (PartRule(kind=GOODS, limit=yuan(249)), GOODS, 50, [("unbilled", "CNY 250.00", "CNY 249.00")]),
        (PartRule(kind=OWED, limit=yuan(600)), ORDERS, 50, []),
        (PartRule(kind=OWED, limit=yuan(599)), ORDERS, 1, [("receivable", "CNY 600.00", "CNY 599.00")]),
        (PartRule(kind=OWED, limit=yuan(600)), OWED, 1, [("receivable", "CNY 601.00", "CNY 600.00")]),
        (PartRule(kind=ORDERS, limit=Money(1, "USD")), ORDERS, 50, []),
    ],
)
def test_a_part_may_be_as_large_as_its_own_limit(
    rule: PartRule, asks: ExposureKind, more: int, found: list[tuple[str, str, str]]
) -> None:
    reasons = check_credit(LINE, yuan(more), subject="SO-1", around=around(rule, asks=asks))
    assert [(each.field, each.observed, each.expected) for each in reasons] == found
    assert all(each.code == "credit.part_over_limit" for each in reasons)


def test_orders_that_do_not_count_pass_the_limit_and_what_counts_does_not() -> None:
    free = PartRule(kind=ORDERS, counted=False)
    assert check_credit(LINE, yuan(10_000), subject="SO-1", around=around(free)) == ()
    found = check_credit(LINE, yuan(451), subject="OUT-1", around=around(free, asks=GOODS))
    assert [(each.code, each.observed) for each in found] == [
        ("credit.over_limit", "CNY 1,201.00 (short CNY 1.00)")
    ]


def test_a_decision_about_parts_rests_on_the_counters_that_it_read() -> None:
    decision = reserve(
        LINE, yuan(50), order="SO-1", customer="H-001", at=AT, days=30,
        around=around(PartRule(kind=ORDERS, limit=yuan(250))),
    )  # fmt: skip
    assert Touch(LINE, exact=True) in decision.changes
    assert [each.unbounded for each in decision.changes if isinstance(each, Add)] == [PARTS]
    nothing = reserve(LINE, yuan(0), order="SO-1", customer="H-001", at=AT, days=30,
                      around=around(PartRule(kind=ORDERS, limit=yuan(250))))  # fmt: skip
    assert nothing.changes == ()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"kind": ExposureKind.PREPAID}, "part.kind"),
        ({"kind": ExposureKind.HELD_ORDERS, "counted": False}, "part.kind"),
        ({"kind": ACCOUNT, "limit": yuan(1)}, "part.kind"),
        ({"kind": ORDERS, "limit": yuan(-1)}, "money.sign"),
        ({"kind": "orders"}, "choice.unknown"),
    ],
)
def test_a_rule_is_about_a_part_that_the_line_keeps(values: Any, code: str) -> None:
    with pytest.raises(MalformedInput) as error:
        PartRule(**values)
    assert error.value.code == code


def test_a_part_has_one_rule() -> None:
    with pytest.raises(MalformedInput) as error:
        SetCreditPolicy(scope=PolicyScope.TENANT, parts=(PartRule(kind=ORDERS), PartRule(kind=ORDERS)))
    assert (error.value.code, error.value.field) == ("credit_policy.parts", "parts")


amounts = st.integers(0, 10**6)
flags = st.fixed_dictionaries({kind: st.booleans() for kind in (ORDERS, GOODS, OWED, ACCOUNT)})


@covers("XT-26")
@given(amounts, amounts, amounts, amounts, amounts, flags)
def test_law_the_exposure_is_the_sum_of_the_parts_that_count(
    reserved: int, unbilled: int, owed: int, paid: int, unapplied: int, counted: dict[ExposureKind, bool]
) -> None:
    posted = unbilled + owed + paid
    kept = line(0, reserved=reserved, posted=posted, paid=paid, unapplied=unapplied, unbilled=unbilled)
    rules = [PartRule(kind=kind, counted=each) for kind, each in counted.items()]
    found = exposure_of(kept, rules=rules)
    parts = (
        (ORDERS, reserved),
        (GOODS, unbilled),
        (OWED, owed),
        (ACCOUNT, -unapplied),
    )
    assert found.total == yuan(sum(amount for kind, amount in parts if counted[kind]))
    assert exposure_of(kept, rules=[PartRule(kind=kind) for kind in counted]).total == kept.exposure
