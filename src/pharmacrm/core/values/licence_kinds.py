"""The kinds of licences and papers that a trading partner keeps on file (首营资料, R-01, R-07)."""

from enum import StrEnum


class LicenceKind(StrEnum):
    """A licence that permits something, or a paper that a dossier has to hold."""

    DRUG_DISTRIBUTION = "drug_distribution_licence"
    DRUG_PRODUCTION = "drug_production_licence"
    MEDICAL_INSTITUTION = "medical_institution_licence"
    CLINIC_FILING = "clinic_filing"
    BUSINESS = "business_licence"
    DEVICE_FILING_2 = "device_filing_2"
    DEVICE_LICENCE_3 = "device_licence_3"
    RADIOACTIVE = "radioactive_licence"
    NARCOTIC_CARD = "narcotic_card"
    PRECURSOR = "precursor_permit"
    GSP_CERTIFICATE = "gsp_certificate"
    ANNUAL_REPORT = "annual_report"
    QUALITY_AGREEMENT = "quality_agreement"
    SEAL_SPECIMEN = "seal_specimen"
    SLIP_SPECIMEN = "slip_specimen"
    BANK_ACCOUNT = "bank_account"

    @property
    def en(self) -> str:
        """The English name."""
        return self.value.replace("_", " ")

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _ZH[self]


_ZH = {
    LicenceKind.DRUG_DISTRIBUTION: "药品经营许可证",
    LicenceKind.DRUG_PRODUCTION: "药品生产许可证",
    LicenceKind.MEDICAL_INSTITUTION: "医疗机构执业许可证",
    LicenceKind.CLINIC_FILING: "诊所备案凭证",
    LicenceKind.BUSINESS: "营业执照",
    LicenceKind.DEVICE_FILING_2: "第二类医疗器械备案",
    LicenceKind.DEVICE_LICENCE_3: "第三类医疗器械许可",
    LicenceKind.RADIOACTIVE: "放射性药品许可",
    LicenceKind.NARCOTIC_CARD: "麻醉药品、第一类精神药品购用印鉴卡",
    LicenceKind.PRECURSOR: "药品类易制毒化学品购用证明",
    LicenceKind.GSP_CERTIFICATE: "GSP认证证书（历史）",
    LicenceKind.ANNUAL_REPORT: "企业年度报告",
    LicenceKind.QUALITY_AGREEMENT: "质量保证协议",
    LicenceKind.SEAL_SPECIMEN: "印章样式",
    LicenceKind.SLIP_SPECIMEN: "随货同行单样式",
    LicenceKind.BANK_ACCOUNT: "开户信息",
}
