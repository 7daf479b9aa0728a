"""The troubles of the story: orders that the law, the money or the shelf has something against."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from attrs import evolve, frozen

from pharmacrm.core.flows.placing import PlaceOrder
from pharmacrm.core.orders import Line
from pharmacrm.core.values.address import Address
from pharmacrm.core.values.trade import CustomerKind, PaymentMethod, SalesChannel
from pharmacrm.demo.accounts import Account, Habit
from pharmacrm.demo.catalogue import BOX, EXPIRING, RECALLED, articles, first_lot
from pharmacrm.demo.customers import CONSUMER
from pharmacrm.demo.orders import Planned, line, order
from pharmacrm.demo.scale import Scale

RECALL_AT, EXPIRED_AT = 0.45, 0.5
"""When in the story the lot is recalled (the third month of five), and when the other one has expired."""

CLASS_B, LAPSED, SLEEPER = "class-b", "lapsed", "sleeper"
_UNPAID = "30% prepaid, rest net 30, reserve 15 days"
Chosen = dict[str, Account]


def prepared(scale: Scale, accounts: Sequence[Account]) -> tuple[tuple[Account, ...], Chosen]:
    """The accounts with those of whom trouble is certain, and who plays which part."""
    sound = [
        one for one in accounts if one.expires > scale.days[-1] and one.habit in {Habit.EARLY, Habit.PROMPT}
    ]
    shops = [one for one in accounts if one.kind is CustomerKind.PHARMACY]
    chosen = {
        CLASS_B: evolve(shops[-1], scope=("chemical", "tcm_patent", "otc_b")),
        LAPSED: evolve(shops[-2], expires=scale.day_at(0.25), renewed=scale.day_at(0.5)),
        SLEEPER: evolve(
            shops[-3], habit=Habit.NEVER, expires=scale.days[-1] + timedelta(days=400), renewed=None
        ),
        "shop": next(one for one in sound if one.kind is CustomerKind.PHARMACY and one not in shops[-3:]),
        "hospital": _last(sound, CustomerKind.HOSPITAL),
        "distributor": next(one for one in accounts if _lacks_biological(one)),
        "chain": next(one for one in accounts if one.kind is CustomerKind.PHARMACY_CHAIN),
    }
    changed = {one.id: one for one in chosen.values()}
    return tuple(changed.get(one.id, one) for one in accounts), chosen


def _last(accounts: Sequence[Account], kind: CustomerKind) -> Account:
    return next(one for one in reversed(accounts) if one.kind is kind)


def _lacks_biological(account: Account) -> bool:
    return account.kind is CustomerKind.DISTRIBUTOR and "biological" not in account.scope


@frozen
class _Plot:
    """Builds the troubles of one story."""

    scale: Scale
    who: Chosen

    def __call__(self, at: float, name: str, part: str, *goods: tuple[str, int], **more: Any) -> Planned:
        """One order at this share of the story, of some goods for so much money each."""
        buyer, dice = self.who[part], self.scale.dice("trouble", name)
        own = {key: more.pop(key) for key in ("tolerated", "hasty", "wrong_lot", "nosy") if key in more}
        discount = more.pop("discount", Decimal(1))
        lines = [self._line(buyer, id, worth, dice, discount) for id, worth in goods]
        placed = order(f"SO26-X-{name}", buyer, lines, **more)
        return Planned(day=self.scale.day_at(at), actor=buyer.owner, region=buyer.region, order=placed, **own)

    def _line(self, buyer: Account, id: str, worth: int, dice: Random, discount: Decimal) -> Line:
        return line(buyer, articles()[id], Decimal(worth), dice, at=discount)


def troubles(scale: Scale, who: Chosen) -> list[Planned]:
    """One order for every kind of refusal and hold, spread over the story."""
    plot, limit = _Plot(scale, who), int(who["hospital"].limit)
    on_time = {"terms": "net 30"}
    return [
        plot(0.04, "nosy", "hospital", ("MET-500", 3_000), terms="net 60", nosy=True),
        plot(0.08, "class-b", CLASS_B, ("ATO-20", 1_500), ("BLG-10", 800)),
        plot(0.10, "scope", "distributor", ("GLA-300", 60_000)),
        plot(0.12, "prepaid", "shop", ("LOR-10", 2_000), terms="prepaid", hasty=True),
        plot(0.16, "cash", "chain", ("PSE-12", 3_000), method=PaymentMethod.CASH),
        plot(0.20, "online", "hospital", ("ALB-10", 8_000), channel=SalesChannel.ONLINE),
        plot(0.24, "over-passed", "hospital", ("THY-16", limit * 11 // 10), terms="net 60"),
        plot(
            0.30, "over-given-up", "hospital", ("ROS-10", limit * 12 // 10), terms="net 60", tolerated=False
        ),
        plot(0.28, "unpaid", SLEEPER, ("MMT-3", 2_000), terms=_UNPAID, tolerated=False, hasty=True),
        plot(0.32, "unqualified", CLASS_B, ("PAR-12", 900)),
        plot(0.34, "lapsed", LAPSED, ("BLG-10", 900)),
        plot(0.38, "off-list", "chain", ("IBU-300", 4_000), discount=Decimal("0.95"), **on_time),
        plot(0.40, "floor", "chain", ("MMT-3", 3_000), discount=Decimal("0.85"), **on_time),
        plot(RECALL_AT, "recalled", "hospital", (RECALLED, 5_000), wrong_lot=first_lot(RECALLED), **on_time),
        plot(EXPIRED_AT, "old-lot", "hospital", (EXPIRING, 2_000), wrong_lot=first_lot(EXPIRING), **on_time),
        plot(0.55, "no-letter", "hospital", ("AML-5", 2_000), purchaser="letter-unknown"),
        plot(0.60, "no-consignee", "hospital", ("VAL-80", 2_000), consignee=""),
        evolve(plot(0.65, "half-box", "shop", ("LOR-10", 300)), order=_half_box(who["shop"])),
        evolve(plot(0.70, "retail", "shop", ("PAR-12", 100)), order=_retail(who["shop"].address)),
    ]


def _half_box(buyer: Account) -> PlaceOrder:
    """Half a box: the pack does not divide."""
    article = articles()["LOR-10"]
    return order("SO26-X-half-box", buyer, [Line(article.id, article.box * 7 // 2, str(article.price))])


def _retail(address: Address) -> PlaceOrder:
    """Three boxes of a compound over the counter: two are the most, and only for a checked identity card."""
    article = articles()["PAR-12"]
    return PlaceOrder(
        id="SO26-X-retail",
        buyer=CONSUMER,
        lines=(Line(article.id, 3, str(article.price * article.box), unit=BOX),),
        consignee="李红梅",
        phone="13800000000",
        address=address,
        terms="prepaid",
        channel=SalesChannel.RETAIL,
    )
