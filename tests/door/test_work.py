"""`with crm.work(...)`: several commands staged in memory, seen by later ones, stored together or not."""

import itertools
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmacrm.core.approvals import ApprovalRequest
from pharmacrm.core.credit import CreditLine, Reservation, SetCreditLimit
from pharmacrm.core.customers import Customer, RegisterCustomer
from pharmacrm.core.flows.approvals import Inbox, WhoCanAct
from pharmacrm.core.flows.collection import AllocateReceipt
from pharmacrm.core.flows.refusals import WhyRefused
from pharmacrm.core.kernel.errors import Conflict, NotFound, NotPermitted, StoreFailure, UnsavedChanges
from pharmacrm.core.kernel.journal import Verb
from pharmacrm.core.kernel.query import Condition, eq, ge, gt, is_in, is_null, le, lt, prefix, within
from pharmacrm.core.orders import OrderLine, SalesOrder
from pharmacrm.core.people import RegisterUnit
from pharmacrm.core.prices import PriceItem, RegisterPrice
from pharmacrm.core.values.trade import CustomerKind
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import WHERE
from tests.flows.house import (
    ADMIN,
    BUYER,
    FINANCE,
    SALES,
    amended,
    blocked,
    credit,
    dump,
    entities,
    journal,
    open_house,
    placed,
    receipt,
    records,
    worth,
    yuan,
)


def customer(id: str, **more: Any) -> RegisterCustomer:
    fields: dict[str, Any] = {"kind": CustomerKind.HOSPITAL, "name": f"医院{id}", "address": WHERE}
    return RegisterCustomer(id=id, **(fields | more))


def test_later_commands_see_what_is_staged_and_all_is_stored_at_the_end(crm: PharmaCRM) -> None:
    before = records(crm)
    with crm.work(actor=SALES) as work:
        first = work.do(worth("SO-1", 60_000)).expect()
        assert work.get(SalesOrder, "SO-1") == first
        assert [line.id for line in work.find(OrderLine, eq("order", "SO-1"))] == ["SO-1/1"]
        second = work.do(worth("SO-2", 60_000))
        assert second.codes == ("credit.over_limit",)
        assert work.do(amended("SO-1", 40_000)).expect().revision == 2
        assert work.do(worth("SO-3", 60_000)).allowed
        assert records(crm) == before
    assert [order.id for order in entities(crm, SalesOrder)] == ["SO-1", "SO-2", "SO-3"]
    assert credit(crm).reserved == yuan(100_000)
    assert crm.get(SalesOrder, "SO-1", actor=SALES).revision == 2


def test_what_was_answered_is_what_is_stored(crm: PharmaCRM) -> None:
    with crm.work(actor=SALES) as work:
        answers = [work.do(worth(f"SO-{number}", 100)).expect() for number in range(3)]
    assert entities(crm, SalesOrder) == answers


def test_a_refused_command_stages_only_its_row(crm: PharmaCRM) -> None:
    with crm.work(actor=SALES) as work:
        work.do(worth("SO-1", 100)).expect()
        assert "consignee.missing" in blocked(work.do(worth("SO-2", 100, consignee="")))
        work.do(worth("SO-3", 100)).expect()
    assert [order.id for order in entities(crm, SalesOrder)] == ["SO-1", "SO-3"]
    refused = [entry for entry in journal(crm) if entry.verb is Verb.REFUSED]
    assert [(entry.subject, entry.command) for entry in refused] == [("SO-2", "PlaceOrder")]


def test_a_denial_is_raised_and_its_row_is_stored_with_the_block(crm: PharmaCRM) -> None:
    with crm.work(actor=SALES) as work:
        work.do(worth("SO-1", 100)).expect()
        with pytest.raises(NotPermitted):
            work.do(RegisterUnit(id="u", name="部门"))
    assert len(entities(crm, SalesOrder)) == 1
    assert [entry.verb for entry in journal(crm)][-1] is Verb.DENIED


def test_an_exception_inside_the_block_stores_nothing(crm: PharmaCRM) -> None:
    before = dump(crm)
    with pytest.raises(ZeroDivisionError), crm.work(actor=SALES) as work:  # noqa: PT012 - the block is what is tested
        work.do(worth("SO-1", 100)).expect()
        work.do(worth("SO-2", 100, consignee=""))
        raise ZeroDivisionError
    assert dump(crm) == before


def test_a_command_that_raises_leaves_nothing_of_itself(crm: PharmaCRM) -> None:
    with crm.work(actor=SALES) as work:
        work.do(worth("SO-1", 100)).expect()
        with pytest.raises(NotFound):
            work.do(worth("SO-2", 100, buyer="H-9"))
    assert [order.id for order in entities(crm, SalesOrder)] == ["SO-1"]


