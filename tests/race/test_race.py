"""Many processes at once: never over the limit, nobody refused for nothing, one effect per key (T4, T6)."""

from collections import Counter
from typing import Any

import pytest
from attrs import frozen

from pharmacrm.core.credit import Reservation
from pharmacrm.core.orders import OutboundSlip, SalesOrder
from pharmacrm.core.people import RegisterStaff
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import found_company
from tests.covers import covers
from tests.flows.house import (
    ADMIN,
    BUYER,
    counters_are_entries,
    credit,
    entities,
    opened,
    placed,
    released,
    yuan,
)
from tests.race.racers import (
    EACH,
    WORKERS,
    Race,
    cold,
    hot,
    naive,
    run,
    same_keys,
    same_signature,
    same_slip,
)

FIT = WORKERS * EACH * 3 // 4
"""Orders of 100 yuan that fit under the limit: three in four of those wanted."""

RACES = (
    Race(hot, "hot"),
    Race(cold, "cold"),
    Race(same_keys, "keys", each=4),
    Race(same_slip, "slip"),
    Race(same_signature, "signature"),
    Race(naive, "naive"),
)


@frozen
class Raced:
    """A database after every race, and what the processes answered."""

    url: str
    answers: dict[str, list[Any]]

    def door(self, tenant: str) -> PharmaCRM:
        return opened(self.url, tenant=tenant)


def raced(url: str) -> Raced:
    crm = opened(url)
    cold_buyers = tuple(f"H-{number}" for number in range(WORKERS))
    for race in RACES:
        limit = EACH * 100 if race.racer is cold else FIT * 100
        found_company(
            crm.for_tenant(race.tenant),
            limit=f"{limit}.00",
            buyers=cold_buyers if race.racer is cold else (BUYER,),
        )
    released(crm.for_tenant("slip"), "SO-1", 100)
    placed(crm.for_tenant("signature"))
    for number in range(WORKERS):
        staff = RegisterStaff(id=f"signer-{number}", name="某", unit="east", roles=("assistant",))
        crm.for_tenant("signature").do(staff, actor=ADMIN).expect()
    return Raced(url, run(RACES, url))


def one_hot_account_is_never_over_its_limit_and_refuses_nothing_that_fits(raced: Raced) -> None:
    crm = raced.door("hot")
    answers = Counter(answer for found in raced.answers["hot"] for answer in found)
    assert answers == {"allowed": FIT, "held": WORKERS * EACH - FIT}
    assert credit(crm).reserved == yuan(FIT * 100) == credit(crm).limit
    assert len(entities(crm, Reservation)) == FIT
    assert len(entities(crm, SalesOrder)) == WORKERS * EACH
    counters_are_entries(crm)


def customers_do_not_get_in_each_others_way(raced: Raced) -> None:
    crm = raced.door("cold")
    answers = Counter(answer for found in raced.answers["cold"] for answer in found)
    assert answers == {"allowed": WORKERS * EACH}
    for number in range(WORKERS):
        assert credit(crm, f"H-{number}").reserved == yuan(EACH * 100)
    counters_are_entries(crm)


def ids_082_the_same_keys_from_everybody_are_one_order_each(raced: Raced) -> None:
    crm = raced.door("keys")
    answers = raced.answers["keys"]
    assert all(found == answers[0] for found in answers), answers
    assert {outcome for outcome, _ in answers[0]} == {"allowed"}
    assert sorted(id_ for _, id_ in answers[0]) == [order.id for order in entities(crm, SalesOrder)]
    assert credit(crm).reserved == yuan(400)


def goods_are_shipped_once(raced: Raced) -> None:
    crm = raced.door("slip")
    answers = Counter(answer for found in raced.answers["slip"] for answer in found)
    assert answers == {"allowed": 1, "refused": WORKERS - 1}
    assert len(entities(crm, OutboundSlip)) == 1
    assert credit(crm).posted == yuan(100)


def approvals_013_a_step_is_signed_once(raced: Raced) -> None:
    answers = Counter(tuple(found) for found in raced.answers["signature"])
    assert answers == {("allowed",): 1, ("refused", "approval.already_done"): WORKERS - 1}


def without_a_bound_the_same_race_oversells(raced: Raced) -> None:
    """The control: if nothing is oversold here, the races above prove nothing."""
    crm = raced.door("naive")
    assert credit(crm).reserved > credit(crm).limit


CHECKS = (
    one_hot_account_is_never_over_its_limit_and_refuses_nothing_that_fits,
    customers_do_not_get_in_each_others_way,
    ids_082_the_same_keys_from_everybody_are_one_order_each,
    goods_are_shipped_once,
    approvals_013_a_step_is_signed_once,
    without_a_bound_the_same_race_oversells,
)


@covers("XT-03", "XT-09", "XT-26", "KT-25")
@pytest.mark.slow
def test_many_processes_at_once(any_url: str) -> None:
    """All races in one go: starting the processes costs more than the races."""
    after = raced(any_url)
    for check in CHECKS:
        check(after)
