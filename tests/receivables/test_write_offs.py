"""Small differences: up to the cap, over all write-offs of a receivable, and wanted again without a trace."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.writing_off import ReverseWriteOff, SetWriteOffCap, WriteOffDifference
from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.kernel.errors import NotFound
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.receivables import Adjustment, AgeingReport, Instalment, WriteOff, WriteOffCap
from pharmacrm.core.receivables.adjustments import Portion, lower, take_back
from pharmacrm.core.receivables.ageing import open_on
from pharmacrm.core.receivables.gate import cleared_prepayment
from pharmacrm.core.receivables.model import SETTLED_BY, AdjustmentKind
from pharmacrm.core.receivables.opening import open_prepayment
from pharmacrm.core.receivables.write_offs import set_cap, write_off
from pharmacrm.core.values.terms import parse_terms
from tests.covers import covers
from tests.flows.house import FINANCE, LEAD, blocked, credit, entities, open_house, pass_days, records, today
from tests.flows.scenarios_selling import owed
from tests.receivables.ledger import DAY, Ledger, opened, yuan

CAP = WriteOffCap(id="CNY", amount=yuan(5))


def given_up(ledger, amount, cap=CAP, instalment="OUT-1/receivable/1", id="W-1"):
    (receivable,) = ledger.receivables
    money = amount if isinstance(amount, Money) else yuan(amount)
    portion = Portion(instalment, money)
    return write_off(id, receivable, ledger.instalments, portion, cap, on=DAY, reason="手续费")


@covers("XT-22")
@pytest.mark.parametrize(
    ("amount", "cap", "outcome", "codes"),
    [
        ("5.00", CAP, Outcome.ALLOWED, []),
        ("5.01", CAP, Outcome.HELD, ["write_off.over_cap"]),
        ("0.01", None, Outcome.HELD, ["write_off.over_cap"]),
        ("100.00", evolve(CAP, amount=yuan(100)), Outcome.ALLOWED, []),
        ("100.01", evolve(CAP, amount=yuan(200)), Outcome.REFUSED, ["write_off.over_open"]),
        (Money("1", "USD"), CAP, Outcome.REFUSED, ["write_off.currency_mismatch"]),
    ],
)
def test_what_may_be_written_off(amount, cap, outcome, codes):
    decision = given_up(Ledger(opened(100)), amount, cap)
    assert (decision.outcome, list(decision.codes)) == (outcome, codes)


def test_the_cap_is_for_all_write_offs_of_a_receivable():
    ledger = Ledger(opened(100, "2 monthly"))
    ledger.store(given_up(ledger, "3.00"))
    (reason,) = given_up(ledger, "2.01", instalment="OUT-1/receivable/2", id="W-2").reasons
    assert (reason.observed, reason.expected) == ("CNY 5.01", "CNY 5.00")
    assert given_up(ledger, "2.00", instalment="OUT-1/receivable/2", id="W-2").allowed


def test_a_cap_set_again_changes_nothing():
    first = set_cap(None, yuan(5), reason="手续费").expect()
    assert set_cap(first, yuan(5), reason="手续费").changes == ()
    assert set_cap(first, yuan(6), reason="手续费").expect().amount == yuan(6)


def test_a_prepayment_less_its_bank_charge_has_arrived():
    terms = parse_terms("30% prepaid, rest net 5")
    ledger = Ledger(open_prepayment("SO-1", yuan(100), customer="H-001", terms=terms, on=DAY))
    (part,) = ledger.instalments
    paid = evolve(part, allocated=yuan(29), written_off=yuan(1))
    assert cleared_prepayment([paid], "CNY") == yuan(30)


@given(st.lists(st.integers(1, 500), max_size=6), st.data())
def test_law_lowering_and_taking_back_leave_no_trace_and_always_add_up(amounts, data):
    """Amount = settled + open after any sequence, and undoing all of it is not having done it."""
    (part,) = Ledger(opened(30)).instalments
    now = part
    made: list[Adjustment] = []
    for number, minor in enumerate(amounts):
        amount = Money.of_minor(min(minor, now.open.minor), "CNY")
        if not amount:
            break
        kind = data.draw(st.sampled_from(AdjustmentKind))
        done = lower([Portion(part.id, amount)], [now], kind=kind, document=f"D-{number}", on=DAY)
        (now,), made = done.instalments, [*made, *done.adjustments]
        assert now.amount == Money.total((getattr(now, name) for name in SETTLED_BY), "CNY") + now.open
        assert now.settled is (not now.open)
        assert not now.open.is_negative
        assert open_on(now, made, DAY) == now.open
    undone = take_back(made, [now], on=DAY)
    assert (undone.instalments or (part,)) == (part,)
    assert open_on(part, undone.adjustments, DAY) == part.open


# ------------------------------------------------------------------------------------------ at the door


def test_credit_receivables_024_a_write_off_above_the_balance_is_refused():
    crm = open_house()
    debt = owed(crm).id
    before = records(crm)
    too_much = WriteOffDifference(id="W-1", instalment=debt, amount=yuan("1000.01"), reason="手续费")
    decision = crm.do(too_much, actor=FINANCE)
    assert blocked(decision) == {"write_off.over_open"}
    assert "CNY 1,000.01" in decision.explain()
    assert records(crm) == before
    with pytest.raises(NotFound):
        crm.do(evolve(too_much, instalment="nothing"), actor=FINANCE)


@covers("XT-22", "XT-26")
def test_debt_exposure_and_ageing_fall_and_rise_together():
    crm = open_house()
    debt = owed(crm).id
    before = credit(crm).exposure
    crm.do(SetWriteOffCap(amount=yuan(5), reason="手续费"), actor=LEAD).expect()
    pass_days(crm, 1)
    small = WriteOffDifference(id="W-1", instalment=debt, amount=yuan("4.50"), reason="手续费")
    crm.do(small, actor=FINANCE).expect()
    done = today(crm)
    assert before - credit(crm).exposure == yuan("4.50")
    pass_days(crm, 1)
    crm.do(ReverseWriteOff(write_off="W-1", reason="补足"), actor=FINANCE).expect()
    assert credit(crm).exposure == before
    pass_days(crm, 1)
    ages = [crm.ask(AgeingReport(as_of=day), actor=FINANCE).total for day in (done, today(crm))]
    assert ages == [yuan("995.50"), yuan(1000)]


def test_over_the_cap_a_lead_decides_and_it_is_done_as_its_first_actor():
    crm = open_house()
    debt = owed(crm).id
    held = crm.do(
        WriteOffDifference(id="W-1", instalment=debt, amount=yuan(10), reason="手续费"), actor=FINANCE
    )
    assert held.held
    assert not entities(crm, WriteOff)
    crm.do(PassHold(of=held.case, code="write_off.over_cap", reason="同意"), actor=LEAD).expect()
    assert crm.get(WriteOff, "W-1", actor=FINANCE).amount == yuan(10)
    assert crm.get(Instalment, debt, actor=FINANCE).written_off == yuan(10)
