"""Doing a thing once, or again and again until the process is told to end."""

import signal
import threading
from collections.abc import Callable


def repeated(work: Callable[[], float | None], every: float) -> None:
    """Do it once; with `every` above 0 do it again after so many seconds, until SIGTERM or SIGINT.

    Work that knows when there is more to do answers in how many seconds, and is not kept waiting longer. The
    signal lets the work that is under way end first.
    """
    soon = work()
    if every <= 0:
        return
    ended = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: ended.set())
    while not ended.wait(every if soon is None else min(every, soon)):
        soon = work()
