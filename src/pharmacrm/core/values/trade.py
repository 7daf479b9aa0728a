"""Words of the trade that several domains share: kinds of customer, classes of goods, channels, tenders."""

from enum import StrEnum


class CustomerKind(StrEnum):
    """What a customer or supplier is (客户): an institution, or a person or department below one."""

    HOSPITAL = "hospital"
    CLINIC = "clinic"
    PHARMACY_CHAIN = "pharmacy_chain"
    PHARMACY = "pharmacy"
    DISTRIBUTOR = "distributor"
    MANUFACTURER = "manufacturer"
    HCP = "hcp"
    CONSUMER = "consumer"
    DEPARTMENT = "department"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _KIND_ZH[self]

    @property
    def is_person(self) -> bool:
        """Whether the customer is a natural person (个人)."""
        return self in {CustomerKind.HCP, CustomerKind.CONSUMER}

    @property
    def is_organisation(self) -> bool:
        """Whether the customer trades under a licence and a credit code of its own (机构)."""
        return not self.is_person and self is not CustomerKind.DEPARTMENT


_KIND_ZH = {
    CustomerKind.HOSPITAL: "医院",
    CustomerKind.CLINIC: "诊所",
    CustomerKind.PHARMACY_CHAIN: "连锁药店",
    CustomerKind.PHARMACY: "药店",
    CustomerKind.DISTRIBUTOR: "经销商",
    CustomerKind.MANUFACTURER: "生产企业",
    CustomerKind.HCP: "医生",
    CustomerKind.CONSUMER: "消费者",
    CustomerKind.DEPARTMENT: "科室",
}


class RxStatus(StrEnum):
    """Whether a product needs a prescription (处方药, 甲类/乙类非处方药), or is no drug at all."""

    RX = "rx"
    OTC_A = "otc_a"
    OTC_B = "otc_b"
    NOT_A_DRUG = "not_a_drug"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _RX_ZH[self]

    @property
    def is_drug(self) -> bool:
        """Whether the law of drugs applies."""
        return self is not RxStatus.NOT_A_DRUG


_RX_ZH = {
    RxStatus.RX: "处方药",
    RxStatus.OTC_A: "甲类非处方药",
    RxStatus.OTC_B: "乙类非处方药",
    RxStatus.NOT_A_DRUG: "非药品",
}


class MarketingClass(StrEnum):
    """How a product is marketed: 新特药, 普药, OTC, 保健品; it drives quotas and schemes (XT-35)."""

    NEW_SPECIAL = "new_special"
    GENERIC = "generic"
    OTC = "otc"
    HEALTH = "health"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _MARKETING_CLASS_ZH[self]


_MARKETING_CLASS_ZH = {
    MarketingClass.NEW_SPECIAL: "新特药",
    MarketingClass.GENERIC: "普药",
    MarketingClass.OTC: "非处方药",
    MarketingClass.HEALTH: "保健品",
}


class StorageClass(StrEnum):
    """How a product is kept: ambient 常温 10-30 C, cool 阴凉 up to 20 C, cold 冷藏 2-8 C, frozen 冷冻."""

    AMBIENT = "ambient"
    COOL = "cool"
    COLD_2_8 = "cold_2_8"
    FROZEN = "frozen"


class SpecialControl(StrEnum):
    """The control that a drug stands under (特殊管理药品, 含特殊药品复方制剂), or none."""

    NONE = "none"
    EPHEDRINE_COMPOUND = "ephedrine_compound"
    CODEINE_ORAL = "codeine_oral"
    DIPHENOXYLATE = "diphenoxylate"
    LIQUORICE = "liquorice"
    ANABOLIC = "anabolic"
    PEPTIDE = "peptide"
    NARCOTIC = "narcotic"
    PSYCHOTROPIC_1 = "psychotropic_1"
    PSYCHOTROPIC_2 = "psychotropic_2"
    TOXIC = "toxic"
    RADIOACTIVE = "radioactive"
    PRECURSOR = "precursor"
    VACCINE = "vaccine"
    BLOOD_PRODUCT = "blood_product"

    @property
    def is_compound(self) -> bool:
        """Whether it is a compound that contains a controlled drug (含特殊药品复方制剂)."""
        return self in _COMPOUNDS

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _SPECIAL_ZH[self]


_COMPOUNDS = frozenset(
    {
        SpecialControl.EPHEDRINE_COMPOUND,
        SpecialControl.CODEINE_ORAL,
        SpecialControl.DIPHENOXYLATE,
        SpecialControl.LIQUORICE,
    }
)


_SPECIAL_ZH = {
    SpecialControl.NONE: "无",
    SpecialControl.EPHEDRINE_COMPOUND: "含麻黄碱类复方制剂",
    SpecialControl.CODEINE_ORAL: "含可待因复方口服液体制剂",
    SpecialControl.DIPHENOXYLATE: "复方地芬诺酯片",
    SpecialControl.LIQUORICE: "复方甘草片",
    SpecialControl.ANABOLIC: "蛋白同化制剂",
    SpecialControl.PEPTIDE: "肽类激素",
    SpecialControl.NARCOTIC: "麻醉药品",
    SpecialControl.PSYCHOTROPIC_1: "第一类精神药品",
    SpecialControl.PSYCHOTROPIC_2: "第二类精神药品",
    SpecialControl.TOXIC: "医疗用毒性药品",
    SpecialControl.RADIOACTIVE: "放射性药品",
    SpecialControl.PRECURSOR: "药品类易制毒化学品",
    SpecialControl.VACCINE: "疫苗",
    SpecialControl.BLOOD_PRODUCT: "血液制品",
}


class SalesChannel(StrEnum):
    """Where a sale is made (SC-19): to the trade 线下批发, on the net 线上, or over the counter 零售."""

    OFFLINE = "offline"
    ONLINE = "online"
    RETAIL = "retail"


class PaymentMethod(StrEnum):
    """How money changes hands: transfer 转账, cash 现金, bank acceptance 银行承兑汇票, cheque 支票, other."""

    BANK_TRANSFER = "bank_transfer"
    CASH = "cash"
    BANK_ACCEPTANCE = "bank_acceptance"
    CHEQUE = "cheque"
    OTHER = "other"
