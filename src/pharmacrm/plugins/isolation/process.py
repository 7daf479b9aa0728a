"""One worker process: started with one end of a pair of sockets, ended with everything that it started.

It is spawned, never forked, so that it shares no connection, lock or thread with the host. It ends when its
door closes, when the host ends, and (because its socket closes) when the host is killed.
"""

import json
import os
import signal
import socket
import sys
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from pharmacrm.plugins.isolation.channel import LONGEST, Channel
from pharmacrm.plugins.wall.shielding import Outside

if TYPE_CHECKING:
    import subprocess

BOOT: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[2]); "
    "from pharmacrm.plugins.isolation.worker import main; main(int(sys.argv[1]))"
)
"""What the worker runs: it finds modules where the host finds them."""


class Process:
    """A running worker, and our end of its channel."""

    def __init__(self) -> None:
        if os.name != "posix":
            raise Outside("not loaded", "worker processes want a POSIX system")
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                popen = _started(theirs.fileno())
            except OSError:
                ours.close()
                raise Outside("died", "no worker process could be started") from None
        self.owner = os.getpid()
        self.channel = Channel(ours, longest=LONGEST)
        self._pid = popen.pid
        self._end = weakref.finalize(self, _ended, popen, ours, self.owner)
        _running.add(self)

    @property
    def pid(self) -> int:
        """The worker's process id."""
        return self._pid

    def end(self) -> None:
        """Kill the worker and its children, and wait until it is gone; done at the host's end by itself."""
        self._end()

    def leave(self) -> None:
        """In a fork of the host: let go of a worker that belongs to the parent."""
        self.channel.socket.close()


_running: "weakref.WeakSet[Process]" = weakref.WeakSet()


def _started(number: int) -> "subprocess.Popen[bytes]":
    """What the plugin prints goes nowhere; what it logs goes where the host's errors go."""
    import subprocess
    from multiprocessing import spawn

    where = json.dumps([path for path in sys.path if isinstance(path, str)])
    executable = os.fsdecode(spawn.get_executable() or sys.executable)
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own text
        [executable, "-c", BOOT, str(number), where],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=(number,),
        start_new_session=True,
    )


def _ended(popen: "subprocess.Popen[bytes]", ours: socket.socket, owner: int) -> None:
    ours.close()
    if os.getpid() != owner:
        popen.returncode = 0  # the parent waits for it, not we
        return
    with suppress(ProcessLookupError, PermissionError):
        # Before waiting: a process that was not waited for keeps its number, so that nobody else is hit.
        os.killpg(popen.pid, signal.SIGKILL)
    popen.wait()


def _left_in_fork() -> None:
    for process in tuple(_running):
        process.leave()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_left_in_fork)
