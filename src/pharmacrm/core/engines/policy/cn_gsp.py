"""China: good supply practice (GSP) and special drugs, as of 21 November 2026. Not legal advice.

Sources, articles and dates are those of rules.md sections 0 to 4. A date that is not confirmed is left open.
"""

from datetime import date
from typing import Final

from pharmacrm.core.engines.policy.cn_scopes import CN_TABLES
from pharmacrm.core.engines.policy.model import PolicyPack, PolicyRule

_TEXT: Final = "text of the law read"
_SECONDARY: Final = "secondary text"
_FIELD: Final = "knowledge of the field"

_GSP: Final = "GSP (2016)"
_ORDER_84: Final = "SAMR Order 84 《药品经营和使用质量监督管理办法》"
_DRUG_LAW: Final = "Drug Administration Law (2019)"


def _gsp(id: str, codes: tuple[str, ...], article: str, verified_by: str = _TEXT) -> PolicyRule:
    """A rule of GSP: its text is of 2016, its first day is not confirmed."""
    return PolicyRule(
        id=id, codes=codes, source=_GSP, article=article, verified_by=verified_by, needs_confirmation=True
    )


RULES: Final = (
    _gsp(
        "R-01",
        ("dossier.missing", "dossier.not_approved", "supplier.kind"),
        "61-62",
        "text of the law read in part",
    ),
    _gsp("R-02", ("product.not_approved",), "63", _FIELD),
    _gsp("R-03", ("authorisation.out_of_scope", "authorisation.blank"), "64, 89", _FIELD),
    _gsp("R-04", ("quality_agreement.expired",), "65", _FIELD),
    _gsp(
        "R-05",
        (
            "licence.out_of_scope",
            "licence.missing",
            "licence.revoked",
            "licence.pending",
            "licence.supply_out_of_scope",
        ),
        "89-90",
    ),
    _gsp("R-06", ("licence.expired", "licence.expiring"), "appendix 2", _SECONDARY),
    PolicyRule(
        id="R-07",
        codes=("licence.term_implausible",),
        source=_ORDER_84,
        article="17",
        effective_from=date(2024, 1, 1),
        verified_by=_SECONDARY,
        needs_confirmation=True,
    ),
    PolicyRule(
        id="R-08",
        codes=("sales_record.incomplete",),
        source=f"{_GSP}; {_DRUG_LAW}",
        article="92; 57",
        verified_by=_TEXT,
        needs_confirmation=True,
    ),
    PolicyRule(
        id="R-09",
        codes=("payment.payer_mismatch", "payment.personal_account", "invoice.quantity_mismatch"),
        source=f"{_GSP}; CFDA 2016 no. 94",
        article="91",
        verified_by=_SECONDARY,
        needs_confirmation=True,
    ),
    _gsp("R-09b", ("retention.not_over", "backup.stale"), "42, 60", _FIELD),
    _gsp("R-09c", ("lot.expired", "lot.near_expiry"), "appendix for retail", _SECONDARY),
    PolicyRule(
        id="R-30",
        codes=("ephedrine.quantity", "ephedrine.identity_missing"),
        source="joint notice 国食药监办〔2012〕260号",
        verified_by=_SECONDARY,
        needs_confirmation=True,
    ),
    PolicyRule(
        id="R-31",
        codes=("special.no_cash", "special.unqualified", "delivery.unconfirmed"),
        source="CFDA 2016 no. 94; 国食药监办〔2012〕260号",
        verified_by=_SECONDARY,
        needs_confirmation=True,
    ),
    PolicyRule(
        id="R-34",
        codes=("online.forbidden",),
        source=_DRUG_LAW,
        article="61",
        effective_from=date(2019, 12, 1),
        verified_by=f"{_TEXT}; first day: {_FIELD}",
        needs_confirmation=True,
    ),
    PolicyRule(
        id="R-35",
        codes=("special.category_out_of_scope",),
        source="scope of the first release",
        verified_by=_FIELD,
        needs_confirmation=True,
    ),
)

CN_GSP: Final = PolicyPack(id="cn_gsp", version="2026.1", rules=RULES, tables=CN_TABLES)
