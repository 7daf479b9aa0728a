"""Products, packs and approvals (XT-16, XT-34, XT-35, R-02)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.codec import dumps, from_plain, loads, plain_fields
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.products import (
    Pack,
    Product,
    RegisterProduct,
    as_goods,
    check_product,
    domain,
    to_base,
    to_packs,
    whole_packs,
)
from pharmacrm.core.products.handlers import on_register_product
from pharmacrm.core.products.rules import register_product
from pharmacrm.core.values.trade import MarketingClass, RxStatus, SpecialControl
from tests.covers import covers
from tests.fakes import FakeReads

ON = date(2026, 11, 21)


def command(**changes) -> RegisterProduct:
    given_ = {
        "id": "AMX-500",
        "generic_name": "阿莫西林胶囊",
        "base_unit": "capsule",
        "packs": (Pack("box", 24), Pack("case", 2400)),
        "sales_pack": "box",
        "category": "antibiotic",
        "rx": RxStatus.RX,
        "marketing": MarketingClass.GENERIC,
        "approval_number": "国药准字H42021510",
    }
    return RegisterProduct(**{**given_, **changes})


def product(**changes) -> Product:
    return register_product(command(**changes), None).expect()


HEALTH = {"rx": "not_a_drug", "marketing": "health", "approval_number": ""}


@covers("XT-16", "XT-34", "XT-35", "UF-02")
@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, ()),
        ({"packs": (), "sales_pack": ""}, ()),
        ({"sales_pack": "capsule"}, ()),
        ({"sales_pack": "pallet"}, ("unit.unknown",)),
        ({"packs": (Pack("box", 24), Pack("box", 12))}, ("pack.duplicate",)),
        ({"packs": (Pack("box", 24), Pack("capsule", 12))}, ("pack.duplicate",)),
        ({"marketing": "otc"}, ("product.class_conflict",)),
        ({"marketing": "otc", "rx": "otc_b"}, ()),
        ({"marketing": "health"}, ("product.class_conflict",)),
        ({"marketing": "new_special", "rx": "not_a_drug"}, ("product.class_conflict",)),
        (HEALTH, ()),
        ({"sales_pack": "x", "marketing": "otc"}, ("product.class_conflict", "unit.unknown")),
    ],
)
def test_products_are_registered_or_refused_with_every_reason(changes, codes):
    assert on_register_product(command(**changes), FakeReads()).codes == codes


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"approval_number": "国药准字X20203123"}, "identifier.approval_number", "approval_number"),
        ({"approval_valid_until": "9999-12-31"}, "date.placeholder", "approval_valid_until"),
        ({"rx": "maybe"}, "choice.unknown", "rx"),
        ({"packs": "box"}, "list.type", "packs"),
        ({"generic_name": ""}, "text.required", "generic_name"),
    ],
)
def test_junk_is_malformed_and_names_its_field(changes, code, field):
    with pytest.raises(MalformedInput) as caught:
        command(**changes)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_a_pack_holds_at_least_one():
    with pytest.raises(MalformedInput, match=r"quantity\.zero"):
        Pack("box", 0)


@covers("UF-02")
def test_registering_again_updates_and_keeps_the_base_unit():
    read = FakeReads()
    read.apply(on_register_product(command(), read))
    read.apply(on_register_product(command(active=False), read))
    assert (read.get(Product, "AMX-500").version, read.get(Product, "AMX-500").active) == (2, False)
    assert on_register_product(command(base_unit="grain"), read).codes == ("product.base_unit_fixed",)


@covers("R-02")
@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, ()),
        ({"approval_valid_until": "2026-11-21"}, ()),
        ({"approval_valid_until": "2026-11-20"}, ("product.not_approved",)),
        ({"approval_number": ""}, ("product.not_approved",)),
        ({"active": False}, ("product.inactive",)),
        ({"active": False, "approval_number": ""}, ("product.inactive", "product.not_approved")),
        (HEALTH, ()),
    ],
)
def test_a_drug_is_sold_only_under_a_live_approval(changes, codes):
    found = check_product(product(**changes), "AMX-500", ON, field="lines[0].product")
    assert tuple(reason.code for reason in found) == codes
    assert all(reason.field == "lines[0].product" for reason in found)
    assert all(reason.rule == "R-02" for reason in found if reason.code == "product.not_approved")


def test_an_unknown_product_is_named():
    assert [reason.message for reason in check_product(None, "X-1", ON)] == ["product X-1 is unknown"]


@covers("XT-16")
@pytest.mark.parametrize(("packs", "unit", "base"), [(3, "box", 72), (2, "case", 4800), (5, "capsule", 5)])
def test_packs_convert_exactly(packs, unit, base):
    assert to_base(product(), packs, unit).expect() == base
    assert to_packs(product(), base, unit).expect() == packs


@covers("XT-16")
def test_what_does_not_divide_names_product_quantity_and_pack():
    (reason,) = to_packs(product(), 100, "box").reasons
    assert reason.code == "quantity.pack"
    assert reason.message == "100 capsule of AMX-500 is no whole number of box of 24 capsule"
    assert whole_packs(product(), 100, field="lines[1].quantity")[0].field == "lines[1].quantity"
    assert whole_packs(product(), 48) == ()
    assert whole_packs(product(sales_pack=""), 5) == ()


@pytest.mark.parametrize("convert", [to_base, to_packs])
def test_an_unknown_unit_lists_the_known_ones(convert):
    (reason,) = convert(product(), 1, "pallet").reasons
    assert (reason.code, reason.expected) == ("unit.unknown", "capsule, box, case")


@covers("XT-16")
@given(st.integers(1, 10**5), st.integers(1, 10**6))
def test_conversion_both_ways_is_the_identity(size, quantity):
    one = product(packs=(Pack("box", size),))
    base = to_base(one, quantity, "box").expect()
    assert to_packs(one, base, "box").expect() == quantity
    whole = to_packs(one, quantity, "box")
    assert whole.allowed is (quantity % size == 0)
    assert not whole.allowed or to_base(one, whole.expect(), "box").expect() == quantity


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_later_approval_never_adds_reasons(one, other):
    early, late = sorted((one, other))
    before = check_product(product(approval_valid_until=early), "AMX-500", ON)
    after = check_product(product(approval_valid_until=late), "AMX-500", ON)
    assert len(after) <= len(before)


@covers("SC-25")
def test_goods_carry_what_licences_ask_about():
    goods = as_goods(product(special="ephedrine_compound", approval_valid_until=ON), 72)
    assert (goods.product, goods.category, goods.quantity, goods.smallest_pack) == (
        "AMX-500",
        "antibiotic",
        72,
        24,
    )
    assert goods.special is SpecialControl.EPHEDRINE_COMPOUND
    assert goods.is_drug
    assert not as_goods(product(**HEALTH)).is_drug
    assert as_goods(product(packs=(), sales_pack="")).smallest_pack == 1


def test_a_product_round_trips_through_json():
    assert from_plain(Product, loads(dumps(product()))) == product()
    assert plain_fields(product())["packs"] == [
        {"unit": "box", "quantity": 24},
        {"unit": "case", "quantity": 2400},
    ]


def test_only_the_administrator_and_the_erp_register_and_people_read():
    assert [role for role, rights in domain.rights.items() if RegisterProduct in rights] == ["admin", "erp"]
    assert all(Product in rights for role, rights in domain.rights.items() if role != "erp")
