"""Asking plugins who approves: what they are given, what they may answer, and what their faults lead to."""

from collections.abc import Iterable
from typing import Any, Final

from pharmacrm.core.kernel.appointing import Appointed, Appointment, NotAppointed
from pharmacrm.core.kernel.errors import PharmaCRMError
from pharmacrm.core.kernel.ids import as_id
from pharmacrm.core.kernel.message import Reads
from pharmacrm.plugins.loading import Implementation
from pharmacrm.plugins.types import ApproversContext
from pharmacrm.plugins.wall.calling import Caller, Failed, Unfit
from pharmacrm.plugins.wall.lending import Loan, copied
from pharmacrm.plugins.wall.shielding import class_of

MOST_PERSONS: Final = 100
"""People whom one word may name."""


def appointed(
    caller: Caller, plugins: Iterable[Implementation], wanted: Appointment, read: Reads
) -> Appointed | NotAppointed | None:
    """What the first plugin says that knows the word; one that fails before it might have been that one.

    Raises:
        PharmaCRMError: what the store said while the plugin was reading, as with guards.

    """
    for each in plugins:
        loan = Loan(read)
        try:
            answer = caller.call(each, _context(wanted, read, loan), as_appointed)
        finally:
            loan.end()
        if loan.trouble is not None:
            raise loan.trouble
        if isinstance(answer, Failed):
            return NotAppointed(each.plugin)
        if answer is not None:
            return answer
    return None


def _context(wanted: Appointment, read: Reads, loan: Loan) -> ApproversContext:
    return ApproversContext(
        tenant=read.tenant.id,
        word=wanted.word,
        kind=wanted.kind,
        document=wanted.document,
        requester=wanted.requester,
        unit=wanted.unit,
        amount=copied(wanted.amount),
        content=wanted.content,
        fields=dict(wanted.fields),
        on=read.on,
        at=read.at,
        read=loan.facade,
    )


def as_appointed(answer: Any) -> Appointed | None:
    """Members of staff by id, each once and in order, or None; whether there are such is asked later."""
    if answer is None:
        return None
    if type(answer) is not Appointed:
        raise Unfit(f"answered with {class_of(answer)}, wanted Appointed")
    persons: Any = answer.persons
    if type(persons) not in {list, tuple}:
        raise Unfit("the persons are no list or tuple of ids")
    if len(persons) > MOST_PERSONS:
        raise Unfit(f"named {len(persons)} persons, at most {MOST_PERSONS}")
    return Appointed(tuple(sorted({_id(person) for person in tuple(persons)})))


def _id(person: Any) -> str:
    try:
        return as_id(person)
    except PharmaCRMError as error:
        raise Unfit(f"a person is no id: {error.code}") from None
