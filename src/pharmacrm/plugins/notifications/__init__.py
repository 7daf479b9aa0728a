"""Notifiers: plugins that carry notices to people or to other programs."""

from pharmacrm.plugins.notifications.fault_log import FaultLog
from pharmacrm.plugins.notifications.jsonl import JsonLines
from pharmacrm.plugins.notifications.smtp import SmtpNotifier
from pharmacrm.plugins.notifications.wording import MailText

__all__ = ["FaultLog", "JsonLines", "MailText", "SmtpNotifier"]
