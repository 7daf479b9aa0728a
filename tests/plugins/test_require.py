"""Plugins that have to be there, and what is said to `connect` about plugins."""

from typing import Any

import pytest

from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.placing import PlaceOrder
from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.orders import RegisterLot
from pharmacrm.crm import connect
from pharmacrm.testing.company import ADMIN, an_order
from tests.plugins.hostile import MEMORY, Guard, company

SELLER = "zhang.san"


def test_a_required_plugin_that_is_missing_holds_its_commands_and_no_others() -> None:
    crm = connect(MEMORY, require={"stock": (PlaceOrder, RegisterLot)})
    crm.install(admin=ADMIN)
    lot = RegisterLot(product="A", lot="1", expires="2030-01-01")
    answer = crm.do(lot, actor=ADMIN)
    assert "plugin.missing" in answer.codes
    assert "stock" in answer.explain()
    assert "  required but not loaded: stock" in crm.plugins.explain().splitlines()
    crm.for_tenant("t2").install(admin=ADMIN)
    assert "plugin.missing" in crm.for_tenant("t2").do(lot, actor=ADMIN).codes


def test_others_go_through_though_a_required_plugin_is_missing() -> None:
    crm = company(require={"stock": (PassHold,)})
    assert crm.do(an_order("SO-1"), actor=SELLER).allowed


def test_orders_are_held_for_a_required_plugin() -> None:
    crm = company(require={"stock": (PlaceOrder,)})
    answer = crm.do(an_order("SO-1"), actor=SELLER)
    assert answer.outcome is Outcome.HELD
    assert answer.codes == ("plugin.missing",)


def test_a_required_plugin_that_is_there_holds_nothing() -> None:
    crm = company(Guard(), require={"guard": (PlaceOrder,)})
    assert crm.do(an_order("SO-1"), actor=SELLER).allowed


@pytest.mark.parametrize(
    "require",
    [["stock"], {"stock": PlaceOrder}, {"stock": ("PlaceOrder",)}, {5: (PlaceOrder,)}, {"stock": (int,)}],
)
def test_a_requirement_that_cannot_be_read(require: Any) -> None:
    with pytest.raises(MalformedInput) as error:
        connect(MEMORY, require=require)
    assert (error.value.code, error.value.field) == ("plugins.require", "require")


@pytest.mark.parametrize("plugins", [Guard(), "jsonl", {"guard": Guard()}, None])
def test_plugins_that_are_no_list(plugins: Any) -> None:
    with pytest.raises(MalformedInput) as error:
        connect(MEMORY, plugins=plugins)
    assert error.value.code == "plugins.type"
