"""The kinds of documents that the library brings itself and hands in for approval by their own commands."""

from enum import StrEnum


class DocumentKind(StrEnum):
    """A kind of document of the library (单据类型); a host names its own documents otherwise."""

    QUOTE = "quote"
    PURCHASE_ORDER = "purchase_order"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _KIND_ZH[self]


_KIND_ZH = {
    DocumentKind.QUOTE: "报价单",
    DocumentKind.PURCHASE_ORDER: "采购订单",
}
LIBRARY_KINDS = frozenset(kind.value for kind in DocumentKind)
