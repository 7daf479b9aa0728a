"""What a command, question or value class wants in each field, read from its annotations."""

from collections.abc import Iterator
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from attrs import NOTHING, fields, frozen

from pharmacrm.core.kernel.schema import unwrap
from pharmacrm.core.kernel.strict import IdText, Limit

M = TypeVar("M")


@frozen
class Shape:
    """One field: its name as an argument, the plain type of one value, and what else it takes.

    `optional` allows None, `empty` the empty text, `many` means a list of such values; `required`
    fields have no default.
    """

    name: str
    type: Any
    markers: tuple[Any, ...]
    optional: bool
    many: bool
    required: bool
    default: Any

    @property
    def is_id(self) -> bool:
        """Whether the text is an id."""
        return self.marker(IdText) is not None

    @property
    def limit(self) -> Limit:
        """How long a text may be, and whether it may be empty or have several lines."""
        id_ = self.marker(IdText)
        return self.marker(Limit) or Limit(id_.longest if id_ else 200)

    @property
    def empty(self) -> bool:
        """Whether the empty text is a good value."""
        return self.limit.empty or (type(self.default) is str and not self.default)

    def marker(self, kind: type[M]) -> M | None:
        """The marker of this class in the annotation, if it has one."""
        return next((marker for marker in self.markers if type(marker) is kind), None)


def shapes(kind: type) -> Iterator[Shape]:
    """Every field that the class takes as an argument, in order."""
    hints = get_type_hints(kind, include_extras=True)
    for field in fields(kind):
        if field.init:
            plain, markers, optional = unwrap(hints[field.name])
            many = get_origin(plain) is tuple
            if many:
                plain, markers, _ = unwrap(get_args(plain)[0])
            required = field.default is NOTHING
            yield Shape(field.alias, plain, markers, optional, many, required, field.default)
