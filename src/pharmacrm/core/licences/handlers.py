"""Load what the rules about dossiers need."""

from pharmacrm.core.engines.policy import CN_GSP
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.licences.commands import (
    RegisterAuthorisation,
    RegisterLicence,
    ReviewDossier,
    RevokeLicence,
)
from pharmacrm.core.licences.filing import (
    licence_id,
    register_authorisation,
    register_licence,
    review_dossier,
    revoke_licence,
)
from pharmacrm.core.licences.model import Authorisation, Dossier, Licence


@RegisterLicence.handler
def on_register_licence(command: RegisterLicence, read: Reads) -> Decision[Licence]:
    """Read the dossier and the licence of that number."""
    return register_licence(
        command,
        read.seek(Dossier, command.customer),
        read.seek(Licence, licence_id(command.customer, command.kind, command.number)),
        by=read.actor,
        roles=read.roles,
        pack=CN_GSP,
    )


@RevokeLicence.handler
def on_revoke_licence(command: RevokeLicence, read: Reads) -> Decision[Licence]:
    """Read the dossier and the licence, both of which must exist."""
    licence = read.get(Licence, licence_id(command.customer, command.kind, command.number))
    return revoke_licence(command, read.get(Dossier, command.customer), licence)


@RegisterAuthorisation.handler
def on_register_authorisation(command: RegisterAuthorisation, read: Reads) -> Decision[Authorisation]:
    """Read the dossier and the letter of that id."""
    return register_authorisation(
        command, read.seek(Dossier, command.customer), read.seek(Authorisation, command.id)
    )


@ReviewDossier.handler
def on_review_dossier(command: ReviewDossier, read: Reads) -> Decision[Dossier]:
    """Read the dossier and everything in it."""
    return review_dossier(
        command,
        read.seek(Dossier, command.customer),
        read.find(Licence, eq("customer", command.customer)),
        by=read.actor,
        on=read.on,
        pack=CN_GSP,
    )


HANDLERS = (on_register_licence, on_revoke_licence, on_register_authorisation, on_review_dossier)
