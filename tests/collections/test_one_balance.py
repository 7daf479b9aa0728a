"""Ageing, provision, ledger and the figures of collection speak of the same receivables, on every day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.collections.provision import ProvisionRates
from pharmacrm.core.flows.analysis import (
    BadDebtProvision,
    CollectionFigures,
    bad_debt_provision,
    collection_figures,
)
from pharmacrm.core.flows.statements import ReconcileLedger, reconcile_ledger
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.receivables import Ageing, AgeingByCustomer, AgeingReport, Receivable, ReceivableKind
from pharmacrm.core.receivables.handlers import ageing_by_customer, ageing_report
from tests.covers import covers
from tests.fakes import FakeReads
from tests.receivables.histories import CURRENCIES, DAY, days, histories

RATES = ProvisionRates(
    id="2020-01-01",
    valid_from=date(2020, 1, 1),
    edges=(30,),
    rates=tuple(map(Percentage, ("0%", "5%", "10%"))),
    version=1,
)
past = days.filter(lambda day: day < DAY)


@covers("XT-22", "UF-32")
@given(histories(), past, st.sampled_from(CURRENCIES))
def test_every_report_speaks_of_the_same_receivables(made: list[Entity], as_of: date, currency: str) -> None:
    read = FakeReads([*made, RATES], on=DAY)
    report = ageing_report(AgeingReport(as_of=as_of, currency=currency), read)
    rows = ageing_by_customer(AgeingByCustomer(as_of=as_of, currency=currency), read)
    assert Money.total((each.ageing.total for each in rows), currency) == report.total
    assert bad_debt_provision(BadDebtProvision(as_of=as_of, currency=currency), read).open == report.total
    ledger = reconcile_ledger(ReconcileLedger(as_of=as_of, control=report.total, balances=()), read)
    assert ledger.ours == report.total
    charges = [each.id for each in read.find(Receivable) if each.kind in CHARGES]
    sold = FakeReads([*(each for each in made if getattr(each, "receivable", "") not in charges)], on=DAY)
    figures = collection_figures(
        CollectionFigures(start=as_of - timedelta(30), through=as_of, currency=currency), read
    )
    assert figures.closing == ageing_report(AgeingReport(as_of=as_of, currency=currency), sold).total


CHARGES = (ReceivableKind.COST, ReceivableKind.INTEREST)


@given(histories(), past)
def test_prepayments_are_added_only_when_they_are_asked_for(made: list[Entity], as_of: date) -> None:
    prepaid = {
        each.id for each in made if isinstance(each, Receivable) and each.kind is ReceivableKind.PREPAYMENT
    }

    def total(some: list[Entity], *, prepayments: bool) -> Money:
        asked = AgeingReport(as_of=as_of, prepayments=prepayments)
        found: Ageing = ageing_report(asked, FakeReads(some, on=DAY))
        return found.total

    only = [each for each in made if getattr(each, "receivable", "") in prepaid]
    assert total(only, prepayments=False) == Money.zero("CNY")
    whole = total(made, prepayments=False) + total(only, prepayments=True)
    assert total(made, prepayments=True) == whole
