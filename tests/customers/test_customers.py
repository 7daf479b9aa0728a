"""Customers of every kind and their identifiers (XT-02)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.customers import Customer, Identifier, RegisterCustomer, check_customer, domain
from pharmacrm.core.customers.handlers import on_register_customer
from pharmacrm.core.customers.kinds import FORBIDDEN, PARENTS, REQUIRED
from pharmacrm.core.customers.rules import register_customer
from pharmacrm.core.kernel.codec import dumps, from_plain, loads
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.schema import schema_of
from pharmacrm.core.values.address import Address
from pharmacrm.core.values.trade import CustomerKind
from tests.covers import covers
from tests.fakes import FakeReads

USCC = "91110000600037341L"
HERE = Address("江苏省", "南京市", "玄武区", "中山路1号")


def command(**changes) -> RegisterCustomer:
    return RegisterCustomer(
        **{"id": "H-001", "kind": "hospital", "name": "南京医院", "address": HERE, **changes}
    )


def person(**changes) -> RegisterCustomer:
    return command(**{"id": "D-1", "kind": "hcp", "name": "", "person_name": "李雷", **changes})


def customer(id: str, kind: CustomerKind, parent: str | None = None) -> Customer:
    return Customer(id=id, version=1, kind=kind, name=id, address=HERE, parent=parent)


def reads() -> FakeReads:
    return FakeReads(
        [
            customer("H-000", CustomerKind.HOSPITAL),
            customer("C-1", CustomerKind.PHARMACY_CHAIN),
            customer("P-1", CustomerKind.PHARMACY, parent="C-1"),
            customer("DEP", CustomerKind.DEPARTMENT, parent="H-000"),
            Identifier(id=f"uscc:{USCC}", version=1, customer="H-000"),
        ]
    )


@covers("XT-02", "UF-02")
@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        (command(), ()),
        (command(kind="clinic"), ()),
        (command(kind="distributor"), ()),
        (command(kind="pharmacy_chain"), ()),
        (command(kind="pharmacy", parent="C-1"), ()),
        (command(name=""), ("customer.field_required",)),
        (command(person_name="李雷"), ("customer.field_not_allowed",)),
        (person(), ()),
        (person(parent="DEP"), ()),
        (person(kind="consumer"), ()),
        (person(kind="consumer", parent="H-000"), ("customer.field_not_allowed", "parent.kind")),
        (person(uscc=USCC), ("customer.field_not_allowed", "identifier.taken")),
        (person(person_name="", name="李雷"), ("customer.field_not_allowed", "customer.field_required")),
        (command(kind="department", parent="H-000"), ()),
        (command(kind="department"), ("customer.field_required",)),
        (command(kind="department", parent="C-1"), ("parent.kind",)),
        (command(parent="nobody"), ("parent.unknown",)),
        (command(parent="H-001"), ("parent.cycle",)),
        (command(id="C-1", kind="pharmacy_chain", parent="P-1"), ("parent.cycle",)),
        (command(id="C-1", kind="hospital"), ("customer.kind_fixed",)),
        (command(uscc=USCC), ("identifier.taken",)),
        (command(id="H-000", uscc=USCC), ()),
    ],
)
def test_customers_are_registered_or_refused_with_every_reason(wanted, codes):
    assert on_register_customer(wanted, reads()).codes == codes


@covers("XT-02")
def test_a_credit_code_belongs_to_one_customer_for_ever():
    read = FakeReads()
    read.apply(on_register_customer(command(uscc=USCC), read))
    read.apply(on_register_customer(command(uscc=None), read))
    (reason,) = on_register_customer(command(id="H-002", uscc=USCC), read).reasons
    assert (reason.code, reason.expected) == ("identifier.taken", "H-001")
    assert on_register_customer(command(uscc=USCC), read).allowed


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"uscc": "91110000600037341A"}, "identifier.uscc", "uscc"),
        ({"kind": "shop"}, "choice.unknown", "kind"),
        ({"address": 5}, "address.type", "address"),
        ({"phone": "1\x00"}, "text.format", "phone"),
        ({"active": "false"}, "truth.type", "active"),
    ],
)
def test_junk_is_malformed_and_names_its_field(changes, code, field):
    with pytest.raises(MalformedInput) as caught:
        command(**changes)
    assert (caught.value.code, caught.value.field) == (code, field)


@covers("UF-02")
def test_registering_again_is_an_update():
    read = FakeReads()
    read.apply(on_register_customer(command(), read))
    read.apply(on_register_customer(command(active=False), read))
    stored = read.get(Customer, "H-001")
    assert stored.version == 2
    assert [reason.code for reason in check_customer(stored)] == ["customer.inactive"]
    assert check_customer(customer("H-9", CustomerKind.HOSPITAL)) == ()


@given(st.sampled_from(CustomerKind), st.sampled_from(CustomerKind))
def test_a_kind_never_changes(kind, other):
    answer = register_customer(command(kind=kind), customer("H-001", other), None, ())
    assert ("customer.kind_fixed" in answer.codes) is (kind is not other)


@given(st.sampled_from(CustomerKind))
def test_every_kind_has_its_rules_and_none_contradicts_itself(kind):
    assert not REQUIRED[kind] & FORBIDDEN[kind]
    assert kind in PARENTS
    assert {"kind", *REQUIRED[kind], *FORBIDDEN[kind]} <= {field.name for field in schema_of(Customer).fields}


def test_what_is_personal_is_marked():
    personal = {field.name for field in schema_of(Customer).fields if field.personal}
    assert personal == {"person_name", "address", "contact", "phone"}


def test_a_customer_round_trips_through_json():
    stored = customer("H-9", CustomerKind.HOSPITAL)
    assert from_plain(Customer, loads(dumps(stored))) == stored


def test_sales_and_admin_register():
    assert {role for role, rights in domain.rights.items() if RegisterCustomer in rights} == {
        "sales",
        "admin",
    }


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (HERE, "江苏省南京市玄武区中山路1号"),
        (Address("上海市", "上海市", "黄浦区", "南京东路1号", "200001"), "上海市黄浦区南京东路1号 200001"),
        (Address(street="江苏省南京市中山路1号"), "江苏省南京市中山路1号"),
    ],
)
def test_an_address_is_written_from_the_large_to_the_small(address, text):
    assert str(address) == text


def test_an_address_has_a_street():
    with pytest.raises(MalformedInput, match=r"text\.required in street"):
        Address(province="江苏省")
