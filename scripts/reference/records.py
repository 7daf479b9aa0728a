"""The pages of what is stored and of who may read and do it: records, rights."""

from attrs import fields

from pharmacrm.core.kernel.journal import Entry, PersonalValue
from pharmacrm.core.kernel.message import Command, Question
from pharmacrm.core.kernel.record import Part, Record
from pharmacrm.core.kernel.schema import Field, schema_of
from pharmacrm.core.values.roles import ROLES
from pharmacrm.crm.registry import Registry
from scripts.reference.words import (
    GIVEN,
    default_words,
    docs,
    output_table,
    property_table,
    table,
    type_words,
    values_within,
)

RECORDS = """# Records

What is stored. A **record** has an `id` and a `version`, which each change raises; a **part** (a line, an
instalment) has an `id` and belongs to a record. Read them with `crm.get` and `crm.find`; they change
through [commands](commands.md) only. A *counter* changes by bounded additions, never by an update.
*Personal* fields are kept for the purpose that is named, and stand in the journal as digests.
"""
RIGHTS = """# Rights

A role may do a command, ask a question or read a kind of record only where it says so here: what is not
said is denied ([`right.missing`](errors.md#right-missing)), and every denial stands in the journal.
`RegisterStaff` gives people their roles. `GrantRight(role="sales", right="AgeingReport")` adds a right for
one tenant, and `given=False` takes one away; both act at once. The role `system` is that of timed work, and
nobody can claim it.

Nobody decides about a document of their own, and nobody twice about the same one, whatever their rights:
that is a [reason](reasons.md) (`approval.own_document`, `approval.already_decided`), not a right.
"""


def records(registry: Registry) -> str:
    """The page of records."""
    lines = [RECORDS]
    kinds = sorted(registry.kinds.values(), key=lambda kind: kind.__name__)
    for kind in kinds:
        lines += [f"## {kind.__name__}", "", *docs(kind), "", _nature(kind)]
        defaults = {each.name: default_words(each) for each in fields(kind)}
        rows = [
            (f"`{each.name}`", each.column.zh, _words(each), defaults[each.name], _notes(each))
            for each in schema_of(kind).fields
        ]
        lines += [*table(("field", "中文", "holds", "default", ""), rows), *property_table(kind)]
    lines += ["## What records are made of", ""]
    for value in (*values_within(kinds, given=True), Entry, PersonalValue):
        lines += [f"### {value.__name__}", "", *docs(value), *output_table(value)]
    return "\n".join(lines)


def rights(registry: Registry) -> str:
    """The page of rights: role x command, question and record."""
    roles = [*ROLES, *sorted(set(registry.rights) - set(ROLES))]
    messages = sorted(registry.messages.items())
    groups = {
        "Commands": [name for name, kind in messages if issubclass(kind, Command)],
        "Questions": [name for name, kind in messages if issubclass(kind, Question)],
        "Records": sorted(kind.__name__ for kind in (*registry.kinds.values(), Entry)),
    }
    lines = [RIGHTS]
    for title, names in groups.items():
        page = f"{title.lower()}.md"
        rows = [
            (
                f"[{name}]({page}#{name.lower()})",
                *("●" if name in registry.rights.get(role, ()) else "" for role in roles),
            )
            for name in names
        ]
        lines += [f"## {title}", *table(("", *roles), rows)]
    return "\n".join(lines)


def _nature(kind: type) -> str:
    schema = schema_of(kind)
    if issubclass(kind, Part) and schema.parent and schema.parent.parent:
        parent = schema.parent.parent.__name__
        return f"A part of [{parent}](#{parent.lower()}); stored as `{schema.name}`."
    bound = kind.bound if issubclass(kind, Record) else None
    text = f"A record, stored as `{schema.name}`."
    if bound:
        text += f" Bound: `{' + '.join(bound.plus)} - {' - '.join(bound.minus)} <= {bound.limit}`."
    return text


def _words(field: Field) -> str:
    optional = ", or none" if field.optional else ""
    words = type_words(field.type, GIVEN)
    return (f"text, at most {field.column.length:,}" if words == "text" else words) + optional


def _notes(field: Field) -> str:
    notes = [
        "counter" if field.counter else "",
        f"personal: {field.personal.purpose}" if field.personal else "",
        "indexed" if field.column.index else "",
    ]
    return ", ".join(note for note in notes if note)
