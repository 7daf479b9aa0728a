"""`run_due` from several processes at once: every reminder and every expiry once, on each database."""

from collections import Counter

import pytest

from pharmacrm.core.credit import Reservation, ReservationState
from pharmacrm.core.engines.reminders import ReminderDue
from pharmacrm.core.kernel.journal import Verb
from pharmacrm.core.reminders import Reminder
from pharmacrm.core.tasks import Task
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import found_company
from tests.covers import covers
from tests.flows.companies import closed
from tests.flows.house import LEAD, entities, journal, opened, pass_days, placed
from tests.flows.scenarios_working import task
from tests.race.racers import Race, run
from tests.reminders.timers import careless, timers
from tests.tasks.test_through_the_door import Told

__all__ = ["closed"]

WORKERS, ORDERS, TASKS = 4, 8, 8
RACES = (Race(timers, "timers", each=2), Race(careless, "careless", each=2))


def prepared(crm: PharmaCRM) -> None:
    """Orders whose credit lapses, and tasks that are late."""
    found_company(crm)
    for number in range(ORDERS):
        placed(crm, f"SO-{number}", 100)
    for number in range(TASKS):
        crm.do(task(crm, f"T-{number}"), actor=LEAD).expect()


@covers("XT-24", "UF-04")
@pytest.mark.slow
def test_many_processes_remind_once(any_url: str) -> None:
    told = Told()
    crm = opened(any_url, plugins=[told])
    for race in RACES:
        prepared(crm.for_tenant(race.tenant))
    pass_days(crm, 31)
    # The processes' simulated clocks go on from the newest entry: one more, a month later.
    for race in RACES:
        crm.for_tenant(race.tenant).do(task(crm, "T-last"), actor=LEAD).expect()
    answers = run(RACES, any_url, workers=WORKERS)
    everything_happened_once(crm.for_tenant("timers"), answers["timers"])
    assert len(entities(crm.for_tenant("careless"), Reminder)) > TASKS, "the control"


def everything_happened_once(crm: PharmaCRM, answers: list[list[object]]) -> None:
    done = sum(int(str(answer[0])) for answer in answers)
    reminded = sum(int(str(answer[1])) for answer in answers)
    assert [answer[2:] for answer in answers] == [[[], 0]] * WORKERS
    assert done == ORDERS + TASKS
    assert reminded == TASKS  # the orders wait for their holds now, which are placed today
    sent = [each for each in entities(crm, Reminder) if each.sent]
    assert Counter(each.cause for each in sent).most_common(1)[0][1] == 1
    assert len(sent) == TASKS
    assert {each.state for each in entities(crm, Reservation)} == {ReservationState.EXPIRED}
    assert sum(each.overdue for each in entities(crm, Task)) == TASKS
    commands = Counter(each.command for each in journal(crm) if each.actor == "system")
    assert commands["FlagOverdueTask"] == TASKS
    assert not [each for each in journal(crm) if each.verb is Verb.REFUSED]
    assert ReminderDue.topic() in crm.registry.events
