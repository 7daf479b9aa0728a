"""Quotes through the whole door: approved on a route, revised, converted once, expired by the day."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from attrs import evolve

from pharmacrm.core.approvals import ApprovalRequest
from pharmacrm.core.engines.approval.routes import Act
from pharmacrm.core.engines.revisions import FieldChange, LineFate, Revision, apply
from pharmacrm.core.flows.approvals import Inbox, WhoCanAct
from pharmacrm.core.flows.bulk import BulkItem, DecideMany
from pharmacrm.core.flows.offering import AcceptQuote, CancelQuote, DeclineQuote, SendQuote, SubmitQuote
from pharmacrm.core.flows.placing import AmendOrder
from pharmacrm.core.flows.release import ApproveOrder
from pharmacrm.core.flows.request_trail import ApprovalTrail
from pharmacrm.core.flows.requests import Decide, OverrideStep, WithdrawRequest
from pharmacrm.core.flows.revising import RevisionChanges, Revisions
from pharmacrm.core.flows.routing import PreviewApproval, PublishRoute
from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.kernel.errors import NotFound, NotPermitted
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.orders import Line, OrderLine, Quote, QuoteLine, QuoteState, SalesOrder
from pharmacrm.core.prices import RegisterPrice
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import SIGNERS, quote_route
from tests.covers import covers
from tests.flows.companies import KINDS
from tests.flows.house import (
    ADMIN,
    ASSISTANT,
    FINANCE,
    LEAD,
    SALES,
    amended,
    codes,
    entities,
    open_house,
    pass_days,
    replayed,
    today,
    yuan,
)
from tests.flows.scenarios import hired
from tests.flows.scenarios_quoting import approved, converted, quoted, revised, yes

S = QuoteState


@pytest.fixture
def crm() -> PharmaCRM:
    house = open_house()
    house.do(PublishRoute(definition=quote_route()), actor=ADMIN).expect()
    return house


def stands(crm: PharmaCRM, id: str = "QT-1") -> QuoteState:
    return crm.get(Quote, id, actor=SALES).state


def do(crm: PharmaCRM, *steps: tuple[Any, str]) -> None:
    for command, actor in steps:
        crm.do(command, actor=actor).expect()


def submitted(crm: PharmaCRM, id: str = "QT-1", **more: Any) -> None:
    do(crm, (quoted(crm, id, **more), SALES), (SubmitQuote(quote=id), SALES))


# ---------------------------------------------------------------------------------------------- approval


@covers("XT-15")
def test_a_quote_is_approved_like_any_document_and_follows_its_request(crm: PharmaCRM) -> None:
    submitted(crm, price="1.10")
    assert stands(crm) is S.IN_APPROVAL
    (item,) = crm.ask(Inbox(), actor=LEAD)
    quote = crm.get(Quote, "QT-1", actor=SALES)
    assert (item.subject, item.content) == ("QT-1", quote.content)
    assert crm.ask(WhoCanAct(subject="QT-1"), actor=SALES).path == ("lead", "finance")
    do(crm, (Decide(document="QT-1", act=Act.APPROVE, seen=item.content), LEAD))
    assert stands(crm) is S.IN_APPROVAL
    do(crm, (yes(), FINANCE))
    assert stands(crm) is S.APPROVED
    trail = crm.ask(ApprovalTrail(document="QT-1"), actor=ADMIN)
    assert [move.action.value for move in trail.moves] == ["submitted", "approved", "approved"]
    replayed(crm)


@pytest.mark.parametrize(
    ("price", "floor", "path"),
    [
        ("1.25", None, ("lead",)),
        ("1.126", None, ("lead",)),  # 9.92 percent below the list
        ("1.125", None, ("lead", "finance")),  # 10 percent
        ("1.24", "1.245", ("lead", "finance")),  # below the floor
        ("1.30", None, ("lead",)),
    ],
)
def test_the_route_sees_discount_and_floor(
    crm: PharmaCRM, price: str, floor: str | None, path: tuple[str, ...]
) -> None:
    do(crm, (RegisterPrice(price_list="STD", product="ATO-20", price="1.25", floor=floor), ADMIN))
    submitted(crm, price=price)
    assert crm.ask(WhoCanAct(subject="QT-1"), actor=SALES).path == path


@pytest.mark.parametrize(
    ("moves", "state"),
    [
        ([(Decide(document="QT-1", act=Act.REJECT, comment="太低"), LEAD)], S.REJECTED),
        ([(Decide(document="QT-1", act=Act.RETURN, comment="请补充"), LEAD)], S.DRAFT),
        ([(WithdrawRequest(document="QT-1"), SALES)], S.DRAFT),
        ([(DecideMany(documents=(BulkItem(document="QT-1"),)), LEAD)], S.APPROVED),
        ([(OverrideStep(document="QT-1", step="lead", comment="总经理同意"), ADMIN)], S.APPROVED),
    ],
)
def test_whichever_way_the_request_moves_the_quote_moves_with_it(
    crm: PharmaCRM, moves: list[tuple[Any, str]], state: QuoteState
) -> None:
    submitted(crm)
    do(crm, *moves)
    assert stands(crm) is state


def test_many_quotes_are_decided_at_once(crm: PharmaCRM) -> None:
    for number in range(3):
        submitted(crm, f"QT-{number}")
    many = tuple(BulkItem(document=f"QT-{number}") for number in range(3))
    do(crm, (DecideMany(documents=many), LEAD))
    assert {quote.state for quote in crm.find(Quote, actor=SALES)} == {S.APPROVED}


def test_a_returned_quote_goes_on_in_its_request_and_a_rejected_one_in_a_new_one(crm: PharmaCRM) -> None:
    submitted(crm)
    do(
        crm,
        (Decide(document="QT-1", act=Act.RETURN, comment="请补充"), LEAD),
        (revised(crm, price="1.24"), SALES),
    )
    assert stands(crm) is S.DRAFT
    do(crm, (SubmitQuote(quote="QT-1"), SALES), (Decide(document="QT-1", act=Act.REJECT, comment="低"), LEAD))
    assert [(one.number, one.round) for one in crm.find(ApprovalRequest, actor=ADMIN)] == [(1, 2)]
    do(crm, (SubmitQuote(quote="QT-1", comment="已说明"), SALES))
    assert sorted(one.number for one in crm.find(ApprovalRequest, actor=ADMIN)) == [1, 2]
    assert codes(crm, SubmitQuote(quote="QT-1"), SALES) == ["document.state"]


def test_only_its_requester_hands_it_in_and_nobody_decides_their_own(crm: PharmaCRM) -> None:
    do(crm, (hired("wu.shi", "sales", "lead"), ADMIN), (quoted(crm), "wu.shi"))
    assert codes(crm, SubmitQuote(quote="QT-1"), SALES) == ["document.not_yours"]
    do(crm, (SubmitQuote(quote="QT-1"), "wu.shi"))
    assert "approval.own_document" in codes(crm, yes(), "wu.shi")


def test_without_a_route_it_stays_a_draft_and_a_preview_says_who_would_decide(crm: PharmaCRM) -> None:
    bare = open_house()
    do(bare, (quoted(bare), SALES))
    assert codes(bare, SubmitQuote(quote="QT-1"), SALES) == ["approval.no_route"]
    assert stands(bare) is S.DRAFT
    preview = crm.ask(PreviewApproval(kind="quote", amount=yuan(100)), actor=SALES)
    assert [(step.step, step.persons, step.skipped) for step in preview.steps] == [
        ("lead", (LEAD,), ""),
        ("finance", (), "condition"),
    ]


@covers("R-11")
def test_a_medical_representative_offers_and_sells_nothing(crm: PharmaCRM) -> None:
    do(crm, (hired("rep", "medrep"), ADMIN), *approved(crm)[1:])
    for command in (
        quoted(crm, "QT-2"),
        revised(crm),
        SubmitQuote(quote="QT-1"),
        SendQuote(quote="QT-1"),
        converted(),
    ):
        with pytest.raises(NotPermitted):
            crm.do(command, actor="rep")
    with pytest.raises(NotPermitted):
        crm.find(Quote, actor="rep")


# --------------------------------------------------------------------------------------------- revisions


def test_each_revision_stays_and_tells_what_changed(crm: PharmaCRM) -> None:
    first = (Line("ATO-20", 800, "1.25"), Line("AMX-500", 100, "0.0363"))
    second = (Line("CEF-250", 20, "0.52"), Line("ATO-20", 900, "1.20"))
    do(
        crm,
        (quoted(crm, lines=first), SALES),
        (revised(crm, lines=second, terms="net 30"), SALES),
        (revised(crm, lines=second, terms="net 45"), SALES),
    )
    revisions = crm.ask(Revisions(document="QT-1"), actor=SALES)
    assert [one.number for one in revisions] == [1, 2, 3]
    assert revisions[-1].content == crm.get(Quote, "QT-1", actor=SALES).content
    assert all(one.snapshot.content == one.content and one.made_by == SALES for one in revisions)
    changes = crm.ask(RevisionChanges(document="QT-1", earlier=1, later=2), actor=SALES)
    assert apply(revisions[0].snapshot, changes) == revisions[1].snapshot
    assert [(line.number, line.fate) for line in changes.lines] == [
        (1, LineFate.CHANGED),
        (2, LineFate.REMOVED),
        (3, LineFate.ADDED),
    ]
    assert FieldChange("quantity", "800", "900") in changes.lines[0].fields
    assert FieldChange("price", "1.25", "1.20") in changes.lines[0].fields
    assert FieldChange("terms", "net 60", "net 30") in changes.head
    newest = crm.ask(RevisionChanges(document="QT-1"), actor=SALES)
    assert newest.head == (FieldChange("terms", "net 30", "net 45"),)
    assert newest.lines == ()
    whole = crm.ask(RevisionChanges(document="QT-1", later=1), actor=SALES)
    assert {line.fate for line in whole.lines} == {LineFate.ADDED}
    lines = crm.find(QuoteLine, eq("quote", "QT-1"), order=("number",), actor=SALES)
    assert [(line.number, line.product) for line in lines] == [(1, "ATO-20"), (3, "CEF-250")]
    replayed(crm)


def test_what_was_never_revised_so_is_not_found(crm: PharmaCRM) -> None:
    do(crm, (quoted(crm), SALES))
    for question in (
        Revisions(document="QT-9"),
        RevisionChanges(document="QT-9"),
        RevisionChanges(document="QT-1", later=2),
        RevisionChanges(document="QT-1", earlier=5),
    ):
        with pytest.raises(NotFound):
            crm.ask(question, actor=SALES)


@pytest.mark.parametrize(
    ("change", "state", "waits_for"),
    [
        ({"price": "1.20"}, S.IN_APPROVAL, LEAD),  # everything is approved again
        ({"price": "1.25", "note": "加急"}, S.APPROVED, None),  # the route guards it: nothing is taken back
        ({"price": "1.25", "terms": "net 90"}, S.IN_APPROVAL, LEAD),  # nobody guards it: everything
    ],
)
@pytest.mark.parametrize("before", [S.APPROVED, S.SENT, S.ACCEPTED])
def test_the_guards_of_the_route_say_what_a_change_takes_back(
    crm: PharmaCRM, before: QuoteState, change: dict[str, Any], state: QuoteState, waits_for: str | None
) -> None:
    do(crm, *approved(crm)[1:])
    ways = {
        S.SENT: (SendQuote(quote="QT-1"),),
        S.ACCEPTED: (SendQuote(quote="QT-1"), AcceptQuote(quote="QT-1")),
    }
    do(crm, *((command, SALES) for command in ways.get(before, ())))
    assert stands(crm) is before
    do(crm, (revised(crm, **change), SALES))
    assert stands(crm) is state
    assert [item.subject for item in crm.ask(Inbox(), actor=LEAD)] == (["QT-1"] if waits_for else [])
    quote = crm.get(Quote, "QT-1", actor=SALES)
    assert (quote.revision, quote.sent_on, quote.answered_on) == (2, None, None)
    assert crm.find(ApprovalRequest, actor=ADMIN)[0].content == quote.content


def test_a_signature_is_for_the_revision_that_was_seen(crm: PharmaCRM) -> None:
    submitted(crm)
    seen = crm.get(Quote, "QT-1", actor=SALES).content
    do(crm, (revised(crm), SALES))
    stale = Decide(document="QT-1", act=Act.APPROVE, seen=seen)
    assert codes(crm, stale, LEAD) == ["approval.content_changed"]
    assert codes(crm, evolve(stale, seen=crm.get(Quote, "QT-1", actor=SALES).content), LEAD) == []


def test_a_declined_or_expired_quote_comes_back_by_a_revision(crm: PharmaCRM) -> None:
    do(
        crm,
        *approved(crm)[1:],
        (SendQuote(quote="QT-1"), SALES),
        (DeclineQuote(quote="QT-1", reason="贵"), SALES),
    )
    assert crm.get(Quote, "QT-1", actor=SALES).answer == "贵"
    do(crm, (revised(crm), SALES), (yes(), LEAD))
    assert (stands(crm), crm.get(Quote, "QT-1", actor=SALES).answer) == (S.APPROVED, "")
    pass_days(crm, 31)
    assert crm.run_due().failed == ()
    assert stands(crm) is S.EXPIRED
    do(crm, (revised(crm), SALES))  # with other days only, which the route guards
    assert stands(crm) is S.APPROVED


# -------------------------------------------------------------------------------------------- conversion


@covers("XT-15")
def test_an_approved_quote_becomes_one_order_with_its_lines_and_amounts(crm: PharmaCRM) -> None:
    lines = (Line("ATO-20", 4, "25", unit="盒"), Line("CEF-250", 3, "0.33", "6%", tax_included=False))
    do(crm, *approved(crm, lines=lines)[1:], (yes(), FINANCE))
    placed = crm.do(converted("SO-1"), actor=SALES)
    order, quote = placed.value, crm.get(Quote, "QT-1", actor=SALES)
    assert order is not None
    assert (order.quote, quote.order, quote.state) == ("QT-1", "SO-1", S.CONVERTED)
    assert (order.net, order.tax, order.total) == (quote.net, quote.tax, quote.total)
    assert (order.terms, order.channel, order.method, order.buyer) == (
        quote.terms,
        quote.channel,
        quote.method,
        quote.buyer,
    )
    kept = crm.find(OrderLine, eq("order", "SO-1"), order=("number",), actor=SALES)
    offered = crm.find(QuoteLine, eq("quote", "QT-1"), order=("number",), actor=SALES)
    assert [(one.product, one.quantity, one.unit, one.per, one.price, one.gross) for one in kept] == [
        (one.product, one.quantity, one.unit, one.per, one.price, one.gross) for one in offered
    ]
    assert placed.codes == ("price.quoted",)  # the order's own checks are made all the same
    assert crm.ask(WhoCanAct(subject="SO-1"), actor=SALES).stage == "qualification"
    replayed(crm)


def test_who_approved_the_quote_has_approved_its_prices_and_no_others(crm: PharmaCRM) -> None:
    listed: dict[str, Any] = {"price_list": "STD", "product": "ATO-20", "price": "1.25"}
    do(
        crm,
        (RegisterPrice(**listed, floor="1.20"), ADMIN),
        *approved(crm, price="1.10")[1:],
        (yes(), FINANCE),
    )
    placed = crm.do(converted("SO-1"), actor=SALES)
    assert (placed.outcome, placed.codes) == (Outcome.ALLOWED, ("price.quoted",))
    for signer in SIGNERS:
        assert crm.do(ApproveOrder(order="SO-1"), actor=signer).allowed
    do(crm, (quoted(crm, "QT-2", "1.22"), SALES), (SubmitQuote(quote="QT-2"), SALES), (yes("QT-2"), LEAD))
    do(crm, (RegisterPrice(**listed, floor="1.24"), ADMIN))  # no route has seen this floor
    low = crm.do(converted("SO-2", "QT-2"), actor=SALES)
    assert (low.outcome, low.codes) == (Outcome.HELD, ("price.below_floor", "price.quoted"))
    other = crm.do(amended("SO-2", 800, lines=(Line("ATO-20", 800, "1.21"),)), actor=SALES)
    assert set(other.codes) == {"price.below_floor", "price.off_list"}


def test_converting_again_gives_the_same_order(crm: PharmaCRM) -> None:
    do(crm, *approved(crm)[1:])
    first = crm.do(converted(), actor=SALES, key="k").expect()
    assert crm.do(converted(), actor=SALES, key="k").expect().id == first.id
    again = crm.do(converted(), actor=SALES)
    assert (again.expect().id, again.codes) == (first.id, ("quote.converted",))
    assert codes(crm, converted("SO-9"), SALES) == ["quote.converted_otherwise"]
    assert len(entities(crm, SalesOrder)) == 1


def test_the_order_keeps_its_lineage_as_it_is_amended(crm: PharmaCRM) -> None:
    do(crm, *approved(crm)[1:], (converted("SO-1"), SALES), (amended("SO-1", 500), SALES))
    order = crm.get(SalesOrder, "SO-1", actor=SALES)
    assert (order.quote, order.total) == ("QT-1", yuan(500))
    assert isinstance(amended("SO-1", 500), AmendOrder)


def test_a_refused_order_leaves_the_quote_as_it_was(crm: PharmaCRM) -> None:
    do(crm, *approved(crm)[1:])
    assert "address.missing" in codes(crm, converted("SO-1", address=None), SALES)
    assert stands(crm) is S.APPROVED
    assert entities(crm, SalesOrder) == []


def test_its_days_are_those_of_the_tenant_and_the_last_one_counts(crm: PharmaCRM) -> None:
    """By the clock and the tenant's zone, whatever day the command is dated."""
    do(crm, *approved(crm)[1:])
    pass_days(crm, 30)
    assert crm.run_due().done == 0
    dry = crm.do(converted("SO-1", address=None), actor=SALES)
    assert "quote.expired" not in dry.codes
    pass_days(crm, 1)
    back = today(crm) - timedelta(days=20)
    assert list(crm.do(converted("SO-1"), actor=SALES, effective_at=back).codes) == ["quote.expired"]
    for command in (SendQuote(quote="QT-1"),):
        assert codes(crm, command, SALES) == ["quote.expired"]


