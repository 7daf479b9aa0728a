"""Released orders, and purchase orders that go to a supplier, as CSV files."""

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, example, given
from hypothesis import strategies as st

from pharmacrm.core.kernel.ids import as_id
from pharmacrm.core.orders import (
    Line,
    OrderLine,
    OrderState,
    PurchaseLine,
    PurchaseOrder,
    PurchaseState,
    SalesOrder,
)
from pharmacrm.crm import SimulatedClock
from pharmacrm.plugins.erp import CsvFolder
from pharmacrm.plugins.erp.cells import STARTERS, cell, neutral, plain
from pharmacrm.plugins.erp.csv_folder import file_name
from pharmacrm.plugins.types import DeliverContext, Delivered, Delivers, Reject, Result, RetryAfter
from pharmacrm.testing.company import ADMIN, an_order, release
from tests.fakes import FakeReads
from tests.orders.test_purchases import bought
from tests.plugins.hostile import company, csv_rows

SELLER = "zhang.san"


@pytest.fixture(scope="module")
def sample() -> tuple[SalesOrder, list[OrderLine]]:
    """A released order with two lines."""
    crm = company()
    crm.do(an_order("SO-1", lines=2), actor=SELLER).expect()
    release(crm, "SO-1")
    lines = crm.find(OrderLine, actor=ADMIN, order=("number",))
    return crm.get(SalesOrder, "SO-1", actor=ADMIN), lines


def _notice(order: SalesOrder, lines: list[OrderLine], **more: Any) -> DeliverContext:
    said: dict[str, Any] = {
        "tenant": "main",
        "id": "n-1",
        "topic": "OrderReleased",
        "subject": order.id,
        "payload": {},
        "attempt": 1,
        "at": SimulatedClock().now(),
        "simulated": True,
        "read": FakeReads([order, *lines]),
    }
    return DeliverContext(**(said | more))


def _renamed(
    sample: tuple[SalesOrder, list[OrderLine]], id: str, **more: Any
) -> tuple[SalesOrder, list[OrderLine]]:
    order, lines = sample
    return evolve(order, id=id, **more), [evolve(line, order=id, id=f"{id}/{line.number}") for line in lines]


def _deliver(folder: Path, context: DeliverContext) -> Result:
    answer: Result = CsvFolder(folder).pharmacrm_deliver(context)
    return answer


def _purchased(**more: Any) -> tuple[PurchaseOrder, list[PurchaseLine]]:
    purchase, lines = bought(Line("A", 20, "0.0363"), Line("B", 1, "2"), tolerance="2.5%")
    sent = evolve(purchase, state=PurchaseState.ORDERED, ordered_on=purchase.made_on, revision=2, note="=1+1")
    return evolve(sent, **more), list(lines)


def _sent(purchase: PurchaseOrder | None, lines: list[PurchaseLine], revision: int = 2) -> DeliverContext:
    return DeliverContext(
        tenant="main",
        id="n-1",
        topic="PurchaseOrdered",
        subject="PO-1",
        payload={"supplier": "S-1", "revision": revision},
        attempt=1,
        at=SimulatedClock().now(),
        simulated=True,
        read=FakeReads([*([purchase] if purchase else []), *lines]),
    )


def test_a_purchase_order_that_goes_to_its_supplier_is_a_file(tmp_path: Path) -> None:
    purchase, lines = _purchased()
    for _ in range(2):
        assert _deliver(tmp_path, _sent(purchase, lines)) == Delivered()
    (path,) = tmp_path.iterdir()
    assert path.name == file_name("main", purchase)
    assert path.name.startswith("purchase-main-PO-1-r2-")
    first, second = csv_rows(path)
    assert (first["purchase_order"], first["supplier"], first["revision"]) == ("PO-1", "S-1", "2")
    assert (first["tolerance_percent"], first["order_total"], first["note"]) == ("2.5", "2.73", "'=1+1")
    assert [(row["product"], row["quantity"], row["price"]) for row in (first, second)] == [
        ("A", "20", "0.0363"),
        ("B", "1", "2.00"),
    ]
    arrived = [evolve(line, received=1) for line in lines]
    later = evolve(purchase, state=PurchaseState.PART_RECEIVED)
    before = path.read_bytes()
    assert _deliver(tmp_path, _sent(later, arrived)) == Delivered()
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [before]


@pytest.mark.parametrize(
    "known",
    [
        None,
        _purchased(state=PurchaseState.CANCELLED)[0],
        _purchased(state=PurchaseState.IN_APPROVAL, revision=3)[0],
        _purchased(revision=3)[0],
    ],
)
def test_a_purchase_order_that_is_no_longer_so_is_not_written(
    tmp_path: Path, known: PurchaseOrder | None
) -> None:
    assert isinstance(_deliver(tmp_path, _sent(known, _purchased()[1])), Reject)
    assert list(tmp_path.iterdir()) == []


