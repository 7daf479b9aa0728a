"""Policy packs: dated rules, weights, and what is wrong with a pack."""

from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.engines.policy import CN_GSP, Category, Permit, PolicyPack, PolicyRule, Tables, problems
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.values.licence_kinds import LicenceKind
from pharmacrm.core.values.trade import CustomerKind, RxStatus, SpecialControl
from tests.covers import covers

OLD = PolicyRule(id="R-A", codes=("a.old",), source="x", effective_to=date(2025, 10, 14))
NEW = PolicyRule(
    id="R-B", codes=("b.new",), source="x", effective_from=date(2025, 10, 15), severity=Severity.WARN
)
PACK = PolicyPack(id="test", version="1", rules=(OLD, NEW))


def reason(rule: str, code: str, severity: Severity = Severity.BLOCK) -> Reason:
    return Reason(code=code, severity=severity, rule=rule)


@pytest.mark.parametrize(
    ("on", "ids"),
    [(date(2025, 10, 14), ["R-A"]), (date(2025, 10, 15), ["R-B"]), (date(1999, 1, 1), ["R-A"])],
)
def test_first_and_last_day_are_in_force(on, ids):
    assert [rule.id for rule in PACK.at(on)] == ids


@pytest.mark.parametrize(
    ("given_", "on", "left"),
    [
        (reason("R-A", "a.old"), date(2025, 10, 14), Severity.BLOCK),
        (reason("R-A", "a.old"), date(2025, 10, 15), None),
        (reason("R-B", "b.new"), date(2025, 10, 14), None),
        (reason("R-B", "b.new"), date(2025, 10, 15), Severity.WARN),
        (reason("R-B", "b.other"), date(2025, 10, 15), Severity.BLOCK),
        (reason("R-Z", "z"), date(2025, 10, 15), Severity.BLOCK),
        (reason("", "z"), date(2025, 10, 15), Severity.BLOCK),
    ],
)
def test_reasons_are_dropped_or_weighed_by_their_rule(given_, on, left):
    assert [one.severity for one in PACK.weigh([given_], on)] == ([left] if left else [])


@given(
    st.lists(
        st.builds(
            reason,
            st.sampled_from(["", "R-A", "R-B", "R-Z"]),
            st.sampled_from(["a.old", "b.new", "c"]),
            st.sampled_from(Severity),
        )
    ),
    st.dates(date(2025, 1, 1), date(2026, 12, 31)),
)
def test_weighing_never_invents_reasons_and_twice_is_once(reasons, on):
    weighed = PACK.weigh(reasons, on)
    assert {(one.rule, one.code) for one in weighed} <= {(one.rule, one.code) for one in reasons}
    assert PACK.weigh(weighed, on) == weighed


def test_everything_wrong_with_a_pack_is_said_at_once():
    reversed_ = evolve(NEW, id="R-C", effective_to=date(2020, 1, 1), codes=("nowhere",))
    tables = Tables(
        categories={
            "x": Category("y", "乙", {CustomerKind.CLINIC: (Permit(LicenceKind.BUSINESS, ("moon",)),)})
        },
        special={SpecialControl.TOXIC: {CustomerKind.CLINIC: (Permit(LicenceKind.BUSINESS, ("sun",)),)}},
    )
    bad = evolve(PACK, rules=(OLD, OLD, reversed_), tables=tables)
    assert [one.code for one in problems(bad, {"a.old"})] == [
        "policy.category_name",
        "policy.code_unknown",
        "policy.dates_reversed",
        "policy.rule_duplicate",
        "policy.scope_unknown",
        "policy.scope_unknown",
    ]


@covers("R-01", "R-05", "R-07", "R-34")
def test_the_chinese_pack_is_sound():
    codes = {code for rule in CN_GSP.rules for code in rule.codes}
    assert CN_GSP.name == "cn_gsp@2026.1"
    assert problems(CN_GSP, codes) == ()
    assert "R-07" not in {rule.id for rule in CN_GSP.at(date(2023, 12, 31))}
    assert "R-07" in {rule.id for rule in CN_GSP.at(date(2024, 1, 1))}
    assert {rule.id for rule in CN_GSP.rules if rule.effective_from is None} <= {
        rule.id for rule in CN_GSP.unconfirmed
    }


@covers("R-05")
@pytest.mark.parametrize(
    ("permit", "scope", "rx", "allowed"),
    [
        (Permit(LicenceKind.BUSINESS), (), RxStatus.RX, True),
        (Permit(LicenceKind.BUSINESS, ("chemical",)), ("chemical", "x"), RxStatus.RX, True),
        (Permit(LicenceKind.BUSINESS, ("chemical",)), ("x",), RxStatus.RX, False),
        (Permit(LicenceKind.BUSINESS, ("chemical",), by_class=True), ("chemical",), RxStatus.OTC_B, False),
        (
            Permit(LicenceKind.BUSINESS, ("chemical",), by_class=True),
            ("chemical", "otc_b"),
            RxStatus.OTC_B,
            True,
        ),
        (
            Permit(LicenceKind.BUSINESS, ("chemical",), by_class=True),
            ("chemical", "otc_b"),
            RxStatus.RX,
            False,
        ),
        (Permit(LicenceKind.PRECURSOR), (), RxStatus.RX, False),
    ],
)
def test_a_permit_asks_for_kind_scope_and_class(permit, scope, rx, allowed):
    assert permit.allows(LicenceKind.BUSINESS, scope, rx) is allowed
