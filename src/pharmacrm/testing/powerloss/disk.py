"""A disk that remembers every write and every sync, and what it may hold after a power cut.

SQLite is watched from below, through a file system layer (VFS) of APSW, which brings a SQLite library of
its own. What the cut may do: of everything that a file was given since its last sync, each write is kept,
dropped, or torn: sector by sector kept, dropped or filled with rubbish. Not covered: a file whose name is
lost (the log lives as long as the database is open), damage to sectors that nobody wrote, a disk that lies
about its syncs.
"""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import apsw
from attrs import define, field, frozen

SECTOR = 512


@frozen
class Write:
    """Bytes that were written to a file."""

    file: str
    at: int
    data: bytes


@frozen
class Cut:
    """A file that was made shorter."""

    file: str
    size: int


@frozen
class Sync:
    """A file of which everything before is on the disk for good."""

    file: str


@frozen
class Gone:
    """A file that was deleted, for good: a file system keeps names in a log of its own."""

    file: str


Operation = Write | Cut | Sync | Gone


@define
class Disk:
    """Everything that was done, in order."""

    done: list[Operation] = field(factory=list)

    def image(self, until: int, draw: random.Random, *, settled: int = 0) -> dict[str, bytes]:
        """The files as they may be found after a cut; before `settled` all is taken to be synced."""
        return _image(self.done[:until], draw, settled)


def _image(done: Sequence[Operation], draw: random.Random, settled: int) -> dict[str, bytes]:
    synced = {each.file: place for place, each in enumerate(done) if isinstance(each, Sync)}
    files: dict[str, bytearray] = {}
    for place, each in enumerate(done):
        content = files.setdefault(each.file, bytearray())
        safe = place < max(settled, synced.get(each.file, 0))
        if isinstance(each, Write):
            _write(content, each, draw, safe=safe)
        elif isinstance(each, Cut) and (safe or draw.random() < 1 / 2):
            del content[each.size :]
        elif isinstance(each, Gone):
            del files[each.file]
    return {name: bytes(content) for name, content in files.items()}


def _write(content: bytearray, write: Write, draw: random.Random, *, safe: bool) -> None:
    fate = "kept" if safe else draw.choice(("kept", "dropped", "torn"))
    if fate == "kept":
        _put(content, write.at, write.data)
    elif fate == "torn":
        for start in range(0, len(write.data), SECTOR):
            piece = write.data[start : start + SECTOR]
            sector = draw.choice((piece, b"", draw.randbytes(len(piece))))
            _put(content, write.at + start, sector)


def _put(content: bytearray, at: int, data: bytes) -> None:
    if data and len(content) < at:
        content.extend(bytes(at - len(content)))
    content[at : at + len(data)] = data


class Layer(apsw.VFS):
    """Between SQLite and the file system; its name is what a connection asks for."""

    def __init__(self, name: str, disk: Disk) -> None:
        self.name, self._disk = name, disk
        super().__init__(name, base="")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 - SQLite's name
        """Open a file and watch it."""
        return _Watched(name, flags, self._disk)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: FBT001, N802 - SQLite's name and form
        """Delete a file, and remember it."""
        super().xDelete(filename, syncdir)
        self._disk.done.append(Gone(Path(filename).name))


class _Watched(apsw.VFSFile):
    def __init__(self, name: Any, flags: list[int], disk: Disk) -> None:
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        self._file, self._disk = Path(path).name, disk
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        super().xWrite(data, offset)
        self._disk.done.append(Write(self._file, offset, bytes(data)))

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name
        super().xSync(flags)
        self._disk.done.append(Sync(self._file))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 - SQLite's name
        super().xTruncate(newsize)
        self._disk.done.append(Cut(self._file, newsize))
