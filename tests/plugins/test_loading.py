"""Which plugins are loaded, in which order, and what becomes of those that are not."""

import inspect
import itertools
import subprocess
import sys
import types
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, ClassVar

import pytest

from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.placing import PlaceOrder
from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.orders import RegisterLot
from pharmacrm.crm import connect
from pharmacrm.plugins.hookspecs import API, hookimpl
from pharmacrm.plugins.loading import Loaded, load
from pharmacrm.plugins.manager import OURS, Plugins
from pharmacrm.plugins.types import (
    Checks,
    Delivered,
    Delivers,
    GivesCalendar,
    GivesStore,
    HearsFaults,
    Registers,
)
from pharmacrm.testing.company import ADMIN, an_order
from tests.plugins.hostile import MEMORY, Carrier, Guard, company, raising

SELLER = "zhang.san"
MAJOR, MINOR = API


class _Base:
    name = "bad"

    @hookimpl
    def pharmacrm_check(self, context: object) -> None: ...


class _NoHook:
    name = "bad"


class _Unmarked:
    name = "bad"

    def pharmacrm_check(self, context: object) -> None: ...


class _OtherArgument(_Base):
    @hookimpl
    def pharmacrm_check(self, ctx: object) -> None: ...


class _NoArgument(_Base):
    @hookimpl
    def pharmacrm_check(self) -> None: ...  # type: ignore[override]


class _TwoArguments(_Base):
    @hookimpl
    def pharmacrm_check(self, context: object, actor: str) -> None: ...  # type: ignore[override]


class _Async(_Base):
    @hookimpl
    async def pharmacrm_check(self, context: object) -> None: ...  # type: ignore[override]


class _Generator(_Base):
    @hookimpl
    def pharmacrm_check(self, context: object) -> Any:
        yield context


class _Wrapper(_Base):
    @hookimpl(wrapper=True)
    def pharmacrm_check(self, context: object) -> Any:
        return (yield)


class _UnknownHook(_Base):
    @hookimpl
    def pharmacrm_chekc(self, context: object) -> None: ...


class _RaisingName(_Base):
    @property
    def name(self) -> str:  # type: ignore[override]
        raise ValueError("password=hunter2")


class _RaisingApi(_Base):
    @property
    def PHARMACRM_API(self) -> None:  # noqa: N802
        raise SystemExit


class _RaisingTopics(_Base):
    @property
    def topics(self) -> None:
        raise ValueError

    @hookimpl
    def pharmacrm_deliver(self, context: object) -> Delivered:
        return Delivered()


def _with(**attributes: Any) -> object:
    return type("Bad", (_Base,), attributes)()


def _topics(topics: Any) -> object:
    return type("Bad", (_RaisingTopics,), {"topics": topics})()


WRONG: dict[str, tuple[object, str]] = {
    "plugins-050 another major": (_with(PHARMACRM_API=(MAJOR + 1, 0)), "wants API"),
    "plugins-050 a later minor": (_with(PHARMACRM_API=(MAJOR, MINOR + 1)), "wants API"),
    "an API that is no pair": (_with(PHARMACRM_API="1.0"), "not (major, minor)"),
    "an API of texts": (_with(PHARMACRM_API=("1", "0")), "not (major, minor)"),
    "an API that raises": (_RaisingApi(), "raise SystemExit"),
    "plugins-052 no hook at all": (_NoHook(), "no function of any hook"),
    "plugins-052 not marked": (_Unmarked(), "not marked"),
    "plugins-053 another argument": (_OtherArgument(), "signature"),
    "plugins-053 no argument": (_NoArgument(), "signature"),
    "plugins-053 two arguments": (_TwoArguments(), "signature"),
    "plugins-003 async": (_Async(), "async"),
    "plugins-004 generator": (_Generator(), "generator"),
    "a wrapper": (_Wrapper(), "wrapper"),
    "a hook that does not exist": (_UnknownHook(), "signature"),
    "a class": (_Base, "give an instance"),
    "a name that raises": (_RaisingName(), "raise ValueError"),
    "a name that is no text": (_with(name=5), "no text"),
    "a name with a line": (_with(name="a\nb"), "no id"),
    "a name of 65": (_with(name="a" * 65), "no id"),
    "plugins-047 a name of ours": (_with(name="domains"), "belongs to pharmacrm"),
    "topics that raise": (_RaisingTopics(), "raise ValueError"),
    "topics that are text": (_topics("OrderReleased"), "topics"),
    "topics that are numbers": (_topics((1,)), "topics"),
    "None": (None, "no function of any hook"),
    "a text": ("jsonl", "no function of any hook"),
}


