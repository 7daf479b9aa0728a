"""Conflicts and clocks: decided again until it fits, with the same ids; kinds of clock never mix."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pharmacrm.core.credit import (
    CreditGroup,
    ExposureKind,
    JoinCreditGroup,
    PartRule,
    PolicyScope,
    SetCreditGroup,
    SetCreditLimit,
    SetCreditPolicy,
)
from pharmacrm.core.flows.collection import AllocateReceipt
from pharmacrm.core.flows.release import ApproveOrder
from pharmacrm.core.kernel.errors import Conflict, StoreFailure
from pharmacrm.core.licences import LicenceKind, RevokeLicence
from pharmacrm.core.orders import SalesOrder
from pharmacrm.core.receivables import Instalment
from pharmacrm.crm import PharmaCRM, SimulatedClock, SystemClock
from pharmacrm.crm.trying import TRIES, longest_before
from tests.covers import covers
from tests.flows.house import (
    ADMIN,
    ASSISTANT,
    BUYER,
    FINANCE,
    QUALITY,
    SALES,
    WAREHOUSE,
    blocked,
    credit,
    dump,
    entities,
    journal,
    open_house,
    opened,
    placed,
    receipt,
    released,
    replayed,
    slip,
    today,
    worth,
    yuan,
)


class Slow:
    """A store in front of which somebody else is always faster, a number of times."""

    def __init__(self, store: Any, times: int, meanwhile: Any = lambda: None) -> None:
        self.store, self.times, self.meanwhile = store, times, meanwhile
        self.batches: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    @contextmanager
    def session(self) -> Iterator[Any]:
        with self.store.session() as session:
            yield _SlowSession(self, session)


class _SlowSession:
    def __init__(self, slow: Slow, session: Any) -> None:
        self.slow, self.inner = slow, session

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def flush(self, tenant: str, batch: Any) -> None:
        self.slow.batches.append(batch)
        if len(self.slow.batches) <= self.slow.times:
            self.slow.meanwhile()
            raise Conflict("somebody else was faster")
        self.inner.flush(tenant, batch)


def slowed(crm: PharmaCRM, times: int) -> Slow:
    slow = Slow(crm._store, times)
    crm._store = slow
    return slow


@pytest.mark.parametrize("times", [1, 5, TRIES - 1])
def test_a_conflict_is_decided_again_with_the_same_ids(times: int) -> None:
    crm = open_house()
    slow = slowed(crm, times)
    order = crm.do(worth("", 100), actor=SALES, key="k").expect()
    assert len(slow.batches) == times + 1
    for batch in slow.batches:
        assert [entry.id for entry in batch.entries] == [entry.id for entry in slow.batches[0].entries]
        assert [entity.id for entity in batch.inserts] == [entity.id for entity in slow.batches[0].inserts]
    assert [each.id for each in entities(crm, SalesOrder)] == [order.id]


def test_each_try_waits_longer_at_most_and_the_first_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    longest = [longest_before(attempt) for attempt in range(TRIES)]
    assert longest[:4] == [0, 0.002, 0.004, 0.008]
    assert longest == sorted(longest)
    assert max(longest) == 0.25
    waited: list[float] = []
    monkeypatch.setattr("pharmacrm.crm.trying.sleep", waited.append)
    crm = open_house()
    slowed(crm, 6)
    crm.do(worth("SO-1", 100), actor=SALES).expect()
    assert len(waited) == 6
    assert all(0 <= took <= most for took, most in zip(waited, longest[1:7], strict=True))


def test_after_20_conflicts_the_conflict_is_raised_and_nothing_is_stored() -> None:
    assert TRIES == 20
    crm = open_house()
    before = dump(crm)
    slow = slowed(crm, TRIES)
    with pytest.raises(Conflict) as caught:
        crm.do(worth("SO-1", 100), actor=SALES)
    assert caught.value.retry == "command"
    assert len(slow.batches) == TRIES
    assert dump(crm) == before
    assert crm.do(worth("SO-1", 100), actor=SALES).allowed


@pytest.mark.parametrize("kind", ["memory", "sqlite", "postgresql", "mariadb"])
def test_what_changed_meanwhile_is_decided_upon(kind: str, company_on: Any) -> None:
    """A licence revoked between reading and writing: a conflict, then a refusal, never a passed order."""
    crm = company_on(kind)
    other = PharmaCRM(crm._store, crm._desk)
    slow = slowed(crm, 0)
    licence = LicenceKind.MEDICAL_INSTITUTION
    revoke = RevokeLicence(customer=BUYER, kind=licence, number=f"{licence.name}-1", reason="吊销")

    class First(_SlowSession):
        def flush(self, tenant: str, batch: Any) -> None:
            if not self.slow.batches:
                self.slow.batches.append(batch)
                other.do(revoke, actor=QUALITY).expect()
            self.inner.flush(tenant, batch)

    @contextmanager
    def session(slow: Slow = slow, first: type = First) -> Iterator[Any]:
        with slow.store.session() as inner:
            yield first(slow, inner)

    slow.session = session  # type: ignore[method-assign]  # the fault is put in the place of the method
    assert "licence.revoked" in blocked(crm.do(worth("SO-1", 100), actor=SALES))
    assert entities(crm, SalesOrder) == []


def test_a_limit_that_others_used_up_meanwhile_holds_the_order() -> None:
    crm = open_house(limit="1000.00")
    other = PharmaCRM(crm._store, crm._desk)
    slow = Slow(crm._store, 1, lambda: placed(other, "SO-2", 600))
    crm._store = slow
    answer = crm.do(worth("SO-1", 600), actor=SALES)
    assert answer.codes == ("credit.over_limit",)
    assert credit(other).reserved == yuan(600)


@covers("XT-03")
def test_approvals_013_two_signers_at_once_one_wins() -> None:
    from pharmacrm.core.people import RegisterStaff

    crm = open_house()
    crm.do(RegisterStaff(id="second", name="某", unit="east", roles=("assistant",)), actor=ADMIN).expect()
    placed(crm)
    other = PharmaCRM(crm._store, crm._desk)
    stage = ApproveOrder(order="SO-1", stage="qualification")
    crm._store = Slow(crm._store, 1, lambda: other.do(stage, actor="second").expect())
    assert blocked(crm.do(stage, actor=ASSISTANT)) == {"approval.already_done"}


def test_ids_084_a_stale_record_is_never_overwritten() -> None:
    """Two changes of one limit at once: the second is decided on the first one's result."""
    crm = open_house()
    other = PharmaCRM(crm._store, crm._desk)
    first = SetCreditLimit(customer=BUYER, limit=yuan(5), reason="甲")
    crm._store = Slow(crm._store, 1, lambda: other.do(first, actor=FINANCE).expect())
    crm.do(SetCreditLimit(customer=BUYER, limit=yuan(7), reason="乙"), actor=FINANCE).expect()
    assert [entry.changed()["limit"] for entry in journal(crm, kind="credit_line")[-2:]] == [
        ["100000.00 CNY", "5.00 CNY"],
        ["5.00 CNY", "7.00 CNY"],
    ]


