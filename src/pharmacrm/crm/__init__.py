"""The one door of pharmacrm: `connect`, and what it gives."""

from pharmacrm.crm.clocks import Clock, SimulatedClock, SystemClock
from pharmacrm.crm.door import PharmaCRM, connect
from pharmacrm.crm.work import Bound, Work

__all__ = ["Bound", "Clock", "PharmaCRM", "SimulatedClock", "SystemClock", "Work", "connect"]
