"""Timed work: what falls due by the clock, as commands of the actor `system`."""

from collections.abc import Callable
from typing import Any

from attrs import frozen

from pharmacrm.core.flows.timed import TIMED
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.store import Store
from pharmacrm.crm.desk import Desk
from pharmacrm.crm.lookup import StoreLookup


@frozen(kw_only=True)
class Due:
    """What one call of `run_due` did: commands that changed something, and commands that were refused."""

    done: int = 0
    refused: int = 0


def carried_out_when_due(desk: Desk, store: Store, do: Callable[[Command[Any]], Decision[Any]]) -> Due:
    """Find what is due, and do it one command at a time; a faster process leaves nothing to do."""
    done = refused = 0
    now = desk.clock.now()
    with store.session() as session:
        lookup = StoreLookup(session, desk.tenant)
        commands = [command for find_due in TIMED for command in find_due(lookup, now)]
    for command in commands:
        decision = do(command)
        done += bool(decision.value is not None)
        refused += decision.value is None
    return Due(done=done, refused=refused)
