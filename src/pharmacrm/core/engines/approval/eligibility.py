"""Who can act on a case, and why another person cannot."""

from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.engines.approval.definition import Chain, Scope, Stage
from pharmacrm.core.engines.approval.model import ApprovalCase, CaseState, SignOff, Verdict
from pharmacrm.core.engines.approval.people import SYSTEM, Person
from pharmacrm.core.kernel.reason import Reason, in_order
from pharmacrm.core.kernel.words import Words
from pharmacrm.core.values.roles import role_name


@frozen
class Eligibility:
    """Whether a person can act at a stage now; if not, why."""

    person: str
    stage: str
    reasons: tuple[Reason, ...] = ()

    @property
    def can_act(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.reasons


def eligibility(
    chain: Chain,
    case: ApprovalCase,
    sign_offs: Iterable[SignOff],
    person: Person,
    *,
    stage: str | None = None,
) -> tuple[Reason, ...]:
    """Give every reason why a person cannot decide a stage now (by default the waiting one); none: can.

    Of the signatures only those of this person in this case are looked at, so no others have to be loaded.
    """
    over = tuple(_over(chain, case, stage))
    if over:
        return over
    wanted = chain.stages[case.position]
    asked = wanted if stage is None else _asked(chain, stage)
    found = list(_personal(chain, case, sign_offs, person, wanted))
    if stage is not None and asked is not wanted:
        found.append(reasons.NOT_YOUR_STAGE(case.subject, observed=chain.label(stage), expected=wanted.label))
    if asked and not any(reason.code == reasons.ALREADY_DECIDED.code for reason in found):
        found.extend(not_an_approver(case, asked, person))
    return in_order(found)


def who_can_act(
    chain: Chain, case: ApprovalCase, sign_offs: Sequence[SignOff], persons: Iterable[Person]
) -> tuple[Eligibility, ...]:
    """For each person, whether they can decide now and why not."""
    return tuple(
        Eligibility(person.id, case.stage, eligibility(chain, case, sign_offs, person)) for person in persons
    )


def path(chain: Chain, case: ApprovalCase) -> tuple[Stage, ...]:
    """The stages still to come, the waiting one first; empty once the round is over."""
    return chain.stages[case.position :] if case.state is CaseState.PENDING else ()


def not_an_approver(case: ApprovalCase, stage: Stage, person: Person) -> Iterator[Reason]:
    """Say which role, or which unit, a person lacks at a stage; the system never signs."""
    role = role_name(stage.role).zh
    if person.id == SYSTEM or stage.role not in person.roles:
        observed = ", ".join(sorted(person.roles))
        expected = Words(f"role {stage.role}", role)
        yield reasons.NOT_AN_APPROVER(
            case.subject, field=stage.name, named=stage.label, observed=observed, expected=expected
        )
    elif stage.scope is Scope.UNIT and case.unit not in person.units:
        expected = Words(
            f"role {stage.role} in unit {case.unit} or above", f"部门 {case.unit} 或其上级部门的{role}"
        )
        yield reasons.NOT_AN_APPROVER(
            case.subject, field=stage.name, named=stage.label, observed=stage.role, expected=expected
        )


def decided_by(case: ApprovalCase, sign_offs: Iterable[SignOff], person: str) -> Iterator[SignOff]:
    """The decisions that a person has given in a round, without the own submission."""
    return (
        sign_off
        for sign_off in sign_offs
        if sign_off.case == case.id
        and sign_off.person == person
        and sign_off.verdict is not Verdict.SUBMITTED
    )


def standing(chain: Chain, case: ApprovalCase, person: Person) -> Iterator[Reason]:
    """Whether a person may sign anything in this case: active, and not the requester."""
    if not person.active:
        yield reasons.INACTIVE(case.subject)
    if chain.exclude_requester and person.id == case.requester:
        yield reasons.OWN_DOCUMENT(case.subject)


def _over(chain: Chain, case: ApprovalCase, stage: str | None) -> Iterator[Reason]:
    place = None if stage is None else chain.index(stage)
    passed = place is not None and place < case.position
    if case.state is CaseState.APPROVED or (case.state is CaseState.PENDING and passed):
        yield reasons.ALREADY_DONE(case.subject, observed=chain.label(stage or chain.stages[-1].name))
    elif case.state is not CaseState.PENDING:
        yield reasons.CLOSED(case.subject, observed=case.state)


def _personal(
    chain: Chain, case: ApprovalCase, sign_offs: Iterable[SignOff], person: Person, stage: Stage
) -> Iterator[Reason]:
    yield from standing(chain, case, person)
    for sign_off in decided_by(case, sign_offs, person.id):
        if chain.distinct_persons or sign_off.stage == stage.name:
            yield reasons.ALREADY_DECIDED(case.subject, observed=chain.label(sign_off.stage))
            return


def _asked(chain: Chain, stage: str) -> Stage | None:
    place = chain.index(stage)
    return None if place is None else chain.stages[place]
