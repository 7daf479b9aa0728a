"""Why something about a product is refused."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

PRODUCT_UNKNOWN = ReasonCode(
    "product.unknown",
    Severity.BLOCK,
    "product {subject} is unknown",
    "产品 {subject} 不存在",
    remedy="register the product first",
)
PRODUCT_INACTIVE = ReasonCode(
    "product.inactive",
    Severity.BLOCK,
    "product {subject} is no longer sold",
    "产品 {subject} 已停用",
)
PRODUCT_NOT_APPROVED = ReasonCode(
    "product.not_approved",
    Severity.BLOCK,
    "{subject} has {observed}",
    "产品 {subject} {observed}",
    remedy="register the approval number and its validity",
    rule="R-02",
)
CLASS_CONFLICT = ReasonCode(
    "product.class_conflict",
    Severity.BLOCK,
    "{subject} is marketed as {expected}, but classed as {observed}",
    "产品 {subject} 营销分类“{expected}”与处方分类“{observed}”不符",
)
BASE_UNIT_FIXED = ReasonCode(
    "product.base_unit_fixed",
    Severity.BLOCK,
    "base unit of {subject} stays {expected}, not {observed}",
    "产品 {subject} 的基本单位固定为“{expected}”，不可改为“{observed}”",
    remedy="register another product",
)
PACK_DUPLICATE = ReasonCode(
    "pack.duplicate",
    Severity.BLOCK,
    "{subject} has two packs or units named {observed}",
    "产品 {subject} 的包装“{observed}”重复",
)
UNIT_UNKNOWN = ReasonCode(
    "unit.unknown",
    Severity.BLOCK,
    "{subject} is not counted in {observed}, only in {expected}",
    "产品 {subject} 没有单位“{observed}”，可用：{expected}",
)
QUANTITY_PACK = ReasonCode(
    "quantity.pack",
    Severity.BLOCK,
    "{observed} of {subject} is no whole number of {expected}",
    "产品 {subject} 的数量 {observed} 不是整包装数量（{expected}）",
    remedy="order whole packs",
)

REASONS = (
    PRODUCT_UNKNOWN,
    PRODUCT_INACTIVE,
    PRODUCT_NOT_APPROVED,
    CLASS_CONFLICT,
    BASE_UNIT_FIXED,
    PACK_DUPLICATE,
    UNIT_UNKNOWN,
    QUANTITY_PACK,
)
