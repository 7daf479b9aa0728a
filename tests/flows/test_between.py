"""What changes between release and slip: approvals lapse, reservations lapse, and the answers say so."""

from datetime import timedelta

from attrs import evolve

from pharmacrm import CreditExposure, IssueSlip, RegisterProduct, SimulatedClock, SlipItem, connect
from pharmacrm.core.credit import ExposureKind
from pharmacrm.testing.company import ADMIN, an_order, found_company, release
from tests.covers import covers

AMOXICILLIN = RegisterProduct(
    id="AMX-500",
    generic_name="通用名AMX-500",
    strength="0.5g",
    dosage_form="片剂",
    manufacturer="示例制药有限公司",
    holder="示例制药有限公司",
    base_unit="片",
    category="chemical",
    rx="rx",  # type: ignore[arg-type]  # wrong on purpose: what becomes of it is tested
    marketing="generic",  # type: ignore[arg-type]  # wrong on purpose: what becomes of it is tested
    approval_number="国药准字H20200001",
)


@covers("R-02", "XT-09")
def test_a_product_whose_approval_lapsed_meanwhile_does_not_ship() -> None:
    clock = SimulatedClock()
    crm = connect("memory://", clock=clock)
    found_company(crm)
    crm.do(an_order("SO-1"), actor="zhang.san").expect()
    release(crm, "SO-1")
    slip = IssueSlip(order="SO-1", items=(SlipItem(1, "L1", 10),))
    inactive = evolve(AMOXICILLIN, active=False)
    crm.do(inactive, actor=ADMIN).expect()
    assert crm.do(slip, actor="sun.ba").allowed  # out of the catalogue, but what is released still ships
    until = clock.now().date() + timedelta(days=5)
    crm.do(evolve(AMOXICILLIN, approval_valid_until=until), actor=ADMIN).expect()
    clock.advance(timedelta(days=5))
    assert crm.do(slip, actor="sun.ba").allowed
    clock.advance(timedelta(days=1))
    refused = crm.do(slip, actor="sun.ba")
    assert refused.refused
    assert refused.codes == ("product.not_approved",)


@covers("XT-26")
def test_credit_that_lapsed_is_named_among_what_is_not_counted() -> None:
    clock = SimulatedClock()
    crm = connect("memory://", clock=clock)
    found_company(crm)
    order = crm.do(an_order("SO-1", quantity=10_000), actor="zhang.san").expect()
    parts = {part.kind: part for part in crm.ask(CreditExposure(customer="H-001"), actor="qian.qi").parts}
    assert parts[ExposureKind.OPEN_ORDERS].amount == order.total
    assert not parts[ExposureKind.HELD_ORDERS].amount
    clock.advance(timedelta(days=31))
    assert crm.run_due().done == 1
    parts = {part.kind: part for part in crm.ask(CreditExposure(customer="H-001"), actor="qian.qi").parts}
    assert not parts[ExposureKind.OPEN_ORDERS].amount
    assert (parts[ExposureKind.HELD_ORDERS].amount, parts[ExposureKind.HELD_ORDERS].counted) == (
        order.total,
        False,
    )