def test_it_is_a_delivering_plugin(tmp_path: Path) -> None:
    plugin: Delivers = CsvFolder(tmp_path)
    assert (plugin.name, plugin.topics) == (
        "csv_folder",
        ("OrderReleased", "PurchaseOrdered", "VoucherPosted"),
    )
    assert CsvFolder(tmp_path, name="erp").name == "erp"
    assert CsvFolder.PHARMACRM_API == (1, 0)


def test_one_row_for_each_line(tmp_path: Path, sample: tuple[SalesOrder, list[OrderLine]]) -> None:
    assert _deliver(tmp_path, _notice(*sample)) == Delivered()
    [file] = tmp_path.iterdir()
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbftenant,order,revision,")
    assert content.count(b"\r\n") == content.count(b"\n") == 3
    first, second = csv_rows(file)
    order = sample[0]
    assert (first["order"], first["revision"], first["line"], second["line"]) == ("SO-1", "1", "1", "2")
    assert (first["consignee"], first["address"]) == ("陈主任", "上海市徐汇区枫林路180号")
    assert (first["product"], first["quantity"], first["price"], first["tax_percent"]) == (
        "AMX-500",
        "1000",
        "0.0363",
        "13",
    )
    assert (first["line_total"], first["currency"], first["tax_included"]) == ("36.30", "CNY", "yes")
    assert sum(Decimal(row["line_total"]) for row in (first, second)) == order.total.amount
    assert Decimal(first["order_total"]) == order.total.amount


def test_the_same_again_is_the_same_file(tmp_path: Path, sample: tuple[SalesOrder, list[OrderLine]]) -> None:
    _deliver(tmp_path, _notice(*sample))
    [file] = tmp_path.iterdir()
    content, written = file.read_bytes(), file.stat().st_ino
    order, lines = sample
    shipped = (
        evolve(order, state=OrderState.SHIPPED, version=9),
        [evolve(line, shipped=1000) for line in lines],
    )
    _deliver(
        tmp_path, _notice(*shipped, id="n-2", attempt=3, at=SimulatedClock("2027-01-01T00:00:00Z").now())
    )
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [content]
    assert file.stat().st_ino == written
    file.write_bytes(b"half")
    _deliver(tmp_path, _notice(*sample))
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [content]


HARD_IDS = [
    "..", ".", "../C1", "..\\C1", "C/1", "C:1", "C1", "c1", "C%2F1", "C_1", "C?1", "C*1", "con", "CON",
    "nul.txt", "-rf",
    "~", "$HOME", "/etc/passwd", "客户-001", "客" * 64, "x" * 64, "x" * 63, "a.b", "a b", "|", "=1+1",
    "SO-1", "SO-1-r1",
]  # fmt: skip


def test_ids_stay_inside_the_folder_and_apart(
    tmp_path: Path, sample: tuple[SalesOrder, list[OrderLine]]
) -> None:
    folder = tmp_path / "erp"
    folder.mkdir()
    for id in HARD_IDS:
        assert _deliver(folder, _notice(*_renamed(sample, as_id(id)))) == Delivered()
    assert [each.name for each in tmp_path.iterdir()] == ["erp"]
    files = sorted(folder.iterdir())
    assert len({file.name.lower() for file in files}) == len(HARD_IDS)
    assert {plain(csv_rows(file)[0]["order"]) for file in files} == set(HARD_IDS)
    assert all(file.suffix == ".csv" and len(file.name) < 120 and file.name.isascii() for file in files)


_ids = st.text(st.characters(codec="utf-8"), min_size=1, max_size=64)


@given(_ids, _ids, st.integers(1, 99), st.integers(1, 99), st.sampled_from(["main", "Main", "t2"]))
@example("a", "A", 1, 1, "main")
@example("a/1", "a_1", 1, 1, "main")
@example("a", "a", 1, 11, "main")
def test_names_are_different_where_orders_are(
    sample: tuple[SalesOrder, list[OrderLine]], one: str, two: str, first: int, second: int, tenant: str
) -> None:
    assume((one, first) != (two, second))
    names = [
        file_name(tenant, evolve(sample[0], id=id, revision=revision)).casefold()
        for id, revision in ((one, first), (two, second))
    ]
    assert names[0] != names[1]
    assert all(
        Path(name).name == name and set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-.")
        for name in names
    )
    assert file_name("other", evolve(sample[0], id=one, revision=first)).casefold() != names[0]


