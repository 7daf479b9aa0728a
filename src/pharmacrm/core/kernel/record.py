"""Records and their parts: what is stored, and what the outside has to know about each field.

A record has an id and a version. A part (an order line, an instalment) has an id only: it is guarded by the
version of its parent and journalled under it. Tenant and recorded time are columns of every table, stamped by
the door; they are never fields.
"""

import re
from typing import ClassVar

from attrs import frozen

from pharmacrm.core.kernel.memo import remembered


@frozen
class Column:
    """What the store and the reader need to know about a field: longest text, index, Chinese label.

    `then` names the fields that follow in the index, for searches that compare or order by them as well.
    """

    length: int = 200
    index: bool = False
    zh: str = ""
    then: tuple[str, ...] = ()


@frozen
class Personal:
    """The field holds personal data, kept for this purpose; it never enters a journal row in the clear."""

    purpose: str


@frozen
class Secret:
    """The field of a message holds what nobody may keep, such as a proof: no store or guard sees it."""


@frozen
class Counter:
    """The field is a sum that changes by bounded additions only, never by a versioned update."""


@frozen
class ParentOf:
    """The field holds the id of the record that this part belongs to."""

    kind: "type[Record]"


@frozen
class Bound:
    """What the counters of a record may never exceed: sum(plus) - sum(minus) <= limit, tested as it rises."""

    plus: tuple[str, ...]
    minus: tuple[str, ...]
    limit: str


@frozen(kw_only=True)
class Entity:
    """Anything that has a row of its own."""

    id: str


@frozen(kw_only=True)
class Record(Entity):
    """Something with a version: 0 before it is stored, one more with each change."""

    version: int = 0

    bound: ClassVar[Bound | None] = None
    journalled: ClassVar[bool] = True


@frozen(kw_only=True)
class Part(Entity):
    """A piece of a record that is queried or summed on its own."""


@remembered
def kind_name(kind: type) -> str:
    """The name of a kind in tables, journal and messages: SalesOrder is sales_order."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind.__name__).lower()
