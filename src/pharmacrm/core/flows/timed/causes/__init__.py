"""What people are reminded of: one file for each cause, one row for each kind."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pharmacrm.core.engines.reminders import ReminderKind
from pharmacrm.core.flows.timed.causes.approvals import APPROVALS, HOLDS
from pharmacrm.core.flows.timed.causes.bills import BILLS
from pharmacrm.core.flows.timed.causes.cause import Cause, day_of
from pharmacrm.core.flows.timed.causes.instalments import INSTALMENTS
from pharmacrm.core.flows.timed.causes.licences import LICENCES
from pharmacrm.core.flows.timed.causes.tasks import TASKS

_ALL: tuple[Cause[Any], ...] = (INSTALMENTS, LICENCES, APPROVALS, HOLDS, TASKS, BILLS)

CAUSES: Final[Mapping[ReminderKind, Cause[Any]]] = MappingProxyType({each.kind: each for each in _ALL})

__all__ = ["CAUSES", "Cause", "day_of"]
