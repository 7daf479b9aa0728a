"""Finding plugins: ours, the listed ones in their order, and entry points by name.

Whatever cannot be used is a fault. Everything that a plugin says about itself (its name, its API, its topics,
its functions) is read once, here. A guard that cannot be used is kept in mind: as nobody knows what it would
have said, commands are held.
"""

import inspect
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import localcontext
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

import pluggy
from attrs import define, field, frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.ids import as_id
from pharmacrm.plugins import hookspecs
from pharmacrm.plugins.isolation.host import StandIn, Worker
from pharmacrm.plugins.isolation.isolated import Isolated
from pharmacrm.plugins.isolation.travelling import ANSWERS
from pharmacrm.plugins.types import PluginFault
from pharmacrm.plugins.wall.shielding import LEAVING, Outside, class_of, readable

GROUP: Final = "pharmacrm"
HOOKS: Final = tuple(name for name in vars(hookspecs) if name.startswith("pharmacrm_"))
SLOW_IMPORT: Final = 5.0
"""Seconds after which the import of an entry point is recorded as slow."""


class Unusable(Exception):
    """Why a plugin is not loaded."""


@frozen
class Implementation:
    """One function of one plugin for one hook.

    `topics` are those that its plugin wants delivered; `limit` is that of a worker process, None inline.
    """

    plugin: str
    hook: str
    function: Any
    topics: tuple[str, ...] = ("*",)
    limit: float | None = None


@define
class Loaded:
    """Plugins in order, their implementations by hook, and the faults met on the way."""

    reserved: frozenset[str] = frozenset()
    clock: Callable[[], float] = time.perf_counter
    names: list[str] = field(factory=list)
    hooks: dict[str, list[Implementation]] = field(factory=lambda: {hook: [] for hook in HOOKS})
    faults: list[PluginFault] = field(factory=list)
    broken_guards: list[str] = field(factory=list)
    owners: list[object] = field(factory=list)
    workers: list[Worker] = field(factory=list)

    def load(self, plugin: object, name: str = "", *, ours: bool = False) -> None:
        """Take in one plugin; a fault is recorded and the rest goes on."""
        if isinstance(plugin, Isolated):
            self._load_isolated(plugin, name)
            return
        with localcontext():
            try:
                name = name or name_of(plugin)
                found = self._inspected(plugin, name, ours=ours)
            except MemoryError:
                raise
            except Unusable as error:
                self._refuse(plugin, name, str(error))
                return
            except LEAVING as error:
                self._refuse(plugin, name, f"its attributes raise {class_of(error)}")
                return
        self.names.append(name)
        self.owners.append(plugin)
        for each in found:
            self.hooks[each.hook].append(each)

    def _load_isolated(self, plugin: Isolated, name: str) -> None:
        """Let a worker look at a plugin, and take in what stands for it here.

        One that could not be looked at may be a guard: nobody knows.
        """
        worker = Worker(plugin, name)
        self.workers.append(worker)
        try:
            stand_in = StandIn(worker)
        except Outside as error:
            called = name or plugin.plugin
            self._note(called, error.what, error.message)
            self.broken_guards.append(readable(called, 64))
            return
        self.load(stand_in, name)
        if stand_in not in self.owners:
            worker.close()

    def _inspected(self, plugin: object, name: str, *, ours: bool) -> list[Implementation]:
        _may_be_called(name)
        if name in self.reserved and not ours:
            raise Unusable("its name belongs to pharmacrm itself")
        if name in self.names:
            raise Unusable("its name is loaded already")
        if isinstance(plugin, type):
            raise Unusable("it is a class: give an instance of it")
        _speaks_our_api(plugin)
        return _implementations(plugin, name)

    def _refuse(self, plugin: object, name: str, wrong: str) -> None:
        name = readable(name or class_of(plugin), 64)
        self.faults.append(PluginFault(plugin=name, hook="", what="not loaded", message=wrong))
        known = any(owner is plugin for owner in self.owners)
        if not known and _may_be_a_guard(plugin):
            self.broken_guards.append(name)

    def load_entry_points(
        self, points: Iterable[EntryPoint] | None = None, isolate: Mapping[str, float] | None = None
    ) -> None:
        """Load every installed entry point of our group, by name; of a class an instance is made.

        Those named in `isolate`, with their limits, are never imported here.
        """
        limits = dict(isolate or {})
        found = entry_points(group=GROUP) if points is None else points
        for point in sorted(found, key=lambda each: (each.name, each.value)):
            if point.name in limits:
                self._load_entry_point_isolated(point, limits[point.name])
                continue
            begun = self.clock()
            try:
                with localcontext():
                    plugin = point.load()
                    plugin = plugin() if isinstance(plugin, type) else plugin
            except MemoryError:
                raise
            except LEAVING as error:
                self._note(point.name, "not loaded", f"its import failed: {class_of(error)}")
                continue
            seconds = self.clock() - begun
            if seconds > SLOW_IMPORT:
                self._note(point.name, "slow", f"its import took {seconds:.1f} s")
            self.load(plugin, point.name)
        for name in sorted(set(limits) - {point.name for point in found}):
            self._note(name, "not loaded", "no entry point of this name is there to be isolated")

    def _load_entry_point_isolated(self, point: EntryPoint, limit: float) -> None:
        try:
            plugin = Isolated(f"{point.module}:{point.attr}", limit=limit)
        except (MalformedInput, AttributeError):
            self._note(point.name, "not loaded", "its entry point names no module and attribute")
            return
        self.load(plugin, point.name)

    def _note(self, name: str, what: str, message: str) -> None:
        self.faults.append(PluginFault(plugin=readable(name, 64), hook="", what=what, message=message))


