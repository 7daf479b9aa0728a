"""The plugin manager: which plugins there are, what each hook answers, and what went wrong."""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from pharmacrm.core.kernel.appointing import Appointed, Appointment, NotAppointed
from pharmacrm.core.kernel.calendar import WorkCalendar
from pharmacrm.core.kernel.change import Event
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import MalformedInput, PharmaCRMError, PluginFailure
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.seal import Anchor
from pharmacrm.core.kernel.signing import NotConfirmed, Signature, ToSign
from pharmacrm.core.kernel.store import Store
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.plugins import domains as our_domains
from pharmacrm.plugins.calendars import plugin as our_calendars
from pharmacrm.plugins.hookspecs import API
from pharmacrm.plugins.isolation.isolated import as_limit
from pharmacrm.plugins.loading import HOOKS, Implementation, load
from pharmacrm.plugins.storage import plugin as our_stores
from pharmacrm.plugins.types import (
    AnchorContext,
    AnchoredContext,
    CalendarContext,
    DeliverContext,
    FaultContext,
    PluginFault,
    PullContext,
    Pulled,
    RegisterContext,
    Result,
    RetryAfter,
    StoreContext,
)
from pharmacrm.plugins.wall.answers import KnownCalendar, anchors_of, as_result, as_store, nothing
from pharmacrm.plugins.wall.appointing import appointed
from pharmacrm.plugins.wall.calling import Caller, Failed, outside_hooks
from pharmacrm.plugins.wall.guarding import asked, without_guard
from pharmacrm.plugins.wall.joining import Taken, as_domains
from pharmacrm.plugins.wall.pulling import understood_by
from pharmacrm.plugins.wall.shielding import readable
from pharmacrm.plugins.wall.signing import confirmed

T = TypeVar("T")

logger = logging.getLogger("pharmacrm.plugins")

OURS: Final = (our_domains, our_stores, our_calendars)
KEPT: Final = 1000
"""Faults that are remembered."""

Required = Mapping[str, Sequence[type[Command[Any]]]]


