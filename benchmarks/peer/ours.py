"""Our side, as a process that answers like Tryton's: `python -m benchmarks.peer.ours URL`."""

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

from attrs import evolve

from pharmacrm import CreditLine, IssueSlip, Line, PharmaCRM, SlipItem, connect
from pharmacrm.testing.company import an_order, found_company, open_account, release

LINES = 5
QUANTITY = 100
ANSWERS = {"allowed": "through", "held": "over the limit"}


class Office:
    """One company in one database."""

    def __init__(self, url: str) -> None:
        self.crm: PharmaCRM = connect(url, prefix="peer_")
        self.placed = 0

    def found(self, parties: int, limit: str) -> list[str]:
        """People, products with prices, and customers with their papers and a credit limit."""
        found_company(self.crm, buyers=())
        return self.open_accounts(parties, limit)

    def open_accounts(self, parties: int, limit: str) -> list[str]:
        """More customers."""
        found = [f"H-{uuid4()}" for _ in range(parties)]
        for buyer in found:
            open_account(self.crm, buyer, limit=limit)
        return found

    def order(self, party: str) -> str:
        """One order of five lines, decided, reserved and journalled."""
        placed = an_order(buyer=party, lines=LINES, quantity=QUANTITY)
        return self.crm.do(placed, actor="zhang.san").expect().id

    def orders(self, parties: list[str]) -> list[float]:
        """Seconds for one order of each of these customers."""
        return [_seconds(partial(self.order, party)) for party in parties]

    def flows(self, parties: list[str]) -> list[float]:
        """Seconds from the order to its first slip, with every signature, for each of these customers."""

        def flow(party: str) -> None:
            order = self.order(party)
            release(self.crm, order)
            items = tuple(SlipItem(line, "L1", QUANTITY) for line in range(1, LINES + 1))
            self.crm.do(IssueSlip(order=order, items=items), actor="sun.ba").expect()

        return [_seconds(partial(flow, party)) for party in parties]

    def pile(self, party: str, until: int) -> int:
        """Bring a customer to so many open orders."""
        for _ in range(until - self.placed):
            self.order(party)
        self.placed = until
        return until

    def race(self, party: str, orders: int, start: float) -> list[list[Any]]:
        """Order for 100 each, as fast as it goes from `start` on: what became of each, and its seconds."""
        hundred = evolve(an_order(buyer=party), lines=(Line("ATO-20", 80, "1.25"),))
        time.sleep(max(0.0, start - time.time()))
        answers: list[list[Any]] = []
        for _ in range(orders):
            begun = time.perf_counter()
            try:
                outcome = str(self.crm.do(hundred, actor="zhang.san").outcome)
                answer = ANSWERS.get(outcome, outcome)
            except Exception as error:  # noqa: BLE001 - whatever it is, the table shows it
                answer = type(error).__name__
            answers.append([answer, time.perf_counter() - begun])
        return answers

    def committed(self, party: str) -> str:
        """The credit that a customer's orders hold."""
        return str(self.crm.get(CreditLine, party, actor="qian.qi").reserved.amount)


def _seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    """Serve one office until the input ends."""
    office = Office(sys.argv[1])
    for line in sys.stdin:
        asked = json.loads(line)
        result: Any = True
        if "know" not in asked:
            result = getattr(office, asked["do"])(*asked["with"])
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()
    office.crm.close()


if __name__ == "__main__":
    main()