def test_a_conflict_at_the_end_stores_nothing(crm: PharmaCRM) -> None:
    with pytest.raises(Conflict), crm.work(actor=SALES) as work:  # noqa: PT012 - the block is what is tested
        work.do(worth("SO-1", 100)).expect()
        work.do(worth("SO-2", 100, consignee=""))
        crm.do(RegisterPrice(price_list="STD", product="ATO-20", price="1.30"), actor=ADMIN).expect()
        before = dump(crm)
    assert dump(crm) == before


def test_a_conflict_over_the_limit_at_the_end_stores_nothing(crm: PharmaCRM) -> None:
    with pytest.raises(Conflict), crm.work(actor=SALES) as work:  # noqa: PT012 - the block is what is tested
        work.do(worth("SO-1", 60_000)).expect()
        placed(crm, "SO-2", 60_000)
    assert [order.id for order in entities(crm, SalesOrder)] == ["SO-2"]


def test_keys_work_inside_a_block(crm: PharmaCRM) -> None:
    with crm.work(actor=SALES) as work:
        first = work.do(worth("SO-1", 100), key="k")
        again = work.do(worth("SO-1", 100), key="k")
        assert (again.replayed, again.value, again.id) == (True, first.value, first.id)
        assert blocked(work.do(worth("SO-2", 100), key="k")) == {"key.reused"}
    assert crm.do(worth("SO-1", 100), actor=SALES, key="k").replayed


def test_one_record_changed_several_times_is_stored_as_it_ends(crm: PharmaCRM) -> None:
    with crm.work(actor=ADMIN) as work:
        work.do(customer("C-1")).expect()
        work.do(customer("C-1", short_name="甲")).expect()
        work.do(customer("C-1", short_name="乙")).expect()
        last = work.do(customer("C-1", short_name="丙")).expect()
    stored = crm.get(Customer, "C-1", actor=ADMIN)
    assert stored == last
    assert stored.short_name == "丙"
    mine = journal(crm, subject="C-1")
    assert [entry.version for entry in mine] == [1, 2, 3, 4]
    assert crm.do(customer("C-1", short_name="丁"), actor=ADMIN).expect().version == 5


def test_counters_of_a_new_line_move_once(crm: PharmaCRM) -> None:
    """A customer who has no credit line yet pays twice in one block."""
    crm.do(customer("C-1", name="示例医院C-1"), actor=ADMIN).expect()
    with crm.work(actor=FINANCE) as work:
        work.do(receipt(crm, "R-1", 30, buyer="C-1")).expect()
        work.do(receipt(crm, "R-2", 12, buyer="C-1")).expect()
        assert work.get(CreditLine, "C-1").unapplied == yuan(42)
        work.do(SetCreditLimit(customer="C-1", limit=yuan(500), reason="授信")).expect()
        work.do(AllocateReceipt(receipt="R-1"))
    line = credit(crm, "C-1")
    assert (line.unapplied, line.limit) == (yuan(42), yuan(500))


def test_questions_that_cannot_see_what_is_staged_say_so(crm: PharmaCRM) -> None:
    placed(crm, "SO-0")
    crm.do(worth("SO-0", 5, consignee=""), actor=SALES)
    with crm.work(actor=SALES) as work:
        assert work.ask(WhyRefused(subject="SO-0"))
        assert work.find(SalesOrder, within(OrderLine, "order", eq("product", "ATO-20"))) != []
        work.do(worth("SO-1", 100)).expect()
        assert work.ask(WhoCanAct(subject="SO-1")).stage == "qualification"
        for ask in (
            lambda: work.ask(WhyRefused(subject="SO-0")),
            lambda: work.find(SalesOrder, within(OrderLine, "order", eq("product", "ATO-20"))),
            lambda: work.find(SalesOrder, within(Customer, "id", eq("active", value=True), on="buyer")),
        ):
            with pytest.raises(UnsavedChanges):
                ask()
        assert work.find(Customer, within(Customer, "id", eq("active", value=True))) != []


def test_a_block_that_has_ended_does_nothing_more(crm: PharmaCRM) -> None:
    with crm.work(actor=SALES) as work:
        pass
    for call in (
        lambda: work.do(worth("SO-1", 5)),
        lambda: work.get(SalesOrder, "x"),
        lambda: work.ask(Inbox()),
    ):
        with pytest.raises(StoreFailure) as caught:
            call()
        assert caught.value.code == "work.ended"
    assert entities(crm, SalesOrder) == []


