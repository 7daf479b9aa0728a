"""A route from plain data, as a reader of JSON or YAML gives it: every mistake is named, all at once."""

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, Final, TypeVar

from attrs import define, field

from pharmacrm.core.engines.approval.definition import Meaning, Scope
from pharmacrm.core.engines.approval.routes import mistakes
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
from pharmacrm.core.engines.approval.routes.check import check_route
from pharmacrm.core.engines.approval.routes.conditions import AllOf, AnyOf, Comparison, Condition, Not, Where
from pharmacrm.core.engines.approval.routes.definition import (
    SUBMITTED,
    Field,
    FollowUp,
    Guard,
    Lapse,
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
from pharmacrm.core.engines.approval.routes.facts import FieldKind, Value, read_value
from pharmacrm.core.engines.approval.routes.mistakes import RouteMistake, mistake
from pharmacrm.core.engines.approval.routes.quorum import ANYONE, EVERYONE, Percent, Persons, Points, Quorum
from pharmacrm.core.kernel.codec import loads, money_from
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.words import Words

E = TypeVar("E", bound=Enum)
T = TypeVar("T")
_MISSING: Final = object()


@define
class _Reader:
    """Plain data at one place, and the mistakes found so far."""

    plain: dict[str, Any]
    at: str
    found: list[RouteMistake]
    asked: set[str] = field(factory=set)

    def wrong(self, words: Words, name: str, value: object) -> None:
        self.found.append(mistake("shape", words, _path(self.at, name), value))

    def take(self, name: str, kind: type[T], default: T) -> T:
        """A value of exactly this type; a missing one is the default, another type a mistake."""
        self.asked.add(name)
        value = self.plain.get(name, default)
        if type(value) is type(default) or type(value) is kind:
            return value
        self.wrong(mistakes.a_type(kind), name, value)
        return default

    def must(self, name: str, kind: type[T], default: T) -> T:
        """A value that has to be there."""
        if name not in self.plain:
            self.wrong(mistakes.MISSING, name, None)
        return self.take(name, kind, default)

    def choice(self, name: str, kind: type[E], default: E) -> E:
        self.asked.add(name)
        value = self.plain.get(name, default.value)
        known = {member.value: member for member in kind}
        if type(value) is str and value in known:
            return known[value]
        self.wrong(mistakes.one_of(known), name, value)
        return default

    def items(self, name: str, read: "Callable[[_Reader], T | None]") -> tuple[T, ...]:
        found = [read(one) for one in self.readers(name)]
        return tuple(one for one in found if one is not None)

    def readers(self, name: str) -> "Iterable[_Reader]":
        for place, value in enumerate(self.take(name, list, [])):
            if type(value) is dict:
                yield self.inside(value, f"{name}[{place}]")
            else:
                self.wrong(mistakes.OBJECT, f"{name}[{place}]", value)

    def optional(self, name: str, read: "Callable[[_Reader], T]") -> T | None:
        self.asked.add(name)
        value = self.plain.get(name)
        if value is None:
            return None
        if type(value) is not dict:
            self.wrong(mistakes.OBJECT, name, value)
            return None
        return self.finished(self.inside(value, name), read)

    def finished(self, reader: "_Reader", read: "Callable[[_Reader], T]") -> T:
        found = read(reader)
        reader.close()
        return found

    def inside(self, value: dict[str, Any], name: str) -> "_Reader":
        return _Reader(value, _path(self.at, name), self.found)

    def close(self) -> None:
        """Name what nobody asked for."""
        for name in sorted(map(str, self.plain.keys() - self.asked)):
            self.wrong(mistakes.NO_FIELD, name, self.plain.get(name))


def route_from(plain: object) -> Route:
    """The route that plain data says; if it says none, every mistake in an `ExceptionGroup`.

    A reader of YAML gives such data as well: this library has none of its own.
    """
    route, found = read_route(plain)
    if found:
        raise ExceptionGroup("this is no approval route", found)
    return route


def route_from_text(text: str) -> Route:
    """The route that a JSON text says; mistakes are raised as by `route_from`."""
    return route_from(loads(text))


def read_route(plain: object) -> tuple[Route, tuple[RouteMistake, ...]]:
    """The route that plain data says, as far as it can be read, and every mistake in it."""
    found: list[RouteMistake] = []
    if type(plain) is not dict:
        found.append(mistake("shape", mistakes.OBJECT, "", plain))
    reader = _Reader(plain if type(plain) is dict else {}, "", found)
    route = reader.finished(reader, _route)
    return route, (*found, *(() if found else check_route(route)))


def _route(reader: _Reader) -> Route:
    return Route(
        code=reader.must("code", str, ""),
        version=reader.must("version", int, 0),
        kind=reader.must("kind", str, ""),
        priority=reader.take("priority", int, 0),
        when=reader.optional("when", _condition),
        fields=tuple(_field(reader, name, kind) for name, kind in reader.take("fields", dict, {}).items()),
        guards=tuple(_guard(reader, name, step) for name, step in reader.take("guards", dict, {}).items()),
        steps=reader.items("steps", _node),
        after=reader.items("after", lambda one: one.finished(one, _follow_up)),
        submission=reader.optional("submission", _meaning) or SUBMITTED,
        requester_may_decide=reader.take("requester_may_decide", bool, default=False),
        one_signature_each=reader.take("one_signature_each", bool, default=True),
        if_nothing=reader.choice("if_nothing", OnEmpty, OnEmpty.ERROR),
    )


def _field(reader: _Reader, name: object, kind: object) -> Field:
    known = {member.value: member for member in FieldKind}
    text = str(kind)
    if type(kind) is not str or text.removesuffix("?") not in known:
        reader.wrong(mistakes.one_of(known), f"fields.{name}", kind)
        return Field(str(name), FieldKind.TEXT)
    return Field(str(name), known[text.removesuffix("?")], required=not text.endswith("?"))


def _guard(reader: _Reader, name: object, step: object) -> Guard:
    if type(step) is not str:
        reader.wrong(mistakes.NAME_OF_STEP, f"guards.{name}", step)
        return Guard(str(name))
    return Guard(str(name), step)


def _node(reader: _Reader) -> Node | None:
    for kind, read in (("step", _step), ("parallel", _parallel), ("serial", _serial)):
        if kind in reader.plain:
            return reader.finished(reader, read)
    reader.wrong(mistakes.NODE, "", sorted(map(str, reader.plain)))
    return None


def _serial(reader: _Reader) -> Node:
    return Serial(reader.items("serial", _node))


def _parallel(reader: _Reader) -> Node:
    return Parallel(reader.items("parallel", _node), _quorum(reader, "branches", EVERYONE))


def _step(reader: _Reader) -> Node:
    return Step(
        name=reader.must("step", str, ""),
        label_zh=reader.must("label_zh", str, ""),
        by=reader.items("by", _source),
        quorum=_quorum(reader, "quorum", ANYONE),
        when=reader.optional("when", _condition),
        if_empty=reader.choice("if_empty", OnEmpty, OnEmpty.ERROR),
        escalate_to=reader.items("escalate_to", _source),
        on_reject=reader.choice("on_reject", OnReject, OnReject.END),
        back_to=reader.take("back_to", str, ""),
        refusal=reader.choice("refusal", Refusal, Refusal.FIRST),
        timeout=reader.optional("timeout", _timeout),
        meaning=reader.optional("meaning", _meaning),
        checks=tuple(_texts(reader, "checks")),
        signature=reader.take("signature", bool, default=False),
    )


def _follow_up(reader: _Reader) -> FollowUp:
    return FollowUp(
        name=reader.must("step", str, ""),
        label_zh=reader.must("label_zh", str, ""),
        by=reader.items("by", _source),
        meaning=reader.optional("meaning", _meaning),
    )


def _meaning(reader: _Reader) -> Meaning:
    return Meaning(reader.must("en", str, ""), reader.must("zh", str, ""))


def _texts(reader: _Reader, name: str) -> Iterable[str]:
    for place, value in enumerate(reader.take(name, list, [])):
        if type(value) is str:
            yield value
        else:
            reader.wrong(mistakes.TEXT, f"{name}[{place}]", value)


def _timeout(reader: _Reader) -> Timeout:
    return Timeout(
        remind=_hours(reader, "remind"),
        escalate=_hours(reader, "escalate"),
        decide=_hours(reader, "decide"),
        lapse=reader.choice("lapse", Lapse, Lapse.REJECT),
    )


def _hours(reader: _Reader, name: str) -> int | None:
    return reader.take(name, int, 0) if name in reader.plain else None


def _quorum(reader: _Reader, name: str, default: Quorum) -> Quorum:
    reader.asked.add(name)
    value = reader.plain.get(name, _MISSING)
    match value:
        case _ if value is _MISSING:
            return default
        case "any":
            return ANYONE
        case "all":
            return EVERYONE
        case int() if type(value) is int:
            return Persons(value)
        case {"points": int() as number, **rest} if not rest and type(number) is int:
            return Points(number)
        case {"percent": int() as number, **rest} if not rest and type(number) is int:
            return Percent(number)
    reader.wrong(mistakes.QUORUM, name, value)
    return default


def _source(reader: _Reader) -> Source | None:
    for kind, read in _SOURCES.items():
        if kind in reader.plain:
            return reader.finished(reader, read)
    reader.wrong(mistakes.one_of(_SOURCES), "", sorted(map(str, reader.plain)))
    return None


def _weight(reader: _Reader) -> int:
    return reader.take("weight", int, 1)


def _authority(reader: _Reader) -> Source:
    return ByAuthority(
        reader.items("authority", _band),
        reader.take("over", str, "amount"),
        reader.choice("scope", Scope, Scope.TENANT),
        _weight(reader),
    )


def _band(reader: _Reader) -> Band:
    role, limit = reader.must("role", str, ""), reader.take("up_to", str, "")
    reader.close()
    return Band(role, _money(reader, "up_to", limit) if limit else None)


def _money(reader: _Reader, name: str, text: object) -> Money | None:
    try:
        return money_from(text)
    except MalformedInput:
        reader.wrong(mistakes.AMOUNT, name, text)
        return None


_SOURCES: Final[dict[str, Callable[[_Reader], Source]]] = {
    "user": lambda one: ByUser(one.must("user", str, ""), _weight(one)),
    "role": lambda one: ByRole(
        one.must("role", str, ""), one.choice("scope", Scope, Scope.TENANT), _weight(one)
    ),
    "field": lambda one: ByField(one.must("field", str, ""), _weight(one)),
    "manager": lambda one: ByManager(one.must("manager", int, 1), one.take("of", str, ""), _weight(one)),
    "authority": _authority,
    "plugin": lambda one: ByPlugin(one.must("plugin", str, ""), _weight(one)),
}


def _condition(reader: _Reader) -> Condition:
    if "all" in reader.plain:
        return AllOf(tuple(reader.finished(one, _condition) for one in reader.readers("all")))
    if "any" in reader.plain:
        return AnyOf(tuple(reader.finished(one, _condition) for one in reader.readers("any")))
    if "not" in reader.plain:
        return Not(reader.optional("not", _condition) or AllOf(()))
    name = reader.must("field", str, "")
    found = [kind for kind in Comparison if kind.value in reader.plain]
    if len(found) != 1:
        known = [kind.value for kind in Comparison]
        reader.wrong(mistakes.one_of(known), "", sorted(map(str, reader.plain)))
        reader.asked.update(kind.value for kind in found)
        return Where(name, Comparison.GIVEN)
    return _comparison(reader, name, found[0])


def _comparison(reader: _Reader, name: str, kind: Comparison) -> Condition:
    reader.asked.add(kind.value)
    value = reader.plain[kind.value]
    if kind is Comparison.GIVEN:
        if value is not True:
            reader.wrong(mistakes.TRUE, kind.value, value)
        return Where(name, kind)
    if kind is Comparison.IN:
        listed = value if type(value) is list else []
        if not listed:
            reader.wrong(mistakes.VALUES, kind.value, value)
        read = (_value(reader, f"{kind.value}[{place}]", one) for place, one in enumerate(listed))
        return Where(name, kind, among=tuple(one for one in read if one is not None))
    return Where(name, kind, _value(reader, kind.value, value))


def _value(reader: _Reader, name: str, value: object) -> Value | None:
    if type(value) is str or type(value) is bool:
        return value
    if type(value) is dict and len(value) == 1:
        ((kind, text),) = value.items()
        if kind in {"number", "money", "date"}:
            try:
                return read_value(FieldKind(kind), text)
            except MalformedInput:
                pass
    reader.wrong(mistakes.CONDITION_VALUE, name, value)
    return None


def _path(at: str, name: str) -> str:
    return f"{at}.{name}" if at and name else at or name
