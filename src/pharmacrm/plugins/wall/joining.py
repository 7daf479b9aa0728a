"""What plugins register, looked at before it joins the door: well formed, and under names still free."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from attrs import define, field, fields_dict

from pharmacrm.core.kernel.change import Event
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.held import HeldCommand
from pharmacrm.core.kernel.ids import as_id
from pharmacrm.core.kernel.message import Command, Handler, Question
from pharmacrm.core.kernel.reason import ReasonCode, Severity
from pharmacrm.core.kernel.record import Part, Record, kind_name
from pharmacrm.core.kernel.schema import schema_of
from pharmacrm.core.kernel.store import Answer
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.plugins.codes import CODES
from pharmacrm.plugins.wall.answers import CODE, LONGEST_CODE, as_mapping
from pharmacrm.plugins.wall.calling import Unfit
from pharmacrm.plugins.wall.shielding import class_of

OF_THE_DOOR: Final = frozenset(
    {("record", kind_name(kind)) for kind in (Tenant, HeldCommand, Answer)}
    | {("record", name) for name in ("journal", "journal_personal", "delivery", "schema")}
    | {("reason", code.code) for code in CODES}
    | {("reason", "key.reused")}
)
"""Names that the door itself uses."""

NAMED: Final = {"record", "message", "event"}
NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,47}")
"""What classes may be called: their names become those of tables, rights and topics."""

MOST_DOMAINS: Final = 1000


@define
class Taken:
    """The names that are registered so far, by what they name."""

    names: set[tuple[str, str]] = field(factory=lambda: set(OF_THE_DOOR))

    def join(self, domains: Sequence[Domain]) -> None:
        """Take the names of one plugin's domains, all or none."""
        wanted: set[tuple[str, str]] = set()
        for sort, name in (each for domain in domains for each in _names(domain)):
            if sort in NAMED and not NAME.fullmatch(name):
                raise Unfit(f"{name} cannot be the name of a {sort}")
            if (sort, name) in self.names or (sort, name) in wanted:
                raise Unfit(f"the {sort} {name} is registered already")
            wanted.add((sort, name))
        self.names |= wanted


def _names(domain: Domain) -> Iterator[tuple[str, str]]:
    yield "domain", domain.name
    yield from (("record", kind_name(kind)) for kind in domain.records)
    yield from (("message", handler.message.__name__) for handler in domain.handlers)
    yield from (("event", event.topic()) for event in domain.events)
    yield from (("reason", code.code) for code in domain.reasons)


def as_domains(answer: Any) -> tuple[Domain, ...]:
    """One domain, or a list of them, each with nothing in it that the door could stumble over."""
    given = answer if type(answer) in {list, tuple} else (answer,)
    if len(given) > MOST_DOMAINS:
        raise Unfit(f"answered with {len(given)} domains")
    return tuple(_domain(each) for each in tuple(given))


def _domain(each: Any) -> Domain:
    if type(each) is not Domain:
        raise Unfit(f"answered with {class_of(each)}, wanted a Domain")
    return Domain(
        name=as_id(each.name),
        records=_all("records", each.records, _kind),
        handlers=_all("handlers", each.handlers, _handler),
        events=_all("events", each.events, _event),
        reasons=_all("reasons", each.reasons, _code),
        rights={
            _role(role): _all("rights", rights, _right) for role, rights in as_mapping(each.rights).items()
        },
        following=_all("following", each.following, callable),
        completing=_all("completing", each.completing, callable),
        after=_all("after", each.after, _is_name),
    )


def _all(where: str, things: Any, fit: Any) -> tuple[Any, ...]:
    if type(things) not in {tuple, list}:
        raise Unfit(f"a domain lists tuples in {where}, not {class_of(things)}")
    for thing in things:
        if not fit(thing):
            raise Unfit(f"{_said(thing)} does not belong in {where}")
    return tuple(things)


def _is_name(thing: object) -> bool:
    return type(thing) is str


def _said(thing: object) -> str:
    return f"the class {thing.__name__:.60}" if isinstance(thing, type) else class_of(thing)


def _is(thing: object, kinds: Iterable[type]) -> bool:
    return isinstance(thing, type) and any(issubclass(thing, kind) for kind in kinds)


def _kind(thing: Any) -> bool:
    return _is(thing, (Record, Part)) and schema_of(thing).name == kind_name(thing)


def _handler(thing: Any) -> bool:
    if type(thing) is not Handler or not _is(thing.message, (Command, Question)):
        return False
    if issubclass(thing.message, Command):
        _has_subject(thing.message)
    return callable(thing.function)


def _has_subject(command: type[Command[Any]]) -> None:
    """A command says what it is about: else its refusals are filed under nothing, and nobody finds them."""
    named = command.subject_field
    if type(named) is not str:
        raise Unfit(f"the subject_field of {_said(command)} is {class_of(named)}, not a text")
    if command.subject is not Command.subject or not named or named in fields_dict(command):
        return
    raise Unfit(f"{_said(command)} has no field {named:.60}: name the one it is about in its subject_field")


def _event(thing: Any) -> bool:
    return _is(thing, (Event,)) and type(thing.topic()) is str


def _code(thing: Any) -> bool:
    if type(thing) is not ReasonCode or type(thing.severity) is not Severity:
        return False
    return (
        len(thing.code) <= LONGEST_CODE
        and CODE.fullmatch(thing.code) is not None
        and thing("x", observed="y").code == thing.code
    )


def _right(thing: Any) -> bool:
    return isinstance(thing, type)


def _role(role: Any) -> str:
    return as_id(role)
