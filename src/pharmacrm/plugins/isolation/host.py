"""The host's side of an isolated plugin: asks its worker, keeps its limit, starts it anew when it died."""

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

from attrs import define, field

from pharmacrm.core.kernel.calendar import WorkCalendar
from pharmacrm.core.kernel.codec import loads
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.isolation.channel import LONGEST, Closed, TooLate, TooLong, line_of
from pharmacrm.plugins.isolation.isolated import Isolated
from pharmacrm.plugins.isolation.process import Process
from pharmacrm.plugins.isolation.reading import served
from pharmacrm.plugins.isolation.travelling import answered, context_plain
from pharmacrm.plugins.wall.shielding import Outside, readable

START: Final = 30.0
"""Seconds in which a worker has to start, import its plugin and say what it is."""

MOST_STARTS: Final = 5
REST: Final = 60.0
"""A plugin whose worker was started five times within so many seconds is not asked until they are over."""


@define(eq=False)
class Worker:
    """One plugin's worker process: there while it is needed, one call at a time."""

    plugin: Isolated
    name: str = ""
    clock: Callable[[], float] = time.monotonic
    start: Callable[[], Process] = Process
    _process: Process | None = field(default=None, init=False)
    _starts: deque[float] = field(factory=lambda: deque(maxlen=MOST_STARTS), init=False)
    _calls: int = field(default=0, init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)
    _owner: int = field(factory=os.getpid, init=False)
    _calendar: tuple[Any, WorkCalendar | None] = field(default=(None, None), init=False)

    @property
    def pid(self) -> int | None:
        """The process id of the worker, while there is one."""
        return None if self._process is None else self._process.pid

    def described(self) -> Mapping[str, Any]:
        """Start the worker, which says what the plugin is: `name`, `hooks` and `topics`."""
        with self._alone():
            return self._started()

    def ask(self, hook: str, context: Any) -> Any:
        """What the plugin answers; a call that goes wrong in any way raises Outside."""
        with self._alone():
            if self._process is None:
                self._started()
            self._calls += 1
            call = {"call": self._calls, "hook": hook, "context": context_plain(context)}
            with self._or_end():
                reply = self._exchanged(call, getattr(context, "read", None))
        if "wrong" in reply:
            what, message = _two_texts(reply["wrong"])
            raise Outside("type" if what == "type" else "raised", readable(message))
        return self._understood(hook, reply.get("answer"))

    def close(self) -> None:
        """End the worker; another call would start it again."""
        with self._alone():
            self._end()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One thread at a time; a fork of the host begins anew, whoever held the lock in the parent."""
        if self._owner != os.getpid():
            self._owner, self._lock, self._process = os.getpid(), threading.Lock(), None
        with self._lock:
            yield

    def _started(self) -> Mapping[str, Any]:
        self._end()
        now = self.clock()
        if len(self._starts) == MOST_STARTS and now - self._starts[0] < REST:
            message = f"its worker was started {MOST_STARTS} times within {REST:.0f} s: it is not asked now"
            raise Outside("resting", message)
        self._starts.append(now)
        hello = {
            "plugin": self.plugin.plugin,
            "arguments": dict(self.plugin.arguments),
            "name": self.name,
            "limit": self.plugin.limit,
        }
        with self._or_end(START):
            self._process = self.start()
            deadline = self.clock() + START
            self._process.channel.send(line_of(hello), deadline)
            said = _plain(self._process.channel.receive(deadline))
            if "unusable" in said:
                raise Outside("not loaded", readable(str(said["unusable"])))
            return said

    def _exchanged(self, call: Mapping[str, Any], read: Any) -> Mapping[str, Any]:
        """Send a call, serve the reads that it asks for, and give its reply; the store's time is its own."""
        assert self._process is not None, "a call begins with a worker"  # noqa: S101 - for the type checker
        channel, deadline = self._process.channel, self.clock() + self.plugin.limit
        channel.send(line_of(call), deadline)
        while True:
            said = _plain(channel.receive(deadline))
            if said.get("call") != call["call"]:
                raise Outside("died", "its worker spoke out of turn")
            if "read" not in said:
                return said
            begun = self.clock()
            answer = line_of(served(read, said))
            deadline += self.clock() - begun
            channel.send(answer, deadline)

    def _understood(self, hook: str, plain: Any) -> Any:
        """The answer; a calendar that was given before is the same object again, as the inline one's is."""
        if self._calendar[1] is not None and plain == self._calendar[0]:
            return self._calendar[1]
        try:
            answer = answered(hook, plain)
        except (MalformedInput, TypeError, ValueError, KeyError, AttributeError):
            raise Outside("type", "answered with what its hook does not know") from None
        if type(answer) is WorkCalendar:
            self._calendar = (plain, answer)
        return answer

    @contextmanager
    def _or_end(self, limit: float = 0.0) -> Iterator[None]:
        """End the worker whatever goes wrong, and say what it was."""
        try:
            yield
        except BaseException as error:
            self._end()
            if type(error) in _WRONG:
                what, message = _WRONG[type(error)]
                raise Outside(what, message.format(limit or self.plugin.limit)) from None
            raise

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.end()


_WRONG: Final[Mapping[type[BaseException], tuple[str, str]]] = {
    TooLate: ("limit", "took longer than {:g} s: its worker was ended"),
    Closed: ("died", "its worker process ended"),
    TooLong: ("type", f"sent more than {LONGEST:,} bytes: its worker was ended"),
}


def _plain(line: bytes) -> Mapping[str, Any]:
    """A message of a worker, read as strictly as anybody's."""
    try:
        said: Any = loads(line.decode())
    except (MalformedInput, UnicodeDecodeError):
        raise Outside("type", "sent what is no JSON of ours") from None
    if type(said) is not dict:
        raise Outside("type", "sent what is no JSON of ours")
    found: Mapping[str, Any] = said
    return found


def _two_texts(pair: Any) -> tuple[str, str]:
    if type(pair) is list and [type(each) for each in pair] == [str, str]:
        return pair[0], pair[1]
    return "raised", "unknown"


class StandIn:
    """What is loaded for an isolated plugin: its name, its topics, and its hooks, which ask the worker."""

    def __init__(self, worker: Worker) -> None:
        said = worker.described()
        self.worker = worker
        self.name = said.get("name", "")
        self.topics: Sequence[str] = said.get("topics", ("*",))
        self.hooks = tuple(said.get("hooks", ()))
        for hook in self.hooks:
            setattr(self, hook, hookimpl(_asking(worker, hook)))


def _asking(worker: Worker, hook: str) -> Callable[[Any], Any]:
    ask = partial(worker.ask, hook)

    def asked(context: Any) -> Any:
        return ask(context)

    return asked
