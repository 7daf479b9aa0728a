"""The folder ERP killed at every disk call and every commit: `python -m pharmacrm.testing.pulling`.

A child process takes in a folder of files and is ended without warning at its n-th call to the disk or the
database; another one goes on where it stopped. Whatever n is, the books are those of an undisturbed run. The
control is an adapter that puts a file away before its cursor came back: a kill then loses rows, and is found.
"""

import json
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from pharmacrm.core.credit import CreditLine
from pharmacrm.core.kernel.codec import plain_fields
from pharmacrm.core.kernel.query import Query
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.people import RegisterStaff
from pharmacrm.core.prices import PriceItem
from pharmacrm.core.products import Product
from pharmacrm.core.pull import PullRun, QuarantinedItem
from pharmacrm.core.receivables import Receipt
from pharmacrm.core.stock import StockSnapshot
from pharmacrm.crm import PharmaCRM, SimulatedClock, connect
from pharmacrm.plugins.erp import CsvFolder
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.storage.sql.session import SqlSession
from pharmacrm.plugins.types import PullContext, Pulled, RetryAfter
from pharmacrm.testing.company import ADMIN, found_company
from pharmacrm.testing.report import Control, Report, Stopwatch, arguments, concluded

KILLED: Final = 9
LIMIT: Final = 3
SOURCE: Final = "erp"
BOOKS: Final[tuple[type[Entity], ...]] = (
    Product, PriceItem, Receipt, StockSnapshot, CreditLine, QuarantinedItem,
)  # fmt: skip
AUDITED: Final = {"open", "os.rename", "os.mkdir", "os.remove"}


class Eager(CsvFolder):
    """The planted fault: it puts each file away as it is read."""

    @hookimpl
    def pharmacrm_pull(self, context: PullContext) -> Pulled | RetryAfter:
        """Give rows and move their file, which is too early."""
        answer = super().pharmacrm_pull(context)
        if isinstance(answer, Pulled) and answer.items:
            for path in list(self._eager.glob(f"{answer.document.removesuffix('.csv')}.*")):
                path.unlink()
        return answer

    def __init__(self, folder: Path, *, inbox: Path, name: str) -> None:
        super().__init__(folder, inbox=inbox, name=name)
        self._eager = inbox


def opened(root: Path, adapter: type[CsvFolder] = CsvFolder) -> PharmaCRM:
    """The door to the books in a folder."""
    erp = adapter(root / "out", inbox=root / "in", name=SOURCE)
    return connect(f"sqlite:///{root / 'crm.db'}", clock=SimulatedClock(), plugins=[erp], durable=False)


def founded(root: Path, rng: random.Random, rows: int) -> None:
    """A company, the account of its ERP, and the ERP's files."""
    for name in ("in", "out"):
        (root / name).mkdir()
    crm = opened(root)
    found_company(crm)
    crm.do(RegisterStaff(id=SOURCE, name="ERP", roles=("erp",)), actor=ADMIN).expect()
    crm.close()
    sent(root / "in", rng, rows)


def sent(inbox: Path, rng: random.Random, rows: int) -> None:
    """Files of every kind, a bad row among the receipts and one file that lies about its totals."""
    write(inbox, "prices-1", "price_list,product,price", ["STD,AMX-500,0.0370"], "1,,")
    stock = [f"AMX-500,S{n},{rng.randrange(9999)},2026-01-05T08:00:00+08:00" for n in range(rows)]
    write(inbox, "stock-1", "product,site,quantity,as_of", stock, f"{rows},,")
    cents = [rng.randrange(1, 99_999) for _ in range(rows)]
    head = "id,payer,payer_name,amount,currency,value_date"
    receipts = [
        f"R-{n},H-{'001' if n else '404'},示例医院H-001,{cent // 100}.{cent % 100:02d},CNY,2026-01-05"
        for n, cent in enumerate(cents)
    ]
    total = sum(cents)
    write(inbox, "receipts-1", head, receipts, f"{rows},CNY,{total // 100}.{total % 100:02d}")
    write(inbox, "receipts-2", head, receipts[:1], "7,CNY,1.00")


def write(inbox: Path, name: str, head: str, rows: Sequence[str], totals: str) -> None:
    """One file and its totals, as an ERP writes them."""
    (inbox / f"{name}.csv").write_text("\n".join((head, *rows, "")), encoding="utf-8")
    (inbox / f"{name}.totals.csv").write_text(f"rows,currency,amount\n{totals}\n", encoding="utf-8")


