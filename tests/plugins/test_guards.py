"""The plugins that ship for the hooks `check` and `fault`."""

import json
from pathlib import Path

import pytest

from pharmacrm import FaultLog, MalformedInput, SimulatedClock, Stocktaking, connect, hookimpl
from pharmacrm.plugins.types import CheckContext, Checks, HearsFaults, Registers
from pharmacrm.testing.company import an_order, found_company
from tests.covers import covers

PROTOCOLS: tuple[Checks, Registers] = (Stocktaking([]), Stocktaking([]))
HEARS: HearsFaults = FaultLog("faults.jsonl")


class Broken:
    """A guard that always fails."""

    @hookimpl
    def pharmacrm_check(self, context: CheckContext) -> None:
        raise RuntimeError(context.actor)


@covers("UF-02")
def test_nothing_is_ordered_while_stock_is_taken() -> None:
    crm = connect("memory://", clock=SimulatedClock(), plugins=[Stocktaking(["2026-01-31"])])
    found_company(crm)
    refused = crm.do(an_order(), actor="zhang.san", effective_at="2026-01-31")
    assert (refused.refused, refused.codes) == (True, ("stock.taken",))
    assert "2026-01-31" in refused.explain("zh-CN")
    assert crm.do(an_order(), actor="zhang.san", effective_at="2026-01-30").allowed
    assert crm.registry.codes["stock.taken"].remedy


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(MalformedInput) as caught:
        Stocktaking(["31/12/2026"])
    assert caught.value.code == "date.format"


def test_faults_of_others_are_written_down(tmp_path: Path) -> None:
    path = tmp_path / "faults.jsonl"
    crm = connect("memory://", clock=SimulatedClock(), plugins=[FaultLog(path)])
    found_company(crm)
    crm = connect("memory://", clock=SimulatedClock(), plugins=[FaultLog(path), Broken()])
    crm.install(admin="admin")
    from pharmacrm import RegisterUnit

    held = crm.do(RegisterUnit(id="u", name="部门"), actor="admin")
    assert held.held
    (line,) = [json.loads(each) for each in path.read_text(encoding="ascii").splitlines()]
    assert (line["plugin"], line["hook"], line["what"]) == ("Broken", "pharmacrm_check", "raised")