class Plugins:
    """All plugins of one door. Listed ones run in their order, entry points after them by name, ours last."""

    def __init__(
        self,
        listed: Sequence[object] = (),
        *,
        entry_points: bool = False,
        require: Required | None = None,
        isolate: Mapping[str, float] | None = None,
    ) -> None:
        self._faults: deque[PluginFault] = deque(maxlen=KEPT)
        self._required = _required(require or {})
        limits = _limits(isolate or {}, entry_points=entry_points)
        self._loaded = load(OURS, _listed(listed), from_entry_points=entry_points, isolate=limits)
        self._caller = Caller(self.record)
        self._unregistered: set[str] = set()
        self._calendars: dict[str, KnownCalendar] = {}
        self._unknown_calendars: set[str] = set()
        for fault in self._loaded.faults:
            self.record(fault)

    @property
    def names(self) -> tuple[str, ...]:
        """The plugins that are loaded, in order."""
        return tuple(self._loaded.names)

    @property
    def faults(self) -> tuple[PluginFault, ...]:
        """The faults recorded in this process, oldest first, at most 1,000."""
        return tuple(self._faults)

    def close(self) -> None:
        """End every worker process; a call after this would start its own again."""
        for worker in self._loaded.workers:
            worker.close()

    def record(self, fault: PluginFault) -> None:
        """Write down a fault, log it, and tell whoever listens."""
        self._faults.append(fault)
        logger.warning("plugin %s %s %s: %s", fault.plugin, fault.hook, fault.what, fault.message)
        quiet = Caller(self._faults.append, self._caller.clock)
        for each in self._loaded.hooks["pharmacrm_fault"]:
            if each.plugin != fault.plugin:
                quiet.call(each, FaultContext(fault=fault), nothing)

    def explain(self, hook: str = "") -> str:
        """Who implements a hook, in order of call, with the faults recorded; all hooks by default."""
        wanted = [name for name in HOOKS if hook in {"", name, name.removeprefix("pharmacrm_")}]
        if not wanted:
            message = f"the hooks are {', '.join(HOOKS)}"
            raise MalformedInput("hook.unknown", message, field="hook", value=hook)
        lines = []
        for name in wanted:
            lines.append(name)
            lines += [f"  {place}. {_said(each)}" for place, each in enumerate(self._loaded.hooks[name], 1)]
        shown = [fault for fault in self.faults if not hook or fault.hook in {"", *wanted}]
        lines.append("faults")
        lines += [f"  {fault.plugin} {fault.hook} {fault.what}: {fault.message}" for fault in shown]
        lines += [f"  required but not loaded: {name}" for name in self._missing()]
        return "\n".join(lines)

    def _missing(self) -> list[str]:
        there = set(self._loaded.names) - self._unregistered
        return [name for name in self._required if name not in there]

    def domains(self) -> list[Domain]:
        """Every domain that a plugin registers, ours first; one that cannot join is a fault of its plugin."""
        found: list[Domain] = []
        taken = Taken()

        def joined(answer: object) -> tuple[Domain, ...]:
            domains = as_domains(answer)
            taken.join(domains)
            return domains

        registering = self._loaded.hooks["pharmacrm_register"]
        for each in sorted(registering, key=lambda one: one.plugin != our_domains.name):
            answer = self._caller.call(each, RegisterContext(api=API), joined)
            if not isinstance(answer, Failed):
                found += answer
            elif each.plugin == our_domains.name:
                raise PluginFailure(f"the domains of pharmacrm itself cannot be registered: {answer.why}")
            else:
                self._unregistered.add(each.plugin)
        return found

    def store(self, context: StoreContext) -> Store:
        """The store for a URL: the first plugin that knows it. What it says about the URL is raised."""
        for each in self._loaded.hooks["pharmacrm_store"]:
            store = self._caller.call(each, context, as_store, through=(PharmaCRMError,))
            if store is not None and not isinstance(store, Failed):
                return store
        raise MalformedInput("store.url", "no plugin knows a store for this URL", field="url")

    def calendar(self, tenant: Tenant) -> WorkCalendar:
        """The tenant's calendar; of one that nobody knows, weekends are off and every year is unpublished."""
        context = CalendarContext(tenant=tenant.id, name=tenant.calendar)
        for each in self._loaded.hooks["pharmacrm_calendar"]:
            known = self._calendars.setdefault(each.plugin, KnownCalendar())
            answer = self._caller.call(each, context, known.understood)
            if answer is not None and not isinstance(answer, Failed):
                return answer
        self._no_calendar(tenant.calendar)
        return WorkCalendar(tenant.calendar, published=frozenset())

    def approvers(self, wanted: Appointment, read: Reads) -> Appointed | NotAppointed | None:
        """Whom the first plugin names that knows a word of an approval route."""
        return appointed(self._caller, self._loaded.hooks["pharmacrm_approvers"], wanted, read)

    def signature(self, wanted: ToSign, read: Reads) -> Signature | NotConfirmed:
        """What the first plugin says that confirms signatures of this person."""
        return confirmed(self._caller, self._loaded.hooks["pharmacrm_signature"], wanted, read)

    def _no_calendar(self, name: str) -> None:
        if name not in self._unknown_calendars:
            self._unknown_calendars.add(name)
            message = f"no plugin gives the calendar {readable(name, 64)}: weekends alone are off"
            self.record(PluginFault(plugin="", hook="pharmacrm_calendar", what="unknown", message=message))

    def check(self, command: Command[Any], decision: Decision[Any], read: Reads) -> list[Reason]:
        """What every guard says of a command; one that fails, or a required one that is missing, holds it."""
        outside_hooks()
        missing = [name for name in self._missing() if type(command) in self._required[name]]
        reasons = without_guard(command, read, missing, self._loaded.broken_guards)
        for each in self._loaded.hooks["pharmacrm_check"]:
            reasons += asked(self._caller, each, command, decision.reasons, read)
        return reasons

    def destinations(self, events: Iterable[Event]) -> dict[str, tuple[str, ...]]:
        """For each topic of these events, the plugins that want it."""
        listeners = self._loaded.hooks["pharmacrm_deliver"]
        if not listeners:
            return {}
        topics = {event.topic() for event in events}
        return {topic: tuple(each.plugin for each in listeners if _wants(each, topic)) for topic in topics}

    @property
    def all_destinations(self) -> tuple[str, ...]:
        """Every plugin that can deliver."""
        return tuple(each.plugin for each in self._loaded.hooks["pharmacrm_deliver"])

    def deliver(self, destination: str, context: DeliverContext) -> Result | Failed:
        """Let one plugin carry one notice."""
        for each in self._loaded.hooks["pharmacrm_deliver"]:
            if each.plugin == destination:
                return self._caller.call(each, context, as_result)
        return Failed("the plugin is not loaded")

    def pull(
        self, source: str, context: PullContext, kinds: Mapping[str, type]
    ) -> Pulled | RetryAfter | Failed:
        """What the plugin of this name has after a cursor; its commands are of these kinds.

        Raises:
            PluginFailure: `plugin.not_loaded`, if no plugin of this name can be pulled from.

        """
        for each in self._loaded.hooks["pharmacrm_pull"]:
            if each.plugin == source:
                return self._caller.call(each, context, understood_by(context, kinds))
        raise PluginFailure(f"no plugin {readable(source, 64)} to pull from is loaded", "plugin.not_loaded")

    @property
    def anchors(self) -> tuple[str, ...]:
        """Every plugin that keeps seals outside."""
        return tuple(each.plugin for each in self._loaded.hooks["pharmacrm_anchor"])

    def anchor(self, plugin: str, context: AnchorContext) -> Failed | None:
        """Let one plugin keep one seal."""
        return self._asked("pharmacrm_anchor", plugin, context, nothing)

    def anchored(self, plugin: str, tenant: str) -> tuple[Anchor, ...] | Failed:
        """What one plugin has kept of a tenant's seals."""
        return self._asked("pharmacrm_anchored", plugin, AnchoredContext(tenant=tenant), anchors_of(tenant))

    def _asked(self, hook: str, plugin: str, context: object, understood: Callable[[Any], T]) -> T | Failed:
        for each in self._loaded.hooks[hook]:
            if each.plugin == plugin:
                return self._caller.call(each, context, understood)
        return Failed(f"the plugin has no function {hook}")


