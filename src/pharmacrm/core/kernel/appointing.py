"""Asking the outside who approves: a word of an approval route, for one document (指定审批人)."""

from collections.abc import Mapping

from attrs import field, frozen

from pharmacrm.core.kernel.money import Money


@frozen(kw_only=True)
class Appointment:
    """Who is wanted: the word of the route, and the document as it is handed in, changed or previewed.

    `document` is empty in a preview; `fields` are texts, as they were handed in.
    """

    word: str
    kind: str
    document: str
    requester: str
    unit: str | None = None
    amount: Money | None = None
    content: str = ""
    fields: Mapping[str, str] = field(factory=dict)


@frozen
class Appointed:
    """These members of staff, by id, in any order."""

    persons: tuple[str, ...]


@frozen
class NotAppointed:
    """The plugin that should have said who, and could not: what it did is among the faults."""

    plugin: str
