"""What a purchase has to know of its supplier and its goods: read once, looked at by every step."""

from collections.abc import Mapping, Sequence
from datetime import date

from attrs import frozen

from pharmacrm.core.customers import Customer, check_customer
from pharmacrm.core.engines.policy import CN_GSP, PolicyPack
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq, is_in
from pharmacrm.core.kernel.reason import Reason, in_order
from pharmacrm.core.licences import Dossier, Licence, may_supply
from pharmacrm.core.products import Product, as_goods


@frozen(kw_only=True)
class Supply:
    """The supplier with its papers, and the products by id."""

    supplier: Customer
    dossier: Dossier | None
    licences: Sequence[Licence]
    products: Mapping[str, Product]
    pack: PolicyPack = CN_GSP


def read_supply(read: Reads, supplier: str, products: Sequence[str]) -> Supply:
    """Read what a purchase of these products from this supplier depends on; an unknown one is `NotFound`."""
    customer = read.get(Customer, supplier)
    dossier = read.seek(Dossier, supplier)
    wanted = is_in("id", sorted(set(products)))
    return Supply(
        supplier=customer,
        dossier=dossier,
        licences=read.find(Licence, eq("customer", supplier)) if dossier else (),
        products={product.id: product for product in read.find(Product, wanted)},
    )


def entitlement(products: Sequence[str], supply: Supply, *, on: date, ordered_on: date) -> tuple[Reason, ...]:
    """Whether the supplier may supply these goods on a day, by the law of that day (首营企业审核, R-01)."""
    found = may_supply(
        supply.supplier.id,
        supply.supplier.kind,
        supply.dossier,
        supply.licences,
        [as_goods(supply.products[id]) for id in dict.fromkeys(products) if id in supply.products],
        on=on,
        ordered_on=ordered_on,
        pack=supply.pack,
    )
    return in_order((*check_customer(supply.supplier, field="supplier"), *supply.pack.weigh(found, on)))
