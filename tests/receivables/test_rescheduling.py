"""New due dates: the sum stays to the minor unit, the history stays to be read, a past day is as it was."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.flows.collection import AllocateReceipt
from pharmacrm.core.flows.rescheduling import RescheduleDebt
from pharmacrm.core.kernel.calendar import WEEKENDS
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.receivables import (
    AgeingReport,
    Instalment,
    NewInstalment,
    Rescheduling,
)
from pharmacrm.core.receivables.adjustments import Portion, lower
from pharmacrm.core.receivables.ageing import open_on
from pharmacrm.core.receivables.model import Adjustment, AdjustmentKind
from pharmacrm.core.receivables.rescheduling import Agreement, open_of, planned, reschedule
from pharmacrm.core.values.terms import parse_terms
from tests.covers import covers
from tests.flows.house import (
    FINANCE,
    blocked,
    credit,
    entities,
    open_house,
    pass_days,
    receipt,
    records,
    replayed,
    today,
    yuan,
)
from tests.flows.scenarios_selling import owed
from tests.receivables.ledger import DAY, Ledger, opened

LATER = DAY + timedelta(days=40)


def agreed(ledger, wanted=(), terms=None, on=LATER, id="A-1"):
    (receivable,) = ledger.receivables
    parts = ledger.instalments
    new = planned(receivable, parts, wanted, parse_terms(terms) if terms else None, on=on, calendar=WEEKENDS)
    return reschedule(Agreement(id=id, on=on, reason="经营困难"), receivable, parts, new)


def part(days, amount):
    return NewInstalment(LATER + timedelta(days=days), amount if isinstance(amount, Money) else yuan(amount))


@covers("XT-24")
@pytest.mark.parametrize(
    ("wanted", "terms", "codes"),
    [
        ((part(30, 60), part(60, 40)), None, ()),
        ((part(60, 40), part(30, 60)), None, ()),
        ((part(0, 100),), None, ()),
        ((), "3 monthly", ()),
        ((), None, ("rescheduling.no_plan",)),
        ((part(0, 100),), "net 30", ("rescheduling.no_plan",)),
        ((part(30, 60), part(60, "39.99")), None, ("rescheduling.sum",)),
        ((part(30, 60), part(60, "40.01")), None, ("rescheduling.sum",)),
        ((part(-1, 100),), None, ("rescheduling.past",)),
        ((part(30, Money("100", "USD")),), None, ("claim.currency_mismatch",)),
    ],
)
def test_what_may_be_agreed(wanted, terms, codes):
    ledger = Ledger(opened(100, "2 monthly"))
    decision = agreed(ledger, wanted, terms)
    assert decision.codes == codes
    assert bool(decision.changes) is not bool(codes)


@covers("XT-24")
def test_credit_receivables_025_a_sum_that_differs_names_both():
    (reason,) = agreed(Ledger(opened(100)), (part(1, 99),)).reasons
    assert (reason.observed, reason.expected) == ("CNY 99.00", "CNY 100.00")


@pytest.mark.parametrize("amount", [yuan(0), yuan(-1)])
def test_credit_receivables_026_a_new_part_of_nothing(amount):
    with pytest.raises(MalformedInput) as error:
        NewInstalment(DAY, amount)
    assert error.value.field == "amount"


def test_parts_out_of_order_are_numbered_by_their_due_dates():
    ledger = Ledger(opened(100))
    ledger.store(agreed(ledger, (part(60, 40), part(30, 60))))
    assert [(each.number, each.amount) for each in ledger.instalments] == [
        (1, yuan(100)),
        (2, yuan(60)),
        (3, yuan(40)),
    ]


@given(
    st.integers(1, 10**12),
    st.sampled_from(["net 30", "3 monthly", "7 monthly"]),
    st.lists(st.integers(0, 10**12), max_size=3),
    st.lists(st.sampled_from(["net 0", "2 monthly", "5 monthly"]), min_size=1, max_size=4),
)
def test_law_the_sum_stays_and_every_past_day_is_as_it_was(amount, terms, paid, agreements):
    """After any agreements: the same is open as before, and each earlier day is told the same."""
    ledger = Ledger(opened(Money.of_minor(amount, "CNY"), terms))
    for number, minor in enumerate(paid):
        first = next((each for each in ledger.instalments if each.open), None)
        off = Money.of_minor(min(minor, first.open.minor if first else 0), "CNY")
        if first and off:
            done = lower(
                [Portion(first.id, off)],
                ledger.instalments,
                kind=AdjustmentKind.CREDIT_NOTE,
                document=f"CN-{number}",
                on=DAY,
            )
            for entity in (*done.adjustments, *done.instalments):
                ledger.kept[type(entity), entity.id] = entity
    left = open_of(ledger.instalments, "CNY")
    for number, wanted in enumerate(agreements):
        on = LATER + timedelta(days=number)
        decision = ledger.store(agreed(ledger, terms=wanted, on=on, id=f"A-{number}"))
        assert decision.allowed is bool(left)
        assert open_of(ledger.instalments, "CNY") == left
        for day in (DAY, LATER - timedelta(days=1), on):
            then = [each for each in ledger.instalments if each.opened_on <= day]
            settled = ledger.all(Adjustment)
            assert Money.total((open_on(each, settled, day) for each in then), "CNY") == left
    whole = Money.total((each.amount - each.rescheduled for each in ledger.instalments), "CNY")
    assert whole.minor == amount


# ------------------------------------------------------------------------------------------ at the door


@covers("XT-22", "XT-24")
def test_a_debt_partly_paid_gets_new_due_dates():
    crm = open_house()
    owed(crm, "net 30")
    pass_days(crm, 40)
    late = today(crm)
    crm.do(receipt(crm, "R-1", 400), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    pass_days(crm, 1)
    plan = RescheduleDebt(id="A-1", receivable="OUT-1/receivable", terms="3 monthly", reason="经营困难")
    made = crm.do(plan, actor=FINANCE).expect()
    assert (made.amount, made.first, made.last) == (yuan(600), 2, 4)
    parts = sorted(crm.find(Instalment, actor=FINANCE), key=lambda each: each.number)
    assert [each.open for each in parts] == [yuan(0), yuan(200), yuan(200), yuan(200)]
    assert parts[0].settled
    assert credit(crm).exposure == yuan(600)
    pass_days(crm, 1)
    then, now = (crm.ask(AgeingReport(as_of=day), actor=FINANCE) for day in (late, today(crm)))
    assert (then.overdue, now.overdue, now.total) == (yuan(600), yuan(0), yuan(600))
    assert [each.id for each in entities(crm, Rescheduling)] == ["A-1"]
    replayed(crm)


def test_a_refused_agreement_changes_nothing():
    crm = open_house()
    owed(crm)
    before = records(crm)
    wrong = RescheduleDebt(
        id="A-1",
        receivable="OUT-1/receivable",
        instalments=(NewInstalment(date(2030, 1, 1), yuan(1)),),
        reason="经营困难",
    )
    assert blocked(crm.do(wrong, actor=FINANCE)) == {"rescheduling.sum"}
    assert records(crm) == before
