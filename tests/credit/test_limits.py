"""The limit of a customer: set, lowered, blocked; the exposure is not touched."""

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from pharmacrm.core.credit import CreditLimit, CreditLine, LimitKind, SetCreditLimit, domain
from pharmacrm.core.credit.events import CreditLimitSet
from pharmacrm.core.credit.handlers import set_credit_limit
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Severity
from tests.covers import covers
from tests.credit.books import line, yuan
from tests.fakes import FakeReads

TODAY = date(2026, 11, 21)


def command(limit, **rest):
    return SetCreditLimit(customer="H-001", limit=limit, **rest)


@covers("XT-26")
def test_a_missing_line_is_made_with_counters_of_zero():
    decision = set_credit_limit(command(yuan(500_000), reason="A 级"), FakeReads())
    base = CreditLimit(number=1, kind=LimitKind.BASE, amount=yuan(500_000), starts_on=TODAY, by="tester",
                       reason="A 级")  # fmt: skip
    assert decision.expect() == evolve(line(500_000), reason="A 级", limits=(base,), version=0)
    assert decision.events == (CreditLimitSet(subject="H-001"),)
    assert command(yuan(1)).subject == "H-001"


@covers("XT-26")
@pytest.mark.parametrize(
    ("limit", "rest", "warns"),
    [
        (100, {}, False),
        (99, {}, True),
        (0, {}, True),
        (0, {"unlimited": True}, False),
        (100, {"blocked": True}, False),
    ],
)
def test_a_limit_below_the_exposure_is_allowed_with_a_warning(limit, rest, warns):
    decision = set_credit_limit(command(yuan(limit), **rest), FakeReads([line(500, posted=100)]))
    assert decision.allowed
    assert decision.expect().exposure == yuan(100)
    expected = [("credit.limit_below_exposure", Severity.WARN)] if warns else []
    assert [(reason.code, reason.severity) for reason in decision.reasons] == expected


def test_setting_the_same_again_changes_nothing():
    read = FakeReads([line(posted=900)])
    read.apply(set_credit_limit(command(yuan(500)), read))
    decision = set_credit_limit(command(yuan(500)), read)
    assert (decision.changes, decision.events, decision.allowed) == ((), (), True)


@pytest.mark.parametrize("counter", ["reserved", "posted", "paid", "unapplied"])
def test_the_currency_stays_once_anything_was_booked(counter):
    amounts: dict[str, Any] = {counter: 1}
    read = FakeReads([line(500, **amounts)])
    assert set_credit_limit(command(Money(500, "USD")), read).codes == ("credit.currency_in_use",)


def test_the_currency_of_an_unused_line_may_change():
    after = set_credit_limit(command(Money(500, "USD")), FakeReads([line(500)])).expect()
    assert (after.currency, after.exposure, after.version) == ("USD", Money(0, "USD"), 1)


@pytest.mark.parametrize(
    ("limit", "code"),
    [(yuan(-1), "money.sign"), (None, "money.required"), (500_000, "money.type"), ("500 CNY", "money.type")],
)
def test_a_limit_is_read_strictly(limit, code):
    with pytest.raises(MalformedInput) as error:
        command(limit)
    assert (error.value.code, error.value.field) == (code, "limit")


@covers("XT-26")
def test_only_finance_sets_limits():
    assert [role for role, rights in domain.rights.items() if SetCreditLimit in rights] == ["finance"]
    assert all(CreditLine in rights for rights in domain.rights.values())
