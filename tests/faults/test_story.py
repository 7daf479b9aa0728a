"""No command escapes the failing of database calls."""

from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

from attrs import has

from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.journal import Verb
from pharmacrm.core.kernel.message import Command, value_type
from pharmacrm.core.kernel.record import Entity, Personal
from pharmacrm.crm import PharmaCRM, SimulatedClock, connect
from pharmacrm.testing.company import found_company
from pharmacrm.testing.story import STORY, Closed
from tests.flows.house import journal


def told_again(crm: PharmaCRM) -> Iterator[tuple[Decision[Any], Decision[Any]]]:
    """Each keyed step of the story as it was answered first, and at once again under its key."""
    found_company(crm)
    for number, step in enumerate(STORY):
        step.given(crm)
        first = step.run(crm, f"step-{number}")
        if first is not None:
            again = step.run(crm, f"step-{number}")
            assert again is not None
            yield first, again


def test_a_key_gives_the_first_answer_again_whatever_its_value_is() -> None:
    crm = connect("memory://", clock=SimulatedClock(), plugins=[Closed()])
    for first, again in told_again(crm):
        assert (again.replayed, again.outcome, again.codes) == (True, first.outcome, first.codes)
        assert again.value == first.value
        assert again.id == first.id


def test_a_value_that_is_no_record_holds_no_record_and_nothing_personal() -> None:
    crm = connect("memory://", clock=SimulatedClock())
    commands = [kind for kind in crm.registry.messages.values() if issubclass(kind, Command)]
    plain = [value_type(kind) for kind in commands if not is_record(value_type(kind))]
    assert [given for given in plain if given is not Any and list(personal_in(given))] == []


def is_record(given: Any) -> bool:
    return isinstance(given, type) and issubclass(given, Entity)


def personal_in(given: Any) -> Iterator[Any]:
    """Records and personal fields inside a type."""
    if is_record(given):
        yield given
    elif isinstance(given, type) and has(given):
        for name, hint in get_type_hints(given, include_extras=True).items():
            if any(isinstance(each, Personal) for each in get_args(hint)[1:]):
                yield given, name
            yield from personal_in(hint)
    else:
        for each in get_args(given):
            yield from personal_in(each)


def written(crm: PharmaCRM) -> int:
    """How often something was stored."""
    return sum(entry.verb not in {Verb.REFUSED, Verb.DENIED} for entry in journal(crm))


def test_every_command_stands_in_the_story_and_every_step_stores_something() -> None:
    crm = connect("memory://", clock=SimulatedClock(), plugins=[Closed()])
    found_company(crm)
    happened = set()
    for number, step in enumerate(STORY):
        step.given(crm)
        before = written(crm)
        answer = step.run(crm, f"step-{number}")
        assert answer is None or not answer.refused, answer
        assert written(crm) > before, step.make(crm)
        happened.add(type(step.make(crm)))
    known = {kind for kind in crm.registry.messages.values() if issubclass(kind, Command)}
    assert known == happened, "a command without a step in pharmacrm.testing.story"
