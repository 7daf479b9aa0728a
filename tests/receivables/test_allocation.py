"""Allocation: named or oldest first, never too much on either side, undone without a trace."""

from datetime import date
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Severity
from pharmacrm.core.receivables.allocation import allocate
from pharmacrm.core.receivables.events import AllocationsUndone, ReceiptAllocated, ReceiptReversed
from pharmacrm.core.receivables.model import Receipt
from pharmacrm.core.receivables.opening import open_prepayment
from pharmacrm.core.receivables.targets import Target
from pharmacrm.core.receivables.undoing import reverse_receipt, undo_allocations
from pharmacrm.core.values.terms import parse_terms
from tests.covers import covers
from tests.receivables.ledger import DAY, Ledger, opened, receipt, yuan

ONE = "OUT-1/receivable/1"
DOLLARS = {"amount": Money(9, "USD"), "allocated": Money(0, "USD")}


def pay(ledger, money, wanted=None, on=DAY):
    return allocate(money, ledger.receivables, ledger.instalments, wanted, on=on)


@covers("XT-22")
def test_the_oldest_due_is_paid_first():
    ledger = Ledger(opened(100, slip="B", on=date(2026, 10, 1)), opened(100, slip="A", on=date(2026, 9, 1)))
    decision = ledger.store(pay(ledger, receipt(150)))
    done = decision.expect()
    assert [(part.id, part.instalment, part.amount) for part in done.allocations] == [
        ("R-1/1", "A/receivable/1", yuan(100)),
        ("R-1/2", "B/receivable/1", yuan(50)),
    ]
    assert (done.receipt.allocated, done.receipt.allocations, done.receipt.open) == (yuan(150), 2, yuan(0))
    assert (done.credit, done.prepaid, done.discount) == (yuan(150), yuan(0), yuan(0))
    assert [(part.open, part.settled) for part in ledger.instalments] == [(yuan(50), False), (yuan(0), True)]
    assert sorted(ledger.touched) == ["A/receivable", "B/receivable"]
    assert decision.events == (ReceiptAllocated(subject="R-1", customer="H-001"),)
    assert decision.reasons == ()


@covers("XT-22")
@pytest.mark.parametrize("owed", [0, 60])
def test_an_over_payment_stays_on_account(owed):
    ledger = Ledger(*([opened(owed)] if owed else []))
    decision = pay(ledger, receipt(100))
    assert decision.allowed
    (reason,) = decision.reasons
    assert (reason.code, reason.severity, reason.observed) == (
        "receipt.on_account",
        Severity.INFO,
        str(yuan(100 - owed)),
    )
    assert bool(decision.changes) is bool(decision.events) is bool(owed)


