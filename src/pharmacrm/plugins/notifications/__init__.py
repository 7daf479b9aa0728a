"""Notifiers: plugins that carry notices to people or to other programs."""

from pharmacrm.plugins.notifications.fault_log import FaultLog
from pharmacrm.plugins.notifications.jsonl import JsonLines

__all__ = ["FaultLog", "JsonLines"]
