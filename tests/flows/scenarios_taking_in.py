"""Scenarios that meet the reason codes of stock, numbers of other systems, and what is taken in."""

from datetime import timedelta
from typing import Any

from pharmacrm.core.flows.collection import RegisterReceipt
from pharmacrm.core.host_numbers import RecordHostNumber
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.people import GrantRight
from pharmacrm.core.prices import RegisterPrice
from pharmacrm.core.pull import DismissItem, Quarantine, RecordPull, RetryItem, Totals
from pharmacrm.core.pull.reasons import TOTALS
from pharmacrm.core.stock import RecordStock
from pharmacrm.crm import PharmaCRM
from pharmacrm.crm.request import Request
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import Item, PullContext, Pulled, Unreadable
from pharmacrm.plugins.wall.pulling import item_of
from tests.flows.house import ADMIN, BUYER, FINANCE, open_house, placed
from tests.flows.scenarios import hired, met

ERP = "erp.east"


class Erp:
    """A source that answers what it is told, once."""

    name = ERP

    def __init__(self, *items: Any, **how: Any) -> None:
        self.items = items
        self.how = how

    @hookimpl
    def pharmacrm_pull(self, context: PullContext) -> Pulled:
        if context.cursor:
            return Pulled(items=(), cursor=context.cursor)
        return Pulled(items=self.items, cursor="1", **self.how)


def with_erp(*items: Any, **how: Any) -> PharmaCRM:
    crm = open_house(plugins=[Erp(*items, **how)])
    crm.do(hired(ERP, "erp"), actor=ADMIN).expect()
    return crm


def aside(crm: PharmaCRM) -> list[Reason]:
    """Why a pull set something aside."""
    crm.pull(ERP)
    waiting = crm.ask(Quarantine(source=ERP), actor=FINANCE)
    return [reason for item in waiting for reason in item.reasons]


def answered(crm: PharmaCRM, *commands: Command[Any]) -> list[Reason]:
    crm.do(hired(ERP, "erp"), actor=ADMIN).expect()
    return [reason for command in commands for reason in crm.do(command, actor=ERP).reasons]


def stock(crm: PharmaCRM, quantity: int, minutes: int) -> RecordStock:
    at = crm.clock.now().replace(microsecond=0) + timedelta(minutes=minutes)
    return RecordStock(product="AMX-500", quantity=quantity, as_of=at)


@met("stock.future", "stock.contradicted", "stock.older")
def _(crm: PharmaCRM) -> list[Reason]:
    words = [(5, 0), (6, 0), (6, -9), (6, 1440)]
    return answered(crm, *(stock(crm, quantity, minutes) for quantity, minutes in words))


@met("host_number.twice", "host_number.taken")
def _(crm: PharmaCRM) -> list[Reason]:
    for id in ("SO-1", "SO-2"):
        placed(crm, id)
    numbers = [("SO-1", "45-1"), ("SO-1", "45-2"), ("SO-2", "45-1")]
    return answered(crm, *(RecordHostNumber(id=id, number=number) for id, number in numbers))


def money(id: str, payer: str = BUYER) -> dict[str, Any]:
    return {
        "id": id,
        "payer": payer,
        "payer_name": f"示例医院{payer}",
        "amount": "5.00 CNY",
        "value_date": "2026-01-05",
    }


@met("pull.unknown")
def _(_: PharmaCRM) -> list[Reason]:
    return aside(with_erp(item_of("R-1", RegisterReceipt, money("R-1", "H-404"))))


@met("pull.unreadable")
def _(_: PharmaCRM) -> list[Reason]:
    return aside(with_erp(item_of("R-1", RegisterReceipt, money("R-1") | {"IBAN": "1"})))


@met("pull.denied")
def _(_: PharmaCRM) -> list[Reason]:
    crm = with_erp(item_of("R-1", RegisterReceipt, money("R-1")))
    crm.do(GrantRight(role="erp", right="RegisterReceipt", given=False), actor=ADMIN).expect()
    return aside(crm)


@met("pull.totals")
def _(_: PharmaCRM) -> list[Reason]:
    five, six = Money("5.00", "CNY"), Money("6.00", "CNY")
    wrong = TOTALS("R-1", observed=five, expected=six)
    crm = with_erp(
        Unreadable(id="R-1", reasons=(wrong,), amounts=(five,)), totals=Totals(rows=1, amounts=(six,))
    )
    return aside(crm)


@met("pull.not_whole")
def _(_: PharmaCRM) -> list[Reason]:
    prices = [("P-1", "0.0370", None), ("P-2", "0.0370", "0.0400")]
    items = [
        Item(id, RegisterPrice(price_list="STD", product="AMX-500", price=price, floor=floor))
        for id, price, floor in prices
    ]
    return aside(with_erp(*items, whole=True, document="D-1"))


@met("pull.overtaken")
def _(crm: PharmaCRM) -> list[Reason]:
    return list(crm._do(Request(RecordPull(source=ERP, before="1", cursor="2"), "system")).reasons)


@met("quarantine.closed", "quarantine.no_content")
def _(_: PharmaCRM) -> list[Reason]:
    crm = with_erp(item_of("R-1", RegisterReceipt, money("R-1") | {"IBAN": "1"}))
    crm.pull(ERP)
    (item,) = crm.ask(Quarantine(source=ERP), actor=FINANCE)
    found = crm.do(RetryItem(id=item.id), actor=FINANCE).reasons
    crm.do(DismissItem(id=item.id, reason="重复"), actor=FINANCE).expect()
    return [*found, *crm.do(DismissItem(id=item.id, reason="重复"), actor=FINANCE).reasons]
