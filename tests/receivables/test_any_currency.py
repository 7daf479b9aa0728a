"""Debts in currencies of 0 to 4 decimal places, from 1900 through 2200: whatever happens, the sums hold."""

from datetime import date, timedelta
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.calendar import WEEKENDS
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.receivables import (
    AgeingBasis,
    AllocationStrategy,
    CreditNote,
    CreditNoteKind,
    Receipt,
    WriteOff,
    WriteOffCap,
)
from pharmacrm.core.receivables.adjustments import Portion
from pharmacrm.core.receivables.ageing import AgeingScheme, ageing, open_on
from pharmacrm.core.receivables.allocation import allocate
from pharmacrm.core.receivables.credit_notes import (
    apply_credit_note,
    issue_credit_note,
    reverse_credit_note,
)
from pharmacrm.core.receivables.model import SETTLED_BY, Adjustment
from pharmacrm.core.receivables.rescheduling import Agreement, open_of, planned, reschedule
from pharmacrm.core.receivables.undoing import reverse_receipt, undo_allocations
from pharmacrm.core.receivables.write_offs import reverse_write_off, write_off
from pharmacrm.core.values.terms import parse_terms
from tests.covers import covers
from tests.receivables.ledger import Ledger, opened, receipt
from tests.values.test_any_day import CURRENCIES

TERMS = ("net 0", "2/10 net 30", "3 monthly", "50% net 10, rest net 60", "7 monthly")
VERBS = ("pay", "undo", "reverse", "note", "apply", "take back", "write off", "owe again", "new dates")


class Story:
    """One receivable of a currency, and everything that rules do to it, one a day."""

    def __init__(self, currency: str, minor: int, terms: str, start: date) -> None:
        self.currency, self.day = currency, start
        self.whole = Money.of_minor(minor, currency)
        self.ledger = Ledger(opened(self.whole, terms, on=start))

    def money(self, minor: int) -> Money:
        return Money.of_minor(minor, self.currency)

    def live(self, kind: type[Any], gone: str) -> list[Any]:
        return [each for each in self.ledger.all(kind) if getattr(each, gone) is None]

    def made_by(self, document: str) -> list[Adjustment]:
        return [each for each in self.ledger.all(Adjustment) if each.document == document]

    def step(self, number: int, verb: str, minor: int, strategy: AllocationStrategy, discounts: bool) -> None:
        self.day += timedelta(days=1)
        done = self.decided(f"D-{number}", verb, minor, strategy, discounts)
        if done is not None:
            self.ledger.store(done)

    def decided(
        self, id: str, verb: str, minor: int, strategy: AllocationStrategy, discounts: bool
    ) -> Decision[Any] | None:
        book, on = self.ledger, self.day
        debts = book.receivables, book.instalments
        match verb:
            case "pay":
                came = evolve(receipt(self.money(minor), id=id), value_date=on)
                return allocate(came, *debts, on=on, strategy=strategy, take_discounts=discounts)
            case "undo" | "reverse" if found := self.live(Receipt, "reversed_on"):
                theirs = [each for each in book.allocations if each.receipt == found[0].id]
                undo = undo_allocations if verb == "undo" else reverse_receipt
                more: dict[str, Any] = {} if verb == "undo" else {"reason": "x"}
                return undo(found[0], *debts, theirs, on=on, **more)
            case "note":
                nothing = self.money(0)
                note = CreditNote(
                    id=id,
                    kind=CreditNoteKind.ALLOWANCE,
                    customer="H-001",
                    amount=self.money(minor),
                    applied=nothing,
                    refunded=nothing,
                    issued_on=on,
                )
                return issue_credit_note(note, *debts)
            case "apply" if found := self.live(CreditNote, "reversed_on"):
                return apply_credit_note(found[0], *debts, on=on)
            case "take back" if found := self.live(CreditNote, "reversed_on"):
                made = self.made_by(found[0].id)
                return reverse_credit_note(found[0], *debts, made, on=on, reason="x")
            case "write off" if left := [each for each in book.instalments if each.open]:
                cap = WriteOffCap(id=self.currency, amount=self.whole)
                portion = Portion(left[0].id, self.money(min(minor, left[0].open.minor)))
                return write_off(id, debts[0][0], debts[1], portion, cap, on=on, reason="x")
            case "owe again" if gone := self.live(WriteOff, "reversed_on"):
                made = self.made_by(gone[0].id)
                return reverse_write_off(gone[0], debts[0][0], debts[1], made, on=on, reason="x")
            case "new dates":
                terms = parse_terms(TERMS[minor % len(TERMS)])
                new = planned(debts[0][0], debts[1], (), terms, on=on, calendar=WEEKENDS)
                return reschedule(Agreement(id=id, on=on, reason="x"), debts[0][0], debts[1], new)
        return None

    def check(self) -> None:
        """What is open is what is left, of each debt and on each day; nothing is settled that is not owed."""
        book, parts = self.ledger, self.ledger.instalments
        settled = [*book.allocations, *book.all(Adjustment)]
        for part in parts:
            assert not part.open.is_negative
            assert all(not getattr(part, name).is_negative for name in SETTLED_BY)
            assert part.settled is not bool(part.open)
            own = [each for each in settled if each.instalment == part.id]
            live = Money.total((each.settles for each in own if not each.undone), self.currency)
            assert part.amount - part.open == live
            assert open_on(part, own, self.day) == part.open
        moved = Money.total((part.rescheduled for part in parts), self.currency)
        assert Money.total((part.amount for part in parts), self.currency) - moved == self.whole
        for money in book.all(Receipt):
            mine = [each for each in book.allocations if each.receipt == money.id and not each.undone]
            assert money.allocated == Money.total((each.amount for each in mine), self.currency)
            assert money.allocated <= money.amount
        for note in book.all(CreditNote):
            mine = [each for each in book.all(Adjustment) if each.document == note.id and not each.undone]
            assert note.applied == Money.total((each.amount for each in mine), self.currency)
            assert note.applied <= note.amount
        for basis in AgeingBasis:
            scheme = AgeingScheme(basis=basis)
            aged = ageing(parts, as_of=self.day, currency=self.currency, scheme=scheme, settlements=settled)
            assert aged.total == open_of(parts, self.currency)


@covers("XT-22", "XT-24")
@given(
    st.sampled_from(CURRENCIES),
    st.integers(1, 50) | st.integers(1, 10**15),
    st.sampled_from(TERMS),
    st.dates(date(1900, 1, 1), date(2195, 12, 31)),
    st.lists(
        st.tuples(
            st.sampled_from(VERBS),
            st.integers(1, 60) | st.integers(1, 10**15),
            st.sampled_from(AllocationStrategy),
            st.booleans(),
        ),
        max_size=14,
    ),
)
def test_law_whatever_happens_to_a_debt_of_any_currency_the_sums_hold(currency, minor, terms, start, steps):
    story = Story(currency, minor, terms, start)
    for number, step in enumerate(steps):
        story.step(number, *step)
        story.check()
