"""Handing out notices: at least once, in order per subject, later when it fails, and not for ever."""

from collections import Counter
from typing import Any

import pytest

from pharmacrm.core.credit import CreditLine
from pharmacrm.core.kernel.errors import MalformedInput, PluginFailure
from pharmacrm.core.kernel.store import DeliveryState
from pharmacrm.core.orders import Lot, RegisterLot, SalesOrder
from pharmacrm.crm.delivery import MOST_STARTS
from pharmacrm.plugins.types import DeliverContext, Reject, RetryAfter
from pharmacrm.plugins.types import Delivered as Done
from pharmacrm.testing.company import ADMIN, an_order, release
from tests.plugins.delivering import FLOW, SELLER, Found, counts, fine, outbox, wait
from tests.plugins.hostile import Carrier, raising


def test_notices_come_in_order_per_subject(any_url: str, founded: Found) -> None:
    """What comes after a notice that waits has to wait too; other subjects do not."""
    first: list[str] = []

    def behave(context: DeliverContext) -> Any:
        if context.subject == "SO-1" and not first:
            first.append(context.id)
            return RetryAfter(30, "not now")
        return Done()

    carrier = Carrier(behave, topics=FLOW)
    crm = founded(carrier, url=any_url)
    for id in ("SO-1", "SO-2"):
        crm.do(an_order(id), actor=SELLER).expect()
        release(crm, id)

    assert counts(crm.deliver()) == (2, 1, 0, 2)
    assert [(each.subject, each.topic) for each in carrier.given] == [
        ("SO-1", "OrderSubmitted"),
        ("SO-2", "OrderSubmitted"),
        ("SO-2", "OrderReleased"),
    ]

    wait(crm, 29)
    assert crm.deliver().delivered == 0
    wait(crm, 2)
    assert crm.deliver().waiting == 0
    ones = [(each.topic, each.attempt) for each in carrier.given if each.subject == "SO-1"]
    assert ones == [("OrderSubmitted", 1), ("OrderSubmitted", 2), ("OrderReleased", 1)]
    assert crm.deliver().delivered == 0


def test_what_a_notice_says(any_url: str, founded: Found) -> None:
    read: list[SalesOrder] = []

    def behave(context: DeliverContext) -> Done:
        read.append(context.read.get(SalesOrder, context.subject))
        return Done()

    carrier = Carrier(behave)
    crm = founded(carrier, url=any_url)
    order = crm.do(an_order("SO-1"), actor=SELLER).expect()
    crm.deliver()
    [notice] = carrier.given
    assert (notice.tenant, notice.topic, notice.subject) == ("main", "OrderSubmitted", "SO-1")
    assert notice.payload["buyer"] == "H-001"
    assert notice.payload["actor"] == SELLER
    assert notice.simulated
    assert "陈主任" not in str(notice.payload)
    assert read == [order]
    with pytest.raises(PluginFailure):
        notice.read.seek(SalesOrder, "SO-1")


def test_topics_choose(founded: Found) -> None:
    released, everything, nothing = (
        Carrier(fine, name="released", topics=("OrderReleased",)),
        Carrier(fine, name="everything", topics=("*",)),
        Carrier(fine, name="nothing", topics=()),
    )
    crm = founded(released, everything, nothing)
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    release(crm, "SO-1")
    crm.deliver()
    assert {each.topic for each in released.given} == {"OrderReleased"}
    assert {"OrderSubmitted", "OrderReleased"} < {each.topic for each in everything.given}
    assert nothing.given == []


def test_a_failing_plugin_is_tried_again_later_and_later_and_then_given_up(founded: Found) -> None:
    carrier = Carrier(raising(ValueError("password=hunter2")))
    crm = founded(carrier)
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    for pause in (2, 4, 8, 16, 32):
        assert counts(crm.deliver()) == (0, 1, 0, 1)
        wait(crm, pause - 1)
        assert counts(crm.deliver()) == (0, 0, 0, 1)
        wait(crm, 1)
    assert counts(crm.deliver()) == (0, 0, 1, 0)
    assert [each.attempt for each in carrier.given] == [1, 2, 3, 4, 5, 6]
    assert len({each.id for each in carrier.given}) == 1
    [dead] = outbox(crm)
    assert (dead.state, dead.starts, dead.fault) == (DeliveryState.DEAD, MOST_STARTS, "raised: ValueError")


def test_a_dead_letter_does_not_stop_the_next(any_url: str, founded: Found) -> None:
    def behave(context: DeliverContext) -> Any:
        return Reject("never\n\ud800") if context.topic == "OrderSubmitted" else Done()

    crm = founded(Carrier(behave, topics=FLOW), url=any_url)
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    release(crm, "SO-1")
    assert counts(crm.deliver()) == (1, 0, 1, 0)