@pytest.mark.parametrize(
    ("plugin", "message"), [pytest.param(*case, id=name) for name, case in WRONG.items()]
)
def test_a_plugin_that_cannot_be_used_is_a_fault_and_the_host_goes_on(plugin: object, message: str) -> None:
    plugins = Plugins([plugin, Guard(name="good")])
    assert plugins.names == ("good", "domains", "storage", "calendars")
    [fault] = plugins.faults
    assert fault.what == "not loaded"
    assert message in fault.message
    assert f"{fault.plugin}  not loaded: {fault.message}" in plugins.explain()
    assert "hunter2" not in plugins.explain()
    assert "\n" not in fault.plugin


@pytest.mark.parametrize(
    "plugin", [_with(PHARMACRM_API=(2, 0)), _NoArgument(), _Unmarked(), _RaisingName(), _Base]
)
def test_a_guard_that_is_not_loaded_holds_orders(plugin: object) -> None:
    """Nobody knows what it would have said; a plugin without a guard holds nothing."""
    crm = connect(MEMORY, plugins=[plugin])
    crm.install(admin=ADMIN)
    answer = crm.do(RegisterLot(product="A", lot="1", expires="2030-01-01"), actor=ADMIN)
    assert "plugin.fault" in answer.codes
    assert connect(MEMORY, plugins=[_NoHook()]).plugins._loaded.broken_guards == []


def test_no_version_is_ours() -> None:
    """plugins-051."""
    assert Plugins([_with()]).names[0] == "bad"


def test_the_same_plugin_twice_is_loaded_once() -> None:
    """plugins-046: one fault, and nothing is held, as it does run."""
    guard = Guard()
    crm = company(guard, guard)
    assert crm.do(an_order("SO-1"), actor=SELLER).allowed
    assert guard.calls == 1
    assert [fault.message for fault in crm.plugins.faults] == ["its name is loaded already"]


def test_another_guard_of_the_same_name_holds() -> None:
    crm = connect(MEMORY, plugins=[Guard(), Guard()])
    assert crm.plugins._loaded.broken_guards == ["guard"]


def test_a_module_is_a_plugin() -> None:
    module = types.ModuleType("house.rules")
    module.pharmacrm_check = hookimpl(lambda context: None)  # type: ignore[attr-defined]
    assert Plugins([module]).names[0] == "rules"


def test_listed_ones_come_first_then_entry_points_by_name_then_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [_point("zeta", "zeta_plugin:plugin"), _point("alpha", "alpha_plugin:Plugin")]
    _module(monkeypatch, "zeta_plugin", plugin=Guard(name="whatever"))
    _module(monkeypatch, "alpha_plugin", Plugin=_Base)
    monkeypatch.setattr("pharmacrm.plugins.loading.entry_points", lambda group: points)
    plugins = Plugins([Guard(name="second"), Guard(name="first")], entry_points=True)
    assert plugins.names == ("second", "first", "alpha", "zeta", "domains", "storage", "calendars")
    lines = plugins.explain("check").splitlines()
    assert lines == ["pharmacrm_check", "  1. second", "  2. first", "  3. alpha", "  4. zeta", "faults"]


