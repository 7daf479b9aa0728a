"""Licences (证照, 首营资料): the dossier of a trading partner, and whether it may buy."""

from pharmacrm.core.engines.policy import REASONS as POLICY_REASONS
from pharmacrm.core.kernel.domain import Domain
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
from pharmacrm.core.licences.filing import licence_id
from pharmacrm.core.licences.handlers import HANDLERS
from pharmacrm.core.licences.model import (
    Authorisation,
    Dossier,
    Licence,
    LicenceStatus,
    Purpose,
    ReviewState,
    Verdict,
)
from pharmacrm.core.licences.reasons import REASONS
from pharmacrm.core.licences.rules import may_buy
from pharmacrm.core.licences.status import WARN_DAYS, licence_status
from pharmacrm.core.licences.supply import may_supply
from pharmacrm.core.values.licence_kinds import LicenceKind

_RECORDS = (Dossier, Licence, Authorisation)
_READERS = ("sales", "purchasing", "assistant", "dispatcher", "lead", "finance", "warehouse", "auditor")
_FILING = (RegisterLicence, RegisterAuthorisation)

domain = Domain(
    name="licences",
    records=_RECORDS,
    handlers=HANDLERS,
    events=(LicenceRegistered, LicenceRevoked, AuthorisationRegistered, DossierReviewed),
    reasons=(*REASONS, *POLICY_REASONS),
    rights={
        **dict.fromkeys(_READERS, _RECORDS),
        "quality": (*_RECORDS, *_FILING, RevokeLicence, ReviewDossier),
        "admin": (*_RECORDS, *_FILING),
    },
)

__all__ = [
    "WARN_DAYS",
    "Authorisation",
    "AuthorisationRegistered",
    "Dossier",
    "DossierReviewed",
    "Licence",
    "LicenceKind",
    "LicenceRegistered",
    "LicenceRevoked",
    "LicenceStatus",
    "Purpose",
    "RegisterAuthorisation",
    "RegisterLicence",
    "ReviewDossier",
    "ReviewState",
    "RevokeLicence",
    "Verdict",
    "domain",
    "licence_id",
    "licence_status",
    "may_buy",
    "may_supply",
]
