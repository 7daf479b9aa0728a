"""What the wall around plugins costs, inline and in a worker: `python -m benchmarks.wall [--write]`."""

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.table import BEGIN, END, table
from pharmacrm import CheckContext, Isolated, Stocktaking
from pharmacrm.plugins.isolation.host import Worker
from pharmacrm.plugins.loading import Implementation
from pharmacrm.plugins.wall.answers import as_reasons
from pharmacrm.plugins.wall.calling import Caller
from pharmacrm.plugins.wall.lending import Loan
from pharmacrm.testing.company import an_order

CHECK = "pharmacrm_check"
PAGE = Path(__file__).parent.parent / "docs" / "explanation" / "plugin-faults.md"


def microseconds(call: Callable[[], Any], times: int) -> float:
    """The median time of one call, in microseconds."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        call()
        found.append(time.perf_counter() - begun)
    return median(found) * 1e6


def measure(times: int = 2_000) -> list[tuple[str, str]]:
    """The same guard called by hand, through the wall, and in a worker process."""
    guard = Stocktaking(["2026-12-31"])
    nobody: Any = None  # the guard reads nothing
    context = CheckContext(
        tenant="main",
        command=an_order("SO-1", lines=5, quantity=100),
        actor="zhang.san",
        roles=frozenset({"sales"}),
        on=date(2026, 1, 5),
        at=datetime(2026, 1, 5, tzinfo=UTC),
        reasons=(),
        read=Loan(nobody).facade,
    )
    caller = Caller(lambda _: None)
    walled = Implementation(guard.name, CHECK, guard.pharmacrm_check)
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    bare, begun = time.perf_counter() - begun, time.perf_counter()
    worker = Worker(Isolated("benchmarks.wall:NoOrders", limit=60.0))
    worker.described()
    start = time.perf_counter() - begun
    try:
        by_hand = microseconds(lambda: guard.pharmacrm_check(context), times)
        inline = microseconds(lambda: caller.call(walled, context, as_reasons), times)
        isolated = microseconds(lambda: worker.ask(CHECK, context), times)
    finally:
        worker.close()
    return [
        ("a guard called by hand, microseconds", f"{by_hand:.1f}"),
        ("the same through the wall, microseconds", f"{inline:.1f}"),
        ("the same in a worker process, microseconds", f"{isolated:.0f}"),
        ("start of a bare interpreter, milliseconds", f"{bare * 1000:.0f}"),
        ("start of a worker process with its plugin, milliseconds", f"{start * 1000:.0f}"),
    ]


class NoOrders(Stocktaking):
    """The guard without the hook that cannot be isolated."""

    pharmacrm_register = None  # type: ignore[assignment]  # pluggy sees no hook where it is None

    def __init__(self) -> None:
        super().__init__(["2026-12-31"])


def main() -> None:
    """Measure, print, and write the page if asked."""
    found = table(measure())
    sys.stdout.write(found + "\n")
    if "--write" in sys.argv:
        before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{found}\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
