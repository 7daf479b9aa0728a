"""Who buys what through which channel: buyers of each kind, their papers, special drugs, lots and prices."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from pharmacrm.core.approvals import ApprovalMove
from pharmacrm.core.credit import SetCreditLimit
from pharmacrm.core.customers import RegisterCustomer
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.release import ApproveOrder
from pharmacrm.core.flows.request_trail import ApprovalTrail
from pharmacrm.core.flows.shipping import ConfirmDelivery, IssueSlip
from pharmacrm.core.kernel.query import eq, gt, within
from pharmacrm.core.licences import Dossier, LicenceKind, RegisterLicence, ReviewDossier, Verdict
from pharmacrm.core.orders import (
    HoldLot,
    Line,
    Lot,
    OrderLine,
    OutboundSlip,
    RegisterLot,
    ReleaseLot,
    SalesOrder,
    SlipItem,
    SlipLine,
)
from pharmacrm.core.people import GrantRight
from pharmacrm.core.prices import PriceItem, RegisterPrice
from pharmacrm.core.products import Product, RegisterProduct
from pharmacrm.core.receivables import Instalment, Receivable
from pharmacrm.core.values.trade import (
    CustomerKind,
    MarketingClass,
    PaymentMethod,
    RxStatus,
    SalesChannel,
    SpecialControl,
)
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import WHERE, release
from tests.covers import covers
from tests.flows import scenarios
from tests.flows.house import (
    ADMIN,
    BUYER,
    FINANCE,
    LEAD,
    QUALITY,
    SALES,
    WAREHOUSE,
    blocked,
    entities,
    open_house,
    pass_days,
    placed,
    released,
    slip,
    standing,
    today,
    worth,
    yuan,
)

PAPERS: dict[CustomerKind, Sequence[LicenceKind]] = {
    CustomerKind.HOSPITAL: (LicenceKind.MEDICAL_INSTITUTION,),
    CustomerKind.CLINIC: (LicenceKind.CLINIC_FILING,),
    CustomerKind.PHARMACY: (LicenceKind.DRUG_DISTRIBUTION, LicenceKind.BUSINESS),
    CustomerKind.PHARMACY_CHAIN: (
        LicenceKind.DRUG_DISTRIBUTION,
        LicenceKind.BUSINESS,
        LicenceKind.QUALITY_AGREEMENT,
    ),
    CustomerKind.DISTRIBUTOR: (
        LicenceKind.DRUG_DISTRIBUTION,
        LicenceKind.BUSINESS,
        LicenceKind.QUALITY_AGREEMENT,
        LicenceKind.SEAL_SPECIMEN,
        LicenceKind.BANK_ACCOUNT,
    ),
}
SCOPES = ("chemical", "western", "rx", "otc_a", "otc_b", "ephedrine_compound")


@pytest.fixture
def crm() -> PharmaCRM:
    return open_house()


def customer(crm: PharmaCRM, kind: CustomerKind, id: str = "B-1") -> None:
    buyer = RegisterCustomer(id=id, kind=kind, name=f"示例{kind.zh}", address=WHERE, price_list="STD")
    crm.do(buyer, actor=ADMIN).expect()
    limit = SetCreditLimit(customer=id, limit=yuan(10_000), reason="授信")
    crm.do(limit, actor=FINANCE).expect()


def file(crm: PharmaCRM, paper: LicenceKind, id: str = "B-1", scope: Sequence[str] = SCOPES) -> None:
    expires = today(crm) + timedelta(days=1000)
    crm.do(
        RegisterLicence(customer=id, kind=paper, number=paper.name, expires=expires, scope=tuple(scope)),
        actor=QUALITY,
    ).expect()


def review(crm: PharmaCRM, kind: CustomerKind, id: str = "B-1", actor: str = QUALITY) -> Any:
    return crm.do(ReviewDossier(customer=id, kind=kind, verdict=Verdict.APPROVE, comment="齐全"), actor=actor)


@covers("XT-02", "XT-05", "UF-10", "R-01", "R-05")
@pytest.mark.parametrize("kind", PAPERS)
def test_each_kind_of_buyer_buys_once_its_own_papers_are_complete(crm: PharmaCRM, kind: CustomerKind) -> None:
    """Admission (首营): paper by paper, review, order; not one step earlier."""
    customer(crm, kind)
    order = worth("SO-1", 100, buyer="B-1")
    for paper in PAPERS[kind]:
        assert blocked(crm.do(order, actor=SALES)) >= {"dossier.missing"}
        assert blocked(review(crm, kind)) >= {"dossier.missing"}
        file(crm, paper)
    assert blocked(crm.do(order, actor=SALES)) == {"dossier.not_approved"}
    review(crm, kind).expect()
    assert crm.get(Dossier, "B-1", actor=QUALITY).reviewed_by == QUALITY
    assert crm.do(order, actor=SALES).allowed
    release(crm, "SO-1")
    assert crm.do(slip("SO-1", "OUT-1", 80), actor=WAREHOUSE).allowed


@covers("XT-02", "R-05")
def test_a_distributor_buys_only_what_its_licence_covers(crm: PharmaCRM) -> None:
    kind = CustomerKind.DISTRIBUTOR
    customer(crm, kind)
    for paper in PAPERS[kind]:
        file(crm, paper, scope=("antibiotic",))
    review(crm, kind).expect()
    assert blocked(crm.do(worth("SO-1", 100, buyer="B-1"), actor=SALES)) == {"licence.out_of_scope"}
    file(crm, LicenceKind.DRUG_DISTRIBUTION)
    assert crm.do(worth("SO-1", 100, buyer="B-1"), actor=SALES).allowed


@covers("XT-02", "R-01")
def test_a_file_approved_as_another_kind_does_not_count(crm: PharmaCRM) -> None:
    customer(crm, CustomerKind.PHARMACY)
    for paper in (*PAPERS[CustomerKind.PHARMACY], LicenceKind.MEDICAL_INSTITUTION):
        file(crm, paper)
    review(crm, CustomerKind.HOSPITAL).expect()
    assert blocked(crm.do(worth("SO-1", 100, buyer="B-1"), actor=SALES)) == {"dossier.not_approved"}


@covers("UF-10", "XT-11", "R-01")
def test_papers_filed_by_others_wait_for_quality(crm: PharmaCRM) -> None:
    kind = CustomerKind.HOSPITAL
    customer(crm, kind)
    crm.do(GrantRight(role="sales", right="RegisterLicence"), actor=ADMIN).expect()
    paper = RegisterLicence(customer="B-1", kind=LicenceKind.MEDICAL_INSTITUTION, number="M-1")
    filed = crm.do(paper, actor=SALES).expect()
    assert filed.verified_by == ""
    review(crm, kind).expect()
    assert crm.do(worth("SO-1", 100, buyer="B-1"), actor=SALES).allowed


# ---------------------------------------------------------------------------------- special drugs, channels


@pytest.fixture
def ephedrine(crm: PharmaCRM) -> PharmaCRM:
    product = scenarios.ephedrine("EPH-1", rx=RxStatus.OTC_A, marketing=MarketingClass.OTC)
    crm.do(product, actor=ADMIN).expect()
    crm.do(RegisterPrice(price_list="STD", product="EPH-1", price="1.25"), actor=ADMIN).expect()
    lot = RegisterLot(product="EPH-1", lot="L1", expires=today(crm) + timedelta(days=700))
    crm.do(lot, actor=WAREHOUSE).expect()
    return crm


@covers("SC-25", "R-31", "XT-09")
def test_ephedrine_is_paid_by_transfer_and_its_arrival_is_confirmed_within_a_week(
    ephedrine: PharmaCRM,
) -> None:
    crm = ephedrine
    sold = (Line("EPH-1", 100, "1.25"),)
    cash = worth("SO-1", 0, lines=sold, method=PaymentMethod.CASH)
    assert blocked(crm.do(cash, actor=SALES)) == {"special.no_cash"}
    assert crm.do(worth("SO-1", 0, lines=sold), actor=SALES).allowed
    release(crm, "SO-1")
    out = crm.do(slip("SO-1", "OUT-1", 100), actor=WAREHOUSE).expect()
    assert out.confirm_by == today(crm) + timedelta(days=7)
    pass_days(crm, 2)
    arrived = crm.do(ConfirmDelivery(slip="OUT-1", received_by="王药师"), actor=WAREHOUSE).expect()
    assert (arrived.delivered_on, arrived.received_by) == (today(crm), "王药师")
    ordinary = released(crm, "SO-2", 100)
    assert crm.do(slip(ordinary.id, "OUT-2", 80), actor=WAREHOUSE).expect().confirm_by is None


@covers("SC-19", "XT-34", "R-30", "R-34")
@pytest.mark.parametrize(
    ("channel", "special", "codes"),
    [
        (SalesChannel.OFFLINE, SpecialControl.NONE, set()),
        (SalesChannel.ONLINE, SpecialControl.NONE, set()),
        (
            SalesChannel.ONLINE,
            SpecialControl.VACCINE,
            {"online.forbidden", "special.unqualified", "licence.out_of_scope"},
        ),
        (SalesChannel.ONLINE, SpecialControl.BLOOD_PRODUCT, {"online.forbidden"}),
        (SalesChannel.OFFLINE, SpecialControl.BLOOD_PRODUCT, set()),
        (
            SalesChannel.OFFLINE,
            SpecialControl.NARCOTIC,
            {"special.category_out_of_scope", "special.unqualified"},
        ),
    ],
)
def test_channels_are_judged_apart(
    ephedrine: PharmaCRM, channel: SalesChannel, special: SpecialControl, codes: set[str]
) -> None:
    crm = ephedrine
    category = {SpecialControl.VACCINE: "vaccine", SpecialControl.BLOOD_PRODUCT: "biological"}.get(
        special, "chemical"
    )
    old = crm.get(Product, "EPH-1", actor=ADMIN)
    changed = RegisterProduct(
        id=old.id,
        generic_name=old.generic_name,
        strength="1",
        dosage_form="x",
        manufacturer="x",
        holder="x",
        base_unit=old.base_unit,
        category=category,
        rx=RxStatus.RX,
        marketing=MarketingClass.GENERIC,
        special=special,
        approval_number=old.approval_number,
    )
    crm.do(changed, actor=ADMIN).expect()
    answer = crm.do(worth("SO-1", 0, lines=(Line("EPH-1", 20, "1.25"),), channel=channel), actor=SALES)
    assert {reason.code for reason in answer.reasons if reason.severity == "block"} == codes
    if not codes:
        assert crm.find(SalesOrder, eq("channel", channel), actor=SALES) == [answer.expect()]


@covers("XT-34", "XT-35")
def test_products_are_kept_and_found_by_their_marketing_class(crm: PharmaCRM) -> None:
    generic = crm.find(Product, eq("marketing", MarketingClass.GENERIC), eq("rx", RxStatus.RX), actor=SALES)
    assert {product.id for product in generic} == {product.id for product in entities(crm, Product)}
    assert crm.find(Product, eq("marketing", MarketingClass.OTC), actor=SALES) == []


# ------------------------------------------------------------------------------------- lots, orders, prices


@covers("SC-21", "XT-09", "R-09c")
def test_a_held_lot_stays_and_another_one_ships(crm: PharmaCRM) -> None:
    released(crm)
    other = RegisterLot(product="ATO-20", lot="L2", expires=today(crm) + timedelta(days=700))
    crm.do(other, actor=WAREHOUSE).expect()
    crm.do(HoldLot(product="ATO-20", lot="L1", reason="质量投诉"), actor=QUALITY).expect()
    assert blocked(crm.do(slip("SO-1", "OUT-1", 100), actor=WAREHOUSE)) == {"lot.held"}
    assert crm.do(slip("SO-1", "OUT-1", 100, lot="L2"), actor=WAREHOUSE).allowed
    crm.do(ReleaseLot(product="ATO-20", lot="L1", reason="复检合格"), actor=QUALITY).expect()
    assert crm.do(slip("SO-1", "OUT-2", 100), actor=WAREHOUSE).allowed
    lines = crm.find(SlipLine, eq("product", "ATO-20"), actor=WAREHOUSE, order=("lot",))
    assert [(line.lot, line.quantity) for line in lines] == [("L1", 100), ("L2", 100)]


@covers("SC-21", "R-09c")
def test_a_lot_ships_only_before_the_day_it_expires(crm: PharmaCRM) -> None:
    released(crm)
    lot = RegisterLot(product="ATO-20", lot="L9", expires=today(crm) + timedelta(days=2))
    crm.do(lot, actor=WAREHOUSE).expect()
    pass_days(crm, 1)
    assert crm.do(slip("SO-1", "OUT-1", 1, lot="L9"), actor=WAREHOUSE).codes == ("lot.near_expiry",)
    pass_days(crm, 1)
    assert blocked(crm.do(slip("SO-1", "OUT-2", 1, lot="L9"), actor=WAREHOUSE)) == {"lot.expired"}


@covers("SC-20", "XT-22")
def test_orders_goods_and_debts_are_found_from_each_other(crm: PharmaCRM) -> None:
    """From a recalled lot to the orders and their buyers, and from a buyer to what is open."""
    for number in (1, 2):
        released(crm, f"SO-{number}", 100)
    crm.do(slip("SO-1", "OUT-1", 30), actor=WAREHOUSE).expect()
    lots = within(SlipLine, "slip", eq("lot", "L1"))
    shipped = crm.find(OutboundSlip, lots, actor=QUALITY)
    assert [(out.order, out.buyer) for out in shipped] == [("SO-1", BUYER)]
    lines = crm.find(OrderLine, eq("product", "ATO-20"), gt("shipped", 0), actor=LEAD)
    assert [(line.order, line.remaining) for line in lines] == [("SO-1", 50)]
    assert len(crm.find(Lot, eq("held", value=False), actor=WAREHOUSE)) == len(entities(crm, Lot))
    debts = crm.find(Receivable, eq("customer", BUYER), actor=FINANCE)
    assert [(debt.order, debt.slip, debt.amount) for debt in debts] == [("SO-1", "OUT-1", yuan("37.50"))]
    open_parts = crm.find(Instalment, eq("customer", BUYER), eq("settled", value=False), actor=FINANCE)
    assert [part.open for part in open_parts] == [yuan("37.50")]


@covers("UF-56", "UF-02", "XT-08")
def test_a_price_changed_after_the_order_is_seen_by_the_next_signer(crm: PharmaCRM) -> None:
    placed(crm)
    release(crm, "SO-1", signers=("li.si",))
    crm.do(RegisterPrice(price_list="STD", product="ATO-20", price="1.30"), actor=ADMIN).expect()
    answer = crm.do(ApproveOrder(order="SO-1"), actor="wang.wu")
    assert (answer.outcome, answer.codes) == ("held", ("price.off_list",))
    assert standing(crm, "SO-1").stage == "precheck"
    crm.do(PassHold(of=answer.case, code="price.off_list", reason="按原价"), actor=LEAD).expect()
    assert standing(crm, "SO-1").stage == "lead"
    signed = crm.find(ApprovalMove, eq("step", "precheck"), actor=LEAD)
    assert [(each.person, each.action.value) for each in signed] == [("wang.wu", "approved")]
    trail = crm.ask(ApprovalTrail(document="SO-1"), actor=LEAD)
    assert signed[0].id in trail.counting
    assert crm.get(PriceItem, "STD/ATO-20", actor=SALES).price.micros == 1_300_000


@covers("XT-09")
def test_one_line_from_several_lots_on_one_slip(crm: PharmaCRM) -> None:
    released(crm)
    crm.do(
        RegisterLot(product="ATO-20", lot="L2", expires=today(crm) + timedelta(days=700)), actor=WAREHOUSE
    ).expect()
    picked = (SlipItem(1, "L1", 300), SlipItem(1, "L2", 500))
    out = crm.do(IssueSlip(order="SO-1", id="OUT-1", items=picked), actor=WAREHOUSE).expect()
    assert out.amount == yuan(1000)
    assert crm.get(SalesOrder, "SO-1", actor=SALES).state.value == "shipped"
