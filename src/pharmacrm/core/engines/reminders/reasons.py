"""Why a plan of reminders is refused, and why a reminder that a person set cannot be."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

MOMENTS = ReasonCode(
    "reminder_plan.moments",
    Severity.BLOCK,
    "plan {field} has {observed} moments, {expected} are wanted",
    "“{field}”计划有 {observed} 个提醒日，应为 {expected} 个",
)
MOMENT_TWICE = ReasonCode(
    "reminder_plan.moment_twice",
    Severity.BLOCK,
    "plan {field} names day {observed} twice",
    "“{field}”计划重复了第 {observed} 天",
)
MOMENT_FAR = ReasonCode(
    "reminder_plan.moment_far",
    Severity.BLOCK,
    "plan {field}: day {observed} is more than {expected} days away",
    "“{field}”计划的第 {observed} 天超出 {expected} 天",
)
MOMENT_BEFORE = ReasonCode(
    "reminder_plan.moment_before",
    Severity.BLOCK,
    "plan {field}: day {observed} lies before the wait has begun",
    "“{field}”计划的第 {observed} 天早于等待开始",
    remedy="count from 1, the first working day after",
)
EVERY = ReasonCode(
    "reminder_plan.every",
    Severity.BLOCK,
    "plan {field} repeats every {observed} days, 0 to {expected} is possible",
    "“{field}”计划每 {observed} 天重复，应为 0 至 {expected} 天",
)
HOURS = ReasonCode(
    "reminder_plan.hours",
    Severity.BLOCK,
    "plan {field}: {observed} are no hours of a day",
    "“{field}”计划的时段 {observed} 无效",
    remedy="give full hours from 0 to 24, the first before the last",
)

INSTANT_PAST = ReasonCode(
    "activity_reminder.past",
    Severity.BLOCK,
    "reminder {subject} is set for {observed}, which is past",
    "提醒 {subject} 的时间 {observed} 已过",
)
REMINDER_EXISTS = ReasonCode(
    "activity_reminder.exists",
    Severity.BLOCK,
    "there is a reminder {subject} already",
    "提醒 {subject} 已存在",
    remedy="leave the id out",
)
NOT_YOURS = ReasonCode(
    "activity_reminder.not_yours",
    Severity.BLOCK,
    "reminder {subject} belongs to {expected}",
    "提醒 {subject} 属于 {expected}",
)
NOT_WAITING = ReasonCode(
    "activity_reminder.not_waiting",
    Severity.BLOCK,
    "reminder {subject} is {observed} already",
    "提醒 {subject} 的状态已是{observed}",
)

REASONS = (
    MOMENTS,
    MOMENT_TWICE,
    MOMENT_FAR,
    MOMENT_BEFORE,
    EVERY,
    HOURS,
    INSTANT_PAST,
    REMINDER_EXISTS,
    NOT_YOURS,
    NOT_WAITING,
)
