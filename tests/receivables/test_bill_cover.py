"""Bills in hand cover debts, the oldest first, and never more than is open or than they are of."""

from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.money import Money
from pharmacrm.core.receivables.bill_cover import Covered, covered, in_hand
from pharmacrm.core.receivables.bills import BankBill, BillCounts, BillState
from pharmacrm.core.receivables.model import Instalment
from pharmacrm.core.values.terms import PartKind

DAY = date(2026, 3, 2)
LOWERED: dict[str, Any] = dict.fromkeys(
    ("allocated", "discount_taken", "credited", "written_off", "rescheduled", "cancelled"), Money.zero("CNY")
)


def yuan(amount: int) -> Money:
    return Money(amount, "CNY")


def bill(id: str, amount: int, **more: Any) -> BankBill:
    fields: dict[str, Any] = {
        "customer": "H-001",
        "acceptor": "示例银行",
        "amount": yuan(amount),
        "issued_on": DAY,
        "matures_on": DAY + timedelta(90),
        "received_on": DAY,
        "counts": BillCounts.AT_MATURITY,
        "charge": yuan(0),
    }
    return BankBill(id=id, **(fields | more))


def debt(id: str, amount: int) -> Instalment:
    return Instalment(
        id=id,
        receivable="R",
        customer="H-001",
        number=1,
        kind=PartKind.CREDIT,
        due=DAY,
        opened_on=DAY,
        amount=yuan(amount),
        **LOWERED,
    )


@pytest.mark.parametrize(
    ("bills", "found"),
    [
        ([], []),
        ([bill("B-1", 150)], [("I-1", 100), ("I-2", 50)]),
        ([bill("B-1", 60), bill("B-2", 60)], [("I-1", 60), ("I-1", 40), ("I-2", 20)]),
        ([bill("B-1", 900)], [("I-1", 100), ("I-2", 200)]),
        ([bill("B-1", 100, state=BillState.COLLECTED)], []),
        ([bill("B-1", 100, counts=BillCounts.ON_RECEIPT)], []),
        ([evolve(bill("B-1", 0), amount=Money(100, "USD"))], []),
    ],
)
def test_bills_lie_over_the_first_debts(bills: list[BankBill], found: list[tuple[str, int]]) -> None:
    owed = [debt("I-1", 100), debt("I-2", 200)]
    assert covered(bills, owed) == tuple(Covered(id, DAY, yuan(amount)) for id, amount in found)


def test_the_bill_that_came_first_lies_over_the_first_debt() -> None:
    later = bill("B-1", 100, received_on=DAY + timedelta(1))
    assert [each.on for each in covered([later, bill("B-2", 50)], [debt("I-1", 150)])] == [
        DAY,
        DAY + timedelta(1),
    ]


@given(st.lists(st.integers(1, 500), max_size=5), st.lists(st.integers(1, 500), max_size=5))
def test_law_what_is_covered_is_the_smaller_of_bills_and_debts(bills: list[int], debts: list[int]) -> None:
    held = [bill(f"B-{number}", amount) for number, amount in enumerate(bills)]
    owed = [debt(f"I-{number}", amount) for number, amount in enumerate(debts)]
    found = covered(held, owed)
    assert sum(each.amount.minor for each in found) == 100 * min(sum(bills), sum(debts))
    for each in owed:
        mine = [one.amount for one in found if one.instalment == each.id]
        assert Money.total(mine, "CNY") <= each.open


def test_a_bill_is_in_hand_until_it_has_gone_or_come_back() -> None:
    after = DAY + timedelta(5)
    held = bill("B-1", 100)
    assert [in_hand(held, on=DAY + timedelta(days)) for days in (-1, 0, 9)] == [False, True, True]
    gone = evolve(held, state=BillState.COLLECTED, moved_on=after)
    assert [in_hand(gone, on=DAY + timedelta(days)) for days in (4, 5)] == [True, False]
    bad = evolve(held, state=BillState.DISHONOURED, dishonoured_on=after)
    assert [in_hand(bad, on=DAY + timedelta(days)) for days in (4, 5)] == [True, False]
    assert not in_hand(evolve(held, counts=BillCounts.ON_RECEIPT), on=DAY)
