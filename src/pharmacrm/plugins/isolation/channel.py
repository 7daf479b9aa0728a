"""Messages between host and worker: one line of JSON each, over a pair of sockets, never a pickle.

The host reads with a deadline and a longest line, and strictly: what a worker sends is data, whatever it is.
"""

import json
import socket
import time
from collections.abc import Callable
from typing import Final

from attrs import define, field

CHUNK: Final = 65_536
LONGEST: Final = 4_000_000
"""Bytes that one message of a worker may have."""


class Closed(Exception):
    """The other side is gone."""


class TooLate(Exception):
    """The deadline has passed."""


class TooLong(Exception):
    """The other side sends without end."""


@define
class Channel:
    """One end. `longest` is None for the side that trusts the other."""

    socket: socket.socket
    longest: int | None = None
    clock: Callable[[], float] = time.monotonic
    _rest: bytearray = field(factory=bytearray, init=False)

    def send(self, line: bytes, deadline: float | None = None) -> None:
        """Send one message whole."""
        self._patient(deadline)
        try:
            self.socket.sendall(line + b"\n")
        except TimeoutError:
            raise TooLate from None
        except OSError:
            raise Closed from None

    def receive(self, deadline: float | None = None) -> bytes:
        """The next message."""
        end = self._rest.find(b"\n")
        while end < 0:
            seen = len(self._rest)
            if self.longest is not None and seen > self.longest:
                raise TooLong
            self._patient(deadline)
            self._rest += self._chunk()
            end = self._rest.find(b"\n", seen)
        line = bytes(self._rest[:end])
        del self._rest[: end + 1]
        return line

    def _chunk(self) -> bytes:
        try:
            found = self.socket.recv(CHUNK)
        except TimeoutError:
            raise TooLate from None
        except OSError:
            raise Closed from None
        if not found:
            raise Closed
        return found

    def _patient(self, deadline: float | None) -> None:
        """Let the next call on the socket wait until the deadline, and no longer."""
        if deadline is None:
            self.socket.settimeout(None)
            return
        left = deadline - self.clock()
        if left <= 0:
            raise TooLate
        self.socket.settimeout(left)


def line_of(plain: object) -> bytes:
    """Plain data as one line; lone surrogates are escaped, so that anything can be sent."""
    return json.dumps(plain, separators=(",", ":")).encode()
