"""Every reason code is met through the door: one scenario each, or a word on why the door cannot reach it."""

import pytest

from tests.covers import covers
from tests.flows.all_scenarios import SCENARIOS
from tests.flows.house import open_house
from tests.flows.said import kept, said

UNREACHABLE = {
    "credit.below_zero": "the door moves what was booked",
    "credit.negative_amount": "the door reserves totals and parts of them",
    "credit.not_reserved": "an order without its reservation is under a hold",
    "credit.over_posted": "a slip takes a share of what is reserved",
    "lot.short_life": "no buyer's least life is kept yet",
    "policy.category_name": "a policy pack is checked where it is made",
    "policy.code_unknown": "a policy pack is checked where it is made",
    "policy.dates_reversed": "a policy pack is checked where it is made",
    "policy.rule_duplicate": "a policy pack is checked where it is made",
    "policy.scope_unknown": "a policy pack is checked where it is made",
    "receipt.not_positive": "the command refuses it as malformed (money.sign, money.zero)",
    "reservation.closed": "timed work leaves alone what another process has given back",
    "reservation.not_due": "timed work finds what is due",
}


@covers("XT-05", "XT-25", "XT-26", "SC-21", "SC-25", "UF-10", "UF-56", "R-01", "R-30", "R-31", "R-34")
@pytest.mark.parametrize("code", sorted(SCENARIOS))
def test_the_door_gives_this_reason_and_says_what_of(code: str) -> None:
    """Everything in it is compared with what was read and kept: `python -m tests.flows.said --write`."""
    assert said(code) == kept().get(code)


def test_every_reason_code_is_met_or_said_to_be_out_of_reach() -> None:
    known = set(open_house().registry.codes)
    assert known - set(SCENARIOS) - set(UNREACHABLE) == set()
    assert (set(SCENARIOS) | set(UNREACHABLE)) - known == set()
    assert not set(SCENARIOS) & set(UNREACHABLE)


def test_every_reason_is_said_in_both_languages_and_short() -> None:
    for code in open_house().registry.codes.values():
        reason = code("S-1", field="f", observed="o", expected="e")
        assert reason.message
        assert reason.message_zh
        assert len(code.en.split()) <= 15, code.code
