r"""Notices as JSON lines in a file, for whoever reads it: a log shipper, a script, a mail program.

A line is one JSON object in ASCII: `id`, `tenant`, `topic`, `subject`, `payload` and `at`, the instant at
which it was written. A payload holds ids, never personal data. What is a control character in a value is an
escape in the line, so a line always ends where it should.

A notice is written at least once: if the process ends between writing a line and noting that it was written,
the line comes again. It then has the same `id` (and a later `at`), so a reader keeps the ids it has seen. A
line that a power cut tore is followed by a line of its own; skip what is no JSON.
"""

import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final

from pharmacrm.core.kernel.codec import instant_text
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.plugins.disk import append, why
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import DeliverContext, Delivered, Result, RetryAfter

LATER: Final = 60
"""Seconds after which a file that could not be written is tried again."""


class JsonLines:
    """Appends a line per notice to the file `path`; its folder has to be there, the file need not.

    `topics` are the names of the events that are wanted, all of them by default. Give each file a `name` of
    its own, and keep it: what waits in the outbox waits for that name.
    """

    PHARMACRM_API: ClassVar[tuple[int, int]] = (1, 0)

    def __init__(
        self, path: str | os.PathLike[str], *, topics: Sequence[str] = ("*",), name: str = "jsonl"
    ) -> None:
        if isinstance(topics, str):
            message = "topics are a tuple of event names, such as ('OrderReleased',)"
            raise MalformedInput("plugin.topics", message, field="topics", value=topics)
        self.name = name
        self.topics = tuple(topics)
        self._path = Path(path)
        self._lock = threading.Lock()

    @hookimpl
    def pharmacrm_deliver(self, context: DeliverContext) -> Result:
        """Write one notice, and wait until the disk has it."""
        line = _line(context)
        try:
            with self._lock:
                append(self._path, line)
        except OSError as error:
            return RetryAfter(LATER, f"cannot write the file: {why(error)}")
        return Delivered()


def _line(context: DeliverContext) -> bytes:
    notice = {
        "id": context.id,
        "tenant": context.tenant,
        "topic": context.topic,
        "subject": context.subject,
        "payload": dict(context.payload),
        "at": instant_text(context.at),
    }
    return json.dumps(notice, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"
