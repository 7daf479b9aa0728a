"""Awkward values at everything else that the door is given: actor, key, day, ids, conditions."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from pharmacrm.core.customers import Customer
from pharmacrm.core.kernel.errors import MalformedInput, NotFound, NotPermitted, PharmaCRMError
from pharmacrm.core.kernel.journal import JournalQuery
from pharmacrm.core.kernel.query import Condition, eq, ge, is_in, is_null, lt, prefix, within
from pharmacrm.core.kernel.schema import Form, schema_of
from pharmacrm.core.orders import OrderLine, SalesOrder
from pharmacrm.core.people import GrantRight, RegisterStaff
from pharmacrm.core.prices import PriceItem
from pharmacrm.core.receivables import Receipt
from pharmacrm.crm import PharmaCRM
from tests.bad_inputs.test_fields import BAD
from tests.flows.companies import KINDS
from tests.flows.house import ADMIN, SALES, dump, opened, placed, receipt, worth
from tests.kernel.test_bad_values import answer


@pytest.fixture(params=KINDS)
def crm(request: pytest.FixtureRequest, company_on: Callable[..., PharmaCRM]) -> PharmaCRM:
    crm = company_on(request.param)
    placed(crm)
    crm.do(receipt(crm, "R-1", 5), actor="qian.qi").expect()
    return crm


def malformed(call: Callable[[], object]) -> MalformedInput:
    with pytest.raises(MalformedInput) as caught:
        call()
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400
    return caught.value


def test_keys_actors_ids_and_tenants(crm: PharmaCRM) -> None:
    before = dump(crm)
    order = worth("SO-2", 5)
    for name, value, expected in BAD["ids"]:
        calls: list[tuple[str, Callable[[Any], object]]] = [
            ("actor", lambda bad: crm.do(order, actor=bad)),
            ("actor", lambda bad: crm.find(SalesOrder, actor=bad)),
            ("id", lambda bad: crm.get(SalesOrder, bad, actor=SALES)),
            ("tenant", crm.for_tenant),
        ]
        if value != "" or type(value) is not str:
            calls.append(("key", lambda bad: crm.do(order, actor=SALES, key=bad)))
        for field, call in calls:
            if field == "id" and type(value) is str and 64 < len(value) < 400:
                continue  # ids that we make of others' ids are longer
            error = malformed(lambda call=call, value=value: call(value))  # type: ignore[misc]  # a default that binds the value of the loop
            assert (error.field, f"refused: {error.code}") == (field, expected), name
    assert dump(crm) == before


def test_effective_days(crm: PharmaCRM) -> None:
    before = dump(crm)
    for name, value, _ in BAD["dates"]:
        if value is None:
            continue
        for key in ("", "k"):
            error = malformed(partial(crm.do, worth("SO-2", 5), actor=SALES, effective_at=value, key=key))
            assert error.field == "effective_at", name
            assert error.code.startswith("date."), name
    assert dump(crm) == before


FAMILIES = {
    Form.DATE: ("dates", "date."),
    Form.INSTANT: ("dates", "time."),
    Form.MONEY: ("money", "money."),
    Form.PRICE: ("money", "price."),
    Form.INTEGER: ("money", "number."),
    Form.TRUTH: ("ids", "truth."),
    Form.CHOICE: ("ids", "choice."),
}


@pytest.mark.parametrize("kind", [SalesOrder, Receipt, PriceItem, OrderLine])
def test_conditions_of_a_search(crm: PharmaCRM, kind: Any) -> None:
    before = dump(crm)
    for field in schema_of(kind).fields:
        if field.form not in FAMILIES:
            continue
        family, prefix_ = FAMILIES[field.form]
        for name, value, _ in BAD[family]:
            if type(value) in {int, bool} and field.form in {Form.INTEGER, Form.TRUTH}:
                continue
            for condition in (eq(field.name, value), lt(field.name, value), is_in(field.name, [value])):
                error = malformed(lambda condition=condition: crm.find(kind, condition, actor=ADMIN))  # type: ignore[misc]  # a default that binds the value of the loop
                assert error.field == "where[0]", (field.name, name)
                assert error.code.startswith(prefix_), (field.name, name, error)
    assert dump(crm) == before


def test_ids_in_conditions_are_data_or_refused(crm: PharmaCRM) -> None:
    before = dump(crm)
    for _, value, _ in BAD["ids"]:
        for condition in (
            eq("buyer", value),
            ge("buyer", value),
            prefix("buyer", value),
            is_in("buyer", [value]),
        ):
            found = answer(crm.find, SalesOrder, condition, actor=ADMIN)
            if isinstance(found, MalformedInput):
                assert found.field == "where[0]"
                assert found.code.startswith("text.")
            else:
                assert type(value) is str
                assert [order.id for order in found] in ([], ["SO-1"])
    assert dump(crm) == before


ANY_FIELD: Any = 5


@pytest.mark.parametrize(
    ("call", "code", "field"),
    [
        (lambda crm: crm.find(SalesOrder, eq("nothing", 1), actor=ADMIN), "query.field", "where[0].where"),
        (lambda crm: crm.find(SalesOrder, eq(ANY_FIELD, 1), actor=ADMIN), "query.condition", "where[0]"),
        (lambda crm: crm.find(SalesOrder, "id = 'SO-1'", actor=ADMIN), "query.condition", "where[0]"),
        (lambda crm: crm.find(SalesOrder, eq("terms", "net 60"), actor=ADMIN), "query.field", "where[0]"),
        (lambda crm: crm.find(SalesOrder, prefix("total", "1"), actor=ADMIN), "query.field", "where[0]"),
        (lambda crm: crm.find(SalesOrder, actor=ADMIN, order=("nothing",)), "query.field", "order"),
        (lambda crm: crm.find(SalesOrder, actor=ADMIN, order=("unit",)), "query.order", "order"),
        (lambda crm: crm.find(SalesOrder, actor=ADMIN, order=("id; DROP TABLE x",)), "query.field", "order"),
        (lambda crm: crm.find(SalesOrder, actor=ADMIN, order="id"), "query.order", "order"),
        (lambda crm: crm.find(SalesOrder, actor=ADMIN, order=(5,)), "query.order", "order"),
        (lambda crm: crm.find(SalesOrder, actor=ADMIN, limit=-1), "query.limit", "limit"),
        (lambda crm: crm.find(SalesOrder, actor=ADMIN, limit="5"), "query.limit", "limit"),
        (lambda crm: crm.find(SalesOrder, actor=ADMIN, limit=True), "query.limit", "limit"),
        (lambda crm: crm.find(SalesOrder, actor=ADMIN, after="SO-1"), "query.after", "after"),
        (lambda crm: crm.find("sales_order", actor=ADMIN), "kind.type", "kind"),
        (lambda crm: crm.get(str, "SO-1", actor=ADMIN), "kind.type", "kind"),
        (
            lambda crm: crm.find(SalesOrder, within(OrderLine, "order", eq("quantity", "x")), actor=ADMIN),
            "number.type",
            "where[0].where[0]",
        ),
    ],
)
def test_searches_that_mean_nothing(call: Any, code: str, field: str, company_on: Any) -> None:
    crm = company_on("sqlite")
    before = dump(crm)
    error = malformed(lambda: call(crm))
    assert (error.code, error.field) in {(code, field), (code, "where"), (code, field.replace(".where", ""))}
    assert dump(crm) == before


def test_searches_that_mean_something_still_work(crm: PharmaCRM) -> None:
    order = crm.get(SalesOrder, "SO-1", actor=ADMIN)
    for condition in (
        eq("id", "SO-1"),
        eq("state", "in_approval"),
        eq("state", order.state),
        eq("ordered_on", order.ordered_on.isoformat()),
        eq("total", order.total),
        eq("note", ""),
        is_in("buyer", ["H-001", "x"]),
        prefix("id", "SO"),
        ge("version", 1),
        within(OrderLine, "order", eq("product", "ATO-20")),
        within(Customer, "id", is_null("uscc"), on="buyer"),
    ):
        assert crm.find(SalesOrder, condition, actor=ADMIN) == [order], condition
    assert crm.find(SalesOrder, Condition("unit", is_null("unit").operator, None), actor=ADMIN) == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"admin": ""}, "actor"),
        ({"admin": None}, "actor"),
        ({"admin": "a", "name": "\x00"}, "name"),
        ({"admin": "a", "zone_name": "Asia/Beijing"}, ""),
        ({"admin": "a", "currency": "RMB"}, ""),
    ],
)
def test_a_tenant_is_installed_whole_or_not_at_all(more: Any, field: str) -> None:
    crm = opened()
    error = malformed(lambda: crm.install(**more))
    assert not field or error.field == field
    assert crm.tenants() == ()


@pytest.mark.parametrize("url", ["", "nothing", "oracle://x", "sqlite", None, 5, "postgresql+asyncpg://x/y"])
def test_a_url_that_names_no_store_is_a_typed_error(url: Any) -> None:
    with pytest.raises(PharmaCRMError):
        opened(url)


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("SO-1", "query.type", "query"),
        (None, "query.type", "query"),
        (JournalQuery(subject=5), "text.type", "subject"),  # type: ignore[arg-type]  # wrong on purpose: what becomes of it is tested
        (JournalQuery(actor="a\x00"), "text.format", "actor"),
        (JournalQuery(key=b"k"), "text.type", "key"),  # type: ignore[arg-type]  # wrong on purpose: what becomes of it is tested
        (JournalQuery(since="yesterday"), "time.format", "since"),  # type: ignore[arg-type]  # wrong on purpose: what becomes of it is tested
        (JournalQuery(until=datetime(2026, 1, 1)), "time.naive", "until"),  # noqa: DTZ001
        (JournalQuery(limit=-1), "query.limit", "limit"),
        (JournalQuery(limit=True), "query.limit", "limit"),
        (JournalQuery(verbs="refused"), "choice.unknown", "verbs"),  # type: ignore[arg-type]  # wrong on purpose: what becomes of it is tested
        (JournalQuery(verbs=("nothing",)), "choice.unknown", "verbs"),  # type: ignore[arg-type]  # wrong on purpose: what becomes of it is tested
    ],
)
def test_questions_to_the_journal_that_mean_nothing(
    crm: PharmaCRM, query: Any, code: str, field: str
) -> None:
    crm.do(GrantRight(role="admin", right="Entry"), actor=ADMIN).expect()
    error = malformed(lambda: crm.journal(query, actor=ADMIN))
    assert (error.code, error.field) == (code, field)


def test_counts_and_the_journal_are_asked_within_rights(crm: PharmaCRM) -> None:
    assert crm.count(SalesOrder, eq("buyer", "H-001"), actor=SALES) == 1
    assert malformed(lambda: crm.count(SalesOrder, eq("total", 5), actor=SALES)).code == "money.type"
    assert malformed(lambda: crm.count("x", actor=SALES)).code == "kind.type"  # type: ignore[arg-type]  # wrong on purpose: what becomes of it is tested
    for call in (
        lambda: crm.count(Customer, actor="nobody"),
        lambda: crm.journal(JournalQuery(subject="SO-1"), actor=SALES),
    ):
        with pytest.raises(NotPermitted):
            call()
    crm.do(RegisterStaff(id="audit", name="审计", roles=("auditor",)), actor=ADMIN).expect()
    assert {entry.command for entry in crm.journal(JournalQuery(subject="SO-1"), actor="audit")} == {
        "PlaceOrder"
    }


def test_ids_076_an_id_of_another_kind_is_not_found(crm: PharmaCRM) -> None:
    with pytest.raises(NotFound):
        crm.get(Customer, "SO-1", actor=ADMIN)
    with pytest.raises(NotFound):
        crm.do(worth("SO-2", 5, buyer="ATO-20"), actor=SALES)
