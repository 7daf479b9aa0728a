"""Money in, applied, taken back: the exposure follows, the counters never fall below zero."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.credit import movements
from pharmacrm.core.kernel.money import Money
from tests.covers import covers
from tests.credit.books import Book, line, yuan

WHO: dict[str, Any] = {"customer": "H-001", "cause": "R-1"}


@covers("XT-26")
@pytest.mark.parametrize(
    ("move", "exposure", "counters"),
    [
        (lambda start: movements.take(start, yuan(30), **WHO), 70, {"unapplied": 50}),
        (lambda start: movements.pay(start, yuan(30), **WHO), 70, {"paid": 30}),
        (lambda start: movements.apply(start, yuan(20), **WHO), 100, {"unapplied": 0, "paid": 20}),
        (
            lambda start: movements.apply(start, yuan(20), discount=yuan(2), **WHO),
            98,
            {"unapplied": 0, "paid": 22},
        ),
        (lambda start: movements.prepay(start, yuan(20), **WHO), 120, {"unapplied": 0}),
        (
            lambda start: movements.reverse(start, paid=yuan(0), unapplied=yuan(20), reason="退票", **WHO),
            120,
            {},
        ),
    ],
)
def test_every_movement_has_its_counters(move, exposure, counters):
    book = Book(line(50, posted=120, unapplied=20))
    book.store(move(book.line))
    assert book.line.exposure == yuan(exposure)
    assert all(getattr(book.line, name) == yuan(amount) for name, amount in counters.items())


@pytest.mark.parametrize(
    "move",
    [
        lambda: movements.apply(line(9, unapplied=5), yuan(6), **WHO),
        lambda: movements.prepay(line(9, unapplied=5), yuan(6), **WHO),
        lambda: movements.unapply(line(9, paid=5), yuan(6), reason="x", **WHO),
        lambda: movements.reverse(line(9, paid=5), paid=yuan(6), unapplied=yuan(0), reason="x", **WHO),
        lambda: movements.prepay(None, yuan(6), **WHO),
    ],
)
def test_no_counter_falls_below_zero(move):
    decision = move()
    assert "credit.below_zero" in decision.codes
    assert decision.changes == ()


@pytest.mark.parametrize(
    ("amount", "code"),
    [(yuan(-1), "credit.negative_amount"), (Money(1, "USD"), "credit.currency_mismatch")],
)
@pytest.mark.parametrize("move", [movements.take, movements.pay, movements.apply, movements.prepay])
def test_amounts_that_cannot_be_are_refused(move, amount, code):
    assert move(line(9, unapplied=5), amount, **WHO).codes == (code,)


def test_nothing_moves_nothing():
    assert movements.take(None, yuan(0), **WHO).changes == ()
    assert movements.reverse(None, paid=yuan(0), unapplied=yuan(0), reason="x", **WHO).changes == ()


def test_money_on_account_of_a_customer_without_a_line_is_known():
    book = Book(None)
    book.store(movements.take(None, yuan(30), **WHO))
    assert (book.line.limit, book.line.exposure) == (yuan(0), yuan(-30))


@covers("XT-26")
def test_receiving_and_reversing_pass_after_the_limit_was_lowered():
    book = Book(line(10, posted=100))
    book.store(movements.pay(book.line, yuan(40), **WHO))
    assert book.unbounded == []
    book.store(movements.reverse(book.line, paid=yuan(40), unapplied=yuan(0), reason="退票", **WHO))
    assert (book.line.exposure, book.unbounded) == (yuan(100), ["退票"])


def test_a_prepayment_from_money_relied_upon_warns():
    start = line(100, reserved=120, unapplied=20)
    (reason,) = movements.prepay(start, yuan(20), **WHO).reasons
    assert (reason.code, reason.observed) == ("credit.limit_below_exposure", "CNY 120.00")
    assert movements.prepay(line(100, unapplied=20), yuan(20), **WHO).codes == ()


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 10))
def test_what_was_applied_can_be_undone_whole(received, applied, discount):
    book = Book(line(0, posted=200))
    book.store(movements.take(book.line, yuan(received), **WHO))
    start = book.line
    decision = book.store(movements.apply(start, yuan(applied), discount=yuan(discount), **WHO))
    if decision.allowed:
        assert book.line.exposure == start.exposure - yuan(discount)
        book.store(movements.unapply(book.line, yuan(applied), discount=yuan(discount), reason="undo", **WHO))
    assert book.line == start
