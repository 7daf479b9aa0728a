"""What people want done about term sets, and what they ask of them."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from attrs import field, frozen
from attrs.converters import optional

from pharmacrm.core.kernel.dates import as_date, as_validity_date
from pharmacrm.core.kernel.message import Command, Question
from pharmacrm.core.kernel.strict import Id, Limit, strict
from pharmacrm.core.terms.model import PaymentTermSet, PaymentTermVersion
from pharmacrm.core.values.terms import PaymentTerms, as_terms

LONGEST_DEFINITION = 100_000
"""Characters of the longest definition of another system."""

SetName = Annotated[str, Limit(200, empty=True)]


class TermSource(StrEnum):
    """The system whose term set is taken over; its definition has the field names of its own models."""

    TRYTON = "tryton"
    ODOO = "odoo"
    OCA = "oca"
    ERPNEXT = "erpnext"


@frozen(kw_only=True, field_transformer=strict)
class PublishTerms(Command[PaymentTermSet]):
    """Publish the next version of a term set, in force from a day on (发布付款条件).

    The version before ends the day before; its terms are never changed, and documents keep the version that
    they were made under. The same terms as the last version, open ended, change nothing.
    """

    subject_field: ClassVar[str] = "code"

    code: Id
    terms: PaymentTerms = field(converter=as_terms)
    valid_from: date = field(converter=as_validity_date)
    name: SetName = ""


@frozen(kw_only=True, field_transformer=strict)
class ImportTerms(Command[PaymentTermSet]):
    """Publish what a term set of another system means, as JSON text (导入付款条件); see `PublishTerms`.

    Its name is taken over, and the holidays that it postpones. What cannot be meant is refused with its
    place in the definition.
    """

    subject_field: ClassVar[str] = "code"

    code: Id
    source: TermSource
    definition: Annotated[str, Limit(LONGEST_DEFINITION, multiline=True)]
    valid_from: date = field(converter=as_validity_date)


@frozen(kw_only=True, field_transformer=strict)
class WithdrawTerms(Command[PaymentTermSet]):
    """End the last version of a term set on a day (停用付款条件): later documents cannot name it."""

    subject_field: ClassVar[str] = "code"

    code: Id
    valid_to: date = field(converter=as_validity_date)


@frozen(kw_only=True, field_transformer=strict)
class TermsInForce(Question[PaymentTermVersion]):
    """The version of a term set that is in force on a day, today if none is named.

    A set that is not known, and a day without a version, are `NotFound`.
    """

    code: Id
    on: date | None = field(default=None, converter=optional(as_date))
