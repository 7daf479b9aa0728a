"""What people want done in collections."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, ClassVar

from attrs import field, frozen

from pharmacrm.core.collections.provision import ProvisionRates
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import Percentage, as_percentage
from pharmacrm.core.kernel.strict import Limit, strict


def as_percentages(value: Sequence[Percentage | str]) -> tuple[Percentage, ...]:
    """Read percentages with their signs; an error names the place of the one it cannot read."""
    if type(value) not in {tuple, list}:
        raise MalformedInput("list.type", "a list or tuple is wanted", value=value)
    found = []
    for place, each in enumerate(value):
        try:
            found.append(as_percentage(each))
        except MalformedInput as error:
            raise error.inside(f"[{place}]") from None
    return tuple(found)


@frozen(kw_only=True, field_transformer=strict)
class SetProvisionRates(Command[ProvisionRates]):
    """Set the rates of bad-debt provision for each class of age, from a day on (设定坏账计提比例).

    Debt that is not due is the first class; `edges` (30, 90) makes three more: 1-30, 31-90 and over 90 days.
    Earlier tables stay: a provision of a past day uses the rates of that day.
    """

    subject_field: ClassVar[str] = "valid_from"

    valid_from: date = field(converter=as_date)
    edges: tuple[int, ...]
    rates: tuple[Percentage, ...] = field(converter=as_percentages)
    reason: Annotated[str, Limit(500, empty=True)] = ""
