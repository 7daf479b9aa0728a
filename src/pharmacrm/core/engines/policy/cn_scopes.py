"""China: scope codes of licences (经营范围), and who may buy what under which licence (R-01, R-05, R-31).

Which clinic may buy what, and which papers a buyer of each kind has on file, is knowledge of the field [D]
and wants confirmation; a host replaces a table with `attrs.evolve`.
"""

from typing import Final

from pharmacrm.core.engines.policy.tables import Category, Needs, Permit, Permits, Tables
from pharmacrm.core.values.licence_kinds import LicenceKind
from pharmacrm.core.values.trade import CustomerKind, SpecialControl

_TRADE: Final = LicenceKind.DRUG_DISTRIBUTION
_MAKING: Final = LicenceKind.DRUG_PRODUCTION
_HOSPITAL: Final = LicenceKind.MEDICAL_INSTITUTION
_CLINIC: Final = (LicenceKind.CLINIC_FILING, LicenceKind.MEDICAL_INSTITUTION)
_SHOPS: Final = (CustomerKind.PHARMACY_CHAIN, CustomerKind.PHARMACY)

_WESTERN: Final = ("western", "integrated")
_DENTAL: Final = (*_WESTERN, "dental")
_CHINESE: Final = (*_WESTERN, "tcm")

SUBJECTS: Final = {
    "western": "西医诊疗",
    "tcm": "中医诊疗",
    "integrated": "中西医结合诊疗",
    "dental": "口腔诊疗",
}
CLASSES: Final = {"rx": "处方药", "otc_a": "甲类非处方药", "otc_b": "乙类非处方药"}


def _wholesale(*scopes: str) -> Permits:
    return {CustomerKind.DISTRIBUTOR: (Permit(_TRADE, scopes),)}


def _retail(*scopes: str) -> Permits:
    return dict.fromkeys(_SHOPS, (Permit(_TRADE, scopes, by_class=True),))


def _care(subjects: tuple[str, ...]) -> Permits:
    clinic = tuple(Permit(kind, subjects) for kind in _CLINIC)
    return {CustomerKind.HOSPITAL: (Permit(_HOSPITAL),), CustomerKind.CLINIC: clinic}


def _supply(code: str) -> Permits:
    """Who may supply: a manufacturer under its production licence, a distributor within its scope."""
    return {**_wholesale(code), CustomerKind.MANUFACTURER: (Permit(_MAKING),)}


def _ordinary(code: str, zh: str, subjects: tuple[str, ...] = _WESTERN) -> Category:
    return Category(code, zh, {**_wholesale(code), **_retail(code), **_care(subjects)}, _supply(code))


def _hospital_only(code: str, zh: str, permit: Permit) -> Category:
    return Category(code, zh, {**_wholesale(code), CustomerKind.HOSPITAL: (permit,)}, _supply(code))


CATEGORIES: Final = (
    _ordinary("chemical", "化学药制剂", _DENTAL),
    _ordinary("antibiotic", "抗生素制剂", _DENTAL),
    _ordinary("tcm_patent", "中成药", _CHINESE),
    _ordinary("tcm_slices", "中药饮片", _CHINESE),
    _ordinary("tcm_materials", "中药材", _CHINESE),
    _ordinary("biochemical", "生化药品"),
    _ordinary("biological", "生物制品"),
    _ordinary("ephedrine_compound", "含麻黄碱类复方制剂"),
    _hospital_only("anabolic_peptide", "蛋白同化制剂、肽类激素", Permit(_HOSPITAL)),
    _ordinary("psychotropic_2", "第二类精神药品"),
    _hospital_only("narcotic", "麻醉药品和第一类精神药品", Permit(LicenceKind.NARCOTIC_CARD)),
    _hospital_only("toxic", "医疗用毒性药品", Permit(_HOSPITAL)),
    _hospital_only("radioactive", "放射性药品", Permit(LicenceKind.RADIOACTIVE)),
    _hospital_only("precursor", "药品类易制毒化学品", Permit(LicenceKind.PRECURSOR)),
    Category(
        "vaccine",
        "疫苗",
        {CustomerKind.HOSPITAL: (Permit(_HOSPITAL, ("vaccination",)),)},
        {CustomerKind.MANUFACTURER: (Permit(_MAKING),)},
    ),
)

