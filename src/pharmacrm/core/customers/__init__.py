"""Customers (客户): institutions, shops, wholesalers and people, and the identifiers that they hold."""

from pharmacrm.core.customers.commands import RegisterCustomer
from pharmacrm.core.customers.events import CustomerRegistered
from pharmacrm.core.customers.handlers import HANDLERS
from pharmacrm.core.customers.model import Customer, Identifier
from pharmacrm.core.customers.reasons import REASONS
from pharmacrm.core.customers.rules import check_customer, identifier_id
from pharmacrm.core.kernel.domain import Domain

_RECORDS = (Customer, Identifier)
_READERS = ("purchasing", "assistant", "dispatcher", "lead", "finance", "warehouse", "quality", "auditor")

domain = Domain(
    name="customers",
    records=_RECORDS,
    handlers=HANDLERS,
    events=(CustomerRegistered,),
    reasons=REASONS,
    rights={
        **dict.fromkeys(_READERS, _RECORDS),
        "sales": (*_RECORDS, RegisterCustomer),
        "admin": (*_RECORDS, RegisterCustomer),
    },
)

__all__ = [
    "Customer",
    "CustomerRegistered",
    "Identifier",
    "RegisterCustomer",
    "check_customer",
    "domain",
    "identifier_id",
]
