"""Term sets by name: quotes, purchase orders and invoices name one, and keep the version of their day."""

from typing import Any

import pytest

from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.invoicing import RecordInvoice
from pharmacrm.core.kernel.errors import NotFound
from pharmacrm.core.orders import PurchaseOrder, Quote
from pharmacrm.core.receivables import InvoicedLine, SalesInvoice
from pharmacrm.crm import PharmaCRM
from tests.covers import covers
from tests.flows.house import BUYER, FINANCE, LEAD, SALES, pass_days, replayed, today, worth, yuan
from tests.flows.scenarios_purchasing import BUYING, changed, supplied, wanted
from tests.flows.scenarios_quoting import approved, converted, quoted, revised
from tests.flows.test_agreed_terms import by_set, house, published, shipped

NAMED: dict[str, Any] = {"terms": None, "term_set": "W"}


@pytest.fixture
def crm() -> PharmaCRM:
    """The set W is `net 30` on 1 June 2026."""
    crm = house()
    published(crm, "net 30", "2026-06-01")
    return crm


def a_day_later(crm: PharmaCRM) -> None:
    """From then on W is `net 60`."""
    pass_days(crm, 1)
    published(crm, "net 60", "2026-06-02")


@covers("XT-24")
def test_a_quote_keeps_the_version_of_its_day_and_gives_it_to_its_order(crm: PharmaCRM) -> None:
    wanted_ = quoted(crm, **NAMED)
    made = crm.do(wanted_, actor=SALES).expect()
    assert (str(made.terms), made.term_version) == ("net 30", "W/1")
    a_day_later(crm)
    assert crm.do(wanted_, actor=SALES).expect() == made
    for more, terms, version in (
        (NAMED, "net 30", "W/1"),
        ({"terms": "net 45"}, "net 45", ""),
        (NAMED, "net 30", "W/1"),
    ):
        after = crm.do(revised(crm, "QT-1", "1.25", **more), actor=SALES).expect()
        assert (str(after.terms), after.term_version) == (terms, version)
    for step, actor in approved(crm, "QT-2", **NAMED):
        crm.do(step, actor=actor).expect()
    quote = crm.get(Quote, "QT-2", actor=SALES)
    assert (str(quote.terms), quote.term_version) == ("net 60", "W/2")
    pass_days(crm, 1)
    published(crm, "net 90", "2026-06-03")
    order = crm.do(converted("SO-2", "QT-2"), actor=SALES).expect()
    assert (str(order.terms), order.term_version) == ("net 60", "W/2")
    replayed(crm)


def test_a_purchase_order_keeps_the_version_of_its_day(crm: PharmaCRM) -> None:
    supplied(crm)
    command = wanted(crm, **NAMED)
    made = crm.do(command, actor=BUYING).expect()
    assert (str(made.terms), made.term_version) == ("net 30", "W/1")
    a_day_later(crm)
    assert crm.do(command, actor=BUYING).expect() == made
    more = crm.do(changed(crm, quantity=2000, **NAMED), actor=BUYING).expect()
    assert (str(more.terms), more.term_version, more.revision) == ("net 30", "W/1", 2)
    assert crm.get(PurchaseOrder, "PO-1", actor=BUYING).term_version == "W/1"


@pytest.mark.parametrize("terms", [{"terms": None}, {"terms": "net 30", "term_set": "W"}])
def test_terms_are_given_in_one_way(crm: PharmaCRM, terms: dict[str, Any]) -> None:
    supplied(crm)
    for first, second, actor in (
        (quoted(crm), revised(crm, **terms), SALES),
        (wanted(crm), changed(crm, **terms), BUYING),
    ):
        crm.do(first, actor=actor).expect()
        assert crm.do(second, actor=actor).codes == ("terms.choice",)
    assert crm.do(quoted(crm, "QT-9", **terms), actor=SALES).codes == ("terms.choice",)
    assert crm.do(wanted(crm, "PO-9", **terms), actor=BUYING).codes == ("terms.choice",)


def test_what_is_not_in_force_or_not_known_is_no_terms(crm: PharmaCRM) -> None:
    supplied(crm)
    published(crm, "net 30", "2026-07-01", code="LATER")
    later: dict[str, Any] = {"terms": None, "term_set": "LATER"}
    unknown = later | {"term_set": "NOBODY"}
    for make, actor in ((quoted, SALES), (wanted, BUYING)):
        assert crm.do(make(crm, **later), actor=actor).codes == ("term_set.not_in_force",)
        with pytest.raises(NotFound):
            crm.do(make(crm, **unknown), actor=actor)


def invoice(crm: PharmaCRM, id: str, code: str = "W", **more: Any) -> RecordInvoice:
    """Half of the slip, with the terms of a set."""
    line = InvoicedLine("OUT-SO-1", 1, 400, yuan("442.48"), yuan("57.52"))
    return RecordInvoice(id=id, customer=BUYER, issued_on=today(crm), lines=(line,), term_set=code, **more)


def test_an_invoice_has_the_version_that_was_sold_at(crm: PharmaCRM) -> None:
    shipped(crm, by_set("SO-1"))
    a_day_later(crm)
    first = invoice(crm, "F-1")
    assert crm.do(first, actor=FINANCE).expect().term_version == "W/1"  # though W/2 is in force
    assert crm.do(first, actor=FINANCE).codes == ("invoice.exists",)
    assert crm.do(invoice(crm, "F-1", ""), actor=FINANCE).refused
    red = crm.do(invoice(crm, "F-2", red_of="F-1"), actor=FINANCE)
    assert red.expect().term_version == "W/1"
    with pytest.raises(NotFound):
        crm.do(invoice(crm, "F-3", "NOBODY"), actor=FINANCE)


def test_an_invoice_of_other_terms_waits_for_a_lead(crm: PharmaCRM) -> None:
    published(crm, "net 90", "2026-06-01", code="X")
    shipped(crm, by_set("SO-1"))
    held = crm.do(invoice(crm, "F-1", "X"), actor=FINANCE)
    (why,) = [each for each in held.reasons if each.severity == "approve"]
    assert (why.code, why.subject, str(why.observed), str(why.expected)) == (
        "invoice.terms_mismatch",
        "SO-1",
        "X/1",
        "W/1",
    )
    crm.do(PassHold(of=held.case, code=why.code, reason="按合同"), actor=LEAD).expect()
    assert crm.get(SalesInvoice, "F-1", actor=FINANCE).term_version == "X/1"


def test_written_terms_and_a_set_that_says_the_same_are_one(crm: PharmaCRM) -> None:
    shipped(crm, worth("SO-1", 1000, terms="net 30"))
    assert crm.do(invoice(crm, "F-1"), actor=FINANCE).expect().term_version == "W/1"


def test_an_invoice_of_a_set_that_is_not_in_force_is_refused(crm: PharmaCRM) -> None:
    published(crm, "net 30", "2026-07-01", code="LATER")
    shipped(crm, worth("SO-1", 1000, terms="net 30"))
    assert crm.do(invoice(crm, "F-1", "LATER"), actor=FINANCE).codes == ("term_set.not_in_force",)
