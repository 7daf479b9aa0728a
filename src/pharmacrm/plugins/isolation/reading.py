"""Reads of an isolated plugin: asked for in the worker, carried out by the host, verified like any others."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from pharmacrm.core.kernel.codec import from_plain, to_plain
from pharmacrm.core.kernel.errors import (
    Conflict,
    MalformedInput,
    PharmaCRMError,
    PluginFailure,
    StoreFailure,
    UnsavedChanges,
)
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.query import Condition
from pharmacrm.core.kernel.record import Entity
from pharmacrm.plugins.isolation.travelling import address_of, conditions, conditions_plain, known_kind

E = TypeVar("E", bound=Entity)

Ask = Callable[[Mapping[str, Any]], Any]
"""Sends a question to the host and gives its answer."""

RAISED: Final[Mapping[str, Callable[[str, str], PharmaCRMError]]] = {
    "MalformedInput": MalformedInput,
    "Conflict": lambda _, message: Conflict(message),
    "StoreFailure": lambda code, message: StoreFailure(message, code),
    "UnsavedChanges": lambda _, message: UnsavedChanges(message),
    "PluginFailure": lambda code, message: PluginFailure(message, code),
}


class RemoteReads(Lookup):
    """What a plugin in a worker reads with, while it is being called."""

    __slots__ = ("_ask", "_lock")

    def __init__(self, ask: Ask) -> None:
        self._ask: Ask | None = ask
        self._lock = threading.Lock()

    def end(self) -> None:
        """Take the reads back: a thread that the plugin left behind may not write into the next call."""
        with self._lock:
            self._ask = None

    def seek(self, kind: type[E], id: str) -> E | None:
        """One entity, or None."""
        found = self._asked({"read": "seek", "kind": address_of(kind), "id": id})
        return None if found is None else from_plain(kind, found)

    def find(
        self,
        kind: type[E],
        *where: Condition,
        order: Sequence[str] = (),
        limit: int | None = None,
        after: E | None = None,
    ) -> list[E]:
        """Entities that satisfy every condition."""
        question = {
            "read": "find",
            "kind": address_of(kind),
            "where": conditions_plain(where),
            "order": list(order),
            "limit": limit,
            "after": None if after is None else to_plain(after),
        }
        return [from_plain(kind, each) for each in self._asked(question)]

    def _asked(self, question: Mapping[str, Any]) -> Any:
        with self._lock:
            if self._ask is None:
                raise PluginFailure("the call of the hook is over, and so are its reads", "plugin.read_ended")
            answer = self._ask(question)
        if "error" in answer:
            name, code, message = answer["error"]
            raise RAISED.get(name, RAISED["PluginFailure"])(code, message)
        return answer["found"]


def served(read: Lookup, question: Mapping[str, Any]) -> Mapping[str, Any]:
    """Carry out one read for a worker; what the store says travels back by its name."""
    try:
        return {"found": _found(read, question)}
    except PharmaCRMError as error:
        return {"error": [type(error).__name__, error.code, error.message]}
    except (TypeError, ValueError, KeyError, IndexError, AttributeError):
        return {"error": ["MalformedInput", "query.format", "this is no read"]}


def _found(read: Lookup, question: Mapping[str, Any]) -> Any:
    kind = known_kind(question["kind"])
    if question["read"] == "seek":
        one = read.seek(kind, from_plain(str, question["id"]))
        return None if one is None else to_plain(one)
    last, limit = question["after"], question["limit"]
    many = read.find(
        kind,
        *conditions(kind, question["where"]),
        order=[from_plain(str, name) for name in question["order"]],
        limit=None if limit is None else from_plain(int, limit),
        after=None if last is None else from_plain(kind, last),
    )
    return [to_plain(each) for each in many]
