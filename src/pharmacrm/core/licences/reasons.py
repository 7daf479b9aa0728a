"""Why a customer may not buy, or a paper may not be put on file."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

_BLOCK, _WARN = Severity.BLOCK, Severity.WARN

DOSSIER_MISSING = ReasonCode(
    "dossier.missing",
    _BLOCK,
    "{subject} lacks: {observed}",
    "{subject} 缺少：{observed}",
    remedy="put the papers on file and have them reviewed",
    rule="R-01",
)
DOSSIER_NOT_APPROVED = ReasonCode(
    "dossier.not_approved",
    _BLOCK,
    "the file of {subject} is {observed}, not {expected}",
    "{subject} 的首营资料状态为 {observed}，应为 {expected}",
    remedy="have the quality department review it",
    rule="R-01",
)
LICENCE_MISSING = ReasonCode(
    "licence.missing",
    _BLOCK,
    "{subject} has no {expected} on file",
    "{subject} 没有 {expected}",
    remedy="register the licence",
    rule="R-05",
)
LICENCE_PENDING = ReasonCode(
    "licence.pending",
    _BLOCK,
    "{field} of {subject} is {observed}",
    "{subject} 的{field}{observed}",
    remedy="have the quality department verify it",
    rule="R-05",
)
LICENCE_REVOKED = ReasonCode(
    "licence.revoked",
    _BLOCK,
    "{field} {observed} of {subject} was revoked",
    "{subject} 的{field}（{observed}）已撤销",
    remedy="register a new licence",
    rule="R-05",
)
LICENCE_EXPIRED = ReasonCode(
    "licence.expired",
    _BLOCK,
    "{field} of {subject} expired on {observed}; needed on {expected}",
    "{subject} 的{field}已于 {observed} 到期，{expected} 须有效",
    remedy="register the renewed licence",
    rule="R-06",
)
LICENCE_EXPIRING = ReasonCode(
    "licence.expiring",
    _WARN,
    "{field} of {subject} expires on {observed}, within {expected} days",
    "{subject} 的{field}将于 {observed} 到期，不足 {expected} 天",
    remedy="ask for the renewed licence",
    rule="R-06",
)
TERM_IMPLAUSIBLE = ReasonCode(
    "licence.term_implausible",
    _WARN,
    "{field} of {subject} runs until {observed}; at most {expected}",
    "{subject} 的{field}有效期至 {observed}，最长至 {expected}",
    remedy="check the dates against the paper",
    rule="R-07",
)
OUT_OF_SCOPE = ReasonCode(
    "licence.out_of_scope",
    _BLOCK,
    "{subject} may not buy {field}: needs {expected}, licensed for {observed}",
    "{subject} 不可购进 {field}：需要 {expected}，许可范围为 {observed}",
    rule="R-05",
)
SUPPLY_OUT_OF_SCOPE = ReasonCode(
    "licence.supply_out_of_scope",
    _BLOCK,
    "{subject} may not supply {field}: needs {expected}, licensed for {observed}",
    "{subject} 不可供应 {field}：需要 {expected}，许可范围为 {observed}",
    rule="R-05",
)
SUPPLIER_KIND = ReasonCode(
    "supplier.kind",
    _BLOCK,
    "{subject} is a {observed}: only a {expected} supplies drugs",
    "{subject} 的类别为 {observed}：供货单位须为 {expected}",
    rule="R-01",
)
SCOPE_UNKNOWN = ReasonCode(
    "licence.scope_unknown",
    _WARN,
    "the licence of {subject} names the unknown scope {observed}",
    "{subject} 的证照使用未知范围 {observed}",
    remedy="use the scope codes of the policy pack",
)
LICENCE_DATES = ReasonCode(
    "licence.dates_reversed",
    _BLOCK,
    "the licence of {subject} expires on {observed}, before {expected}",
    "{subject} 的证照到期日 {observed} 早于发证日 {expected}",
)
AUTHORISATION_OUT_OF_SCOPE = ReasonCode(
    "authorisation.out_of_scope",
    _BLOCK,
    "letter {field} of {subject} covers {expected}; needed: {observed}",
    "{subject} 的授权书 {field} {expected}，不能用于 {observed}",
    remedy="ask for a letter that covers it",
    rule="R-03",
)
AUTHORISATION_BLANK = ReasonCode(
    "authorisation.blank",
    _BLOCK,
    "the letter of {subject} leaves out {observed}",
    "{subject} 的授权书未写明{observed}",
    remedy="name them, or write * for all",
    rule="R-03",
)
AUTHORISATION_TAKEN = ReasonCode(
    "authorisation.taken",
    _BLOCK,
    "letter {observed} belongs to {expected}",
    "授权书 {observed} 属于 {expected}",
)
AUTHORISATION_DATES = ReasonCode(
    "authorisation.dates_reversed",
    _BLOCK,
    "the letter of {subject} ends on {observed}, before {expected}",
    "{subject} 的授权书截止日 {observed} 早于 {expected}",
)
AGREEMENT_EXPIRED = ReasonCode(
    "quality_agreement.expired",
    _BLOCK,
    "quality agreement with {subject} ended on {observed}; needed on {expected}",
    "与 {subject} 的质量保证协议已于 {observed} 到期，{expected} 须有效",
    remedy="sign and register a new agreement",
    rule="R-04",
)
SPECIAL_NO_CASH = ReasonCode(
    "special.no_cash",
    _BLOCK,
    "{field} may not be paid in cash",
    "{field} 不可使用现金交易",
    remedy="pay by bank transfer",
    rule="R-31",
)
SPECIAL_UNQUALIFIED = ReasonCode(
    "special.unqualified",
    _BLOCK,
    "{subject} is not qualified for {field} ({observed})",
    "{subject} 不具备 {field}（{observed}）的购进资质",
    remedy="register the licence that covers it",
    rule="R-31",
)
SPECIAL_OUT_OF_SCOPE = ReasonCode(
    "special.category_out_of_scope",
    _BLOCK,
    "{field} ({observed}) is not handled by this release",
    "本版本不支持 {field}（{observed}）",
    rule="R-35",
)
ONLINE_FORBIDDEN = ReasonCode(
    "online.forbidden",
    _BLOCK,
    "{field} ({observed}) may not be sold online",
    "{field}（{observed}）不可网络销售",
    rule="R-34",
)
EPHEDRINE_QUANTITY = ReasonCode(
    "ephedrine.quantity",
    _BLOCK,
    "{observed} packs of {field}; limit {expected} without prescription",
    "{field} 共 {observed} 个最小包装，无处方限购 {expected} 个",
    remedy="sell less, or name the prescription",
    rule="R-30",
)
EPHEDRINE_IDENTITY = ReasonCode(
    "ephedrine.identity_missing",
    _BLOCK,
    "{field} is sold only to a buyer whose identity was checked",
    "销售 {field} 须查验并登记购买者身份证",
    remedy="check and register the identity card",
    rule="R-30",
)

REASONS = tuple(value for value in tuple(globals().values()) if isinstance(value, ReasonCode))
