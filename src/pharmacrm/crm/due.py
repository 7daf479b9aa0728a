"""Timed work: what falls due by the clock, as commands of the actor `system`."""

from collections.abc import Callable
from typing import Any, Final

from attrs import define, field, frozen

from pharmacrm.core.engines.reminders import ActivityReminder, ActivityState, Reminder
from pharmacrm.core.flows.timed import TIMED, Errand, Situation
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.errors import NotInstalled, PharmaCRMError, SchemaChanged, StoreFailure
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.store import Store
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.crm.desk import Desk
from pharmacrm.crm.lookup import FreshLookup

AT_ONCE: Final = 500
"""Commands of one errand that one call carries out with an effect; the next call goes on."""

MOST_BREAKS: Final = 3
"""Failures of the store in a row that end a call: with the database away, every command would fail."""

Do = Callable[[Command[Any]], Decision[Any]]


@frozen(kw_only=True)
class FailedWork:
    """Timed work that raised an error: which command (or errand) about what, and the code of the error."""

    command: str
    subject: str
    code: str


@frozen(kw_only=True)
class Due:
    """What one call of `run_due` did.

    `done` counts commands that changed something, `reminded` reminders that were sent, `refused` commands
    that were answered with a "no" (or held). `failed` names what raised an error and is tried again by the
    next call; it never stops the rest.
    """

    done: int = 0
    reminded: int = 0
    refused: int = 0
    failed: tuple[FailedWork, ...] = ()


@define
class Tally:
    """The counts of one call, as they grow."""

    done: int = 0
    reminded: int = 0
    refused: int = 0
    failed: list[FailedWork] = field(factory=list)
    breaks: int = 0

    def count(self, decision: Decision[Any]) -> bool:
        """Count one answer; say whether it had an effect."""
        self.breaks = 0
        value = decision.value
        if value is None:
            self.refused += not decision.allowed
        elif isinstance(value, Reminder) or _rang(value):
            self.reminded += 1
        else:
            self.done += 1
        return value is not None

    def fail(self, command: str, subject: str, error: Exception) -> None:
        """Keep one failure; the store's third in a row is raised."""
        self.breaks = self.breaks + 1 if isinstance(error, StoreFailure) else 0
        if self.breaks >= MOST_BREAKS:
            raise error
        code = error.code if isinstance(error, PharmaCRMError) else type(error).__name__
        self.failed.append(FailedWork(command=command, subject=subject, code=code))


def carried_out_when_due(desk: Desk, store: Store, do: Do) -> Due:
    """Do what is due, errand by errand; what a faster process has done is found done, and left alone."""
    lookup = FreshLookup(store, desk.tenant)
    tenant = lookup.seek(Tenant, desk.tenant)
    if tenant is None:
        raise NotInstalled(desk.tenant)
    now = Situation(at=desk.clock.now(), tenant=tenant, calendar=desk.plugins.calendar(tenant))
    tally = Tally()
    for errand in TIMED:
        _run(errand, lookup, now, do, tally)
    return Due(done=tally.done, reminded=tally.reminded, refused=tally.refused, failed=tuple(tally.failed))


def _run(errand: Errand, lookup: FreshLookup, now: Situation, do: Do, tally: Tally) -> None:
    """Carry out one errand; its mark is set only if it came to its end and nothing failed."""
    before, effects = len(tally.failed), 0
    try:
        for command in errand.commands(lookup, now):
            effects += _tried(command, do, tally)
            if effects >= AT_ONCE:
                return
        mark = errand.mark(lookup, now) if len(tally.failed) == before else None
        if mark is not None:
            do(mark)
    except (StoreFailure, SchemaChanged):
        raise
    except Exception as error:  # noqa: BLE001 - one bad search never stops the other errands
        tally.fail(errand.name, "", error)


def _tried(command: Command[Any], do: Do, tally: Tally) -> bool:
    try:
        return tally.count(do(command))
    except Exception as error:  # noqa: BLE001 - one bad command never stops the rest
        tally.fail(type(command).__name__, command.subject, error)
        return False


def _rang(value: object) -> bool:
    return isinstance(value, ActivityReminder) and value.state is ActivityState.SENT
