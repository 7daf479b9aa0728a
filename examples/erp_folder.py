"""A folder as an ERP: orders out, stock and receipts in, a row set aside and tried again, and the totals.

    python examples/erp_folder.py [--folder .]

It leaves `erp-folder.db` and the two folders `erp/out` and `erp/in`. Running it again adds nothing.
"""

from argparse import ArgumentParser
from pathlib import Path

import pharmacrm
from pharmacrm import CsvFolder, Quarantine, Reconciliation, RegisterStaff, RetryItem, SimulatedClock, StockOf
from pharmacrm.testing.company import an_order, found_company, open_account, release

options = ArgumentParser(description="A folder as an ERP.")
options.add_argument("--folder", type=Path, default=Path())
folder = options.parse_args().folder
out, inbox = folder / "erp" / "out", folder / "erp" / "in"
for each in (out, inbox):
    each.mkdir(parents=True, exist_ok=True)

# The door, and the account under which the adapter acts.
adapter = CsvFolder(out, inbox=inbox, name="erp")
crm = pharmacrm.connect(f"sqlite:///{folder / 'erp-folder.db'}", clock=SimulatedClock(), plugins=[adapter])
found_company(crm)
crm.do(RegisterStaff(id="erp", name="ERP", roles=("erp",)), actor="admin").expect()

# An order goes out as soon as it is released.
if crm.do(an_order("SO-1"), actor="zhang.san", key="SO-1").expect().state.value == "in_approval":
    release(crm, "SO-1")
crm.deliver()
print("orders out:", sorted(path.name for path in out.glob("*.csv")))


# The ERP answers with files, each with its totals; one row is of a customer whom nobody knows yet.
def send(name: str, rows: list[str], totals: str) -> None:
    (inbox / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (inbox / f"{name}.totals.csv").write_text(f"rows,currency,amount\n{totals}\n", encoding="utf-8")


send("numbers-1", ["id,number", "SO-1,4500001234"], "1,,")
send("stock-1", ["product,site,quantity,as_of", "AMX-500,SH-1,48000,2026-01-05T08:30:00+08:00"], "1,,")
send(
    "receipts-1",
    [
        "id,payer,payer_name,amount,currency,value_date",
        "R-1,H-001,示例医院H-001,1000.00,CNY,2026-01-05",
        "R-2,H-002,示例医院H-002,500.00,CNY,2026-01-05",
    ],
    "2,CNY,1500.00",
)
print("taken in:", crm.pull("erp"))

# What could not be taken in says why, and is tried again once its cause is mended.
for item in crm.ask(Quarantine(source="erp"), actor="qian.qi"):
    print("set aside:", item.explain())
    open_account(crm, "H-002")
    crm.do(RetryItem(id=item.id), actor="qian.qi").expect()
print("tried again:", crm.pull("erp").retried)

# Does it agree with what the ERP says it sent?
report = crm.ask(Reconciliation(source="erp"), actor="qian.qi")
for run in report.runs:
    print(run.document, run.rows, "rows", *(str(each.whole) for each in run.sums), "agrees:", run.agrees)
level = crm.ask(StockOf(product="AMX-500"), actor="zhang.san")
print("stock:", level.quantity, level.base_unit, "says", *level.sources)
crm.close()
