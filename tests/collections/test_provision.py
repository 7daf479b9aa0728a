"""Bad-debt provision: a rate for each class, by the table of the day."""

from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.collections import ProvisionRates, SetProvisionRates
from pharmacrm.core.collections.provision import problems, provision, set_rates
from pharmacrm.core.flows.analysis import BadDebtProvision
from pharmacrm.core.flows.shipping import IssueSlip
from pharmacrm.core.kernel.errors import MalformedInput, NotFound
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.orders import SlipItem
from tests.flows.house import FINANCE, WAREHOUSE, open_house, pass_days, placed, released, today, yuan

DAY = date(2026, 1, 1)
RATES = ("0%", "5%", "20%", "100%")


def table(edges=(90, 365), rates=RATES, **more):
    fields = {"id": DAY.isoformat(), "valid_from": DAY, "edges": edges}
    return ProvisionRates(**fields, rates=tuple(map(Percentage, rates)), **more)


def test_each_class_is_rounded_by_itself():
    opened = [
        ("not due", yuan("100.00")),
        ("1-90", yuan("0.10")),
        ("91-365", yuan("-3")),
        ("over 365", yuan(7)),
    ]
    found = provision(opened, table(), as_of=DAY, currency="CNY")
    assert [each.amount for each in found.classes] == [yuan(0), yuan("0.01"), yuan(0), yuan(7)]
    assert found.amount == yuan("7.01")
    assert found.open == yuan("104.10")
    assert found.rates == "2026-01-01"


@pytest.mark.parametrize(
    ("edges", "rates", "codes"),
    [
        ((90, 365), RATES, []),
        ((), ("0%", "5%"), ["provision.edges"]),
        ((1,), ("0%", "1%", "2%"), ["provision.edges"]),
        ((40_000,), ("0%", "1%", "2%"), ["provision.edges"]),
        ((30, 30), RATES, ["provision.edges"]),
        ((30,), RATES, ["provision.classes"]),
        ((30, 60), ("5%", "0%", "20%", "10%"), ["provision.falling", "provision.falling"]),
    ],
)
def test_what_is_wrong_with_a_table(edges, rates, codes):
    assert [each.code for each in problems(table(edges, rates))] == codes


def test_setting_twice_is_setting_once():
    first = set_rates(None, table())
    assert first.changes
    stored = evolve(table(), version=1)
    assert not set_rates(stored, table()).changes
    assert set_rates(stored, table(rates=("1%", *RATES[1:]))).changes


@pytest.mark.parametrize(("rates", "code"), [(("0%", "5"), "percentage.format"), ("5%", "list.type")])
def test_rates_that_cannot_be_read(rates, code):
    with pytest.raises(MalformedInput) as error:
        SetProvisionRates(valid_from=DAY, edges=(30,), rates=rates)
    assert error.value.code == code
    assert error.value.field.startswith("rates")


def test_the_rates_of_the_day_count_and_a_day_without_any_is_named():
    crm = open_house()
    released(crm, "SO-1", 1000, terms="net 30")
    crm.do(IssueSlip(order="SO-1", items=(SlipItem(1, "L1", 800),)), actor=WAREHOUSE).expect()
    before = today(crm)
    with pytest.raises(NotFound):
        crm.ask(BadDebtProvision(), actor=FINANCE)
    pass_days(crm, 100)
    first = SetProvisionRates(valid_from=today(crm), edges=(90,), rates=("0%", "10%", "50%"))
    crm.do(first, actor=FINANCE).expect()
    pass_days(crm, 60)
    later = SetProvisionRates(valid_from=today(crm), edges=(30,), rates=("0%", "20%", "60%"))
    crm.do(later, actor=FINANCE).expect()
    now = crm.ask(BadDebtProvision(), actor=FINANCE)
    assert (now.amount, now.open) == (yuan(600), yuan(1000))
    assert crm.ask(BadDebtProvision(as_of=first.valid_from), actor=FINANCE).amount == yuan(100)
    with pytest.raises(NotFound):
        crm.ask(BadDebtProvision(as_of=before), actor=FINANCE)


def test_a_prepayment_that_did_not_come_is_no_debt():
    crm = open_house()
    placed(crm, "SO-1", 1000, terms="100% prepaid")
    rates = SetProvisionRates(valid_from=today(crm), edges=(90,), rates=("10%", "10%", "50%"))
    crm.do(rates, actor=FINANCE).expect()
    assert crm.ask(BadDebtProvision(), actor=FINANCE).amount == yuan(0)
    pass_days(crm, 1)
    yesterday = BadDebtProvision(as_of=rates.valid_from)
    assert crm.ask(yesterday, actor=FINANCE).open == yuan(0)


@given(
    st.lists(st.tuples(st.integers(0, 10**12), st.integers(0, 10**6)), min_size=3, max_size=8),
)
def test_a_provision_is_never_more_than_what_is_open(classes):
    rates = tuple(Percentage.of_units(rate) for _, rate in classes)
    opened = [(str(n), Money.of_minor(minor, "CNY")) for n, (minor, _) in enumerate(classes)]
    edges = tuple(range(2, len(classes)))
    found = provision(opened, evolve(table(edges), rates=rates), as_of=DAY, currency="CNY")
    assert Money.zero("CNY") <= found.amount <= found.open
    assert all(each.amount <= each.open for each in found.classes)
