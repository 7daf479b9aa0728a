"""Licences that expire (证照到期提醒, R-06): quality and the customer's owner are reminded."""

from pharmacrm.core.customers import Customer
from pharmacrm.core.engines.reminders import Recipient, ReminderKind, Standing
from pharmacrm.core.flows.timed.causes.cause import Cause
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.licences import Licence
from pharmacrm.core.people import Staff


def _standing(licence: Licence, read: Reads) -> Standing | None:
    if licence.revoked or licence.expires is None or _renewed(licence, read):
        return None
    customer = read.seek(Customer, licence.customer)
    if customer is not None and not customer.active:
        return None
    owner = read.seek(Staff, customer.owner) if customer and customer.owner else None
    owners = (Recipient(person=owner.id),) if owner is not None and owner.active else ()
    return Standing(
        cause=licence.id,
        subject=licence.customer,
        anchor=licence.expires,
        recipients=(Recipient(role="quality"), *owners),
    )


def _renewed(licence: Licence, read: Reads) -> bool:
    """Whether the customer has another licence of the kind on file that outlives this one."""
    same = read.find(Licence, eq("customer", licence.customer), eq("kind", licence.kind))
    return any(_outlives(each, licence) for each in same if not each.revoked)


def _outlives(other: Licence, licence: Licence) -> bool:
    if other.expires is None or licence.expires is None:
        return other.expires is None
    return other.expires > licence.expires


LICENCES = Cause(
    kind=ReminderKind.LICENCE,
    entity=Licence,
    anchor="expires",
    where=(eq("revoked", value=False),),
    standing=_standing,
)