def test_entry_points_are_loaded_only_when_asked_for(tmp_path: Path) -> None:
    """A distribution on the path is found by its name, and not even imported without being asked for."""
    (tmp_path / "house_rules.py").write_text(
        "from pharmacrm import hookimpl\n\n\nclass House:\n    @hookimpl\n"
        "    def pharmacrm_check(self, context):\n        return None\n"
    )
    info = tmp_path / "house_rules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: house-rules\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[pharmacrm]\nhouse = house_rules:House\nlost = no_such_module\n")
    script = (
        "import sys, pharmacrm\n"
        f"sys.path.insert(0, {str(tmp_path)!r})\n"
        "assert 'house' not in pharmacrm.connect('memory://').plugins.names\n"
        "assert 'house_rules' not in sys.modules\n"
        "plugins = pharmacrm.connect('memory://', entry_points=True).plugins\n"
        "assert 'house' in plugins.names, plugins.explain()\n"
        "assert 'lost  not loaded: its import failed: ModuleNotFoundError' in plugins.explain()\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def _point(name: str, value: str) -> EntryPoint:
    return EntryPoint(name=name, value=value, group="pharmacrm")


def _module(monkeypatch: pytest.MonkeyPatch, name: str, **attributes: Any) -> None:
    module = types.ModuleType(name)
    vars(module).update(attributes)
    monkeypatch.setitem(sys.modules, name, module)


@pytest.mark.parametrize(
    "error", [ImportError("no"), SystemExit(3), SyntaxError("no"), ValueError("password=x")]
)
def test_an_entry_point_that_cannot_be_made_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """plugins-048, and plugins-030 at import."""

    class Bad:
        def __init__(self) -> None:
            raise error

    _module(monkeypatch, "bad_plugin", Bad=Bad)
    loaded = Loaded()
    loaded.load_entry_points([_point("bad", "bad_plugin:Bad"), _point("gone", "bad_plugin:Gone")])
    assert [(fault.plugin, fault.message) for fault in loaded.faults] == [
        ("bad", f"its import failed: {type(error).__name__}"),
        ("gone", "its import failed: AttributeError"),
    ]
    assert loaded.names == []


def test_an_interrupt_while_loading_passes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    _module(monkeypatch, "bad_plugin", Bad=type("Bad", (), {"__init__": raising(KeyboardInterrupt())}))
    with pytest.raises(KeyboardInterrupt):
        Loaded().load_entry_points([_point("bad", "bad_plugin:Bad")])


def test_an_import_that_takes_long_is_a_fault_and_the_plugin_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """plugins-049."""
    _module(monkeypatch, "slow_plugin", plugin=Guard())
    loaded = Loaded(clock=itertools.count(0, 30).__next__)
    loaded.load_entry_points([_point("slow", "slow_plugin:plugin")])
    assert loaded.names == ["slow"]
    assert [(fault.what, fault.message) for fault in loaded.faults] == [("slow", "its import took 30.0 s")]


def test_ours_are_last_and_their_names_are_kept() -> None:
    loaded = load(OURS, [Guard()], from_entry_points=False)
    assert loaded.names == ["guard", "domains", "storage", "calendars"]


# ---- require


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


def test_a_hook_that_does_not_exist_cannot_be_explained() -> None:
    with pytest.raises(MalformedInput) as error:
        Plugins().explain("chekc")
    assert error.value.code == "hook.unknown"


def test_every_hook_has_a_protocol_with_its_signature() -> None:
    """So that mypy checks plugins: the Protocol's method is the hook, argument by argument."""
    from pharmacrm.plugins import hookspecs

    protocols = {"register": Registers, "store": GivesStore, "check": Checks, "deliver": Delivers,
                 "calendar": GivesCalendar, "fault": HearsFaults}  # fmt: skip
    for short, protocol in protocols.items():
        name = f"pharmacrm_{short}"
        there: Callable[..., Any] = getattr(protocol, name)
        parameters = list(inspect.signature(there).parameters.values())[1:]
        assert parameters == list(inspect.signature(getattr(hookspecs, name)).parameters.values())
    assert {f"pharmacrm_{short}" for short in protocols} == {
        n for n in vars(hookspecs) if n.startswith("pharmacrm_")
    }


class _Says:
    name: ClassVar[str] = "says"

    @hookimpl
    def pharmacrm_check(self, context: object) -> None: ...


def test_the_types_fit() -> None:
    """What mypy checks here: classes satisfy the Protocols as they are written."""
    guard: Checks = Guard()
    carrier: Delivers = Carrier(lambda context: Delivered())
    assert Plugins([guard, carrier, _Says()]).names[:3] == ("guard", "carrier", "says")
