"""From the quote to the order, and from the order to the supplier: two documents that are approved on routes.

    python examples/quote_to_order.py

In memory, on a simulated clock. A hospital is offered tablets below the list, its quote is revised, approved
by a lead and by finance, accepted, and becomes one order. What is missing for it is bought: a purchase order
is approved, changed, sent, and its goods are counted lot by lot as they arrive.
"""

from datetime import date

import pharmacrm
from pharmacrm import (
    AcceptQuote,
    Act,
    ConvertQuote,
    Decide,
    Decision,
    DraftPurchaseOrder,
    DraftQuote,
    Inbox,
    Line,
    Lot,
    PublishRoute,
    PurchaseLine,
    PurchaseOrder,
    Quote,
    ReceivedItem,
    ReceiveGoods,
    RegisterStaff,
    ReviseQuote,
    RevisionChanges,
    SendPurchaseOrder,
    SendQuote,
    SimulatedClock,
    SubmitPurchaseOrder,
    SubmitQuote,
)
from pharmacrm.testing import company

SALES, LEAD, FINANCE, WAREHOUSE, BUYING = "zhang.san", "zhao.liu", "qian.qi", "sun.ba", "feng.shi"

crm = pharmacrm.connect("memory://", clock=SimulatedClock("2026-02-03T09:00:00+08:00"))
company.found_company(crm)
company.open_supplier(crm, "S-001")
crm.do(RegisterStaff(id=BUYING, name="冯十", unit="east", roles=("purchasing",)), actor="admin").expect()
for route in (company.quote_route(), company.purchase_route()):
    crm.do(PublishRoute(definition=route), actor="admin").expect()


def decided(document: str, *people: str) -> None:
    """Approved by each of them for whom it waits, having seen it."""
    for person in people:
        waiting = {item.subject: item for item in crm.ask(Inbox(), actor=person)}
        if item := waiting.get(document):
            decision = Decide(document=document, act=Act.APPROVE, seen=item.content)
            crm.do(decision, actor=person).expect()
            print(f"  {document}: {item.step} approved by {person}")


def said(what: str, answer: Decision[object]) -> None:
    print(f"{what}: {answer.outcome}", *answer.codes)


# ------------------------------------------------------------------------------------------------ the quote

offer = DraftQuote(
    id="QT-1",
    buyer="H-001",
    lines=(Line("ATO-20", 40, "24.00", unit="盒"), Line("CEF-250", 100, "0.52")),
    terms="net 60",
    valid_until="2026-03-05",
)
said("QT-1 drafted", crm.do(offer, actor=SALES))
better = ReviseQuote(
    quote="QT-1", lines=(Line("ATO-20", 60, "22.00", unit="盒"),), terms="net 30", valid_until="2026-03-05"
)
said("QT-1 revised", crm.do(better, actor=SALES))
for line in crm.ask(RevisionChanges(document="QT-1"), actor=SALES).lines:
    shown = {field.field: f"{field.was} -> {field.now}" for field in line.fields}
    print(f"  line {line.number} {line.fate.value}:", shown.get("product", shown.get("price")))

crm.do(SubmitQuote(quote="QT-1"), actor=SALES).expect()
decided("QT-1", LEAD, FINANCE)  # finance too: 12 percent below the list
crm.do(SendQuote(quote="QT-1"), actor=SALES).expect()
crm.do(AcceptQuote(quote="QT-1", note="电话确认"), actor=SALES).expect()

order = ConvertQuote(quote="QT-1", id="SO-1", consignee="陈主任", phone="021-64041990", address=company.WHERE)
placed = crm.do(order, actor=SALES)
said("SO-1 placed", placed)
said("again", crm.do(order, actor=SALES))
quote = crm.get(Quote, "QT-1", actor=SALES)
print(f"QT-1 is {quote.state} as {quote.order}; {quote.total} = {placed.expect().total}")

# --------------------------------------------------------------------------------------- the purchase order

wanted = DraftPurchaseOrder(
    id="PO-1",
    supplier="S-001",
    lines=(Line("ATO-20", 2000, "0.90"),),
    terms="net 30",
    expected_on="2026-02-20",
    tolerance="2%",
)
said("PO-1 drafted", crm.do(wanted, actor=BUYING))
crm.do(SubmitPurchaseOrder(purchase="PO-1"), actor=BUYING).expect()
decided("PO-1", LEAD, FINANCE)  # finance is not asked below CNY 10,000
crm.do(SendPurchaseOrder(purchase="PO-1"), actor=BUYING).expect()

for number, quantity in enumerate((1500, 600, 540), start=1):
    items = (ReceivedItem(1, f"2026010{number}", quantity, date(2028, 1, 31)),)
    receipt = ReceiveGoods(id=f"GR-{number}", purchase="PO-1", items=items, delivery_note=f"SH-{number}")
    said(f"GR-{number}, {quantity} tablets", crm.do(receipt, actor=WAREHOUSE))

(bought,) = crm.find(PurchaseLine, actor=BUYING)
purchase = crm.get(PurchaseOrder, "PO-1", actor=BUYING)
lots = [lot.lot for lot in crm.find(Lot, actor=WAREHOUSE) if lot.lot.startswith("2026")]
print(f"PO-1 is {purchase.state}: {bought.received} of {bought.quantity}; new lots {', '.join(lots)}")
crm.close()
