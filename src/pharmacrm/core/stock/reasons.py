"""Why a snapshot of stock is refused or changes nothing."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

STOCK_FUTURE = ReasonCode(
    "stock.future",
    Severity.BLOCK,
    "stock of {subject} is dated {observed}, after {expected}",
    "产品 {subject} 的库存时间 {observed} 晚于 {expected}",
    remedy="set the clock of the ERP right",
    rule="XT-17",
)
STOCK_CONTRADICTED = ReasonCode(
    "stock.contradicted",
    Severity.BLOCK,
    "stock of {subject} at one time is {expected} and {observed}",
    "产品 {subject} 同一时间的库存既为 {expected} 又为 {observed}",
    remedy="have the ERP say which is right, with a later time",
    rule="XT-17",
)
STOCK_OLDER = ReasonCode(
    "stock.older",
    Severity.INFO,
    "stock of {subject} as of {observed} is older than that of {expected}",
    "产品 {subject} 截至 {observed} 的库存早于已有的 {expected}",
    rule="XT-17",
)
REASONS = (STOCK_FUTURE, STOCK_CONTRADICTED, STOCK_OLDER)
