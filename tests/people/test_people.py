"""Staff, roles, units and grants (XT-11)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.office import OfficeHours
from pharmacrm.core.kernel.tenant import Grant
from pharmacrm.core.people import (
    ROLES,
    GrantRight,
    OrgUnit,
    RegisterStaff,
    RegisterUnit,
    RoleAssignment,
    SetOfficeHours,
    Staff,
    domain,
    roles_of,
    units_above,
    units_below,
)
from pharmacrm.core.people.handlers import on_grant_right, on_register_staff, on_register_unit
from pharmacrm.core.people.hours import set_hours
from pharmacrm.core.people.rules import grant, register_staff, register_unit
from tests.covers import covers
from tests.fakes import TENANT, FakeReads

EAST = OrgUnit(id="east", version=1, name="华东", parent="all")
ALL = OrgUnit(id="all", version=1, name="总部")
BOSS = Staff(id="wang.wu", version=1, name="王五")
RIGHTS = ("GrantRight", "PlaceOrder", "RegisterPrice")
LEAD = Staff(id="li.si", version=1, name="李四", manager="wang.wu")


def reads() -> FakeReads:
    return FakeReads([ALL, EAST, BOSS, LEAD])


def zhang(**changes) -> RegisterStaff:
    return RegisterStaff(**{"id": "zhang.san", "name": "张三", **changes})


@covers("XT-11")
@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, ()),
        ({"unit": "east", "manager": "li.si", "roles": ("sales", "lead")}, ()),
        ({"roles": ("sales", "pilot")}, ("role.unknown",)),
        ({"unit": "west"}, ("org_unit.unknown",)),
        ({"manager": "nobody"}, ("staff.unknown",)),
        ({"manager": "zhang.san"}, ("manager.cycle",)),
        ({"id": "wang.wu", "manager": "li.si"}, ("manager.cycle",)),
        ({"id": "system"}, ("actor.reserved",)),
        (
            {"id": "system", "roles": ("x",), "unit": "west"},
            ("actor.reserved", "org_unit.unknown", "role.unknown"),
        ),
    ],
)
def test_staff_are_registered_or_refused_with_every_reason(changes, codes):
    answer = on_register_staff(zhang(**changes), reads())
    assert answer.codes == codes
    assert answer.outcome is (Outcome.REFUSED if codes else Outcome.ALLOWED)


@covers("XT-11")
def test_registering_again_sets_the_roles_exactly():
    read = reads()
    read.apply(on_register_staff(zhang(roles=("sales", "assistant")), read))
    read.apply(on_register_staff(zhang(roles=("assistant", "lead")), read))
    assert roles_of(read.find(RoleAssignment)) == {"assistant", "lead"}
    assert read.get(Staff, "zhang.san").version == 2


def test_registering_the_same_again_stores_nothing_new():
    read = reads()
    read.apply(on_register_staff(zhang(roles=("sales",)), read))
    before = dict(read.entities)
    read.apply(on_register_staff(zhang(roles=("sales",)), read))
    assert read.entities == before


def test_a_name_never_shows_in_an_error():
    with pytest.raises(MalformedInput, match="<personal>"):
        zhang(name="张\x00三")


@pytest.mark.parametrize(
    ("id", "parent", "codes"),
    [
        ("south", None, ()),
        ("south", "all", ()),
        ("south", "moon", ("org_unit.unknown",)),
        ("south", "south", ("org_unit.cycle",)),
        ("all", "east", ("org_unit.cycle",)),
    ],
)
def test_units_form_a_tree(id, parent, codes):
    assert on_register_unit(RegisterUnit(id=id, name="x", parent=parent), reads()).codes == codes


@covers("XT-11")
@pytest.mark.parametrize(
    ("role", "right", "given", "codes"),
    [
        ("sales", "RegisterPrice", True, ()),
        ("sales", "PlaceOrder", False, ()),
        ("pilot", "PlaceOrder", True, ("role.unknown",)),
        ("admin", "GrantRight", True, ()),
        ("admin", "GrantRight", False, ("right.lockout",)),
        ("sales", "Nothing", True, ("right.unknown",)),
        ("sales", "placeorder", False, ("right.unknown",)),
        ("pilot", "Nothing", True, ("role.unknown", "right.unknown")),
    ],
)
def test_rights_are_given_and_taken(role, right, given, codes):
    answer = on_grant_right(GrantRight(role=role, right=right, given=given), FakeReads(rights=RIGHTS))
    assert set(answer.codes) == set(codes)
    assert (
        answer.value is None
        if codes
        else answer.expect().grants == (Grant(role=role, right=right, given=given),)
    )


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(ROLES)), st.sampled_from(["A", "B"]), st.booleans()), max_size=12
    )
)
def test_the_last_word_about_a_right_counts(words):
    tenant = TENANT
    for role, right, given_ in words:
        tenant = grant(GrantRight(role=role, right=right, given=given_), tenant, {"A", "B"}).expect()
    assert {(one.role, one.right): one.given for one in tenant.grants} == {(a, b): c for a, b, c in words}
    assert len(tenant.grants) == len({(a, b) for a, b, _ in words})


@given(
    st.lists(st.sampled_from(sorted(ROLES)), max_size=5), st.lists(st.sampled_from(sorted(ROLES)), max_size=5)
)
def test_afterwards_exactly_the_wanted_roles_are_held(before, wanted):
    held = [RoleAssignment(id=f"zhang.san/{role}", staff="zhang.san", role=role) for role in set(before)]
    read = FakeReads([*held, Staff(id="zhang.san", version=1, name="张三")])
    command = zhang(roles=tuple(wanted))
    read.apply(register_staff(command, read.get(Staff, "zhang.san"), held, unit=None, managers=()))
    assert roles_of(read.find(RoleAssignment)) == set(wanted)


@given(st.lists(st.integers(0, 9), min_size=10, max_size=10), st.integers(0, 9))
def test_above_and_below_are_two_sides_of_one_tree(parents, start):
    units = [
        OrgUnit(id=str(place), name="x", parent=str(parent) if parent < place else None)
        for place, parent in enumerate(parents)
    ]
    above = units_above(units, str(start))
    assert above[0] == str(start)
    assert {unit.id for unit in units if str(start) in units_below(units, unit.id)} == set(above)


def test_a_unit_that_is_not_there_has_nothing_above_or_below():
    assert units_above([ALL], "moon") == ()
    assert units_below([ALL], "moon") == frozenset()
    assert units_above([EAST], "east") == ("east",)


def test_a_rule_needs_no_store():
    assert register_unit(RegisterUnit(id="a", name="A"), None, ()).expect() == OrgUnit(id="a", name="A")


@covers("XT-11")
def test_only_the_administrator_registers():
    commands = {RegisterStaff, RegisterUnit, GrantRight, SetOfficeHours}
    assert {role for role, rights in domain.rights.items() if commands & set(rights)} == {"admin"}
    assert set(domain.rights) <= set(ROLES)


def span(opens: str, closes: str, weekday: int | None = None) -> OfficeHours:
    return OfficeHours(opens, closes, weekday)


@pytest.mark.parametrize(
    ("spans", "codes"),
    [
        ((), ()),
        ((span("09:00", "12:00"), span("12:00", "18:00")), ()),
        ((span("13:00", "18:00"), span("09:00", "12:00"), span("00:00", "24:00", 6)), ()),
        (tuple(span("08:00", "09:00", day) for day in range(1, 8)), ()),
        ((span("09:00", "12:00"), span("11:59", "18:00")), ("overlap",)),
        ((span("09:00", "18:00"), span("10:00", "11:00"), span("12:00", "13:00")), ("overlap",)),
        ((span("09:00", "18:00"), span("09:00", "09:59", 5)), ("short",)),
        ((span("09:00", "09:30"), span("10:00", "10:30")), ()),
        (tuple(span("08:00", "09:00", day) for day in (1, 2, 3, 4, 5, 7)), ("missing",)),
        ((span("09:00", "09:30", 1),), ("missing",) * 6 + ("short",)),
    ],
)
def test_office_hours_are_spans_that_do_not_overlap_on_every_weekday(
    spans: tuple[OfficeHours, ...], codes: tuple[str, ...]
) -> None:
    answer = set_hours(SetOfficeHours(hours=spans), TENANT)
    assert answer.codes == tuple(f"office_hours.{code}" for code in codes)
    if not codes:
        assert sorted(answer.expect().hours, key=str) == sorted(spans, key=str)


def test_more_spans_than_a_week_has_are_not_taken() -> None:
    with pytest.raises(MalformedInput) as error:
        SetOfficeHours(hours=(span("09:00", "18:00"),) * 101)
    assert (error.value.field, error.value.code) == ("hours", "list.length")
