"""Whether the papers of a customer are complete and live (R-01, R-04, R-06)."""

from collections.abc import Iterator, Sequence
from datetime import date

from pharmacrm.core.engines.policy import PolicyPack
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.words import Words, listed
from pharmacrm.core.licences import reasons as why
from pharmacrm.core.licences.model import Dossier, Licence, ReviewState
from pharmacrm.core.licences.status import implausible, standing
from pharmacrm.core.values.licence_kinds import LicenceKind
from pharmacrm.core.values.trade import CustomerKind

_REVIEW = {
    ReviewState.PENDING: Words("not reviewed", "待审核"),
    ReviewState.REJECTED: Words("rejected", "已驳回"),
}
_APPROVED = Words("approved", "已批准")


def lacking(
    customer: str, kind: CustomerKind, licences: Sequence[Licence], pack: PolicyPack
) -> tuple[Reason, ...]:
    """One reason that lists every paper that a customer of a kind has not on file (`dossier.missing`)."""
    return missing(customer, pack.tables.papers.get(kind, ()), licences)


def missing(
    partner: str, needs: Sequence[Sequence[LicenceKind]], licences: Sequence[Licence]
) -> tuple[Reason, ...]:
    """One reason that lists every needed paper that a customer or supplier has not on file."""
    held = {licence.kind for licence in licences if not licence.revoked}
    lacks = [listed(kinds, " or ", "或") for kinds in needs if held.isdisjoint(kinds)]
    return (why.DOSSIER_MISSING(partner, field="dossier", observed=listed(lacks)),) if lacks else ()


def check_review(customer: str, kind: CustomerKind, dossier: Dossier | None) -> tuple[Reason, ...]:
    """Why the file of a customer does not count: it was not approved, or as that of another kind."""
    state = dossier.review if dossier else ReviewState.PENDING
    if state is not ReviewState.APPROVED:
        seen = _REVIEW[state]
        return (why.DOSSIER_NOT_APPROVED(customer, field="dossier", observed=seen, expected=_APPROVED),)
    if dossier and dossier.kind and dossier.kind is not kind:
        seen, wanted = (Words(f"approved as {one}", f"按{one.zh}批准") for one in (dossier.kind, kind))
        return (why.DOSSIER_NOT_APPROVED(customer, field="dossier", observed=seen, expected=wanted),)
    return ()


def check_papers(
    customer: str,
    needs: Sequence[Sequence[LicenceKind]],
    licences: Sequence[Licence],
    on: date,
    pack: PolicyPack,
) -> Iterator[Reason]:
    """What the papers that a customer needs have against them on a day; the agreement is judged apart."""
    for kinds in needs:
        if LicenceKind.QUALITY_AGREEMENT not in kinds:
            held = [licence for licence in licences if licence.kind in kinds]
            yield from standing(customer, held, on)
            for licence in held:
                yield from () if licence.revoked else implausible(licence, pack)


def check_agreement(
    customer: str, needs: Sequence[Sequence[LicenceKind]], licences: Sequence[Licence], ordered_on: date
) -> tuple[Reason, ...]:
    """Whether the quality agreement, where needed and on file, lives on the day of the order (R-04)."""
    if not any(LicenceKind.QUALITY_AGREEMENT in kinds for kinds in needs):
        return ()
    held = [licence for licence in licences if licence.kind is LicenceKind.QUALITY_AGREEMENT]
    found = standing(customer, held, ordered_on)
    return tuple(
        why.AGREEMENT_EXPIRED(
            customer,
            field=reason.field,
            observed=reason.observed,
            expected=ordered_on,
        )
        if reason.code == why.LICENCE_EXPIRED.code
        else reason
        for reason in found
    )
