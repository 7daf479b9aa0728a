"""Whether a letter of authorisation covers an order (授权委托书, R-03)."""

from collections.abc import Iterator, Sequence

from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.words import Words
from pharmacrm.core.licences import reasons as why
from pharmacrm.core.licences.model import Authorisation, Purpose
from pharmacrm.core.licences.sale import Sale
from pharmacrm.core.values.goods import Goods

ALL = "*"
_NO_LETTER = Words("nothing: no such letter", "未登记")
_NO_PROVINCE = Words("an unknown province", "未知省份")


def check_letter(sale: Sale, goods: Sequence[Goods], letters: Sequence[Authorisation]) -> tuple[Reason, ...]:
    """Why the letter that an order names does not cover it: purpose, day, region or products."""
    if not sale.purchaser:
        return ()
    letter = next((one for one in letters if one.id == sale.purchaser and one.customer == sale.buyer), None)
    if letter is None:
        return (_outside(sale, Words("an order", "采购"), _NO_LETTER),)
    return tuple(_limits(sale, goods, letter))


def _limits(sale: Sale, goods: Sequence[Goods], letter: Authorisation) -> Iterator[Reason]:
    if letter.purpose is not Purpose.PURCHASE:
        yield _outside(sale, Words("an order", "采购"), Words("pick-up only", "仅限提货"))
    if not letter.valid_from <= sale.ordered_on <= letter.valid_to:
        days = Words(
            f"{letter.valid_from} to {letter.valid_to}", f"有效期为 {letter.valid_from} 至 {letter.valid_to}"
        )
        yield _outside(sale, sale.ordered_on, days)
    if ALL not in letter.regions and not _within(sale.province, letter.regions):
        seen = Words(sale.province, sale.province) if sale.province else _NO_PROVINCE
        yield _outside(sale, seen, _only("区域", letter.regions))
    for one in goods:
        if ALL not in letter.products and one.product not in letter.products:
            yield _outside(sale, one.product, _only("产品", letter.products))


def _within(province: str, regions: Sequence[str]) -> bool:
    """Tell whether a province is one of the regions; 江苏 and 江苏省 are the same."""
    return bool(province) and any(
        region.startswith(province) or province.startswith(region) for region in regions
    )


def _only(what: str, names: Sequence[str]) -> Words:
    return Words(", ".join(names) or "nothing", f"仅限{what}：{'、'.join(names) or '无'}")


def _outside(sale: Sale, seen: object, covered: Words) -> Reason:
    return why.AUTHORISATION_OUT_OF_SCOPE(sale.buyer, field=sale.purchaser, observed=seen, expected=covered)