@covers("XT-22")
@pytest.mark.parametrize(
    ("changes", "targets", "codes"),
    [
        ({}, [Target(ONE, yuan(60))], []),
        ({}, [Target(ONE, yuan("60.01"))], ["instalment.over_allocated"]),
        ({}, [Target(ONE, yuan(30)), Target(ONE, yuan(30))], []),
        ({}, [Target(ONE, yuan(30)), Target(ONE, yuan(31))], ["instalment.over_allocated"]),
        ({"amount": yuan(50)}, [Target(ONE, yuan(51))], ["receipt.over_allocated"]),
        ({"allocated": yuan(50)}, [Target(ONE, yuan(51))], ["receipt.over_allocated"]),
        ({"allocated": yuan(50)}, [Target(ONE, yuan(50))], []),
        ({"cleared": False}, [Target(ONE, yuan(1))], ["receipt.not_cleared"]),
        ({"reversed_on": DAY}, [Target(ONE, yuan(1))], ["receipt.reversed"]),
        ({"payer": "H-002"}, [Target(ONE, yuan(1))], ["instalment.other_customer"]),
        ({}, [Target("nowhere", yuan(1))], ["instalment.unknown"]),
        ({}, [Target(ONE, Money(1, "USD"))], ["receipt.currency_mismatch"]),
        (DOLLARS, [Target(ONE, Money(1, "USD"))], ["receipt.currency_mismatch"]),
        (
            {"amount": yuan(10), "cleared": False, "payer": "H-002"},
            [Target(ONE, yuan(61)), Target("nowhere", yuan(1))],
            ["instalment.other_customer", "instalment.over_allocated", "instalment.unknown",
             "receipt.not_cleared", "receipt.over_allocated"],
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_allocated(changes, targets, codes):
    decision = pay(Ledger(opened(60)), receipt(**changes), targets)
    refused = [reason.code for reason in decision.reasons if reason.severity is Severity.BLOCK]
    assert refused == codes
    assert bool(decision.changes) is not bool(codes)


def test_too_much_names_what_is_open():
    (reason,) = pay(Ledger(opened(60)), receipt(61), [Target(ONE, yuan(61))]).reasons
    assert (reason.subject, reason.observed, reason.expected) == (ONE, "CNY 61.00", "CNY 60.00")


def test_other_customers_and_currencies_are_left_alone():
    ledger = Ledger(opened(60, customer="H-002"), opened(Money(60, "USD"), slip="OUT-2"))
    assert pay(ledger, receipt(100)).expect().allocations == ()


def test_prepaid_and_credit_are_told_apart():
    prepaid = open_prepayment(
        "SO-1", yuan(100), customer="H-001", terms=parse_terms("30% prepaid, rest net 5"), on=DAY
    )
    done = pay(Ledger(prepaid, opened(70)), receipt(100)).expect()
    assert (done.prepaid, done.credit) == (yuan(30), yuan(70))


@pytest.mark.parametrize(
    ("amount", "code"),
    [(yuan(0), "money.zero"), (yuan(-1), "money.sign"), (None, "money.required"), (1, "money.type")],
)
def test_a_target_is_read_strictly(amount, code):
    with pytest.raises(MalformedInput) as error:
        Target(ONE, amount)
    assert (error.value.code, error.value.field) == (code, "amount")


@covers("XT-25")
@pytest.mark.parametrize(
    ("value_date", "amount", "codes", "discount"),
    [
        ("2026-12-01", 98, [], 2),  # the tenth day itself
        ("2026-12-02", 99, [], 1),  # the second step, 1/20
        ("2026-12-11", 99, [], 1),
        ("2026-12-12", 99, ["discount.expired"], None),
        ("2026-12-01", 97, ["discount.not_settling"], None),
        ("2026-12-01", 99, ["discount.not_settling"], None),
        ("2026-12-01", 100, ["discount.not_settling"], None),
    ],
)
def test_early_payment_settles_with_the_discount(value_date, amount, codes, discount):
    ledger = Ledger(opened(100, "2/10 1/20 net 60"))
    money = receipt(100, value_date=date.fromisoformat(value_date))
    decision = ledger.store(
        pay(ledger, money, [Target(ONE, yuan(amount), take_discount=True)], on=date(2026, 12, 20))
    )
    assert [reason.code for reason in decision.reasons if reason.severity is Severity.BLOCK] == codes
    (part,) = ledger.instalments
    if discount is not None:
        assert (part.discount_taken, part.allocated, part.open) == (yuan(discount), yuan(amount), yuan(0))
        assert part.settled
        assert decision.expect().discount == yuan(discount)


@covers("XT-25")
def test_a_discount_is_taken_with_the_payment_that_settles():
    ledger = Ledger(opened(100, "2/10 net 60"))
    first = ledger.store(pay(ledger, receipt(40), [Target(ONE, yuan(40))])).expect()
    assert first.discount == yuan(0)
    last = pay(ledger, receipt(58, id="R-2"), [Target(ONE, yuan(58), take_discount=True)]).expect()
    assert last.discount == yuan(2)


def test_no_discount_is_left_when_only_it_is_open():
    ledger = Ledger(opened(100, "2/10 net 60"))
    ledger.store(pay(ledger, receipt(98), [Target(ONE, yuan(98))]))
    decision = pay(ledger, receipt(5, id="R-2"), [Target(ONE, yuan(1), take_discount=True)])
    assert "discount.expired" in decision.codes


def test_a_payment_that_does_not_settle_is_told_what_would():
    money = receipt(100)
    (reason,) = pay(
        Ledger(opened(100, "2/10 net 60")), money, [Target(ONE, yuan(97), take_discount=True)]
    ).reasons
    assert (reason.observed, reason.expected) == ("CNY 97.00", "CNY 98.00")


def test_the_oldest_first_takes_no_discount():
    done = pay(Ledger(opened(100, "2/10 net 60")), receipt(98)).expect()
    assert done.discount == yuan(0)


def undo(ledger, id="R-1"):
    return undo_allocations(
        ledger.receipt(id), ledger.receivables, ledger.instalments, ledger.allocations, on=DAY
    )


@covers("XT-22")
def test_what_is_undone_is_open_and_on_account_again():
    ledger = Ledger(opened(100, "2/10 net 60"))
    before = ledger.instalments
    ledger.store(pay(ledger, receipt(98), [Target(ONE, yuan(98), take_discount=True)]))
    decision = ledger.store(undo(ledger))
    done = decision.expect()
    assert (done.credit, done.discount) == (yuan(98), yuan(2))
    assert ledger.instalments == before
    assert (ledger.receipt().open, ledger.receipt().allocations) == (yuan(98), 1)
    assert [(part.undone, part.undone_on) for part in ledger.allocations] == [(True, DAY)]
    assert decision.events == (AllocationsUndone(subject="R-1", customer="H-001"),)
    assert undo(ledger).changes == ()
    again = pay(ledger, ledger.receipt(), [Target(ONE, yuan(10))]).expect()
    assert again.allocations[0].id == "R-1/2"


@covers("XT-22")
def test_a_reversed_receipt_leaves_the_debt_as_it_was():
    ledger = Ledger(opened(60))
    before = ledger.instalments
    ledger.store(pay(ledger, receipt(100)))
    decision = reverse_receipt(
        ledger.receipt(), ledger.receivables, ledger.instalments, ledger.allocations, on=DAY, reason="退票"
    )
    ledger.store(decision)
    after = ledger.receipt()
    assert (after.reversed_on, after.reverse_reason, after.allocated, after.open) == (
        DAY,
        "退票",
        yuan(0),
        yuan(0),
    )
    assert ledger.instalments == before
    assert decision.events == (ReceiptReversed(subject="R-1", customer="H-001"),)
    assert decision.expect().credit == yuan(60)
    again = reverse_receipt(
        after, ledger.receivables, ledger.instalments, ledger.allocations, on=DAY, reason="x"
    )
    assert (again.allowed, again.changes, again.codes) == (True, (), ("receipt.reversed",))


def test_a_receipt_without_allocations_is_reversed_too():
    decision = reverse_receipt(receipt(), [], [], [], on=DAY, reason="退票")
    assert decision.expect().receipt.reversed_on == DAY
    assert decision.events


def test_allocations_of_others_are_not_undone():
    ledger = Ledger(opened(60))
    ledger.store(pay(ledger, receipt(100)))
    strange = undo_allocations(
        evolve(ledger.receipt(), id="R-9"), ledger.receivables, ledger.instalments, ledger.allocations, on=DAY
    )
    assert strange.codes == ("allocation.unknown",)
    lost = undo_allocations(ledger.receipt(), ledger.receivables, [], ledger.allocations, on=DAY)
    assert lost.codes == ("instalment.unknown",)


@covers("XT-22")
@given(
    st.lists(st.integers(1, 5_000), min_size=1, max_size=5),
    st.lists(
        st.tuples(st.sampled_from(["pay", "name", "undo", "reverse"]), st.integers(1, 8_000)), max_size=12
    ),
    st.data(),
)
def test_whatever_is_done_the_sums_hold(debts, steps, data):
    """Amount = allocated + discount + open; the active allocations of a receipt are what it has allocated."""
    ledger = Ledger(
        *(opened(Money.of_minor(debt, "CNY"), "2/10 3 monthly", slip=f"S{n}") for n, debt in enumerate(debts))
    )
    for number, (verb, minor) in enumerate(steps):
        receipts = ledger.all(Receipt)
        if verb in {"pay", "name"} or not receipts:
            money = receipt(Money.of_minor(minor, "CNY"), id=f"R-{number}")
            part = data.draw(st.sampled_from(ledger.instalments))
            named = [Target(part.id, Money.of_minor(minor, "CNY"), take_discount=data.draw(st.booleans()))]
            ledger.store(pay(ledger, money, named if verb == "name" else None))
        else:
            one = data.draw(st.sampled_from(receipts))
            theirs = [part for part in ledger.allocations if part.receipt == one.id]
            rest = (one, ledger.receivables, ledger.instalments, theirs)
            ledger.store(
                undo_allocations(*rest, on=DAY)
                if verb == "undo"
                else reverse_receipt(*rest, on=DAY, reason="x")
            )
        for part in ledger.instalments:
            paid = [each for each in ledger.allocations if each.instalment == part.id and not each.undone]
            assert part.allocated.minor == sum(each.amount.minor for each in paid)
            assert part.discount_taken.minor == sum(each.discount.minor for each in paid)
            assert part.allocated + part.discount_taken + part.open == part.amount
            assert not part.open.is_negative
            assert part.settled is not bool(part.open)
        for each in ledger.all(Receipt):
            active = [part for part in ledger.allocations if part.receipt == each.id and not part.undone]
            assert each.allocated.minor == sum(part.amount.minor for part in active)
            assert each.allocated <= each.amount


@covers("XT-25")
@pytest.mark.parametrize(
    ("amount", "codes", "discount"),
    [
        (49, [], 1),
        (98, [], 2),
        (99, ["discount.not_settling"], None),
        (100, ["discount.not_settling"], None),
    ],
)
def test_pro_rata_a_payment_in_part_earns_its_part(amount, codes, discount):
    ledger = Ledger(opened(100, "2/10 net 60, discount pro rata"))
    decision = pay(ledger, receipt(100), [Target(ONE, yuan(amount), take_discount=True)])
    assert [code for code in decision.codes if code != "receipt.on_account"] == codes
    if discount is not None:
        assert decision.expect().discount == yuan(discount)


def test_pro_rata_parts_add_up_to_the_whole_discount():
    ledger = Ledger(opened(100, "2/10 net 60, discount pro rata"))
    ledger.store(pay(ledger, receipt(49), [Target(ONE, yuan(49), take_discount=True)]))
    last = pay(ledger, receipt(49, id="R-2"), [Target(ONE, yuan(49), take_discount=True)])
    assert last.expect().discount == yuan(1)
    ledger.store(last)
    assert ledger.instalments[0].open == yuan(0)


@covers("XT-25")
@pytest.mark.parametrize(
    ("value_date", "codes"),
    [("2026-12-01", []), ("2026-12-04", []), ("2026-12-05", ["discount.expired"])],
)
def test_days_of_grace_are_granted_after_the_last_day(value_date, codes):
    ledger = Ledger(opened(100, "2/10 net 60, grace 3 days"))
    money = receipt(98, value_date=date.fromisoformat(value_date))
    decision = pay(ledger, money, [Target(ONE, yuan(98), take_discount=True)], on=date(2026, 12, 20))
    assert [reason.code for reason in decision.reasons if reason.severity is Severity.BLOCK] == codes


@given(st.integers(1, 50), st.lists(st.integers(1, 4000), min_size=1, max_size=6))
def test_law_pro_rata_discounts_are_exact_but_for_rounding(percent, minors):
    ledger = Ledger(opened(100, f"{percent}/10 net 60, discount pro rata"))
    for number, minor in enumerate(minors):
        money = receipt(Money.of_minor(minor, "CNY"), id=f"R-{number}")
        ledger.store(pay(ledger, money, [Target(ONE, money.amount, take_discount=True)]))
    (part,) = ledger.instalments
    assert part.allocated + part.discount_taken + part.open == part.amount
    exact = Fraction(part.allocated.minor * percent, 100 - percent)
    assert abs(part.discount_taken.minor - exact) <= len(minors)
