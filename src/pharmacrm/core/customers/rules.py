"""How a customer is registered, and whether one may still be dealt with."""

from collections.abc import Iterator, Sequence

from pharmacrm.core.customers import reasons as why
from pharmacrm.core.customers.commands import RegisterCustomer
from pharmacrm.core.customers.events import CustomerRegistered
from pharmacrm.core.customers.kinds import FORBIDDEN, PARENTS, REQUIRED
from pharmacrm.core.customers.model import Customer, Identifier
from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.schema import schema_of
from pharmacrm.core.kernel.words import Words, listed


def identifier_id(scheme: str, value: str) -> str:
    """The id of the record that makes an identifier unique: `uscc:91110000600037341L`."""
    return f"{scheme}:{value}"


def register_customer(
    command: RegisterCustomer,
    old: Customer | None,
    holder: Identifier | None,
    above: Sequence[Customer],
) -> Decision[Customer]:
    """Register or update a customer, or say everything that does not fit together.

    `holder` is the record of the credit code given, if somebody holds it; `above` is the chain of customers
    upwards from the parent named.
    """
    customer = _drafted(command, old.version if old else 0)
    return accept(
        customer,
        _kind_reasons(customer, old),
        _identifier_reasons(customer, holder),
        _parent_reasons(customer, above),
        save(customer, *_new_identifiers(customer, holder)),
        tell(CustomerRegistered(subject=customer.id)),
    )


def _drafted(command: RegisterCustomer, version: int) -> Customer:
    return Customer(
        id=command.id,
        version=version,
        kind=command.kind,
        name=command.name,
        person_name=command.person_name,
        short_name=command.short_name,
        uscc=command.uscc,
        address=command.address,
        contact=command.contact,
        phone=command.phone,
        price_list=command.price_list,
        owner=command.owner,
        unit=command.unit,
        parent=command.parent,
        active=command.active,
    )


def _new_identifiers(customer: Customer, holder: Identifier | None) -> tuple[Identifier, ...]:
    if customer.uscc is None or holder is not None:
        return ()
    return (Identifier(id=identifier_id("uscc", customer.uscc), customer=customer.id),)


def _kind_reasons(customer: Customer, old: Customer | None) -> Iterator[Reason]:
    kind = customer.kind
    if old and old.kind is not kind:
        yield why.KIND_FIXED(customer.id, field="kind", observed=kind, expected=old.kind)
    for name in sorted(REQUIRED[kind]):
        if not getattr(customer, name):
            yield why.FIELD_REQUIRED(customer.id, field=name, named=_label(name), observed=kind)
    for name in sorted(FORBIDDEN[kind]):
        if getattr(customer, name):
            yield why.FIELD_NOT_ALLOWED(customer.id, field=name, named=_label(name), observed=kind)


def _label(name: str) -> Words:
    return schema_of(Customer).field(name).label


def _identifier_reasons(customer: Customer, holder: Identifier | None) -> Iterator[Reason]:
    if holder is not None and holder.customer != customer.id:
        taken = Words(holder.id, holder.id.partition(":")[2])
        yield why.IDENTIFIER_TAKEN(customer.id, field="uscc", observed=taken, expected=holder.customer)


def _parent_reasons(customer: Customer, above: Sequence[Customer]) -> Iterator[Reason]:
    if customer.parent is None:
        return
    if customer.parent == customer.id or any(one.id == customer.id for one in above):
        yield why.PARENT_CYCLE(customer.id, field="parent", observed=customer.parent)
    elif not above:
        yield why.PARENT_UNKNOWN(customer.id, field="parent", observed=customer.parent)
    elif above[0].kind not in PARENTS[customer.kind]:
        kinds = sorted(PARENTS[customer.kind])
        wanted = listed(kinds, zh="或") if kinds else Words("none", "空")
        yield why.PARENT_KIND(customer.id, field="parent", observed=above[0].kind, expected=wanted)


def check_customer(customer: Customer, *, field: str = "buyer") -> tuple[Reason, ...]:
    """Why a customer may not be sold to as far as the customer record says: it is inactive."""
    return () if customer.active else (why.CUSTOMER_INACTIVE(customer.id, field=field),)
