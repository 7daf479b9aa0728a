"""The scenarios of the bad inputs that are about more than a value, by their ids, through the door."""

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from pharmacrm.core.credit import Reservation
from pharmacrm.core.customers import RegisterCustomer
from pharmacrm.core.flows.approvals import WhoCanAct
from pharmacrm.core.flows.collection import AllocateReceipt, ReverseReceipt, UndoAllocations
from pharmacrm.core.flows.ending import CancelOrder
from pharmacrm.core.flows.exposure import CreditExposure, PaymentPlan
from pharmacrm.core.kernel.errors import MalformedInput, NotFound
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.licences import LicenceKind, RegisterLicence
from pharmacrm.core.orders import Line, OrderLine, SalesOrder
from pharmacrm.core.people import RegisterUnit
from pharmacrm.core.receivables import AgeingReport, Instalment, Receipt, Target
from pharmacrm.core.values.trade import CustomerKind
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import WHERE, found_company
from tests.covers import covers
from tests.flows.house import (
    ADMIN,
    BUYER,
    FINANCE,
    QUALITY,
    SALES,
    WAREHOUSE,
    amended,
    blocked,
    credit,
    dump,
    entities,
    open_house,
    pass_days,
    placed,
    receipt,
    records,
    released,
    slip,
    today,
    worth,
    yuan,
)


@pytest.fixture
def crm() -> PharmaCRM:
    return open_house()


def code(call: Any) -> str:
    with pytest.raises(MalformedInput) as caught:
        call()
    return caught.value.code


# -------------------------------------------------------------------------------------------------- money


@covers("XT-25")
@pytest.mark.parametrize("terms", ["101/10 net 30", "-1/10 net 30", "0/10 net 30"])
def test_money_091_and_092_a_discount_of_more_than_all_or_less_than_nothing(terms: str) -> None:
    assert code(lambda: worth("SO-1", 5, terms=terms)).split(".")[0] in {"terms", "percentage"}


@pytest.mark.parametrize("rate", ["0.13", "13", 13, "-1%", "101%", 0.13, None])
def test_money_093_a_tax_rate_without_its_sign(rate: Any) -> None:
    with pytest.raises(MalformedInput) as caught:
        Line("ATO-20", 20, "1.25", tax_rate=rate)
    assert caught.value.code.startswith("percentage.")
    assert caught.value.field == "tax_rate"


def test_money_097_an_order_too_large_to_be_written_down(crm: PharmaCRM) -> None:
    before = dump(crm)
    lines = (Line("ATO-20", 10**12 - 1, "999999999.99"),)
    assert code(lambda: crm.do(worth("SO-1", 0, lines=lines), actor=SALES)) == "money.range"
    assert dump(crm) == before


def test_money_098_less_came_in_than_was_settled_with_it(crm: PharmaCRM) -> None:
    shipped(crm)
    crm.do(receipt(crm, "R-1", 500), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    before = records(crm)
    assert blocked(crm.do(receipt(crm, "R-1", 499), actor=FINANCE)) == {"receipt.over_allocated"}
    assert records(crm) == before


def shipped(crm: PharmaCRM, terms: str = "net 60") -> Any:
    released(crm, terms=terms)
    crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).expect()
    return next(part for part in entities(crm, Instalment) if part.kind.value == "credit")


