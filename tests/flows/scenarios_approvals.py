"""Scenarios of the reason codes of routes, requests and delegations."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from pharmacrm.core.engines.approval.routes import Act, DocumentField
from pharmacrm.core.flows.bulk import BulkItem, DecideMany
from pharmacrm.core.flows.delegating import DelegateAuthority, RevokeDelegation
from pharmacrm.core.flows.requests import (
    Decide,
    MigrateRequest,
    ResubmitForApproval,
    SubmitForApproval,
    WithdrawRequest,
)
from pharmacrm.core.flows.routing import PublishRoute
from pharmacrm.core.kernel.codec import canonical
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.values.document_kinds import DocumentKind
from pharmacrm.crm import PharmaCRM
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.signers import KeySigner
from tests.flows.house import ADMIN, ASSISTANT, FINANCE, LEAD, QUALITY, SALES, open_house, placed
from tests.flows.scenarios import after, met

Plain = dict[str, Any]


def step(name: str, role: str = "", **more: Any) -> Plain:
    return {"step": name, "label_zh": name, "by": [{"role": role or name}]} | more


def published(*steps: Plain, code: str = "contract_cn", version: int = 1, **more: Any) -> PublishRoute:
    """Two steps, of the leads and of finance, unless others are given."""
    route = {"code": code, "version": version, "kind": "contract", "steps": list(steps)} | more
    route["steps"] = route["steps"] or [step("lead"), step("finance")]
    return PublishRoute(definition=canonical(route))


def submitted(document: str = "CT-1", amount: str = "100.00 CNY", **more: Any) -> SubmitForApproval:
    figure, currency = amount.split()
    fields: Plain = {"kind": "contract", "content": "1" * 64, "amount": Money(figure, currency)}
    return SubmitForApproval(document=document, **(fields | more))


def said(act: Act = Act.APPROVE, **more: Any) -> Decide:
    return Decide(act=act, **({"document": "CT-1"} | more))


def lent(delegate: str, crm: PharmaCRM, id: str = "D-1", *, days: int = 5, **more: Any) -> DelegateAuthority:
    on = today(crm)
    fields: Plain = {"valid_from": on, "valid_to": on + timedelta(days=days)}
    return DelegateAuthority(id=id, delegate=delegate, **(fields | more))


def today(crm: PharmaCRM) -> date:
    return crm.clock.now().date()


def opened(crm: PharmaCRM, *steps: Plain, **more: Any) -> list[Reason]:
    """A contract on its way, through the steps given."""
    return after(crm, (published(*steps, **more), ADMIN), (submitted(), SALES))


@met("approval.library_kind")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    return after(crm, (submitted(kind=DocumentKind.QUOTE.value), SALES))


@met("approval.id_taken")
def _(crm: PharmaCRM) -> list[Reason]:
    placed(crm)
    return after(crm, (published(step("lead")), ADMIN), (submitted(document="SO-1"), SALES))


@met("approval.no_route", "approval.already_open")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    return [*after(crm, (submitted(), SALES)), *opened(crm), *after(crm, (submitted(), SALES))]


@met("approval.two_routes")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    return [*after(crm, (published(code="other"), ADMIN)), *opened(crm)]


@met("approval.field_wrong")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    route = published(fields={"discount": "number"})
    wrong = submitted(fields=(DocumentField("discount", "a lot"),))
    return after(crm, (route, ADMIN), (wrong, SALES))


@met("approval.field_unknown")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    return after(crm, (published(), ADMIN), (submitted(fields=(DocumentField("foo", "x"),)), SALES))


@met("approval.route_people")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    return after(crm, (published(step("board")), ADMIN))


@met("delegation.unknown_kind")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    return after(crm, (lent(QUALITY, crm, kinds=("gift",)), LEAD))


@met("approval.currency")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    large = step("lead", when={"field": "amount", "gt": {"money": "1000.00 USD"}})
    return opened(crm, large, step("finance"))


@met("approval.nothing_applies")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    return opened(crm, step("lead", when={"field": "amount", "gt": {"money": "1000.00 CNY"}}))


class Speechless:
    """Should say who the board is, and cannot."""

    name = "speechless"

    @hookimpl
    def pharmacrm_approvers(self, context: object) -> Any:
        raise RuntimeError("nobody answers")


@met("approval.approvers_unknown")
def _(_: PharmaCRM) -> Iterable[Reason]:
    return opened(open_house(plugins=[Speechless()]), step("board", by=[{"plugin": "board"}]))


@met("approval.signature_wanted", "approval.signature_refused")
def _(_: PharmaCRM) -> Iterable[Reason]:
    crm = open_house(plugins=[KeySigner({LEAD: bytes(range(32)).hex()})])
    votes = after(crm, *[(published(step("lead", signature=True)), ADMIN), (submitted(), SALES)])
    return [*votes, *after(crm, (said(), LEAD), (said(signature="0" * 64), LEAD))]


@met("approval.signature_unconfirmed")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    return [*opened(crm, step("lead", signature=True)), *after(crm, (said(signature="0" * 64), LEAD))]


@met("approval.step_skipped")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    return opened(crm, step("board", if_empty="skip"), step("lead"))


@met("approval.too_few_approvers")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    return opened(crm, step("lead", quorum=2))


@met("approval.requesters_delegate", "approval.not_delegated")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    return [
        *opened(crm),
        *after(
            crm,
            (said(acting_for="li.si"), LEAD),
            (lent(LEAD, crm), SALES),
            (said(), LEAD),
        ),
    ]


@met("approval.delegated_away", "approval.person_unsuited")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    return [
        *opened(crm),
        *after(
            crm,
            (said(Act.FORWARD, target=SALES), LEAD),
            (said(Act.FORWARD, target=ASSISTANT), LEAD),
            (said(), LEAD),
        ),
    ]


@met("approval.last_voice", "approval.comment_missing", "approval.not_earlier", "approval.no_question")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    return [
        *opened(crm),
        *after(
            crm,
            (said(Act.ABSTAIN), LEAD),
            (said(Act.REJECT), LEAD),
            (said(Act.RETURN, target="finance", comment="请重审"), LEAD),
            (said(Act.ANSWER, comment="是"), QUALITY),
        ),
    ]


@met("approval.not_requester")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    changed = ResubmitForApproval(document="CT-1", content="2" * 64)
    return [*opened(crm), *after(crm, (WithdrawRequest(document="CT-1"), LEAD), (changed, LEAD))]


@met("approval.other_route")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    other = published(step("lead"), version=2, kind="gift")
    moved = MigrateRequest(document="CT-1", route="contract_cn@2", comment="新制度")
    return [*opened(crm), *after(crm, (other, ADMIN), (moved, ADMIN))]


@met("approval.route_mistake")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    return after(crm, (published(step("Lead", role="nobody at all")), ADMIN))


@met("approval.route_version")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    return after(crm, (published(version=3), ADMIN))


@met("approval.not_requested")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    answers = crm.do(DecideMany(documents=(BulkItem(document="CT-9"),)), actor=LEAD).expect()
    return [reason for answer in answers for reason in answer.reasons]


@met("delegation.self", "delegation.unknown", "delegation.past", "delegation.exists")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    past = today(crm) - timedelta(days=9)
    return after(
        crm,
        (lent(LEAD, crm), LEAD),
        (lent("nobody", crm), LEAD),
        (lent(FINANCE, crm, valid_from=past, valid_to=past), LEAD),
        (lent(FINANCE, crm), LEAD),
        (lent(QUALITY, crm), LEAD),
    )


@met("delegation.chain", "delegation.not_delegator")
def _(crm: PharmaCRM) -> Iterable[Reason]:
    return after(
        crm,
        (lent(FINANCE, crm), LEAD),
        (lent(LEAD, crm, "D-2"), FINANCE),
        (RevokeDelegation(delegation="D-1"), QUALITY),
    )
