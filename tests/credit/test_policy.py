"""Policies: customer before group before tenant before the house; each outcome of a limit that is passed."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.credit import (
    CheckPoint,
    CreditOutcome,
    CreditPolicy,
    CreditRules,
    Insurance,
    Metric,
    OverdueGate,
    PolicyScope,
    SetCreditPolicy,
    Stacking,
)
from pharmacrm.core.credit.events import CreditPolicySet
from pharmacrm.core.credit.handlers import set_credit_policy
from pharmacrm.core.credit.policy import HOUSE_RULES, policy_id, rules_of
from pharmacrm.core.credit.reasons import OVERDUE
from pharmacrm.core.credit.reservations import reserve
from pharmacrm.core.credit.standing import Surroundings
from pharmacrm.core.kernel.change import Add
from pharmacrm.core.kernel.errors import MalformedInput, NotFound
from pharmacrm.core.kernel.reason import Severity
from tests.covers import covers
from tests.credit.books import AT, line, yuan
from tests.fakes import FakeReads

GATE = OverdueGate(metric=Metric.DAYS, outcome=CreditOutcome.BLOCK, up_to=30)


def policy(scope: PolicyScope, **said: Any) -> CreditPolicy:
    of = "" if scope is PolicyScope.TENANT else "X"
    return CreditPolicy(id=policy_id(scope, of), scope=scope, of=of, **said)


@covers("XT-26")
def test_what_nobody_says_is_said_by_the_house() -> None:
    assert rules_of([]) == HOUSE_RULES == CreditRules()
    assert (HOUSE_RULES.over_limit, HOUSE_RULES.at_order, HOUSE_RULES.at_slip) == (
        CreditOutcome.HOLD,
        True,
        False,
    )


fields: dict[str, st.SearchStrategy[Any]] = {
    "limit": st.none() | st.integers(0, 10**6).map(yuan),
    "stacking": st.none() | st.sampled_from(Stacking),
    "insurance": st.none() | st.sampled_from(Insurance),
    "over_limit": st.none() | st.sampled_from(CreditOutcome),
    "watch_from": st.none() | st.integers(1, 100),
    "gates": st.none() | st.sampled_from([(), (GATE,)]),
    "checked_at": st.none() | st.sampled_from([(CheckPoint.ORDER,), (CheckPoint.SLIP,), tuple(CheckPoint)]),
}


@covers("XT-26")
@given(st.lists(st.fixed_dictionaries(fields), min_size=3, max_size=3))
def test_law_the_narrowest_word_counts_whatever_the_order(said: list[dict[str, Any]]) -> None:
    policies = [policy(scope, **words) for scope, words in zip(PolicyScope, said, strict=True)]
    found = {rules_of(order) for order in itertools.permutations(policies)}
    (rules,) = found
    for name in fields:
        holder = rules.limit_rule if name in {"stacking", "insurance"} else rules
        house = HOUSE_RULES.limit_rule if name in {"stacking", "insurance"} else HOUSE_RULES
        words = [each[name] for each in reversed(said) if each[name] is not None]
        assert getattr(holder, name) == (words[0] if words else getattr(house, name))


@covers("XT-26")
@pytest.mark.parametrize(
    ("outcome", "code", "severity", "reserved"),
    [
        (CreditOutcome.ALLOW, None, None, True),
        (CreditOutcome.WARN, "credit.over_limit", Severity.WARN, True),
        (CreditOutcome.WATCH, "credit.over_limit", Severity.INFO, True),
        (CreditOutcome.HOLD, "credit.over_limit", Severity.APPROVE, False),
        (CreditOutcome.BLOCK, "credit.over_limit", Severity.BLOCK, False),
        (CreditOutcome.OVERRIDE, "credit.override_required", Severity.APPROVE, False),
    ],
)
def test_an_order_over_the_limit_is_what_the_policy_says(
    outcome: CreditOutcome, code: str | None, severity: Severity | None, reserved: bool
) -> None:
    around = Surroundings(rules=CreditRules(over_limit=outcome))
    decision = reserve(line(100), yuan(101), order="SO-1", customer="H-001", at=AT, days=30, around=around)
    found = [(each.code, each.severity) for each in decision.reasons]
    assert found == ([] if code is None else [(code, severity)])
    moves = [each for each in decision.changes if isinstance(each, Add)]
    assert bool(moves) is reserved
    assert all(each.unbounded for each in moves), "the store would refuse it"


@covers("XT-26")
@pytest.mark.parametrize(
    ("more", "codes"), [(39, []), (40, ["credit.watch"]), (50, ["credit.watch"]), (51, ["credit.over_limit"])]
)
def test_the_watched_band_reaches_from_its_edge_to_the_limit(more: int, codes: list[str]) -> None:
    around = Surroundings(rules=CreditRules(watch_from=90))
    decision = reserve(
        line(100, posted=50), yuan(more), order="SO-1", customer="H-001", at=AT, days=30, around=around
    )
    assert list(decision.codes) == codes


def test_overdue_gates_stand_only_against_more_credit() -> None:
    read = FakeReads()
    first = reserve(line(100), yuan(50), order="SO-1", customer="H-001", at=AT, days=30)
    assert first.value is not None
    around = Surroundings(gates=(OVERDUE("SO-1", field="overdue.days", observed="40", expected="30"),))
    for amount, codes in ((50, ()), (40, ()), (51, ("credit.overdue",))):
        again = reserve(
            line(100, reserved=50), yuan(amount), order="SO-1", customer="H-001", at=read.at, days=30,
            existing=first.value, around=around,
        )  # fmt: skip
        assert again.codes == codes


def test_a_policy_is_stored_once_and_told() -> None:
    read = FakeReads()
    command = SetCreditPolicy(scope=PolicyScope.CUSTOMER, of="H-001", gates=(GATE,), reason="逾期")
    first = set_credit_policy(command, read)
    assert first.events == (CreditPolicySet(subject="customer:H-001"),)
    read.apply(first)
    assert set_credit_policy(command, read).changes == ()
    with pytest.raises(NotFound):
        set_credit_policy(SetCreditPolicy(scope=PolicyScope.GROUP, of="G-1"), read)


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"scope": PolicyScope.TENANT, "of": "H-001"}, "credit_policy.of", "of"),
        ({"scope": PolicyScope.CUSTOMER}, "credit_policy.of", "of"),
        ({"scope": PolicyScope.CUSTOMER, "of": "H-001", "limit": yuan(1)}, "credit_policy.limit", "limit"),
        ({"scope": PolicyScope.TENANT, "watch_from": 0}, "credit_policy.watch", "watch_from"),
        ({"scope": PolicyScope.TENANT, "watch_from": 101}, "credit_policy.watch", "watch_from"),
        ({"scope": PolicyScope.TENANT, "checked_at": ()}, "credit_policy.checked", "checked_at"),
        ({"scope": PolicyScope.TENANT, "limit": yuan(-1)}, "money.sign", "limit"),
    ],
)
def test_a_policy_is_read_strictly(values: Any, code: str, field: str) -> None:
    with pytest.raises(MalformedInput) as error:
        SetCreditPolicy(**values)
    assert (error.value.code, error.value.field) == (code, field)
