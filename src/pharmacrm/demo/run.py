"""The demonstration as one call: it opens the store in a folder, tells the story, and reads the summary."""

from pathlib import Path
from time import perf_counter

from attrs import frozen

from pharmacrm.crm import PharmaCRM, SimulatedClock, connect
from pharmacrm.demo import questions
from pharmacrm.demo.company import clock_of_the_story
from pharmacrm.demo.scale import Scale
from pharmacrm.demo.story import Progress, silent, tell
from pharmacrm.demo.summary import summary
from pharmacrm.demo.tables import Section
from pharmacrm.plugins.erp import CsvFolder
from pharmacrm.plugins.notifications import JsonLines

DATABASE, FOLDER = "pharmacrm-demo.db", "pharmacrm-demo"
TOPICS = (
    "OrderSubmitted",
    "OrderReleased",
    "OrderRejected",
    "OrderCancelled",
    "HoldPlaced",
    "HoldReleased",
    "GoodsIssued",
    "LotHeld",
    "ReceiptReversed",
)


@frozen(kw_only=True)
class Told:
    """What one run brought: the summary, the files, and what was added in how many seconds."""

    sections: tuple[Section, ...]
    files: tuple[str, ...]
    days: int
    orders: int
    seconds: float

    @property
    def closing(self) -> Section:
        """The files, and the time."""
        if not self.orders:
            pace = f"Nothing was added: the story was told before ({self.seconds:.1f} s)."
        else:
            pace = (
                f"{self.orders} orders in {self.days} working days: "
                f"{self.seconds:.1f} s, {self.orders / self.seconds:.0f} orders/s"
            )
        return Section(title="Files 文件", text="\n".join((*self.files, pace)))

    @property
    def text(self) -> str:
        """The whole summary as plain text."""
        return "\n\n".join(section.plain() for section in (*self.sections, self.closing))


def open_in(folder: Path) -> tuple[PharmaCRM, SimulatedClock]:
    """Open the store of a folder with the story's clock, a notifier and an ERP adapter."""
    out = folder / FOLDER
    (out / "erp").mkdir(parents=True, exist_ok=True)
    clock = clock_of_the_story()
    notices = JsonLines(out / "notices.jsonl", topics=TOPICS)
    plugins = (questions, notices, CsvFolder(out / "erp"))
    return connect(f"sqlite:///{folder / DATABASE}", clock=clock, plugins=plugins), clock


def run(folder: Path, scale: Scale, progress: Progress = silent) -> Told:
    """Tell the story in a folder: `pharmacrm-demo.db`, and beside it the notices and the ERP's files."""
    started = perf_counter()
    crm, clock = open_in(folder)
    try:
        days, orders = tell(crm, clock, scale, progress)
        return Told(
            sections=tuple(summary(crm)),
            files=_files(folder),
            days=days,
            orders=orders,
            seconds=perf_counter() - started,
        )
    finally:
        crm.close()


def _files(folder: Path) -> tuple[str, ...]:
    out = folder / FOLDER
    with (out / "notices.jsonl").open("rb") as file:
        notices = sum(1 for _ in file)
    released = sum(1 for _ in (out / "erp").glob("*.csv"))
    return (
        f"{folder / DATABASE}",
        f"{out / 'notices.jsonl'} ({notices} notices)",
        f"{out / 'erp'} ({released} released orders)",
    )
