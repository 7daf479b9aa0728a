"""The orders that customers will send in: planned from the dice alone, before anything is stored."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from random import Random
from typing import Any

from attrs import frozen

from pharmacrm.core.flows.placing import PlaceOrder
from pharmacrm.core.orders import Line
from pharmacrm.core.values.trade import CustomerKind, SpecialControl
from pharmacrm.demo.accounts import Account
from pharmacrm.demo.catalogue import BOX, CARTON, Article, articles
from pharmacrm.demo.scale import Scale

_WEIGHT = {
    CustomerKind.DISTRIBUTOR: 5,
    CustomerKind.PHARMACY_CHAIN: 4,
    CustomerKind.HOSPITAL: 2,
    CustomerKind.PHARMACY: 1,
}


class Fate(Enum):
    """What will become of an order if nothing stops it."""

    PLAIN = "one slip"
    SPLIT = "two slips"
    SHORT = "one slip, then closed with a rest unshipped"
    AMENDED = "rejected by the lead, amended, and on it goes"
    REJECTED = "rejected by the lead"
    WITHDRAWN = "cancelled by the salesperson"


_FATES = (
    (0.68, Fate.PLAIN),
    (0.88, Fate.SPLIT),
    (0.92, Fate.SHORT),
    (0.95, Fate.AMENDED),
    (0.97, Fate.REJECTED),
)


@frozen(kw_only=True)
class Planned:
    """An order to come: when, who hands it in, the command itself, and what will become of it.

    `tolerated`: finance passes it over the limit. `hasty`: finance signs before the prepayment is there.
    `wrong_lot`: the lot that the warehouse takes by mistake. `nosy`: the lead of the other region tries to
    sign it.
    """

    day: date
    actor: str
    region: str
    order: PlaceOrder
    fate: Fate = Fate.PLAIN
    tolerated: bool = True
    hasty: bool = False
    wrong_lot: str = ""
    nosy: bool = False


def ordinary(scale: Scale, accounts: Sequence[Account]) -> list[Planned]:
    """The everyday orders: who buys what is drawn for each of them by itself."""
    weights = [_WEIGHT[one.kind] for one in accounts]
    return [_planned(scale, number, accounts, weights) for number in range(1, scale.orders + 1)]


def _planned(scale: Scale, number: int, accounts: Sequence[Account], weights: Sequence[int]) -> Planned:
    dice = scale.dice("order", number)
    buyer = dice.choices(accounts, weights)[0]
    days = scale.days
    goods = [one for one in articles().values() if buyer.may_sell(one) and _everyday(one, buyer)]
    chosen = dice.sample(goods, min(len(goods), dice.choice((1, 2, 2, 3, 3, 4, 5))))
    worth = buyer.limit * Decimal(dice.randrange(4, 30)) / 100 / len(chosen)
    fallen = dice.random()
    day = days[number * len(days) // (scale.orders + 1)]
    off_list = Decimal(dice.choice(("0.95", "0.95", "0.88"))) if dice.random() < 0.04 else Decimal(1)  # noqa: PLR2004
    return Planned(
        day=day,
        actor=buyer.owner,
        region=buyer.region,
        order=order(
            f"SO26-{number:04d}",
            buyer,
            [line(buyer, one, worth, dice, at=off_list) for one in chosen],
            ship_on=day + timedelta(days=dice.randrange(2, 6)),
        ),
        fate=next((fate for share, fate in _FATES if fallen < share), Fate.WITHDRAWN),
        tolerated=dice.random() < 0.6,  # noqa: PLR2004 - finance passes three in five
        hasty=dice.random() < 0.25,  # noqa: PLR2004 - and hurries with every fourth
    )


def _everyday(article: Article, buyer: Account) -> bool:
    """Whether an article is ordered every day: special ones by those who hold the scope."""
    if article.special is SpecialControl.BLOOD_PRODUCT:
        return buyer.kind is CustomerKind.HOSPITAL
    return article.special is SpecialControl.NONE or "ephedrine_compound" in buyer.scope


def order(id: str, buyer: Account, lines: Sequence[Line], **more: Any) -> PlaceOrder:
    """An order of a customer, to its own address and on its own terms unless others are given."""
    return PlaceOrder(
        **{
            "id": id,
            "buyer": buyer.id,
            "lines": tuple(lines),
            "consignee": buyer.contact,
            "phone": buyer.phone,
            "address": buyer.address,
            "terms": buyer.terms,
            **more,
        }
    )


def line(buyer: Account, article: Article, worth: Decimal, dice: Random, *, at: Decimal = Decimal(1)) -> Line:
    """A line of about this worth: hospitals count tablets, shops boxes, distributors cartons."""
    boxes = max(1, int(worth / (article.price * article.box))) + dice.randrange(3)
    price = (article.price * at).quantize(Decimal("0.000001"))
    if buyer.kind is CustomerKind.HOSPITAL:
        return Line(article.id, boxes * article.box, str(price))
    cartons = boxes * article.box // article.carton
    if buyer.kind is CustomerKind.DISTRIBUTOR and cartons:
        return Line(article.id, cartons, str(price * article.carton), unit=CARTON)
    return Line(article.id, boxes, str(price * article.box), unit=BOX)
