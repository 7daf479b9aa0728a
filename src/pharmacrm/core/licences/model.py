"""The dossier of a trading partner: its licences, papers and authorisations."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from attrs import frozen

from pharmacrm.core.kernel.record import Column, ParentOf, Part, Personal, Record
from pharmacrm.core.values.licence_kinds import LicenceKind
from pharmacrm.core.values.trade import CustomerKind


class ReviewState(StrEnum):
    """What the quality department decided about a dossier."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class Verdict(StrEnum):
    """What a reviewer says."""

    APPROVE = "approve"
    REJECT = "reject"


class LicenceStatus(StrEnum):
    """How a licence stands on a day; PENDING and REVOKED are decisions of a person, the rest is the date."""

    PENDING = "pending"
    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    REVOKED = "revoked"

    @property
    def in_force(self) -> bool:
        """Whether the licence permits anything."""
        return self in {LicenceStatus.VALID, LicenceStatus.EXPIRING}


class Purpose(StrEnum):
    """What an authorisation is for: to order 采购, or to pick goods up 提货."""

    PURCHASE = "purchase"
    PICKUP = "pickup"


@frozen(kw_only=True)
class Dossier(Record):
    """The qualification file of a customer (首营企业资料, R-01); the id is the customer's.

    `kind` is the kind of customer as which it was reviewed.
    """

    review: Annotated[ReviewState, Column(index=True, zh="审核状态")] = ReviewState.PENDING
    kind: Annotated[CustomerKind | None, Column(zh="审核类别")] = None
    reviewed_by: Annotated[str, Column(length=64, zh="审核人")] = ""
    reviewed_on: Annotated[date | None, Column(zh="审核日期")] = None
    comment: Annotated[str, Column(length=2000, zh="审核意见")] = ""


@frozen(kw_only=True)
class Licence(Part):
    """A licence or paper of a customer (证照); the id is `{customer}/{kind}/{number}`, without number `/1`.

    `scope` holds codes of the policy pack. Without `expires` it does not expire; it is valid through the day
    it expires. `verified_by` is the member of the quality department who saw it.
    """

    customer: Annotated[str, Column(length=64, index=True, zh="客户"), ParentOf(Dossier)]
    kind: Annotated[LicenceKind, Column(index=True, zh="证照类别")]
    number: Annotated[str, Column(length=64, index=True, zh="证号")] = ""
    holder: Annotated[str, Column(length=200, zh="持证人")] = ""
    scope: Annotated[tuple[str, ...], Column(zh="经营范围")] = ()
    issued: Annotated[date | None, Column(zh="发证日期")] = None
    expires: Annotated[date | None, Column(index=True, zh="有效期至")] = None
    seal_seen: Annotated[bool, Column(zh="已验印章")] = False
    verified_by: Annotated[str, Column(length=64, zh="验证人")] = ""
    revoked: Annotated[bool, Column(zh="已撤销")] = False
    revoked_for: Annotated[str, Column(length=2000, zh="撤销原因")] = ""
    file: Annotated[str, Column(length=500, zh="附件")] = ""


@frozen(kw_only=True)
class Authorisation(Part):
    """A letter of authorisation (授权委托书, R-03): who may order or fetch what, where, and until when.

    Products and regions must be said; `*` means all of them. A letter that leaves them out is void.
    """

    customer: Annotated[str, Column(length=64, index=True, zh="客户"), ParentOf(Dossier)]
    person: Annotated[str, Column(length=200, zh="被授权人"), Personal("authorisation")]
    products: Annotated[tuple[str, ...], Column(zh="授权产品")] = ()
    regions: Annotated[tuple[str, ...], Column(zh="授权区域")] = ()
    valid_from: Annotated[date, Column(zh="生效日期")]
    valid_to: Annotated[date, Column(index=True, zh="有效期至")]
    purpose: Annotated[Purpose, Column(zh="用途")] = Purpose.PURCHASE