def test_a_quote_that_ends_takes_its_request_back(crm: PharmaCRM) -> None:
    submitted(crm)
    submitted(crm, "QT-2")
    assert codes(crm, CancelQuote(quote="QT-1", reason="重复"), LEAD) == []
    pass_days(crm, 31)
    assert crm.run_due().failed == ()
    assert (stands(crm), stands(crm, "QT-2")) == (S.CANCELLED, S.EXPIRED)
    assert crm.ask(Inbox(), actor=LEAD) == ()
    assert {one.state.value for one in crm.find(ApprovalRequest, actor=ADMIN)} == {"withdrawn"}
    assert crm.run_due().done == 0


@pytest.mark.parametrize("kind", [*KINDS, "mariadb"])
def test_of_two_conversions_at_once_one_wins(company_on: Callable[..., PharmaCRM], kind: str) -> None:
    """On every store: however many try, there is one order, and all but the first are told of it."""
    crm = company_on(kind)
    do(crm, *approved(crm))
    start, answers = Barrier(6), list[Any]()

    def race(number: int) -> None:
        start.wait()
        answers.append(crm.do(converted(f"SO-Q{number}" if number % 2 else ""), actor=SALES))

    racers = [Thread(target=race, args=(number,)) for number in range(6)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    (order,) = [one for one in entities(crm, SalesOrder) if one.quote == "QT-1"]
    assert len(answers) == 6
    assert sum(not answer.codes for answer in answers) == 1
    assert {code for answer in answers for code in answer.codes} <= {
        "quote.converted",
        "quote.converted_otherwise",
    }
    assert {answer.value.id for answer in answers if answer.value} == {order.id}
    assert crm.get(Quote, "QT-1", actor=SALES).order == order.id


def test_an_assistant_reads_quotes_and_revisions_and_makes_none(crm: PharmaCRM) -> None:
    do(crm, (quoted(crm), SALES))
    assert [one.id for one in crm.find(Revision, actor=ASSISTANT)] == ["QT-1/revision/1"]
    with pytest.raises(NotPermitted):
        crm.do(quoted(crm, "QT-2"), actor=ASSISTANT)
