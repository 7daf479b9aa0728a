"""A route as plain data (dictionaries, lists, texts), as JSON or YAML hold it; `reading` is the way back."""

from datetime import date
from decimal import Decimal
from typing import Any

from pharmacrm.core.engines.approval.definition import Meaning, Scope
from pharmacrm.core.engines.approval.routes.approvers import (
    Band,
    ByAuthority,
    ByField,
    ByManager,
    ByPlugin,
    ByRole,
    ByUser,
    Source,
)
from pharmacrm.core.engines.approval.routes.conditions import AllOf, AnyOf, Comparison, Condition, Not, Where
from pharmacrm.core.engines.approval.routes.definition import (
    SUBMITTED,
    FollowUp,
    Node,
    OnEmpty,
    OnReject,
    Parallel,
    Refusal,
    Route,
    Serial,
    Step,
    Timeout,
)
from pharmacrm.core.engines.approval.routes.facts import Value
from pharmacrm.core.engines.approval.routes.quorum import Everyone, Percent, Persons, Points, Quorum
from pharmacrm.core.kernel.codec import canonical, money_text

Plain = dict[str, Any]


def route_text(route: Route) -> str:
    """A route as one canonical JSON text, the same for equal routes."""
    return canonical(route_plain(route))


def route_plain(route: Route) -> Plain:
    """A route as plain data, without what it leaves at its default."""
    return _filled(
        {
            "code": route.code,
            "version": route.version,
            "kind": route.kind,
            "priority": route.priority or None,
            "when": _when(route.when),
            "fields": {
                field.name: _field_kind(field.kind.value, required=field.required) for field in route.fields
            },
            "guards": {guard.field: guard.step for guard in route.guards},
            "steps": [_node(node) for node in route.steps],
            "after": [_follow_up(one) for one in route.after],
            "submission": None if route.submission == SUBMITTED else _meaning(route.submission),
            "requester_may_decide": route.requester_may_decide or None,
            "one_signature_each": None if route.one_signature_each else False,
            "if_nothing": _unless(route.if_nothing, OnEmpty.ERROR),
        }
    )


def condition_plain(condition: Condition) -> Plain:
    """A condition as plain data."""
    match condition:
        case AllOf(conditions):
            return {"all": [condition_plain(one) for one in conditions]}
        case AnyOf(conditions):
            return {"any": [condition_plain(one) for one in conditions]}
        case Not(inner):
            return {"not": condition_plain(inner)}
        case Where(field, Comparison.IN, _, among):
            return {"field": field, "in": [value_plain(value) for value in among]}
        case Where(field, Comparison.GIVEN):
            return {"field": field, "given": True}
        case Where(field, comparison, value):
            return {"field": field, comparison.value: None if value is None else value_plain(value)}


def value_plain(value: Value) -> Plain | str | bool:
    """A value of a condition: texts and truths as they are, others under the name of their kind."""
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, Decimal):
        return {"number": format(value, "f")}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return {"money": money_text(value)}


def quorum_plain(quorum: Quorum) -> Plain | str | int:
    """A quorum: any, all, so many persons, points or percent."""
    match quorum:
        case Everyone():
            return "all"
        case Persons(1):
            return "any"
        case Persons(count):
            return count
        case Points(points):
            return {"points": points}
        case Percent(percent):
            return {"percent": percent}


def _node(node: Node) -> Plain:
    match node:
        case Step():
            return _step(node)
        case Serial(members):
            return {"serial": [_node(one) for one in members]}
        case Parallel(members, branches):
            written = quorum_plain(branches)
            return _filled({"parallel": [_node(one) for one in members], "branches": _unless(written, "all")})


def _step(step: Step) -> Plain:
    return _filled(
        {
            "step": step.name,
            "label_zh": step.label_zh,
            "by": [_source(source) for source in step.by],
            "quorum": _unless(quorum_plain(step.quorum), "any"),
            "when": _when(step.when),
            "if_empty": _unless(step.if_empty, OnEmpty.ERROR),
            "escalate_to": [_source(source) for source in step.escalate_to],
            "on_reject": _unless(step.on_reject, OnReject.END),
            "back_to": step.back_to or None,
            "refusal": _unless(step.refusal, Refusal.FIRST),
            "timeout": _timeout(step.timeout) if step.timeout else None,
            "meaning": _meaning(step.meaning) if step.meaning else None,
            "checks": list(step.checks),
            "signature": step.signature or None,
        }
    )


def _follow_up(one: FollowUp) -> Plain:
    return _filled(
        {
            "step": one.name,
            "label_zh": one.label_zh,
            "by": [_source(source) for source in one.by],
            "meaning": _meaning(one.meaning) if one.meaning else None,
        }
    )


def _meaning(meaning: Meaning) -> Plain:
    return {"en": meaning.en, "zh": meaning.zh}


def _timeout(timeout: Timeout) -> Plain:
    hours = {name: getattr(timeout, name) for name in ("remind", "escalate", "decide")}
    lapse = timeout.lapse.value if timeout.decide is not None else None
    return _filled({**hours, "lapse": lapse})


def _source(source: Source) -> Plain:
    return _filled({**_named(source), "weight": _unless(source.weight, 1)})


def _named(source: Source) -> Plain:
    match source:
        case ByUser(user):
            return {"user": user}
        case ByRole(role, scope):
            return {"role": role, "scope": _unless(scope, Scope.TENANT)}
        case ByField(field):
            return {"field": field}
        case ByManager(levels, of):
            return {"manager": levels, "of": of or None}
        case ByAuthority(bands, field, scope):
            return {
                "authority": [_band(band) for band in bands],
                "over": _unless(field, "amount"),
                "scope": _unless(scope, Scope.TENANT),
            }
        case ByPlugin(name):
            return {"plugin": name}


def _band(band: Band) -> Plain:
    return _filled({"role": band.role, "up_to": money_text(band.up_to) if band.up_to else None})


def _field_kind(kind: str, *, required: bool) -> str:
    return kind if required else f"{kind}?"


def _when(condition: Condition | None) -> Plain | None:
    return None if condition is None else condition_plain(condition)


def _unless(value: Any, default: object) -> Any:
    """The value as it is written, or None where it is the default."""
    return None if value == default else getattr(value, "value", value)


def _filled(plain: Plain) -> Plain:
    return {name: value for name, value in plain.items() if value is not None and value not in ([], {})}
