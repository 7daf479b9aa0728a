"""Hostile adapters: their notices wait, and the host is whole."""

import decimal
from typing import Any

import pytest

from pharmacrm.plugins.types import Delivered, Reject, RetryAfter
from pharmacrm.testing.company import an_order
from tests.plugins.hostile import Carrier, company, raising
from tests.plugins.one_hook import ANY_HOOK, of, spoil

SELLER = "zhang.san"


NO_RESULT = ANY_HOOK | {
    "plugins-001 None": lambda _: None,
    "the class itself": lambda _: Delivered,
    "plugins-012 no reason": lambda _: object.__new__(Reject),
    "plugins-013 subclass": lambda _: type("More", (RetryAfter,), {"tenant": "t2"})(1),
    "plugins-016 half a second": lambda _: RetryAfter(0.5),  # type: ignore[arg-type]  # wrong on purpose: what becomes of it is tested
    "plugins-022 before now": lambda _: RetryAfter(-1),
    "plugins-024 for ever": lambda _: RetryAfter(10**400),
    "plugins-025 truth for a number": lambda _: RetryAfter(True),
    "plugins-021 no text": lambda _: Reject(None),  # type: ignore[arg-type]  # wrong on purpose: what becomes of it is tested
}


@of(NO_RESULT)
def test_a_notice_that_a_plugin_fumbles_waits(behave: Any) -> None:
    carrier = Carrier(behave)
    crm = company(carrier)
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    context = decimal.getcontext()
    done = crm.deliver()
    assert (done.delivered, done.postponed, done.dead, done.waiting) == (0, 1, 0, 1)
    assert decimal.getcontext() is context
    [fault] = crm.plugins.faults
    assert (fault.plugin, fault.hook) == ("carrier", "pharmacrm_deliver")
    assert "hunter2" not in crm.plugins.explain()


def test_a_carrier_cannotspoil_the_decimal_context() -> None:
    crm = company(Carrier(spoil))
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    precision = decimal.getcontext().prec
    assert crm.deliver().delivered == 1
    assert decimal.getcontext().prec == precision


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_what_the_host_has_to_see_passes_through_deliver(error: type[BaseException]) -> None:
    crm = company(Carrier(raising(error())))
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    with pytest.raises(error):
        crm.deliver()
    assert crm.deliver().waiting == 1
