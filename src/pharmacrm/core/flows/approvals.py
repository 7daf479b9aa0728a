"""What waits for whom: the questions about approvals and holds, over every kind of document."""

from collections.abc import Iterable

from attrs import frozen

from pharmacrm.core import approvals
from pharmacrm.core.engines.approval import (
    ApprovalCase,
    CaseState,
    Chain,
    Eligibility,
    Person,
    SignOff,
    eligibility,
    may_sign_extra,
    path,
    who_can_act,
)
from pharmacrm.core.engines.holds import Hold, HoldState, may_pass
from pharmacrm.core.flows.approvers import actor_everywhere, holders_of_role, somebody
from pharmacrm.core.flows.chains import chain_of
from pharmacrm.core.flows.request_inbox import requests_for
from pharmacrm.core.flows.request_standing import requested, standing_of_request
from pharmacrm.core.flows.standing import InboxItem, OpenHold, Standing, Waiting
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import MalformedInput, NotFound
from pharmacrm.core.kernel.message import Question, Reads
from pharmacrm.core.kernel.query import Condition, eq, is_in, is_null, within
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
        *_cases(read, person, question.limit),
        *_holds(read, person, question.limit),
        *requests_for(read, question.limit),
    )
    return tuple(sorted(found, key=lambda item: (item.since, item.id))[: question.limit])


@WhoCanAct.handler
def on_who_can_act(question: WhoCanAct, read: Reads) -> Standing:
    """Read the newest round of the document, its signatures, its holds, and the people concerned."""
    rounds = read.find(ApprovalCase, eq("subject", question.subject), order=("-round",), limit=1)
    if (not rounds or rounds[0].state is not CaseState.PENDING) and requested(read, question.subject):
        return standing_of_request(read, question.subject, question.person)
    if not rounds:
        raise NotFound("approval_case", question.subject)
    case = rounds[0]
    chain = chain_of(case)
    asked = (somebody(read, case, question.person),) if question.person else None
    return Standing(
        subject=case.subject,
        case=case.id,
        state=case.state,
        stage=case.stage,
        requester=case.requester,
        path=tuple(stage.name for stage in path(chain, case)),
        persons=_persons(read, chain, case, asked),
        holds=tuple(_open_hold(read, case, hold, asked) for hold in _open_holds(read, case.subject)),
    )


def _cases(read: Reads, person: Person, limit: int) -> Iterable[InboxItem]:
    roles = is_in("waiting_role", sorted(person.roles))
    signed: dict[str, list[SignOff]] = {}
    for sign_off in read.find(SignOff, eq("person", person.id), within(ApprovalCase, "id", roles, on="case")):
        signed.setdefault(sign_off.case, []).append(sign_off)
    own = read.count(ApprovalCase, eq("requester", person.id), roles)
    enough = limit + len(signed) + own + read.count(Hold, eq("state", HoldState.OPEN))
    cases = [
        *_oldest(read, enough, roles, is_null("waiting_unit")),
        *(_oldest(read, enough, roles, is_in("waiting_unit", sorted(person.units))) if person.units else ()),
    ]
    stopped = _stopped(read, [case.subject for case in cases])
    for case in cases:
        chain = chain_of(case)
        if case.subject not in stopped and not eligibility(chain, case, signed.get(case.id, ()), person):
            yield InboxItem(
                waiting=Waiting.APPROVAL,
                subject=case.subject,
                step=case.stage,
                label_zh=chain.stages[case.position].label_zh,
                id=case.id,
                requester=case.requester,
                since=case.since,
                content=case.content,
            )


def _stopped(read: Reads, subjects: list[str]) -> frozenset[str]:
    """The documents that wait for a hold to be passed first: nobody can sign them yet."""
    if not subjects:
        return frozenset()
    holds = read.find(Hold, eq("state", HoldState.OPEN), is_in("subject", sorted(set(subjects))))
    return frozenset(hold.subject for hold in holds)


def _oldest(read: Reads, limit: int, *where: Condition) -> list[ApprovalCase]:
    return read.find(ApprovalCase, *where, order=("since",), limit=limit)


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


def _open_holds(read: Reads, subject: str) -> list[Hold]:
    return read.find(Hold, eq("subject", subject), eq("state", HoldState.OPEN), order=("code",))


def _persons(
    read: Reads, chain: Chain, case: ApprovalCase, asked: tuple[Person, ...] | None
) -> tuple[Eligibility, ...]:
    sign_offs = read.find(SignOff, eq("case", case.id), order=("number",))
    if case.state is not CaseState.APPROVED:
        people = asked if asked is not None else _holders(read, case, case.waiting_role)
        return who_can_act(chain, case, sign_offs, people)
    return tuple(
        Eligibility(
            person.id,
            stage.name,
            may_sign_extra(chain, case, sign_offs, person, stage=stage.name, subject=""),
        )
        for stage in chain.after
        for person in (asked if asked is not None else _holders(read, case, stage.role))
    )


def _holders(read: Reads, case: ApprovalCase, role: str) -> tuple[Person, ...]:
    return holders_of_role(read, case, role) if role else ()


def _open_hold(read: Reads, case: ApprovalCase, hold: Hold, asked: tuple[Person, ...] | None) -> OpenHold:
    people = asked if asked is not None else holders_of_role(read, case, hold.may_pass)
    persons = tuple(Eligibility(person.id, hold.code, may_pass(hold, person)) for person in people)
    return OpenHold(code=hold.code, may_pass=hold.may_pass, persons=persons)


domain = Domain(
    name="inbox",
    handlers=(inbox, on_who_can_act),
    rights=dict.fromkeys(approvals.ASKING, (Inbox, WhoCanAct)),
)
