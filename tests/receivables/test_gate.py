"""The payment gate: exactly enough passes, the shortfall is named."""

import pytest

from pharmacrm.core.kernel.reason import Severity
from pharmacrm.core.receivables.allocation import allocate
from pharmacrm.core.receivables.gate import cleared_prepayment, payment_gate
from pharmacrm.core.receivables.opening import open_prepayment
from pharmacrm.core.values.terms import parse_terms
from tests.covers import covers
from tests.receivables.ledger import DAY, Ledger, opened, receipt, yuan


@covers("XT-08", "XT-25")
@pytest.mark.parametrize(
    ("prepaid", "cleared", "credit", "reserved", "codes"),
    [
        (0, 0, 0, 0, []),
        (300, 300, 700, 700, []),
        (300, "299.99", 700, 700, ["payment.not_cleared"]),
        (300, 0, 0, 0, ["payment.not_cleared"]),
        (300, 301, 700, 701, []),
        (0, 0, 700, "699.99", ["payment.credit_missing"]),
        (300, 0, 700, 0, ["payment.not_cleared", "payment.credit_missing"]),
    ],
)
def test_money_has_arrived_and_credit_is_held(prepaid, cleared, credit, reserved, codes):
    reasons = payment_gate(
        "SO-1", prepaid=yuan(prepaid), cleared=yuan(cleared), credit=yuan(credit), reserved=yuan(reserved)
    )
    assert [reason.code for reason in reasons] == codes
    assert all(reason.severity is Severity.BLOCK for reason in reasons)


@covers("XT-08")
def test_the_shortfall_is_named():
    nothing = yuan(0)
    (reason,) = payment_gate("SO-1", prepaid=yuan(300), cleared=yuan(120), credit=nothing, reserved=nothing)
    assert reason.message == "SO-1 wants CNY 300.00 prepaid, cleared CNY 120.00 (short CNY 180.00)"


def test_only_money_for_the_prepayment_counts():
    prepaid = open_prepayment(
        "SO-1", yuan(1000), customer="H-001", terms=parse_terms("30% prepaid, rest net 5"), on=DAY
    )
    ledger = Ledger(prepaid, opened(700))
    ledger.store(allocate(receipt(350), ledger.receivables, ledger.instalments, on=DAY))
    assert cleared_prepayment(ledger.instalments, "CNY") == yuan(300)
