"""Anchors in an append-only file: one JSON object a line, each chained to the one before.

Put the file where the database's administrators cannot write: another machine's share, a medium that is
written once, a folder that a log shipper carries away. `chain` is the SHA-256 of the line before, so a line
that is changed or taken from the middle shows in the file alone; that its end is cut off shows by the
database, which knows how far it was anchored.
"""

import hashlib
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, ClassVar, Final

from pharmacrm.core.kernel.codec import canonical, from_plain, to_plain
from pharmacrm.core.kernel.seal import NONE_BEFORE, Anchor
from pharmacrm.plugins.disk import alone, sync_folder
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import AnchorContext, AnchoredContext

TAIL: Final = 65_536
"""Bytes at the end of the file that hold at least one whole line."""


class BrokenAnchors(ValueError):
    """The file is not as it was written."""


class AnchorFile:
    """Keeps every seal as a line of the file `path`, and waits until the disk has it.

    Its folder has to be there, the file need not. Give each file a `name` of its own, and keep it: how far an
    anchor has come is remembered under its name.
    """

    PHARMACRM_API: ClassVar[tuple[int, int]] = (1, 0)

    def __init__(self, path: str | os.PathLike[str], *, name: str = "anchor_file") -> None:
        self.name = name
        self._path = Path(path)
        self._lock = threading.Lock()

    @hookimpl
    def pharmacrm_anchor(self, context: AnchorContext) -> None:
        """Append one line; a seal that stands in the last line already is not written again."""
        is_new = not self._path.exists()
        with self._lock, self._path.open("ab+", buffering=0) as file:
            alone(file)
            ended, last = _last(file)
            body = to_plain(context.anchor)
            if last is None or last["anchor"] != body:
                line = canonical({"anchor": body, "chain": _link(last)}).encode() + b"\n"
                if file.write(line if ended else b"\n" + line) != len(line) + (not ended):
                    raise OSError(0, "the disk took only a part of the line")
            os.fsync(file.fileno())
        if is_new:
            sync_folder(self._path.parent)

    @hookimpl
    def pharmacrm_anchored(self, context: AnchoredContext) -> tuple[Anchor, ...]:
        """Every anchor of the tenant; a file that is not as it was written is refused as a whole."""
        if not self._path.exists():
            return ()
        with self._path.open("rb") as file:
            found = list(_read(file))
        return tuple(from_plain(Anchor, each) for each in found if each.get("tenant") == context.tenant)


def _read(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The anchors of a file in order, its chain checked; a line that a power cut tore is passed over."""
    last: dict[str, Any] | None = None
    for line in file:
        known = _parsed(line)
        if known is None:
            continue
        if known["chain"] != _link(last):
            raise BrokenAnchors("a line was changed, taken out or put in")
        last = known
        yield known["anchor"]


def _last(file: IO[bytes]) -> tuple[bool, dict[str, Any] | None]:
    """Whether the file ends with a whole line, and the last one that can be read."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - TAIL))
    tail = file.read()
    lines = [known for known in map(_parsed, tail.split(b"\n")) if known is not None]
    return not tail or tail.endswith(b"\n"), lines[-1] if lines else None


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        known = json.loads(line)
    except ValueError:
        return None
    return known if isinstance(known, dict) and {"anchor", "chain"} <= set(known) else None


def _link(last: dict[str, Any] | None) -> str:
    return hashlib.sha256(canonical(last).encode()).hexdigest() if last else NONE_BEFORE
