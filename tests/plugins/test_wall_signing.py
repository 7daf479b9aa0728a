"""Signatures by plugin: asked about once, kept without their proof, and lost by no fault."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.engines.approval.routes import Act, ApprovalMove, ApprovalRequest, Lapse
from pharmacrm.core.flows.bulk import BulkItem, DecideMany
from pharmacrm.core.flows.delegating import DelegateAuthority
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.requests import Decide, OverrideStep, SubmitForApproval
from pharmacrm.core.flows.routing import PublishRoute
from pharmacrm.core.flows.signing_texts import SigningText, TextToSign
from pharmacrm.core.kernel.codec import canonical
from pharmacrm.core.kernel.errors import Conflict, MalformedInput, NotPermitted
from pharmacrm.core.kernel.held import HeldCommand
from pharmacrm.core.kernel.journal import JournalQuery
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.signing import NotSigned, Signed
from pharmacrm.core.people import RegisterStaff
from pharmacrm.crm import PharmaCRM
from pharmacrm.crm.request import Request
from pharmacrm.crm.unit import Unit
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.isolation.isolated import Isolated
from pharmacrm.plugins.signers import KeySigner
from pharmacrm.plugins.signers.keys import sign
from pharmacrm.plugins.types import CheckContext, SignatureContext
from pharmacrm.testing.company import ADMIN
from tests.covers import covers
from tests.plugins.hostile import company, raising
from tests.plugins.one_hook import ANY_HOOK, Signatory, changed, of

SELLER, LEAD, FINANCE, QUALITY = "zhang.san", "zhao.liu", "qian.qi", "zhou.jiu"
AUDITOR = "an.shi"
PROOF = "a-proof-that-nobody-keeps"
RIGHT = Signed("acme-ca", "ref-7", "SM2", "cert-7")


def opened(*plugins: object, **more: Any) -> PharmaCRM:
    crm = company(*plugins)
    lead = {"step": "lead", "label_zh": "签字", "by": [{"role": "lead"}], "signature": True, **more}
    finance = {"step": "finance", "label_zh": "财务", "by": [{"role": "finance"}]}
    route = {"code": "deviation_cn", "version": 1, "kind": "deviation", "steps": [lead, finance]}
    crm.do(PublishRoute(definition=canonical(route)), actor=ADMIN).expect()
    crm.do(SubmitForApproval(document="D-1", kind="deviation", content="c1"), actor=SELLER).expect()
    crm.do(RegisterStaff(id=AUDITOR, name="审计", roles=("auditor",)), actor=ADMIN).expect()
    return crm


def vote(signature: str = PROOF, act: Act = Act.APPROVE, **more: Any) -> Decide:
    return Decide(**({"document": "D-1", "act": act, "signature": signature, "comment": "x"} | more))


def last(crm: PharmaCRM) -> ApprovalMove:
    return crm.find(ApprovalMove, actor=ADMIN, order=("number",))[-1]


def everything(crm: PharmaCRM) -> str:
    """What the store holds of votes, and what the journal tells."""
    told = crm.journal(JournalQuery(limit=1000), actor=AUDITOR)
    return repr((crm.find(ApprovalMove, actor=ADMIN), crm.find(HeldCommand, actor=ADMIN), told))


@covers("KT-36", "XT-10", "R-70", "R-72")
def test_a_vote_is_kept_with_what_was_signed_and_how_it_is_proved() -> None:
    given_: list[SignatureContext] = []

    def behave(context: SignatureContext) -> Signed:
        given_.append(context)
        return RIGHT

    crm = opened(Signatory(behave))
    asked = crm.ask(TextToSign(document="D-1"), actor=LEAD)
    crm.do(vote(), actor=LEAD).expect()
    (context,) = given_
    assert (context.person, context.document, context.kind, context.step) == (
        LEAD,
        "D-1",
        "deviation",
        "lead",
    )
    assert (context.content, context.proof, context.digest) == ("c1", PROOF, asked.digest)
    kept = last(crm).signature
    assert kept is not None
    assert (kept.plugin, kept.provider, kept.reference, kept.method) == ("one", "acme-ca", "ref-7", "SM2")
    assert (kept.certificate, kept.text) == ("cert-7", asked.text)
    for word in (LEAD, "D-1", "c1", '"round":1', "approved", "D-1/request/1"):
        assert word in kept.text
    assert PROOF not in everything(crm)
    assert PROOF not in repr(context)
    assert PROOF not in repr(vote())
    assert crm.verify().clean


def test_without_a_proof_nobody_is_asked_and_the_vote_is_refused() -> None:
    crm = opened(Signatory(raising(ValueError())))
    for act in (Act.APPROVE, Act.REJECT, Act.ABSTAIN):
        assert "approval.signature_wanted" in crm.do(vote("", act), actor=LEAD).codes
    assert crm.do(vote("", Act.RETURN), actor=LEAD).allowed, "a return is no vote"
    assert crm.plugins.faults == ()


def test_a_vote_that_lacks_something_else_uses_no_proof_up() -> None:
    crm = opened(Signatory(raising(ValueError())))
    assert "approval.not_an_approver" in crm.do(vote(), actor=FINANCE).codes
    assert "approval.content_changed" in crm.do(vote(seen="other"), actor=LEAD).codes
    assert crm.plugins.faults == ()


@of(
    {
        **ANY_HOOK,
        "a text too long": lambda _: changed(Signed("p", "r", "m"), provider="x" * 201),
        "no text": lambda _: changed(Signed("p", "r", "m"), reference=7),
        "the proof as reference": lambda context: Signed("p", context.proof, "m"),
        "the proof within": lambda context: Signed("p", f"ref:{context.proof}", "m"),
        "the proof as a reason": lambda context: NotSigned(f"wrong: {context.proof}"),
        "nothing in it": lambda _: object.__new__(Signed),
    }
)
def test_a_plugin_that_cannot_say_refuses_the_vote_and_nothing_is_lost(behave: Any) -> None:
    """Nor is it left to the next plugin, who would have said yes."""
    faulty = Signatory(behave)
    crm = opened(faulty, Signatory(lambda _: RIGHT, name="two"))
    before = crm.find(ApprovalRequest, actor=ADMIN)
    answer = crm.do(vote(), actor=LEAD)
    assert answer.codes == ("approval.signature_unconfirmed",)
    assert crm.find(ApprovalRequest, actor=ADMIN) == before
    assert {(fault.plugin, fault.hook) for fault in crm.plugins.faults} == {("one", "pharmacrm_signature")}
    assert all(PROOF not in fault.message for fault in crm.plugins.faults)
    faulty.behave = lambda _: RIGHT
    assert crm.do(vote(), actor=LEAD).allowed


def test_a_no_names_the_plugin_and_its_words_and_none_at_all_says_so() -> None:
    crm = opened(Signatory(lambda _: None), Signatory(lambda _: NotSigned("certificate expired"), name="two"))
    (reason,) = crm.do(vote(), actor=LEAD).reasons
    assert (reason.code, reason.observed, reason.expected) == (
        "approval.signature_refused",
        "certificate expired",
        "two",
    )
    (reason,) = opened().do(vote(), actor=LEAD).reasons
    assert (reason.code, reason.observed) == ("approval.signature_unconfirmed", "no plugin confirms it")


class Hangs:
    """Waits for a service that never answers."""

    name = "hangs"

    @hookimpl
    def pharmacrm_signature(self, context: SignatureContext) -> Signed:
        time.sleep(600)
        return RIGHT


def test_one_that_hangs_ends_with_its_process() -> None:
    crm = opened(Isolated(Hangs, {}, limit=1.0))
    try:
        assert crm.do(vote(), actor=LEAD).codes == ("approval.signature_unconfirmed",)
        assert [fault.what for fault in crm.plugins.faults] == ["limit"]
    finally:
        crm.close()


def test_a_key_signer_works_in_a_process_of_its_own() -> None:
    key = bytes(range(32))
    crm = opened(Isolated(KeySigner, {"keys": {LEAD: key.hex()}}, limit=20.0))
    try:
        asked = crm.ask(TextToSign(document="D-1"), actor=LEAD)
        crm.do(vote(sign(key, asked.text)), actor=LEAD).expect()
        assert crm.plugins.faults == ()
    finally:
        crm.close()


def counting(crm: list[int], *, after: Any = None) -> Any:
    def behave(_: SignatureContext) -> Signed:
        crm.append(1)
        if after is not None and len(crm) == 1:
            after()
        return Signed("acme", f"ref-{len(crm)}", "n")

    return behave


def test_an_answer_under_a_key_asks_nobody_again_whatever_the_proof() -> None:
    asked: list[int] = []
    crm = opened(Signatory(counting(asked)))
    first = crm.do(vote(), actor=LEAD, key="k-1").expect()
    again = crm.do(vote("another-token-of-the-day"), actor=LEAD, key="k-1")
    assert (again.replayed, again.value, len(asked)) == (True, first, 1)


def test_a_command_that_is_decided_again_asks_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    crm = opened(Signatory(counting(asked)))
    flush, tries = Unit.flush, list[int]()

    def faster(self: Unit) -> None:
        tries.append(1)
        if len(tries) < 4:
            raise Conflict("somebody was faster")
        flush(self)

    monkeypatch.setattr(Unit, "flush", faster)
    crm.do(vote(), actor=LEAD).expect()
    assert (len(tries), len(asked)) == (4, 1)
    monkeypatch.undo()
    kept = last(crm).signature
    assert kept is not None
    assert kept.reference == "ref-1"


def test_guards_see_no_proof_and_a_held_vote_keeps_none() -> None:
    seen: list[str] = []
    asked: list[int] = []

    class Holds:
        @hookimpl
        def pharmacrm_check(self, context: CheckContext) -> list[Reason] | None:
            if not isinstance(context.command, Decide):
                return None
            seen.append(context.command.signature)
            return [Reason(code="acme.wait", severity=Severity.APPROVE, message="wait")]

    crm = opened(Signatory(counting(asked)), Holds())
    answer = crm.do(vote(), actor=LEAD)
    assert answer.case
    assert seen == [""]
    assert PROOF not in everything(crm)
    crm.do(PassHold(of=answer.case, code="acme.wait", reason="ok"), actor=ADMIN).expect()
    (held,) = crm.find(HeldCommand, actor=ADMIN)
    assert (held.state.value, len(asked)) == ("refused", 1)
    assert "approval.signature_wanted" in held.reasons


def test_who_votes_for_another_signs_that_they_do() -> None:
    crm = opened(Signatory(lambda _: RIGHT))
    on = crm.clock.now().date()
    lent = DelegateAuthority(id="A-1", delegate=QUALITY, valid_from=on, valid_to=on)
    crm.do(lent, actor=LEAD).expect()
    crm.do(vote(), actor=QUALITY).expect()
    kept = last(crm).signature
    assert kept is not None
    assert f'"acting_for":"{LEAD}"' in kept.text
    assert f'"person":"{QUALITY}"' in kept.text


def test_many_votes_are_signed_one_by_one() -> None:
    def behave(context: SignatureContext) -> Signed | NotSigned:
        return RIGHT if context.proof == f"for-{context.document}" else NotSigned("another document")

    crm = opened(Signatory(behave))
    for number in (2, 3):
        crm.do(
            SubmitForApproval(document=f"D-{number}", kind="deviation", content="c"), actor=SELLER
        ).expect()
    items = (
        BulkItem(document="D-1", signature="for-D-1"),
        BulkItem(document="D-2", signature="for-D-1"),
        BulkItem(document="D-3"),
    )
    answers = crm.do(DecideMany(documents=items), actor=LEAD).expect()
    assert [[reason.code.partition(".")[2] for reason in one.reasons] for one in answers] == [
        [],
        ["signature_refused"],
        ["signature_wanted"],
    ]


def test_a_proof_where_none_is_wanted_is_confirmed_as_well() -> None:
    crm = opened(Signatory(lambda context: NotSigned("no") if context.step == "finance" else RIGHT))
    crm.do(vote(), actor=LEAD).expect()
    assert crm.do(vote(), actor=FINANCE).codes == ("approval.signature_refused",)
    crm.do(vote(""), actor=FINANCE).expect()
    assert last(crm).signature is None


def test_nobody_overrides_it_and_no_clock_approves_it() -> None:
    crm = opened()
    over = OverrideStep(document="D-1", step="lead", comment="紧急")
    assert crm.do(over, actor=ADMIN).codes == ("approval.signature_wanted",)
    timeout = {"decide": 8, "lapse": Lapse.APPROVE.value}
    lead = {"step": "lead", "label_zh": "签字", "by": [{"role": "lead"}], "signature": True}
    route = {"code": "timed_cn", "version": 1, "kind": "timed", "steps": [lead | {"timeout": timeout}]}
    (reason,) = crm.do(PublishRoute(definition=canonical(route)), actor=ADMIN).reasons
    assert (reason.code, reason.field) == ("approval.route_mistake", "steps[0].timeout.lapse")


def test_what_would_be_signed_is_asked_for_before() -> None:
    crm = opened()
    approve, reject = (
        crm.ask(TextToSign(document="D-1", act=act), actor=LEAD) for act in (Act.APPROVE, Act.REJECT)
    )
    assert (approve.wanted, approve.step, approve.reasons) == (True, "lead", ())
    assert approve.text != reject.text
    assert approve.digest != reject.digest
    none = crm.ask(TextToSign(document="D-1"), actor=FINANCE)
    assert (none.text, none.digest, none.wanted) == ("", "", False)
    assert none.reasons[0].code == "approval.not_an_approver"
    assert isinstance(none, SigningText)
    with pytest.raises(MalformedInput) as error:
        TextToSign(document="D-1", act=Act.FORWARD)
    assert (error.value.field, error.value.code) == ("act", "choice.unknown")
    with pytest.raises(NotPermitted):
        crm.ask(TextToSign(document="D-1"), actor="one.who.is.nobody")


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_law_two_commands_that_differ_in_a_proof_are_one_request(first: str, second: str) -> None:
    """So that a key answers, and so that no digest holds what could be guessed."""
    digests = {
        Request(Decide(document="D-1", act=Act.APPROVE, signature=proof), LEAD, "k").digest
        for proof in (first, second)
        if _taken(proof)
    }
    many = {
        Request(DecideMany(documents=(BulkItem(document="D-1", signature=proof),)), LEAD, "k").digest
        for proof in (first, second)
        if _taken(proof)
    }
    assert len(digests) <= 1
    assert len(many) <= 1


def _taken(proof: str) -> bool:
    try:
        Decide(document="D-1", act=Act.APPROVE, signature=proof)
    except MalformedInput:
        return False
    return True