def test_why_a_notice_was_rejected_is_kept_in_one_line(founded: Found) -> None:
    crm = founded(Carrier(lambda _: Reject("从不\n\ud800")))
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    crm.deliver()
    assert [each.fault for each in outbox(crm)] == ["从不\\n\\ud800"]


def test_a_plugin_that_asks_for_time_gets_it(founded: Found) -> None:
    """An ERP that is away for a weekend loses no orders: only starts without an answer count."""
    answers: list[Any] = [RetryAfter(600, "closed")] * 20
    carrier = Carrier(lambda _: answers.pop(0) if answers else raising(ValueError())(None))
    crm = founded(carrier)
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    for _ in range(20):
        assert counts(crm.deliver()) == (0, 1, 0, 1)
        wait(crm, 600)
    assert [each.fault for each in outbox(crm)] == ["later 20: closed"]
    for pause in (2, 4, 8, 16, 32):
        assert crm.deliver().postponed == 1
        wait(crm, pause)
    assert crm.deliver().dead == 1


def test_no_wait_is_shorter_than_a_second(founded: Found) -> None:
    """RetryAfter(0) does not go round and round within one call."""
    carrier = Carrier(lambda _: RetryAfter(0))
    crm = founded(carrier)
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    assert crm.deliver().postponed == 1
    assert len(carrier.given) == 1


def test_a_notice_that_kills_its_worker_is_given_up_and_takes_no_other_with_it(
    any_url: str, founded: Found
) -> None:
    """Six starts without an answer: the seventh is not made. Its neighbours lose nothing."""

    def behave(context: DeliverContext) -> Done:
        if context.subject == "SO-1":
            raise KeyboardInterrupt
        return Done()

    carrier = Carrier(behave)
    crm = founded(carrier, url=any_url)
    for id in ("SO-0", "SO-1", "SO-2"):
        crm.do(an_order(id), actor=SELLER).expect()
    for _ in range(MOST_STARTS):
        with pytest.raises(KeyboardInterrupt):
            crm.deliver()
        crm.deliver()  # what is leased is left alone, the rest is delivered
        wait(crm, 61)
    assert counts(crm.deliver()) == (0, 0, 1, 0)
    assert Counter(each.subject for each in carrier.given) == {"SO-0": 1, "SO-1": MOST_STARTS, "SO-2": 1}


def test_a_limit_is_kept(founded: Found) -> None:
    crm = founded(Carrier(fine))
    for number in range(3):
        crm.do(an_order(f"SO-{number}"), actor=SELLER).expect()
    assert counts(crm.deliver(limit=2)) == (2, 0, 0, 1)
    assert counts(crm.deliver(limit=0)) == (0, 0, 0, 1)
    for limit in (-1, 1.5, True, "1", None):
        with pytest.raises(MalformedInput) as error:
            crm.deliver(limit=limit)  # type: ignore[arg-type]  # wrong on purpose: what becomes of it is tested
        assert error.value.field == "limit"


def test_tenants_have_notices_of_their_own(founded: Found) -> None:
    carrier = Carrier(fine, topics=("*",))
    crm = founded(carrier)
    crm.deliver()
    carrier.given.clear()
    second = crm.for_tenant("t2")
    second.install(admin=ADMIN)
    second.do(RegisterLot(product="A", lot="1", expires="2030-01-01"), actor=ADMIN)
    assert crm.deliver().waiting == 0
    assert carrier.given == []


def test_an_adapter_may_use_the_door(any_url: str, founded: Found) -> None:
    """It is called outside any transaction, so it may carry out commands: what an ERP answered, say."""

    def behave(context: DeliverContext) -> Done:
        lot = RegisterLot(product="AMX-500", lot=f"for {context.subject}", expires="2030-01-01")
        crm.do(lot, actor=ADMIN, key=context.id).expect()
        return Done()

    crm = founded(Carrier(behave), url=any_url)
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    assert crm.deliver().delivered == 1
    assert crm.get(Lot, "AMX-500/for SO-1", actor=ADMIN).lot == "for SO-1"


def test_what_an_adapter_is_shown_is_a_copy(founded: Found) -> None:
    def behave(context: DeliverContext) -> Done:
        line = context.read.get(CreditLine, "H-001")
        object.__setattr__(line, "limit", None)
        object.__setattr__(line.reserved, "minor", -1)
        return Done()

    crm = founded(Carrier(behave))
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    before = crm.get(CreditLine, "H-001", actor=ADMIN)
    crm.deliver()
    after = crm.get(CreditLine, "H-001", actor=ADMIN)
    assert after == before
    assert after.reserved.is_positive