@covers("XT-25")
def test_money_099_one_payment_is_not_settled_twice(crm: PharmaCRM) -> None:
    part = shipped(crm)
    crm.do(receipt(crm, "R-1", 2000), actor=FINANCE).expect()
    whole = AllocateReceipt(receipt="R-1", targets=(Target(part.id, yuan(1000)),))
    crm.do(whole, actor=FINANCE).expect()
    assert blocked(crm.do(whole, actor=FINANCE)) == {"instalment.over_allocated"}
    again = AllocateReceipt(receipt="R-1")
    assert crm.do(again, actor=FINANCE).allowed
    assert crm.get(Receipt, "R-1", actor=FINANCE).allocated == yuan(1000)
    twice = (Target(part.id, yuan(1)), Target(part.id, yuan(1)))
    crm.do(UndoAllocations(receipt="R-1", reason="记错"), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1", targets=twice), actor=FINANCE).expect()
    assert crm.get(Receipt, "R-1", actor=FINANCE).allocated == yuan(2)


@covers("XT-25")
@pytest.mark.parametrize(
    "terms", ["33% prepaid, 33% net 30, 33.99% net 60", "50% net 30, 60% net 60", "99% net 30"]
)
def test_money_100_and_credit_receivables_025_terms_that_do_not_sum(terms: str) -> None:
    assert code(lambda: worth("SO-1", 100, terms=terms)) == "terms.sum"


# -------------------------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    "terms",
    ["net -30", "net 1000000000", "net 30.5", "net '30'", "net True", "net", "", "30", "net 3651", 30],
)
def test_dates_074_to_078_credit_days_that_are_none(terms: Any) -> None:
    with pytest.raises(MalformedInput) as caught:
        worth("SO-1", 5, terms=terms)
    assert caught.value.code.startswith("terms.")
    assert caught.value.field.startswith("terms")


def test_dates_084_money_that_came_before_the_order_is_on_account(crm: PharmaCRM) -> None:
    early = receipt(crm, "R-1", 100, value_date=today(crm) - timedelta(days=30))
    assert crm.do(early, actor=FINANCE).allowed
    assert credit(crm).unapplied == yuan(100)


def test_dates_088_and_089_money_of_tomorrow_has_not_cleared(crm: PharmaCRM) -> None:
    late = receipt(crm, "R-1", 100, value_date=today(crm) + timedelta(days=1))
    assert blocked(crm.do(late, actor=FINANCE)) == {"receipt.future"}


@covers("XT-05", "R-06")
def test_dates_092_a_licence_expired_at_the_order_date(crm: PharmaCRM) -> None:
    last = today(crm) + timedelta(days=3)
    kind = LicenceKind.MEDICAL_INSTITUTION
    paper = RegisterLicence(customer=BUYER, kind=kind, number=f"{kind.name}-1", expires=last)
    crm.do(paper, actor=QUALITY).expect()
    assert crm.do(worth("SO-1", 5, ship_on=last), actor=SALES).allowed
    assert "licence.expired" in blocked(
        crm.do(worth("SO-2", 5, ship_on=last + timedelta(days=1)), actor=SALES)
    )


@covers("XT-05", "XT-09", "R-06")
def test_a_licence_that_expired_between_submission_and_slip(crm: PharmaCRM) -> None:
    last = today(crm) + timedelta(days=3)
    kind = LicenceKind.MEDICAL_INSTITUTION
    paper = RegisterLicence(customer=BUYER, kind=kind, number=f"{kind.name}-1", expires=last)
    crm.do(paper, actor=QUALITY).expect()
    released(crm)
    pass_days(crm, 3)
    assert crm.do(slip("SO-1", "OUT-1", 100), actor=WAREHOUSE).allowed
    pass_days(crm, 1)
    assert blocked(crm.do(slip("SO-1", "OUT-2", 100), actor=WAREHOUSE)) == {"licence.expired"}
    renewed = RegisterLicence(
        customer=BUYER, kind=kind, number=f"{kind.name}-1", expires=last + timedelta(days=1000)
    )
    crm.do(renewed, actor=QUALITY).expect()
    assert crm.do(slip("SO-1", "OUT-2", 100), actor=WAREHOUSE).allowed


# ---------------------------------------------------------------------------------------------------- ids


def test_ids_077_a_closed_customer_is_not_sold_to(crm: PharmaCRM) -> None:
    closed = RegisterCustomer(
        id=BUYER,
        kind=CustomerKind.HOSPITAL,
        name="示例医院H-001",
        address=WHERE,
        price_list="STD",
        active=False,
    )
    crm.do(closed, actor=ADMIN).expect()
    assert "customer.inactive" in blocked(crm.do(worth("SO-1", 5), actor=SALES))


