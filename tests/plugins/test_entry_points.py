"""Installed plugins: found by name, loaded only when asked for, in a fixed order."""

import itertools
import subprocess
import sys
import types
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from pharmacrm.plugins.loading import Loaded, load
from pharmacrm.plugins.manager import OURS, Plugins
from tests.plugins.hostile import Guard, raising


def test_listed_ones_come_first_then_entry_points_by_name_then_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [_point("zeta", "zeta_plugin:plugin"), _point("alpha", "alpha_plugin:Plugin")]
    _module(monkeypatch, "zeta_plugin", plugin=Guard(name="whatever"))
    _module(monkeypatch, "alpha_plugin", Plugin=Guard)
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
