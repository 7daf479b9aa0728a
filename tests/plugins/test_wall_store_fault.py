"""Hostile stores are passed over, and hostile listeners heard of but not heard."""

from typing import Any

import pytest

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.orders import OrderState, SalesOrder
from pharmacrm.crm import PharmaCRM, connect
from pharmacrm.plugins.storage.memory import MemoryStore
from pharmacrm.plugins.types import FaultContext
from pharmacrm.testing.company import ADMIN, an_order, release
from tests.fakes import TENANT
from tests.plugins.hostile import Carrier, Guard, company, raising
from tests.plugins.one_hook import ANY_HOOK, Calendars, Listener, Registrar, Storer, of

SELLER = "zhang.san"


@of(ANY_HOOK | {"plugins-052 half a store": lambda _: type("Half", (), {"session": print})()})
def test_a_store_that_cannot_be_used_is_passed_over(behave: Any) -> None:
    crm = company(Storer(behave))
    assert crm.do(an_order("SO-1"), actor=SELLER).allowed
    [fault] = crm.plugins.faults
    assert (fault.plugin, fault.hook) == ("one", "pharmacrm_store")


def test_what_a_store_says_about_its_url_is_heard() -> None:
    with pytest.raises(MalformedInput) as error:
        connect("shelf://x", plugins=[Storer(raising(MalformedInput("shelf.url", "no such shelf")))])
    assert error.value.code == "shelf.url"


def test_a_url_that_nobody_knows() -> None:
    with pytest.raises(MalformedInput) as error:
        connect("shelf://x")
    assert error.value.code == "store.url"


def test_a_store_of_a_plugin_comes_before_ours() -> None:
    mine = MemoryStore()
    crm = company(Storer(lambda context: mine if context.url == "shelf://x" else None), url="shelf://x")
    assert crm._store is mine


def _faulty(listener: object) -> PharmaCRM:
    crm = company(Guard(raising(ValueError())), listener)
    answer = crm.do(an_order("SO-1"), actor=SELLER)
    assert answer.codes == ("plugin.fault",)
    return crm


@of(ANY_HOOK)
def test_a_listener_that_fails_is_a_fault_too_and_no_more(behave: Any) -> None:
    crm = _faulty(Listener(behave))
    assert [fault.plugin for fault in crm.plugins.faults] == ["guard", "one"]


def test_a_listener_hears_of_others_faults() -> None:
    heard: list[FaultContext] = []
    crm = _faulty(Listener(heard.append))
    assert [each.fault for each in heard] == list(crm.plugins.faults)


def test_a_listener_that_causes_faults_does_not_hear_of_them_for_ever() -> None:
    doors: list[PharmaCRM] = []
    listener = Listener(lambda _: doors[0].do(an_order("SO-2"), actor=SELLER).case)
    crm = company(Guard(raising(ValueError())), listener)
    doors.append(crm)
    crm.do(an_order("SO-1"), actor=SELLER)
    assert [fault.plugin for fault in crm.plugins.faults] == ["guard", "one"]
    assert crm.find(SalesOrder, actor=ADMIN) == []


def test_only_the_newest_faults_are_remembered() -> None:
    crm = company(Calendars(raising(ValueError())))
    for _ in range(1001):
        crm.plugins.calendar(TENANT)
    assert len(crm.plugins.faults) == 1000


def test_the_whole_flow_goes_on_with_nothing_but_broken_plugins_beside_it() -> None:
    broken = [
        Carrier(raising(ValueError()), topics=("*",)),
        Calendars(raising(ValueError()), "calendar"),
        Registrar(raising(ValueError()), "registrar"),
        Listener(raising(ValueError()), "listener"),
    ]
    crm = company(*broken)
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    release(crm, "SO-1")
    assert crm.deliver().delivered == 0
    assert crm.get(SalesOrder, "SO-1", actor=ADMIN).state is OrderState.RELEASED
