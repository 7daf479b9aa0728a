"""Raises of a limit at the door (额度调整申请): handed in, and in force once a route has approved them."""

from datetime import date
from typing import Annotated, ClassVar, Final

from attrs import field, frozen
from attrs.converters import optional

from pharmacrm.core.credit import (
    CreditGroup,
    CreditLimitRequest,
    CreditLine,
    LimitKind,
    LimitRequestState,
    Season,
)
from pharmacrm.core.credit.commands import as_limit, check_kind
from pharmacrm.core.credit.handlers import foreign_in_use, today
from pharmacrm.core.credit.limit_requests import bring_into_force, end_request, request_limit
from pharmacrm.core.credit.model import CreditAccount
from pharmacrm.core.credit.reasons import LIMIT_REQUEST_EXISTS
from pharmacrm.core.customers import Customer
from pharmacrm.core.engines.approval import CaseState
from pharmacrm.core.engines.approval.routes.model import ApprovalRequest
from pharmacrm.core.engines.approval.routes.planning import Document
from pharmacrm.core.flows.documents import follows, open_request
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.strict import Id, Limit, OptionalId, strict
from pharmacrm.core.people import Staff
from pharmacrm.core.values.document_kinds import DocumentKind

WAITING: Final = frozenset({CaseState.PENDING, CaseState.RETURNED})


@frozen(kw_only=True, field_transformer=strict)
class RequestCreditLimit(Command[CreditLimitRequest]):
    """Ask for a limit of a customer (申请调整额度), on the route for `credit_limit` or the one named.

    Nothing of it counts until it is approved; then it holds from `starts_on`, at the earliest from that day.
    The kinds and their days are those of `GrantCreditLimit`.
    """

    subject_field: ClassVar[str] = "customer"

    customer: Id
    id: OptionalId = ""
    kind: LimitKind
    amount: Money = field(converter=as_limit)
    starts_on: date | None = field(default=None, converter=optional(as_date))
    ends_on: date | None = field(default=None, converter=optional(as_date))
    season: Season | None = None
    route: Annotated[str, Limit(48, empty=True)] = ""
    reason: Annotated[str, Limit(2000, multiline=True)]

    def __attrs_post_init__(self) -> None:
        """Refuse what the kind cannot mean."""
        check_kind(self.kind, self.amount, self.ends_on, self.season)


@frozen(kw_only=True, field_transformer=strict)
class RequestGroupLimit(Command[CreditLimitRequest]):
    """Ask for a limit that a group shares (申请集团额度), on the route for `credit_limit` or the one named.

    Its fields are those of `RequestCreditLimit`; of a group that shares no limit nothing is asked.
    """

    subject_field = "group"

    group: Id
    id: OptionalId = ""
    kind: LimitKind
    amount: Money = field(converter=as_limit)
    starts_on: date | None = field(default=None, converter=optional(as_date))
    ends_on: date | None = field(default=None, converter=optional(as_date))
    season: Season | None = None
    route: Annotated[str, Limit(48, empty=True)] = ""
    reason: Annotated[str, Limit(2000, multiline=True)]

    def __attrs_post_init__(self) -> None:
        """Refuse what the kind cannot mean."""
        check_kind(self.kind, self.amount, self.ends_on, self.season)


@RequestCreditLimit.handler
def on_request_credit_limit(command: RequestCreditLimit, read: Reads) -> Decision[CreditLimitRequest]:
    """Load the customer's line, and the routes of the request."""
    customer = read.get(Customer, command.customer).id
    return _requested(_asked(command, read, customer=customer), command, read)


@RequestGroupLimit.handler
def on_request_group_limit(command: RequestGroupLimit, read: Reads) -> Decision[CreditLimitRequest]:
    """Load the group, and the routes of the request."""
    group = read.get(CreditGroup, command.group).id
    return _requested(_asked(command, read, group=group), command, read)


def _asked(
    command: RequestCreditLimit | RequestGroupLimit, read: Reads, *, customer: str = "", group: str = ""
) -> CreditLimitRequest:
    on = today(read)
    return CreditLimitRequest(
        id=command.id or read.new_id(),
        customer=customer,
        group=group,
        kind=command.kind,
        amount=command.amount,
        starts_on=command.starts_on or on,
        ends_on=command.ends_on,
        season=command.season,
        requested_by=read.actor,
        requested_on=on,
        reason=command.reason,
    )


def _requested(
    asked: CreditLimitRequest, command: RequestCreditLimit | RequestGroupLimit, read: Reads
) -> Decision[CreditLimitRequest]:
    """Hand a request in, if it fits as things stand."""
    if command.id and read.seek(CreditLimitRequest, asked.id) is not None:
        return refuse(LIMIT_REQUEST_EXISTS(asked.id, field="id"))
    account = _account(asked, read)
    in_use = _in_use(asked, account, read)
    if in_use:
        return refuse(*in_use)
    requested = request_limit(asked, account, on=asked.requested_on)
    if requested.value is None:
        return requested
    person = read.seek(Staff, read.actor)
    document = Document(
        subject=asked.id,
        kind=DocumentKind.CREDIT_LIMIT,
        requester=read.actor,
        unit=None if person is None else person.unit,
        amount=asked.amount,
        content=asked.signed,
    )
    opened = open_request(document, read, route=command.route, comment=command.reason)
    return accept(asked, requested, opened)


def _account(asked: CreditLimitRequest, read: Reads) -> CreditAccount | None:
    """The group, or the customer's line if there is one, that a request is about."""
    return read.get(CreditGroup, asked.group) if asked.group else read.seek(CreditLine, asked.customer)


def _in_use(asked: CreditLimitRequest, account: CreditAccount | None, read: Reads) -> tuple[Reason, ...]:
    line = account if isinstance(account, CreditLine) else None
    return foreign_in_use(read, line, asked.amount.currency)


def settle(request: ApprovalRequest, read: Reads) -> Decision[None]:
    """Let a limit follow its request: set, or not."""
    asked = read.seek(CreditLimitRequest, request.subject)
    if asked is None or asked.state is not LimitRequestState.REQUESTED or request.state in WAITING:
        return Decision()
    on = today(read)
    if request.state is not CaseState.APPROVED:
        return accept(None, end_request(asked, LimitRequestState.REJECTED, on=on))
    account = _account(asked, read)
    in_use = _in_use(asked, account, read)
    if in_use:
        return accept(None, end_request(asked, LimitRequestState.FAILED, on=on, note=in_use[0].code))
    return accept(None, bring_into_force(asked, account, on=on))


domain = Domain(
    name="raising",
    handlers=(on_request_credit_limit, on_request_group_limit),
    following=(follows(DocumentKind.CREDIT_LIMIT, settle),),
    rights=dict.fromkeys(("sales", "lead", "finance"), (RequestCreditLimit, RequestGroupLimit)),
)
