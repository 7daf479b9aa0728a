"""The ready-made routes: without a mistake, about what the documents show, and asking whom they say."""

from typing import Any

import pytest
from attrs import evolve

from pharmacrm.core.engines.approval.routes import Document, plan, route_from_text
from pharmacrm.core.engines.approval.routes.ready import READY_ROUTES, ready_route
from pharmacrm.core.flows.routing import PreviewApproval, PublishRoute
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.values.document_kinds import FIELDS, LIBRARY_KINDS
from pharmacrm.core.values.roles import ROLES
from tests.approval.routed import Company
from tests.covers import covers
from tests.flows.house import ADMIN, SALES, open_house

OFFICE = Company(
    {
        "zhang": frozenset({"sales"}),
        "li": frozenset({"lead"}),
        "qian": frozenset({"finance"}),
        "zhou": frozenset({"quality"}),
        "wu": frozenset({"quality"}),
        "ma": frozenset({"lead"}),
    },
    managers={"zhang": "li", "li": "ma"},
)


def steps(code: str, amount: str, **fields: str) -> list[str]:
    """The steps that a document of this amount takes."""
    route = route_from_text(ready_route(code))
    paper = Document(
        subject="D-1",
        kind=route.kind,
        requester="zhang",
        content="c",
        unit="east",
        amount=Money(amount, "CNY"),
        fields=fields,
    )
    found = plan(route, paper, OFFICE)
    assert found.value is not None, found.explain()
    return [one.name for one in found.value if not one.skipped]


@pytest.mark.parametrize("code", READY_ROUTES)
def test_each_is_published_as_it_is_and_once_more_as_its_next_version(code: str) -> None:
    crm = open_house()
    for version in (1, 2):
        definition = ready_route(code, version=version)
        assert crm.do(PublishRoute(definition=definition), actor=ADMIN).expect().id == f"{code}@{version}"
    kind = str(READY_ROUTES[code]["kind"])
    assert kind in LIBRARY_KINDS
    assert crm.ask(PreviewApproval(kind=kind), actor=SALES).route == f"{code}@2"


@pytest.mark.parametrize("code", READY_ROUTES)
def test_each_declares_what_a_document_of_the_library_shows_and_asks_known_roles(code: str) -> None:
    plain: Any = READY_ROUTES[code]
    shown = FIELDS.get(plain["kind"])
    assert dict(plain.get("fields", {})) == dict(shown or {})
    route = route_from_text(ready_route(code))
    asked = {getattr(source, "role", "lead") for step in route.all_steps() for source in step.by}
    assert asked <= set(ROLES)


@covers("XT-13")
@pytest.mark.parametrize(
    ("code", "amount", "fields", "taken"),
    [
        ("quote_cn", "100000.00", {}, ["lead"]),
        ("quote_cn", "100000.01", {}, ["lead", "finance"]),
        ("quote_cn", "5.00", {"discount": "15"}, ["lead"]),
        ("quote_cn", "5.00", {"discount": "15.01"}, ["lead", "finance"]),
        ("quote_cn", "5.00", {"below_floor": "true"}, ["lead", "finance"]),
        ("purchase_order_cn", "5.00", {}, ["lead", "quality", "finance"]),
        ("purchase_order_cn", "5.00", {"special": "true"}, ["lead", "quality", "finance", "special"]),
        ("credit_limit_cn", "500000.00", {}, ["lead", "finance"]),
        ("credit_limit_cn", "500000.01", {}, ["lead", "finance", "management"]),
        ("credit_override_cn", "50000.00", {}, ["manager", "finance"]),
        ("credit_override_cn", "50000.01", {}, ["manager", "finance", "management"]),
    ],
)
def test_each_asks_more_people_for_more(
    code: str, amount: str, fields: dict[str, str], taken: list[str]
) -> None:
    assert steps(code, amount, **fields) == taken


def test_where_the_one_person_of_finance_asks_for_a_limit_their_manager_decides() -> None:
    one = Company({"qian": frozenset({"finance"}), "li": frozenset({"lead"})}, managers={"qian": "li"})
    route = route_from_text(ready_route("credit_limit_cn"))
    paper = Document(
        subject="D-1",
        kind=route.kind,
        requester="qian",
        content="c",
        unit="east",
        amount=Money("1.00", "CNY"),
    )
    (lead, finance, _) = plan(evolve(route, one_signature_each=False), paper, one).expect()
    assert [seat.person for seat in (*lead.above, *finance.seats) if seat.person] == ["li"]


@pytest.mark.parametrize("code", ["quote", "", None, 7])
def test_another_code_is_refused_with_those_there_are(code: Any) -> None:
    with pytest.raises(MalformedInput, match="quote_cn, purchase_order_cn") as caught:
        ready_route(code)
    assert caught.value.code == "route.ready"
