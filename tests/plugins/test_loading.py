"""Which plugins are loaded, in which order, and what becomes of those that are not."""

import inspect
import types
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.orders import RegisterLot
from pharmacrm.crm import connect
from pharmacrm.plugins.hookspecs import API, hookimpl
from pharmacrm.plugins.manager import Plugins
from pharmacrm.plugins.types import (
    Anchors,
    Checks,
    ConfirmsSignatures,
    Delivered,
    Delivers,
    GivesCalendar,
    GivesStore,
    HearsFaults,
    NamesApprovers,
    Pulls,
    Registers,
)
from pharmacrm.testing.company import ADMIN, an_order
from tests.plugins.hostile import MEMORY, Carrier, Guard, company

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
    def pharmacrm_check(self) -> None: ...  # type: ignore[override]  # wrong on purpose: what becomes of it is tested


class _TwoArguments(_Base):
    @hookimpl
    def pharmacrm_check(self, context: object, actor: str) -> None: ...  # type: ignore[override]  # wrong on purpose: what becomes of it is tested


class _Async(_Base):
    @hookimpl
    async def pharmacrm_check(self, context: object) -> None: ...  # type: ignore[override]  # wrong on purpose: what becomes of it is tested


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
    def name(self) -> str:  # type: ignore[override]  # wrong on purpose: what becomes of it is tested
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
    module.pharmacrm_check = hookimpl(lambda context: None)  # type: ignore[attr-defined]  # a module made at run time
    assert Plugins([module]).names[0] == "rules"


def test_a_hook_that_does_not_exist_cannot_be_explained() -> None:
    with pytest.raises(MalformedInput) as error:
        Plugins().explain("chekc")
    assert error.value.code == "hook.unknown"


def test_every_hook_has_a_protocol_with_its_signature() -> None:
    """So that mypy checks plugins: the Protocol's method is the hook, argument by argument."""
    from pharmacrm.plugins import hookspecs

    protocols = {"register": Registers, "store": GivesStore, "check": Checks, "deliver": Delivers,
                 "pull": Pulls, "calendar": GivesCalendar, "fault": HearsFaults,
                 "anchor": Anchors, "anchored": Anchors, "approvers": NamesApprovers,
                 "signature": ConfirmsSignatures}  # fmt: skip
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
