"""The reason codes of vouchers and the host's accounts."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

ACCOUNT_MISSING = ReasonCode(
    "ledger.account_missing",
    Severity.BLOCK,
    "no account of the host is named for {observed}",
    "未设置“{observed}”对应的会计科目",
    remedy="name it with SetLedgerAccount",
)
RATE_UNUSED = ReasonCode(
    "ledger.rate_unused",
    Severity.BLOCK,
    "{subject} has one account for all tax rates, none for {observed}",
    "“{subject}”不按税率分设科目，不能为 {observed} 单独设置",
    remedy="leave the tax rate out",
)
NOT_KEPT = ReasonCode(
    "ledger.not_kept",
    Severity.BLOCK,
    "vouchers are not posted: bookkeeping was not started",
    "尚未启用凭证过账",
    remedy="start it with StartBookkeeping",
)

REASONS = (ACCOUNT_MISSING, RATE_UNUSED, NOT_KEPT)