@covers("XT-26")
def test_credit_receivables_019_an_order_between_a_customer_and_their_group_is_not_lost() -> None:
    """Additions raise no version; a customer who joins is decided about anew when one came between."""
    crm = open_house()
    other = PharmaCRM(crm._store, crm._desk)
    crm.do(SetCreditGroup(group="G-1", name="集团", limit=yuan(1000)), actor=FINANCE).expect()
    crm._store = Slow(crm._store, 1, lambda: other.do(worth("SO-1", 600), actor=SALES).expect())
    crm.do(JoinCreditGroup(customer=BUYER, group="G-1"), actor=FINANCE).expect()
    assert crm.get(CreditGroup, "G-1", actor=FINANCE).reserved == yuan(600)


@covers("XT-26")
def test_a_part_with_a_limit_of_its_own_is_never_passed_by_two_at_once() -> None:
    crm = open_house()
    other = PharmaCRM(crm._store, crm._desk)
    parts = (PartRule(kind=ExposureKind.OPEN_ORDERS, limit=yuan(1000)),)
    crm.do(SetCreditPolicy(scope=PolicyScope.TENANT, parts=parts), actor=FINANCE).expect()
    crm._store = Slow(crm._store, 1, lambda: other.do(worth("SO-1", 600), actor=SALES).expect())
    assert crm.do(worth("SO-2", 600), actor=SALES).codes == ("credit.part_over_limit",)
    assert credit(crm).reserved == yuan(600)


@covers("XT-26")
def test_decisions_about_parts_follow_each_other_within_a_block_of_work() -> None:
    """What an earlier command of the block adds is no movement by somebody else."""
    crm = open_house()
    parts = (PartRule(kind=ExposureKind.OPEN_ORDERS, limit=yuan(1000)),)
    crm.do(SetCreditPolicy(scope=PolicyScope.TENANT, parts=parts), actor=FINANCE).expect()
    with crm.work(actor=SALES) as work:
        answers = [work.do(worth(f"SO-{number}", 600)) for number in (1, 2)]
    assert [each.codes for each in answers] == [(), ("credit.part_over_limit",)]
    assert credit(crm).reserved == yuan(600)


