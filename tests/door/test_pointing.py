"""Questions and commands about what is not there name the field in which it stands."""

from datetime import date
from typing import Any

import pytest
from attrs import fields
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm import (
    AgeingReport,
    BadDebtProvision,
    CollectionFigures,
    CreditCheck,
    CreditExposure,
    DunningPreview,
    LimitOn,
    Line,
    MalformedInput,
    Money,
    NotFound,
    OverdueDeliveries,
    PharmaCRM,
    PromisesToPay,
    SalesOrder,
    StatementOfAccount,
    Vouchers,
    eq,
)
from pharmacrm.core.kernel.message import Question
from pharmacrm.crm.pointing import pointed
from scripts import make_reference
from tests.flows.house import FINANCE, SALES, open_house, worth

DAYS: dict[str, Any] = {"start": date(2026, 1, 1), "through": date(2026, 1, 31)}
ASKED: list[Question[Any]] = [
    AgeingReport(customer="H-9"),
    BadDebtProvision(customer="H-9"),
    CollectionFigures(customer="H-9", **DAYS),
    CreditCheck(customer="H-9", amount=Money("1.00", "CNY")),
    CreditExposure(customer="H-9"),
    DunningPreview(customer="H-9"),
    LimitOn(customer="H-9"),
    PromisesToPay(customer="H-9"),
    StatementOfAccount(customer="H-9", **DAYS),
    Vouchers(customer="H-9", **DAYS),
]


@pytest.fixture
def crm() -> PharmaCRM:
    return open_house()


@pytest.mark.parametrize("question", ASKED, ids=lambda each: type(each).__name__)
def test_a_customer_that_is_not_there_owes_no_zero(crm: PharmaCRM, question: Question[Any]) -> None:
    with pytest.raises(NotFound) as caught:
        crm.ask(question, actor=FINANCE)
    assert (caught.value.kind, caught.value.id, caught.value.field) == ("customer", "H-9", "customer")


def test_a_buyer_that_is_not_there_has_no_deliveries(crm: PharmaCRM) -> None:
    with pytest.raises(NotFound, match=r"not_found in buyer: there is no customer 'H-9'"):
        crm.ask(OverdueDeliveries(buyer="H-9"), actor=SALES)


def test_every_question_about_a_customer_is_among_them() -> None:
    asked = [each for each in make_reference.registry().messages.values() if issubclass(each, Question)]
    about = {each.__name__ for each in asked if {"customer", "buyer"} & {one.name for one in fields(each)}}
    assert about == {type(each).__name__ for each in (*ASKED, OverdueDeliveries())}


@pytest.mark.parametrize("currency", ["RMB", "cny", "XXXX", 7, None])
@pytest.mark.parametrize("question", [AgeingReport, DunningPreview, CollectionFigures, StatementOfAccount])
def test_a_currency_that_there_is_not_names_its_field(question: Any, currency: object) -> None:
    more = DAYS if "start" in question.__annotations__ else {}
    with pytest.raises(MalformedInput) as caught:
        question(customer="H-001", currency=currency, **more)
    assert caught.value.field == "currency"


def test_edges_are_named_once() -> None:
    with pytest.raises(MalformedInput) as caught:
        AgeingReport(edges=(30, 20))
    assert caught.value.field == "edges"


def test_a_field_that_there_is_not_is_told_those_that_there_are(crm: PharmaCRM) -> None:
    with pytest.raises(MalformedInput, match=r"sales_order has the fields .*buyer, .*version \(got 'byer'\)"):
        crm.find(SalesOrder, eq("byer", "H-001"), actor=SALES)


@given(st.integers(0, 3), st.sampled_from(["AMX-500", "H-7"]))
def test_law_the_place_is_that_of_the_id(place: int, id: str) -> None:
    lines = [Line("ATO-20", 1, "1.00") for _ in range(4)]
    lines[place] = Line(id, 1, "1.00")
    order = worth("SO-1", 5, lines=tuple(lines))
    assert pointed(NotFound("product", id), order).field == f"lines[{place}].product"
    assert pointed(NotFound("product", "elsewhere"), order).field == ""
