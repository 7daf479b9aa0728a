"""The one door of pharmacrm: `connect`, and what it gives."""

from pharmacrm.crm.clocks import Clock, SimulatedClock, SystemClock
from pharmacrm.crm.copies import Copy
from pharmacrm.crm.door import PharmaCRM, connect
from pharmacrm.crm.feeding import Fed
from pharmacrm.crm.work import Bound, Work

__all__ = ["Bound", "Clock", "Copy", "Fed", "PharmaCRM", "SimulatedClock", "SystemClock", "Work", "connect"]
