"""Messages without their secrets, for everything that keeps them or shows them to others."""

from collections.abc import Callable
from typing import Any, TypeVar, get_args, get_origin

from attrs import evolve, fields, has

from pharmacrm.core.kernel.memo import remembered
from pharmacrm.core.kernel.record import Secret
from pharmacrm.core.kernel.schema import unwrap

T = TypeVar("T")


def without_secrets(message: T) -> T:
    """A message whose fields marked `Secret` are empty, those of its items too; mostly the message itself."""
    parts: dict[str, Any] = {
        name: hide(getattr(message, name)) for name, hide in _hiding(type(message)) if getattr(message, name)
    }
    if not parts:
        return message
    kept: Any = message
    bare: T = evolve(kept, **parts)
    return bare


@remembered
def _hiding(kind: type) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """The fields of a class that hold secrets, each with what empties it."""
    return tuple((field.name, hide) for field in fields(kind) if (hide := _of(field.type)) is not None)


def _of(hint: Any) -> Callable[[Any], Any] | None:
    plain, markers, _ = unwrap(hint)
    if any(type(marker) is Secret for marker in markers):
        return lambda _: ""
    inner = get_args(plain)[0] if get_origin(plain) is tuple else plain
    inner, _, _ = unwrap(inner)
    if not (isinstance(inner, type) and has(inner) and _hiding(inner)):
        return None
    if inner is plain:
        return without_secrets
    return lambda values: tuple(without_secrets(each) for each in values)
