"""What the domain brings to the door is whole: records travel, reasons are documented in both languages."""

from datetime import date
from pathlib import Path

import pytest
from attrs import evolve, fields

from pharmacrm.core.credit import (
    CheckPoint,
    CreditLimitRequest,
    CreditOutcome,
    CreditOverride,
    CreditPolicy,
    Insurance,
    LimitKind,
    Metric,
    OverdueGate,
    OverrideState,
    PolicyScope,
    Season,
    Stacking,
    domain,
)
from pharmacrm.core.credit.foreign import empty_account
from pharmacrm.core.credit.model import empty_group
from pharmacrm.core.credit.reservations import reserve_unbounded
from pharmacrm.core.kernel.change import Event, Save
from pharmacrm.core.kernel.codec import from_plain, to_plain
from tests.credit.books import AT, yuan

PASSED = reserve_unbounded(None, yuan(5), order="SO-1", customer="H-001", at=AT, days=30, reason="passed")
GATE = OverdueGate(metric=Metric.AMOUNT, amount=yuan(5), outcome=CreditOutcome.HOLD, tolerance=yuan(1))
POLICY = CreditPolicy(
    id="tenant",
    scope=PolicyScope.TENANT,
    limit=yuan(9),
    stacking=Stacking.HIGHEST,
    insurance=Insurance.CAPS,
    over_limit=CreditOutcome.BLOCK,
    gates=(GATE,),
    checked_at=(CheckPoint.SLIP,),
)
OVERRIDE = CreditOverride(
    id="OV-1",
    order="SO-1",
    customer="H-001",
    content="a" * 64,
    amount=yuan(9),
    expires_on=date(2026, 11, 21),
    state=OverrideState.GRANTED,
    requested_by="zhang.san",
    requested_on=date(2026, 11, 1),
    reason="重点客户",
)
REQUEST = CreditLimitRequest(
    id="LR-1",
    customer="H-001",
    kind=LimitKind.SEASONAL,
    amount=yuan(9),
    starts_on=date(2026, 11, 1),
    season=Season("11-15", "02-15"),
    requested_by="qian.qi",
    requested_on=date(2026, 11, 1),
    reason="旺季",
)
FOREIGN = empty_account("H-001", "USD", "CNY")
ENTITIES = [
    *(change.entity for change in PASSED.changes if isinstance(change, Save)),
    evolve(empty_group("G-1", "CNY"), name="集团"),
    POLICY,
    FOREIGN,
    OVERRIDE,
    REQUEST,
]


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: f"{type(entity).__name__}-{entity.id}")
def test_a_record_travels_as_json(entity):
    assert from_plain(type(entity), to_plain(entity)) == entity


def test_every_kind_was_tried():
    assert {type(entity) for entity in ENTITIES} == set(domain.records)


@pytest.mark.parametrize("code", domain.reasons, ids=lambda code: code.code)
def test_reasons_are_short_and_in_both_languages(code):
    assert code.en[0].islower() or code.en[0] == "{"
    assert len(code.en.split()) <= 15
    assert code.zh
    assert code("X", field="f", observed="1", expected="2").message


def test_codes_are_told_once():
    codes = [code.code for code in domain.reasons]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("code", domain.reasons, ids=lambda code: code.code)
def test_the_page_of_credit_tells_of_every_code_what_it_does_and_who_passes_it(code):
    page = (Path(__file__).parents[2] / "docs" / "reference" / "credit.md").read_text(encoding="utf-8")
    (row,) = [line for line in page.splitlines() if line.startswith(f"| [`{code.code}`]")]
    assert row.split("|")[2].strip() == ", ".join(filter(None, [code.severity.value, code.passed_by]))


@pytest.mark.parametrize("event", domain.events, ids=lambda event: event.__name__)
def test_events_hold_ids_and_numbers_only(event):
    assert issubclass(event, Event)
    assert {attribute.type for attribute in fields(event)} <= {str, int}
