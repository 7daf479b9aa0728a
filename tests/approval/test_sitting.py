"""What a seat says alone is what the whole request says: an inbox may read seats and nothing else."""

from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.engines.approval.routes import (
    Act,
    ApprovalSeat,
    ByRole,
    ByUser,
    Case,
    Errand,
    Persons,
    Route,
    chance,
    in_whose_name,
)
from pharmacrm.core.engines.approval.routes.moving import waited_for
from pharmacrm.core.kernel.change import Remove, Save
from tests.approval.routed import OFFICE, company, following, opened, routed, say, stage, went
from tests.approval.test_route_laws import PEOPLE, playable, walked, walks

crews = st.lists(st.sampled_from(PEOPLE), max_size=3, unique=True)


def at_steps(case: Case) -> dict[str, list[ApprovalSeat]]:
    found: dict[str, list[ApprovalSeat]] = {}
    for seat in waited_for(case, case.now).values():
        if seat.errand is Errand.DECIDE:
            found.setdefault(seat.step, []).append(seat)
    return found


def whole(case: Case, step: str, person: str, deputies: list[str]) -> str | None:
    """The answer of the whole request: all of its moves, one after the other."""
    others = [OFFICE.person(id) for id in deputies]
    found = chance(case.route, case.request, case.now, OFFICE.person(person), others, step=step)
    if found.reasons:
        return None
    return found.voice.acting_for.id if found.voice.acting_for else ""


@given(playable, walks, st.booleans(), st.booleans(), st.sampled_from(PEOPLE), crews)
def test_a_seat_says_what_the_whole_request_says(
    route: Route, walk: list[Any], own: bool, once: bool, person: str, deputies: list[str]
) -> None:
    switched = evolve(route, requester_may_decide=own, one_signature_each=once)
    others = [one for one in deputies if one != person]
    for case in walked(switched, walk):
        for step, seats in at_steps(case).items():
            crew = [OFFICE.person(id) for id in others]
            assert in_whose_name(seats, OFFICE.person(person), crew) == whole(case, step, person, others)


@given(playable, walks)
def test_what_is_stored_of_the_seats_is_what_waits(route: Route, walk: list[Any]) -> None:
    """Each answer stores and removes just the difference, so that rows and request never part."""
    stored: dict[str, ApprovalSeat] = dict(waited_for(opened(route), opened(route).now))
    case = opened(route)
    for person, act, deputies, target in walk:
        answer = say(case, person, act, deputies=[one for one in deputies if one != person], target=target)
        for change in answer.changes if answer.value else ():
            if isinstance(change, Remove):
                del stored[change.part.id]
            elif isinstance(change, Save) and isinstance(change.entity, ApprovalSeat):
                stored[change.entity.id] = change.entity
        case = following(case, answer)
        assert stored == waited_for(case, case.now)


def test_a_seat_shows_the_document_and_its_step() -> None:
    case = opened(routed(stage("lead")), content="c" * 64)
    (seat,) = waited_for(case, case.now).values()
    assert (seat.subject, seat.requester, seat.kind, seat.content) == ("Q-1", "zhang", "quote", "c" * 64)
    assert (seat.step, seat.label_zh, seat.role) == ("lead", "lead", "lead")


def test_whoever_had_their_say_stands_on_the_seat_until_it_stops_counting() -> None:
    case = went(opened(routed(stage("quality", quorum=Persons(2)))), ("sun",))
    (seat,) = waited_for(case, case.now).values()
    assert seat.spoken == ("sun",)
    assert in_whose_name([seat], OFFICE.person("sun"), ()) is None
    assert in_whose_name([seat], OFFICE.person("zhou"), ()) == ""
    assert in_whose_name([seat], OFFICE.person("he"), [OFFICE.person("wu")]) == "wu"


def test_whoever_gave_the_step_away_is_named_on_the_seats_of_a_role_only() -> None:
    two = opened(routed(stage("lead", ByRole("lead"), ByUser("sun"))))
    case = went(two, ("li", Act.FORWARD, {"target": "he"}))
    role, person, target = waited_for(case, case.now).values()
    assert (role.away, person.away, target.person) == (("li",), (), "he")
    assert in_whose_name([role], OFFICE.person("li"), ()) is None


def test_the_inactive_and_nobody_sit_nowhere() -> None:
    people = company(zhang="sales", li="lead")
    case = opened(routed(stage("lead")), people)
    seats = list(waited_for(case, case.now).values())
    gone = evolve(people, gone=frozenset({"li"}))
    assert in_whose_name(seats, people.person("li"), ()) == ""
    assert in_whose_name(seats, gone.person("li"), ()) is None
    assert in_whose_name([], people.person("li"), ()) is None
