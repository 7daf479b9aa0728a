"""Stock as an ERP last told it, looked at together with the catalogue (型号、库存剩余、成本, XT-17)."""

from datetime import datetime, timedelta

from attrs import frozen

from pharmacrm.core.kernel.decision import Decision, refuse
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Question, Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.strict import Id, OptionalId, strict
from pharmacrm.core.products import Product
from pharmacrm.core.products.reasons import PRODUCT_UNKNOWN
from pharmacrm.core.stock import RecordStock, StockSnapshot, record_stock, snapshot_id


@frozen(kw_only=True)
class StockLevel:
    """What is known of a product's stock: the ERP's words, the sum, and how old the oldest word is.

    `quantity` is in base units over every site and lot shown. Without any word, `as_of` and `age` are None:
    nothing is known, which is not zero.
    """

    product: str
    name: str
    strength: str
    base_unit: str
    quantity: int
    words: tuple[StockSnapshot, ...]
    as_of: datetime | None
    age: timedelta | None
    sources: tuple[str, ...]


@frozen(kw_only=True, field_transformer=strict)
class StockOf(Question[StockLevel]):
    """What an ERP last said of a product's stock, at one site or at all of them, and how long ago."""

    product: Id
    site: OptionalId = ""


@RecordStock.handler
def on_record_stock(command: RecordStock, read: Reads) -> Decision[StockSnapshot]:
    """Load the product, which has to be known, and the snapshot held; the source is who says it."""
    if read.seek(Product, command.product) is None:
        return refuse(PRODUCT_UNKNOWN(command.product, field="product"))
    held = read.seek(StockSnapshot, snapshot_id(command.product, command.site, command.lot))
    return record_stock(command, held, source=read.actor, currency=read.tenant.currency, at=read.at)


@StockOf.handler
def stock_of(question: StockOf, read: Reads) -> StockLevel:
    """Load the product and its snapshots."""
    product = read.get(Product, question.product)
    of_site = (eq("site", question.site),) if question.site else ()
    words = read.find(StockSnapshot, eq("product", product.id), *of_site, order=("site", "lot"))
    return stock_level(product, words, at=read.at)


def stock_level(product: Product, words: list[StockSnapshot], *, at: datetime) -> StockLevel:
    """Sum the words up; the whole is as old as its oldest word."""
    as_of = min((word.as_of for word in words), default=None)
    return StockLevel(
        product=product.id,
        name=product.generic_name,
        strength=product.strength,
        base_unit=product.base_unit,
        quantity=sum(word.quantity for word in words),
        words=tuple(words),
        as_of=as_of,
        age=None if as_of is None else max(at - as_of, timedelta(0)),
        sources=tuple(sorted({word.source for word in words})),
    )


_ASKING = ("sales", "assistant", "dispatcher", "lead", "finance", "warehouse", "admin", "auditor")

domain = Domain(
    name="stock_levels",
    handlers=(on_record_stock, stock_of),
    rights={"erp": (RecordStock,), **dict.fromkeys(_ASKING, (StockOf,))},
)
