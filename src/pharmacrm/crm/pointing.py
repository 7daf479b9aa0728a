"""Which field of a message an id stands in, so that who asked for what is not there knows what to correct."""

from collections.abc import Iterator
from typing import Any

from attrs import fields, has

from pharmacrm.core.kernel.errors import NotFound
from pharmacrm.core.kernel.message import Question, Reads
from pharmacrm.core.kernel.schema import unwrap
from pharmacrm.core.kernel.strict import Names


def pointed(error: NotFound, message: object) -> NotFound:
    """The same error with the field of the message that names what is not there."""
    places = list(_places(message, error.id, ""))
    same = [place for place in places if place.endswith(error.kind)]
    return NotFound(error.kind, error.id, field=next(iter(same or places), error.field))


def check_names(message: Question[Any], read: Reads, kinds: dict[str, Any]) -> None:
    """Raise `NotFound` for the first field that says of which kind it names a record, if there is none."""
    for each in fields(type(message)):
        names = next((mark for mark in unwrap(each.type)[1] if type(mark) is Names), None)
        id = getattr(message, each.name)
        if names is not None and id and read.seek(kinds[names.kind], id) is None:
            raise NotFound(names.kind, id, field=each.name)


def _places(value: object, id: str, path: str) -> Iterator[str]:
    if type(value) is str and value == id and path:
        yield path
    elif isinstance(value, tuple):
        for place, each in enumerate(value):
            yield from _places(each, id, f"{path}[{place}]")
    elif has(kind := type(value)):
        for field in fields(kind):
            yield from _places(getattr(value, field.name), id, f"{path}.{field.name}" if path else field.name)
