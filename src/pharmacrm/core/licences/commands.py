"""What the quality department may want."""

from datetime import date
from typing import Annotated, ClassVar

from attrs import field, frozen
from attrs.converters import optional

from pharmacrm.core.kernel.dates import as_validity_date
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, Note, OptionalId, strict
from pharmacrm.core.licences.model import Authorisation, Dossier, Licence, Purpose, Verdict
from pharmacrm.core.values.licence_kinds import LicenceKind
from pharmacrm.core.values.trade import CustomerKind

Region = Annotated[str, Limit(60)]


@frozen(kw_only=True, field_transformer=strict)
class RegisterLicence(Command[Licence]):
    """Put a licence or paper on file, or renew one of the same number; only quality's are valid at once.

    Others' wait for the review. `scope` holds codes of the policy pack. A licence is valid through the day it
    expires; without `expires` it does not expire. Without `number`, a customer has one paper of the kind.
    """

    subject_field: ClassVar[str] = "customer"

    customer: Id
    kind: LicenceKind
    number: OptionalId = ""
    holder: Annotated[str, Limit(200, empty=True)] = ""
    scope: tuple[Id, ...] = ()
    issued: date | None = field(default=None, converter=optional(as_validity_date))
    expires: date | None = field(default=None, converter=optional(as_validity_date))
    seal_seen: bool = False
    file: Annotated[str, Limit(500, empty=True)] = ""


@frozen(kw_only=True, field_transformer=strict)
class RevokeLicence(Command[Licence]):
    """Say that a licence is no longer valid (吊销, 注销), and why; it stays on file."""

    subject_field: ClassVar[str] = "customer"

    customer: Id
    kind: LicenceKind
    number: OptionalId = ""
    reason: Annotated[str, Limit(2000, multiline=True)]


@frozen(kw_only=True, field_transformer=strict)
class RegisterAuthorisation(Command[Authorisation]):
    """Put a letter of authorisation on file, or change it; an order names it by its id.

    `products` and `regions` (provinces) must be said, `*` means all; a letter without them is void (R-03).
    """

    subject_field: ClassVar[str] = "customer"

    id: Id
    customer: Id
    person: Annotated[str, Limit(200), Personal("authorisation")]
    products: tuple[Id, ...] = ()
    regions: tuple[Region, ...] = ()
    valid_from: date = field(converter=as_validity_date)
    valid_to: date = field(converter=as_validity_date)
    purpose: Purpose = Purpose.PURCHASE


@frozen(kw_only=True, field_transformer=strict)
class ReviewDossier(Command[Dossier]):
    """Approve or reject a customer's file as that of a customer of a kind (首营审核, R-01).

    Approving wants every paper of that kind of customer on file and live, and verifies those that still wait.
    """

    subject_field: ClassVar[str] = "customer"

    customer: Id
    kind: CustomerKind
    verdict: Verdict
    comment: Note = ""
