"""Postal addresses, written from the large to the small as in China."""

from typing import Annotated

from attrs import frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.strict import Limit, strict

Place = Annotated[str, Limit(60, empty=True)]


@frozen(field_transformer=strict)
class Address:
    """Where something is or is sent to (地址): province 省, city 市, district 区县, street 街道.

    `street` is required and may hold the whole address, when its parts are not known apart; the others may be
    empty. Texts are read strictly (`text.*`).
    """

    province: Place = ""
    city: Place = ""
    district: Place = ""
    street: Annotated[str, Limit(200)] = ""
    postcode: Annotated[str, Limit(12, empty=True)] = ""

    def __str__(self) -> str:
        """Write it in the Chinese order; a municipality (上海市) that is its own province stands once."""
        city = "" if self.city == self.province else self.city
        text = f"{self.province}{city}{self.district}{self.street}"
        return f"{text} {self.postcode}" if self.postcode else text


def as_address(value: Address | str) -> Address:
    """Take an address, or a text that is the whole of one: the attrs converter of address fields."""
    if type(value) is Address:
        return value
    if type(value) is not str:
        raise MalformedInput("address.type", "an Address or a text is wanted", value=type(value).__name__)
    return Address(street=value)