def test_ids_078_and_credit_receivables_006_the_same_order_again_is_the_first(crm: PharmaCRM) -> None:
    first = placed(crm)
    before = records(crm)
    again = crm.do(worth("SO-1", 1000), actor=SALES)
    assert (again.outcome, again.codes, again.value) == ("allowed", ("id.exists",), first)
    assert records(crm) == before
    assert credit(crm).reserved == yuan(1000)


def test_ids_079_and_credit_receivables_007_another_content_under_one_id(crm: PharmaCRM) -> None:
    placed(crm)
    before = records(crm)
    assert blocked(crm.do(worth("SO-1", 995), actor=SALES)) == {"id.conflict"}
    assert records(crm) == before


@pytest.mark.parametrize("length", [2, 40])
def test_ids_087_units_and_customers_in_a_circle(crm: PharmaCRM, length: int) -> None:
    for number in range(length):
        parent = f"u{number - 1}" if number else None
        crm.do(RegisterUnit(id=f"u{number}", name="部门", parent=parent), actor=ADMIN).expect()
    circle = RegisterUnit(id="u0", name="部门", parent=f"u{length - 1}")
    assert blocked(crm.do(circle, actor=ADMIN)) == {"org_unit.cycle"}


# ------------------------------------------------------------------------------------- credit and receivables


@covers("XT-26")
def test_credit_receivables_003_nothing_to_reserve(crm: PharmaCRM) -> None:
    placed(crm, terms="100% prepaid")
    assert entities(crm, Reservation) == []
    assert credit(crm).reserved == yuan(0)


@covers("XT-26")
def test_credit_receivables_009_and_011_what_is_released_stays_released(crm: PharmaCRM) -> None:
    released(crm)
    crm.do(CancelOrder(order="SO-1"), actor=SALES).expect()
    assert blocked(crm.do(CancelOrder(order="SO-1"), actor=SALES)) == {"order.state"}
    assert "order.not_released" in blocked(crm.do(slip("SO-1", "OUT-1", 1), actor=WAREHOUSE))
    assert credit(crm).exposure == yuan(0)


@covers("XT-26")
def test_credit_receivables_010_more_goods_than_were_ordered(crm: PharmaCRM) -> None:
    released(crm)
    assert blocked(crm.do(slip("SO-1", "OUT-1", 801), actor=WAREHOUSE)) == {"slip.over_quantity"}
    crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).expect()
    assert blocked(crm.do(slip("SO-1", "OUT-2", 1), actor=WAREHOUSE)) >= {"order.not_released"}


