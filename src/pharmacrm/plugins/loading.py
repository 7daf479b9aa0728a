"""Finding plugins: ours, the listed ones in their order, and entry points by name; whatever cannot be used is a fault."""

from collections.abc import Iterable, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pluggy
from attrs import define, field, frozen

from pharmacrm.plugins import hookspecs
from pharmacrm.plugins.types import PluginFault

GROUP = "pharmacrm"
HOOKS = tuple(name for name in vars(hookspecs) if name.startswith("pharmacrm_"))


@frozen
class Implementation:
    """One function of one plugin for one hook."""

    plugin: str
    hook: str
    function: Any
    owner: Any


@define
class Loaded:
    """Plugins in order, their implementations by hook, and the faults met on the way."""

    names: list[str] = field(factory=list)
    hooks: dict[str, list[Implementation]] = field(factory=lambda: {hook: [] for hook in HOOKS})
    faults: list[PluginFault] = field(factory=list)
    broken_guards: list[str] = field(factory=list)

    def load(self, plugin: object, name: str = "") -> None:
        """Take in one plugin; a fault is recorded and the rest goes on."""
        name = name or name_of(plugin)
        wrong = _wrong_api(plugin) or ("its name is loaded already" if name in self.names else "")
        manager = pluggy.PluginManager(GROUP)
        manager.add_hookspecs(hookspecs)
        if not wrong:
            try:
                manager.register(plugin, name)
            except Exception as error:  # noqa: BLE001 - a plugin's own attributes run here
                wrong = f"its signature is wrong: {type(error).__name__}"
        if wrong:
            self._refuse(plugin, name, wrong)
            return
        self.names.append(name)
        for hook in HOOKS:
            for found in getattr(manager.hook, hook).get_hookimpls():
                self.hooks[hook].append(Implementation(name, hook, found.function, plugin))

    def _refuse(self, plugin: object, name: str, wrong: str) -> None:
        self.faults.append(PluginFault(plugin=name, hook="", what="not loaded", message=wrong))
        if getattr(plugin, "pharmacrm_check", None) is not None:
            self.broken_guards.append(name)

    def load_entry_points(self, points: Iterable[EntryPoint] | None = None) -> None:
        """Load every installed entry point of our group, by name."""
        for point in sorted(points if points is not None else entry_points(group=GROUP), key=lambda each: each.name):
            try:
                plugin = point.load()
            except Exception as error:  # noqa: BLE001 - an import may raise anything
                message = f"its import failed: {type(error).__name__}"
                self.faults.append(PluginFault(plugin=point.name, hook="", what="not loaded", message=message))
                continue
            self.load(plugin() if isinstance(plugin, type) else plugin, point.name)


def name_of(plugin: object) -> str:
    """A plugin's name: what it says in `name`, else its module or class."""
    said = getattr(plugin, "name", "") or getattr(plugin, "__name__", "") or type(plugin).__name__
    return str(said).rpartition(".")[2]


def load(ours: Sequence[object], listed: Sequence[object], *, from_entry_points: bool) -> Loaded:
    """All plugins: listed ones first, entry points after them, ours as the last word."""
    loaded = Loaded()
    for plugin in listed:
        loaded.load(plugin)
    if from_entry_points:
        loaded.load_entry_points()
    for plugin in ours:
        loaded.load(plugin)
    return loaded


def _wrong_api(plugin: object) -> str:
    wanted = getattr(plugin, "PHARMACRM_API", hookspecs.API)
    major, minor = hookspecs.API
    if not (isinstance(wanted, tuple) and len(wanted) == len(hookspecs.API)):
        return f"PHARMACRM_API is no (major, minor): {wanted!r:.40}"
    if wanted[0] != major or wanted[1] > minor:
        return f"it wants API {wanted[0]}.{wanted[1]}, this is {major}.{minor}"
    return ""
