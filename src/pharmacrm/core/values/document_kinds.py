"""The kinds of documents that the library brings itself and hands in for approval by their own commands."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from pharmacrm.core.kernel.words import Words


class DocumentKind(StrEnum):
    """A kind of document of the library (单据类型); a host names its own documents otherwise."""

    ORDER = "order"
    QUOTE = "quote"
    PURCHASE_ORDER = "purchase_order"
    CREDIT_OVERRIDE = "credit_override"
    CREDIT_LIMIT = "credit_limit"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _KIND_ZH[self]


_KIND_ZH = {
    DocumentKind.ORDER: "销售订单",
    DocumentKind.QUOTE: "报价单",
    DocumentKind.PURCHASE_ORDER: "采购订单",
    DocumentKind.CREDIT_OVERRIDE: "信用特批",
    DocumentKind.CREDIT_LIMIT: "信用额度调整",
}
LIBRARY_KINDS = frozenset(kind.value for kind in DocumentKind)

TRUTHS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "below_floor": Words("below floor price", "低于底价"),
        "special": Words("special medicines", "特殊药品"),
    }
)
"""What the fields of kind truth say where they hold, as a drawing shows it."""


def kind_name(kind: str) -> Words:
    """A kind of documents as a sentence names it; one of the host keeps its code."""
    return Words(kind, DocumentKind(kind).zh if kind in LIBRARY_KINDS else kind)


FIELDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        DocumentKind.ORDER.value: {
            "buyer": "text?",
            "customer_kind": "text?",
            "channel": "text?",
            "method": "text?",
            "terms": "text?",
            "ship_on": "date?",
            "credit": "money?",
            "lines": "text?",
            "delivery": "text?",
            "other": "text?",
        },
        DocumentKind.QUOTE.value: {
            "buyer": "text?",
            "customer_kind": "text?",
            "terms": "text?",
            "valid_until": "date?",
            "discount": "number?",
            "below_floor": "truth?",
            "lines": "text?",
            "other": "text?",
        },
        DocumentKind.PURCHASE_ORDER.value: {
            "supplier": "text?",
            "terms": "text?",
            "expected_on": "date?",
            "special": "truth?",
            "lines": "text?",
            "other": "text?",
        },
    }
)
"""What the routes of each kind may look at, beside the amount; every route of the kind declares it by itself.

`credit` is what of an order is to be paid after delivery, `discount` the largest of a line below its list
price, in percent. `lines`, `delivery` and `other` are digests: of the lines, of consignee, telephone and
address, and of everything that no other field shows: so whatever changes in a document, a field of it does.
"""
