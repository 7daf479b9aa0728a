"""An ERP with an API: an adapter that asks for what is new, page by page, and is told to wait.

    python examples/erp_api.py [--folder .]

It leaves `erp-api.db`. Running it again adds nothing. `Ledger` stands for the ERP's side, a list behind a
request; the adapter is `Api`.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pharmacrm
from pharmacrm import (
    PullContext,
    Pulled,
    Quarantine,
    RecordStock,
    RegisterReceipt,
    RegisterStaff,
    RetryAfter,
    SimulatedClock,
    StockOf,
    hookimpl,
    item_of,
)
from pharmacrm.testing.company import found_company

KINDS = {"stock": RecordStock, "receipt": RegisterReceipt}
"""What the ERP calls its events, and the command that each of them is for us."""


class Ledger:
    """The ERP: numbered events after a number, at most so many, or an answer that there is no answer."""

    def __init__(self, events: list[dict[str, Any]]) -> None:
        self._events = events
        self.closed = False

    def get(self, after: int, limit: int) -> dict[str, Any]:
        """One page of events, as such a service answers it."""
        if self.closed:
            return {"status": 503}
        return {"status": 200, "events": self._events[after : after + limit], "total": len(self._events)}


class Api:
    """Takes in what the ERP books; the cursor is the number of the last event."""

    name = "api"  # its account here, and the owner of its cursor

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @hookimpl
    def pharmacrm_pull(self, context: PullContext) -> Pulled | RetryAfter:
        """One page after the cursor; an error in disguise is no empty page."""
        after = int(context.cursor or 0)
        answer = self._ledger.get(after, context.limit)
        if answer["status"] != 200:
            return RetryAfter(60, f"the ERP answers {answer['status']}")
        events = answer["events"]
        items = [item_of(event["id"], KINDS[event["kind"]], event["data"]) for event in events]
        seen = after + len(events)
        return Pulled(items=items, cursor=str(seen), more=bool(events) and seen < answer["total"])


def stock(number: int, quantity: int) -> dict[str, Any]:
    data = {
        "product": "AMX-500",
        "site": "SH-1",
        "quantity": quantity,
        "as_of": f"2026-01-05T08:{number:02d}:00+08:00",
    }
    return {"id": f"e-{number}", "kind": "stock", "data": data}


def main() -> None:
    """Five events in pages of two, one of them unreadable; then an ERP that is closed."""
    options = ArgumentParser(description="An ERP with an API.")
    options.add_argument("--folder", type=Path, default=Path())
    folder = options.parse_args().folder
    receipt = {
        "id": "R-1",
        "payer": "H-001",
        "payer_name": "示例医院H-001",
        "amount": "1000.00 CNY",
        "value_date": "2026-01-05",
    }
    unreadable = {"id": "e-4", "kind": "stock", "data": {"product": "AMX-500", "quantity": "many"}}
    events = [stock(1, 48_000), stock(2, 47_000), {"id": "e-3", "kind": "receipt", "data": receipt}]
    ledger = Ledger([*events, unreadable, stock(5, 46_000)])

    crm = pharmacrm.connect(
        f"sqlite:///{folder / 'erp-api.db'}", clock=SimulatedClock(), plugins=[Api(ledger)]
    )
    found_company(crm)
    crm.do(RegisterStaff(id="api", name="API", roles=("erp",)), actor="admin").expect()
    print("taken in:", crm.pull("api", limit=2))
    for item in crm.ask(Quarantine(source="api"), actor="qian.qi"):
        print("set aside:", item.explain())
    print("stock:", crm.ask(StockOf(product="AMX-500"), actor="zhang.san").quantity)
    ledger.closed = True
    print("closed:", crm.pull("api").why)
    crm.close()


if __name__ == "__main__":
    main()
