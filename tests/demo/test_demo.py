"""The main job, told small: every promised trouble happens, nothing happens twice, and the books balance."""

import io
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from stdnum.cn import uscc

from pharmacrm import cli
from pharmacrm.core.credit import Reservation, ReservationState
from pharmacrm.core.credit.parts import ExposureKind
from pharmacrm.core.engines.holds import HoldState
from pharmacrm.core.flows.exposure import CreditExposure
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.journal import Entry, JournalQuery, Verb
from pharmacrm.core.kernel.message import Question, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.strict import strict
from pharmacrm.core.orders import OrderState
from pharmacrm.core.receivables import Instalment, Receipt, Receivable, SalesInvoice
from pharmacrm.core.values.terms import PartKind
from pharmacrm.crm import PharmaCRM, connect
from pharmacrm.demo.accounts import accounts
from pharmacrm.demo.billing import invoice_of
from pharmacrm.demo.cast import AUDITOR, TREASURER
from pharmacrm.demo.company import Company, clock_of_the_story
from pharmacrm.demo.figures import Figures, figures
from pharmacrm.demo.run import DATABASE, FOLDER, Told, open_in, run
from pharmacrm.demo.scale import Scale
from pharmacrm.demo.show import show
from pharmacrm.demo.story import AnotherStory
from pharmacrm.demo.tables import Section, width
from pharmacrm.plugins.hookspecs import hookimpl
from tests.covers import covers

ROOT = Path(__file__).parents[2]
SMALL = Scale(months=2, customers=40, orders=40)
TINY = ("--months", "1", "--customers", "30", "--orders", "8")
PROMISED = {
    "approval.not_an_approver",
    "authorisation.out_of_scope",
    "consignee.missing",
    "ephedrine.identity_missing",
    "ephedrine.quantity",
    "licence.expired",
    "licence.out_of_scope",
    "lot.expired",
    "lot.held",
    "online.forbidden",
    "payment.not_cleared",
    "quantity.pack",
    "special.no_cash",
    "special.unqualified",
}


@frozen(kw_only=True, field_transformer=strict)
class WholeJournal(Question[tuple[Entry, ...]]):
    """Every entry, oldest first."""


@WholeJournal.handler
def whole_journal(_: WholeJournal, read: Reads) -> tuple[Entry, ...]:
    return tuple(read.journal(JournalQuery()))


class Journals:
    """A plugin that lets the auditor read the journal."""

    name = "journals"

    @hookimpl
    def pharmacrm_register(self, context: Any) -> Domain:
        return Domain(name="journals", handlers=(whole_journal,), rights={"auditor": (WholeJournal,)})


def plain(told: Told) -> str:
    return "\n".join(section.plain() for section in told.sections)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("story")


@pytest.fixture(scope="module")
def told(folder: Path) -> Told:
    return run(folder, SMALL)


@pytest.fixture
def door(folder: Path, told: Told) -> Any:
    crm, _ = open_in(folder)
    yield crm
    crm.close()


@pytest.fixture
def books(door: PharmaCRM) -> Figures:
    return figures(door)


@covers("XT-03", "XT-05", "XT-08", "XT-26", "SC-21", "R-05", "R-06", "R-09c", "R-30", "R-31", "R-34")
def test_every_promised_refusal_happens(books: Figures) -> None:
    assert {one.code for one in books.refused} >= PROMISED


def test_holds_are_passed_and_given_up(books: Figures) -> None:
    found = Counter((hold.code, hold.state) for hold in books.holds)
    assert found["credit.over_limit", HoldState.RELEASED]
    assert found["credit.over_limit", HoldState.VOID]
    assert found["price.off_list", HoldState.RELEASED]
    assert found["price.below_floor", HoldState.RELEASED]
    assert sum(number for (code, _), number in found.items() if code == "reservation.lapsed")


def test_orders_end_in_many_ways(books: Figures) -> None:
    assert {OrderState.SHIPPED, OrderState.CANCELLED, OrderState.IN_APPROVAL} <= set(books.by_state)
    assert any(part.allocations > 0 for part in books.receipts)


def test_told_again_nothing_is_added(folder: Path, told: Told) -> None:
    before = _everything(folder)
    again = run(folder, SMALL)
    assert (again.orders, again.sections) == (0, told.sections)
    assert again.files == told.files
    assert _everything(folder) == before


def _everything(folder: Path) -> tuple[Entry, ...]:
    crm = connect(f"sqlite:///{folder / DATABASE}", clock=clock_of_the_story(), plugins=(Journals(),))
    try:
        return crm.ask(WholeJournal(), actor=AUDITOR)
    finally:
        crm.close()


@pytest.mark.parametrize("after", [60, 250])
def test_an_interrupted_story_ends_the_same(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    left = [after]
    real = Company.do

    def stops(self: Company, command: Any, **more: Any) -> Any:
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        return real(self, command, **more)

    monkeypatch.setattr(Company, "do", stops)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, SMALL)
    resumed = run(tmp_path, SMALL)
    assert resumed.orders > 0
    assert plain(resumed) == plain(told)


@covers("XT-26")
def test_counters_are_the_sums_of_the_journal(folder: Path, books: Figures) -> None:
    sums: Counter[tuple[str, str]] = Counter()
    for entry in _everything(folder):
        if entry.kind == "credit_line" and entry.verb is Verb.ADDED:
            for name, change in entry.changed().items():
                if isinstance(change, dict):
                    sums[entry.subject, name] += change["add"]
    for line in books.lines:
        for name in ("reserved", "posted", "paid", "unapplied"):
            assert getattr(line, name).minor == sums[line.id, name], (line.id, name)


