"""The files of an ERP: what is read, what is refused and why, and where they end up."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pharmacrm import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.products import Pack, Product
from pharmacrm.core.pull import PullRun, Reconciliation
from pharmacrm.core.receivables import Receipt
from pharmacrm.crm.pulling import TakenIn
from pharmacrm.plugins.erp import CsvFolder, sheets
from pharmacrm.plugins.erp.cells import neutral
from pharmacrm.plugins.erp.columns import FILES, kind_of
from pharmacrm.plugins.types import PullContext, Pulled
from pharmacrm.testing.company import found_company
from scripts.reference.files import file_tables
from tests.covers import covers
from tests.flows.house import entities
from tests.plugins.sources import (
    FINANCE,
    PRODUCTS,
    RECEIPTS,
    company_of,
    folder_company,
    receipt_row,
    said,
    send,
    waiting,
)

ROOT = Path(__file__).parents[2]
LISTED = json.loads((ROOT / "tests" / "data" / "bad_inputs_imports.json").read_text(encoding="utf-8"))
NOTES = {each["id"]: each["note"] for each in LISTED["imports"]}
TOTALS = ("2,CNY,10.00", "3,CNY,10.00", "2,CNY,10.01", "2,USD,10.00", "2,,")
NONE = ("x,CNY,5.00", "1,CNY,5.00\n2,CNY,5.00", "1,CNY,5.00\n1,CNY,5.00", "1,XXX,5.00")
R1, R2 = receipt_row("R-1"), receipt_row("R-2")


def lines(*rows: str, end: str = "\n") -> str:
    return end.join([*rows, ""])


def zipped() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return data.getvalue()


GOOD = lines(RECEIPTS, R1, R2)
SWAPPED = lines("payer,id,payer_name,amount,currency,value_date", R1.replace("R-1,H-001", "H-001,R-1"))

REFUSED: dict[str, tuple[str | bytes, str]] = {
    "imports-001": (b"", "import.empty"),
    "imports-002": (b"\xef\xbb\xbf", "import.empty"),
    "imports-004": (lines(R1, R2), "import.column_unknown"),
    "imports-005": (lines(RECEIPTS, RECEIPTS), "money.currency"),
    "imports-006": (lines(RECEIPTS + ",id", R1 + ",R-1"), "import.column_twice"),
    "imports-007": (lines(RECEIPTS + ",colour", R1 + ",red"), "import.column_unknown"),
    "imports-008": (lines("id,payer,amount,currency,value_date", R1), "import.column_missing"),
    "imports-010": (lines(RECEIPTS, R1, "R-2,H-001"), "import.width"),
    "imports-011": (lines(RECEIPTS, R1, R2 + ",x"), "import.width"),
    "imports-012": (lines(RECEIPTS, R1, f'"{R2}'), "import.csv"),
    "imports-014": (GOOD.replace("R-2", "R-\0"), "import.nul"),
    "imports-018": (b"\xff\xfe" + GOOD.encode("utf-16-le"), "import.encoding"),
    "imports-019": (GOOD.encode("utf-16-le"), "import.encoding"),
    "imports-020": (GOOD.encode("gb18030"), "import.encoding"),
    "imports-021": (lines(RECEIPTS, R1.replace("示例", "𠀀")).encode("gb18030"), "import.encoding"),
    "imports-022": (lines(RECEIPTS, R1.replace("示例医院", "醫院")).encode("big5"), "import.encoding"),
    "imports-023": (GOOD.encode() + bytes(range(128, 256)), "import.encoding"),
    "imports-024": (GOOD.encode() + b"\xc0\xaf", "import.encoding"),
    "imports-025": (GOOD.encode() + b"\xed\xa0\x80", "import.encoding"),
    "imports-027": (lines(RECEIPTS, R1.replace("R-1", "x" * 10_000_000)), "import.size"),
    "imports-030": (lines(",".join(f"c{n}" for n in range(16_385))), "import.columns"),
    "imports-044": (lines(RECEIPTS, receipt_row("1.23457E+17")), "import.cell"),
    "imports-045": (lines(RECEIPTS, receipt_row("R-1", value_date="45000")), "date.format"),
    "imports-046": (lines(RECEIPTS, receipt_row("R-1", value_date="3/4/26")), "date.format"),
    "imports-048": (lines(RECEIPTS, receipt_row("R-1", payer="#N/A")), "import.cell"),
    "imports-055": (zipped(), "import.encoding"),
    "imports-087": (lines(RECEIPTS + ",version", R1 + ",7"), "import.column_unknown"),
}
"""What is refused, with the code that its reason observes."""

READ: dict[str, str | bytes] = {
    "imports-003": lines(RECEIPTS),
    "imports-009": SWAPPED,
    "imports-015": lines(RECEIPTS, R1, R2, end="\r"),
    "imports-016": f"{RECEIPTS}\r\n{R1}\n{R2}\r\n",
    "imports-017": f"{RECEIPTS}\n{R1}",
    "imports-043": lines(RECEIPTS, receipt_row("00123")),
    "imports-078": lines(RECEIPTS, R1, R1),
}
"""What can be read, and is."""

ELSEWHERE = {
    "imports-013": "a quote in the middle of an unquoted cell is a character, as CSV says",
    "imports-026": "text that decodes is text; the totals do not see it either",
    "imports-028": "the limit of a line is the same as of imports-027",
    "imports-029": "test_too_many_rows",
    **{f"imports-{n:03d}": "test_formula_texts_come_back" for n in range(31, 43)},
    "imports-047": "no file has a percentage",
    **{f"imports-{n:03d}": "about xlsx" for n in (*range(49, 55), *range(56, 71))},
    **{f"imports-{n:03d}": "about JSON" for n in range(71, 78)},
    "imports-079": "test_one_receipt_twice_in_a_file",
    "imports-080": "test_the_same_file_again_is_repeated",
    "imports-081": "no row refers to one that comes later; test_pull tries again what is missing",
    "imports-082": "test_another_tenants_customer_is_unknown",
    "imports-083": "test_row_4999_of_5000",
    "imports-084": "test_pull_laws, killed at every call",
    "imports-085": "test_pull, two processes at once",
    "imports-086": "test_a_folder_that_cannot_be_used",
    "imports-088": "test_no_value_is_echoed",
}


def test_every_listed_import_is_tried_or_accounted_for() -> None:
    assert set(NOTES) == set(REFUSED) | set(READ) | set(ELSEWHERE)
    assert not (set(REFUSED) & set(READ)) | (set(ELSEWHERE) & (set(READ) | set(REFUSED)))


@covers("UF-54")
@pytest.mark.parametrize("id", REFUSED, ids=lambda each: f"{each}-{NOTES[each]}"[:60])
def test_a_file_that_is_no_plain_table_is_refused(id: str, tmp_path: Path) -> None:
    content, code = REFUSED[id]
    crm = folder_company(tmp_path, totals=False)
    send(tmp_path / "in", "receipts-1", content)
    taken = crm.pull("erp")
    assert (taken.why, crm.plugins.faults) == ("", ())
    assert code in said(crm)
    if code.startswith("import.") and code != "import.cell":
        assert entities(crm, Receipt) == []
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["done"]


@pytest.mark.parametrize("id", READ, ids=lambda each: f"{each}-{NOTES[each]}"[:60])
def test_a_file_that_can_be_read_is_read(id: str, tmp_path: Path) -> None:
    crm = folder_company(tmp_path, totals=False)
    send(tmp_path / "in", "receipts-1", READ[id])
    taken = crm.pull("erp")
    assert (taken.aside, taken.why, waiting(crm)) == (0, "", [])
    assert len(entities(crm, Receipt)) == {"imports-003": 0, "imports-015": 2, "imports-016": 2}.get(id, 1)


def test_what_a_chinese_erp_writes_is_read_when_it_is_agreed_on(tmp_path: Path) -> None:
    crm = folder_company(tmp_path, totals=False, encoding="gb18030")
    send(tmp_path / "in", "receipts-1", GOOD.encode("gb18030"))
    assert crm.pull("erp") == TakenIn(done=2)
    with pytest.raises(MalformedInput):
        CsvFolder(tmp_path, encoding="big5")


def test_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    crm = folder_company(tmp_path, totals=False)
    send(tmp_path / "in", "receipts-1", lines(RECEIPTS, R1, R2))
    send(tmp_path / "in", "receipts-2", lines(RECEIPTS, R1, R2, receipt_row("R-3")))
    assert crm.pull("erp") == TakenIn(done=2, aside=2)
    assert said(crm) == ["import.rows"]


@covers("UF-54")
@pytest.mark.parametrize(
    "text", [each["value"] for each in LISTED["imports"] if each["note"].startswith("cell text")]
)
def test_plugins_081_formula_texts_come_back(text: str, tmp_path: Path) -> None:
    """What `CsvFolder` writes with an apostrophe is read without it; what is no text is refused."""
    kind = kind_of("products-1.csv")
    assert kind is not None
    assert kind.plain({"generic_name": neutral(text)}) == {
        "generic_name": text[1:] if text == "'=1" else text
    }


def test_one_receipt_twice_in_a_file(tmp_path: Path) -> None:
    crm = folder_company(tmp_path)
    send(tmp_path / "in", "receipts-1", lines(RECEIPTS, R1, receipt_row("R-1", "6.00")), "2,CNY,11.00")
    assert crm.pull("erp") == TakenIn(done=2)
    assert [each.amount for each in entities(crm, Receipt)] == [Money("6.00", "CNY")]


def test_the_same_file_again_is_repeated(tmp_path: Path) -> None:
    crm = folder_company(tmp_path)
    taken = []
    for name in ("receipts-1", "receipts-2", "receipts-1"):
        send(tmp_path / "in", name, GOOD, "2,CNY,10.00")
        taken.append(crm.pull("erp"))
    assert taken == [TakenIn(done=2), TakenIn(done=2), TakenIn(repeated=2)]
    assert len(entities(crm, Receipt)) == 2
    assert crm.ask(Reconciliation(), actor=FINANCE).agrees


def test_another_tenants_customer_is_unknown(tmp_path: Path) -> None:
    crm = folder_company(tmp_path)
    other = crm.for_tenant("t2")
    found_company(other, buyers=("H-007",))
    row = receipt_row("R-1", payer="H-007", payer_name="示例医院H-007")
    send(tmp_path / "in", "receipts-1", lines(RECEIPTS, row), "1,CNY,5.00")
    assert crm.pull("erp") == TakenIn(aside=1)
    assert [reason.code for item in waiting(crm) for reason in item.reasons] == ["pull.unknown"]
    assert entities(other, Receipt) == []


def test_row_4999_of_5000(tmp_path: Path) -> None:
    crm = folder_company(tmp_path)
    before = len(entities(crm, Product))
    rows = [f"P-{n},片,片,chemical,{'rx' if n != 4999 else '?'},generic" for n in range(1, 5001)]
    send(tmp_path / "in", "products-1", lines(PRODUCTS, *rows), "5000,,")
    assert crm.pull("erp") == TakenIn(aside=5000)
    assert len(entities(crm, Product)) == before
    (item,) = waiting(crm)
    assert [reason.code for reason in item.reasons] == ["pull.not_whole", "pull.unreadable"]
    assert item.reasons[0].observed == "products-1.csv:5000"


def test_no_value_is_echoed(tmp_path: Path) -> None:
    crm = folder_company(tmp_path, totals=False)
    secret = "13800138000\t110101199003070118"
    rows = [receipt_row("R-1", payer_name=secret), receipt_row("R-2", value_date="13800138000")]
    send(tmp_path / "in", "receipts-1", lines(RECEIPTS, *rows))
    crm.pull("erp")
    assert len(waiting(crm)) == 2
    assert not [item for item in waiting(crm) if "138" in str(item) or "1101" in str(item)]


@pytest.mark.parametrize(
    ("totals", "agrees"),
    [
        ("2,CNY,10.00", True),
        ("3,CNY,10.00", False),
        ("2,CNY,10.01", False),
        ("2,USD,10.00", False),
        ("2,,", False),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_whole(tmp_path: Path, totals: str, agrees: bool) -> None:
    crm = folder_company(tmp_path)
    send(tmp_path / "in", "receipts-1", GOOD, totals)
    assert crm.pull("erp") == (TakenIn(done=2) if agrees else TakenIn(aside=2))
    report = crm.ask(Reconciliation(source="erp"), actor=FINANCE)
    assert (report.agrees, report.waiting) == (agrees, 0 if agrees else 1)
    send(tmp_path / "in", "receipts-1", lines(RECEIPTS, R1), "1,CNY,5.00")
    crm.pull("erp")
    assert waiting(crm) == []


@pytest.mark.parametrize(
    "totals", ["x,CNY,5.00", "1,CNY,5.00\n2,CNY,5.00", "1,CNY,5.00\n1,CNY,5.00", "1,XXX,5.00"]
)
def test_totals_that_say_nothing(tmp_path: Path, totals: str) -> None:
    crm = folder_company(tmp_path)
    send(tmp_path / "in", "receipts-1", lines(RECEIPTS, R1), totals)
    assert crm.pull("erp") == TakenIn(aside=1)


def test_a_file_waits_for_its_totals_and_a_passing_one_is_not_seen(tmp_path: Path) -> None:
    crm = folder_company(tmp_path)
    send(tmp_path / "in", "receipts-1", GOOD)
    (tmp_path / "in" / "receipts-2.csv.tmp").write_text("half", encoding="utf-8")
    (tmp_path / "in" / ".receipts-3.csv").write_text("half", encoding="utf-8")
    assert crm.pull("erp") == TakenIn(why="1 files wait for their totals")
    send(tmp_path / "in", "receipts-1", GOOD, "2,CNY,10.00")
    assert crm.pull("erp") == TakenIn(done=2)
    assert len(list((tmp_path / "in").iterdir())) == 3


def test_names_and_links_that_are_none(tmp_path: Path) -> None:
    crm = folder_company(tmp_path)
    send(tmp_path / "in", "orders-1", GOOD)
    (tmp_path / "in" / "receipts-9.csv").symlink_to("/etc/passwd")
    (tmp_path / "in" / "receipts-9.totals.csv").write_text("rows,currency,amount\n1,,\n", encoding="utf-8")
    (tmp_path / "in" / "receipts-8.csv").mkdir()
    assert crm.pull("erp") == TakenIn(aside=2)
    assert sorted(said(crm)) == ["import.file", "import.name"]
    assert sorted(path.name for path in (tmp_path / "in").iterdir()) == ["done", "receipts-8.csv"]
    assert crm.pull("erp") == TakenIn()


def test_another_file_under_the_name_of_one_taken_in_is_taken_in(tmp_path: Path) -> None:
    crm = folder_company(tmp_path)
    for number in range(3):
        send(tmp_path / "in", "receipts-1", lines(RECEIPTS, receipt_row(f"R-{number}")), "1,CNY,5.00")
        assert crm.pull("erp") == TakenIn(done=1)
    assert len(list((tmp_path / "in" / "done").iterdir())) == 6


def test_a_file_that_changes_while_it_is_read_is_begun_anew(tmp_path: Path) -> None:
    crm = folder_company(tmp_path, totals=False)
    rows = [receipt_row(f"R-{number}") for number in range(5)]
    send(tmp_path / "in", "receipts-1", lines(RECEIPTS, *rows))
    first = CsvFolder(tmp_path / "out", inbox=tmp_path / "in", totals=False)

    def ask(plugin: Any, cursor: str) -> Pulled:
        at = crm.clock.now()
        answer = plugin.pharmacrm_pull(
            PullContext(tenant="main", cursor=cursor, limit=2, at=at, simulated=True)
        )
        assert isinstance(answer, Pulled)
        return answer

    begun = ask(first, "")
    again = CsvFolder(tmp_path / "out", inbox=tmp_path / "in", totals=False)
    assert [item.id for item in ask(again, begun.cursor).items] == [
        item.id for item in ask(first, begun.cursor).items
    ]
    send(tmp_path / "in", "receipts-1", lines(RECEIPTS, *rows[:3]))
    assert ask(CsvFolder(tmp_path, inbox=tmp_path / "in", totals=False), begun.cursor).begins


def test_products_come_before_prices_and_packs_are_read(tmp_path: Path) -> None:
    crm = folder_company(tmp_path)
    send(tmp_path / "in", "prices-1", lines("price_list,product,price", "STD,P-1,0.0370"), "1,,")
    product = lines(f"{PRODUCTS},packs,active", "P-1,示例,片,chemical,rx,generic,盒=20; 箱=2000,no")
    send(tmp_path / "in", "products-1", product, "1,,")
    assert crm.pull("erp") == TakenIn(done=2)
    assert [run.document for run in entities(crm, PullRun)] == ["products-1.csv", "prices-1.csv"]
    known = next(each for each in entities(crm, Product) if each.id == "P-1")
    assert (known.packs, known.active) == ((Pack("盒", 20), Pack("箱", 2000)), False)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"packs": "盒:20"}, "import.packs"),
        ({"packs": "盒=0"}, "quantity.zero"),
        ({"active": "true"}, "import.truth"),
        ({"rx": "处方药"}, "choice.unknown"),
        ({"approval_number": "H1"}, "identifier.approval_number"),
    ],
)
def test_cells_that_cannot_be_meant(tmp_path: Path, cells: dict[str, str], code: str) -> None:
    row = {
        "id": "P-1",
        "generic_name": "x",
        "base_unit": "片",
        "category": "c",
        "rx": "rx",
        "marketing": "generic",
    }
    crm = folder_company(tmp_path, totals=False)
    send(tmp_path / "in", "products-1", lines(",".join(row | cells), ",".join((row | cells).values())))
    crm.pull("erp")
    assert said(crm) == ["products-1.csv:2", code]


# ------------------------------------------------------------------------------------------- the folder


def test_a_folder_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crm = company_of(CsvFolder(tmp_path, name="erp"))
    assert crm.pull("erp").why == "this adapter has no inbox"
    crm = company_of(CsvFolder(tmp_path, inbox=tmp_path / "in", name="erp"))
    assert crm.pull("erp").why == "cannot use the inbox: No such file or directory"
    crm = folder_company(tmp_path)
    send(tmp_path / "in", "receipts-1", GOOD, "2,CNY,10.00")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        assert crm.pull("erp") == TakenIn(done=2, why="cannot use the inbox: No space left on device")
    assert crm.pull("erp") == TakenIn()
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["done"]


def test_the_page_shows_the_columns_that_are_read() -> None:
    page = (ROOT / "docs" / "how-to" / "connect-an-erp.md").read_text(encoding="utf-8")
    shown = page.partition("<!-- columns -->\n\n")[2].partition("\n<!-- end of columns -->")[0]
    assert shown.strip() == file_tables().strip()
    assert [f"### {kind.prefix}-*.csv" in page for kind in FILES] == [True] * 8
