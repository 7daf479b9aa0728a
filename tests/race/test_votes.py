"""Many processes vote at once: no step passes with fewer persons than its quorum, and each loser is told."""

from collections import Counter
from typing import Any

import pytest

from pharmacrm.core.engines.approval import CaseState
from pharmacrm.core.engines.approval.routes import Action, ApprovalMove, ApprovalRequest, ApprovalSeat
from pharmacrm.core.engines.approval.routes.model import Effect
from pharmacrm.core.people import RegisterStaff
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import found_company
from tests.covers import covers
from tests.flows.house import ADMIN, SALES, entities, opened
from tests.flows.scenarios_approvals import published, step, submitted
from tests.race.racers import WORKERS, Race, run
from tests.race.voters import bulks, double_clicks, rejects, voter, votes, withdraws

QUORUM, WEIGHT, POINTS, DOCUMENTS = 3, 2, 5, 3
COMMITTEE = [{"user": voter(number), "weight": WEIGHT} for number in range(WORKERS)]
TOLD = {"approval.already_done", "approval.already_decided", "approval.closed", "approval.not_your_stage"}
"""What a loser may be told."""

RACES = (
    Race(votes, "persons"),
    Race(votes, "points"),
    Race(double_clicks, "clicks"),
    Race(withdraws, "withdrawal"),
    Race(rejects, "both"),
    Race(bulks, "bulk", each=DOCUMENTS),
)
QUORUMS: dict[str, Any] = {
    "persons": QUORUM,
    "points": {"points": POINTS},
    "clicks": QUORUM,
    "withdrawal": 2,
    "both": 2,
    "bulk": QUORUM,
}


class Raced:
    """A database after every race, and what the processes answered."""

    def __init__(self, url: str) -> None:
        self.url = url
        crm = opened(url)
        for tenant, quorum in QUORUMS.items():
            _convened(crm.for_tenant(tenant), quorum)
        self.answers = run(RACES, url)

    def request(self, tenant: str, document: str = "CT-1") -> tuple[ApprovalRequest, list[ApprovalMove]]:
        crm = opened(self.url, tenant=tenant)
        (request,) = (one for one in entities(crm, ApprovalRequest) if one.subject == document)
        moves = [one for one in entities(crm, ApprovalMove) if one.request == request.id]
        return request, sorted(moves, key=lambda one: one.number)

    def told(self, tenant: str) -> Counter[tuple[str, ...]]:
        return Counter(tuple(answer) for answer in self.answers[tenant])

    def counted_once(self, tenant: str, document: str = "CT-1") -> list[str]:
        """The persons of the board's votes, none of them twice, numbered without a gap."""
        request, moves = self.request(tenant, document)
        assert [move.number for move in moves] == list(range(1, len(moves) + 1))
        voted = [move.person for move in moves if move.step == "board" and move.action is Action.APPROVED]
        assert len(voted) == len(set(voted))
        waiting = {
            seat.step
            for seat in entities(opened(self.url, tenant=tenant), ApprovalSeat)
            if seat.request == request.id
        }
        assert waiting == set(request.waiting)
        return voted


def _convened(crm: PharmaCRM, quorum: Any) -> None:
    """A committee as large as there are processes, and documents that wait for it."""
    found_company(crm)
    for number in range(WORKERS):
        staff = RegisterStaff(id=voter(number), name="某", unit="east", roles=("quality",))
        crm.do(staff, actor=ADMIN).expect()
    board = step("board", by=COMMITTEE, quorum=quorum)
    crm.do(published(board, step("finance")), actor=ADMIN).expect()
    for number in range(DOCUMENTS):
        crm.do(submitted(f"CT-{number + 1}"), actor=SALES).expect()


def so_many_persons_pass_a_step_and_no_more(raced: Raced) -> None:
    assert len(raced.counted_once("persons")) == QUORUM
    assert raced.request("persons")[0].waiting == ("finance",)
    assert raced.told("persons") == {("allowed",): QUORUM, **_losers(raced, "persons", WORKERS - QUORUM)}


