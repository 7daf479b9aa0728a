"""Products (产品): the catalogue with its packs, classes and approvals."""

from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.products.commands import RegisterProduct
from pharmacrm.core.products.events import ProductRegistered
from pharmacrm.core.products.handlers import HANDLERS
from pharmacrm.core.products.model import Pack, Product
from pharmacrm.core.products.packs import pack_units, to_base, to_packs, whole_packs
from pharmacrm.core.products.reasons import REASONS
from pharmacrm.core.products.rules import as_goods, check_product

_READERS = (
    "sales",
    "purchasing",
    "assistant",
    "dispatcher",
    "lead",
    "finance",
    "warehouse",
    "quality",
    "auditor",
)

domain = Domain(
    name="products",
    records=(Product,),
    handlers=HANDLERS,
    events=(ProductRegistered,),
    reasons=REASONS,
    rights={
        **dict.fromkeys(_READERS, (Product,)),
        "admin": (Product, RegisterProduct),
        "erp": (RegisterProduct,),
    },
)

__all__ = [
    "Pack",
    "Product",
    "ProductRegistered",
    "RegisterProduct",
    "as_goods",
    "check_product",
    "domain",
    "pack_units",
    "to_base",
    "to_packs",
    "whole_packs",
]
