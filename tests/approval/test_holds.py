"""Holds: what is stored, who may pass one, and what it stops."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.engines.approval import Person
from pharmacrm.core.engines.holds import (
    Hold,
    HoldPlaced,
    HoldReleased,
    HoldState,
    hold,
    may_pass,
    open_holds_block,
    pass_hold,
    void_holds,
)
from pharmacrm.core.kernel.change import Save
from pharmacrm.core.kernel.decision import Decision, Outcome
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.reason import Reason, Severity
from tests.approval.routed import AT
from tests.covers import covers

OVER = Reason(
    code="credit.over_limit",
    severity=Severity.APPROVE,
    subject="SO-1",
    observed="505,000",
    expected="500,000",
)
LOW = Reason(code="price.below", severity=Severity.APPROVE, subject="SO-1", field="lines[0]", observed="0.03")
LOW_TOO = evolve(LOW, field="lines[1]", observed="0.02")
FINANCE = Person("wu", frozenset({"finance"}))


def place(*found: Reason, role: str = "finance", **given) -> Decision[None]:
    return hold(*found, **{"subject": "SO-1", "revision": 1, "by": "zhang", "at": AT, "role": role, **given})


def placed(**given) -> Hold:
    (change,) = place(OVER, **given).changes
    assert isinstance(change, Save)
    assert isinstance(change.entity, Hold)
    return change.entity


@covers("XT-26")
def test_a_hold_covers_its_reason_and_says_who_may_pass_it() -> None:
    answer = place(OVER)
    assert answer.outcome is Outcome.HELD
    assert answer.uncovered == ()
    assert answer.events == (
        HoldPlaced(
            subject="SO-1", hold="SO-1/hold/1/credit.over_limit", code="credit.over_limit", role="finance"
        ),
    )
    found = placed()
    assert (found.state, found.may_pass, found.placed_by, found.requester) == (
        "open",
        "finance",
        "zhang",
        "zhang",
    )
    assert (found.observed, found.expected) == ("505,000", "500,000")


def test_reasons_of_one_code_make_one_hold() -> None:
    answer = place(LOW, LOW_TOO, OVER)
    saved = [change.entity for change in answer.changes if isinstance(change, Save)]
    assert [entity.id for entity in saved] == ["SO-1/hold/1/credit.over_limit", "SO-1/hold/1/price.below"]
    assert isinstance(saved[1], Hold)
    assert saved[1].observed == "0.03; 0.02"
    assert set(answer.covered) == {LOW, LOW_TOO, OVER}
    assert answer.uncovered == ()


def test_what_was_observed_is_cut_to_its_column() -> None:
    assert len(placed().observed) < 200
    (change,) = place(*(evolve(LOW, field=str(n), observed=f"{n}" * 30) for n in range(10, 30))).changes
    assert isinstance(change, Save)
    assert isinstance(change.entity, Hold)
    assert len(change.entity.observed) == 200


@pytest.mark.parametrize("severity", [Severity.BLOCK, Severity.WARN, Severity.INFO])
def test_only_an_approve_reason_can_be_held(severity) -> None:
    answer = place(OVER.weighed(severity))
    assert answer.reasons == (OVER.weighed(severity),)
    assert not answer.changes
    assert not answer.covered


def test_a_reason_that_blocks_stores_no_hold_beside_it() -> None:
    answer = place(OVER, LOW.weighed(Severity.BLOCK))
    assert answer.outcome is Outcome.REFUSED
    assert not answer.changes


@pytest.mark.parametrize("role", ["", None])
def test_a_hold_without_a_role_could_never_be_passed(role) -> None:
    with pytest.raises(MalformedInput) as caught:
        place(OVER, role=role)
    assert caught.value.code == "hold.role"


PASS = {
    "by its role": (placed(), FINANCE, "cheque seen", set()),
    "without the role": (placed(), Person("li", frozenset({"lead"})), "please", {"hold.not_your_role"}),
    "by an inactive person": (placed(), evolve(FINANCE, active=False), "please", {"hold.not_your_role"}),
    "by the system": (placed(), Person("system", frozenset({"finance"})), "due", {"hold.not_your_role"}),
    "by the one whose act it holds": (
        placed(),
        Person("zhang", frozenset({"finance"})),
        "mine",
        {"hold.own_document"},
    ),
    "by the requester of what another changed": (
        placed(by="chen", requester="wu"),
        FINANCE,
        "mine",
        {"hold.own_document"},
    ),
    "without a reason": (placed(), FINANCE, "", {"hold.reason_missing"}),
    "twice": (evolve(placed(), state=HoldState.RELEASED), FINANCE, "again", {"hold.not_open"}),
    "everything at once": (
        evolve(placed(), state=HoldState.VOID),
        Person("zhang"),
        "",
        {"hold.not_open", "hold.not_your_role", "hold.own_document", "hold.reason_missing"},
    ),
}


@covers("XT-26")
@pytest.mark.parametrize(("held", "person", "why", "codes"), PASS.values(), ids=PASS)
def test_passing_a_hold(held, person, why, codes) -> None:
    answer = pass_hold(held, person, why, at=AT)
    assert set(answer.codes) == codes
    assert bool(answer.changes) == (not codes)
    if not codes:
        released = answer.expect()
        assert (released.state, released.released_by, released.released_at, released.reason) == (
            HoldState.RELEASED,
            "wu",
            AT,
            "cheque seen",
        )
        told = HoldReleased(subject="SO-1", hold=held.id, code="credit.over_limit", person="wu")
        assert answer.events == (told,)


def test_a_reason_that_is_no_text_is_malformed() -> None:
    with pytest.raises(MalformedInput):
        pass_hold(placed(), FINANCE, "a\0b", at=AT)


def test_every_open_hold_blocks_by_its_code() -> None:
    other = evolve(placed(), id="SO-1/hold/1/price.below", code="price.below")
    passed = evolve(other, state=HoldState.RELEASED)
    assert [(one.code, one.observed) for one in open_holds_block([placed(), other])] == [
        ("hold.open", "credit.over_limit"),
        ("hold.open", "price.below"),
    ]
    assert open_holds_block([passed]) == ()


def test_void_ends_what_is_open_only() -> None:
    passed = evolve(placed(), id="x", state=HoldState.RELEASED)
    answer = void_holds([placed(), passed])
    assert answer.changes == (Save(evolve(placed(), state=HoldState.VOID)),)


@given(
    roles=st.frozensets(st.sampled_from(["finance", "lead", "sales"])),
    id=st.sampled_from(["zhang", "wu", "system"]),
    active=st.booleans(),
    state=st.sampled_from(HoldState),
    why=st.sampled_from(["", "seen"]),
)
def test_law_a_hold_passes_only_by_another_active_person_of_its_role_with_a_reason(
    roles, id, active, state, why
) -> None:
    person = Person(id, roles, active=active)
    held = evolve(placed(), state=state)
    passed = pass_hold(held, person, why, at=AT).allowed
    assert passed == (
        state is HoldState.OPEN and id == "wu" and active and "finance" in roles and why == "seen"
    )
    assert not may_pass(held, person) or not passed
