"""From a released order to a CSV file, through the door."""

import subprocess
import sys
from pathlib import Path

from pharmacrm.core.flows.ending import CancelOrder
from pharmacrm.core.flows.placing import AmendOrder
from pharmacrm.core.flows.shipping import IssueSlip
from pharmacrm.core.orders import Line, SlipItem
from pharmacrm.crm import PharmaCRM
from pharmacrm.plugins.erp import CsvFolder
from pharmacrm.testing.company import an_order, release
from tests.covers import covers
from tests.plugins.hostile import company, csv_rows

SELLER = "zhang.san"


def _released(crm: PharmaCRM, id: str) -> None:
    crm.do(an_order(id, lines=2), actor=SELLER).expect()
    release(crm, id)


@covers("UF-54")
def test_from_an_order_to_a_file(tmp_path: Path, any_url: str) -> None:
    crm = company(CsvFolder(tmp_path), url=any_url)
    _released(crm, "SO-1")
    crm.do(an_order("SO-2"), actor=SELLER).expect()
    assert crm.deliver().delivered == 1
    [file] = tmp_path.glob("*.csv")
    rows = csv_rows(file)
    assert {row["order"] for row in rows} == {"SO-1"}
    assert [row["product"] for row in rows] == ["AMX-500", "CEF-250"]
    crm.close()


def test_an_amended_order_is_another_file(tmp_path: Path) -> None:
    crm = company(CsvFolder(tmp_path))
    _released(crm, "SO-1")
    crm.deliver()
    placed = an_order("SO-1")
    amended = AmendOrder(
        order="SO-1",
        lines=(Line("AMX-500", 2000, "0.0363"),),
        terms=placed.terms,
        consignee=placed.consignee,
        phone=placed.phone,
        address=placed.address,
    )
    crm.do(amended, actor=SELLER).expect()
    assert crm.deliver().delivered == 0
    release(crm, "SO-1")
    assert crm.deliver().delivered == 1
    assert sorted(
        (row["revision"], row["quantity"]) for file in tmp_path.iterdir() for row in csv_rows(file)
    ) == [
        ("1", "1000"),
        ("1", "1000"),
        ("2", "2000"),
    ]


def test_an_order_that_was_cancelled_before_it_was_written(tmp_path: Path) -> None:
    crm = company(CsvFolder(tmp_path))
    _released(crm, "SO-1")
    crm.do(CancelOrder(order="SO-1", reason="customer"), actor=SELLER).expect()
    assert crm.deliver().dead == 1
    assert list(tmp_path.iterdir()) == []


def test_shipping_does_not_change_the_file(tmp_path: Path) -> None:
    crm = company(CsvFolder(tmp_path))
    _released(crm, "SO-1")
    crm.do(IssueSlip(order="SO-1", id="OUT-1", items=(SlipItem(1, "L1", 400),)), actor="sun.ba").expect()
    assert crm.deliver().delivered == 1
    [file] = tmp_path.iterdir()
    assert [row["quantity"] for row in csv_rows(file)] == ["1000", "1000"]


@covers("UF-54", "XT-17")
def test_the_example_of_a_folder_erp_runs_and_adds_nothing_the_second_time(tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "examples" / "erp_folder.py"
    command = [sys.executable, str(example), "--folder", str(tmp_path)]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(2)]
    said = [run.stdout for run in runs]
    assert "TakenIn(done=3, repeated=0, held=0, aside=1" in said[0]
    assert "tried again: 1" in said[0]
    assert "receipts-1.csv 2 rows CNY 1,500.00 agrees: True" in said[0]
    assert "done=0" in said[1]
