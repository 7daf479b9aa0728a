"""The demonstration for somebody who watches: progress while it works, and the summary at the end."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TextIO

from pharmacrm.demo.run import run
from pharmacrm.demo.scale import Scale
from pharmacrm.demo.story import Progress


def show(folder: Path, scale: Scale, out: TextIO | None = None) -> None:
    """Tell the story in a folder, and print what came of it."""
    out = out or sys.stdout
    _speak_utf8(out)
    print(f"pharmacrm demo: {scale}", file=out)
    with _progress(out) as progress:
        told = run(folder, scale, progress)
    print(f"\n{told.text}", file=out)


def _speak_utf8(out: TextIO) -> None:
    """A console that knows no Chinese shows question marks instead of failing."""
    reconfigure = getattr(out, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")


@contextmanager
def _progress(out: TextIO) -> Iterator[Progress]:
    """A bar on a terminal with `rich`, else a line each month."""
    try:
        from rich.console import Console
        from rich.progress import Progress as Bar
    except ImportError:
        yield _Monthly(out)
        return
    if not out.isatty():
        yield _Monthly(out)
        return
    with Bar(console=Console(file=out), transient=True) as bar:
        task = bar.add_task("")

        def move(day: date, number: int, of: int) -> None:
            bar.update(task, description=day.isoformat(), completed=number, total=of)

        yield move


class _Monthly:
    """Prints a line for each month that is told."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._days = 0
        self._month = ""

    def __call__(self, day: date, number: int, of: int) -> None:
        """Count the day; a new month prints the one before, the last day its own."""
        month = f"{day:%Y-%m}"
        if self._month not in {"", month}:
            self._say(number - 1, of)
        self._month = month
        if number == of:
            self._say(number, of)

    def _say(self, number: int, of: int) -> None:
        print(f"{self._month} is told: {number} of {of} working days", file=self._out, flush=True)