def test_an_empty_block_stores_nothing(crm: PharmaCRM) -> None:
    before = dump(crm)
    with crm.work(actor=SALES) as work:
        work.find(SalesOrder)
    assert dump(crm) == before


# ---------------------------------------------------------------------- the overlay answers as the store will

_number = itertools.count(1)
FIELDS: dict[type, dict[str, st.SearchStrategy[Any]]] = {
    SalesOrder: {
        "id": st.sampled_from(["SO-0", "SO-1", "SO-2", "SO-5", "SO-9"]),
        "buyer": st.sampled_from([BUYER, "H-002", "H-9"]),
        "state": st.sampled_from(["in_approval", "released"]),
        "total": st.sampled_from([yuan(0), yuan(100), yuan(200), yuan(300)]),
        "revision": st.integers(1, 3),
        "version": st.integers(1, 3),
        "note": st.sampled_from(["", "a", "b"]),
    },
    OrderLine: {
        "order": st.sampled_from(["SO-0", "SO-1", "SO-2", "SO-9"]),
        "product": st.sampled_from(["ATO-20", "AMX-500", "CEF"]),
        "quantity": st.sampled_from([80, 160, 240]),
        "tax_included": st.booleans(),
    },
    PriceItem: {"product": st.sampled_from(["ATO-20", "AMX-500"]), "id": st.sampled_from(["STD/ATO-20"])},
    ApprovalRequest: {"unit": st.sampled_from(["east", ""]), "round": st.integers(1, 3)},
    Reservation: {"amount": st.sampled_from([yuan(100), yuan(300)])},
}
TEXTS = {"id", "buyer", "note", "order", "product", "stage"}
ORDERS = {
    SalesOrder: ["id", "-id", "total", "-total", "revision", "state"],
    OrderLine: ["quantity", "-product", "number", "id"],
    PriceItem: ["product", "-price"],
    ApprovalRequest: ["round", "-round", "since"],
    Reservation: ["-amount", "expires_at"],
}


@st.composite
def conditions(draw: st.DrawFn, kind: type) -> Condition:
    field = draw(st.sampled_from(sorted(FIELDS[kind])))
    values = FIELDS[kind][field]
    choices = [eq, lt, le, gt, ge] if field not in {"state", "tax_included"} else [eq]
    if field in TEXTS and draw(st.integers(0, 4)) == 0:
        return prefix(field, str(draw(values))[: draw(st.integers(0, 4))])
    if draw(st.integers(0, 4)) == 0:
        return is_in(field, draw(st.lists(values, max_size=3)))
    return draw(st.sampled_from(choices))(field, draw(values))


@st.composite
def searches(draw: st.DrawFn) -> tuple[Any, tuple[Condition, ...], dict[str, Any]]:
    kind = draw(st.sampled_from(list(FIELDS)))
    where = tuple(draw(st.lists(conditions(kind), max_size=3)))
    if kind is SalesOrder and draw(st.integers(0, 9)) == 0:
        where += (is_null("unit"),)
    order = tuple(
        draw(st.lists(st.sampled_from(ORDERS[kind]), max_size=2, unique_by=lambda name: name.lstrip("-")))
    )
    return kind, where, {"order": order, "limit": draw(st.none() | st.integers(0, 4))}


def scramble(work: Any, dice: random.Random) -> None:
    """Place, amend and refuse a handful of orders."""
    for number in dice.sample(range(10), 4):
        buyer = dice.choice([BUYER, "H-002"])
        work.do(
            worth(f"SO-{number}", dice.choice([100, 200, 300]), buyer=buyer, note=dice.choice(["", "a", "b"]))
        )
    for number in range(3):
        if dice.random() < 0.6:
            work.do(amended(f"SO-{number}", dice.choice([100, 200]), note="b"))


@settings(max_examples=10)
@given(seed=st.integers(0, 10_000), asked=st.lists(searches(), min_size=20, max_size=20))
def test_200_random_searches_inside_a_block_give_what_is_stored_afterwards(
    seed: int, asked: list[tuple[Any, tuple[Condition, ...], dict[str, Any]]]
) -> None:
    dice = random.Random(seed)
    crm = open_house(buyers=(BUYER, "H-002"))
    for number in range(3):
        placed(crm, f"SO-{number}", 100 * (number + 1))
    with crm.work(actor=SALES) as work:
        scramble(work, dice)
        seen = [work.find(kind, *where, **how) for kind, where, how in asked]
        firsts = [work.get(type(rows[0]), rows[0].id) for rows in seen if rows]
    assert [crm.find(kind, *where, actor=ADMIN, **how) for kind, where, how in asked] == seen
    assert firsts == [rows[0] for rows in seen if rows]
