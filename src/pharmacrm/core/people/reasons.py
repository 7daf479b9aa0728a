"""Why something about people is refused."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

ROLE_UNKNOWN = ReasonCode(
    "role.unknown",
    Severity.BLOCK,
    "role {observed} is unknown",
    "角色 {observed} 不存在",
    remedy="use one of the roles of the manual",
)
UNIT_UNKNOWN = ReasonCode(
    "org_unit.unknown",
    Severity.BLOCK,
    "organisational unit {observed} is unknown",
    "部门 {observed} 不存在",
    remedy="register the unit first",
)
UNIT_CYCLE = ReasonCode(
    "org_unit.cycle",
    Severity.BLOCK,
    "unit {subject} would stand below itself through {observed}",
    "部门 {subject} 经 {observed} 成为自己的下级",
)
STAFF_UNKNOWN = ReasonCode(
    "staff.unknown",
    Severity.BLOCK,
    "staff member {observed} is unknown",
    "员工 {observed} 不存在",
    remedy="register the person first",
)
MANAGER_CYCLE = ReasonCode(
    "manager.cycle",
    Severity.BLOCK,
    "{subject} would be their own manager through {observed}",
    "{subject} 经 {observed} 成为自己的上级",
)
ACTOR_RESERVED = ReasonCode(
    "actor.reserved",
    Severity.BLOCK,
    "the id {subject} is reserved for timed work",
    "编号 {subject} 保留给定时任务",
    remedy="choose another id",
)
RIGHT_LOCKOUT = ReasonCode(
    "right.lockout",
    Severity.BLOCK,
    "taking {observed} from {subject} would lock the tenant",
    "收回角色 {subject} 的权限 {observed} 会使系统无法管理",
)
RIGHT_UNKNOWN = ReasonCode(
    "right.unknown",
    Severity.BLOCK,
    "there is no right {observed} to give or to take",
    "权限 {observed} 不存在",
    remedy="name a command, a question or a kind of record that is registered",
)
ADMIN_LAST = ReasonCode(
    "admin.last",
    Severity.BLOCK,
    "{subject} is the last active administrator of the tenant",
    "{subject} 是最后一名在职管理员，不能停用或取消其角色",
    remedy="give another active person the role first",
)
OFFICE_OVERLAP = ReasonCode(
    "office_hours.overlap",
    Severity.BLOCK,
    "office hours {observed} overlap {expected}",
    "办公时间 {observed} 与 {expected} 重叠",
    remedy="let one span end before the next begins",
)
OFFICE_MISSING = ReasonCode(
    "office_hours.missing",
    Severity.BLOCK,
    "{observed} has no office hours",
    "{observed}没有办公时间",
    remedy="name a span without a weekday: a calendar may make any day a working day",
)
OFFICE_SHORT = ReasonCode(
    "office_hours.short",
    Severity.BLOCK,
    "office hours of {observed} are less than an hour in all",
    "{observed}的办公时间合计不足一小时",
    remedy="name an hour or more; days off are days of the calendar",
)

REASONS = (
    ROLE_UNKNOWN,
    UNIT_UNKNOWN,
    UNIT_CYCLE,
    STAFF_UNKNOWN,
    MANAGER_CYCLE,
    ACTOR_RESERVED,
    RIGHT_LOCKOUT,
    RIGHT_UNKNOWN,
    ADMIN_LAST,
    OFFICE_OVERLAP,
    OFFICE_MISSING,
    OFFICE_SHORT,
)
