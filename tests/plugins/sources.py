"""Sources of items, and a company whose ERP is a folder."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pharmacrm.core.people import RegisterStaff
from pharmacrm.core.pull import Aside, Quarantine
from pharmacrm.crm import PharmaCRM, SimulatedClock, connect
from pharmacrm.plugins.erp import CsvFolder
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import PullContext
from pharmacrm.testing.company import ADMIN, found_company

FINANCE = "qian.qi"
RECEIPTS = "id,payer,payer_name,amount,currency,value_date"
PRODUCTS = "id,generic_name,base_unit,category,rx,marketing"


class Source:
    """A plugin to pull from, which does what it is told."""

    def __init__(self, behave: Callable[[PullContext], Any], name: str = "erp") -> None:
        self.name = name
        self.behave = behave
        self.asked: list[PullContext] = []

    @hookimpl
    def pharmacrm_pull(self, context: PullContext) -> Any:
        self.asked.append(context)
        return self.behave(context)


def company_of(*plugins: object, url: str = "memory://") -> PharmaCRM:
    """A founded company whose ERP has an account."""
    crm = connect(url, clock=SimulatedClock(), plugins=plugins)
    found_company(crm)
    crm.do(RegisterStaff(id="erp", name="ERP", roles=("erp",)), actor=ADMIN).expect()
    return crm


def folder_company(root: Path, *, url: str = "memory://", **options: Any) -> PharmaCRM:
    """The same, with the folder as its ERP."""
    for name in ("in", "out"):
        (root / name).mkdir(parents=True, exist_ok=True)
    return company_of(CsvFolder(root / "out", inbox=root / "in", name="erp", **options), url=url)


def receipt_row(id: str, amount: str = "5.00", **cells: str) -> str:
    fields = {"id": id, "payer": "H-001", "payer_name": "示例医院H-001", "amount": amount}
    fields |= {"currency": "CNY", "value_date": "2026-01-05"}
    return ",".join((fields | cells).values())


def send(inbox: Path, name: str, content: str | bytes | Iterable[str], totals: str = "") -> None:
    """Put a file into the inbox as an ERP does, with its totals where some are given."""
    text = content if isinstance(content, (str, bytes)) else "\n".join([*content, ""])
    (inbox / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    if totals:
        (inbox / f"{name}.totals.csv").write_text(f"rows,currency,amount\n{totals}\n", encoding="utf-8")


def waiting(crm: PharmaCRM) -> list[Aside]:
    return list(crm.ask(Quarantine(), actor=FINANCE))


def said(crm: PharmaCRM) -> list[str]:
    """What the reasons in quarantine observed: for what cannot be read, the code of the error."""
    return [reason.observed or reason.code for item in waiting(crm) for reason in item.reasons]