def so_many_points_pass_a_step_and_no_more(raced: Raced) -> None:
    """Three persons of weight 2 make 5 points; two do not."""
    persons = -(-POINTS // WEIGHT)
    assert len(raced.counted_once("points")) == persons
    assert raced.told("points")["allowed",] == persons
    assert sum(_losers(raced, "points", WORKERS - persons).values()) == WORKERS - persons


def a_double_click_is_one_vote(raced: Raced) -> None:
    """Two persons, however often they click, are not three: the step goes on waiting."""
    assert set(raced.counted_once("clicks")) == {voter(0), voter(1)}
    assert raced.request("clicks")[0].waiting == ("board",)
    for number, answers in enumerate(raced.answers["clicks"]):
        keyed = number % 4 < 2
        told = {tuple(answer) for answer in answers}
        assert told <= {("allowed",), ("refused", "approval.already_decided")}
        assert not keyed or len(told) == 1 or told == {("allowed",), ("refused", "approval.already_decided")}


def a_withdrawal_or_the_votes_before_it_count_never_both(raced: Raced) -> None:
    request, moves = raced.request("withdrawal")
    voted = raced.counted_once("withdrawal")
    taken_back, *others = raced.answers["withdrawal"]
    assert taken_back == ["allowed"]  # it comes before the last decision, whoever was faster at the board
    assert request.state is CaseState.WITHDRAWN
    assert moves[-1].action is Action.WITHDRAWN
    assert len(voted) == sum(answer == ["allowed"] for answer in others) <= 2
    for answer in others:
        assert answer == ["allowed"] or (answer[0] == "refused" and set(answer[1:]) <= TOLD)


def of_a_rejection_and_approvals_at_once_one_decides(raced: Raced) -> None:
    request, moves = raced.request("both")
    ending = [move for move in moves if move.effect is not Effect.NONE]
    assert len(ending) == 1
    assert request.state is (CaseState.REJECTED if ending[0].action is Action.REJECTED else CaseState.PENDING)
    for answer in raced.answers["both"]:
        assert answer == ["allowed"] or (answer[0] == "refused" and set(answer[1:]) <= TOLD)
    allowed = sum(answer == ["allowed"] for answer in raced.answers["both"])
    assert allowed == len(moves) - 1  # beside the submission


def many_at_once_from_many_are_counted_each(raced: Raced) -> None:
    for number in range(DOCUMENTS):
        document = f"CT-{number + 1}"
        assert len(raced.counted_once("bulk", document)) == QUORUM
        mine = [one for found in raced.answers["bulk"] for one in found if one[0] == document]
        assert len(mine) == WORKERS, raced.answers["bulk"]
        assert sum(one[1] == "allowed" for one in mine) == QUORUM
        assert all(set(one[2:]) <= TOLD and one[2:] for one in mine if one[1] == "refused")


def _losers(raced: Raced, tenant: str, count: int) -> Counter[tuple[str, ...]]:
    """What the losers were told: a refusal with one of its reasons, and as many as lost."""
    found = Counter({answer: n for answer, n in raced.told(tenant).items() if answer != ("allowed",)})
    assert all(answer[0] == "refused" and set(answer[1:]) <= TOLD and answer[1:] for answer in found), found
    assert sum(found.values()) == count
    return found


CHECKS = (
    so_many_persons_pass_a_step_and_no_more,
    so_many_points_pass_a_step_and_no_more,
    a_double_click_is_one_vote,
    a_withdrawal_or_the_votes_before_it_count_never_both,
    of_a_rejection_and_approvals_at_once_one_decides,
    many_at_once_from_many_are_counted_each,
)


@covers("XT-13", "XT-26")
@pytest.mark.slow
def test_many_processes_vote_at_once(any_url: str) -> None:
    """approvals-005, approvals-013, approvals-014, approvals-015: all races in one go."""
    after = Raced(any_url)
    for check in CHECKS:
        check(after)
