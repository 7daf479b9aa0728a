"""Who buys: the customers of the story with their terms, habits and papers; nothing is stored here."""

from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

from attrs import frozen

from pharmacrm.core.values.address import Address
from pharmacrm.core.values.trade import CustomerKind
from pharmacrm.demo.cast import SALES
from pharmacrm.demo.catalogue import Article
from pharmacrm.demo.codes import credit_code, licence_number, place_of
from pharmacrm.demo.files import Row, rows
from pharmacrm.demo.scale import Scale

_SHOP = ("chemical", "antibiotic", "tcm_patent", "biochemical", "rx", "otc_a", "otc_b")
_TRADER = ("chemical", "antibiotic", "tcm_patent", "biochemical")
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高"
_TERMS = {
    CustomerKind.HOSPITAL: ("net 60", "net 90", "end of month + 30", "50% net 30, rest net 60"),
    CustomerKind.DISTRIBUTOR: ("30% prepaid, rest net 30", "2/10 net 30", "3/10 1/20 net 45"),
    CustomerKind.PHARMACY_CHAIN: ("net 30", "2/10 net 30", "20% prepaid, rest net 45"),
    CustomerKind.PHARMACY: ("prepaid", "2/10 net 30", "net 15", "net 30"),
}
_LIMITS = {
    CustomerKind.HOSPITAL: (120_000, 300_000),
    CustomerKind.DISTRIBUTOR: (500_000, 900_000),
    CustomerKind.PHARMACY_CHAIN: (200_000, 400_000),
    CustomerKind.PHARMACY: (12_000, 30_000),
}
_CALLED = ("主任", "经理", "老师")
_TITLES = {CustomerKind.HOSPITAL: "药剂科", CustomerKind.PHARMACY: "店长"}


class Habit(Enum):
    """How a customer pays: early for the discount, when due, late, in parts, once a month, or never."""

    EARLY = "early"
    PROMPT = "prompt"
    LATE = "late"
    PARTS = "parts"
    MONTHLY = "monthly"
    NEVER = "never"


@frozen(kw_only=True)
class Account:
    """A customer of the story.

    `expires` is the day through which its main licence is valid, `renewed` the day on which the next one is
    registered, if there will be one.
    """

    id: str
    kind: CustomerKind
    name: str
    address: Address
    region: str
    owner: str
    uscc: str
    licence: str
    contact: str
    phone: str
    parent: str | None
    terms: str
    limit: Decimal
    habit: Habit
    scope: tuple[str, ...]
    expires: date
    renewed: date | None = None

    def may_sell(self, article: Article) -> bool:
        """Whether the account's scope holds the article, as a buyer who knows the own licence would say."""
        if not article.rx.is_drug or self.kind is CustomerKind.HOSPITAL:
            return True
        if self.kind is CustomerKind.DISTRIBUTOR:
            return article.category in self.scope
        return article.category in self.scope and article.rx.value in self.scope


def accounts(scale: Scale) -> tuple[Account, ...]:
    """Every customer, in the order of registration: distributors, chains, hospitals, shops."""
    distributors, chains = min(10, scale.customers // 8), min(8, scale.customers // 12)
    shops = (scale.customers - distributors - chains) * 2 // 5
    hospitals = scale.customers - distributors - chains - shops
    chosen = (
        *_first(distributors, "partners", CustomerKind.DISTRIBUTOR),
        *_first(chains, "partners", CustomerKind.PHARMACY_CHAIN),
        *_first(hospitals, "customers", CustomerKind.HOSPITAL),
        *_first(shops, "customers", CustomerKind.PHARMACY),
    )
    found: list[Account] = []
    for number, row in enumerate(chosen, start=1):
        found.append(_account(scale, number, row, found))
    return tuple(found)


def _first(number: int, file: str, kind: CustomerKind) -> list[Row]:
    return [row for row in rows(file) if row["kind"] == kind][:number]


def _account(scale: Scale, number: int, row: Row, before: list[Account]) -> Account:
    kind = CustomerKind(row["kind"])
    dice = scale.dice("account", row["name"])
    address = Address(
        province=row["province"], city=row["city"], district=row["district"], street=row["street"]
    )
    place = place_of(address)
    least, most = _LIMITS[kind]
    expires, renewed = _term(scale, number)
    return Account(
        id=f"{'HDCP'[list(_TERMS).index(kind)]}-{number:03d}",
        kind=kind,
        name=row["name"],
        address=address,
        region=place["region"],
        owner=SALES[place["region"]][number % 2],
        uscc=credit_code(kind, place["code"], number),
        licence=licence_number(kind, address, number),
        contact=f"{_TITLES.get(kind, '采购部')}{dice.choice(_SURNAMES)}{dice.choice(_CALLED)}",
        phone=row["phone"],
        parent=_chain(row, place["region"], before),
        terms=dice.choice(_TERMS[kind]),
        limit=Decimal(dice.randrange(least, most, 5_000)),
        habit=_habit(kind, dice.random()),
        scope=_scope(kind, number, dice.random()),
        expires=expires,
        renewed=renewed,
    )


def _chain(row: Row, region: str, before: list[Account]) -> str | None:
    """The chain of a shop: the one of its brand in its region."""
    if row["kind"] != CustomerKind.PHARMACY:
        return None
    chains = [one for one in before if one.kind is CustomerKind.PHARMACY_CHAIN and one.region == region]
    brands = {partner["name"]: partner["brand"] for partner in rows("partners")}
    return next((one.id for one in chains if brands[one.name] in row["name"]), None)


def _habit(kind: CustomerKind, fallen: float) -> Habit:
    if kind is CustomerKind.PHARMACY_CHAIN:
        return Habit.MONTHLY
    shares = ((0.30, Habit.EARLY), (0.65, Habit.PROMPT), (0.82, Habit.LATE), (0.93, Habit.PARTS))
    return next((habit for share, habit in shares if fallen < share), Habit.NEVER)


def _scope(kind: CustomerKind, number: int, fallen: float) -> tuple[str, ...]:
    """The scope of a licence to trade; a hospital's licence has none that matters here."""
    if kind is CustomerKind.HOSPITAL:
        return ()
    scope = _TRADER if kind is CustomerKind.DISTRIBUTOR else _SHOP
    if kind is CustomerKind.DISTRIBUTOR and number % 3:
        scope = (*scope, "biological")
    return (*scope, "ephedrine_compound") if fallen < 0.6 else scope  # noqa: PLR2004 - three in five


def _term(scale: Scale, number: int) -> tuple[date, date | None]:
    """Most licences outlast the story; one in twelve does not, and most of those are renewed in time."""
    dice = scale.dice("licence", number)
    last = scale.days[-1]
    if dice.random() > 1 / 12:
        return last + timedelta(days=dice.randrange(200, 1_200)), None
    expires = scale.day_at(0.1 + 0.8 * dice.random())
    return expires, expires + timedelta(days=-12 if dice.random() < 2 / 3 else 12)
