"""What becomes of promises and disputes when a debt gets new due dates (展期后的承诺与争议).

A dispute goes on: what was disputed of the old instalments is disputed of the new ones, the earliest due
first. So does a promise where dates only became known. An agreement on new dates takes the place of promises:
what the customer is to pay by when stands in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from attrs import evolve, field, frozen

from pharmacrm.core.kernel.money import Money
from pharmacrm.core.receivables.claim import Claim
from pharmacrm.core.receivables.disputes import Dispute
from pharmacrm.core.receivables.model import Instalment, Settlement
from pharmacrm.core.receivables.promises import PromiseToPay, given_up, standing, standing_yet

C = TypeVar("C", bound=Claim)


@frozen
class Claims:
    """What customers say of the instalments of a receivable: promises and disputes, and what was paid."""

    promises: Sequence[PromiseToPay] = field(factory=tuple)
    disputes: Sequence[Dispute] = field(factory=tuple)
    settlements: Sequence[Settlement] = field(factory=tuple)


NO_CLAIMS = Claims()


@frozen
class Carried:
    """The promises and disputes that ended with their instalments, and those that go on."""

    promises: tuple[PromiseToPay, ...]
    disputes: tuple[Dispute, ...]


def carried(
    id: str,
    claims: Claims,
    moved: Sequence[Instalment],
    parts: Sequence[Instalment],
    *,
    on: date,
    agreed: bool,
) -> Carried:
    """Give the promises and disputes after what was open of the `moved` instalments went to new `parts`."""
    old = {each.id: each.open for each in moved if each.open}
    promises = [each for each in standing_yet(claims.promises, on) if each.instalment in old]
    disputes = [each for each in claims.disputes if each.is_open(on) and each.instalment in old]
    gone = [given_up(each, f"replaced by {id}", on=on) for each in promises]
    ended = [evolve(each, resolved_on=on, moved_by=id) for each in disputes]
    left = [
        evolve(each, made_on=on, amount=each.amount - standing(each, claims.settlements, on=on).paid)
        for each in promises
        if not agreed
    ]
    on_it = [evolve(each, opened_on=on) for each in disputes]
    return Carried(
        (*gone, *_spread(f"{id}/promise", left, old, parts)),
        (*ended, *_spread(f"{id}/dispute", on_it, old, parts)),
    )


def _spread(
    prefix: str, claims: Iterable[C], old: dict[str, Money], parts: Sequence[Instalment]
) -> Iterator[C]:
    """The same claims on new instalments: at most what was open of each old one, and is of each new one."""
    room, space, number = dict(old), {part.id: part.amount for part in parts}, 0
    for claim in claims:
        left = min(claim.amount, room[claim.instalment])
        room[claim.instalment] -= left
        for part in parts:
            taken = min(left, space[part.id])
            if taken.is_positive:
                number += 1
                left, space[part.id] = left - taken, space[part.id] - taken
                yield evolve(
                    claim,
                    id=f"{prefix}/{number}",
                    version=0,
                    instalment=part.id,
                    amount=taken,
                    continues=claim.id,
                )
