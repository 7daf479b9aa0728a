"""A day's work on a watched disk, and what each power cut leaves of it."""

import hashlib
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import define, field, frozen

from pharmacrm.crm import SimulatedClock, connect
from pharmacrm.plugins.storage.sql.store import SqlStore
from pharmacrm.testing.books import Books
from pharmacrm.testing.company import an_order, found_company
from pharmacrm.testing.crash.script import BUYERS, SCRIPT, Notices
from pharmacrm.testing.doors import door_to
from pharmacrm.testing.powerloss.disk import Disk
from pharmacrm.testing.powerloss.link import WatchedStore

NAME = "pharmacrm.db"
DOOR = 25
"""Every so many images are opened by the door, looked at in full, and worked on."""


@frozen
class Day:
    """What was done, and what the tables held after each command that was answered."""

    disk: Disk
    texts: tuple[str, ...]
    opened: int
    """Operations before the first command: the company was founded long ago."""

    answered: list[int] = field(factory=list)
    """For each command, how many operations the disk had done when its answer was given."""

    states: dict[str, int] = field(factory=dict)
    """The digest of all tables, and after how many commands it was that."""


def a_day(folder: Path, sync: str, orders: int) -> Day:
    """Let orders go through on a watched disk."""
    disk = Disk()
    store = WatchedStore(folder / NAME, disk, sync)
    crm = door_to(store, Notices(), clock=SimulatedClock())
    found_company(crm, buyers=BUYERS)
    tables = sorted(table.name for table in store.tables.metadata.sorted_tables)
    texts = tuple(f"SELECT * FROM {name} ORDER BY rowid" for name in tables)  # noqa: S608 - our own tables
    day = Day(disk, texts, len(disk.done))
    day.states[_state(store, texts)] = 0
    for number in range(orders):
        for step, (_, actor, make) in enumerate(SCRIPT):
            command = make(crm, f"SO-{number}", BUYERS[number % len(BUYERS)])
            crm.do(command, actor=actor, key=f"w0-{number}-{step}").expect()
            day.answered.append(len(disk.done))
            day.states[_state(store, texts)] = len(day.answered)
    crm.close()
    return day


def _state(store: SqlStore, texts: tuple[str, ...]) -> str:
    with store.session() as session:
        return digest(session.driver.rows(text, ()) for text in texts)


def digest(tables: Iterator[Any]) -> str:
    """All rows of all tables as one short text."""
    whole = hashlib.sha256()
    for rows in tables:
        whole.update(repr([tuple(row) for row in rows]).encode())
    return whole.hexdigest()


@define
class Found:
    """What the images of one day showed."""

    images: int = 0
    lost: int = 0
    broken: int = 0
    opened_by_door: int = 0
    wrongs: list[str] = field(factory=list)


def cuts(day: Day, folder: Path, images: int, draw: random.Random) -> Found:
    """Cut the power at random moments, and look at each image."""
    found = Found()
    for _ in range(images):
        until = draw.randint(day.opened, len(day.disk.done))
        for name in (NAME, f"{NAME}-wal", f"{NAME}-shm"):
            (folder / name).unlink(missing_ok=True)
        for name, content in day.disk.image(until, draw, settled=day.opened).items():
            (folder / name).write_bytes(content)
        found.images += 1
        _judge(day, folder / NAME, sum(each <= until for each in day.answered), found)
    return found


def _judge(day: Day, path: Path, answered: int, found: Found) -> None:
    try:
        state, whole = _opened(day, path)
    except sqlite3.DatabaseError as error:
        found.broken += 1
        found.wrongs.append(f"unreadable: {error}")
        return
    done = day.states.get(state)
    if whole != "ok" or done is None:
        found.broken += 1
        found.wrongs.append(f"broken: integrity {whole.splitlines()[0]}, state known: {done is not None}")
    elif done < answered:
        found.lost += 1
        found.wrongs.append(f"lost: {answered} commands were answered, {done} are there")
    elif done > answered + 1:
        found.wrongs.append(f"stray: {answered} commands were answered, {done} are there")
    elif found.images % DOOR == 0:
        found.opened_by_door += 1
        found.wrongs += _worked_on(path)


def _opened(day: Day, path: Path) -> tuple[str, str]:
    """All tables as SQLite recovers them, and what it says of its file."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA synchronous=OFF")
        state = digest(connection.execute(text).fetchall() for text in day.texts)
        return state, str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()


def _worked_on(path: Path) -> Iterator[str]:
    """The books are right, and work goes on."""
    url = f"sqlite:///{path}"
    crm = connect(url, plugins=[Notices()], clock=SimulatedClock())
    crm.do(an_order("SO-AFTER", buyer=BUYERS[0]), actor="zhang.san", key="after").expect()
    store = SqlStore(url)
    yield from Books.read(store, crm.registry).wrongs()
    store.close()
    crm.close()
