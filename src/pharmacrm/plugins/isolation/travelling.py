"""How contexts, answers and reads travel between host and worker: as plain data, read strictly.

The worker trusts the host: it imports the classes that a context names. The host trusts nobody: an answer is
built only of the classes that its hook allows, by the codec that reads everybody's input, and a read is about
a kind that the host knows already. A hook that may be isolated stands in `ANSWERS`, and needs no more.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from importlib import import_module
from typing import Any, Final

from attrs import fields, has

from pharmacrm.core.kernel.appointing import Appointed
from pharmacrm.core.kernel.calendar import WorkCalendar
from pharmacrm.core.kernel.codec import from_plain, instant_text, to_plain
from pharmacrm.core.kernel.dates import as_date, as_instant
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.query import Condition, Operator, Within
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.schema import schema_of
from pharmacrm.core.kernel.seal import Anchor
from pharmacrm.core.kernel.signing import NotSigned, Signed
from pharmacrm.plugins.types import Delivered, Reject, RetryAfter
from pharmacrm.plugins.wall.lending import Facade
from pharmacrm.plugins.wall.shielding import Outside, class_of

ANSWERS: Final[Mapping[str, tuple[type, ...]]] = {
    "pharmacrm_check": (Reason,),
    "pharmacrm_deliver": (Delivered, RetryAfter, Reject),
    "pharmacrm_calendar": (WorkCalendar,),
    "pharmacrm_approvers": (Appointed,),
    "pharmacrm_signature": (Signed, NotSigned),
    "pharmacrm_fault": (),
    "pharmacrm_anchor": (),
    "pharmacrm_anchored": (Anchor,),
}
"""The hooks that may be isolated, and the classes that their answers may be made of."""

TAG: Final = "$"
PLAIN: Final = (type(None), bool, int, str)


def packed(value: Any) -> Any:
    """A value as plain data; what cannot travel raises Outside, naming its class and nothing else."""
    kind = type(value)
    if kind in PLAIN:
        return value
    if kind in {list, tuple, frozenset}:
        return {TAG: kind.__name__, "of": [packed(each) for each in value]}
    if kind is datetime:
        return {TAG: "datetime", "of": instant_text(value)}
    if kind is date:
        return {TAG: "date", "of": value.isoformat()}
    if isinstance(value, Facade):
        return {TAG: "read"}
    if isinstance(value, Mapping):
        return {TAG: "dict", "of": [[packed(key), packed(each)] for key, each in value.items()]}
    if has(kind) and not isinstance(value, Enum):
        return {TAG: "made", "class": address_of(kind), "of": _shed(value)}
    raise Outside("type", f"{class_of(value)} cannot travel between processes")


def _shed(value: Any) -> Any:
    if type(value) is not WorkCalendar:
        return to_plain(value)
    published = None if value.published is None else sorted(value.published)
    days = {day.isoformat(): works for day, works in value.exceptions.items()}
    return {"name": value.name, "days": days, "weekend": sorted(value.weekend), "published": published}


def unpacked(plain: Any, found: Callable[[str], type], read: Lookup | None = None) -> Any:
    """The value again; `found` gives the class of an address, or raises."""
    if type(plain) is not dict:
        return plain
    tag: Any = plain.get(TAG)
    of: Any = plain.get("of")
    if tag == "made":
        return _made(found(plain["class"]), of)
    if tag == "dict":
        return {unpacked(key, found): unpacked(each, found, read) for key, each in of}
    if tag in _ATOMS:
        return _ATOMS[tag](of)
    if tag in _LISTS:
        return _LISTS[tag](unpacked(each, found, read) for each in of)
    if tag == "read" and read is not None:
        return read
    raise MalformedInput("json.shape", "this is no value that travels", value=tag)


_ATOMS: Final[Mapping[str, Callable[[Any], Any]]] = {"date": as_date, "datetime": as_instant}
_LISTS: Final[Mapping[str, Callable[[Any], Any]]] = {"list": list, "tuple": tuple, "frozenset": frozenset}


def _made(kind: type, of: Any) -> Any:
    if kind is not WorkCalendar:
        return from_plain(kind, of)
    published = None if of["published"] is None else frozenset(of["published"])
    days = {as_date(day): works for day, works in of["days"].items()}
    return WorkCalendar(of["name"], days, frozenset(of["weekend"]), published)


def context_of(plain: Mapping[str, Any], read: Lookup) -> Any:
    """A hook's context, in the worker."""
    kind = imported(plain["class"])
    return kind(**{name: unpacked(value, imported, read) for name, value in plain["of"].items()})


def context_plain(context: Any) -> Any:
    """A hook's context, in the host, as plain data."""
    of = {each.name: packed(getattr(context, each.name)) for each in fields(type(context))}
    return {"class": address_of(type(context)), "of": of}


def answered(hook: str, plain: Any) -> Any:
    """What a worker answered, made only of the classes that its hook allows."""
    allowed = {address_of(kind): kind for kind in ANSWERS[hook]}

    def found(address: str) -> type:
        if address not in allowed:
            raise Outside("type", "answered with a class that its hook does not know")
        return allowed[address]

    return unpacked(plain, found)


def address_of(kind: type) -> str:
    """Where a class stands: `package.module:Name`."""
    return f"{kind.__module__}:{kind.__qualname__}"


def imported(address: str) -> Any:
    """What stands at an address, imported."""
    module, _, name = address.partition(":")
    found: Any = import_module(module)
    for each in name.split(".") if name else ():
        found = getattr(found, each)
    return found


def known_kind(address: Any) -> type[Entity]:
    """The kind of record at an address, without importing anything or running anybody's code."""
    module, _, name = address.partition(":") if type(address) is str else ("", "", "")
    found: Any = sys.modules.get(module)
    for each in name.split("."):
        found = vars(found).get(each) if found is not None else None
    if isinstance(found, type) and issubclass(found, Entity):
        return found
    raise MalformedInput("kind.type", "a kind of record is wanted", field="kind", value=address)


def conditions_plain(where: Sequence[Condition]) -> list[Any]:
    """Conditions of a search as plain data."""
    return [[each.field, each.operator.value, _value_plain(each)] for each in where]


def _value_plain(each: Condition) -> Any:
    if isinstance(each.value, Within):
        inner = each.value
        return [address_of(inner.kind), inner.field, conditions_plain(inner.where)]
    return [to_plain(one) for one in each.value] if each.operator is Operator.IN else to_plain(each.value)


def conditions(kind: type[Entity], plain: Any) -> tuple[Condition, ...]:
    """Conditions again; a value that does not fit its field is a `MalformedInput`."""
    return tuple(_condition(kind, *each) for each in plain)


def _condition(kind: type[Entity], name: str, operator: str, value: Any) -> Condition:
    how = from_plain(Operator, operator)
    if how is Operator.WITHIN:
        inner = known_kind(value[0])
        return Condition(name, how, Within(inner, value[1], conditions(inner, value[2])))
    if how is Operator.NULL:
        return Condition(name, how, None)
    wanted = _type_of(kind, name)
    if how is Operator.IN:
        return Condition(name, how, tuple(from_plain(wanted, one) for one in value))
    return Condition(name, how, from_plain(wanted, value))


def _type_of(kind: type[Entity], name: str) -> Any:
    if name in {"id", "version"}:
        return str if name == "id" else int
    known = {field.name: field.type for field in schema_of(kind).fields}
    if name not in known:
        raise MalformedInput("query.field", "there is no such field", field="where", value=name)
    return known[name]
