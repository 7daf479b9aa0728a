"""What happened to dossiers; the subject is the customer, and nothing but ids is told."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class LicenceRegistered(Event):
    """A licence was put on file or renewed."""

    licence: str


@frozen(kw_only=True)
class LicenceRevoked(Event):
    """A licence is no longer valid."""

    licence: str


@frozen(kw_only=True)
class AuthorisationRegistered(Event):
    """A letter of authorisation was put on file or changed."""

    authorisation: str


@frozen(kw_only=True)
class DossierReviewed(Event):
    """The quality department approved or rejected a file."""

    approved: bool
