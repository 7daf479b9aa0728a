"""The pages of what callers say and hear: commands, questions, events."""

from collections.abc import Iterable
from typing import Any, get_args

from attrs import fields

from pharmacrm.core.kernel.message import Command, Question
from pharmacrm.core.kernel.record import Entity
from pharmacrm.crm.registry import Registry
from scripts.reference.words import docs, input_table, output_table, table, type_words, values_within

COMMANDS = """# Commands

A command is something that a person wants done: `crm.do(PlaceOrder(...), actor="zhang.san")`. Every field
is read strictly when the command is made; what cannot be meant raises
[`MalformedInput`](errors.md#malformedinput), which names the field. The answer is a `Decision`: an outcome,
[reasons](reasons.md), and the record named here under *gives*. Who may do what by default stands under
*roles* and in the [table of rights](rights.md). Registering under a known id is an update.
"""
QUESTIONS = """# Questions

A question changes nothing: `crm.ask(Inbox(), actor="li.si")`. What it gives stands with it. Plain records
are read with `crm.get(SalesOrder, "SO-1", actor=...)` and `crm.find(SalesOrder, eq("buyer", "H-001"),
actor=..., order=("-ordered_on",))`; the [records](records.md) have a page of their own.
"""
EVENTS = """# Events

An event tells of a change and is stored together with it. It waits in the outbox for the plugins that want
it (`topics`, see [how to write one](../how-to/write-a-plugin.md)); `crm.deliver()` hands it out. The topic
is the name of the event, `subject` the id of what changed, and the payload holds the other fields: ids
only, never personal data.
"""


def commands(registry: Registry) -> str:
    """The page of commands."""
    found = _named(registry, Command)
    lines = [COMMANDS, *_overview(found), *_sections(registry, found)]
    lines += ["## What commands are made of", ""]
    for value in values_within(found):
        lines += [f"### {value.__name__}", "", *docs(value), *input_table(value)]
    lines += ["## What commands give beside records", "", *_given(found)]
    return _page(lines)


def questions(registry: Registry) -> str:
    """The page of questions."""
    found = _named(registry, Question)
    lines = [QUESTIONS, *_overview(found), *_sections(registry, found)]
    given = _given(found)
    made_of = [value for value in values_within(found) if f"### {value.__name__}" not in given]
    if made_of:
        lines += ["## What questions are made of", ""]
    for value in made_of:
        lines += [f"### {value.__name__}", "", *docs(value), *input_table(value)]
    lines += ["## What questions give", "", *given]
    return _page(lines)


def _given(found: Iterable[type]) -> list[str]:
    """The classes of answers that are no records, and what they are made of."""
    answers = [
        each for message in found for each in _classes(_result_type(message)) if not issubclass(each, Entity)
    ]
    everything = {each.__name__: each for each in (*answers, *values_within(answers, given=True))}
    lines: list[str] = []
    for name in sorted(everything):
        lines += [f"### {name}", "", *docs(everything[name]), *output_table(everything[name])]
    return lines


def _sections(registry: Registry, found: list[type[Any]]) -> list[str]:
    lines = []
    for each in found:
        gives = f"Gives {_result(each)}. {_roles(registry, each)}"
        lines += [f"## {each.__name__}", "", *docs(each), "", gives, *input_table(each)]
    return lines


def events(registry: Registry) -> str:
    """The page of events."""
    rows = []
    for topic, event in sorted(registry.events.items()):
        own = [each for each in fields(event) if each.name != "subject"]
        payload = "; ".join(f"`{each.name}`: {type_words(each.type)}" for each in own)
        rows.append((f"`{topic}`", docs(event)[0], payload or "nothing else"))
    return _page([EVENTS, *table(("topic", "tells that", "beside the subject"), rows)])


def _named(registry: Registry, kind: type) -> list[type[Any]]:
    return [message for _, message in sorted(registry.messages.items()) if issubclass(message, kind)]


def _overview(found: Iterable[type]) -> list[str]:
    rows = []
    for message in found:
        link = f"[{message.__name__}](#{message.__name__.lower()})"
        rows.append((link, docs(message)[0].partition("\n\n")[0]))
    return table(("name", "what it is for"), rows)


def _roles(registry: Registry, message: type) -> str:
    roles = sorted(role for role, rights in registry.rights.items() if message.__name__ in rights)
    return f"Roles: {', '.join(roles) or 'nobody'}."


def _result_type(message: type[Any]) -> Any:
    return next(get_args(base)[0] for base in message.__orig_bases__ if get_args(base))


def _result(message: type[Any]) -> str:
    kind = _result_type(message)
    if get_args(kind):
        return f"several {_linked(get_args(kind)[0])}"
    return _linked(kind)


def _linked(kind: type) -> str:
    page = "records.md" if issubclass(kind, Entity) else ""
    return f"[{kind.__name__}]({page}#{kind.__name__.lower()})"


def _classes(kind: Any) -> list[type]:
    return [each for each in get_args(kind) if isinstance(each, type)] or [kind]


def _page(lines: list[str]) -> str:
    return "\n".join(lines)