class Between:
    """A store where somebody else is faster between two reads of one decision, once."""

    def __init__(self, store: Any, after: type[Any], meanwhile: Any) -> None:
        self.store, self.after, self.meanwhile = store, after, meanwhile
        self.rung = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    @contextmanager
    def session(self) -> Iterator[Any]:
        with self.store.session() as session:
            yield _BetweenSession(self, session)


class _BetweenSession:
    def __init__(self, store: Between, session: Any) -> None:
        self.store, self.inner = store, session

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def find(self, tenant: str, kind: type[Any], query: Any) -> Any:
        found = self.inner.find(tenant, kind, query)
        if kind is self.store.after and not self.store.rung:
            self.store.rung = True
            self.store.meanwhile()
        return found


@covers("XT-26")
def test_parts_read_before_another_commit_and_their_parent_after_it_are_never_written() -> None:
    """Found by the mixed races: a receipt that was read between the instalments and their receivable."""
    crm = open_house()
    released(crm, "SO-1", 1000)
    crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).expect()
    for id in ("R-1", "R-2"):
        crm.do(receipt(crm, id, 300 if id == "R-1" else 200), actor=FINANCE).expect()
    other = PharmaCRM(crm._store, crm._desk)
    pay = AllocateReceipt(receipt="R-1")
    crm._store = Between(crm._store, Instalment, lambda: other.do(pay, actor=FINANCE).expect())
    crm.do(AllocateReceipt(receipt="R-2"), actor=FINANCE).expect()
    (part,) = entities(crm, Instalment)
    assert part.allocated == yuan(500)
    replayed(crm)


# --------------------------------------------------------------------------------------------------- clocks


@covers("SC-33")
def test_a_simulated_and_a_real_clock_never_mix(sqlite_url: str) -> None:
    crm = open_house(sqlite_url)
    placed(crm)
    real = opened(sqlite_url, clock=SystemClock())
    before = dump(crm)
    for call in (
        lambda: real.do(worth("SO-2", 100), actor=SALES),
        lambda: real.install(admin=ADMIN),
    ):
        with pytest.raises(StoreFailure) as caught:
            call()
        assert caught.value.code == "clock.kind"
    assert dump(crm) == before
    assert real.find(SalesOrder, actor=SALES) == crm.find(SalesOrder, actor=SALES)


def test_a_real_tenant_takes_no_simulated_command(sqlite_url: str) -> None:
    opened(sqlite_url, clock=SystemClock()).install(admin=ADMIN)
    simulated = opened(sqlite_url)
    with pytest.raises(StoreFailure) as caught:
        simulated.do(worth("SO-1", 100), actor=ADMIN)
    assert caught.value.code == "clock.kind"


@covers("SC-33")
def test_a_simulated_clock_goes_on_from_the_newest_entry(sqlite_url: str) -> None:
    crm = open_house(sqlite_url)
    clock = crm.clock
    assert isinstance(clock, SimulatedClock)
    clock.move_to("2026-06-01T00:00:00Z")
    placed(crm)
    newest = journal(crm)[-1].recorded_at
    again = opened(sqlite_url)
    assert again.clock.now() > newest
    placed(again, "SO-2")
    assert journal(again)[-1].recorded_at > newest


@covers("SC-33")
def test_dates_096_recorded_times_stay_behind_what_was_read(sqlite_url: str) -> None:
    """A process whose clock is an hour late still records after what it read."""
    crm = open_house(sqlite_url)
    late = opened(sqlite_url)
    clock = crm.clock
    assert isinstance(clock, SimulatedClock)
    clock.move_to("2026-06-01T00:00:00Z")
    placed(crm)
    late.do(ApproveOrder(order="SO-1"), actor=ASSISTANT).expect()
    times = [entry.recorded_at for entry in journal(crm)]
    assert times == sorted(times)


@covers("SC-33")
def test_approvals_049_no_caller_says_when_something_was_recorded() -> None:
    crm = open_house()
    with pytest.raises(TypeError):
        crm.do(worth("SO-1", 5), actor=SALES, at="2020-01-01T00:00:00Z")  # type: ignore[call-arg]  # wrong on purpose: what becomes of it is tested
    with pytest.raises(TypeError):
        ApproveOrder(order="SO-1", at="2020-01-01T00:00:00Z")  # type: ignore[call-arg]  # wrong on purpose: what becomes of it is tested
    for past in ("2020-01-01", "2030-01-01"):
        crm.do(worth(f"SO-{past}", 5, ship_on="2030-01-02"), actor=SALES, effective_at=past)
        assert journal(crm)[-1].recorded_at.date() == today(crm)
