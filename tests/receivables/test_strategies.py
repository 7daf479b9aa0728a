"""In which order money settles what is open: a switch, and the same laws for each."""

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.flows.charging import ChargeKind, RaiseCharge
from pharmacrm.core.flows.collection import AllocateReceipt, UndoAllocations
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.receivables import AllocationStrategy, Instalment, Receivable, ReceivableKind
from pharmacrm.core.receivables.allocation import allocate
from pharmacrm.core.receivables.opening import open_charge
from pharmacrm.core.receivables.strategies import spread
from tests.covers import covers
from tests.flows.house import FINANCE, credit, open_house, pass_days, receipt, replayed, today
from tests.flows.scenarios_selling import owed
from tests.receivables.ledger import DAY, Ledger, opened, yuan
from tests.receivables.ledger import receipt as money

OLD, NOW, FUTURE = (
    opened(100, "net 0", slip=slip, on=DAY + timedelta(days=days))
    for slip, days in (("OLD", -30), ("NOW", 0), ("FUTURE", 30))
)


def charged(id, kind, amount=10, days=5):
    (late,) = Ledger(OLD).receivables
    due = DAY + timedelta(days=days)
    return open_charge(id, late, yuan(amount), kind=kind, on=DAY, due=due, note="逾期")


COST, INTEREST = charged("C", ReceivableKind.COST), charged("I", ReceivableKind.INTEREST, days=4)


@covers("XT-22")
@pytest.mark.parametrize(
    ("strategy", "amount", "wanted"),
    [
        ("oldest_due", 150, [("OLD", 100), ("NOW", 50)]),
        ("oldest_due", 205, [("OLD", 100), ("NOW", 100), ("I", 5)]),
        ("current_first", 150, [("NOW", 100), ("I", 10), ("C", 10), ("FUTURE", 30)]),
        ("current_first", 230, [("NOW", 100), ("I", 10), ("C", 10), ("FUTURE", 100), ("OLD", 10)]),
        ("proportional", 32, [("OLD", 10), ("NOW", 10), ("I", 1), ("C", 1), ("FUTURE", 10)]),
        ("cost_interest_principal", 15, [("C", 10), ("I", 5)]),
        ("cost_interest_principal", 125, [("C", 10), ("I", 10), ("OLD", 100), ("NOW", 5)]),
    ],
)
def test_which_comes_first(strategy, amount, wanted):
    ledger = Ledger(OLD, NOW, FUTURE, COST, INTEREST)
    kinds = {each.id: each.kind for each in ledger.receivables}
    found = spread(AllocationStrategy(strategy), money(amount), ledger.instalments, kinds, on=DAY)
    assert [(each.instalment.split("/")[0], each.amount) for each in found] == [
        (name, yuan(part)) for name, part in wanted
    ]


@covers("XT-25")
@pytest.mark.parametrize(
    ("strategy", "amount", "paid", "off"),
    [
        ("oldest_due", 98, 98, 2),
        ("oldest_due", 97, 97, 0),
        ("oldest_due", 200, 98, 2),
        ("proportional", 98, 98, 2),
        ("proportional", 50, 50, 0),
    ],
)
def test_the_discount_is_taken_where_the_money_settles_the_instalment(strategy, amount, paid, off):
    ledger = Ledger(opened(100, "2/10 net 30"))
    done = allocate(
        money(amount),
        ledger.receivables,
        ledger.instalments,
        on=DAY,
        strategy=AllocationStrategy(strategy),
        take_discounts=True,
    ).expect()
    assert (done.credit, done.discount) == (yuan(paid), yuan(off))


