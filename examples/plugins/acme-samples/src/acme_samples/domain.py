"""Samples: one record, one command, one reason. Small enough to be one file."""

from typing import Annotated

from attrs import frozen

from pharmacrm import (
    Column,
    Command,
    Customer,
    Decision,
    Domain,
    Id,
    Reads,
    ReasonCode,
    Record,
    Severity,
    accept,
    refuse,
    save,
    strict,
)

MOST = 10

TOO_MANY = ReasonCode(
    "acme_samples.too_many",
    Severity.BLOCK,
    "{observed} packs of samples, at most {expected}",
    "样品 {observed} 盒，上限 {expected} 盒",
    remedy="leave fewer packs",
)


@frozen(kw_only=True)
class Sample(Record):
    """Packs left with a customer."""

    customer: Annotated[str, Column(length=64, index=True, zh="客户")]
    packs: int


@frozen(kw_only=True, field_transformer=strict)
class LeaveSample(Command[Sample]):
    """Leave packs of samples with a customer."""

    id: Id
    customer: Id
    packs: int


def leave(command: LeaveSample, customer: Customer) -> Decision[Sample]:
    """At most ten packs at once."""
    if command.packs > MOST:
        return refuse(TOO_MANY(command.id, field="packs", observed=command.packs, expected=MOST))
    sample = Sample(id=command.id, customer=customer.id, packs=command.packs)
    return accept(sample, save(sample))


@LeaveSample.handler
def leave_sample(command: LeaveSample, read: Reads) -> Decision[Sample]:
    """Load what the rule needs; decide nothing here."""
    return leave(command, read.get(Customer, command.customer))


DOMAIN = Domain(
    name="acme_samples",
    records=(Sample,),
    handlers=(leave_sample,),
    reasons=(TOO_MANY,),
    rights={"sales": (LeaveSample, Sample)},
)
