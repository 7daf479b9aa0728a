"""Credit lines for the tests of this folder, and a book that carries decisions out as a store does."""

from datetime import UTC, datetime
from typing import Any

from attrs import evolve

from pharmacrm.core.credit.model import CreditLine, Reservation, empty_line
from pharmacrm.core.kernel.change import Add, Save
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.money import Money

AT = datetime(2026, 11, 21, 2, tzinfo=UTC)


def yuan(amount: int | str) -> Money:
    return Money(amount, "CNY")


def line(
    limit: int | str = 0, *, unlimited: bool = False, blocked: bool = False, **counters: int | str
) -> CreditLine:
    amounts: dict[str, Any] = {name: yuan(amount) for name, amount in counters.items()}
    start = evolve(
        empty_line("H-001", "CNY"), limit=yuan(limit), unlimited=unlimited, blocked=blocked, version=1
    )
    return evolve(start, **amounts)


class Book:
    """One credit line and its reservations; refuses an addition that breaks the bound or a counter."""

    def __init__(self, start: CreditLine | None) -> None:
        self.line: Any = start
        self.reservations: dict[str, Reservation] = {}
        self.unbounded: list[str] = []

    def store(self, decision: Decision[Any]) -> Decision[Any]:
        for change in decision.changes:
            match change:
                case Save(entity=CreditLine() as saved):
                    kept = self.line or saved
                    self.line = evolve(saved, reserved=kept.reserved, posted=kept.posted, paid=kept.paid,
                                       unapplied=kept.unapplied)  # fmt: skip
                case Save(entity=Reservation() as reservation):
                    self.reservations[reservation.order] = reservation
                case Add() as addition:
                    self._add(addition)
        return decision

    def _add(self, addition: Add) -> None:
        assert self.line is not None, "the line is there before its counters move"
        assert addition.id == self.line.id
        assert all(addition.amounts.values()), "no empty movement"
        after = evolve(
            self.line,
            **{name: getattr(self.line, name) + amount for name, amount in addition.amounts.items()},
        )
        for name in ("reserved", "posted", "paid", "unapplied"):
            assert not getattr(after, name).is_negative, name
        if addition.unbounded:
            self.unbounded.append(addition.unbounded)
        elif after.exposure > self.line.exposure:
            assert after.exposure <= after.limit, "bound"
        self.line = after
