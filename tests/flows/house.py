"""A company with its door open, and what tests look at in it: balances, dumps, codes."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from pharmacrm.core.credit import CreditLine
from pharmacrm.core.customers import RegisterCustomer
from pharmacrm.core.flows.approvals import WhoCanAct
from pharmacrm.core.flows.collection import AllocateReceipt, RegisterReceipt
from pharmacrm.core.flows.placing import AmendOrder, PlaceOrder
from pharmacrm.core.flows.shipping import IssueSlip
from pharmacrm.core.flows.standing import Standing
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.journal import Entry, JournalQuery
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import Query
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.replay import Replay
from pharmacrm.core.kernel.store import Answer, Found
from pharmacrm.core.orders import Line, SalesOrder, SlipItem
from pharmacrm.core.prices import RegisterPrice, RegisterPriceList
from pharmacrm.core.rates import RecordExchangeRate
from pharmacrm.core.values.trade import CustomerKind
from pharmacrm.crm import PharmaCRM, SimulatedClock, connect
from pharmacrm.testing.books import stored
from pharmacrm.testing.company import WHERE, an_order, found_company, release

SALES, ASSISTANT, DISPATCHER, LEAD = "zhang.san", "li.si", "wang.wu", "zhao.liu"
FINANCE, WAREHOUSE, QUALITY, ADMIN = "qian.qi", "sun.ba", "zhou.jiu", "admin"
BUYER = "H-001"
BUYER_NAME = f"示例医院{BUYER}"


def yuan(amount: str | int) -> Money:
    return Money(str(amount), "CNY")


OPENED: list[PharmaCRM] = []


def opened(url: str = "memory://", **options: Any) -> PharmaCRM:
    """A door that is closed after the test."""
    crm = connect(url, **({"clock": SimulatedClock()} | options))
    OPENED.append(crm)
    return crm


def close_all() -> None:
    while OPENED:
        OPENED.pop().close()


def open_house(
    url: str = "memory://", *, limit: str = "100000.00", buyers: Iterable[str] = (BUYER,), **options: Any
) -> PharmaCRM:
    """A founded company behind a door with a simulated clock."""
    crm = opened(url, **options)
    found_company(crm, limit=limit, buyers=tuple(buyers))
    return crm


def today(crm: PharmaCRM) -> date:
    return crm.clock.now().date()


def dollars(crm: PharmaCRM, *buyers: str, rate: str = "") -> None:
    """These customers buy from a list in dollars; the rate of today is recorded, if one is given."""
    start = today(crm) - timedelta(days=365)
    prices = RegisterPriceList(id="USD", name="美元价目表", currency="USD", valid_from=start)
    crm.do(prices, actor=ADMIN).expect()
    crm.do(RegisterPrice(price_list="USD", product="ATO-20", price="1.25"), actor=ADMIN).expect()
    for buyer in buyers or (BUYER,):
        buys_from(crm, "USD", buyer)
    if rate:
        rated(crm, rate)


def buys_from(crm: PharmaCRM, price_list: str, buyer: str = BUYER) -> None:
    registered = RegisterCustomer(
        id=buyer, kind=CustomerKind.HOSPITAL, name=f"示例医院{buyer}", address=WHERE, price_list=price_list
    )
    crm.do(registered, actor=ADMIN).expect()


def rated(crm: PharmaCRM, rate: str, *, days_ago: int = 0) -> None:
    """What a dollar is worth in yuan, as of today or before."""
    as_of = today(crm) - timedelta(days_ago)
    recorded = RecordExchangeRate(base="USD", quote="CNY", rate=rate, as_of=as_of, source="SAFE")
    crm.do(recorded, actor=FINANCE).expect()


def usd(amount: str | int) -> Money:
    return Money(str(amount), "USD")


def pass_days(crm: PharmaCRM, days: int) -> None:
    clock = crm.clock
    assert isinstance(clock, SimulatedClock)
    clock.advance(timedelta(days=days))


def worth(id: str, yuan_: int, *, buyer: str = BUYER, terms: str = "net 60", **more: Any) -> PlaceOrder:
    """An order of exactly so many yuan, at 1.25 a tablet; or of the lines given."""
    assert yuan_ % 5 == 0
    lines = (Line("ATO-20", yuan_ * 4 // 5, "1.25"),) if yuan_ else ()
    model = an_order(id, buyer=buyer, terms=terms)
    fields = {
        "consignee": model.consignee,
        "phone": model.phone,
        "address": model.address,
        "terms": terms,
        "lines": lines,
    }
    return PlaceOrder(id=id, buyer=buyer, **(fields | more))


def amended(id: str, yuan_: int, *, terms: str = "net 60", **more: Any) -> AmendOrder:
    model = worth(id, yuan_)
    fields = {
        "consignee": model.consignee,
        "phone": model.phone,
        "address": model.address,
        "terms": terms,
        "lines": model.lines,
    }
    return AmendOrder(order=id, **(fields | more))


def placed(crm: PharmaCRM, id: str = "SO-1", yuan_: int = 1000, **more: Any) -> SalesOrder:
    return crm.do(worth(id, yuan_, **more), actor=SALES).expect()


def released(crm: PharmaCRM, id: str = "SO-1", yuan_: int = 1000, **more: Any) -> SalesOrder:
    placed(crm, id, yuan_, **more)
    release(crm, id)
    return crm.get(SalesOrder, id, actor=SALES)


def slip(order: str, id: str, quantity: int, *, line: int = 1, lot: str = "L1") -> IssueSlip:
    return IssueSlip(order=order, id=id, items=(SlipItem(line, lot, quantity),))


def receipt(crm: PharmaCRM, id: str, yuan_: str | int, *, buyer: str = BUYER, **more: Any) -> RegisterReceipt:
    fields: dict[str, Any] = {"payer_name": f"示例医院{buyer}", "value_date": today(crm)}
    return RegisterReceipt(id=id, payer=buyer, amount=yuan(yuan_), **(fields | more))


def prepaid(crm: PharmaCRM, order: str, yuan_: str | int, id: str = "R-1") -> None:
    """Money arrives for the prepayment of an order."""
    crm.do(receipt(crm, id, yuan_), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt=id, order=order), actor=FINANCE).expect()


def credit(crm: PharmaCRM, buyer: str = BUYER) -> CreditLine:
    return crm.get(CreditLine, buyer, actor=FINANCE)


def codes(crm: PharmaCRM, command: Command[Any], actor: str, **more: Any) -> list[str]:
    return list(crm.do(command, actor=actor, **more).codes)


def standing(crm: PharmaCRM, subject: str, person: str | None = None) -> Standing:
    return crm.ask(WhoCanAct(subject=subject, person=person), actor=ADMIN)


def blocked(decision: Decision[Any]) -> set[str]:
    """The codes of a refusal."""
    assert decision.outcome == "refused"
    assert decision.value is None
    return {reason.code for reason in decision.reasons if reason.severity == "block"}


# ------------------------------------------------------------------------------- looking behind the door


def every(crm: PharmaCRM, kind: type[Entity]) -> list[Found[Entity]]:
    """All stored entities of a kind, with versions, past all rights."""
    with crm._store.session() as session:
        return session.find(crm.tenant, kind, Query())


def entities(crm: PharmaCRM, kind: Any) -> list[Any]:
    return [found.entity for found in every(crm, kind)]


def journal(crm: PharmaCRM, **query: Any) -> list[Entry]:
    with crm._store.session() as session:
        return session.journal(crm.tenant, JournalQuery(**query))


def replayed(crm: PharmaCRM) -> Replay:
    """What the journal tells, which has to be what the tables hold."""
    told = Replay().take(journal(crm))
    assert told.misfits == []
    held, versions = stored({kind: every(crm, kind) for kind in crm.registry.kinds.values()})
    assert told.state == held
    assert told.versions == versions
    return told


def records(crm: PharmaCRM) -> dict[str, list[Found[Entity]]]:
    """Everything that is stored but the journal and the outbox."""
    kinds = {**crm.registry.kinds, "answer": Answer}
    return {name: every(crm, kind) for name, kind in sorted(kinds.items())}


def dump(crm: PharmaCRM) -> tuple[dict[str, list[Found[Entity]]], list[Entry], int]:
    """Everything that is stored, to compare before and after."""
    waiting = crm._store.waiting(crm.tenant, crm.plugins.all_destinations)
    return records(crm), journal(crm), waiting


COUNTERS = ("reserved", "posted", "paid", "unapplied")


def counters_are_entries(crm: PharmaCRM) -> None:
    """Every counter of every credit line is the sum of what the journal says was added to it."""
    booked: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for entry in journal(crm):
        if entry.verb == "added":
            added = entry.changed().items()
            booked[entry.subject].update({n: v["add"] for n, v in added if isinstance(v, dict)})
    for line in entities(crm, CreditLine):
        for name in COUNTERS:
            assert getattr(line, name).minor == booked[line.id][name], (line.id, name)
