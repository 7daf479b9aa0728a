"""What a vote signs: one text for one vote, and a step that wants it takes no other."""

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.engines.approval.routes import (
    Act,
    Action,
    ApprovalRequest,
    Case,
    Statement,
    change,
    decide,
    override,
    plan,
    signable,
)
from pharmacrm.core.kernel.codec import from_plain, to_plain
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.secrets import without_secrets
from pharmacrm.core.kernel.signing import Signature
from tests.approval.routed import AT, OFFICE, document, following, moves_of, opened, routed, say, stage, went

SIGNED = routed(stage("lead", signature=True), stage("finance"))
VOTES = {Act.APPROVE: Action.APPROVED, Act.REJECT: Action.REJECTED, Act.ABSTAIN: Action.ABSTAINED}


def text(case: Case, person: str, act: Act = Act.APPROVE, *, deputies: tuple[str, ...] = ()) -> str:
    others = [OFFICE.person(one) for one in deputies]
    return signable(case, OFFICE.person(person), VOTES[act], deputies=others).text


def signature(signed: str) -> Signature:
    return Signature(plugin="p", provider="ca", reference="r", method="m", text=signed, at=AT)


def vote(case: Case, person: str, act: Act, signed: str | None) -> Decision[ApprovalRequest]:
    given = signature(signed) if signed is not None else None
    said = Statement(act=act, comment="x", signature="proof" if signed is not None else "")
    return decide(case, OFFICE.person(person), said, at=AT, crowd=OFFICE.crowd(), signature=given)


@pytest.mark.parametrize("act", [Act.APPROVE, Act.REJECT])
def test_a_step_that_wants_a_signature_takes_the_vote_with_it_alone(act: Act) -> None:
    case = opened(SIGNED)
    assert vote(case, "li", act, None).codes == ("approval.signature_wanted",)
    done = vote(case, "li", act, text(case, "li", act))
    assert done.allowed
    (move,) = moves_of(done)
    assert move.signature == signature(text(case, "li", act))
    assert from_plain(type(move), to_plain(move)) == move


@given(st.sampled_from(sorted(VOTES)), st.sampled_from(sorted(VOTES)), st.sampled_from(["li", "wang"]))
def test_law_a_signature_counts_for_one_vote_of_one_person(act: Act, other: Act, person: str) -> None:
    case = opened(SIGNED)
    answer = vote(case, "li", act, text(case, person, other))
    fits = act is other and person == "li"
    assert ("approval.signature_wanted" in answer.codes) is not fits


def test_a_signature_of_before_counts_neither_for_a_new_content_nor_in_a_new_round() -> None:
    case = opened(SIGNED)
    before = text(case, "li")
    better = document(content="1" * 64)
    changed = following(case, change(case, plan(SIGNED, better, OFFICE), better, by="zhang", at=AT))
    assert vote(changed, "li", Act.APPROVE, before).codes == ("approval.signature_wanted",)
    returned = went(case, ("li", Act.RETURN))
    at = AT + timedelta(hours=1)
    again = following(
        returned, change(returned, plan(SIGNED, document(), OFFICE), document(), by="zhang", at=at)
    )
    assert again.request.round == 2
    assert vote(again, "li", Act.APPROVE, before).codes == ("approval.signature_wanted",)
    assert vote(again, "li", Act.APPROVE, text(again, "li")).allowed


def test_only_votes_are_signed_and_no_override_passes_one() -> None:
    case = opened(SIGNED)
    assert say(case, "li", Act.ASK, target="qian").allowed
    assert say(case, "li", Act.RETURN).allowed
    over = override(case, OFFICE.person("he"), step="lead", comment="x", at=AT)
    assert over.codes == ("approval.signature_wanted",)
    case = following(case, vote(case, "li", Act.APPROVE, text(case, "li")))
    assert override(case, OFFICE.person("he"), step="finance", comment="x", at=AT).allowed


def test_who_cannot_vote_has_nothing_to_sign() -> None:
    found = signable(opened(SIGNED), OFFICE.person("qian"), Action.APPROVED)
    assert (found.text, found.wanted, found.step) == ("", False, "lead")
    assert found.reasons


def test_a_message_without_its_secrets_is_else_the_same() -> None:
    said = Statement(act=Act.APPROVE, comment="x", signature="token")
    assert without_secrets(said) == evolve(said, signature="")
    bare = Statement(act=Act.APPROVE)
    assert without_secrets(bare) is bare
    assert "token" not in repr(said)
