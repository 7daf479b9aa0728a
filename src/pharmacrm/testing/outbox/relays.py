"""Relays: processes that hand out notices for ever, and whoever kills, stops and replaces them."""

import logging
import multiprocessing
import os
import random
import signal
import time
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from attrs import define, field, frozen

from pharmacrm.testing.outbox.house import FASTER, opened
from pharmacrm.testing.outbox.planted import PlantedStore
from pharmacrm.testing.outbox.sink import Sink, SinkPlugin

LEASE: Final = 60 / FASTER
STOPPED: Final = 1.5 * LEASE
"""Seconds of the wall for which a relay is stopped: longer than its lease."""

SILENT: Final = 4 * LEASE
"""Seconds of the wall after which a relay that hands out nothing more is taken for hung, and killed."""


@frozen
class Post:
    """What a relay has to know."""

    url: str
    start: float
    sink: Sink
    planted: bool = False


def run(post: Post, alive: str) -> None:
    """One relay: it touches its file after every notice, so that one that hangs is seen."""
    logging.disable(logging.WARNING)  # the faults are meant
    plugins = [PlantedStore()] if post.planted else []
    crm = opened(post.url, post.start, (*plugins, SinkPlugin(post.sink)))
    while True:
        Path(alive).touch()
        done = crm.deliver(limit=1)
        if not done.delivered and not done.postponed and not done.dead:
            time.sleep(0.02)


@define
class Crew:
    """So many relays, always: those that died are replaced."""

    post: Post
    folder: Path
    size: int
    chance: random.Random
    deaths: int = 0
    hung: int = 0
    relays: dict[BaseProcess, Path] = field(factory=dict)
    asleep: dict[BaseProcess, float] = field(factory=dict)
    began: int = 0

    def look_after(self) -> None:
        """Wake who slept long enough, end who hangs, replace who died."""
        now = time.monotonic()
        for relay in [each for each, until in self.asleep.items() if until <= now]:
            del self.asleep[relay]
            self._tell(relay, signal.SIGCONT)
        for relay, alive in list(self.relays.items()):
            if not relay.is_alive():
                relay.join()
                del self.relays[relay]
                self.asleep.pop(relay, None)
                self.deaths += 1
            elif relay not in self.asleep and time.time() - alive.stat().st_mtime > SILENT:
                self.hung += 1
                self._tell(relay, signal.SIGKILL)
                relay.join()
        while len(self.relays) < self.size:
            self._begin()

    def _begin(self) -> None:
        self.began += 1
        alive = self.folder / f"relay-{self.began}"
        alive.touch()
        # Nothing runs on before it is needed: a server that forks has everything imported already.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["pharmacrm.testing.outbox.warm"])
        relay = context.Process(target=run, args=(self.post, str(alive)), daemon=True)
        relay.start()
        os.utime(alive, (time.time() + SILENT, time.time() + SILENT))  # it has to connect first
        self.relays[relay] = alive

    def kill_one(self) -> None:
        """End any relay without a word."""
        self._tell(self.chance.choice(list(self.relays)), signal.SIGKILL)

    def stop_one(self) -> None:
        """Stop any relay that runs, for longer than its lease."""
        awake = [each for each in self.relays if each not in self.asleep]
        if awake:
            relay = self.chance.choice(awake)
            self.asleep[relay] = time.monotonic() + STOPPED
            self._tell(relay, signal.SIGSTOP)

    def end(self) -> None:
        """End everybody."""
        for relay in self.relays:
            self._tell(relay, signal.SIGKILL)
            relay.join()
        self.relays.clear()

    def _tell(self, relay: BaseProcess, what: signal.Signals) -> None:
        if relay.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(relay.pid, what)
