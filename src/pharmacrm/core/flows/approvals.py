"""What waits for whom: the questions about approvals and holds, over every kind of document."""

from collections.abc import Iterable

from attrs import frozen

from pharmacrm.core import approvals
from pharmacrm.core.engines.approval import Person
from pharmacrm.core.engines.holds import Hold, HoldState, may_pass
from pharmacrm.core.flows.approvers import actor_everywhere
from pharmacrm.core.flows.request_inbox import requests_for
from pharmacrm.core.flows.request_standing import standing_of_request
from pharmacrm.core.flows.standing import InboxItem, Standing, Waiting
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.message import Question, Reads
from pharmacrm.core.kernel.query import eq, is_in
from pharmacrm.core.kernel.strict import Id, Ref, strict

MOST_ITEMS = 1_000


@frozen(kw_only=True, field_transformer=strict)
class Inbox(Question[tuple[InboxItem, ...]]):
    """What waits for me: documents that I can decide now and holds that I can pass, longest waiting first."""

    limit: int = 100

    def __attrs_post_init__(self) -> None:
        """Refuse a limit that would read nothing or everything."""
        if not 1 <= self.limit <= MOST_ITEMS:
            raise MalformedInput(
                "query.limit", f"1 to {MOST_ITEMS} is wanted", field="limit", value=self.limit
            )


@frozen(kw_only=True, field_transformer=strict)
class WhoCanAct(Question[Standing]):
    """Who can act on a document now; for a named person, whether they can and every reason why not.

    Once approved, it says who can sign what follows (the outbound slips).
    """

    subject: Ref
    person: Id | None = None


@Inbox.handler
def inbox(question: Inbox, read: Reads) -> tuple[InboxItem, ...]:
    """Read what waits for the actor's roles, in a number of reads that does not grow with what waits."""
    if not read.roles:
        return ()
    person = actor_everywhere(read)
    found = (
        *_holds(read, person, question.limit),
        *requests_for(read, question.limit),
    )
    return tuple(sorted(found, key=lambda item: (item.since, item.id))[: question.limit])


@WhoCanAct.handler
def on_who_can_act(question: WhoCanAct, read: Reads) -> Standing:
    """Read the newest request of the document, its moves, its holds, and the people concerned."""
    return standing_of_request(read, question.subject, question.person)


def _holds(read: Reads, person: Person, limit: int) -> Iterable[InboxItem]:
    where = (eq("state", HoldState.OPEN), is_in("may_pass", sorted(person.roles)))
    own = sum(read.count(Hold, eq(field, person.id), *where) for field in ("placed_by", "requester"))
    for hold in read.find(Hold, *where, order=("placed_at",), limit=limit + own):
        if not may_pass(hold, person):
            yield InboxItem(
                waiting=Waiting.HOLD,
                subject=hold.subject,
                step=hold.code,
                id=hold.id,
                requester=hold.requester,
                since=hold.placed_at,
            )


domain = Domain(
    name="inbox",
    handlers=(inbox, on_who_can_act),
    rights=dict.fromkeys(approvals.ASKING, (Inbox, WhoCanAct)),
)