def name_of(plugin: object) -> str:
    """A plugin's name: what it says in `name`, else its module or class."""
    said = getattr(plugin, "name", "")
    if said == "" and inspect.ismodule(plugin):
        said = plugin.__name__.rpartition(".")[2]
    if type(said) is not str:
        raise Unusable("its name is no text")
    return said or class_of(plugin)


def load(
    ours: Sequence[object],
    listed: Sequence[object],
    *,
    from_entry_points: bool,
    isolate: Mapping[str, float] | None = None,
) -> Loaded:
    """All plugins: listed ones first, entry points after them, ours as the last word."""
    loaded = Loaded(reserved=frozenset(name_of(plugin) for plugin in ours))
    for plugin in listed:
        loaded.load(plugin)
    if from_entry_points:
        loaded.load_entry_points(isolate=isolate)
    for plugin in ours:
        loaded.load(plugin, ours=True)
    return loaded


def _may_be_called(name: str) -> None:
    try:
        as_id(name)
    except MalformedInput as error:
        raise Unusable(f"its name is no id: {error.message}") from None


def _speaks_our_api(plugin: object) -> None:
    wanted: Any = getattr(plugin, "PHARMACRM_API", hookspecs.API)
    major, minor = hookspecs.API
    if type(wanted) is not tuple or [type(each) for each in wanted] != [int, int]:
        raise Unusable("PHARMACRM_API is not (major, minor)")
    if wanted[0] != major or wanted[1] > minor:
        raise Unusable(f"it wants API {wanted[0]}.{wanted[1]}, this is {major}.{minor}")


def _implementations(plugin: object, name: str) -> list[Implementation]:
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(plugin, name)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise Unusable(f"its signature is wrong: {_first_line(error)}") from None
    found = [(hook, each) for hook in HOOKS for each in getattr(manager.hook, hook).get_hookimpls()]
    marked = {hook for hook, _ in found}
    for hook in HOOKS:
        if hook not in marked and callable(getattr(plugin, hook, None)):
            raise Unusable(f"{hook} is not marked with @hookimpl")
    if not found:
        raise Unusable("it has no function of any hook")
    topics = _topics(plugin) if "pharmacrm_deliver" in marked else ("*",)
    limit = _limit(plugin, marked) if isinstance(plugin, StandIn) else None
    return [Implementation(name, hook, _plain(hook, each), topics, limit) for hook, each in found]


def _limit(plugin: StandIn, marked: Iterable[str]) -> float:
    for hook in sorted(marked):
        if hook not in ANSWERS:
            raise Unusable(f"{hook} cannot be isolated: give it to a plugin of its own")
    return plugin.worker.plugin.limit


def _plain(hook: str, found: "pluggy.HookImpl") -> Any:
    function = found.function
    if found.wrapper or found.hookwrapper:
        raise Unusable(f"{hook} is a wrapper: there are none")
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise Unusable(f"{hook} is async: hooks are plain functions")
    if inspect.isgeneratorfunction(function):
        raise Unusable(f"{hook} is a generator: hooks return their answer")
    try:
        inspect.signature(function).bind(object())
    except TypeError:
        raise Unusable(f"{hook} has a wrong signature: it takes one argument, context") from None
    return function


def _topics(plugin: object) -> tuple[str, ...]:
    topics: Any = getattr(plugin, "topics", ("*",))
    if type(topics) not in {tuple, list, set, frozenset} or not all(type(topic) is str for topic in topics):
        raise Unusable("its topics are not a tuple of texts")
    return tuple(topics)


def _may_be_a_guard(plugin: object) -> bool:
    try:
        return getattr(plugin, "pharmacrm_check", None) is not None
    except MemoryError:
        raise
    except LEAVING:
        return True


def _first_line(error: Exception) -> str:
    return readable(str(error).strip().splitlines()[-1] if str(error).strip() else "", 200)
