"""Codes of companies and licences as they look in China, made up from the place and a number."""

from functools import cache

from stdnum.cn import uscc

from pharmacrm.core.values.address import Address
from pharmacrm.core.values.trade import CustomerKind
from pharmacrm.demo.files import Row, rows

_ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ELEVEN = 11
_SHORT = {
    "上海市": "沪",
    "江苏省": "苏",
    "浙江省": "浙",
    "安徽省": "皖",
    "山东省": "鲁",
    "广东省": "粤",
    "广西壮族自治区": "桂",
    "福建省": "闽",
    "湖南省": "湘",
    "湖北省": "鄂",
    "江西省": "赣",
}
_TRADE = {CustomerKind.DISTRIBUTOR: "AA", CustomerKind.PHARMACY_CHAIN: "BA", CustomerKind.PHARMACY: "CB"}


@cache
def _places() -> dict[tuple[str, str, str], Row]:
    return {(row["province"], row["city"], row["district"]): row for row in rows("divisions")}


def place_of(address: Address) -> Row:
    """The row of the real district in which an address lies; KeyError if there is none."""
    return _places()[address.province, address.city, address.district]


def credit_code(kind: CustomerKind, district: str, number: int) -> str:
    """A unified social credit code (统一社会信用代码) with both of its check characters.

    A hospital is a public institution (12), everybody else a company (91).
    """
    body = f"MADEM{number:03d}"
    total = sum(weight * _ORGANISATION.index(each) for weight, each in zip(_WEIGHTS, body, strict=True))
    check = "0123456789X0"[_ELEVEN - total % _ELEVEN]
    first = ("12" if kind is CustomerKind.HOSPITAL else "91") + district + body + check
    return first + str(uscc.calc_check_digit(first))


def licence_number(kind: CustomerKind, address: Address, number: int) -> str:
    """The number of a licence to practise (PDY...) or to trade in drugs (苏AA0250001)."""
    district = place_of(address)["code"]
    if kind is CustomerKind.HOSPITAL:
        return f"PDY{district}{number:06d}"
    return f"{_SHORT[address.province]}{_TRADE[kind]}{district[2:4]}0{number:04d}"
