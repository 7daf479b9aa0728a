"""Timed work: what falls due by the clock, found by reads and done by commands of the actor `system`."""

from typing import Final

from pharmacrm.core.flows.timed import (
    activities,
    approvals,
    dunning,
    limits,
    quotes,
    reminding,
    reservations,
    tasks,
)
from pharmacrm.core.flows.timed.activities import SendActivityReminder
from pharmacrm.core.flows.timed.approvals import RingApproval
from pharmacrm.core.flows.timed.dunning import MarkDunning, SendDunningLetter
from pharmacrm.core.flows.timed.errands import Errand, Situation
from pharmacrm.core.flows.timed.limits import RefreshCreditLimit, RefreshGroupLimit
from pharmacrm.core.flows.timed.quotes import ExpireQuote
from pharmacrm.core.flows.timed.reminding import MarkReminders, SendReminder
from pharmacrm.core.flows.timed.reservations import RESERVATION_LAPSED, ExpireReservation
from pharmacrm.core.flows.timed.tasks import FlagOverdueTask
from pharmacrm.core.kernel.domain import Domain

TIMED: Final[tuple[Errand, ...]] = (
    limits.ERRAND,
    reservations.ERRAND,
    tasks.ERRAND,
    activities.ERRAND,
    approvals.ERRAND,
    quotes.ERRAND,
    *reminding.ERRANDS,
    dunning.ERRAND,
)
"""Every errand, in the order in which `crm.run_due()` does them."""

domain = Domain(
    name="timed",
    handlers=(
        limits.refresh_credit_limit,
        limits.refresh_group_limit,
        reservations.expire_reservation,
        tasks.flag_overdue_task,
        activities.send_activity_reminder,
        approvals.ring_approval,
        quotes.expire_quote,
        reminding.send_reminder,
        reminding.mark_reminders,
        dunning.send_dunning_letter,
        dunning.mark_dunning,
    ),
    reasons=(RESERVATION_LAPSED,),
    rights={
        "system": (
            RefreshCreditLimit,
            RefreshGroupLimit,
            ExpireReservation,
            ExpireQuote,
            FlagOverdueTask,
            RingApproval,
            SendActivityReminder,
            SendReminder,
            MarkReminders,
            SendDunningLetter,
            MarkDunning,
        )
    },
)

__all__ = [
    "RESERVATION_LAPSED",
    "TIMED",
    "Errand",
    "ExpireQuote",
    "ExpireReservation",
    "FlagOverdueTask",
    "MarkDunning",
    "MarkReminders",
    "RefreshCreditLimit",
    "RefreshGroupLimit",
    "RingApproval",
    "SendActivityReminder",
    "SendDunningLetter",
    "SendReminder",
    "Situation",
    "domain",
]
