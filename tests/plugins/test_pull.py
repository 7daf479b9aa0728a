"""Taking in through the door: items, quarantine, two processes, sources that misbehave."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from attrs import evolve

from pharmacrm import Conflict, MalformedInput, NotPermitted, PluginFailure, StoreFailure
from pharmacrm.core.flows.collection import RegisterReceipt
from pharmacrm.core.host_numbers import HostNumber, RecordHostNumber
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.people import RegisterStaff
from pharmacrm.core.prices import PriceItem, RegisterPrice
from pharmacrm.core.products import RegisterProduct
from pharmacrm.core.pull import (
    DismissItem,
    PullCursor,
    PullRun,
    QuarantinedItem,
    Reconciliation,
    RecordPull,
    RetryItem,
    Totals,
)
from pharmacrm.core.pull.reasons import UNREADABLE
from pharmacrm.core.receivables import Receipt
from pharmacrm.crm import PharmaCRM, SimulatedClock, connect
from pharmacrm.crm.pulling import TakenIn
from pharmacrm.plugins.types import Item, PullContext, Pulled, Pulls, RetryAfter, Unreadable
from pharmacrm.plugins.wall.pulling import item_of
from pharmacrm.testing.company import ADMIN, an_order, open_account
from tests.covers import covers
from tests.flows.house import entities
from tests.plugins.hostile import raising
from tests.plugins.sources import FINANCE, Source, company_of, waiting

PROTOCOL: Pulls = Source(lambda _: None)


def receipt(id: str, *, payer: str = "H-001", cents: int = 500) -> RegisterReceipt:
    return RegisterReceipt(
        id=id,
        payer=payer,
        payer_name=f"示例医院{payer}",
        amount=Money.of_minor(cents, "CNY"),
        value_date=date(2026, 1, 5),
    )


def giving(*answers: Any) -> Source:
    """A source that gives one answer after the other, by its cursor."""
    return Source(lambda context: at(answers, context))


def at(answers: tuple[Any, ...], context: PullContext) -> Any:
    place = int(context.cursor or 0)
    if place >= len(answers):
        return Pulled(items=(), cursor=context.cursor)
    how = answers[place]
    fields: dict[str, Any] = {"cursor": str(place + 1), "more": True}
    return Pulled(**(fields | how))


@covers("UF-54")
def test_items_are_done_one_by_one_and_the_cursor_moves(any_url: str) -> None:
    source = giving(
        {"items": [Item("a", receipt("R-1")), Item("b", receipt("R-2", payer="H-9"), "f:2")]},
        {"items": [Item("c", receipt("R-3"))]},
    )
    crm = company_of(source, url=any_url)
    assert crm.pull("erp", limit=2) == TakenIn(done=2, aside=1)
    assert {each.id for each in entities(crm, Receipt)} == {"R-1", "R-3"}
    assert [context.cursor for context in source.asked] == ["", "1", "2"]
    (item,) = waiting(crm)
    assert (item.place, item.command, item.subject) == ("f:2", "RegisterReceipt", "R-2")
    assert item.reasons[0].code == "pull.unknown"
    assert crm.pull("erp") == TakenIn()
    crm.close()


def test_an_item_that_comes_again_is_repeated_and_another_content_is_set_aside() -> None:
    crm = company_of(giving(*({"items": [Item("a", receipt("R-1", cents=cents))]} for cents in (5, 5, 6))))
    assert crm.pull("erp") == TakenIn(done=1, repeated=1, aside=1)
    assert [reason.code for item in waiting(crm) for reason in item.reasons] == ["key.reused"]
    assert entities(crm, Receipt)[0].amount == Money("0.05", "CNY")


def test_an_item_is_tried_again_when_its_cause_is_mended() -> None:
    crm = company_of(giving({"items": [Item("b", receipt("R-2", payer="H-2"))]}))
    crm.pull("erp")
    (item,) = waiting(crm)
    crm.do(RetryItem(id=item.id), actor=FINANCE).expect()
    assert crm.pull("erp") == TakenIn()
    assert waiting(crm)[0].state == "open"
    open_account(crm, "H-2")
    crm.do(RetryItem(id=item.id), actor=FINANCE).expect()
    assert crm.pull("erp") == TakenIn(retried=1)
    assert waiting(crm) == []
    assert crm.pull("erp") == TakenIn()
    assert len(entities(crm, Receipt)) == 1


def test_an_item_whose_command_is_gone_stays_in_quarantine() -> None:
    crm = company_of(giving({"items": [Item("b", receipt("R-2", payer="H-2"))]}))
    crm.pull("erp")
    crm.do(RetryItem(id=waiting(crm)[0].id), actor=FINANCE).expect()
    del crm.registry.messages["RegisterReceipt"]
    assert crm.pull("erp") == TakenIn(why="b is no RegisterReceipt any more")
    assert waiting(crm)[0].state == "retry"


def test_a_source_without_documents_that_has_nothing_leaves_no_run() -> None:
    crm = company_of(giving({"items": []}, {"items": [], "document": "f"}))
    assert crm.pull("erp") == TakenIn()
    assert [run.document for run in entities(crm, PullRun)] == ["f"]
    assert [cursor.cursor for cursor in entities(crm, PullCursor)] == ["2"]


def test_what_was_dismissed_stays_dismissed_and_what_comes_right_is_closed() -> None:
    wrong = Unreadable(id="a", reasons=(UNREADABLE("a", field="x", observed="y"),))
    source = giving(
        {"items": [wrong]}, {"items": [wrong]}, {"items": [Item("b", receipt("R-2", payer="H-2"))]},
        {"items": [Item("b", receipt("R-2", payer="H-2"))]},
    )  # fmt: skip
    answers = iter(range(4))
    source.behave, real = lambda context: stopped(real(context), answers), source.behave
    crm = company_of(source)
    crm.pull("erp")
    crm.do(DismissItem(id=waiting(crm)[0].id, reason="不需要"), actor=FINANCE).expect()
    crm.pull("erp")
    assert waiting(crm) == []
    crm.pull("erp")
    assert len(waiting(crm)) == 1
    open_account(crm, "H-2")
    assert crm.pull("erp").done == 1
    assert waiting(crm) == []


def stopped(answer: Pulled, _: object) -> Pulled:
    return evolve(answer, more=False)


def test_whole_documents_are_all_or_nothing() -> None:
    good = [Item(f"a{n}", RegisterPrice(price_list="STD", product=f"P-{n}", price="1")) for n in range(5)]
    bad = Item("a4", RegisterPrice(price_list="STD", product="P-4", price="1", floor="2"), "f:6")
    crm = company_of(
        giving(
            {"items": [*good[:4], bad], "whole": True, "document": "f", "totals": Totals(rows=5)},
            {"items": good, "whole": True, "document": "f", "totals": Totals(rows=5)},
        )
    )
    before = len(entities(crm, PriceItem))
    source_more = crm.pull("erp")
    assert source_more == TakenIn(done=5, aside=5)
    assert len(entities(crm, PriceItem)) == before + 5
    assert waiting(crm) == []
    first, second = crm.ask(Reconciliation(source="erp"), actor=FINANCE).runs
    assert (first.aside, first.agrees, second.done, second.agrees) == (5, True, 5, True)
    (closed,) = entities(crm, QuarantinedItem)
    assert (closed.state, "price" in closed.reasons) == ("done", True)


def test_a_document_that_fails_leaves_nothing() -> None:
    bad = Item("a4", RegisterPrice(price_list="STD", product="P-4", price="1", floor="2"), "f:6")
    good = Item("a1", RegisterPrice(price_list="STD", product="P-1", price="1"))
    crm = company_of(giving({"items": [good, bad], "whole": True, "document": "f"}))
    before = len(entities(crm, PriceItem))
    assert crm.pull("erp") == TakenIn(aside=2)
    assert len(entities(crm, PriceItem)) == before
    assert waiting(crm)[0].reasons[0].code == "pull.not_whole"


# ------------------------------------------------------------------------------- who, and two at once


def test_without_an_account_nothing_is_asked() -> None:
    source = giving({"items": [Item("a", receipt("R-1"))]})
    crm = company_of(source)
    crm.do(RegisterStaff(id="erp", name="ERP", roles=("erp",), active=False), actor=ADMIN).expect()
    with pytest.raises(NotPermitted) as caught:
        crm.pull("erp")
    assert (caught.value.code, source.asked) == ("right.missing", [])


@pytest.mark.parametrize(
    ("name", "error", "code"),
    [
        ("system", NotPermitted, "actor.reserved"),
        ("", MalformedInput, "id.malformed"),
        ("li.si", NotPermitted, "right.missing"),
    ],
)
def test_names_that_are_none(name: str, error: type[Any], code: str) -> None:
    with pytest.raises(error) as caught:
        company_of(Source(lambda _: None, name="system")).pull(name)
    assert caught.value.code == code


def test_a_plugin_that_is_not_there() -> None:
    with pytest.raises(PluginFailure) as caught:
        company_of().pull("erp")
    assert caught.value.code == "plugin.not_loaded"
    with pytest.raises(MalformedInput):
        company_of().pull("erp", limit=0)


def test_nobody_but_the_system_writes_down_what_came() -> None:
    crm = company_of()
    for actor in ("erp", ADMIN, FINANCE):
        with pytest.raises(NotPermitted):
            crm.do(RecordPull(source="erp", before="", cursor="9"), actor=actor)
    assert entities(crm, PullCursor) == []


def test_two_processes_at_once_do_each_item_once(sqlite_url: str) -> None:
    """While one process is between its items and its cursor, another one takes everything in."""
    answers: tuple[Any, ...] = (
        {"items": [Item("a", receipt("R-1")), Item("b", receipt("R-2", payer="H-9"))]},
    )
    other = company_of(giving(*answers), url=sqlite_url)
    inside = {"done": False}

    def behave(context: PullContext) -> Any:
        if not inside["done"]:
            inside["done"] = True
            with ThreadPoolExecutor() as pool:
                assert pool.submit(other.pull, "erp").result() == TakenIn(done=1, aside=1)
        return at(answers, context)

    first = connect(sqlite_url, clock=SimulatedClock(), plugins=[Source(behave)])
    assert first.pull("erp") == TakenIn(
        repeated=1, aside=1, why="another process has taken in from erp meanwhile"
    )
    assert len(entities(other, Receipt)) == 1
    assert len(waiting(other)) == 1
    assert [run.rows for run in entities(other, PullRun)] == [2]
    first.close()
    other.close()


def test_many_at_once_do_each_item_once(any_url: str) -> None:
    items = [Item(f"{n}", receipt(f"R-{n}", cents=n + 1)) for n in range(12)]
    answers = tuple({"items": items[n : n + 3], "document": "f", "begins": n == 0} for n in range(0, 12, 3))
    first = company_of(giving(*answers), url=any_url)
    doors = [connect(any_url, clock=SimulatedClock(), plugins=[giving(*answers)]) for _ in range(3)]
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(crm.pull, "erp") for crm in (first, *doors)]:
            done.result()
    first.pull("erp")
    assert {each.id for each in entities(first, Receipt)} == {f"R-{n}" for n in range(12)}
    assert sum(run.rows for run in entities(first, PullRun)) == 12
    assert [cursor.cursor for cursor in entities(first, PullCursor)] == ["4"]
    for crm in (first, *doors):
        crm.close()


# ------------------------------------------------------------------------------- sources that misbehave

WRONG: dict[str, Any] = {
    "nothing": None,
    "a list": [],
    "a text": "200 OK {'error': 'no such customer'}",
    "a dictionary": {"items": []},
    "items that end never": Pulled(items=iter(int, 1), cursor="1"),  # type: ignore[arg-type]  # what is tried
    "another thing among them": Pulled(items=["R-1"], cursor="1"),  # type: ignore[list-item]  # what is tried
    "too many": Pulled(items=[Item(str(n), receipt("R-1")) for n in range(6)], cursor="1"),
    "too many at once": Pulled(items=[Item("a", receipt("R-1"))] * 20_001, cursor="1", whole=True),
    "a command of nobody": Pulled(items=[Item("a", object())], cursor="1"),  # type: ignore[arg-type]  # tried
    "a command spoilt": Pulled(items=[Item("a", receipt("R-1"))], cursor="1"),
    "no id": Pulled(items=[Item("", receipt("R-1"))], cursor="1"),
    "an id that cannot be stored": Pulled(items=[Item("\ud800", receipt("R-1"))], cursor="1"),
    "a date that is none": Pulled(items=[Item("a", receipt("R-1"), "", "2026-01-05")], cursor="1"),  # type: ignore[arg-type]  # what is tried
    "no cursor": Pulled(items=[], cursor=None),  # type: ignore[arg-type]  # what is tried
    "a cursor too long": Pulled(items=[], cursor="x" * 4001),
    "more, from the same place": Pulled(items=[], cursor="", more=True),
    "a whole of no document": Pulled(items=[Item("a", receipt("R-1"))], cursor="1", whole=True),
    "no reason": Pulled(items=[Unreadable(id="a", reasons=())], cursor="1"),
    "no rows": Pulled(items=[Unreadable(id="a", reasons=(UNREADABLE("a"),), rows=0)], cursor="1"),
    "a truth that is none": Pulled(items=[], cursor="1", more="false"),  # type: ignore[arg-type]  # what is tried
    "totals that are none": Pulled(items=[], cursor="1", totals=Totals(rows=-1)),
    "amounts that are none": Pulled(items=[], cursor="1", totals=Totals(rows=1, amounts=(5,))),  # type: ignore[arg-type]  # tried
}
object.__setattr__(WRONG["a command spoilt"].items[0].command, "amount", 5.0)


@covers("UF-54")
@pytest.mark.parametrize("case", WRONG)
def test_plugins_078_an_answer_that_is_none_changes_nothing(case: str) -> None:
    crm = company_of(Source(lambda _: WRONG[case]))
    taken = crm.pull("erp", limit=5)
    assert (taken.done, taken.aside) == (0, 0)
    assert taken.why.startswith("type: ")
    assert [fault.what for fault in crm.plugins.faults] == ["type"]
    assert entities(crm, PullCursor) == entities(crm, Receipt) == entities(crm, PullRun) == []


@pytest.mark.parametrize("error", [RuntimeError("password=x"), SystemExit(), TimeoutError()])
def test_a_source_that_raises_is_a_fault_and_leaks_nothing(error: BaseException) -> None:
    taken = company_of(Source(raising(error))).pull("erp")
    assert taken == TakenIn(why=f"raised: {type(error).__name__}")


def test_a_source_that_is_away_says_so() -> None:
    assert company_of(Source(lambda _: RetryAfter(60, "down"))).pull("erp") == TakenIn(why="down")


@pytest.mark.parametrize("error", [Conflict("others"), StoreFailure("gone")])
def test_trouble_with_the_store_is_raised_and_nothing_is_skipped(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm = company_of(giving({"items": [Item("a", receipt("R-1")), Item("b", receipt("R-2"))]}))
    real = PharmaCRM._do

    def failing(self: PharmaCRM, request: Any) -> Any:
        if getattr(request.command, "id", "") == "R-2":
            raise error
        return real(self, request)

    with monkeypatch.context() as patch:
        patch.setattr(PharmaCRM, "_do", failing)
        with pytest.raises(type(error)):
            crm.pull("erp")
    assert crm.pull("erp") == TakenIn(done=1, repeated=1)
    assert len(entities(crm, Receipt)) == 2


@covers("UF-54")
def test_plugins_076_077_and_079_numbers_of_an_erp_that_is_confused() -> None:
    numbers = [("SO-1", "45-1"), ("SO-1", "45-2"), ("SO-9", "45-3"), ("SO-2", "45-1"), ("SO-2", "45-4")]
    items = [Item(f"{n}", RecordHostNumber(id=id, number=number)) for n, (id, number) in enumerate(numbers)]
    crm = company_of(giving({"items": items}))
    for id in ("SO-1", "SO-2"):
        crm.do(an_order(id), actor="zhang.san").expect()
    assert crm.pull("erp") == TakenIn(done=2, aside=3)
    known = {(each.subject, each.number) for each in entities(crm, HostNumber)}
    assert known == {("SO-1", "45-1"), ("SO-2", "45-4")}
    codes = [reason.code for item in waiting(crm) for reason in item.reasons]
    assert codes == ["host_number.twice", "pull.unknown", "host_number.taken"]


def test_the_reason_of_what_cannot_be_read_holds_no_value() -> None:
    item = item_of("1", RegisterProduct, {"id": "P-1", "phone": "13800138000"}, place="f:2")
    assert isinstance(item, Unreadable)
    assert "13800138000" not in str(item)
