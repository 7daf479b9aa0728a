"""What belongs to the whole process and a plugin may have changed: looked at before and after each call.

Looking is cheap (a few microseconds); only what did change is put back, and is a recorded fault. In a host
with many threads a change made by another thread during a call is put down to the plugin.

Not here, on purpose: the state of `random` (putting it back would give a plugin the same numbers in each
call), threads and open files (a process with many of them cannot say whose they are), the rest of the
environment.
"""

import datetime as dt
import locale
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

PATCHABLE: Final[tuple[tuple[str, Any, str], ...]] = (
    ("datetime", dt, "datetime"),
    ("datetime", dt, "date"),
    ("time", time, "time"),
    ("time", time, "monotonic"),
    ("time", time, "perf_counter"),
    ("stdout", sys, "stdout"),
    ("stderr", sys, "stderr"),
)
"""What is replaced now and then: the name in a fault, where it stands, and under which name there."""


@contextmanager
def restored(changed: Callable[[str], None]) -> Iterator[None]:
    """Put back what a call changed of the process, and name each thing."""
    zone = os.environ.get("TZ"), time.tzname
    spoken = locale.setlocale(locale.LC_ALL)
    filters = [*warnings.filters]
    stood = [vars(where)[name] for _, where, name in PATCHABLE]
    try:
        yield
    finally:
        _put_back(stood, changed)
        if (os.environ.get("TZ"), time.tzname) != zone:
            _set_zone(zone[0])
            changed("time zone")
        if locale.setlocale(locale.LC_ALL) != spoken:
            locale.setlocale(locale.LC_ALL, spoken)
            changed("locale")
        if warnings.filters != filters:
            warnings.resetwarnings()  # makes Python forget what it decided by the filters in between
            known: Any = warnings.filters  # a list, though typed as a sequence
            known[:] = filters
            changed("warning filters")


def _put_back(stood: list[Any], changed: Callable[[str], None]) -> None:
    for (called, where, name), was in zip(PATCHABLE, stood, strict=True):
        if vars(where).get(name) is not was:
            setattr(where, name, was)
            changed(called)


def _set_zone(name: str | None) -> None:
    if name is None:
        with suppress(KeyError):
            del os.environ["TZ"]
    else:
        os.environ["TZ"] = name
    if hasattr(time, "tzset"):
        time.tzset()