@covers("XT-22", "XT-25")
def test_the_books_balance(door: PharmaCRM, books: Figures) -> None:
    instalments = door.find(Instalment, actor=AUDITOR)
    for receivable in door.find(Receivable, actor=AUDITOR):
        own = [part.amount for part in instalments if part.receivable == receivable.id]
        assert Money.total(own, "CNY") == receivable.amount
    reserved = door.find(Reservation, actor=AUDITOR)
    receipts = door.find(Receipt, actor=AUDITOR)
    for line in books.lines:
        owed = [
            part.open for part in instalments if part.customer == line.id and part.kind is PartKind.CREDIT
        ]
        held = [
            one.open for one in reserved if one.customer == line.id and one.state is ReservationState.ACTIVE
        ]
        kept = [one.open for one in receipts if one.payer == line.id]
        assert line.posted - line.paid == Money.total(owed, "CNY"), line.id
        assert line.reserved == Money.total(held, "CNY"), line.id
        assert line.unapplied == Money.total(kept, "CNY"), line.id
    assert books.ageing.total == Money.total((part.open for part in instalments), "CNY")


def test_what_left_is_invoiced_on_the_next_working_day(door: PharmaCRM, books: Figures) -> None:
    invoices = {invoice.id: invoice for invoice in door.find(SalesInvoice, actor=AUDITOR)}
    last = max(slip.issued_on for slip in books.slips)
    for slip in books.slips:
        invoice = invoices.pop(invoice_of(slip), None)
        assert (invoice is None) == (slip.issued_on == last), slip.id
        if invoice is not None:
            assert invoice.issued_on > slip.issued_on
            assert invoice.gross == slip.amount
    assert not invoices
    for line in books.lines:
        fresh = [slip.credit for slip in books.slips if (slip.buyer, slip.issued_on) == (line.id, last)]
        parts = door.ask(CreditExposure(customer=line.id), actor=TREASURER).parts
        unbilled = [part.amount for part in parts if part.kind is ExposureKind.UNBILLED]
        assert unbilled == [Money.total(fresh, "CNY")], line.id


@covers("XT-09")
def test_slips_sum_to_their_orders(books: Figures) -> None:
    for order in books.orders:
        shipped = Money.total((slip.amount for slip in books.slips if slip.order == order.id), "CNY")
        if order.state is OrderState.SHIPPED:
            assert shipped == order.total
        else:
            assert shipped < order.total


def test_the_summary_reads_well(told: Told) -> None:
    text = told.text
    for title in (
        "订单状态",
        "拒绝原因",
        "暂挂",
        "客户排名",
        "信用占用",
        "账龄表",
        "WhyRefused",
        "WhoCanAct",
    ):
        assert title in text
    assert "医药有限公司" in text
    assert "\ufffd" not in text
    assert "orders/s" in told.closing.text


def test_another_story_is_refused(folder: Path, told: Told) -> None:
    with pytest.raises(AnotherStory, match="another story"):
        run(folder, Scale(months=2, customers=40, orders=40, seed=1))
    assert run(folder, SMALL).orders == 0


def test_notices_and_files_are_written(folder: Path, told: Told) -> None:
    assert (folder / FOLDER / "notices.jsonl").read_text("utf-8").count("OrderReleased")
    assert len(list((folder / FOLDER / "erp").glob("*.csv"))) >= 20


def test_everybody_has_a_place_and_a_code() -> None:
    found = accounts(Scale(customers=270))
    assert len(found) == 270
    assert len({one.uscc for one in found}) == 270
    assert all(uscc.is_valid(one.uscc) for one in found)
    assert {one.region for one in found} == {"east", "south"}
    assert any(one.parent for one in found)


def test_columns_stay_straight_with_chinese() -> None:
    rows = (
        Section(title="t", headers=("名", "x"), rows=(("医院", "1"), ("ab", "20"))).plain().splitlines()[2:]
    )
    assert len({width(row) for row in rows if row[-1].isdigit()}) == 1


@pytest.mark.parametrize("wrong", [{"months": 0}, {"customers": 29}, {"orders": -1}])
def test_a_scale_is_checked(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Scale(**wrong)


def _python(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_command_line_tells_it(tmp_path: Path) -> None:
    pytest.importorskip("typer")
    done = _python("-m", "pharmacrm.cli", "demo", *TINY, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "is told" in done.stdout
    assert "订单状态" in done.stdout
    assert (tmp_path / DATABASE).is_file()
    other = _python("-m", "pharmacrm.cli", "demo", *TINY, "--seed", "1", cwd=tmp_path)
    assert (other.returncode, "another story" in other.stderr) == (1, True)


def test_the_command_line_helps(tmp_path: Path) -> None:
    pytest.importorskip("typer")
    done = _python("-m", "pharmacrm.cli", "demo", "--help", cwd=tmp_path)
    assert (done.returncode, "--months" in done.stdout) == (0, True)


def test_without_its_extra_the_command_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typer", None)
    for name in [name for name in sys.modules if name.startswith("pharmacrm.cli.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(SystemExit, match=r"pharmacrm\[cli\]"):
        cli.main()


def test_the_example_runs(tmp_path: Path) -> None:
    done = _python(str(ROOT / "examples/order_to_cash.py"), *TINY, "--folder", str(tmp_path), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "账龄表" in done.stdout
    assert (tmp_path / DATABASE).is_file()


def test_it_is_shown_without_rich_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich.console", None)
    out = io.StringIO()
    show(tmp_path, Scale(months=1, customers=30, orders=0), out)
    assert "20 of 2" in out.getvalue()
    assert "Files 文件" in out.getvalue()
