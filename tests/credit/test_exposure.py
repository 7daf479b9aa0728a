"""Exposure says what counts and what does not."""

import pytest
from attrs import evolve

from pharmacrm.core.credit.checks import check_credit
from pharmacrm.core.credit.exposure import ExposurePart, exposure_of
from pharmacrm.core.credit.parts import ExposureKind
from pharmacrm.core.credit.standing import Surroundings
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Severity
from tests.covers import covers
from tests.credit.books import line, yuan

GOLDEN = line(500_000, reserved=90_000, posted=930_000, paid=580_000, unapplied=15_000, unbilled=30_000)
ELSEWHERE = ExposurePart(ExposureKind.OTHER, yuan(30_000), why="loans elsewhere", why_zh="其他系统借款")


@covers("XT-26")
def test_the_golden_exposure():  # vocabulary 5.5
    exposure = exposure_of(GOLDEN)
    assert exposure.total == yuan(425_000) == GOLDEN.exposure
    assert [part.amount for part in exposure.parts] == [
        yuan(90_000),
        yuan(30_000),
        yuan(320_000),
        yuan(-15_000),
    ]
    assert exposure.headroom == yuan(75_000)
    assert exposure.short(yuan(80_000)) == yuan(5_000)
    (reason,) = check_credit(GOLDEN, yuan(80_000), subject="SO-9")
    assert (reason.code, reason.severity) == ("credit.over_limit", Severity.APPROVE)
    assert reason.observed == "CNY 505,000.00 (short CNY 5,000.00)"
    assert reason.expected == "CNY 500,000.00"


def test_what_another_system_knows_counts_beside_it():
    assert exposure_of(GOLDEN, outside=[ELSEWHERE]).total == yuan(455_000)
    found = check_credit(GOLDEN, yuan(45_001), subject="SO-9", around=Surroundings(outside=(ELSEWHERE,)))
    assert [each.observed for each in found] == ["CNY 500,001.00 (short CNY 1.00)"]


@covers("XT-26")
def test_the_explanation_names_what_counts_and_what_does_not():
    exposure = exposure_of(GOLDEN, held=yuan(12_000), prepaid=yuan(7_000), outside=[ELSEWHERE])
    assert exposure.total == yuan(455_000)
    assert exposure.explain().splitlines() == [
        "open orders CNY 90,000.00 (counted: reserved, not yet shipped)",
        "unbilled CNY 30,000.00 (counted: shipped on credit, not yet invoiced)",
        "receivable CNY 320,000.00 (counted: invoiced or charged, not yet paid)",
        "unapplied CNY -15,000.00 (counted: money on account)",
        "other CNY 30,000.00 (counted: loans elsewhere)",
        "held orders CNY 12,000.00 (not counted: held without credit)",
        "prepaid CNY 7,000.00 (not counted: paid before shipment)",
        "exposure: CNY 455,000.00",
        "limit: CNY 500,000.00",
        "headroom: CNY 45,000.00",
    ]
    assert exposure.explain("zh-CN").splitlines() == [
        "未发货订单 CNY 90,000.00（计入：已占用额度，尚未发货）",
        "发出未开票 CNY 30,000.00（计入：已赊销发货，尚未开票）",
        "应收账款 CNY 320,000.00（计入：已开票或已计收，尚未付款）",
        "未核销收款 CNY -15,000.00（计入：客户已付款，尚未核销）",
        "其他 CNY 30,000.00（计入：其他系统借款）",
        "待放行订单 CNY 12,000.00（不计入：暂挂中，未占用额度）",
        "预付部分 CNY 7,000.00（不计入：发货前付款）",
        "信用占用：CNY 455,000.00",
        "额度：CNY 500,000.00",
        "可用：CNY 45,000.00",
    ]


def test_another_system_says_why_in_chinese():
    spoken = evolve(ELSEWHERE, why="", why_zh="借款")
    assert "（计入：借款）" in exposure_of(GOLDEN, outside=[spoken]).explain("zh-CN")


def test_unlimited_is_said_and_has_no_headroom():
    exposure = exposure_of(line(0, unlimited=True, reserved=5))
    assert exposure.headroom is None
    assert exposure.short(yuan(10**12)) == yuan(0)
    assert exposure.explain().splitlines()[-1] == "limit: unlimited"
    assert exposure.explain("zh-CN").splitlines()[-1] == "额度：不限"


@covers("XT-26")
@pytest.mark.parametrize(
    ("start", "more", "codes"),
    [
        (line(100), 100, []),  # equal to the limit passes
        (line(100), 101, ["credit.over_limit"]),
        (line(100, reserved=60), 40, []),
        (line(100, reserved=60), 41, ["credit.over_limit"]),
        (line(100, posted=90, paid=90), 100, []),
        (line(100, unapplied=50), 150, []),
        (line(100, unapplied=50), 151, ["credit.over_limit"]),
        (line(0), 1, ["credit.no_limit"]),
        (None, 1, ["credit.no_limit"]),
        (None, 0, []),
        (line(0), 0, []),
        (line(0, unlimited=True), 10**9, []),
        (line(100, blocked=True), 0, []),
        (line(100, blocked=True), 1, ["credit.blocked"]),
        (line(100, blocked=True), 101, ["credit.blocked", "credit.over_limit"]),
        (line(0, unlimited=True, blocked=True), 1, ["credit.blocked"]),
        (line(100), -1, ["credit.negative_amount"]),
        (None, -1, ["credit.negative_amount"]),
    ],
)
def test_what_a_customer_may_owe(start, more, codes):
    assert [reason.code for reason in check_credit(start, yuan(more), subject="SO-1")] == codes


def test_another_currency_is_refused():
    (reason,) = check_credit(line(100), Money(1, "USD"), subject="SO-1")
    assert (reason.code, reason.observed, reason.expected) == ("credit.currency_mismatch", "USD", "CNY")


def test_paid_history_does_not_count():  # JayVora-SerpentCS/SerpentCS_Contributions#523
    start = line(200_000, posted="575532.50", paid=500_000)
    assert exposure_of(start).headroom == yuan("124467.50")
    assert check_credit(start, yuan("37766.25"), subject="SO-1") == ()
    assert check_credit(start, yuan("124467.50"), subject="SO-1") == ()
    assert check_credit(start, yuan("124467.51"), subject="SO-1")


def test_finance_may_pass_what_is_over_the_limit():
    from pharmacrm.core.credit.reasons import NO_LIMIT, OVER_LIMIT

    assert (OVER_LIMIT.passed_by, NO_LIMIT.passed_by) == ("finance", "finance")
