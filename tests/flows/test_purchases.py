"""Purchase orders through the whole door: suppliers, approval, revisions, and goods that are counted."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from pharmacrm.core.approvals import ApprovalRequest
from pharmacrm.core.engines.approval.routes import Act
from pharmacrm.core.flows.approvals import Inbox, WhoCanAct
from pharmacrm.core.flows.bulk import BulkItem, DecideMany
from pharmacrm.core.flows.procuring import (
    CancelPurchaseOrder,
    ClosePurchaseOrder,
    SendPurchaseOrder,
    SubmitPurchaseOrder,
)
from pharmacrm.core.flows.requests import Decide, OverrideStep, WithdrawRequest
from pharmacrm.core.flows.revising import RevisionChanges, Revisions
from pharmacrm.core.flows.shipping import IssueSlip
from pharmacrm.core.host_numbers import HostNumber, NumberedKind, RecordHostNumber
from pharmacrm.core.kernel.errors import NotFound, NotPermitted
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.licences import LicenceKind, RevokeLicence
from pharmacrm.core.orders import (
    GoodsReceipt,
    GoodsReceiptLine,
    Line,
    Lot,
    PurchaseLine,
    PurchaseOrder,
    PurchaseState,
    ReceivedItem,
    SlipItem,
)
from pharmacrm.core.values.trade import CustomerKind
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import open_supplier
from tests.covers import covers
from tests.flows.companies import KINDS
from tests.flows.house import (
    ADMIN,
    FINANCE,
    LEAD,
    QUALITY,
    SALES,
    WAREHOUSE,
    blocked,
    codes,
    entities,
    open_house,
    pass_days,
    released,
    replayed,
    today,
    yuan,
)
from tests.flows.scenarios import ephedrine, hired, product
from tests.flows.scenarios_purchasing import (
    BUYING,
    SUPPLIER,
    arrived,
    changed,
    ordered,
    supplied,
    wanted,
    yes,
)
from tests.flows.scenarios_quoting import quoted

S = PurchaseState


@pytest.fixture
def crm() -> PharmaCRM:
    return supplied(open_house())


def do(crm: PharmaCRM, *steps: tuple[Any, str]) -> None:
    for command, actor in steps:
        crm.do(command, actor=actor).expect()


def stands(crm: PharmaCRM, id: str = "PO-1") -> PurchaseOrder:
    return crm.get(PurchaseOrder, id, actor=BUYING)


def received(crm: PharmaCRM) -> list[int]:
    lines = crm.find(PurchaseLine, eq("purchase", "PO-1"), order=("number",), actor=BUYING)
    return [line.received for line in lines]


# ---------------------------------------------------------------------------------------------- approval


@covers("XT-14")
@pytest.mark.parametrize(
    ("quantity", "special", "path"),
    [
        (9_999, False, ("lead",)),
        (10_000, False, ("lead", "finance")),
        (10, True, ("lead", "quality")),
    ],
)
def test_its_route_looks_at_the_amount_and_the_goods(
    crm: PharmaCRM, quantity: int, special: bool, path: tuple[str, ...]
) -> None:
    if special:
        do(crm, (ephedrine("EPH"), ADMIN))
    lines = (Line("EPH" if special else "ATO-20", quantity, "1.00"),)
    do(crm, (wanted(crm, lines=lines), BUYING), (SubmitPurchaseOrder(purchase="PO-1"), BUYING))
    assert crm.ask(WhoCanAct(subject="PO-1"), actor=BUYING).path == path
    for signer in {"lead": (LEAD,), "finance": (LEAD, FINANCE), "quality": (LEAD, QUALITY)}[path[-1]]:
        (item,) = crm.ask(Inbox(), actor=signer)
        do(crm, (Decide(document="PO-1", act=Act.APPROVE, seen=item.content), signer))
    assert stands(crm).state is S.APPROVED
    replayed(crm)


@pytest.mark.parametrize(
    ("moves", "state"),
    [
        ([(Decide(document="PO-1", act=Act.REJECT, comment="不买"), LEAD)], S.REJECTED),
        ([(Decide(document="PO-1", act=Act.RETURN, comment="请补充"), LEAD)], S.DRAFT),
        ([(WithdrawRequest(document="PO-1"), BUYING)], S.DRAFT),
        ([(DecideMany(documents=(BulkItem(document="PO-1"),)), LEAD)], S.APPROVED),
        ([(OverrideStep(document="PO-1", step="lead", comment="急用"), ADMIN)], S.APPROVED),
        ([(CancelPurchaseOrder(purchase="PO-1"), LEAD)], S.CANCELLED),
    ],
)
def test_it_moves_with_its_request_and_can_be_handed_in_again(
    crm: PharmaCRM, moves: list[tuple[Any, str]], state: PurchaseState
) -> None:
    do(crm, (wanted(crm), BUYING), (SubmitPurchaseOrder(purchase="PO-1"), BUYING), *moves)
    assert stands(crm).state is state
    again = codes(crm, SubmitPurchaseOrder(purchase="PO-1"), BUYING)
    assert again == ([] if state in {S.DRAFT, S.REJECTED} else ["document.state"])
    assert {one.state.value for one in crm.find(ApprovalRequest, actor=ADMIN)} & {"pending"} == (
        set() if again else {"pending"}
    )


@covers("XT-11")
def test_who_sells_does_not_buy_and_who_buys_takes_nothing_in(crm: PharmaCRM) -> None:
    do(crm, (hired("rep", "medrep"), ADMIN), *ordered(crm))
    for actor, command in (
        (SALES, wanted(crm, "PO-2")),
        ("rep", wanted(crm, "PO-2")),
        (WAREHOUSE, wanted(crm, "PO-2")),
        (BUYING, arrived(crm, 1)),
        (SALES, SendPurchaseOrder(purchase="PO-1")),
    ):
        with pytest.raises(NotPermitted):
            crm.do(command, actor=actor)
    with pytest.raises(NotPermitted):
        crm.find(PurchaseOrder, actor=SALES)


# ---------------------------------------------------------------------------------------------- supplier


@covers("R-01", "R-05")
def test_a_supplier_has_to_be_qualified_when_it_is_handed_in_sent_and_received(crm: PharmaCRM) -> None:
    gone = RevokeLicence(
        customer=SUPPLIER, kind=LicenceKind.DRUG_PRODUCTION, number="DRUG_PRODUCTION-1", reason="吊销"
    )
    steps = ordered(crm)
    do(crm, *steps, (wanted(crm, "PO-2"), BUYING), *ordered(crm, "PO-3")[:3], (gone, QUALITY))
    wrong = {"licence.revoked", "dossier.missing"}
    warned = crm.do(wanted(crm, "PO-4"), actor=BUYING)
    assert warned.allowed
    assert set(warned.codes) == wrong
    for command, actor in (
        (SubmitPurchaseOrder(purchase="PO-2"), BUYING),
        (SendPurchaseOrder(purchase="PO-3"), BUYING),
        (arrived(crm, 10), WAREHOUSE),
    ):
        assert blocked(crm.do(command, actor=actor)) >= wrong
    assert (stands(crm).state, received(crm)) == (S.ORDERED, [0])


def test_a_licence_that_ends_before_the_goods_come_is_found_at_once(crm: PharmaCRM) -> None:
    late = today(crm) + timedelta(days=1001)
    do(crm, (wanted(crm, expected_on=late), BUYING))
    assert "licence.expired" in blocked(crm.do(SubmitPurchaseOrder(purchase="PO-1"), actor=BUYING))


def test_a_distributor_supplies_what_its_licence_covers(crm: PharmaCRM) -> None:
    open_supplier(crm, "S-002", kind=CustomerKind.DISTRIBUTOR)
    biological = product("BIO", category="biological", approval_number="国药准字S20200001")
    do(crm, (biological, ADMIN), (wanted(crm, supplier="S-002"), BUYING))
    assert codes(crm, SubmitPurchaseOrder(purchase="PO-1"), BUYING) == []
    lines = (Line("BIO", 20, "1"), Line("ATO-20", 20, "1"))
    do(crm, (wanted(crm, "PO-2", supplier="S-002", lines=lines), BUYING))
    answer = crm.do(SubmitPurchaseOrder(purchase="PO-2"), actor=BUYING)
    assert [(one.code, one.field) for one in answer.reasons] == [("licence.supply_out_of_scope", "BIO")]


# --------------------------------------------------------------------------------------------- revisions


@pytest.mark.parametrize(
    ("change", "state"),
    [({"quantity": 1200}, S.IN_APPROVAL), ({"terms": "net 90"}, S.IN_APPROVAL), ({"later": 5}, S.APPROVED)],
)
def test_a_revision_goes_through_the_same_engine_as_that_of_a_quote(
    crm: PharmaCRM, change: dict[str, Any], state: PurchaseState
) -> None:
    do(crm, *ordered(crm))
    later = change.pop("later", 0)
    day = today(crm) + timedelta(days=10 + later)
    do(crm, (changed(crm, expected_on=day, **change), BUYING))
    now = stands(crm)
    assert (now.state, now.revision, now.ordered_on) == (state, 2, None)
    first, second = crm.ask(Revisions(document="PO-1"), actor=BUYING)
    assert (first.number, second.number, second.content) == (1, 2, now.content)
    difference = crm.ask(RevisionChanges(document="PO-1"), actor=BUYING)
    assert {one.field for one in difference.head} == (
        {"expected_on"} if later else {"terms"} if "terms" in change else {"net", "tax", "total"}
    )
    assert codes(crm, arrived(crm, 1), WAREHOUSE) == ["purchase.not_ordered"]
    if state is S.IN_APPROVAL:
        do(crm, (yes(), LEAD))
    do(crm, (SendPurchaseOrder(purchase="PO-1"), BUYING), (arrived(crm, 1), WAREHOUSE))
    assert codes(crm, changed(crm, quantity=7), BUYING) == ["document.state"]
    replayed(crm)


def test_only_its_requester_revises_and_the_same_again_is_no_revision(crm: PharmaCRM) -> None:
    do(crm, (hired("other", "purchasing"), ADMIN), (wanted(crm), BUYING))
    assert codes(crm, changed(crm, quantity=7), "other") == ["document.not_yours"]
    assert codes(crm, SubmitPurchaseOrder(purchase="PO-1"), "other") == ["document.not_yours"]
    assert codes(crm, changed(crm), BUYING) == ["revision.unchanged"]
    assert codes(crm, wanted(crm), BUYING) == ["document.exists"]
    assert codes(crm, wanted(crm, quantity=7), BUYING) == ["document.conflict"]
    assert stands(crm).revision == 1


# ------------------------------------------------------------------------------------------------- goods


@covers("XT-14")
def test_goods_arrive_in_parts_are_counted_and_can_be_sold(crm: PharmaCRM) -> None:
    do(crm, *ordered(crm, tolerance="2.5%"))
    do(crm, (arrived(crm, 400, "GR-1", delivery_note="SH-1"), WAREHOUSE))
    assert (stands(crm).state, received(crm)) == (S.PART_RECEIVED, [400])
    assert crm.get(Lot, "ATO-20/N1", actor=WAREHOUSE).expires == today(crm) + timedelta(days=600)
    assert codes(crm, arrived(crm, 626), WAREHOUSE) == ["goods_receipt.over_quantity"]
    do(crm, (arrived(crm, 600, "GR-2", lot="N2"), WAREHOUSE))
    assert stands(crm).state is S.RECEIVED
    do(crm, (arrived(crm, 25, "GR-3"), WAREHOUSE))
    assert (received(crm), codes(crm, arrived(crm, 1), WAREHOUSE)) == (
        [1025],
        ["goods_receipt.over_quantity"],
    )
    do(crm, (ClosePurchaseOrder(purchase="PO-1"), BUYING))
    assert codes(crm, arrived(crm, 1), WAREHOUSE) == ["goods_receipt.over_quantity", "purchase.not_ordered"]
    lines = crm.find(GoodsReceiptLine, actor=WAREHOUSE)
    assert sum(line.quantity for line in lines) == 1025
    released(crm, "SO-1", 500)
    do(crm, (IssueSlip(order="SO-1", id="OUT-1", items=(SlipItem(1, "N1", 400),)), WAREHOUSE))
    replayed(crm)


def test_a_receipt_again_is_the_same_receipt(crm: PharmaCRM) -> None:
    do(crm, *ordered(crm), (arrived(crm, 400, "GR-1"), WAREHOUSE))
    assert codes(crm, arrived(crm, 400, "GR-1"), WAREHOUSE) == ["document.exists"]
    for other in (arrived(crm, 401, "GR-1"), arrived(crm, 400, "GR-1", delivery_note="SH-2")):
        assert codes(crm, other, WAREHOUSE) == ["document.conflict"]
    assert received(crm) == [400]


@pytest.mark.parametrize(
    ("items", "found"),
    [
        ([(1, "L1", 10, 699)], ["lot.expiry_mismatch"]),  # registered with another expiry
        ([(1, "N1", 10, 0)], ["lot.expired"]),
        ([(1, "N1", 10, 600), (1, "N1", 10, 601)], ["lot.expiry_mismatch"]),
        ([(1, "N1", 600, 600), (1, "N2", 600, 600)], ["goods_receipt.over_quantity"]),
        ([(1, "N1", 10, 1), (2, "N1", 10, 1)], ["goods_receipt.line_unknown"]),
        ([(1, "L1", 10, 700), (1, "N1", 10, 1)], []),
    ],
)
def test_each_lot_is_looked_at_as_it_arrives(
    crm: PharmaCRM, items: list[tuple[int, str, int, int]], found: list[str]
) -> None:
    do(crm, *ordered(crm))
    made = tuple(
        ReceivedItem(line, lot, quantity, today(crm) + timedelta(days=days))
        for line, lot, quantity, days in items
    )
    assert codes(crm, arrived(crm, 1, items=made), WAREHOUSE) == found
    assert received(crm) == ([0] if found else [20])
    assert len(entities(crm, GoodsReceipt)) == (not found)


def test_what_was_expected_in_the_past_is_not_ordered(crm: PharmaCRM) -> None:
    do(crm, *ordered(crm)[:3])
    pass_days(crm, 11)
    assert codes(crm, SendPurchaseOrder(purchase="PO-1"), BUYING) == ["purchase.expected_past"]
    do(crm, (changed(crm), BUYING), (SendPurchaseOrder(purchase="PO-1"), BUYING))
    assert stands(crm).state is S.ORDERED


def test_its_amounts_are_those_of_its_lines_with_tax(crm: PharmaCRM) -> None:
    lines = (Line("ATO-20", 4, "20", unit="盒"), Line("CEF-250", 3, "0.33", "6%", tax_included=False))
    do(crm, (wanted(crm, lines=lines), BUYING))
    kept = crm.find(PurchaseLine, order=("number",), actor=BUYING)
    assert [(line.quantity, line.gross) for line in kept] == [(80, yuan("80.00")), (3, yuan("1.05"))]
    purchase = stands(crm)
    assert (purchase.net + purchase.tax, purchase.total) == (purchase.total, yuan("81.05"))


@covers("UF-54")
def test_the_erp_gives_its_numbers_to_purchases_receipts_and_quotes(crm: PharmaCRM) -> None:
    do(crm, *ordered(crm), (arrived(crm, 1, "GR-1"), WAREHOUSE), (quoted(crm), SALES))
    do(crm, (hired("erp", "erp"), ADMIN))
    known = (
        (NumberedKind.PURCHASE, "PO-1"),
        (NumberedKind.GOODS_RECEIPT, "GR-1"),
        (NumberedKind.QUOTE, "QT-1"),
    )
    for kind, id in known:
        do(crm, (RecordHostNumber(kind=kind, id=id, number=f"45-{id}"), "erp"))
        with pytest.raises(NotFound):
            crm.do(RecordHostNumber(kind=kind, id="X-1", number="46"), actor="erp")
    numbers = {one.kind: (one.subject, one.number) for one in crm.find(HostNumber, actor=BUYING)}
    assert numbers == {kind: (id, f"45-{id}") for kind, id in known}


@pytest.mark.parametrize("kind", [*KINDS, "mariadb"])
def test_of_many_who_take_in_at_once_no_one_takes_more_than_was_ordered(
    company_on: Callable[..., PharmaCRM], kind: str
) -> None:
    """Six lorries with 300 of 1,000 each: three are taken in, on every store."""
    crm = supplied(company_on(kind))
    do(crm, *ordered(crm))
    start, answers = Barrier(6), list[Any]()

    def race(number: int) -> None:
        start.wait()
        answers.append(crm.do(arrived(crm, 300, f"GR-{number}", lot=f"N{number}"), actor=WAREHOUSE))

    racers = [Thread(target=race, args=(number,)) for number in range(6)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(answer.codes for answer in answers) == [()] * 3 + [("goods_receipt.over_quantity",)] * 3
    assert received(crm) == [900]
    assert sum(line.quantity for line in crm.find(GoodsReceiptLine, actor=WAREHOUSE)) == 900