def books(crm: PharmaCRM) -> list[Any]:
    """Everything that the files should have changed; how often a row was repeated is left out."""
    found: list[Any] = []
    with crm._store.session() as session:  # noqa: SLF001 - the books are looked at past all rights
        for kind in BOOKS:
            each = session.find(crm.tenant, kind, Query())
            found += [[kind.__name__, one.entity.id, one.version, plain_fields(one.entity)] for one in each]
        runs = [one.entity for one in session.find(crm.tenant, PullRun, Query())]
    found += sorted([run.document, run.rows, str(run.sums), run.finished, run.agrees] for run in runs)
    return found


def child(work: Callable[[], None]) -> int:
    """Run in a process of its own; its exit status."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def dying(root: Path, at: int, adapter: type[CsvFolder]) -> Callable[[], None]:
    """Take in, and end without warning at the `at`-th call to disk or database."""

    def work() -> None:
        calls = 0

        def called() -> None:
            nonlocal calls
            calls += 1
            if calls == at:
                os._exit(KILLED)

        def audit(event: str, given: tuple[Any, ...]) -> None:
            if event in AUDITED and str(root) in str(given[0]):
                called()

        flush = SqlSession.flush

        def flushed(self: SqlSession, *what: Any) -> None:
            called()
            flush(self, *what)
            called()

        crm = opened(root, adapter)
        sys.addaudithook(audit)
        with patch.object(SqlSession, "flush", flushed):
            crm.pull(SOURCE, limit=LIMIT)

    return work


def finishing(root: Path, adapter: type[CsvFolder]) -> Callable[[], None]:
    """Go on in a new process, and leave what stands in the books."""

    def work() -> None:
        crm = opened(root, adapter)
        crm.pull(SOURCE, limit=LIMIT)
        said = [books(crm), sorted(path.name for path in (root / "in").glob("**/*.csv"))]
        (root / "books.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")

    return work


def ended(template: Path, root: Path, at: int, adapter: type[CsvFolder]) -> tuple[bool, Any]:
    """Whether the process was killed at this call, and what the books say after another one went on."""
    shutil.copytree(template, root)
    killed = child(dying(root, at, adapter)) == KILLED if at else False
    status = child(finishing(root, adapter))
    there = root / "books.json"
    said = json.loads(there.read_text(encoding="utf-8")) if status == 0 else f"going on failed: {status}"
    shutil.rmtree(root)
    return killed, said


def every_kill(folder: Path, adapter: type[CsvFolder], step: int = 1) -> tuple[int, list[str]]:
    """Kill at every `step`-th call until a run has none left; the number of kills, and what differed."""
    _, undisturbed = ended(folder / "template", folder / "whole", 0, CsvFolder)
    violations = []
    at = kills = 1
    killed = True
    while killed:
        killed, said = ended(folder / "template", folder / "run", at, adapter)
        kills += killed
        if said != undisturbed and killed:
            violations.append(f"killed at call {at}: the books differ")
        at += step
    return kills - 1, violations


def run(seed: int, rows: int, step: int) -> Report:
    """One run of the driver."""
    watch = Stopwatch()
    with tempfile.TemporaryDirectory(prefix="pharmacrm-pulling-") as name:
        folder = Path(name)
        (folder / "template").mkdir()
        child(lambda: founded(folder / "template", random.Random(seed), rows))  # noqa: S311 - repeatable
        kills, violations = every_kill(folder, CsvFolder, step)
        _, found = every_kill(folder, Eager, step)
    return Report(
        driver="pulling",
        promises=("T1", "T6"),
        seed=seed,
        settings={"rows": rows, "step": step},
        counts={"kills": kills},
        control=Control(planted="a file is put away before its cursor came back", found=len(found)),
        violations=violations,
        seconds=watch.seconds,
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Kill, go on, compare."""
    parser = arguments("pulling", "The folder ERP, killed at every call.")
    parser.add_argument("--rows", type=int, default=7, help="rows of the larger files")
    parser.add_argument("--step", type=int, default=1, help="kill at every so many calls")
    given = parser.parse_args(argv)
    return concluded(run(given.seed, given.rows, given.step))


if __name__ == "__main__":
    sys.exit(main())
