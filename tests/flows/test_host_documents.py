"""Documents of the host of any kind, and what becomes of them: corrections, plans, fund claims."""

from typing import Annotated, Any, ClassVar

import pytest
from attrs import evolve, frozen

from pharmacrm import (
    Act,
    ApprovalRequest,
    Decide,
    Decision,
    DeliverContext,
    Delivered,
    DocumentField,
    Domain,
    Inbox,
    Money,
    PharmaCRM,
    Reads,
    Record,
    ResubmitForApproval,
    SubmitForApproval,
    WithdrawRequest,
    follows,
    hookimpl,
    save,
)
from pharmacrm.core.kernel.record import Column
from tests.covers import covers
from tests.flows.house import ADMIN, FINANCE, LEAD, QUALITY, SALES, open_house, yuan
from tests.flows.scenarios_approvals import published, step

KINDS: dict[str, dict[str, Any]] = {
    "correction": {
        "fields": {"record": "text", "field": "text", "old": "text?", "new": "text", "why": "text"},
        "steps": (step("quality"),),
        "given": {"record": "visit:V-9", "field": "result", "old": "无", "new": "已回访", "why": "漏记"},
        "amount": None,
        "signers": (QUALITY,),
    },
    "plan": {
        "fields": {"month": "date", "reviewer": "person", "visits": "number"},
        "steps": (
            step("review", by=[{"field": "reviewer"}]),
            step("finance", when={"field": "visits", "gt": {"number": "40"}}),
        ),
        "given": {"month": "2026-02-01", "reviewer": LEAD, "visits": "48"},
        "amount": None,
        "signers": (LEAD, FINANCE),
    },
    "fund": {
        "fields": {"project": "text", "share": "number"},
        "steps": (
            step("lead"),
            step("finance", when={"field": "amount", "gt": {"money": "5000.00 CNY"}}),
        ),
        "given": {"project": "学术会议", "share": "0.15"},
        "amount": yuan("8000.00"),
        "signers": (LEAD, FINANCE),
    },
}


@frozen(kw_only=True)
class Paper(Record):
    """A document of a later domain, which follows its request."""

    state: Annotated[str, Column(length=16)] = "draft"
    amount: Annotated[Money | None, Column()] = None


def settled(request: ApprovalRequest, read: Reads) -> Decision[Any]:
    """A paper stands where its request stands."""
    paper = read.seek(Paper, request.subject) or Paper(id=request.subject)
    return save(evolve(paper, state=request.state.value, amount=request.amount))


FOLLOWING = tuple(follows(kind, settled) for kind in KINDS)


class Papers:
    """A plugin with a domain that follows requests, and that hears how they end."""

    name = "papers"
    topics: ClassVar[tuple[str, ...]] = (
        "ApprovalAsked",
        "ApprovalGranted",
        "ApprovalRejected",
        "ApprovalReturned",
        "ApprovalWithdrawn",
    )

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []

    @hookimpl
    def pharmacrm_register(self, context: object) -> Domain:
        return Domain(name="papers", records=(Paper,), following=FOLLOWING, rights={"admin": (Paper,)})

    @hookimpl
    def pharmacrm_deliver(self, context: DeliverContext) -> Delivered:
        self.heard.append((context.topic, context.subject))
        return Delivered()


def house(kind: str) -> tuple[PharmaCRM, Papers]:
    papers, form = Papers(), KINDS[kind]
    crm = open_house(plugins=[papers])
    route = published(*form["steps"], code=f"{kind}_cn", kind=kind, fields=form["fields"])
    crm.do(route, actor=ADMIN).expect()
    return crm, papers


def handed_in(kind: str, **more: Any) -> SubmitForApproval:
    form = KINDS[kind]
    given = tuple(DocumentField(name, value) for name, value in form["given"].items())
    fields: dict[str, Any] = {"content": "9f2c", "amount": form["amount"], "fields": given}
    return SubmitForApproval(document=f"{kind}-7", kind=kind, **(fields | more))


def said(kind: str, act: Act = Act.APPROVE, **more: Any) -> Decide:
    return Decide(document=f"{kind}-7", act=act, comment="已核", **more)


def stands(crm: PharmaCRM, kind: str) -> str:
    return crm.get(Paper, f"{kind}-7", actor=ADMIN).state


def heard(crm: PharmaCRM, papers: Papers) -> list[str]:
    crm.deliver()
    return [topic for topic, _ in papers.heard]


@covers("XT-13", "XT-14")
@pytest.mark.parametrize("kind", KINDS)
def test_a_document_of_the_host_goes_its_way_and_its_records_follow(kind: str) -> None:
    crm, papers = house(kind)
    request = crm.do(handed_in(kind), actor=SALES).expect()
    assert {one.name: one.value for one in request.fields} == KINDS[kind]["given"]
    assert (request.amount, stands(crm, kind)) == (KINDS[kind]["amount"], "pending")
    for signer in KINDS[kind]["signers"]:
        (item,) = crm.ask(Inbox(), actor=signer)
        assert (item.subject, item.content) == (f"{kind}-7", "9f2c")
        crm.do(said(kind, seen=item.content), actor=signer).expect()
    assert stands(crm, kind) == "approved"
    asked = ["ApprovalAsked"] * len(KINDS[kind]["signers"])
    assert heard(crm, papers) == [*asked, "ApprovalGranted"]
    assert crm.verify().clean


@pytest.mark.parametrize("kind", KINDS)
def test_every_other_end_is_followed_and_told_as_well(kind: str) -> None:
    first = KINDS[kind]["signers"][0]
    crm, papers = house(kind)
    crm.do(handed_in(kind), actor=SALES).expect()
    crm.do(said(kind, Act.RETURN), actor=first).expect()
    assert stands(crm, kind) == "returned"
    given = tuple(DocumentField(name, value) for name, value in KINDS[kind]["given"].items())
    again = ResubmitForApproval(
        document=f"{kind}-7", content="a1", fields=given, amount=KINDS[kind]["amount"]
    )
    crm.do(again, actor=SALES).expect()
    crm.do(said(kind, Act.REJECT), actor=first).expect()
    assert stands(crm, kind) == "rejected"
    crm.do(handed_in(kind, content="b2"), actor=SALES).expect()
    crm.do(WithdrawRequest(document=f"{kind}-7"), actor=SALES).expect()
    assert stands(crm, kind) == "withdrawn"
    assert [one for one in heard(crm, papers) if one != "ApprovalAsked"] == [
        "ApprovalReturned",
        "ApprovalRejected",
        "ApprovalWithdrawn",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_that_is_missing_wrong_or_not_declared_is_told(kind: str) -> None:
    crm, _ = house(kind)
    given = [DocumentField(name, value) for name, value in KINDS[kind]["given"].items()]
    first = next(name for name, form in KINDS[kind]["fields"].items() if not form.endswith("?"))
    without = tuple(one for one in given if one.name != first)
    found = crm.do(handed_in(kind, fields=without), actor=SALES)
    assert [(one.code, one.field) for one in found.reasons] == [("approval.field_wrong", first)]
    more = (*given, DocumentField("colour", "red"))
    found = crm.do(handed_in(kind, fields=more), actor=SALES)
    assert [(one.code, one.field) for one in found.reasons] == [("approval.field_unknown", "colour")]
    assert crm.find(Paper, actor=ADMIN) == []
