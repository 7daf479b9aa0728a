"""A kit that proves a signer: a plugin with the hook `pharmacrm_signature`.

Subclass `SignerKit` in a test module, give the fixture `signer` and the method `proof`, and run it by pytest.
"""

from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256
from typing import Any, ClassVar, TypeVar

import pytest
from attrs import evolve, fields
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pharmacrm.core.engines.approval.routes import Act, ApprovalMove, ApprovalRequest
from pharmacrm.core.flows.requests import Decide, SubmitForApproval
from pharmacrm.core.flows.routing import PublishRoute
from pharmacrm.core.flows.signing_texts import SigningText, TextToSign
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.query import Condition
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.signing import NotSigned, Signature, Signed
from pharmacrm.crm import PharmaCRM, SimulatedClock, connect
from pharmacrm.plugins.types import SignatureContext
from pharmacrm.testing.company import ADMIN, found_company

E = TypeVar("E", bound=Entity)
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
ROUTE = """{"code": "signed_cn", "version": 1, "kind": "signed", "steps": [
    {"step": "lead", "label_zh": "负责人签字", "by": [{"role": "lead"}], "signature": true}]}"""
TEXT = '{"action":"approved","content":"9f2c","document":"CT-1","person":"zhao.liu","step":"lead"}'


class Nothing(Lookup):
    """Reads of a tenant without records."""

    def seek(self, kind: type[E], id: str) -> E | None:  # noqa: ARG002 - the form of a lookup
        """None."""
        return None

    def find(self, kind: type[E], *where: Condition, **more: Any) -> list[E]:  # noqa: ARG002 - as above
        """None at all."""
        return []


class SignerKit:
    """What every signer has to do; `person` is somebody whose signatures it confirms, and `other` another."""

    person: ClassVar[str] = "zhao.liu"
    other: ClassVar[str] = "qian.qi"

    @pytest.fixture
    def signer(self) -> Any:
        """Give the plugin under test."""
        raise NotImplementedError

    def proof(self, person: str, text: str) -> str:
        """Sign a text as this person, the way that the signer wants it."""
        raise NotImplementedError

    def vote(self, proof: str, text: str = TEXT, **more: Any) -> SignatureContext:
        """A vote with a proof, as the hook is given it."""
        vote = SignatureContext(
            tenant="main",
            person=self.person,
            document="CT-1",
            kind="signed",
            step="lead",
            content="9f2c",
            text=text,
            digest=sha256(text.encode()).hexdigest(),
            proof=proof,
            on=date(2026, 3, 2),
            at=AT,
            read=Nothing(),
        )
        return evolve(vote, **more)

    def test_a_right_proof_is_confirmed_with_words_that_can_be_kept(self, signer: Any) -> None:
        """Provider, reference and method are given, and none of them is the proof."""
        proof = self.proof(self.person, TEXT)
        answer = signer.pharmacrm_signature(self.vote(proof))
        assert type(answer) is Signed, answer
        told = [getattr(answer, field.name) for field in fields(Signed)]
        assert all(answer_part and proof not in answer_part for answer_part in told[:3]), told

    def test_asked_twice_it_answers_alike(self, signer: Any) -> None:
        """A transaction that the host begins again asks again, with the same text and proof."""
        vote = self.vote(self.proof(self.person, TEXT))
        assert signer.pharmacrm_signature(vote) == signer.pharmacrm_signature(vote)

    def test_a_proof_counts_for_its_text_only(self, signer: Any) -> None:
        """Whichever letter of the text is another, the proof is no proof of it."""
        proof = self.proof(self.person, TEXT)

        @settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.integers(0, len(TEXT) - 1))
        def law(place: int) -> None:
            text = TEXT[:place] + chr(ord(TEXT[place]) ^ 1) + TEXT[place + 1 :]
            assert type(signer.pharmacrm_signature(self.vote(proof, text))) is NotSigned

        law()

    def test_nobody_signs_for_somebody_else(self, signer: Any) -> None:
        """The other person's proof of the same text is none of this person."""
        answer = signer.pharmacrm_signature(self.vote(self.proof(self.other, TEXT)))
        assert type(answer) is NotSigned, answer

    @pytest.mark.parametrize("proof", ["x", "0" * 64, "签名", "\n", "a" * 20_000])
    def test_rubbish_is_no_proof_and_no_error(self, signer: Any, proof: str) -> None:
        """Whatever a browser sends is answered."""
        assert type(signer.pharmacrm_signature(self.vote(proof))) is NotSigned

    def test_a_person_whom_it_does_not_know_is_left_to_others(self, signer: Any) -> None:
        """None, or a no: never a yes."""
        answer = signer.pharmacrm_signature(self.vote("x", person="nobody.at.all"))
        assert type(answer) in {NotSigned, type(None)}, answer

    def test_through_the_door_a_vote_counts_with_its_signature_and_not_without(self, signer: Any) -> None:
        """The whole way: the text is asked for, signed, handed in, confirmed and kept; the proof is not."""
        crm = connect("memory://", clock=SimulatedClock(), plugins=[signer])
        try:
            self._through(crm)
        finally:
            crm.close()

    def _through(self, crm: PharmaCRM) -> None:
        found_company(crm)
        crm.do(PublishRoute(definition=ROUTE), actor=ADMIN).expect()
        crm.do(SubmitForApproval(document="CT-1", kind="signed", content="9f2c"), actor="zhang.san").expect()
        asked: SigningText = crm.ask(TextToSign(document="CT-1"), actor=self.person)
        assert asked.wanted, asked
        vote = partial(Decide, document="CT-1", act=Act.APPROVE)
        assert crm.do(vote(signature=""), actor=self.person).codes == ("approval.signature_wanted",)
        wrong = self.proof(self.person, asked.text + " ")
        assert crm.do(vote(signature=wrong), actor=self.person).codes == ("approval.signature_refused",)
        proof = self.proof(self.person, asked.text)
        done: ApprovalRequest = crm.do(vote(signature=proof), actor=self.person).expect()
        assert done.state.value == "approved"
        moves = crm.find(ApprovalMove, actor=ADMIN, order=("number",))
        kept = moves[-1].signature
        assert isinstance(kept, Signature)
        assert kept.text == asked.text
        assert proof not in repr(moves)
        assert crm.verify().clean
        assert crm.plugins.faults == ()
