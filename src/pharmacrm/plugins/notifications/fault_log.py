"""A log of plugin faults as JSON lines, for the host's own monitoring."""

import json
import os
from pathlib import Path
from typing import ClassVar

from pharmacrm.plugins.disk import append
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import FaultContext


class FaultLog:
    """Appends a line per fault of any other plugin to the file `path`: plugin, hook, what, message.

    Lines carry no time of their own: whoever reads the file knows it, and nothing here reads a clock.
    """

    PHARMACRM_API: ClassVar[tuple[int, int]] = (1, 0)

    def __init__(self, path: str | os.PathLike[str], *, name: str = "fault_log") -> None:
        self.name = name
        self._path = Path(path)

    @hookimpl
    def pharmacrm_fault(self, context: FaultContext) -> None:
        """Write one fault down, and wait until the disk has it."""
        fault = context.fault
        said = {
            "plugin": fault.plugin,
            "hook": fault.hook,
            "what": fault.what,
            "message": fault.message,
        }
        append(self._path, json.dumps(said, ensure_ascii=True).encode("ascii") + b"\n")
