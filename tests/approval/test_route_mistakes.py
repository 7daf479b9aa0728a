"""What a definition of a route may not say: each mistake is named with its place, and all of them at once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pharmacrm.core.engines.approval.routes import (
    Comparison,
    Field,
    FieldKind,
    Not,
    Where,
    check_route,
    met,
    read_route,
    route_from,
    route_from_text,
)
from pharmacrm.core.engines.approval.routes.conditions import strangers
from pharmacrm.core.engines.approval.routes.facts import Value, read_facts
from pharmacrm.core.flows.routing import route_mistake
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from tests.approval.routed import routed, stage
from tests.covers import covers
from tests.test_chinese import left_over

Plain = dict[str, Any]


def step(**more: Any) -> Plain:
    return {"step": "lead", "label_zh": "领导", "by": [{"role": "lead"}]} | more


def route(*steps: Any, **more: Any) -> Plain:
    return {"code": "quote_cn", "version": 1, "kind": "quote", "steps": list(steps or [step()])} | more


def when(**test: Any) -> Plain:
    return route(
        step(when=test), fields={"discount": "number", "region": "text", "since": "date?", "buyer": "person?"}
    )


def by(**source: Any) -> Plain:
    return route(step(by=[source]), fields={"buyer": "person", "price": "money", "note": "text"})


@covers("XT-13")
@pytest.mark.parametrize(
    ("plain", "mistakes"),
    [
        (None, {"": "shape", "code": "shape", "version": "shape", "kind": "shape"}),
        ([], {"": "shape", "code": "shape", "version": "shape", "kind": "shape"}),
        (route(colour="red"), {"colour": "shape"}),
        (route(code="Quote"), {"code": "word"}),
        (route(kind=""), {"kind": "word"}),
        (route(version=0), {"version": "number"}),
        (route(version=True), {"version": "shape"}),
        (route(version="1"), {"version": "shape"}),
        (route(version=1.5), {"version": "shape"}),
        (route(priority=10**6), {"priority": "number"}),
        (route(if_nothing="escalate"), {"if_nothing": "empty"}),
        (route(if_nothing="perhaps"), {"if_nothing": "shape"}),
        (route(requester_may_decide="no"), {"requester_may_decide": "shape"}),
        (route(fields={"amount": "money"}), {"fields[0].name": "twice"}),
        (route(fields={"Discount": "number"}), {"fields[0].name": "word"}),
        (route(fields={"discount": "float"}), {"fields.discount": "shape"}),
        (route(fields=[]), {"fields": "shape"}),
        (route(guards={"price": ""}), {"guards[0].field": "unknown"}),
        (route(guards={"amount": "board"}), {"guards[0].step": "unknown"}),
        (route(guards={"amount": 1}), {"guards.amount": "shape"}),
        (route(steps=[]), {"steps": "length"}),
        (route(*[step(step=f"s{number}") for number in range(101)]), {"steps": "length"}),
        (route(step(), step()), {"steps": "twice"}),
        (route(step(step="submission")), {"steps[0].step": "word"}),
        (route(step(step="requester")), {"steps[0].step": "word"}),
        (route(step(step=7)), {"steps[0].step": "shape"}),
        (route(step(label_zh="")), {"steps[0].label_zh": "word"}),
        (route(step(by=[])), {"steps[0].by": "approvers"}),
        (route("lead"), {"steps[0]": "shape"}),
        (route({"phase": "lead"}), {"steps[0]": "shape"}),
        (route({"parallel": []}), {"steps[0].parallel": "length", "steps": "length"}),
        (route({"parallel": [step()], "branches": 2}), {"steps[0].branches": "quorum"}),
        (route({"parallel": [step()], "branches": {"percent": 50}}), {"steps[0].branches": "quorum"}),
        (route(step(quorum=0)), {"steps[0].quorum": "quorum"}),
        (route(step(quorum=-1)), {"steps[0].quorum": "quorum"}),
        (route(step(quorum=101)), {"steps[0].quorum": "quorum"}),
        (route(step(quorum="2")), {"steps[0].quorum": "shape"}),
        (route(step(quorum=True)), {"steps[0].quorum": "shape"}),
        (route(step(quorum=1.5)), {"steps[0].quorum": "shape"}),
        (route(step(quorum={"percent": 101})), {"steps[0].quorum": "quorum"}),
        (route(step(quorum={"points": 0})), {"steps[0].quorum": "quorum"}),
        (route(step(back_to="lead")), {"steps[0].back_to": "unknown"}),
        (route(step(if_empty="escalate")), {"steps[0].escalate_to": "approvers"}),
        (route(step(timeout={})), {"steps[0].timeout": "timeout"}),
        (route(step(timeout={"remind": 0})), {"steps[0].timeout.remind": "timeout"}),
        (route(step(timeout={"remind": -1})), {"steps[0].timeout.remind": "timeout"}),
        (route(step(timeout={"remind": 8, "decide": 8})), {"steps[0].timeout": "timeout"}),
        (route(step(timeout={"escalate": 8})), {"steps[0].escalate_to": "approvers"}),
        (
            route(step(timeout={"escalate": 8}, escalate_to=[{"role": "lead"}])),
            {"steps[0].escalate_to": "timeout"},
        ),
        (route(step(timeout="8")), {"steps[0].timeout": "shape"}),
        (route(step(meaning={"en": "seen"})), {"steps[0].meaning.zh": "shape"}),
        (route(step(meaning={"en": "", "zh": "已阅"})), {"steps[0].meaning.en": "word"}),
        (route(step(signature="yes")), {"steps[0].signature": "shape"}),
        (
            route(step(signature=True, timeout={"decide": 4, "lapse": "approve"})),
            {"steps[0].timeout.lapse": "timeout"},
        ),
        (route(step(checks="papers")), {"steps[0].checks": "shape"}),
        (route(step(checks=["papers", 7])), {"steps[0].checks[1]": "shape"}),
        (route(step(checks=["Papers"])), {"steps[0].checks[0]": "word"}),
        (route(step(checks=["papers", "papers"])), {"steps[0].checks[1]": "twice"}),
        (route(submission={"en": "made"}), {"submission.zh": "shape"}),
        (route(submission={"en": "made", "zh": ""}), {"submission.zh": "word"}),
        (route(after=[step()]), {"after": "twice"}),
        (route(after=[step(step="issue"), step(step="issue")]), {"after": "twice"}),
        (route(after=[step(step="submission")]), {"after[0].step": "word"}),
        (route(after=[step(step="issue", label_zh="")]), {"after[0].label_zh": "word"}),
        (route(after=[step(step="issue", by=[])]), {"after[0].by": "approvers"}),
        (route(after=[step(step="issue", by=[{"field": "x"}])]), {"after[0].by[0].field": "unknown"}),
        (route(after=[step(step="issue", meaning={"en": "a", "zh": ""})]), {"after[0].meaning.zh": "word"}),
        (route(after=[step(step="issue", quorum=2)]), {"after[0].quorum": "shape"}),
        (route(after=[step(step=f"s{number}") for number in range(101)]), {"after": "length"}),
        (by(), {"steps[0].by[0]": "shape"}),
        (by(user=""), {"steps[0].by[0].user": "approvers"}),
        (by(role="Lead"), {"steps[0].by[0].role": "word"}),
        (by(role="lead", scope="world"), {"steps[0].by[0].scope": "shape"}),
        (by(role="lead", weight=0), {"steps[0].by[0].weight": "number"}),
        (by(role="lead", user="li.si"), {"steps[0].by[0].role": "shape"}),
        (by(field="note"), {"steps[0].by[0].field": "unknown"}),
        (by(field="nothing"), {"steps[0].by[0].field": "unknown"}),
        (by(manager=0), {"steps[0].by[0].manager": "number"}),
        (by(manager=1, of="note"), {"steps[0].by[0].of": "unknown"}),
        (by(authority=[]), {"steps[0].by[0].authority": "authority"}),
        (by(authority=[{"role": "lead"}], over="note"), {"steps[0].by[0].field": "unknown"}),
        (
            by(authority=[{"role": "a"}, {"role": "b"}]),
            {"steps[0].by[0].authority[0].up_to": "authority"},
        ),
        (
            by(authority=[{"role": "a", "up_to": "5.00 CNY"}, {"role": "b", "up_to": "5.00 CNY"}]),
            {"steps[0].by[0].authority[1].up_to": "authority"},
        ),
        (
            by(authority=[{"role": "a", "up_to": "5.00 CNY"}, {"role": "b", "up_to": "6.00 USD"}]),
            {"steps[0].by[0].authority[1].up_to": "authority"},
        ),
        (
            by(authority=[{"role": "a", "up_to": "five"}]),
            {"steps[0].by[0].authority[0].up_to": "shape"},
        ),
        (when(field="nothing", eq="a"), {"steps[0].when.field": "unknown"}),
        (when(field="region", gt="a"), {"steps[0].when.region": "condition"}),
        (when(field="discount", gt="a"), {"steps[0].when.discount": "condition"}),
        (when(field="discount"), {"steps[0].when": "shape"}),
        (when(field="discount", gt={"number": "1"}, lt={"number": "2"}), {"steps[0].when": "shape"}),
        (when(field="discount", gt=1), {"steps[0].when.gt": "shape"}),
        (when(field="discount", gt={"number": "1e3"}), {"steps[0].when.gt": "shape"}),
        (when(field="region", **{"in": []}), {"steps[0].when.in": "shape"}),
        (when(field="region", given=False), {"steps[0].when.given": "shape"}),
        (when(all=["x"]), {"steps[0].when.all[0]": "shape"}),
        (when(**{"not": {"field": "region", "gt": "a"}}), {"steps[0].when.region": "condition"}),
    ],
)
def test_each_mistake_is_named_with_its_place(plain: Any, mistakes: dict[str, str]) -> None:
    found = read_route(plain)[1]
    assert {one.field: one.code.removeprefix("route.") for one in found} == mistakes
    assert not [one for one in found if left_over(route_mistake("x", one).message_zh)]


def test_all_mistakes_come_at_once_and_raise_together() -> None:
    plain = route(step(quorum=0, by=[{"role": "Lead"}]), version=0)
    with pytest.raises(ExceptionGroup) as caught:
        route_from(plain)
    assert len(caught.value.exceptions) == 3
    with pytest.raises(MalformedInput):
        route_from_text("{")


def test_groups_are_nested_only_so_deep() -> None:
    plain: Plain = step()
    for _ in range(9):
        plain = {"serial": [plain]}
    assert [one.code for one in read_route(route(plain))[1]] == ["route.length"]


def test_what_python_says_wrongly_is_found_as_well() -> None:
    wrong = routed(stage("lead", when=Where("amount", Comparison.GIVEN, Money("5", "CNY"))))
    assert [one.code for one in check_route(wrong)] == ["route.condition"]
    empty = routed(stage("lead", when=Where("amount", Comparison.EQ)))
    assert [one.code for one in check_route(empty)] == ["route.condition"]


FACTS: dict[str, Value] = {
    "amount": Money("100.00", "CNY"),
    "discount": Decimal("0.15"),
    "since": date(2026, 3, 2),
    "urgent": True,
    "region": "上海",
}


@pytest.mark.parametrize(
    ("field", "comparison", "value", "expected"),
    [
        ("amount", "eq", Money("100.00", "CNY"), True),
        ("amount", "ne", Money("100.00", "CNY"), False),
        ("amount", "lt", Money("100.00", "CNY"), False),
        ("amount", "le", Money("100.00", "CNY"), True),
        ("amount", "gt", Money("99.99", "CNY"), True),
        ("amount", "ge", Money("100.01", "CNY"), False),
        ("amount", "ge", Money("1.00", "USD"), False),
        ("amount", "lt", Money("1000.00", "USD"), False),
        ("discount", "gt", Decimal("0.1"), True),
        ("discount", "eq", Decimal("0.150"), True),
        ("since", "le", date(2026, 3, 2), True),
        ("since", "gt", date(2026, 3, 2), False),
        ("urgent", "eq", True, True),
        ("urgent", "ne", True, False),
        ("region", "given", None, True),
        ("nothing", "given", None, False),
        ("nothing", "eq", "a", False),
        ("nothing", "ne", "a", True),
        ("nothing", "lt", Decimal(1), False),
        ("region", "lt", Decimal(1), False),
    ],
)
def test_a_comparison_is_exact_and_total(field: str, comparison: str, value: Any, *, expected: bool) -> None:
    assert met(Where(field, Comparison(comparison), value), FACTS) is expected
    assert met(Not(Where(field, Comparison(comparison), value)), FACTS) is not expected


def test_amounts_of_another_currency_are_strangers() -> None:
    dollars = Where("amount", Comparison.GT, Money("1.00", "USD"))
    assert strangers(Not(dollars), FACTS) == (dollars,)
    assert strangers(Where("amount", Comparison.IN, among=(Money("1.00", "CNY"),)), FACTS) == ()


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("text", "上海", None),
        ("number", "-12.50", "1e3"),
        ("number", "0", "１２"),
        ("money", "5.00 CNY", "5.00"),
        ("date", "2026-03-02", "2.3.2026"),
        ("truth", "true", "yes"),
        ("person", "li.si", ""),
    ],
)
def test_a_field_is_read_strictly_as_its_kind(kind: str, good: str, bad: str | None) -> None:
    declared = (Field("x", FieldKind(kind)),)
    facts, wrong = read_facts(declared, {"x": good}, "Q-1")
    assert (set(facts), wrong) == ({"x"}, ())
    if bad is not None:
        facts, wrong = read_facts(declared, {"x": bad}, "Q-1")
        assert (facts, [(one.field, one.observed) for one in wrong]) == ({}, [("x", bad)])
    assert [one.observed for one in read_facts(declared, {}, "Q-1")[1]] == ["nothing"]
    assert [one.field for one in read_facts(declared, {"x": good, "y": ""}, "Q-1")[1]] == ["y"]
