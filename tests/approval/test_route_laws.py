"""Laws of requests on routes: whatever is said, nobody counts twice and the trail is the state."""

from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.engines.approval import CaseState, Meaning
from pharmacrm.core.engines.approval.routes import (
    EVERYONE,
    Act,
    Action,
    AllOf,
    AnyOf,
    Band,
    ByAuthority,
    ByField,
    ByManager,
    ByPlugin,
    ByRole,
    ByUser,
    Case,
    Comparison,
    Field,
    FieldKind,
    FollowUp,
    Guard,
    Lapse,
    Node,
    Not,
    OnEmpty,
    OnReject,
    Parallel,
    Percent,
    Persons,
    Points,
    Refusal,
    Route,
    Serial,
    Step,
    Timeout,
    Where,
    after_hours,
    check_route,
    met,
    plan,
    progress,
    read_route,
    route_from,
    route_from_text,
    route_plain,
    route_text,
)
from pharmacrm.core.engines.approval.routes.definition import leaves
from pharmacrm.core.engines.approval.routes.tree import from_step, standing_of, waiting
from pharmacrm.core.kernel.money import Money
from tests.approval.routed import AT, OFFICE, WORK, document, following, opened, say
from tests.covers import covers

ROLES = ("lead", "finance", "quality")
PEOPLE = sorted(OFFICE.roles)
names = st.sampled_from([f"s{number}" for number in range(30)])
amounts = st.integers(0, 10**9).map(lambda fen: Money.of_minor(fen, "CNY"))

conditions = st.recursive(
    st.one_of(
        st.builds(lambda op, value: Where("amount", op, value), st.sampled_from([*Comparison][:6]), amounts),
        st.builds(
            lambda values: Where("region", Comparison.IN, among=tuple(values)),
            st.lists(st.text("ab", min_size=1), min_size=1, max_size=3),
        ),
        st.just(Where("region", Comparison.GIVEN)),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda found: AllOf(tuple(found))),
        st.lists(inner, max_size=3).map(lambda found: AnyOf(tuple(found))),
        inner.map(Not),
    ),
    max_leaves=5,
)
sources = st.one_of(
    st.builds(ByRole, st.sampled_from(ROLES), weight=st.integers(1, 9)),
    st.builds(ByUser, st.sampled_from(PEOPLE), st.integers(1, 9)),
    st.builds(ByManager, st.integers(1, 3)),
    st.just(ByField("buyer")),
    st.builds(ByPlugin, st.sampled_from(("board", "experts"))),
    st.just(ByAuthority((Band("lead", Money("10", "CNY")), Band("finance")))),
)
quorums = st.one_of(
    st.builds(Persons, st.integers(1, 3)),
    st.just(EVERYONE),
    st.builds(Points, st.integers(1, 9)),
    st.builds(Percent, st.integers(1, 100)),
)
meanings = st.builds(Meaning, st.text("ab ", min_size=1), st.text("甲乙", min_size=1))
timeouts = st.builds(
    lambda hours, lapse: Timeout(remind=hours, decide=hours + 5, lapse=lapse),
    st.integers(1, 40),
    st.sampled_from(Lapse),
)


def steps(source: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    return st.builds(
        lambda by, **more: Step("x", "环节", tuple(by), **more),
        st.lists(source, min_size=1, max_size=2),
        quorum=quorums,
        when=st.none() | conditions,
        if_empty=st.sampled_from([OnEmpty.ERROR, OnEmpty.SKIP]),
        on_reject=st.sampled_from(OnReject),
        refusal=st.sampled_from(Refusal),
        timeout=st.none() | timeouts,
        meaning=st.none() | meanings,
        checks=st.sampled_from([(), ("papers",), ("papers", "payment")]),
        signature=st.booleans(),
    ).map(lambda step: evolve(step, signature=step.signature and not _approved_by_clock(step)))


def _approved_by_clock(step: Step) -> bool:
    return step.timeout is not None and step.timeout.lapse is Lapse.APPROVE


def named(node: Node, numbers: Any) -> Node:
    """The same tree with a name of its own for each step."""
    if isinstance(node, Step):
        return evolve(node, name=f"s{next(numbers)}")
    return evolve(node, members=tuple(named(member, numbers) for member in node.members))


def trees(leaf: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Node, ...]]:
    groups = st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda found: Serial(tuple(found))),
            st.lists(inner, min_size=1, max_size=3).map(lambda found: Parallel(tuple(found))),
            st.lists(inner, min_size=1, max_size=3).map(lambda found: Parallel(tuple(found), Persons(1))),
        ),
        max_leaves=5,
    )
    listed = st.lists(groups, min_size=1, max_size=3)
    return listed.map(
        lambda found: tuple(named(node, numbers) for numbers in [iter(range(99))] for node in found)
    )


