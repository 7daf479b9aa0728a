"""What a document leaves out skips no step: a route that looks at it takes no such document."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.engines.approval.routes import (
    AllOf,
    AnyOf,
    Band,
    ByAuthority,
    ByRole,
    Comparison,
    Field,
    FieldKind,
    FollowUp,
    Not,
    Step,
    Where,
    choose,
    plan,
)
from pharmacrm.core.kernel.money import Money
from tests.approval.routed import OFFICE, document, routed, stage
from tests.approval.test_routes import FINANCE, LEAD, MATRIX, QUALITY, codes, yuan

LARGE = Where("amount", Comparison.GT, yuan("100.00"))
GIVEN = Where("amount", Comparison.GIVEN)
NOBODYS = ByAuthority((Band("lead"),), "price")


@pytest.mark.parametrize(
    ("step", "missing"),
    [
        (stage("finance", when=LARGE), "amount"),
        (stage("finance", when=Not(LARGE)), "amount"),
        (stage("finance", when=AnyOf((Where("urgent", Comparison.EQ, value=True), LARGE))), "amount"),
        (stage("finance", when=AllOf((GIVEN, LARGE))), ""),
        (stage("finance", when=GIVEN), ""),
        (stage("finance", MATRIX), "amount"),
        (stage("finance", MATRIX, when=GIVEN), ""),
        (stage("finance", ByRole("finance"), escalate_to=(MATRIX,)), "amount"),
        (stage("finance", NOBODYS), "price"),
        (stage("finance", when=Where("urgent", Comparison.EQ, value=True)), ""),
        (stage("finance", when=Where("unit", Comparison.EQ, "east")), "unit"),
    ],
)
def test_a_route_that_looks_at_the_amount_takes_no_document_without_one(step: Step, missing: str) -> None:
    """Leaving the amount out would skip every step that depends on it."""
    fields = (
        Field("price", FieldKind.MONEY, required=False),
        Field("urgent", FieldKind.TRUTH, required=False),
    )
    found = plan(routed(LEAD, step, fields=fields), document(), OFFICE)
    assert [(one.code, one.field, one.observed) for one in found.reasons] == (
        [("approval.field_wrong", missing, "nothing")] if missing else []
    )
    after = plan(routed(LEAD, after=(FollowUp("sign", "签字", (MATRIX,)),)), document(), OFFICE)
    assert [one.field for one in after.reasons] == ["amount"]


def test_what_is_wrong_or_required_is_named_once() -> None:
    wrong = document(fields={"price": "a lot"})
    for required in (True, False):
        fields = (Field("price", FieldKind.MONEY, required=required),)
        found = plan(routed(stage("lead", NOBODYS), fields=fields), wrong, OFFICE)
        assert [(one.field, one.observed) for one in found.reasons] == [("price", "a lot")]
    optional = (Field("price", FieldKind.MONEY, required=False),)
    assert plan(routed(LEAD, fields=optional), document(), OFFICE).reasons == ()


def test_no_route_is_taken_by_leaving_the_amount_out_or_naming_another_currency() -> None:
    plain, large = routed(LEAD), routed(LEAD, FINANCE, code="large", when=LARGE, priority=1)
    bare, dollars = document(), document(amount=Money("5000.00", "USD"))
    assert codes(choose([plain, large], bare)) == ["field_wrong"]
    assert codes(choose([large], bare)) == ["field_wrong"]
    assert codes(choose([plain, evolve(large, priority=-1)], bare)) == []
    assert codes(choose([plain, evolve(large, when=AllOf((GIVEN, LARGE)))], bare)) == []
    assert codes(choose([plain, large], dollars)) == ["currency"]
    abroad = routed(
        QUALITY, code="abroad", when=Where("amount", Comparison.GT, Money("9.00", "USD")), priority=1
    )
    assert choose([plain, large, abroad], dollars).value == abroad
    assert choose([plain, large, abroad], document(amount=Money("1.00", "USD"))).value == plain


@given(st.one_of(st.none(), st.integers(1, 10**9)), st.integers(0, 10**9))
def test_a_step_above_an_amount_is_skipped_only_for_a_document_that_names_a_smaller_one(
    minor: int | None, limit: int
) -> None:
    large = stage("finance", when=Where("amount", Comparison.GT, Money.of_minor(limit, "CNY")))
    paper = document(amount=None if minor is None else Money.of_minor(minor, "CNY"))
    found = plan(routed(LEAD, large), paper, OFFICE)
    skipped = found.value is not None and any(one.skipped for one in found.value)
    assert skipped is (minor is not None and minor <= limit)
