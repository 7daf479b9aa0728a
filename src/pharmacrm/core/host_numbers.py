"""Numbers under which other systems know our things (ERP order number, invoice number: 外部单号).

A thing has one number in a system, and a number there means one thing: both are ids of records, so that two
processes cannot give two answers.
"""

from enum import StrEnum
from hashlib import sha256
from typing import Annotated, ClassVar

from attrs import frozen

from pharmacrm.core.kernel.change import Event
from pharmacrm.core.kernel.codec import canonical
from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.reason import Reason, ReasonCode, Severity
from pharmacrm.core.kernel.record import Column, Record
from pharmacrm.core.kernel.strict import Id, Ref, strict


class NumberedKind(StrEnum):
    """What has a number in another system."""

    ORDER = "order"
    SLIP = "slip"
    CUSTOMER = "customer"
    PRODUCT = "product"
    QUOTE = "quote"
    PURCHASE = "purchase"
    GOODS_RECEIPT = "goods_receipt"
    VOUCHER = "voucher"


@frozen(kw_only=True)
class HostNumber(Record):
    """The number of one of our things in another system, which is named as its adapter (外部单号)."""

    kind: Annotated[NumberedKind, Column(length=16, zh="类别")]
    subject: Annotated[str, Column(index=True, zh="单据")]
    system: Annotated[str, Column(length=64, zh="系统")]
    number: Annotated[str, Column(length=64, index=True, zh="外部单号")]


@frozen(kw_only=True)
class NumberUse(Record):
    """What a number of another system means here: one thing, for ever."""

    subject: Annotated[str, Column(zh="单据")]


@frozen(kw_only=True, field_transformer=strict)
class RecordHostNumber(Command[HostNumber]):
    """Record the number that another system gave to one of our things, once and for all."""

    subject_field: ClassVar[str] = "id"

    id: Ref
    number: Id
    kind: NumberedKind = NumberedKind.ORDER


@frozen(kw_only=True)
class HostNumberRecorded(Event):
    """Another system gave a number to one of our things, which is the subject."""

    kind: str
    system: str
    number: str


NUMBER_TWICE = ReasonCode(
    "host_number.twice",
    Severity.BLOCK,
    "{subject} has the number {expected} already, not {observed}",
    "{subject} 的外部单号已是 {expected}，不是 {observed}",
    remedy="ask the other system which number counts",
)
NUMBER_TAKEN = ReasonCode(
    "host_number.taken",
    Severity.BLOCK,
    "number {observed} of {subject} belongs to {expected} already",
    "{subject} 的外部单号 {observed} 已属于 {expected}",
    remedy="ask the other system which of them it means",
)


def number_id(*parts: str) -> str:
    """An id made of a system, a kind and a subject or number, which may hold any separator."""
    return sha256(canonical(list(parts)).encode()).hexdigest()[:32]


def record_number(
    command: RecordHostNumber, held: HostNumber | None, use: NumberUse | None, *, system: str
) -> Decision[HostNumber]:
    """Keep the first number; the same again changes nothing, another one or another's is refused."""
    if held is not None and held.number == command.number:
        return accept(held)
    number = HostNumber(
        id=number_id(system, command.kind, command.id),
        kind=command.kind,
        subject=command.id,
        system=system,
        number=command.number,
    )
    used = NumberUse(id=number_id(system, command.kind, "number", command.number), subject=command.id)
    told = HostNumberRecorded(subject=command.id, kind=command.kind, system=system, number=command.number)
    return accept(number, _reasons(command, held, use), save(number, used), tell(told))


def _reasons(command: RecordHostNumber, held: HostNumber | None, use: NumberUse | None) -> tuple[Reason, ...]:
    found = []
    if held is not None:
        found.append(NUMBER_TWICE(command.id, field="number", observed=command.number, expected=held.number))
    if use is not None:
        found.append(NUMBER_TAKEN(command.id, field="number", observed=command.number, expected=use.subject))
    return tuple(found)


_READERS = (
    "sales",
    "purchasing",
    "assistant",
    "dispatcher",
    "lead",
    "finance",
    "warehouse",
    "admin",
    "auditor",
)

domain = Domain(
    name="host_numbers",
    records=(HostNumber, NumberUse),
    events=(HostNumberRecorded,),
    reasons=(NUMBER_TWICE, NUMBER_TAKEN),
    rights={**dict.fromkeys(_READERS, (HostNumber,)), "auditor": (HostNumber, NumberUse)},
)
