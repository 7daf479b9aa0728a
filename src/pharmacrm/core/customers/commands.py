"""What whoever keeps customers may want."""

from typing import Annotated

from attrs import field, frozen
from attrs.converters import optional

from pharmacrm.core.customers.model import Customer
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, strict
from pharmacrm.core.values.address import Address, as_address
from pharmacrm.core.values.identifiers import as_uscc
from pharmacrm.core.values.trade import CustomerKind


@frozen(kw_only=True, field_transformer=strict)
class RegisterCustomer(Command[Customer]):
    """Register a customer, or update one; a natural person's name goes into `person_name` only.

    `kind` never changes. `uscc` is the unified social credit code, which one customer alone may hold.
    Nothing is sold without a `price_list`. `owner` is a member of staff, `parent` the head office or group.
    """

    id: Id
    kind: CustomerKind
    name: Annotated[str, Limit(200, empty=True)] = ""
    person_name: Annotated[str, Limit(200, empty=True), Personal("relationship")] = ""
    short_name: Annotated[str, Limit(100, empty=True)] = ""
    uscc: str | None = field(default=None, converter=optional(as_uscc))
    address: Annotated[Address, Personal("delivery")] = field(converter=as_address)
    contact: Annotated[str, Limit(200, empty=True), Personal("relationship")] = ""
    phone: Annotated[str, Limit(40, empty=True), Personal("relationship")] = ""
    price_list: Id | None = None
    owner: Id | None = None
    unit: Id | None = None
    parent: Id | None = None
    active: bool = True
