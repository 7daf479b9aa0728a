"""Ageing: the buckets partition what is open, on any day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.receivables import AgeingReport, domain
from pharmacrm.core.receivables.ageing import AgeingBasis, AgeingScheme, ageing, balance, open_on
from pharmacrm.core.receivables.allocation import allocate
from pharmacrm.core.receivables.handlers import ageing_report
from pharmacrm.core.receivables.opening import cancel_open
from pharmacrm.core.receivables.targets import Target
from pharmacrm.core.receivables.undoing import undo_allocations
from tests.covers import covers
from tests.fakes import FakeReads
from tests.receivables.ledger import DAY, Ledger, opened, receipt, yuan


def due(day, amount=100, slip="OUT-1", customer="H-001"):
    """One item due on a day, of a slip five days before."""
    (part,) = Ledger(opened(amount, "net 5", slip=slip, customer=customer, on=day - timedelta(5))).instalments
    assert part.due >= day
    return part if part.due == day else pytest.fail("take a working day")


@covers("XT-22")
@pytest.mark.parametrize(("lower_inclusive", "label"), [(False, "1-30"), (True, "30-59")])
def test_the_golden_day_30(lower_inclusive, label):  # vocabulary 5.8: due 22 Oct 2026, seen on 21 Nov
    scheme = AgeingScheme(lower_inclusive=lower_inclusive)
    report = ageing([due(date(2026, 10, 22))], as_of=date(2026, 11, 21), currency="CNY", scheme=scheme)
    assert [bucket.label for bucket in report.buckets if bucket.items] == [label]


@covers("XT-22")
@pytest.mark.parametrize(
    ("days", "label"),
    [(-5, "not due"), (0, "not due"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"),
     (90, "61-90"), (91, "91-120"), (120, "91-120"), (121, "over 120"), (5000, "over 120")],
)  # fmt: skip
def test_every_edge(days, label):
    item = due(date(2026, 10, 22))
    report = ageing([item], as_of=item.due + timedelta(days), currency="CNY")
    assert [(bucket.label, bucket.amount) for bucket in report.buckets if bucket.items] == [
        (label, yuan(100))
    ]
    assert report.overdue == (yuan(100) if days > 0 else yuan(0))


def test_the_date_of_the_document_may_count_instead():
    item = due(date(2026, 10, 22))
    scheme = AgeingScheme(basis=AgeingBasis.DOCUMENT)
    for days, label in ((0, "today"), (5, "1-30"), (31, "31-60")):
        report = ageing([item], as_of=item.opened_on + timedelta(days), currency="CNY", scheme=scheme)
        assert [bucket.label for bucket in report.buckets if bucket.items] == [label]


@pytest.mark.parametrize("edges", [(), (30, 30), (60, 30), (0, 30), (1,), (True, 30), ("30",), 30, None])
def test_edges_that_cannot_be(edges):
    with pytest.raises(MalformedInput) as error:
        AgeingReport(edges=edges)
    assert error.value.code == "ageing.edges"


edge_sets = st.sets(st.integers(2, 400), min_size=1, max_size=6).map(lambda edges: tuple(sorted(edges)))
debts = st.lists(
    st.tuples(st.integers(1, 10**9), st.integers(0, 700), st.sampled_from(["net 30", "3 monthly"])),
    max_size=8,
)


@covers("XT-22")
@given(debts, edge_sets, st.booleans(), st.sampled_from(AgeingBasis), st.integers(-800, 800))
def test_buckets_partition_what_is_open(owed, edges, lower_inclusive, basis, days):
    ledger = Ledger(
        *(
            opened(Money.of_minor(minor, "CNY"), terms, slip=f"S{n}", on=DAY - timedelta(ago))
            for n, (minor, ago, terms) in enumerate(owed)
        )
    )
    scheme = AgeingScheme(edges=edges, lower_inclusive=lower_inclusive, basis=basis)
    as_of = DAY + timedelta(days)
    report = ageing(ledger.instalments, as_of=as_of, currency="CNY", scheme=scheme)
    known = [part for part in ledger.instalments if part.opened_on <= as_of]
    assert report.total == balance(known, "CNY")
    assert sum(bucket.items for bucket in report.buckets) == len(known)
    assert all(sum(bucket.holds(age) for bucket in report.buckets) == 1 for age in range(-5, 410, 5))


PAID = date(2026, 11, 10)


def history():
    """100 opened on 1 Oct, 60 paid on 10 Nov, undone on 15 Nov, the rest cancelled on 20 Nov."""
    ledger = Ledger(opened(100, "net 5", on=date(2026, 10, 1)))
    ledger.store(allocate(receipt(60, value_date=PAID), ledger.receivables, ledger.instalments, on=PAID))
    ledger.store(
        undo_allocations(
            ledger.receipt(),
            ledger.receivables,
            ledger.instalments,
            ledger.allocations,
            on=date(2026, 11, 15),
        )
    )
    ledger.store(cancel_open(ledger.receivables[0], ledger.instalments, on=date(2026, 11, 20)))
    return ledger


@pytest.mark.parametrize(
    ("day", "open_"),
    [("2026-09-30", None), ("2026-10-01", 100), ("2026-11-09", 100), ("2026-11-10", 40), ("2026-11-14", 40),
     ("2026-11-15", 100), ("2026-11-19", 100), ("2026-11-20", 0), ("2026-11-21", 0)],
)  # fmt: skip
def test_a_past_day_is_told_from_its_allocations(day, open_):
    ledger = history()
    as_of = date.fromisoformat(day)
    if open_ is not None:
        assert open_on(ledger.instalments[0], ledger.allocations, as_of) == yuan(open_)
    for customer in ("", "H-001"):
        report = ageing_report(AgeingReport(as_of=day, customer=customer), FakeReads(ledger.kept.values()))
        assert report.total == yuan(open_ or 0)


@covers("XT-22")
def test_the_report_is_of_one_customer_and_one_currency():
    mine, other = due(date(2026, 10, 22)), due(date(2026, 10, 22), 7, "OUT-2", "H-002")
    (dollars,) = Ledger(opened(Money(9, "USD"), slip="OUT-3")).instalments
    read = FakeReads([mine, other, dollars])
    assert ageing_report(AgeingReport(), read).total == yuan(107)
    assert ageing_report(AgeingReport(customer="H-002"), read).total == yuan(7)
    assert ageing_report(AgeingReport(currency="USD"), read).total == Money(9, "USD")
    document = AgeingReport(basis=AgeingBasis.DOCUMENT, lower_inclusive=True, edges=(10,))
    assert [bucket.label for bucket in ageing_report(document, read).buckets] == ["today", "1-9", "over 9"]


def test_a_discount_closes_a_past_item_too():
    ledger = Ledger(opened(100, "2/10 net 60"))
    target = Target("OUT-1/receivable/1", yuan(98), take_discount=True)
    ledger.store(allocate(receipt(98), ledger.receivables, ledger.instalments, [target], on=DAY))
    assert open_on(ledger.instalments[0], ledger.allocations, DAY) == yuan(0)


def test_the_report_has_the_usual_edges():
    labels = [bucket.label for bucket in ageing_report(AgeingReport(), FakeReads()).buckets]
    assert labels == ["not due", "1-30", "31-60", "61-90", "91-120", "over 120"]


def test_sales_may_not_see_receipts():
    kinds = {kind.__name__ for kind in domain.rights["sales"]}
    assert {"Receivable", "Instalment"} <= kinds
    assert not kinds & {"Receipt", "Allocation", "WriteOff"}
