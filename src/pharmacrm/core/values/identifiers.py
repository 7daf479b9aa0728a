"""Identifiers of drugs, companies and people, read strictly (rules.md section 8); what is refused says why.

Every reader returns the text unchanged, or raises `MalformedInput` with a code `identifier.*`.
"""

import re
from enum import StrEnum
from typing import Final

from attrs import frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.ids import as_text

_APPROVAL: Final = re.compile(r"国药准字(?:([HZS])([CJ]?)|([JBTF]))[0-9]{8}")
_OLDER_IMPORT: Final = re.compile(r"B?([HZS])(C?)[0-9]{8}")
_USCC: Final = re.compile(r"[0-9]{8}[0-9A-HJ-NPQRTUWXY]{10}")
_RESIDENT: Final = re.compile(r"[0-9]{17}[0-9X]")
_ATC: Final = re.compile(r"[ABCDGHJLMNPRSV](?:[0-9]{2}(?:[A-Z](?:[A-Z](?:[0-9]{2})?)?)?)?")
_EAN: Final = re.compile(r"[0-9]{13}")

LONGEST_LOT: Final = 20


class Origin(StrEnum):
    """Where an approved drug is made: domestic 境内, Hong Kong, Macau or Taiwan 港澳台, overseas 境外."""

    DOMESTIC = "domestic"
    HK_MO_TW = "hk_mo_tw"
    OVERSEAS = "overseas"


_ORIGINS: Final = {"": Origin.DOMESTIC, "C": Origin.HK_MO_TW, "J": Origin.OVERSEAS}


@frozen
class ApprovalNumber:
    """A drug approval number (批准文号) taken apart.

    `kind` is H chemical, Z Chinese medicine, S biological, or a legacy letter J, B, T, F, which tells no
    origin. `older_import` marks the certificates of before 2020 (H20140321). The digits say nothing: the
    first four are a year in some numbers and a province in others.
    """

    text: str
    kind: str
    origin: Origin | None = None
    older_import: bool = False

    @property
    def legacy(self) -> bool:
        """Whether the letter is one that is no longer given (J, B, T, F)."""
        return self.origin is None


def parse_approval_number(value: str) -> ApprovalNumber:
    """Take an approval number apart; refuses other text with `identifier.approval_number`."""
    if type(value) is str:
        if match := _APPROVAL.fullmatch(value):
            kind, origin, legacy = match.groups()
            return ApprovalNumber(value, legacy) if legacy else ApprovalNumber(value, kind, _ORIGINS[origin])
        if match := _OLDER_IMPORT.fullmatch(value):
            origin = Origin.HK_MO_TW if match[2] else Origin.OVERSEAS
            return ApprovalNumber(value, match[1], origin, older_import=True)
    raise MalformedInput("identifier.approval_number", "write 国药准字, a letter and 8 digits", value=value)


def as_approval_number(value: str) -> str:
    """Check a drug approval number (国药准字), a legacy one or an older import certificate."""
    return parse_approval_number(value).text


def as_uscc(value: str) -> str:
    """Check a unified social credit code (统一社会信用代码): 18 characters with their check character."""
    if type(value) is str and _USCC.fullmatch(value):
        from stdnum.cn import uscc

        if uscc.is_valid(value):
            return value
    raise MalformedInput("identifier.uscc", "this is no unified social credit code", value=value)


def as_resident_id(value: str) -> str:
    """Check a resident identity number (居民身份证号): place, date and check digit; errors never show it."""
    if type(value) is str and _RESIDENT.fullmatch(value):
        from stdnum.cn import ric

        if ric.is_valid(value):
            return value
    raise MalformedInput("identifier.resident_id", "this is no resident identity number", masked=True)


def as_atc(value: str) -> str:
    """Check an ATC code of any of its five levels: A, A10, A10B, A10BA, A10BA02."""
    if type(value) is str and _ATC.fullmatch(value):
        return value
    raise MalformedInput("identifier.atc", "an ATC code is like A10BA02 or its first levels", value=value)


def as_ean(value: str) -> str:
    """Check a trade barcode of 13 digits (商品条码); it is no trace code."""
    if type(value) is str and _EAN.fullmatch(value):
        from stdnum import ean

        if ean.is_valid(value):
            return value
    raise MalformedInput("identifier.ean", "a trade barcode is 13 digits with a check digit", value=value)


def as_lot(value: str) -> str:
    """Check a lot number (批号): at most 20 characters, kept as it is, zeros and case included."""
    try:
        return as_text(value, LONGEST_LOT)
    except MalformedInput as error:
        raise MalformedInput("identifier.lot", error.message, value=value) from None
