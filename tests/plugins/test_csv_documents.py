"""Invoices, returns and credit notes of the ERP: matched with slips, set aside where they do not match."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from pharmacrm.core.kernel.money import Money
from pharmacrm.core.orders import ReturnOrder
from pharmacrm.core.pull import Reconciliation
from pharmacrm.core.receivables import CreditNote, InvoiceLine, SalesInvoice
from pharmacrm.crm import PharmaCRM
from pharmacrm.crm.pulling import TakenIn
from tests.covers import covers
from tests.flows.house import WAREHOUSE, credit, entities, released, replayed, slip, today, yuan
from tests.plugins.sources import FINANCE, folder_company, said, send, waiting

INVOICES = "id,customer,issued_on,lines,currency,red_of"
RETURNS = "id,slip,items,cause"
CREDITS = "id,customer,slip,amount,currency,reason"
ALL = "OUT-1/1=800@884.96+115.04"


def house(root: Path) -> PharmaCRM:
    """A company whose ERP is a folder, with a slip of 800 tablets for 1,000 yuan."""
    crm = folder_company(root, totals=False)
    released(crm)
    crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).expect()
    return crm


def bill(crm: PharmaCRM, id: str = "F-1", lines: str = ALL, red_of: str = "", customer: str = "H-001") -> str:
    return f"{id},{customer},{today(crm)},{lines},CNY,{red_of}"


def given(root: Path, name: str, *rows: str) -> None:
    send(root / "in", name, rows)


@covers("R-09", "XT-24")
def test_an_invoice_of_the_erp_is_matched_with_its_slips(tmp_path: Path) -> None:
    crm = house(tmp_path)
    half = "OUT-1/1=400@442.48+57.52"
    given(tmp_path, "invoices-1", INVOICES, bill(crm, "F-1", f"{half}; {half}"))
    assert crm.pull("erp") == TakenIn(done=1)
    (invoice,) = entities(crm, SalesInvoice)
    assert (invoice.id, invoice.gross, invoice.tax) == ("F-1", yuan(1000), yuan("115.04"))
    assert [(line.number, line.quantity) for line in entities(crm, InvoiceLine)] == [(1, 400), (2, 400)]
    assert credit(crm).unbilled == yuan(0)
    (run,) = crm.ask(Reconciliation(), actor=FINANCE).runs
    assert [each.whole for each in run.sums] == [yuan(1000)]
    replayed(crm)


def test_an_invoice_is_taken_in_once_and_another_of_its_number_is_set_aside(tmp_path: Path) -> None:
    crm = house(tmp_path)
    given(tmp_path, "invoices-1", INVOICES, bill(crm))
    assert crm.pull("erp") == TakenIn(done=1)
    given(tmp_path, "invoices-2", INVOICES, bill(crm))
    assert crm.pull("erp") == TakenIn(done=1)  # a command of its own, which changes nothing
    given(tmp_path, "invoices-1", INVOICES, bill(crm))
    assert crm.pull("erp") == TakenIn(repeated=1)
    given(tmp_path, "invoices-3", INVOICES, bill(crm, lines="OUT-1/1=400@442.48+57.52"))
    assert crm.pull("erp") == TakenIn(aside=1)
    assert [reason.code for item in waiting(crm) for reason in item.reasons] == ["invoice.exists"]
    assert len(entities(crm, SalesInvoice)) == 1


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("OUT-9/1=800@884.96+115.04", "invoice.line_unknown"),
        ("OUT-1/2=800@884.96+115.04", "invoice.line_unknown"),
        ("OUT-1/1=801@886.07+115.19", "invoice.over_shipped"),
    ],
)
def test_what_does_not_match_is_set_aside(tmp_path: Path, lines: str, code: str) -> None:
    crm = house(tmp_path)
    given(tmp_path, "invoices-1", INVOICES, bill(crm, "F-0", lines), bill(crm))
    assert crm.pull("erp") == TakenIn(done=1, aside=1)
    assert [reason.code for item in waiting(crm) for reason in item.reasons] == [code]
    assert [each.id for each in entities(crm, SalesInvoice)] == ["F-1"]


def test_another_amount_waits_for_a_lead(tmp_path: Path) -> None:
    crm = house(tmp_path)
    given(tmp_path, "invoices-1", INVOICES, bill(crm, lines="OUT-1/1=800@885.96+115.17"))
    assert crm.pull("erp") == TakenIn(held=1)
    assert entities(crm, SalesInvoice) == []


@pytest.mark.parametrize(
    ("lines", "observed"),
    [
        ("OUT-1=800@884.96+115.04", "import.lines"),
        ("OUT-1/1=800@884.96", "import.lines"),
        ("OUT-1/1=8e2@884.96+115.04", "import.lines"),
        ("OUT-1/1=800@884.961+115.04", "money.scale"),
        ("OUT-1/1=0@884.96+115.04", "quantity.zero"),
        (";", "import.lines"),
    ],
)
def test_cells_that_cannot_be_meant(tmp_path: Path, lines: str, observed: str) -> None:
    crm = house(tmp_path)
    given(tmp_path, "invoices-1", INVOICES, bill(crm, "F-0", lines), bill(crm))
    assert crm.pull("erp") == TakenIn(done=1, aside=1)
    assert said(crm) == [observed]


def test_a_red_letter_takes_back_what_came_back(tmp_path: Path) -> None:
    crm = house(tmp_path)
    given(tmp_path, "invoices-1", INVOICES, bill(crm))
    given(tmp_path, "returns-1", RETURNS, "RET-1,OUT-1,1=200@L1,damaged")
    assert crm.pull("erp") == TakenIn(done=2)
    red = bill(crm, "F-2", "OUT-1/1=200@221.24+28.76", "F-1")
    given(tmp_path, "invoices-2", INVOICES, red)
    assert crm.pull("erp") == TakenIn(done=1)
    assert sorted(each.gross for each in entities(crm, SalesInvoice)) == [yuan(-250), yuan(1000)]
    assert credit(crm).exposure == yuan(750)


@pytest.mark.parametrize(
    ("items", "codes"),
    [
        ("1=801", ["return.over_quantity"]),
        ("1=1@L9", ["return.lot_mismatch"]),
        ("2=1", ["return.line_unknown"]),
        ("1=x", ["import.items"]),
    ],
)
def test_a_return_that_does_not_match_is_set_aside(tmp_path: Path, items: str, codes: list[str]) -> None:
    crm = house(tmp_path)
    given(tmp_path, "returns-1", RETURNS, f"RET-1,OUT-1,{items},damaged", "RET-2,OUT-1,1=5,other")
    assert crm.pull("erp") == TakenIn(done=1, aside=1)
    found = [reason for item in waiting(crm) for reason in item.reasons]
    assert [reason.code for reason in found] == codes or said(crm) == codes
    assert [each.id for each in entities(crm, ReturnOrder)] == ["RET-2"]


def _twice(root: Path, crm: PharmaCRM, kind: str, head: str, rows: Iterable[str]) -> list[TakenIn]:
    taken = []
    for number, row in enumerate(rows):
        given(root, f"{kind}-{number}", head, row)
        taken.append(crm.pull("erp"))
    return taken


def test_the_same_return_and_the_same_credit_note_again_change_nothing(tmp_path: Path) -> None:
    crm = house(tmp_path)
    rows = ("RET-1,OUT-1,1=200,damaged", "RET-1,OUT-1,1=200@L1,damaged", "RET-1,OUT-1,1=201,damaged")
    assert _twice(tmp_path, crm, "returns", RETURNS, rows) == [TakenIn(done=1)] * 2 + [TakenIn(aside=1)]
    notes = [f"CN-1,H-001,OUT-1,{amount},CNY,折让" for amount in ("20.00", "20.0", "21.00")]
    assert _twice(tmp_path, crm, "credits", CREDITS, notes) == [TakenIn(done=1)] * 2 + [TakenIn(aside=1)]
    assert {each.id: each.amount for each in entities(crm, CreditNote)} == {
        "RET-1/credit-note": Money("250.00", "CNY"),
        "CN-1": yuan(20),
    }
    assert credit(crm).exposure == yuan(730)
    assert [reason.code for item in waiting(crm) for reason in item.reasons] == [
        "credit_note.exists",
        "return.exists",
    ]


@pytest.mark.parametrize(
    ("totals", "taken"), [("1,CNY,1000.00", 1), ("1,CNY,1000.01", 0), ("2,CNY,1000.00", 0)]
)
def test_the_totals_of_invoices_are_those_of_their_lines(tmp_path: Path, totals: str, taken: int) -> None:
    crm = folder_company(tmp_path)
    released(crm)
    crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).expect()
    send(tmp_path / "in", "invoices-1", [INVOICES, bill(crm)], totals)
    assert crm.pull("erp").done == taken
    assert len(entities(crm, SalesInvoice)) == taken
