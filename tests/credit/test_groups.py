"""Groups: one limit for several customers, who join with what they owe."""

from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.credit import CreditGroup, JoinCreditGroup, SetCreditGroup
from pharmacrm.core.credit.checks import check_credit
from pharmacrm.core.credit.groups import COUNTERS, GROUP_UNLIMITED, mirrored
from pharmacrm.core.credit.handlers import join_credit_group, set_credit_group
from pharmacrm.core.credit.model import CreditLine, empty_group, empty_line
from pharmacrm.core.credit.reservations import UNLIMITED
from pharmacrm.core.credit.standing import Surroundings
from pharmacrm.core.kernel.change import Add, Touch
from pharmacrm.core.kernel.money import Money
from tests.covers import covers
from tests.credit.books import line, yuan
from tests.fakes import FakeReads


def group(limit: int | None = 1000, **more: Any) -> SetCreditGroup:
    shared = None if limit is None else yuan(limit)
    return SetCreditGroup(**({"group": "G-1", "name": "示例集团", "limit": shared} | more))


def founded(*lines: CreditLine, limit: int | None = 1000) -> FakeReads:
    read = FakeReads(lines, actor="qian.qi")
    read.apply(set_credit_group(group(limit), read))
    return read


def pool(read: FakeReads) -> CreditGroup:
    return read.get(CreditGroup, "G-1")


@covers("XT-26")
def test_a_group_is_founded_and_its_limit_set_anew() -> None:
    read = founded()
    assert (pool(read).limit, pool(read).unlimited, pool(read).exposure) == (yuan(1000), False, yuan(0))
    assert set_credit_group(group(), read).changes == ()
    read.apply(set_credit_group(group(800, reason="下调"), read))
    assert [each.amount for each in pool(read).limits] == [yuan(800)]
    read.apply(set_credit_group(group(None), read))
    assert pool(read).unlimited
    dollars = evolve(group(), limit=Money(5, "USD"))
    assert set_credit_group(dollars, read).codes == ("credit.currency_in_use",)


@covers("XT-26")
def test_a_member_joins_with_everything_and_leaves_with_it() -> None:
    read = founded(line(500, reserved=100, posted=50, paid=20, unapplied=5, unbilled=30))
    joined = join_credit_group(JoinCreditGroup(customer="H-001", group="G-1", reason="同一集团"), read)
    assert [change for change in joined.changes if isinstance(change, Touch)] == [
        Touch(read.get(CreditLine, "H-001"), exact=True)
    ]
    read.apply(joined)
    assert [getattr(pool(read), name) for name in COUNTERS] == [
        yuan(100),
        yuan(50),
        yuan(20),
        yuan(5),
        yuan(30),
    ]
    assert join_credit_group(JoinCreditGroup(customer="H-001", group="G-1"), read).changes == ()
    read.apply(join_credit_group(JoinCreditGroup(customer="H-001"), read))
    assert pool(read).exposure == yuan(0)
    assert read.get(CreditLine, "H-001").group is None


def test_joining_over_the_limit_warns_and_another_currency_cannot_join() -> None:
    read = founded(line(5000, posted=1001))
    join = JoinCreditGroup(customer="H-001", group="G-1")
    assert join_credit_group(join, read).codes == ("credit.limit_below_exposure",)
    read.put(evolve(empty_line("H-002", "USD"), version=1))
    assert join_credit_group(evolve(join, customer="H-002"), read).codes == ("credit.group_currency",)


@covers("XT-26")
@pytest.mark.parametrize(
    ("own", "owed", "more", "codes"),
    [
        (500, 0, 500, []),
        (500, 500, 500, []),
        (500, 501, 500, ["credit.group_over_limit"]),
        (499, 501, 500, ["credit.group_over_limit", "credit.over_limit"]),
        (499, 0, 500, ["credit.over_limit"]),
    ],
)
def test_credit_receivables_020_the_member_passes_and_the_group_does_not(
    own: int, owed: int, more: int, codes: list[str]
) -> None:
    shared = evolve(empty_group("G-1", "CNY"), limit=yuan(1000), unlimited=False, posted=yuan(owed))
    found = check_credit(line(own), yuan(more), subject="SO-1", around=Surroundings(group=shared))
    assert sorted(each.code for each in found) == codes


def test_a_blocked_group_refuses_its_members() -> None:
    shared = evolve(empty_group("G-1", "CNY"), blocked=True)
    found = check_credit(line(500), yuan(1), subject="SO-1", around=Surroundings(group=shared))
    assert [each.code for each in found] == ["credit.group_blocked"]


@pytest.mark.parametrize(
    ("unbounded", "unlimited", "wanted"),
    [
        ("", False, ""),
        (UNLIMITED, False, ""),
        ("passed by qian.qi", False, "passed by qian.qi"),
        ("", True, GROUP_UNLIMITED),
        (UNLIMITED, True, GROUP_UNLIMITED),
    ],
)
def test_the_group_is_moved_within_its_own_limit(unbounded: str, unlimited: bool, wanted: str) -> None:
    shared = evolve(empty_group("G-1", "CNY"), unlimited=unlimited)
    change = Add(
        kind=CreditLine, id="H-001", amounts={"reserved": yuan(5)}, cause="SO-1", unbounded=unbounded
    )
    beside = mirrored(change, shared)
    assert (beside.kind, beside.id, beside.amounts, beside.cause) == (
        CreditGroup,
        "G-1",
        change.amounts,
        "SO-1",
    )
    assert beside.unbounded == wanted


amounts = st.fixed_dictionaries({name: st.integers(0, 10**6) for name in COUNTERS})


@covers("XT-26")
@given(st.lists(amounts, min_size=1, max_size=4), st.lists(st.tuples(st.integers(0, 3), st.booleans())))
def test_law_a_group_is_the_sum_of_its_members(
    owed: list[dict[str, Any]], moves: list[tuple[int, bool]]
) -> None:
    members = [evolve(line(10**7, **each), id=f"H-{number}") for number, each in enumerate(owed)]
    read = founded(*members, limit=10**8)
    for number, joins in moves:
        if number < len(members):
            command = JoinCreditGroup(customer=f"H-{number}", group="G-1" if joins else "")
            read.apply(join_credit_group(command, read))
    inside = [each for each in read.find(CreditLine) if each.group == "G-1"]
    for name in COUNTERS:
        assert getattr(pool(read), name) == Money.total((getattr(each, name) for each in inside), "CNY")
