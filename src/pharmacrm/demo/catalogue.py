"""What the company sells: products, the price list, and the lots on the shelf."""

from datetime import timedelta
from decimal import Decimal
from functools import cache

from attrs import frozen

from pharmacrm.core.kernel.message import Command
from pharmacrm.core.orders import RegisterLot
from pharmacrm.core.prices import RegisterPrice, RegisterPriceList
from pharmacrm.core.products import Pack, RegisterProduct
from pharmacrm.core.values.trade import MarketingClass, RxStatus, SpecialControl, StorageClass
from pharmacrm.demo.cast import ADMIN, WAREHOUSE
from pharmacrm.demo.company import Company
from pharmacrm.demo.files import Row, rows
from pharmacrm.demo.scale import FIRST_DAY, Scale

PRICES = "STD-2026"
BOX, CARTON = "盒", "件"
RECALLED, EXPIRING = "AMX-500", "IBU-300"
"""The product of which a lot is recalled, and the one with a lot that expires during the story."""


@frozen(kw_only=True)
class Article:
    """A product as the story needs it: its id, name, class, packs and price for one base unit."""

    id: str
    name: str
    category: str
    rx: RxStatus
    special: SpecialControl
    box: int
    carton: int
    price: Decimal
    floor: Decimal


@cache
def articles() -> dict[str, Article]:
    """Every product by its id."""
    return {row["id"]: _article(row) for row in rows("products")}


def _article(row: Row) -> Article:
    return Article(
        id=row["id"],
        name=row["generic_name"],
        category=row["category"],
        rx=RxStatus(row["rx"]),
        special=SpecialControl(row["special"]),
        box=int(row["box"]),
        carton=int(row["carton"]),
        price=Decimal(row["price"]),
        floor=Decimal(row["floor"]),
    )


def fill_the_shelves(company: Company) -> None:
    """Register products, prices and lots."""
    listed = RegisterPriceList(id=PRICES, name="2026 年度标准价目表", currency="CNY", valid_from=FIRST_DAY)
    company.together(
        (*map(_registered, rows("products")), listed, *map(_priced, rows("products"))), actor=ADMIN
    )
    company.together(_lots(company.scale), actor=WAREHOUSE)


def _registered(row: Row) -> Command[object]:
    return RegisterProduct(
        id=row["id"],
        generic_name=row["generic_name"],
        strength=row["strength"],
        dosage_form=row["dosage_form"],
        manufacturer=row["manufacturer"],
        holder=row["manufacturer"],
        base_unit=row["base_unit"],
        packs=(Pack(BOX, int(row["box"])), Pack(CARTON, int(row["carton"]))),
        sales_pack=BOX,
        category=row["category"],
        rx=RxStatus(row["rx"]),
        marketing=MarketingClass(row["marketing"]),
        storage=StorageClass(row["storage"]),
        special=SpecialControl(row["special"]),
        approval_number=row["approval_number"],
    )


def _priced(row: Row) -> Command[object]:
    return RegisterPrice(price_list=PRICES, product=row["id"], price=row["price"], floor=row["floor"])


def first_lot(product: str) -> str:
    """The number of the oldest lot of a product."""
    place = list(articles()).index(product)
    return f"2507{place + 1:02d}1"


def _lots(scale: Scale) -> list[RegisterLot]:
    """Three lots of every product; the oldest of one expires while the story is told."""
    found = []
    for place, id in enumerate(articles()):
        for number, days in enumerate((300, 520, 700)):
            expires = FIRST_DAY + timedelta(days=days + 7 * place)
            lot = first_lot(id) if number == 0 else f"25{8 + number:02d}{place + 1:02d}{number + 1}"
            if id == EXPIRING and number == 0:
                expires = scale.day_at(0.45)
            found.append(RegisterLot(product=id, lot=lot, expires=expires))
    return found