@covers("XT-26")
def test_credit_receivables_022_a_receipt_is_reversed_once(crm: PharmaCRM) -> None:
    shipped(crm)
    crm.do(receipt(crm, "R-1", 1000), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    reverse = ReverseReceipt(receipt="R-1", reason="退票")
    for _ in range(2):
        crm.do(reverse, actor=FINANCE).expect()
        assert credit(crm).exposure == yuan(1000)
    assert blocked(crm.do(receipt(crm, "R-1", 5), actor=FINANCE)) == {"receipt.reversed"}


@covers("XT-25")
@pytest.mark.parametrize(
    "terms", ["0% prepaid, rest net 30", "100% prepaid, 0% net 30", "-10% prepaid, rest net 30"]
)
def test_credit_receivables_026_a_part_of_nothing(terms: str) -> None:
    assert code(lambda: worth("SO-1", 5, terms=terms)).startswith(("terms.", "percentage."))


def test_credit_receivables_029_money_in_another_currency_is_kept_apart_and_settles_none(
    crm: PharmaCRM,
) -> None:
    part = shipped(crm)
    before = credit(crm).exposure
    foreign = evolve(receipt(crm, "R-1", 5), amount=Money("5.00", "USD"))
    assert crm.do(foreign, actor=FINANCE).codes == ("credit.rate_missing",)
    settle = AllocateReceipt(receipt="R-1", targets=(Target(part.id, Money("5.00", "USD")),))
    assert blocked(crm.do(settle, actor=FINANCE)) == {"receipt.currency_mismatch"}
    assert credit(crm).exposure == before


def test_credit_receivables_030_money_of_another_tenant(crm: PharmaCRM) -> None:
    other = crm.for_tenant("t2")
    found_company(other, buyers=(BUYER,))
    part = shipped(crm)
    other.do(receipt(other, "R-1", 5), actor=FINANCE).expect()
    target = AllocateReceipt(receipt="R-1", targets=(Target(part.id, yuan(5)),))
    assert blocked(other.do(target, actor=FINANCE)) == {"instalment.unknown"}
    with pytest.raises(NotFound):
        crm.do(target, actor=FINANCE)


@covers("XT-22")
@pytest.mark.parametrize(
    ("late", "label"), [(0, "not due"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (91, "91-120")]
)
def test_credit_receivables_031_edges_of_the_buckets(crm: PharmaCRM, late: int, label: str) -> None:
    part = shipped(crm, terms="net 1")
    report = crm.ask(AgeingReport(), actor=FINANCE)
    assert sum(each.amount.minor for each in report.buckets) == 100_000
    pass_days(crm, (part.due - today(crm)).days + late)
    report = crm.ask(AgeingReport(customer=BUYER), actor=FINANCE)
    assert [each.label for each in report.buckets if each.amount] == [label]


@covers("XT-22")
def test_ageing_of_a_past_day_is_as_it_was(crm: PharmaCRM) -> None:
    shipped(crm, terms="net 10")
    then = today(crm)
    pass_days(crm, 20)
    crm.do(receipt(crm, "R-1", 400), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    past = crm.ask(AgeingReport(as_of=then), actor=FINANCE)
    now = crm.ask(AgeingReport(), actor=FINANCE)
    assert sum(each.amount.minor for each in past.buckets) == 100_000
    assert sum(each.amount.minor for each in now.buckets) == 60_000


@pytest.mark.parametrize(
    "question", [CreditExposure(customer="H-9"), PaymentPlan(order="SO-9"), WhoCanAct(subject="SO-9")]
)
def test_questions_about_what_is_not_there(crm: PharmaCRM, question: Any) -> None:
    before = dump(crm)
    with pytest.raises(NotFound):
        crm.ask(question, actor=FINANCE)
    assert dump(crm) == before


# ---------------------------------------------------------------------------------------- orders, all at once


@covers("XT-04", "XT-16")
@pytest.mark.parametrize("quantity", [0, -1, 1.5, "5", True, None, 10**12])
def test_quantities_that_are_none(quantity: Any) -> None:
    with pytest.raises(MalformedInput) as caught:
        Line("ATO-20", quantity, "1.25")
    assert (caught.value.field, caught.value.code.split(".")[0]) == ("quantity", "quantity")


@covers("XT-16")
def test_packs_count_in_base_units(crm: PharmaCRM) -> None:
    order = crm.do(worth("SO-1", 0, lines=(Line("ATO-20", 3, "25.00", unit="盒"),)), actor=SALES).expect()
    assert order.total == yuan(75)
    assert [(line.quantity, line.per) for line in entities(crm, OrderLine)] == [(60, 20)]
    refused = crm.do(worth("SO-2", 0, lines=(Line("ATO-20", 3, "25.00", unit="桶"),)), actor=SALES)
    assert blocked(refused) == {"unit.unknown"}
    assert refused.reasons[0].field == "lines[0].unit"


@covers("XT-04")
def test_an_order_is_refused_with_every_reason_at_once_and_nothing_is_half_written(crm: PharmaCRM) -> None:
    before = records(crm)
    answer = crm.do(
        worth("SO-1", 0, lines=(Line("XXX", 1, "1"),), consignee="", phone="", address=None), actor=SALES
    )
    assert blocked(answer) >= {"product.unknown", "consignee.missing", "phone.missing", "address.missing"}
    assert records(crm) == before
    placed(crm)
    before = records(crm)
    assert blocked(crm.do(amended("SO-1", 0, lines=(), consignee=""), actor=SALES)) >= {"order.no_lines"}
    assert records(crm) == before
    assert len(entities(crm, SalesOrder)) == 1