def _said(each: Implementation) -> str:
    return each.plugin if each.limit is None else f"{each.plugin} (isolated, limit {each.limit:g} s)"


def _wants(each: Implementation, topic: str) -> bool:
    return "*" in each.topics or topic in each.topics


def _listed(plugins: Any) -> tuple[object, ...]:
    if not isinstance(plugins, (tuple, list)):
        raise MalformedInput(
            "plugins.type", "a list or tuple of plugins is wanted", field="plugins", value=plugins
        )
    return tuple(plugins)


def _limits(isolate: Any, *, entry_points: bool) -> dict[str, float]:
    wanted = "name entry points with their limits in seconds, such as {'bureau': 2.0}"
    problem = MalformedInput("plugins.isolate", wanted, field="isolate", value=isolate)
    if not isinstance(isolate, Mapping) or not all(type(name) is str for name in isolate):
        raise problem
    if isolate and not entry_points:
        message = "only entry points are isolated by name: list others as Isolated(...)"
        raise MalformedInput("plugins.isolate", message, field="isolate", value=isolate)
    return {name: as_limit(limit) for name, limit in isolate.items()}


def _required(require: Any) -> dict[str, tuple[type[Command[Any]], ...]]:
    wanted = "name plugins with the commands that need them, such as {'stock': (PlaceOrder,)}"
    problem = MalformedInput("plugins.require", wanted, field="require", value=require)
    if not isinstance(require, Mapping):
        raise problem
    is_command: Callable[[object], bool] = lambda kind: isinstance(kind, type) and issubclass(kind, Command)  # noqa: E731
    for name, commands in require.items():
        if type(name) is not str or not isinstance(commands, (tuple, list, set, frozenset)):
            raise problem
        if not all(is_command(kind) for kind in commands):
            raise problem
    return {name: tuple(commands) for name, commands in require.items()}