@pytest.mark.parametrize("starter", STARTERS)
def test_what_begins_like_a_formula_is_text(
    tmp_path: Path, sample: tuple[SalesOrder, list[OrderLine]], starter: str
) -> None:
    assert len(STARTERS) == 12
    order, lines = _renamed(sample, "SO-1", note=f"{starter}cmd|'/C calc'!A0", consignee=f" {starter}1+1")
    assert _deliver(tmp_path, _notice(order, lines)) == Delivered()
    [file] = tmp_path.iterdir()
    [row, _] = csv_rows(file)
    assert row["note"] == f"'{starter}cmd|'/C calc'!A0"
    assert row["consignee"] == f"' {starter}1+1"
    assert plain(row["note"]) == order.note


@given(st.text() | st.sampled_from(STARTERS).flatmap(lambda begin: st.text().map(lambda rest: begin + rest)))
def test_neutral_text_is_neutral_once_and_comes_back(text: str) -> None:
    cell_text = neutral(text)
    assert neutral(cell_text) == cell_text
    assert not cell_text.lstrip(" \u3000").upper().startswith(STARTERS)
    if not (text.startswith("'") and text == neutral(text[1:])):
        assert plain(cell_text) == text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("-1.50"), "-1.50"),
        (Decimal("0.000001"), "0.000001"),
        (-5, "-5"),
        (True, "yes"),
        (False, "no"),
        ("-5", "'-5"),
        ("+86 21 64041990", "'+86 21 64041990"),
        ("", ""),
        ("AMX-500", "AMX-500"),
    ],
)
def test_numbers_stay_numbers(value: Any, shown: str) -> None:
    assert cell(value) == shown


def test_commas_quotes_and_lines_stay_in_their_cell(
    tmp_path: Path, sample: tuple[SalesOrder, list[OrderLine]]
) -> None:
    order, lines = _renamed(sample, "SO-1", note='早,晚 "急"\n第二行')
    _deliver(tmp_path, _notice(order, lines))
    [file] = tmp_path.iterdir()
    assert [row["note"] for row in csv_rows(file)] == [order.note] * 2


# ---- faults


def test_an_order_that_is_not_there(tmp_path: Path, sample: tuple[SalesOrder, list[OrderLine]]) -> None:
    assert _deliver(tmp_path, _notice(*sample, subject="SO-2")) == Reject("there is no such order")


@pytest.mark.parametrize(
    "state", [OrderState.SUBMITTED, OrderState.IN_APPROVAL, OrderState.REJECTED, OrderState.CANCELLED]
)
def test_an_order_that_is_no_longer_released(
    tmp_path: Path, sample: tuple[SalesOrder, list[OrderLine]], state: OrderState
) -> None:
    order, lines = _renamed(sample, "SO-1", state=state)
    assert _deliver(tmp_path, _notice(order, lines)) == Reject(
        f"the order is {state.value} by now: not written"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_missing(tmp_path: Path, sample: tuple[SalesOrder, list[OrderLine]]) -> None:
    answer = _deliver(tmp_path / "erp", _notice(*sample))
    assert answer == RetryAfter(60, "cannot write into the folder: No such file or directory")


@pytest.mark.parametrize("call", ["open", "fsync", "replace"])
def test_a_folder_that_cannot_be_written(
    tmp_path: Path, sample: tuple[SalesOrder, list[OrderLine]], monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """Whatever fails, the next try is whole, and nothing half-written is left where the ERP looks."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(os if call == "fsync" else Path, call, fail)
        answer = _deliver(tmp_path, _notice(*sample))
    assert answer == RetryAfter(60, "cannot write into the folder: Read-only file system")
    assert list(tmp_path.iterdir()) == []
    assert _deliver(tmp_path, _notice(*sample)) == Delivered()


def test_a_folder_in_the_place_of_the_file(
    tmp_path: Path, sample: tuple[SalesOrder, list[OrderLine]]
) -> None:
    (tmp_path / file_name("main", sample[0])).mkdir()
    assert isinstance(_deliver(tmp_path, _notice(*sample)), RetryAfter)
    assert len(list(tmp_path.iterdir())) == 1


def test_tenants_do_not_share_files(tmp_path: Path, sample: tuple[SalesOrder, list[OrderLine]]) -> None:
    _deliver(tmp_path, _notice(*sample))
    _deliver(tmp_path, _notice(*sample, tenant="t2"))
    assert sorted(csv_rows(file)[0]["tenant"] for file in tmp_path.iterdir()) == ["main", "t2"]
