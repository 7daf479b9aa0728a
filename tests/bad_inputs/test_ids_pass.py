"""Ids that are only data go through the whole door and come back unchanged, letter by letter."""

from collections.abc import Callable
from typing import Any

import pytest

from pharmacrm.core.customers import Customer, RegisterCustomer
from pharmacrm.core.flows.approvals import Inbox, WhoCanAct
from pharmacrm.core.flows.collection import AllocateReceipt, RegisterReceipt
from pharmacrm.core.flows.refusals import WhyRefused
from pharmacrm.core.flows.release import ApproveOrder
from pharmacrm.core.flows.shipping import IssueSlip
from pharmacrm.core.kernel.query import eq, prefix
from pharmacrm.core.orders import Line, OutboundSlip, RegisterLot, SalesOrder, SlipItem
from pharmacrm.core.people import RegisterStaff, RegisterUnit
from pharmacrm.core.prices import RegisterPrice
from pharmacrm.core.products import Product, RegisterProduct
from pharmacrm.core.receivables import Receipt
from pharmacrm.core.values.trade import CustomerKind, MarketingClass, RxStatus
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import SIGNERS, WHERE
from tests.flows.house import ADMIN, FINANCE, WAREHOUSE, dump, entities, journal, today, worth, yuan
from tests.kernel.test_bad_values import ENTRIES, NAMES

GOOD = sorted(
    {
        text
        for entry in ENTRIES["ids"]
        if entry["repr"] is not None and "pass" in entry.get("expected", "")
        for value in [eval(entry["repr"], dict(NAMES))]
        for text in (
            value[:1] if entry["id"] == "ids-014" else value if isinstance(value, tuple) else (value,)
        )
    }
)


def register(crm: PharmaCRM) -> None:
    """Units, people, products, lots and customers under every good id."""
    expires = today(crm).replace(year=today(crm).year + 2)
    with crm.work(actor=ADMIN) as work:
        for number, id in enumerate(GOOD):
            work.do(RegisterUnit(id=id, name="部门")).expect()
            work.do(RegisterStaff(id=id, name="员工", unit="east", roles=("sales",))).expect()
            product = RegisterProduct(
                id=id,
                generic_name="药",
                strength="1",
                dosage_form="片剂",
                manufacturer="厂",
                holder="厂",
                base_unit="片",
                category="chemical",
                rx=RxStatus.RX,
                marketing=MarketingClass.GENERIC,
                approval_number=f"国药准字H3020{number:04d}",
            )
            work.do(product).expect()
            work.do(RegisterPrice(price_list="STD", product=id, price="1.00")).expect()
            work.do(RegisterLot(product=id, lot=id, expires=expires)).expect()
            buyer = RegisterCustomer(
                id=id, kind=CustomerKind.CONSUMER, person_name="某", address=WHERE, price_list="STD"
            )
            work.do(buyer).expect()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql", "mariadb"])
def test_good_ids_pass_and_are_kept(kind: str, company_on: Callable[..., PharmaCRM]) -> None:
    crm = company_on(kind)
    register(crm)
    for id in GOOD:
        order = worth(id, 0, buyer=id, lines=(Line(id, 5, "1.00"),), terms="100% prepaid")
        answer = crm.do(order, actor=id, key=id)
        if answer.outcome == "refused":  # a consumer must be licensed in wholesale: this is about ids
            assert {reason.subject for reason in answer.reasons} <= {id}
            assert [each.subject for each in crm.ask(WhyRefused(key=id), actor=id)] == [id]
    assert [entry.key for entry in journal(crm) if entry.key] == GOOD
    for kind_ in (Customer, Product):
        assert {each.id for each in entities(crm, kind_)} >= set(GOOD)
        for id in GOOD:
            assert crm.get(kind_, id, actor=ADMIN).id == id
            assert [each.id for each in crm.find(kind_, eq("id", id), actor=ADMIN)] == [id]
            begins = [each.id for each in crm.find(kind_, prefix("id", id), actor=ADMIN)]
            assert begins == sorted(
                (each.id for each in entities(crm, kind_) if each.id.startswith(id)), key=str.encode
            )


@pytest.mark.parametrize("kind", ["sqlite", "postgresql", "mariadb"])
def test_good_ids_pass_through_the_whole_flow(kind: str, company_on: Callable[..., PharmaCRM]) -> None:
    """Orders, slips and receipts: every document number, its parts, its notices and its money."""
    crm = company_on(kind)
    assert len(GOOD) > 35
    chosen = GOOD if kind == "sqlite" else GOOD[::3]
    for id in chosen:
        crm.do(worth(id, 5, terms="20% prepaid, rest net 30"), actor="zhang.san", key=id).expect()
        money = RegisterReceipt(
            id=id, payer="H-001", payer_name="示例医院H-001", amount=yuan(1), value_date=today(crm)
        )
        crm.do(money, actor=FINANCE).expect()
        crm.do(AllocateReceipt(receipt=id, order=id), actor=FINANCE).expect()
        for signer in SIGNERS:
            crm.do(ApproveOrder(order=id), actor=signer).expect()
        crm.do(
            IssueSlip(order=id, id=id, items=(SlipItem(1, "L1", 4),)), actor=WAREHOUSE, key=f"{id}."
        ).expect()
        assert crm.ask(WhoCanAct(subject=id), actor=ADMIN).subject == id
    for record in (SalesOrder, OutboundSlip, Receipt):
        assert sorted(each.id for each in entities(crm, record)) == chosen
    assert crm.ask(Inbox(), actor="li.si") == ()
    before = dump(crm)
    for id in chosen:
        assert crm.do(worth(id, 5, terms="20% prepaid, rest net 30"), actor="zhang.san", key=id).replayed
    assert dump(crm) == before


def test_ids_013_and_015_case_and_folding_count(company_on: Callable[..., PharmaCRM]) -> None:
    for kind in ("memory", "sqlite"):
        crm = company_on(kind)
        for id in ("c1", "C1", "\xdf", "ss"):
            crm.do(RegisterUnit(id=id, name=f"部门{id}"), actor=ADMIN).expect()
        from pharmacrm.core.people import OrgUnit

        names: dict[str, Any] = {unit.id: unit.name for unit in entities(crm, OrgUnit)}
        assert {"c1", "C1", "\xdf", "ss"} <= set(names)
        assert names["c1"] != names["C1"]
