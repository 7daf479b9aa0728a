"""The task engine: every way of a task, who may go it, and what always holds (UF-04, UF-15)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pharmacrm.core.engines import tasks
from pharmacrm.core.engines.tasks import ENDED, PENDING, STEPS, Task, TaskKind, TaskState
from pharmacrm.core.kernel.change import Save
from pharmacrm.core.kernel.decision import Decision
from tests.covers import covers

AT = datetime(2026, 2, 2, 1, tzinfo=UTC)
TASK = Task(
    id="T-1",
    kind=TaskKind.MARKET,
    title="走访",
    assigner="lead",
    assignee="rep",
    assigned_at=AT,
    due_at=AT + timedelta(days=3),
)


def step(
    name: str, task: Task, by: str = "", *, reason: str = "原因", steers: bool = False
) -> Decision[Task]:
    """One step by its name, by the person whose step it is unless somebody else is named."""
    own = by or task.assignee
    other = by or task.assigner
    match name:
        case "accept":
            return tasks.take_on(task, by=own)
        case "decline":
            return tasks.decline(task, reason, by=own)
        case "report":
            return tasks.report(task, "已完成", by=own, at=AT)
        case "return":
            return tasks.give_back(task, reason, by=other, steers=steers)
        case "close":
            return tasks.close(task, by=other, steers=steers)
        case "cancel":
            return tasks.cancel(task, reason, by=other, steers=steers)
        case _:
            return tasks.reassign(task, "second", unit=None, due_at=None, by=other, at=AT, steers=steers)


@covers("UF-04")
@pytest.mark.parametrize("state", TaskState)
@pytest.mark.parametrize("name", STEPS)
def test_a_step_leads_where_the_table_says_and_from_nowhere_else(name: str, state: TaskState) -> None:
    answer = step(name, evolve(TASK, kind=TaskKind.SERVICE, state=state))
    if state in STEPS[name].sources:
        assert answer.expect().state is STEPS[name].target
        assert [type(event) for event in answer.events] == [STEPS[name].event]
    else:
        assert answer.codes == ("task.state",)
        assert answer.changes == ()


@covers("UF-04")
@pytest.mark.parametrize(
    ("name", "code"),
    [(name, "task.not_assignee") for name in ("accept", "decline", "report")]
    + [(name, "task.not_assigner") for name in ("return", "close", "cancel", "reassign")],
)
def test_a_step_is_one_persons(name: str, code: str) -> None:
    ready = evolve(TASK, kind=TaskKind.SERVICE, state=min(STEPS[name].sources))
    assert step(name, ready, "stranger").codes == (code,)
    assert step(name, ready, "stranger", steers=True).allowed is (code == "task.not_assigner")


@pytest.mark.parametrize("kind", TaskKind)
def test_a_task_closes_after_its_report_unless_its_kind_wants_none(kind: TaskKind) -> None:
    accepted = evolve(TASK, kind=kind, state=TaskState.ACCEPTED)
    assert step("close", accepted).codes == (() if kind is TaskKind.SERVICE else ("task.report_missing",))
    assert step("close", step("report", accepted).expect()).allowed


def test_every_reason_is_given_at_once() -> None:
    closed = evolve(TASK, state=TaskState.CLOSED)
    answer = step("cancel", closed, "stranger", reason=" ")
    assert answer.codes == ("task.not_assigner", "task.reason_missing", "task.state")


@pytest.mark.parametrize(
    ("state", "hours", "overdue"),
    [
        (TaskState.ASSIGNED, 71, False),
        (TaskState.ASSIGNED, 72, True),
        (TaskState.ACCEPTED, 100, True),
        (TaskState.DECLINED, 100, True),
        (TaskState.REPORTED, 100, False),
        (TaskState.CLOSED, 100, False),
        (TaskState.CANCELLED, 100, False),
    ],
)
def test_what_is_overdue_is_flagged_once(state: TaskState, hours: int, overdue: bool) -> None:
    at, task = AT + timedelta(hours=hours), evolve(TASK, state=state)
    assert tasks.is_overdue(task, at) is overdue
    flagged = tasks.flag_overdue(task, at=at)
    assert bool(flagged.changes) is overdue
    if flagged.value is not None:
        assert tasks.flag_overdue(flagged.value, at=at).changes == ()


def test_a_new_due_time_can_be_overdue_again_and_the_same_one_cannot() -> None:
    late = evolve(TASK, overdue=True)
    later = tasks.reassign(
        late, "x", unit=None, due_at=AT + timedelta(days=9), by="lead", at=AT, steers=False
    )
    assert later.expect().overdue is False
    same = tasks.reassign(late, "x", unit=None, due_at=None, by="lead", at=AT, steers=False)
    assert same.expect().overdue is True


@given(hours=st.integers(-100, 0))
def test_no_task_is_assigned_for_the_past(hours: int) -> None:
    past = evolve(TASK, due_at=AT + timedelta(hours=hours))
    assert tasks.assign(past, None, at=AT).codes == ("task.due_past",)


class Life(RuleBasedStateMachine):
    """Any steps by anybody at any time: states only by the table, one flag a due time, an end for ever."""

    def __init__(self) -> None:
        super().__init__()
        self.now = AT
        self.task = TASK
        self.history = [TASK]
        self.flags: list[datetime] = []

    @rule(
        name=st.sampled_from(sorted(STEPS)),
        by=st.sampled_from(["", "", "", "lead", "rep", "second", "stranger"]),
        reason=st.sampled_from(["原因", ""]),
    )
    def take(self, name: str, by: str, reason: str) -> None:
        before, answer = self.task, step(name, self.task, by, reason=reason)
        if not answer.allowed:
            assert answer.changes == ()
            return
        after = answer.expect()
        assert before.state in STEPS[name].sources
        assert after.state is STEPS[name].target
        assert before.state not in ENDED
        if after.state is TaskState.CLOSED:
            assert before.state is TaskState.REPORTED
            assert after.report
        self.keep(answer)

    @rule(hours=st.integers(1, 40))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        answer = tasks.flag_overdue(self.task, at=self.now)
        if answer.changes:
            assert self.task.state in PENDING
            self.flags.append(self.task.due_at)
            self.keep(answer)

    @rule()
    def postpone(self) -> None:
        due_at = self.now + timedelta(hours=30)
        answer = tasks.reassign(
            self.task, "rep", unit=None, due_at=due_at, by="lead", at=self.now, steers=False
        )
        if answer.allowed:
            self.keep(answer)

    def keep(self, answer: Decision[Any]) -> None:
        saved = [change.entity for change in answer.changes if isinstance(change, Save)]
        assert len(saved) == 1
        assert isinstance(saved[0], Task)
        self.task = saved[0]
        self.history.append(self.task)

    @invariant()
    def a_due_time_is_flagged_once(self) -> None:
        assert len(self.flags) == len(set(self.flags))

    @invariant()
    def who_asked_for_it_and_what_it_is_never_change(self) -> None:
        assert {(each.id, each.kind, each.title, each.assigner) for each in self.history} == {
            ("T-1", TaskKind.MARKET, "走访", "lead")
        }


TestLife = Life.TestCase
