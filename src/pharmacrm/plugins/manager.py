"""The plugin manager: which plugins there are, what each hook answers, and what went wrong."""

import logging
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pharmacrm.core.kernel.calendar import WEEKENDS, WorkCalendar
from pharmacrm.core.kernel.change import Event
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import MalformedInput, PluginFailure
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.plugins import domains as our_domains
from pharmacrm.plugins.calendars import plugin as our_calendars
from pharmacrm.plugins.calling import FAILED, KEPT, Caller
from pharmacrm.plugins.codes import PLUGIN_FAULT, PLUGIN_MISSING
from pharmacrm.plugins.hookspecs import API
from pharmacrm.plugins.loading import HOOKS, Implementation, load
from pharmacrm.plugins.storage import plugin as our_stores
from pharmacrm.plugins.types import (
    CalendarContext,
    CheckContext,
    DeliverContext,
    Delivered,
    FaultContext,
    PluginFault,
    RegisterContext,
    Reject,
    Result,
    RetryAfter,
    StoreContext,
)

logger = logging.getLogger("pharmacrm.plugins")

OURS = (our_domains, our_stores, our_calendars)
MOST_REASONS = 1000
"""Reasons that one guard may give."""

Required = Mapping[str, Sequence[type[Command[Any]]]]


class Plugins:
    """All plugins of one door. Listed ones run in their order, entry points after them by name, ours last."""

    def __init__(self, listed: Sequence[object] = (), *, entry_points: bool = False, require: Required | None = None):
        self._faults: deque[PluginFault] = deque(maxlen=KEPT)
        self._loaded = load(OURS, listed, from_entry_points=entry_points)
        self._caller = Caller(self.record)
        self._required = {name: tuple(commands) for name, commands in (require or {}).items()}
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

    def record(self, fault: PluginFault) -> None:
        """Write down a fault, log it, and tell whoever listens."""
        self._faults.append(fault)
        logger.warning("plugin %s %s %s: %s", fault.plugin, fault.hook, fault.what, fault.message)
        for each in self._loaded.hooks["pharmacrm_fault"]:
            if each.plugin != fault.plugin:
                Caller(self._faults.append).call(each, FaultContext(fault=fault), lambda answer: answer is None)

    def explain(self, hook: str = "") -> str:
        """Who implements a hook, in order of call, with the faults recorded; all hooks by default."""
        wanted = [name for name in HOOKS if hook in {"", name, name.removeprefix("pharmacrm_")}]
        if not wanted:
            raise MalformedInput("hook.unknown", f"the hooks are {', '.join(HOOKS)}", field="hook", value=hook)
        lines = []
        for name in wanted:
            lines.append(name)
            lines += [f"  {place}. {each.plugin}" for place, each in enumerate(self._loaded.hooks[name], 1)]
        shown = [fault for fault in self._faults if not hook or fault.hook in {"", *wanted}]
        lines += ["faults", *(f"  {fault.plugin} {fault.hook} {fault.what}: {fault.message}" for fault in shown)]
        lines += [f"  required but not loaded: {name}" for name in self._missing()]
        return "\n".join(lines)

    def _missing(self) -> list[str]:
        return [name for name in self._required if name not in self._loaded.names]

    def domains(self) -> list[Domain]:
        """Every domain that any plugin registers, ours first."""
        found: list[Domain] = []
        for each in reversed(self._loaded.hooks["pharmacrm_register"]):
            answer = self._caller.call(each, RegisterContext(api=API), _is_domains)
            if answer is FAILED and each.plugin == "domains":
                raise PluginFailure("the domains of pharmacrm itself cannot be registered")
            if answer is not FAILED:
                found += [answer] if isinstance(answer, Domain) else answer
        return found

    def store(self, context: StoreContext) -> Any:
        """The store for a URL: the first plugin that knows it. What a store says about the URL is not caught."""
        for each in self._loaded.hooks["pharmacrm_store"]:
            store = each.function(context)
            if store is not None:
                return store
        raise MalformedInput("store.url", "no plugin knows a store for this URL", field="url")

    def calendar(self, tenant: Tenant) -> WorkCalendar:
        """The tenant's calendar; one that nobody knows is a fault, and weekends alone are off."""
        context = CalendarContext(tenant=tenant.id, name=tenant.calendar)
        for each in self._loaded.hooks["pharmacrm_calendar"]:
            answer = self._caller.call(each, context, lambda found: found is None or type(found) is WorkCalendar)
            if answer is not FAILED and answer is not None:
                return answer  # type: ignore[no-any-return]
        return WEEKENDS

    def check(self, command: Command[Any], decision: Decision[Any], read: Reads) -> list[Reason]:
        """What every guard says of a command; one that fails, or a required one that is missing, holds it."""
        reasons = [PLUGIN_MISSING(command.subject, observed=name) for name in self._missing_for(command)]
        reasons += [PLUGIN_FAULT(command.subject, observed=name) for name in self._loaded.broken_guards]
        guards = self._loaded.hooks["pharmacrm_check"]
        if not guards:
            return reasons
        context = CheckContext(
            tenant=read.tenant.id,
            command=command,
            actor=read.actor,
            roles=read.roles,
            on=read.on,
            at=read.at,
            reasons=decision.reasons,
            read=read,
        )
        for each in guards:
            answer = self._caller.call(each, context, _is_reasons)
            if answer is FAILED:
                reasons.append(PLUGIN_FAULT(command.subject, observed=each.plugin))
            else:
                reasons += answer or ()
        return reasons

    def _missing_for(self, command: Command[Any]) -> list[str]:
        if not self._required:
            return []
        return [name for name in self._missing() if type(command) in self._required[name]]

    def destinations(self, events: Iterable[Event]) -> dict[str, tuple[str, ...]]:
        """For each topic of these events, the plugins that want it."""
        listeners = self._loaded.hooks["pharmacrm_deliver"]
        if not listeners:
            return {}
        return {
            event.topic(): tuple(each.plugin for each in listeners if _wants(each, event.topic())) for event in events
        }

    @property
    def all_destinations(self) -> tuple[str, ...]:
        """Every plugin that can deliver."""
        return tuple(each.plugin for each in self._loaded.hooks["pharmacrm_deliver"])

    def deliver(self, destination: str, context: DeliverContext) -> Result | None:
        """Let one plugin carry one notice; None where it failed."""
        for each in self._loaded.hooks["pharmacrm_deliver"]:
            if each.plugin == destination:
                answer = self._caller.call(each, context, _is_result)
                return None if answer is FAILED else answer
        return None


def _wants(each: Implementation, topic: str) -> bool:
    topics = getattr(each.owner, "topics", ("*",))
    return "*" in topics or topic in topics


def _is_domains(answer: object) -> bool:
    if isinstance(answer, (list, tuple)):
        return all(type(each) is Domain for each in answer)
    return type(answer) is Domain


def _is_reasons(answer: object) -> bool:
    if answer is None:
        return True
    if type(answer) not in {list, tuple}:
        return False
    assert isinstance(answer, (list, tuple))  # noqa: S101
    return len(answer) <= MOST_REASONS and all(_is_reason(each) for each in answer)


def _is_reason(each: object) -> bool:
    if type(each) is not Reason:
        return False
    texts = (each.code, each.subject, each.field, each.message, each.message_zh, each.observed, each.expected)
    return all(type(text) is str and len(text) <= MOST_REASONS for text in texts)


def _is_result(answer: object) -> bool:
    if type(answer) is RetryAfter:
        return type(answer.seconds) is int and answer.seconds >= 0
    return type(answer) in {Delivered, Reject}
