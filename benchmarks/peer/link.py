"""A side of the comparison, at the other end of a pipe: one JSON object out, one back."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[2]


class Side:
    """A process that serves one office; what it complains of is shown if it ends before its time."""

    def __init__(self, name: str, command: Sequence[str], variables: Mapping[str, str] | None = None) -> None:
        self.name = name
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | dict(variables or {}),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._process.kill()
        self._process.communicate()

    def ask(self, what: str, *given: Any) -> Any:
        """What the other side answers."""
        self.begin(what, *given)
        return self.answer()

    def begin(self, what: str, *given: Any) -> None:
        """Ask, and do not wait."""
        self._say({"do": what, "with": given})

    def know(self, known: Any) -> None:
        """Tell another process of the same office what the first one founded."""
        self._say({"know": known})
        self.answer()

    def answer(self) -> Any:
        """The next answer."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            _, complaint = self._process.communicate()
            raise RuntimeError(f"{self.name} ended: {complaint[-2000:]}")
        return json.loads(line)

    def _say(self, thing: Any) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # it has ended: `answer` shows its complaint
            self._process.stdin.write(json.dumps(thing) + "\n")
            self._process.stdin.flush()
