"""The story of quotes: offered, approved, sent, revised, accepted, and made an order of."""

from pharmacrm.core.engines.approval.routes import Act
from pharmacrm.core.flows.converting import ConvertQuote
from pharmacrm.core.flows.offering import AcceptQuote, CancelQuote, DeclineQuote, SendQuote, SubmitQuote
from pharmacrm.core.flows.quoting import DraftQuote, ReviseQuote
from pharmacrm.core.flows.requests import Decide
from pharmacrm.core.flows.routing import PublishRoute
from pharmacrm.core.flows.timed import ExpireQuote
from pharmacrm.core.orders import Line
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import ADMIN, PRODUCTS, WHERE, quote_route
from pharmacrm.testing.story.steps import LEAD, SALES, Make, Step, after, day, due, later, said


def a_quote(id: str, days: int = 30) -> Make:
    """A quote to the first hospital at list prices, valid for so many days."""

    def make(crm: PharmaCRM) -> DraftQuote:
        return DraftQuote(
            id=id,
            buyer="H-001",
            lines=(Line("AMX-500", 1000, PRODUCTS["AMX-500"]), Line("CEF-250", 100, "0.5200")),
            terms="net 60",
            valid_until=day(crm, days),
        )

    return make


def _revised(crm: PharmaCRM) -> ReviseQuote:
    lines = (Line("CEF-250", 200, "0.5200"), Line("ATO-20", 20, PRODUCTS["ATO-20"]))
    return ReviseQuote(quote="QT-1", lines=lines, terms="net 30", valid_until=day(crm, 40))


def _approved(quote: str) -> tuple[tuple[str, Make], ...]:
    return (
        (SALES, lambda _: SubmitQuote(quote=quote)),
        (LEAD, lambda _: Decide(document=quote, act=Act.APPROVE)),
        (SALES, lambda _: SendQuote(quote=quote)),
    )


def _order(_: PharmaCRM) -> ConvertQuote:
    return ConvertQuote(quote="QT-1", id="SO-QT-1", consignee="陈主任", phone="021-64041990", address=WHERE)


def _a_month_later(crm: PharmaCRM) -> None:
    after((SALES, a_quote("QT-4", 20)))(crm)
    later(crm, 31)


QUOTING: tuple[Step, ...] = (
    Step(SALES, a_quote("QT-1")),
    Step(
        SALES,
        lambda _: SubmitQuote(quote="QT-1"),
        after((ADMIN, lambda _: PublishRoute(definition=quote_route()))),
    ),
    said(LEAD, Decide(document="QT-1", act=Act.APPROVE, comment="同意")),
    Step(SALES, _revised),
    said(SALES, SendQuote(quote="QT-1"), (LEAD, Decide(document="QT-1", act=Act.APPROVE))),
    said(SALES, AcceptQuote(quote="QT-1", note="电话确认")),
    Step(SALES, _order),
    Step(
        SALES,
        lambda _: DeclineQuote(quote="QT-2", reason="价格太高"),
        after((SALES, a_quote("QT-2")), *_approved("QT-2")),
    ),
    Step(SALES, lambda _: CancelQuote(quote="QT-3", reason="重复"), after((SALES, a_quote("QT-3")))),
    due(lambda _: ExpireQuote(quote="QT-4"), _a_month_later),
)
