"""Processes that run timed work at once: each opens the door by itself, and waits for the others."""

from importlib import import_module
from typing import Any

from pharmacrm.core.engines.reminders import reminder_id
from pharmacrm.crm import PharmaCRM


def timers(crm: PharmaCRM, number: int, each: int) -> list[Any]:
    """Everybody runs what is due, again and again; what each did."""
    found = [crm.run_due() for _ in range(each)]
    return [
        sum(due.done for due in found),
        sum(due.reminded for due in found),
        [(failed.command, failed.code) for due in found for failed in due.failed],
        sum(due.refused for due in found),
    ]


def careless(crm: PharmaCRM, number: int, each: int) -> list[Any]:
    """The control: a reminder whose id says who sent it, so that nothing stands in another's way."""
    made = reminder_id

    def own_id(*given: Any) -> str:
        return f"{made(*given)}/{number}"

    for name in ("engines.reminders.rules", "flows.timed.reminding"):
        import_module(f"pharmacrm.core.{name}").__dict__["reminder_id"] = own_id
    return timers(crm, number, each)
