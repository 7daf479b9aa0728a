"""The reason codes of collections."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

PROVISION_EDGES = ReasonCode(
    "provision.edges",
    Severity.BLOCK,
    "provision from {subject}: edges {observed} are not whole days from 2, rising",
    "{subject} 起的坏账计提：账龄分段 {observed} 应为从 2 起递增的天数",
)
PROVISION_CLASSES = ReasonCode(
    "provision.classes",
    Severity.BLOCK,
    "provision from {subject} has {observed} rates for {expected} classes",
    "{subject} 起的坏账计提有 {observed} 个比例，分段为 {expected} 个",
)
PROVISION_FALLING = ReasonCode(
    "provision.falling",
    Severity.WARN,
    "provision from {subject}: {observed} follows {expected}, though the debt is older",
    "{subject} 起的坏账计提：账龄更长的比例 {observed} 低于 {expected}",
)

REASONS = (PROVISION_EDGES, PROVISION_CLASSES, PROVISION_FALLING)
