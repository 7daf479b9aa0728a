"""What runs beside your program: reminders, notices, seals and anchors, verification, copies.

    python examples/night_watch.py [--folder .]

It leaves `night-watch.db`, the anchors, a copy, and `spare.db`, into which the copy was restored. A second
run begins anew.
"""

import sqlite3
from argparse import ArgumentParser
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pharmacrm
from pharmacrm import (
    AcceptTask,
    AnchorFile,
    AssignTask,
    DeadLetters,
    JsonLines,
    MyTasks,
    OutboxQueues,
    PharmaCRM,
    ReportTask,
    SimulatedClock,
    TaskKind,
)
from pharmacrm.testing.company import an_order, found_company

options = ArgumentParser(description="What runs beside your program.")
options.add_argument("--folder", type=Path, default=Path())
folder = options.parse_args().folder
for old in (*folder.glob("night-watch.*"), *folder.glob("spare.db*")):
    old.unlink()
clock = SimulatedClock("2026-01-05T01:00:00Z")  # Monday, 09:00 in Shanghai


def door(name: str = "night-watch.db") -> PharmaCRM:
    """The one door of this deployment: every process opens the same store with the same plugins."""
    plugins = [
        JsonLines(folder / "night-watch.notices.jsonl"),
        AnchorFile(folder / "night-watch.anchors.jsonl"),
    ]
    return pharmacrm.connect(f"sqlite:///{folder / name}", clock=clock, plugins=plugins)


crm = door()
found_company(crm)
crm.do(an_order("SO-1"), actor="zhang.san").expect()
due_at = clock.now() + timedelta(days=1)
crm.do(
    AssignTask(id="T-1", kind=TaskKind.MARKET, title="走访药房", assignee="zhang.san", due_at=due_at),
    actor="zhao.liu",
).expect()

# Two days later the order still waits and the task is overdue: each is told once, however many run this.
clock.advance(timedelta(days=2))
for _ in range(2):
    due = crm.run_due()
    print("due:", due.done, "done,", due.reminded, "reminded")
print("tasks:", *(f"{task.id} overdue" for task in crm.ask(MyTasks(), actor="zhang.san") if task.overdue))
crm.do(AcceptTask(task="T-1"), actor="zhang.san").expect()
crm.do(ReportTask(task="T-1", report="已完成"), actor="zhang.san").expect()

# Two relays at once: a notice is carried by one of them. Then nothing waits, and nothing is dead.
relays = [Thread(target=crm.deliver) for _ in range(2)]
for relay in relays:
    relay.start()
for relay in relays:
    relay.join()
crm.deliver()
waiting = sum(queue.waiting for queue in crm.ask(OutboxQueues(), actor="admin"))
print("waiting:", waiting, "dead:", len(crm.ask(DeadLetters(), actor="admin")))

# The journal is sealed and anchored; a copy is made, restored into memory, and verified there.
found = crm.verify()
print("clean:", found.clean, "exposed:", found.exposed)
copy = folder / "night-watch.copy"
made = crm.export(copy)
print("drill:", crm.drill(copy).clean)

# Somebody lowers what a customer owes, past every door. The next night finds it, and names the record.
with closing(sqlite3.connect(folder / "night-watch.db")) as database, database:
    database.execute("UPDATE pharmacrm_credit_line SET reserved = 0")
bad = crm.verify().first_bad
print("found:", bad)
crm.close()

# The copy goes into a new database: the same digest, and the restore declares itself.
spare = door("spare.db")
restored = spare.restore(copy, actor="admin", reason="the books were changed")
print("restored:", restored.digest == made.digest, "clean:", spare.verify().clean)
spare.close()