FIELDS = (Field("region", FieldKind.TEXT, required=False), Field("buyer", FieldKind.PERSON, required=False))
follow_ups = st.lists(sources, min_size=1, max_size=2).flatmap(
    lambda by: st.builds(
        FollowUp, st.just("issue"), st.just("出库"), st.just(tuple(by)), st.none() | meanings
    )
)
routes = st.builds(
    lambda found, when, priority, guards, after, submission: Route(
        code="quote_cn",
        version=1,
        kind="quote",
        steps=found,
        fields=FIELDS,
        when=when,
        priority=priority,
        guards=guards,
        after=after,
        **({"submission": submission} if submission else {}),
    ),
    trees(steps(sources)),
    st.none() | conditions,
    st.integers(-5, 5),
    st.sampled_from([(), (Guard("region"),), (Guard("region", "s0"),)]),
    st.just(()) | follow_ups.map(lambda one: (one,)),
    st.none() | meanings,
)
simple = st.builds(
    lambda role, quorum, refusal, back: Step(
        "x", "环节", (ByRole(role),), quorum, refusal=refusal, on_reject=back
    ),
    st.sampled_from(ROLES),
    st.one_of(
        st.builds(Persons, st.integers(1, 2)), st.just(EVERYONE), st.builds(Percent, st.integers(1, 100))
    ),
    st.sampled_from(Refusal),
    st.sampled_from(OnReject),
)
walks = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from(Act),
        st.sampled_from([(), ("li",), ("qian",), ("zhang",), ("wang", "zhou")]),
        st.sampled_from(["", "s0", "he", "sun", "li"]),
    ),
    max_size=14,
)


def walked(route: Route, walk: list[Any]) -> list[Case]:
    """Every case on the way, whoever said what."""
    case = opened(route)
    found = [case]
    for person, act, deputies, target in walk:
        answer = say(case, person, act, deputies=[one for one in deputies if one != person], target=target)
        case = following(case, answer)
        found.append(case)
    return found


playable = (
    trees(simple)
    .map(lambda found: Route(code="quote_cn", version=1, kind="quote", steps=found))
    .filter(lambda route: plan(route, document(), OFFICE).allowed)
)


@given(routes)
def test_a_definition_is_the_same_as_python_as_data_and_as_json(route: Route) -> None:
    assert check_route(route) == ()
    assert route_from(route_plain(route)) == route
    assert route_from_text(route_text(route)) == route


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text("ab", max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["code", "version", "kind", "steps", "step", "by", "role", "quorum", "when", "all", "x"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_is_read_gives_mistakes_and_never_breaks(plain: Any) -> None:
    _, mistakes = read_route(plain)
    assert mistakes
    assert all(one.code.startswith("route.") for one in mistakes)


@given(conditions, st.none() | amounts, st.none() | st.text("ab"))
def test_a_condition_is_true_or_false_for_every_document(
    condition: Any, amount: Money | None, region: str | None
) -> None:
    facts = {name: value for name, value in (("amount", amount), ("region", region)) if value is not None}
    assert met(condition, facts) is not met(Not(condition), facts)


@covers("SC-30", "XT-13")
@given(playable, walks)
def test_no_path_lets_the_requester_or_one_person_count_twice(route: Route, walk: list[Any]) -> None:
    for case in walked(route, walk):
        votes = [vote for vote in case.now.votes if vote.action is not Action.LAPSED]
        everybody = [person for vote in votes for person in {vote.person, vote.acting_for} - {""}]
        assert len(everybody) == len(set(everybody))
        assert "zhang" not in everybody


@covers("XT-13")
@given(playable, walks)
def test_the_trail_is_the_state(route: Route, walk: list[Any]) -> None:
    for case in walked(route, walk):
        again = progress(route, case.request.plan, case.moves, round=case.request.round)
        assert again == case.now
        assert again.state is case.request.state
        assert tuple(step.name for step in again.waiting) == case.request.waiting
        assert bool(case.request.waiting) is (case.request.state is CaseState.PENDING)
        assert [move.number for move in case.moves] == list(range(1, len(case.moves) + 1))


@given(playable, walks)
def test_an_approved_document_has_its_quorum_at_every_step_that_passed(route: Route, walk: list[Any]) -> None:
    last = walked(route, walk)[-1]
    for name in last.now.passed:
        votes = [one for one in last.now.votes if one.step == name and one.action is Action.APPROVED]
        done = [one for one in last.now.votes if one.step == name][-1]
        assert sum(one.weight for one in votes) >= done.needed > 0
    if last.request.state is CaseState.APPROVED:
        assert standing_of(last.now.tree, last.now.passed, last.now.failed).value == "passed"


@given(playable, walks, st.integers(2, 9))
def test_another_version_changes_nothing_that_is_under_way(
    route: Route, walk: list[Any], version: int
) -> None:
    """The request holds its plan and its version; a later one is a value of its own."""
    case = walked(route, walk)[-1]
    other = evolve(route, version=version, steps=(Step("new", "新", (ByRole("director"),)),))
    assert case.request.route == route.name != other.name
    assert progress(route, case.request.plan, case.moves, round=case.request.round) == case.now


@given(playable)
def test_seats_that_wait_are_those_of_the_waiting_steps(route: Route) -> None:
    case = opened(route)
    found = list(waiting(route.root, (), ()))
    assert [step.name for step in found] == list(case.request.waiting)
    for step in leaves(route.root):
        assert from_step(route.root, step.name)[0] == step.name


@given(
    st.datetimes(AT.replace(tzinfo=None), AT.replace(tzinfo=None, year=2030)),
    st.integers(0, 80),
    st.integers(0, 80),
)
def test_working_time_adds_up_and_never_goes_back(at: Any, first: int, second: int) -> None:
    start_at = at.replace(tzinfo=AT.tzinfo)
    there = after_hours(start_at, first, WORK)
    assert there >= start_at
    assert after_hours(there, second, WORK) == after_hours(start_at, first + second, WORK)
