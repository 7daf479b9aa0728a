"""Tryton's side: run by the Python of Tryton's own environment only, never imported by pharmacrm.

Where its databases are stands in the environment (TRYTOND_DATABASE_URI). It reads one JSON object per line
and answers with one. Every piece of work goes through Tryton's models, in transactions as its own dispatcher
makes them, with its own policy of retries.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from proteus import Model
from proteus import config as proteus_config
from trytond import backend, config
from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, get_accounts
from trytond.modules.account_invoice.tests.tools import create_payment_term, set_fiscalyear_invoice_sequences
from trytond.modules.company.tests.tools import create_company, get_company
from trytond.pool import Pool
from trytond.transaction import Transaction, TransactionError

LINES = 5
QUANTITY = 100
PRICES = ("0.0363", "0.5200", "0.1500", "1.2500", "0.8800")
ROOMY = Decimal("99999999.00")


class Office:
    """One company of Tryton in one database."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.retry = config.getint("database", "retry")
        Pool.start()
        self.pool = Pool(database)
        with Transaction().start(database, 0, readonly=True):
            self.pool.init()
            self.user = self.pool.get("res.user").search([("login", "=", "admin")])[0].id
        self.known: dict[str, Any] = {}

    def found(self, parties: int, limit: str) -> dict[str, Any]:
        """Company, accounts, products and customers, with Tryton's own tools for its scenarios."""
        self._administrator({"groups": [("add", self._groups())]})
        proteus_config.set_trytond(self.database)
        create_company()
        create_chart()
        set_fiscalyear_invoice_sequences(create_fiscalyear()).click("create_period")
        employee = Model.get("company.employee")(party=_party("Employee"))
        employee.save()
        self._administrator({"employees": [("add", [employee.id])]})
        term = create_payment_term()
        term.save()
        products = [_product(price) for price in PRICES]
        self.known = {
            "company": get_company().id,
            "employee": employee.id,
            "term": term.id,
            "products": products,
            "unit": Model.get("product.uom").find([("name", "=", "Unit")])[0].id,
            "warehouse": Model.get("stock.location").find([("type", "=", "warehouse")])[0].id,
            "parties": [],
        }
        self.open_accounts(parties, limit)
        return self.known

    def _administrator(self, values: dict[str, Any]) -> None:
        """Change Tryton's administrator, as root."""
        with Transaction().start(self.database, 0) as transaction:
            self.pool.get("res.user").write([self.pool.get("res.user")(self.user)], values)
            transaction.commit()

    def _groups(self) -> list[int]:
        with Transaction().start(self.database, 0, readonly=True):
            return [group.id for group in self.pool.get("res.group").search([])]

    def open_accounts(self, parties: int, limit: str) -> list[int]:
        """Customers with an address and a credit limit."""

        def make() -> list[int]:
            customers = self.pool.get("party.party")
            address: list[Any] = [("create", [{}])]
            rows = [{"name": f"Customer {n}", "addresses": address} for n in range(parties)]
            made = customers.create(rows)
            customers.write(made, {"credit_limit_amount": Decimal(limit)})
            return [party.id for party in made]

        found: list[int] = self.transaction(make)
        self.known["parties"] += found
        return found

    def transaction(self, work: Callable[[], Any], tries: int | None = None) -> Any:
        """One transaction, repeated as Tryton's dispatcher repeats it; operational errors only so often."""
        count = 0
        extras: dict[str, Any] = {}
        context = {"company": self.known.get("company"), "employee": self.known.get("employee")}
        most = self.retry if tries is None else tries
        while True:
            if count:
                time.sleep(0.02 * count)
            with Transaction().start(self.database, self.user, context=context, **extras) as transaction:
                try:
                    result = work()
                    transaction.commit()
                except TransactionError as error:
                    transaction.rollback()
                    transaction.tasks.clear()
                    error.fix(extras)
                    continue
                except backend.DatabaseOperationalError:
                    transaction.rollback()
                    transaction.tasks.clear()
                    if count >= most:
                        raise
                    count += 1
                    continue
                transaction.tasks.clear()
                return result

    def draft(self, party: int, price: str | None = None) -> int:
        """A sale of five lines, or of one line at a price, as a draft."""
        sales, addresses = self.pool.get("sale.sale"), self.pool.get("party.address")
        address = addresses.search([("party", "=", party)], limit=1)[0].id
        products = self.known["products"][: 1 if price else LINES]
        lines = [
            {
                "product": product,
                "quantity": 1 if price else QUANTITY,
                "unit": self.known["unit"],
                "unit_price": Decimal(price or listed),
            }
            for product, listed in zip(products, PRICES, strict=False)
        ]
        sale = {
            "party": party,
            "invoice_address": address,
            "shipment_address": address,
            "payment_term": self.known["term"],
            "warehouse": self.known["warehouse"],
            "invoice_method": "fulfillment",
            "shipment_method": "order",
            "lines": [("create", lines)],
        }
        return int(sales.create([sale])[0].id)

    def press(self, button: str, model: str, id: int, tries: int | None = None) -> None:
        """One button on one record, in a transaction of its own."""
        self.transaction(lambda: getattr(self.pool.get(model), button)([self.pool.get(model)(id)]), tries)

    def order(self, party: int, price: str | None = None) -> int:
        """Create, quote and confirm, in three transactions; the confirmation checks the credit."""
        sale: int = self.transaction(lambda: self.draft(party, price))
        self.press("quote", "sale.sale", sale)
        self.press("confirm", "sale.sale", sale)
        return sale

    def orders(self, parties: list[int]) -> list[float]:
        """Seconds for one order of each of these customers."""
        return [_seconds(partial(self.order, party)) for party in parties]

    def flows(self, parties: list[int]) -> list[float]:
        """Seconds from the draft to the shipment done, for one order of each of these customers."""

        def flow(party: int) -> None:
            sale = self.order(party)
            self.press("process", "sale.sale", sale)
            read = self.transaction(lambda: [each.id for each in self.pool.get("sale.sale")(sale).shipments])
            for button in ("assign_force", "pick", "pack", "do"):
                self.press(button, "stock.shipment.out", read[0])

        return [_seconds(partial(flow, party)) for party in parties]

    def pile(self, party: int, until: int) -> int:
        """Bring a customer to so many open orders."""

        def make() -> int:
            kind = self.pool.get("sale.sale")
            there: int = kind.search([("party", "=", party), ("state", "=", "confirmed")], count=True)
            drafts = [kind(self.draft(party)) for _ in range(until - there)]
            kind.quote(drafts)
            kind.confirm(drafts)
            return until

        result: int = self.transaction(make)
        return result

    def schedules(self, day: str, amounts: list[str], rounds: int) -> list[Any]:
        """Seconds for one schedule, in each round, and the schedules; no record is read meanwhile."""
        terms, lines, deltas = (
            self.pool.get(f"account.invoice.payment_term{part}") for part in ("", ".line", ".line.delta")
        )

        def line(days: int, **values: Any) -> Any:
            after = deltas(days=days, weeks=0, months=0, day=None, month=None, weekday=None)
            return lines(relativedeltas=[after], **values)

        def compute() -> list[Any]:
            cent = Decimal("0.01")
            currency = self.pool.get("currency.currency")(digits=2, rounding=cent)
            term = terms(
                lines=[
                    line(30, type="percent", ratio=Decimal("0.333333")),
                    line(60, type="percent", ratio=Decimal("0.5")),
                    line(90, type="remainder"),
                ]
            )
            given, on = [Decimal(amount) for amount in amounts], date.fromisoformat(day)
            found, took = [], []
            for _ in range(rounds):
                begun = time.perf_counter()
                found = [term.compute(amount, currency, on) for amount in given]
                took.append((time.perf_counter() - begun) / len(given))
            shown = [[[str(due), str(amount)] for due, amount in schedule] for schedule in found]
            return [took, shown]

        result: list[Any] = self.transaction(compute)
        return result

    def race(self, party: int, orders: int, start: float) -> list[list[Any]]:
        """Order for 100 each, as fast as it goes from `start` on: what became of each, and its seconds."""
        time.sleep(max(0.0, start - time.time()))
        answers: list[list[Any]] = []
        for _ in range(orders):
            begun = time.perf_counter()
            try:
                self.order(party, "100")
                answer = "through"
            except backend.DatabaseOperationalError:
                answer = "locked"
            except Exception as error:  # noqa: BLE001 - refusals are exceptions, told apart by their names
                answer = type(error).__name__
            answers.append([answer, time.perf_counter() - begun])
        return answers

    def committed(self, party: int) -> str:
        """The sum of a customer's confirmed orders."""

        def ask() -> str:
            sales = self.pool.get("sale.sale").search([("party", "=", party), ("state", "=", "confirmed")])
            return str(sum((sale.untaxed_amount for sale in sales), Decimal(0)))

        result: str = self.transaction(ask)
        return result


def _party(name: str) -> Any:
    party = Model.get("party.party")(name=name)
    party.save()
    return party


def _product(price: str) -> int:
    accounts = get_accounts()
    category = Model.get("product.category")(name=f"Goods at {price}")
    category.accounting = True
    category.account_expense = accounts["expense"]
    category.account_revenue = accounts["revenue"]
    category.save()
    template = Model.get("product.template")()
    template.name = f"Product at {price}"
    template.default_uom = Model.get("product.uom").find([("name", "=", "Unit")])[0]
    template.type = "goods"
    template.salable = True
    template.list_price = Decimal(price)
    template.account_category = category
    template.save()
    return int(template.products[0].id)


def _seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    """Serve one office until the input ends."""
    office = Office(sys.argv[1])
    answers = sys.stdout
    sys.stdout = sys.stderr
    for line in sys.stdin:
        asked = json.loads(line)
        if "know" in asked:
            office.known = asked["know"]
            result: Any = True
        else:
            result = getattr(office, asked["do"])(*asked["with"])
        answers.write(json.dumps(result) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
