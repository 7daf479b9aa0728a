"""Reserve, post, release, expire: in any order nothing is lost and nothing is counted twice."""

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.credit.events import ReservationExpired
from pharmacrm.core.credit.model import Reservation, ReservationState
from pharmacrm.core.credit.reservations import expire, release, reserve, reserve_unbounded
from pharmacrm.core.credit.reservations import post as post_slip
from pharmacrm.core.kernel.change import Add, Save
from pharmacrm.core.kernel.decision import Decision
from tests.covers import covers
from tests.credit.books import AT, Book, line, yuan

S = ReservationState
HELD = Reservation(
    id="SO-1/credit",
    customer="H-001",
    order="SO-1",
    amount=yuan(100),
    posted=yuan(0),
    released=yuan(0),
    expires_at=AT + timedelta(days=30),
    version=1,
)


def take(start, amount, *, order="SO-1", existing=None, at=AT, days=30) -> Decision[Any]:
    return reserve(start, yuan(amount), order=order, customer="H-001", at=at, days=days, existing=existing)


def pass_hold(start, amount, *, existing=None) -> Decision[Any]:
    return reserve_unbounded(
        start,
        yuan(amount),
        order="SO-1",
        customer="H-001",
        at=AT,
        days=30,
        reason="passed by li.si",
        existing=existing,
    )


def post(held, amount, *, slip="OUT-1", order="SO-1") -> Decision[Any]:
    return post_slip(held, amount, slip=slip, order=order)


def let_go(held, *, cause="SO-1") -> Decision[Any]:
    return release(held, cause=cause)


@covers("XT-26")
def test_a_reservation_is_stored_and_counted():
    decision = take(line(100), 100)
    assert decision.expect() == evolve(HELD, version=0)
    assert decision.changes == (
        Save(evolve(HELD, version=0)),
        Add(kind=type(line()), id="H-001", amounts={"reserved": yuan(100)}, cause="SO-1/credit"),
    )


@covers("XT-26")
@pytest.mark.parametrize(
    ("start", "amount", "codes"),
    [
        (line(100), 101, ("credit.over_limit",)),
        (line(0), 1, ("credit.no_limit",)),
        (None, 1, ("credit.no_limit",)),
        (line(100, blocked=True), 1, ("credit.blocked",)),
        (line(100), -1, ("credit.negative_amount",)),
    ],
)
def test_without_credit_nothing_is_reserved(start, amount, codes):
    decision = take(start, amount)
    assert (decision.codes, decision.changes, decision.value) == (codes, (), None)


def test_nothing_needs_no_reservation():
    decision = take(None, 0)
    assert (decision.allowed, decision.value, decision.changes) == (True, None, ())


def test_an_unlimited_line_lifts_the_bound_and_says_so():
    (_, addition) = take(line(0, unlimited=True), 100).changes
    assert isinstance(addition, Add)
    assert addition.unbounded


@pytest.mark.parametrize(
    ("amount", "state", "open_", "moved"),
    [(100, S.ACTIVE, 100, None), (130, S.ACTIVE, 130, 30), (70, S.ACTIVE, 70, -30), (0, S.CLOSED, 0, -100)],
)
def test_an_amended_order_moves_by_the_difference_only(amount, state, open_, moved):
    decision = take(line(130, reserved=100), amount, existing=HELD)
    after = decision.expect()
    assert (after.state, after.open) == (state, yuan(open_))
    movements = [change.amounts["reserved"] for change in decision.changes if isinstance(change, Add)]
    assert movements == ([] if moved is None else [yuan(moved)])


def test_an_increase_is_checked_again():  # frappe/erpnext#33967
    decision = take(line(120, reserved=100), 130, existing=HELD)
    assert decision.codes == ("credit.over_limit",)
    assert decision.value == HELD
    assert "CNY 130.00 (short CNY 10.00)" in decision.reasons[0].observed


def test_a_decrease_passes_whatever_the_limit():
    assert take(line(0, blocked=True, reserved=100), 60, existing=HELD).allowed


@covers("XT-26")
def test_a_passed_hold_reserves_over_the_limit_and_says_why():
    book = Book(line(50))
    book.store(pass_hold(book.line, 100))
    assert book.line.reserved == yuan(100)
    assert book.unbounded == ["passed by li.si"]


def test_a_passed_hold_makes_the_line_of_a_customer_without_one():
    book = Book(None)
    book.store(pass_hold(None, 100))
    assert (book.line.limit, book.line.reserved) == (yuan(0), yuan(100))


def test_a_blocked_line_refuses_a_passed_hold_too():
    assert pass_hold(line(50, blocked=True), 100).codes == ("credit.blocked",)
    assert pass_hold(line(50), -100).codes == ("credit.negative_amount",)


def test_a_passed_hold_adds_only_what_the_order_does_not_hold_yet():
    book = Book(line(120, reserved=100))
    after = book.store(pass_hold(book.line, 150, existing=HELD)).expect()
    assert (after.open, book.line.reserved, book.unbounded) == (yuan(150), yuan(150), ["passed by li.si"])
    assert after.expires_at == AT + timedelta(days=30)
    late = evolve(HELD, expires_at=AT)
    assert pass_hold(book.line, 150, existing=late).expect().expires_at == AT + timedelta(days=30)


def test_passing_a_hold_for_nothing_stores_nothing():
    assert pass_hold(None, 0).changes == ()


