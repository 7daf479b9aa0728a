"""Why a step of a task is refused."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

TASK_STATE = ReasonCode(
    "task.state",
    Severity.BLOCK,
    "task {subject} is {observed} and cannot become {expected}",
    "任务 {subject} 状态为 {observed}，不能变为 {expected}",
)
NOT_ASSIGNEE = ReasonCode(
    "task.not_assignee",
    Severity.BLOCK,
    "task {subject} is assigned to {expected}, only they may do this",
    "任务 {subject} 的执行人是 {expected}，只有其本人可以操作",
)
NOT_ASSIGNER = ReasonCode(
    "task.not_assigner",
    Severity.BLOCK,
    "task {subject} was assigned by {expected}, only they may do this",
    "任务 {subject} 的分配人是 {expected}，只有其本人可以操作",
    remedy="ask the assigner or an administrator",
)
REPORT_MISSING = ReasonCode(
    "task.report_missing",
    Severity.BLOCK,
    "task {subject} of kind {observed} closes only after a report",
    "任务 {subject}（{observed}）须先反馈才能关闭",
)
REASON_MISSING = ReasonCode(
    "task.reason_missing",
    Severity.BLOCK,
    "task {subject}: a reason is wanted to make it {expected}",
    "任务 {subject} 变为{expected}须说明原因",
)
DUE_PAST = ReasonCode(
    "task.due_past",
    Severity.BLOCK,
    "task {subject} would be due at {observed}, which is past",
    "任务 {subject} 的截止时间 {observed} 已过",
)
TASK_EXISTS = ReasonCode(
    "task.exists",
    Severity.BLOCK,
    "there is a task {subject} already",
    "任务 {subject} 已存在",
    remedy="leave the id out, or reassign the task",
)

REASONS = (TASK_STATE, NOT_ASSIGNEE, NOT_ASSIGNER, REPORT_MISSING, REASON_MISSING, DUE_PAST, TASK_EXISTS)
