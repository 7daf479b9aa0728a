"""How papers are put on file, revoked and reviewed: decisions about the dossier."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from attrs import evolve

from pharmacrm.core.engines.policy import PolicyPack
from pharmacrm.core.kernel.decision import Decision, accept, save, tell, touch
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.words import Words, listed
from pharmacrm.core.licences import reasons as why
from pharmacrm.core.licences.commands import (
    RegisterAuthorisation,
    RegisterLicence,
    ReviewDossier,
    RevokeLicence,
)
from pharmacrm.core.licences.events import (
    AuthorisationRegistered,
    DossierReviewed,
    LicenceRegistered,
    LicenceRevoked,
)
from pharmacrm.core.licences.model import Authorisation, Dossier, Licence, ReviewState, Verdict
from pharmacrm.core.licences.papers import lacking
from pharmacrm.core.licences.status import implausible, number_of, standing
from pharmacrm.core.values.licence_kinds import LicenceKind

VERIFIER = "quality"
"""The role whose registrations are valid at once."""


def licence_id(customer: str, kind: LicenceKind, number: str) -> str:
    """The id of a licence: `{customer}/{kind}/{number}`, or `/1` for a paper without number."""
    return f"{customer}/{kind}/{number or 1}"


def register_licence(
    command: RegisterLicence,
    dossier: Dossier | None,
    old: Licence | None,
    *,
    by: str,
    roles: Collection[str],
    pack: PolicyPack,
) -> Decision[Licence]:
    """Put a licence on file or renew it; quality's are verified at once, other people's wait for review."""
    licence = _drafted(command, by if VERIFIER in roles else "")
    if old and evolve(licence, verified_by=old.verified_by) == old and not licence.verified_by:
        licence = old
    return accept(
        licence,
        _licence_reasons(licence, old, pack),
        save(licence),
        _changed(dossier, licence.customer, changed=licence != old),
        tell(LicenceRegistered(subject=licence.customer, licence=licence.id)),
    )


def _drafted(command: RegisterLicence, verified_by: str) -> Licence:
    return Licence(
        id=licence_id(command.customer, command.kind, command.number),
        customer=command.customer,
        kind=command.kind,
        number=command.number,
        holder=command.holder,
        scope=command.scope,
        issued=command.issued,
        expires=command.expires,
        seal_seen=command.seal_seen,
        verified_by=verified_by,
        file=command.file,
    )


def _licence_reasons(licence: Licence, old: Licence | None, pack: PolicyPack) -> Iterator[Reason]:
    kind, named = licence.kind.value, licence.kind
    if old and old.revoked:
        yield why.LICENCE_REVOKED(licence.customer, field=kind, named=named, observed=number_of(licence))
    if licence.issued and licence.expires and licence.expires < licence.issued:
        first, last = licence.issued, licence.expires
        yield why.LICENCE_DATES(licence.customer, field="expires", observed=last, expected=first)
    for place, code in enumerate(licence.scope):
        if code not in pack.tables.scope_names:
            yield why.SCOPE_UNKNOWN(licence.customer, field=f"scope[{place}]", observed=code)
    yield from implausible(licence, pack)


def _changed(dossier: Dossier | None, customer: str, *, changed: bool) -> Decision[None]:
    """Open the dossier, or raise its version, so that whoever relied on it decides again."""
    if dossier is None:
        return save(Dossier(id=customer))
    return touch(dossier) if changed else save()


def revoke_licence(command: RevokeLicence, dossier: Dossier, licence: Licence) -> Decision[Licence]:
    """Mark a licence as revoked, with the reason; it stays on file."""
    revoked = evolve(licence, revoked=True, revoked_for=command.reason)
    return accept(
        revoked,
        save(revoked),
        _changed(dossier, licence.customer, changed=revoked != licence),
        tell(LicenceRevoked(subject=licence.customer, licence=licence.id)),
    )


def register_authorisation(
    command: RegisterAuthorisation, dossier: Dossier | None, old: Authorisation | None
) -> Decision[Authorisation]:
    """Put a letter of authorisation on file; a blank one is void and refused (R-03)."""
    letter = Authorisation(
        id=command.id,
        customer=command.customer,
        person=command.person,
        products=command.products,
        regions=command.regions,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
        purpose=command.purpose,
    )
    return accept(
        letter,
        _letter_reasons(letter, old),
        save(letter),
        _changed(dossier, letter.customer, changed=letter != old),
        tell(AuthorisationRegistered(subject=letter.customer, authorisation=letter.id)),
    )


def _letter_reasons(letter: Authorisation, old: Authorisation | None) -> Iterator[Reason]:
    names = {"products": Words("its products", "产品"), "regions": Words("its regions", "区域")}
    blank = [words for name, words in names.items() if not getattr(letter, name)]
    if blank:
        yield why.AUTHORISATION_BLANK(letter.customer, field=letter.id, observed=listed(blank))
    if letter.valid_to < letter.valid_from:
        first, last = letter.valid_from, letter.valid_to
        yield why.AUTHORISATION_DATES(letter.customer, field="valid_to", observed=last, expected=first)
    if old and old.customer != letter.customer:
        holder = old.customer
        yield why.AUTHORISATION_TAKEN(letter.customer, field="id", observed=letter.id, expected=holder)


def review_dossier(
    command: ReviewDossier,
    dossier: Dossier | None,
    licences: Sequence[Licence],
    *,
    by: str,
    on: date,
    pack: PolicyPack,
) -> Decision[Dossier]:
    """Approve or reject a file; approving verifies what waits in it and needs it complete, live (R-01)."""
    approve = command.verdict is Verdict.APPROVE
    reviewed = evolve(
        dossier or Dossier(id=command.customer),
        review=ReviewState.APPROVED if approve else ReviewState.REJECTED,
        kind=command.kind,
        reviewed_by=by,
        reviewed_on=on,
        comment=command.comment,
    )
    waiting = [licence for licence in licences if not licence.verified_by and not licence.revoked]
    seen = [evolve(licence, verified_by=by) for licence in waiting] if approve else []
    held = {licence.id: licence for licence in (*licences, *seen)}
    return accept(
        reviewed,
        pack.weigh(_review_reasons(command, tuple(held.values()), on, pack) if approve else (), on),
        touch(reviewed) if reviewed == dossier and seen else save(reviewed),
        save(*seen),
        tell(DossierReviewed(subject=reviewed.id, approved=approve)),
    )


def _review_reasons(
    command: ReviewDossier, licences: Sequence[Licence], on: date, pack: PolicyPack
) -> Iterator[Reason]:
    yield from lacking(command.customer, command.kind, licences, pack)
    for kinds in pack.tables.papers.get(command.kind, ()):
        held = [licence for licence in licences if licence.kind in kinds and not licence.revoked]
        yield from standing(command.customer, held, on)