_COMPOUND: Final = ("ephedrine_compound", "anabolic_peptide")
_SECOND: Final = {**_wholesale("psychotropic_2"), **_retail("psychotropic_2"), **_care(_WESTERN)}
_GIVEN: Final = {category.code: category.permits for category in CATEGORIES}

SPECIAL: Final[dict[SpecialControl, Permits]] = {
    SpecialControl.EPHEDRINE_COMPOUND: {**_wholesale(*_COMPOUND), **_retail(), **_care(_WESTERN)},
    SpecialControl.CODEINE_ORAL: _SECOND,
    SpecialControl.PSYCHOTROPIC_2: _SECOND,
    SpecialControl.ANABOLIC: _GIVEN["anabolic_peptide"],
    SpecialControl.PEPTIDE: _GIVEN["anabolic_peptide"],
    SpecialControl.NARCOTIC: _GIVEN["narcotic"],
    SpecialControl.PSYCHOTROPIC_1: _GIVEN["narcotic"],
    SpecialControl.TOXIC: _GIVEN["toxic"],
    SpecialControl.RADIOACTIVE: _GIVEN["radioactive"],
    SpecialControl.PRECURSOR: _GIVEN["precursor"],
    SpecialControl.VACCINE: _GIVEN["vaccine"],
    SpecialControl.BLOOD_PRODUCT: {**_wholesale("biological"), **_care(_WESTERN)},
}

_SHOP: Final[Needs] = ((_TRADE,), (LicenceKind.BUSINESS,))
PAPERS: Final[dict[CustomerKind, Needs]] = {
    CustomerKind.HOSPITAL: ((_HOSPITAL,),),
    CustomerKind.CLINIC: (_CLINIC,),
    CustomerKind.PHARMACY: _SHOP,
    CustomerKind.PHARMACY_CHAIN: (*_SHOP, (LicenceKind.QUALITY_AGREEMENT,)),
    CustomerKind.DISTRIBUTOR: (
        *_SHOP,
        (LicenceKind.QUALITY_AGREEMENT,),
        (LicenceKind.SEAL_SPECIMEN,),
        (LicenceKind.BANK_ACCOUNT,),
    ),
}

_SUPPLIER: Final[Needs] = (
    (LicenceKind.BUSINESS,),
    (LicenceKind.QUALITY_AGREEMENT,),
    (LicenceKind.SEAL_SPECIMEN,),
    (LicenceKind.SLIP_SPECIMEN,),
    (LicenceKind.BANK_ACCOUNT,),
)
SUPPLIER_PAPERS: Final[dict[CustomerKind, Needs]] = {
    CustomerKind.MANUFACTURER: ((_MAKING,), *_SUPPLIER),
    CustomerKind.DISTRIBUTOR: ((_TRADE,), *_SUPPLIER),
}
PAPERS[CustomerKind.MANUFACTURER] = SUPPLIER_PAPERS[CustomerKind.MANUFACTURER]

CN_TABLES: Final = Tables(
    papers=PAPERS,
    supplier_papers=SUPPLIER_PAPERS,
    categories={category.code: category for category in CATEGORIES},
    special=SPECIAL,
    no_cash=frozenset(control for control in SpecialControl if control.is_compound),
    never_online=frozenset(
        {
            SpecialControl.VACCINE,
            SpecialControl.BLOOD_PRODUCT,
            SpecialControl.NARCOTIC,
            SpecialControl.PSYCHOTROPIC_1,
            SpecialControl.PSYCHOTROPIC_2,
            SpecialControl.TOXIC,
            SpecialControl.RADIOACTIVE,
            SpecialControl.PRECURSOR,
        }
    ),
    out_of_scope=frozenset(
        {
            SpecialControl.NARCOTIC,
            SpecialControl.PSYCHOTROPIC_1,
            SpecialControl.PSYCHOTROPIC_2,
            SpecialControl.TOXIC,
            SpecialControl.RADIOACTIVE,
        }
    ),
    retail_packs={SpecialControl.EPHEDRINE_COMPOUND: 2},
    longest_months={_TRADE: 60},
    scope_names={
        **{category.code: category.zh for category in CATEGORIES},
        **SUBJECTS,
        **CLASSES,
        "vaccination": "预防接种",
    },
)
