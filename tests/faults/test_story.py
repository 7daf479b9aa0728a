"""No command escapes the failing of database calls."""

from pharmacrm.core.kernel.message import Command
from pharmacrm.crm import SimulatedClock, connect
from pharmacrm.testing.company import found_company
from pharmacrm.testing.faults.story import STORY


def test_every_command_stands_in_the_story_and_every_step_stores_something() -> None:
    crm = connect("memory://", clock=SimulatedClock())
    found_company(crm)
    happened = set()
    for number, step in enumerate(STORY):
        step.given(crm)
        answer = step.run(crm, f"step-{number}")
        assert answer is None or not answer.refused, answer
        happened.add(type(step.make(crm)))
    known = {kind for kind in crm.registry.messages.values() if issubclass(kind, Command)}
    assert known == happened, "a command without a step in pharmacrm.testing.faults.story"
