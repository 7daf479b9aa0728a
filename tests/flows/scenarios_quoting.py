"""Scenarios of the reason codes of quotes, and of documents that are revised."""

from datetime import timedelta
from typing import Any

from attrs import evolve

from pharmacrm.core.engines.approval.routes import Act
from pharmacrm.core.flows.converting import ConvertQuote
from pharmacrm.core.flows.offering import CancelQuote, SendQuote, SubmitQuote
from pharmacrm.core.flows.quoting import DraftQuote, ReviseQuote
from pharmacrm.core.flows.requests import Decide
from pharmacrm.core.flows.routing import PublishRoute
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.orders import Line
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import WHERE, quote_route
from tests.flows.house import ADMIN, BUYER, LEAD, SALES, placed, today
from tests.flows.scenarios import after, hired, met

Said = tuple[Command[Any], str]


def quoted(
    crm: PharmaCRM, id: str = "QT-1", price: str = "1.25", quantity: int = 800, **more: Any
) -> DraftQuote:
    """A quote of so many tablets at a price, for the house's hospital, valid for a month."""
    fields: dict[str, Any] = {
        "buyer": BUYER,
        "lines": (Line("ATO-20", quantity, price),),
        "terms": "net 60",
        "valid_until": today(crm) + timedelta(days=30),
    }
    return DraftQuote(id=id, **(fields | more))


def revised(
    crm: PharmaCRM, id: str = "QT-1", price: str = "1.20", quantity: int = 800, **more: Any
) -> ReviseQuote:
    fields: dict[str, Any] = {
        "lines": (Line("ATO-20", quantity, price),),
        "terms": "net 60",
        "valid_until": today(crm) + timedelta(days=30),
    }
    return ReviseQuote(quote=id, **(fields | more))


def converted(id: str = "", quote: str = "QT-1", **more: Any) -> ConvertQuote:
    fields: dict[str, Any] = {"consignee": "陈主任", "phone": "021-64041990", "address": WHERE}
    return ConvertQuote(quote=quote, id=id, **(fields | more))


def yes(document: str = "QT-1") -> Decide:
    return Decide(document=document, act=Act.APPROVE)


def approved(crm: PharmaCRM, id: str = "QT-1", price: str = "1.25", **more: Any) -> tuple[Said, ...]:
    """What makes an approved quote; a price at or above 90 percent of the list's needs the lead alone."""
    return (
        (PublishRoute(definition=quote_route()), ADMIN),
        (quoted(crm, id, price, **more), SALES),
        (SubmitQuote(quote=id), SALES),
        (yes(id), LEAD),
    )


@met("price.quoted")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(crm, *approved(crm, price="1.20"), (converted("SO-1"), SALES))


@met("document.exists", "document.conflict", "document.not_yours", "document.state", "revision.unchanged")
def _(crm: PharmaCRM) -> list[Reason]:
    colleague = hired("wu.shi", "sales")
    return after(
        crm,
        (colleague, ADMIN),
        (quoted(crm), SALES),
        (quoted(crm), SALES),
        (quoted(crm, price="1.10"), SALES),
        (revised(crm), "wu.shi"),
        (revised(crm, price="1.25"), SALES),
        (SendQuote(quote="QT-1"), SALES),
    )


@met("document.not_requester")
def _(crm: PharmaCRM) -> list[Reason]:
    colleague = hired("wu.shi", "sales")
    return after(crm, (colleague, ADMIN), (quoted(crm), SALES), (CancelQuote(quote="QT-1"), "wu.shi"))


@met("quote.dates_reversed", "quote.expired")
def _(crm: PharmaCRM) -> list[Reason]:
    gone = today(crm) - timedelta(days=1)
    reversed_ = quoted(crm, valid_from=today(crm), valid_until=gone)
    return after(crm, (reversed_, SALES), (evolve(reversed_, valid_from=gone), SALES))


@met("quote.not_valid_yet")
def _(crm: PharmaCRM) -> list[Reason]:
    later = approved(crm, valid_from=today(crm) + timedelta(days=1))
    return after(crm, *later, (converted(), SALES))


@met("quote.not_approved")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(crm, (quoted(crm), SALES), (converted(), SALES))


@met("quote.converted", "quote.converted_otherwise")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(
        crm, *approved(crm), (converted("SO-1"), SALES), (converted(), SALES), (converted("SO-2"), SALES)
    )


@met("quote.order_taken")
def _(crm: PharmaCRM) -> list[Reason]:
    placed(crm, "SO-1")
    return after(crm, *approved(crm), (converted("SO-1"), SALES))
