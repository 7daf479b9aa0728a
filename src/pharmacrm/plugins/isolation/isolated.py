"""A plugin that is to run in a worker process: where it stands, what it is made with, its limit."""

import json
from collections.abc import Mapping
from types import ModuleType
from typing import Any, Final

from attrs import field, frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.plugins.isolation.travelling import address_of

LIMIT: Final = 2.0
"""Seconds that one call may take."""

LONGEST_LIMIT: Final = 3600.0


def as_limit(seconds: Any) -> float:
    """A number of seconds, more than 0 and at most an hour."""
    if type(seconds) not in {int, float} or not 0 < seconds <= LONGEST_LIMIT:
        message = f"a limit is a number of seconds, more than 0, at most {LONGEST_LIMIT:.0f}"
        raise MalformedInput("isolated.limit", message, field="limit", value=seconds)
    return float(seconds)


def _address(plugin: Any) -> str:
    if isinstance(plugin, ModuleType):
        plugin = f"{plugin.__name__}:"
    elif isinstance(plugin, type):
        plugin = address_of(plugin)
    if type(plugin) is str and _importable(*plugin.partition(":")):
        return plugin
    message = "a class of an importable module is wanted, or 'package.module:Class'"
    raise MalformedInput("isolated.plugin", message, field="plugin", value=plugin)


def _importable(module: str, _: str, name: str) -> bool:
    """Whether an address says where to import from; a script's own classes and nested ones do not."""
    words = [*module.split("."), *(name.split(".") if name else [])]
    return module != "__main__" and all(word.isidentifier() for word in words)


def _arguments(given: Any) -> Mapping[str, Any]:
    problem = "arguments are a dict of plain JSON data, by the names of the constructor"
    try:
        text = json.dumps(given, allow_nan=False)
        if type(given) is dict and json.loads(text) == given:
            copy: Mapping[str, Any] = json.loads(text)
            return copy
    except (TypeError, ValueError, RecursionError):
        pass
    raise MalformedInput("isolated.arguments", problem, field="arguments", value=type(given).__name__)


@frozen
class Isolated:
    """Run a plugin in a worker process: `Isolated("acme_bureau:Bureau", {"url": "..."}, limit=2.0)`.

    `plugin` is a class of an importable module (or an object in one, or the module itself), or its address as
    text, so that the host need not import it. `arguments` are those of its constructor, as plain JSON data:
    nothing else can travel. A call that takes longer than `limit` seconds, the store's own time not counted,
    ends the worker; the next call starts another.

    Raises:
        MalformedInput: `isolated.plugin`, `isolated.arguments` or `isolated.limit`.

    """

    plugin: str = field(converter=_address)
    arguments: Mapping[str, Any] = field(factory=dict, converter=_arguments, repr=False)
    limit: float = field(default=LIMIT, kw_only=True, converter=as_limit)