@given(
    st.sampled_from(AllocationStrategy),
    st.lists(
        st.tuples(st.integers(1, 10**7), st.integers(-90, 90), st.sampled_from(["net 0", "2/10 net 30"])),
        min_size=1,
        max_size=6,
    ),
    st.integers(1, 5 * 10**7),
    st.booleans(),
)
def test_law_every_strategy_spends_all_it_can_and_never_more(strategy, debts, minor, take):
    """Nothing is over-paid, and money is left only when nothing is open."""
    ledger = Ledger(
        *(
            opened(Money.of_minor(amount, "CNY"), terms, slip=f"S{number}", on=DAY + timedelta(days=days))
            for number, (amount, days, terms) in enumerate(debts)
        )
    )
    paid = money(Money.of_minor(minor, "CNY"))
    done = ledger.store(
        allocate(paid, ledger.receivables, ledger.instalments, on=DAY, strategy=strategy, take_discounts=take)
    )
    assert not done.refused, done
    after = done.expect().receipt
    assert all(not part.open.is_negative for part in ledger.instalments)
    assert after.allocated <= after.amount
    assert not after.open or all(not part.open for part in ledger.instalments)
    total = Money.total((part.amount - part.open for part in ledger.instalments), "CNY")
    assert total == after.allocated + done.expect().discount


@given(st.permutations(range(4)), st.sampled_from(AllocationStrategy))
def test_law_the_order_in_which_debts_are_read_makes_no_difference(order, strategy):
    ledger = Ledger(OLD, NOW, FUTURE, COST)
    kinds = {each.id: each.kind for each in ledger.receivables}
    first, mixed = (
        spread(strategy, money(170), parts, kinds, on=DAY)
        for parts in (ledger.instalments, [ledger.instalments[n] for n in order])
    )
    assert first == mixed


def test_what_is_owed_by_others_is_left_alone():
    ledger = Ledger(opened(60, customer="H-002"), opened(Money(60, "USD"), slip="OUT-2"))
    for strategy in AllocationStrategy:
        assert spread(strategy, money(100), ledger.instalments, {}, on=DAY) == ()


# ------------------------------------------------------------------------------------------ at the door


@covers("XT-22", "XT-26")
def test_costs_and_interest_first_and_the_debt_stays_claimable():
    crm = open_house()
    owed(crm, "net 30")
    pass_days(crm, 40)
    fee = RaiseCharge(
        id="F-1",
        receivable="OUT-1/receivable",
        kind=ChargeKind.COST,
        amount=yuan(30),
        due=today(crm),
        reason="催收",
    )
    crm.do(fee, actor=FINANCE).expect()
    crm.do(evolve(fee, id="I-1", kind=ChargeKind.INTEREST, amount=yuan(12)), actor=FINANCE).expect()
    assert credit(crm).exposure == yuan(1042)
    crm.do(receipt(crm, "R-1", 100), actor=FINANCE).expect()
    by_law = AllocateReceipt(receipt="R-1", strategy=AllocationStrategy.COST_INTEREST_PRINCIPAL)
    crm.do(by_law, actor=FINANCE).expect()
    left = {part.receivable: part.open for part in crm.find(Instalment, actor=FINANCE)}
    assert left == {"F-1": yuan(0), "I-1": yuan(0), "OUT-1/receivable": yuan(942)}
    assert crm.get(Receivable, "F-1", actor=FINANCE).principal == "OUT-1/receivable"
    assert credit(crm).exposure == yuan(942)
    replayed(crm)


def test_one_allocation_is_undone_and_the_others_stay():
    crm = open_house()
    owed(crm, "3 monthly")
    crm.do(receipt(crm, "R-1", 1000), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    one = UndoAllocations(receipt="R-1", reason="记错", only=("R-1/2",))
    crm.do(one, actor=FINANCE).expect()
    parts = sorted(crm.find(Instalment, actor=FINANCE), key=lambda part: part.number)
    assert [part.open for part in parts] == [yuan(0), yuan("333.33"), yuan(0)]
    assert credit(crm).unapplied == yuan("333.33")
    before = credit(crm)
    assert crm.do(one, actor=FINANCE).allowed
    assert credit(crm) == before