@covers("XT-26", "XT-09")
@pytest.mark.parametrize(
    ("reservation", "amount", "codes"),
    [
        (HELD, 100, ()),
        (HELD, 1, ()),
        (HELD, 101, ("credit.over_posted",)),
        (HELD, 0, ()),
        (HELD, -1, ("credit.negative_amount",)),
        (None, 0, ()),
        (None, 1, ("credit.not_reserved",)),
        (evolve(HELD, state=S.EXPIRED, released=yuan(100)), 1, ("reservation.expired",)),
        (evolve(HELD, state=S.CLOSED, released=yuan(100)), 1, ("credit.over_posted",)),
    ],
)
def test_a_slip_posts_at_most_what_is_reserved(reservation, amount, codes):
    decision = post(reservation, yuan(amount), slip="OUT-1", order="SO-1")
    assert decision.codes == codes
    if codes or not amount:
        assert decision.changes == ()


def test_the_last_slip_closes_the_reservation():
    first = post(HELD, yuan(40), slip="OUT-1", order="SO-1").expect()
    assert (first.state, first.open) == (S.ACTIVE, yuan(60))
    last = post(first, yuan(60), slip="OUT-2", order="SO-1").expect()
    assert (last.state, last.open) == (S.CLOSED, yuan(0))


@pytest.mark.parametrize("posted", [0, 40])
def test_what_is_left_is_released_once(posted):
    decision = let_go(evolve(HELD, posted=yuan(posted)), cause="SO-1")
    after = decision.expect()
    assert (after.state, after.released) == (S.CLOSED, yuan(100 - posted))
    again = let_go(after, cause="SO-1")
    assert (again.codes, again.changes, again.allowed) == (("reservation.closed",), (), True)
    assert let_go(None, cause="SO-1").changes == ()


@covers("XT-26")
@pytest.mark.parametrize(("seconds", "expired"), [(-1, False), (0, True), (1, True)])
def test_a_reservation_lapses_when_its_time_is_up(seconds, expired):
    decision = expire(HELD, at=HELD.expires_at + timedelta(seconds=seconds))
    assert decision.expect().state is (S.EXPIRED if expired else S.ACTIVE)
    assert decision.events == ((ReservationExpired(subject="SO-1", customer="H-001"),) if expired else ())
    if expired:
        again = expire(decision.expect(), at=HELD.expires_at + timedelta(days=1))
        assert (again.codes, again.changes, again.events) == (("reservation.closed",), (), ())


def test_an_expired_reservation_is_checked_like_a_new_one():
    book = Book(line(100))
    held = book.store(take(book.line, 100)).value
    assert held is not None
    lapsed = book.store(expire(held, at=held.expires_at)).value
    book.store(take(book.line, 80, order="SO-2"))
    assert take(book.line, 100, existing=lapsed).codes == ("credit.over_limit",)
    again = book.store(take(book.line, 20, existing=lapsed, at=AT + timedelta(days=40))).expect()
    assert (again.state, again.open, again.amount) == (S.ACTIVE, yuan(20), yuan(120))
    assert again.expires_at == AT + timedelta(days=70)


def test_a_document_is_counted_once_on_its_way():  # frappe/erpnext#47279: limit 100, delivery 60
    book = Book(line(100))
    held = book.store(take(book.line, 60)).value
    assert book.line.exposure == yuan(60)
    book.store(post(held, yuan(60), slip="OUT-1", order="SO-1"))
    assert book.line.exposure == yuan(60)
    assert take(book.line, 40, order="SO-2").allowed


@covers("XT-26")
def test_ship_and_cancel_pass_after_the_limit_was_lowered():
    low = line(10, reserved=100)
    book = Book(low)
    shipped = book.store(post(HELD, yuan(60), slip="OUT-1", order="SO-1")).expect()
    book.store(let_go(shipped, cause="SO-1"))
    assert (book.line.reserved, book.line.posted, book.unbounded) == (yuan(0), yuan(60), [])


amounts = st.integers(0, 120)
orders = st.sampled_from(["SO-1", "SO-2", "SO-3"])
steps = st.lists(
    st.tuples(st.sampled_from(["reserve", "pass", "post", "release", "expire"]), orders, amounts), max_size=25
)


@covers("XT-26")
@given(st.integers(0, 200), steps)
def test_in_any_order_nothing_is_lost_and_the_limit_holds(limit, taken):
    """Never over the limit unless passed; amount = posted + released + open; counters are the sums."""
    book = Book(line(limit))
    for verb, order, amount in taken:
        held = book.reservations.get(order)
        if verb == "reserve":
            decision = take(book.line, amount, order=order, existing=held)
        elif verb == "pass":
            decision = reserve_unbounded(
                book.line,
                yuan(amount),
                order=order,
                customer="H-001",
                at=AT,
                days=30,
                reason="passed",
                existing=held,
            )
        elif verb == "post":
            decision = post(held, yuan(amount), slip="OUT-1", order=order)
        elif verb == "release":
            decision = let_go(held, cause=order)
        else:
            decision = expire(held, at=AT + timedelta(days=31)) if held else let_go(None, cause=order)
        before = book.line.exposure
        book.store(decision)
        if verb != "pass" and book.line.exposure > before:
            assert book.line.exposure <= book.line.limit
        kept = book.reservations.values()
        assert all(each.amount == each.posted + each.released + each.open for each in kept)
        assert all(not each.open.is_negative for each in kept)
        assert all((each.state is S.ACTIVE) == bool(each.open) for each in kept)
        assert book.line.reserved.minor == sum(each.open.minor for each in kept)
        assert book.line.posted.minor == sum(each.posted.minor for each in kept)


@given(st.integers(1, 100), st.integers(1, 100))
def test_reserving_twice_is_reserving_once(limit, amount):
    book = Book(line(limit))
    first = book.store(take(book.line, amount))
    again = take(book.line, amount, existing=first.value)
    assert again.changes == ()
