"""Reason codes about plugins."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

PLUGIN_FAULT = ReasonCode(
    "plugin.fault",
    Severity.APPROVE,
    "guard {observed} failed and could not say whether this is right",
    "检查插件 {observed} 出错，无法判断是否合规",
    remedy="mend the plugin, or let an administrator pass the hold",
    passed_by="admin",
)
PLUGIN_MISSING = ReasonCode(
    "plugin.missing",
    Severity.APPROVE,
    "the required plugin {observed} is not loaded",
    "必需的插件 {observed} 未加载",
    remedy="load the plugin, or let an administrator pass the hold",
    passed_by="admin",
)
CODES = (PLUGIN_FAULT, PLUGIN_MISSING)
