"""Receivables and receipts for the tests of this folder, and a ledger that carries decisions out."""

from datetime import date
from typing import Any

from attrs import evolve

from pharmacrm.core.kernel.change import Save, Touch
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.receivables.model import Allocation, Instalment, Receipt, Receivable
from pharmacrm.core.receivables.opening import open_credit
from pharmacrm.core.values.schedule import credit_plan
from pharmacrm.core.values.terms import parse_terms
from pharmacrm.core.values.trade import PaymentMethod

DAY = date(2026, 11, 21)


def yuan(amount: int | str) -> Money:
    return Money(amount, "CNY")


def receipt(amount: int | str | Money = 100, **changes: Any) -> Receipt:
    money = amount if isinstance(amount, Money) else yuan(amount)
    base = Receipt(
        id="R-1",
        payer="H-001",
        payer_name="杭州某医院",
        amount=money,
        method=PaymentMethod.BANK_TRANSFER,
        value_date=DAY,
        cleared=True,
        allocated=Money.zero(money.currency),
        refunded=Money.zero(money.currency),
        version=1,
    )
    return evolve(base, **changes)


def opened(
    amount: int | str | Money,
    terms: str = "net 30",
    *,
    slip: str = "OUT-1",
    customer: str = "H-001",
    on: date = DAY,
) -> Decision[Receivable | None]:
    money = amount if isinstance(amount, Money) else yuan(amount)
    conditions = parse_terms(terms)
    plan = credit_plan(conditions, money, anchor=on)
    return open_credit(slip, plan, order="SO-1", customer=customer, terms=conditions, on=on)


class Ledger:
    """Everything that decisions stored, by kind."""

    def __init__(self, *decisions: Decision[Any]) -> None:
        self.kept: dict[tuple[type[Entity], str], Entity] = {}
        self.touched: list[str] = []
        for decision in decisions:
            self.store(decision)

    def store(self, decision: Decision[Any]) -> Decision[Any]:
        for change in decision.changes:
            match change:
                case Save(entity=entity):
                    self.kept[type(entity), entity.id] = entity
                case Touch(record=record):
                    self.touched.append(record.id)
        return decision

    def all(self, kind: type[Any]) -> list[Any]:
        return [entity for (held, _), entity in self.kept.items() if held is kind]

    @property
    def receivables(self) -> list[Receivable]:
        return self.all(Receivable)

    @property
    def instalments(self) -> list[Instalment]:
        return self.all(Instalment)

    @property
    def allocations(self) -> list[Allocation]:
        return self.all(Allocation)

    def receipt(self, id: str = "R-1") -> Receipt:
        (found,) = [each for each in self.all(Receipt) if each.id == id]
        assert isinstance(found, Receipt)
        return found
