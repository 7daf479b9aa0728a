"""No command escapes the failing of database calls."""

from pharmacrm.core.kernel.journal import Verb
from pharmacrm.core.kernel.message import Command
from pharmacrm.crm import PharmaCRM, SimulatedClock, connect
from pharmacrm.testing.company import found_company
from pharmacrm.testing.story import STORY, Closed
from tests.flows.house import journal


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
