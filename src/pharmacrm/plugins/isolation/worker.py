"""What runs in a worker process: it imports one plugin, says what it is, and answers calls until nobody asks.

The plugin may do here what it likes: print, raise, leave threads, end the process. The host sees one line for
each call, or none. A kernel timer ends a worker that hangs after its host was killed.
"""

import json
import os
import signal
import socket
from collections.abc import Mapping
from types import CoroutineType
from typing import Any, Final, NoReturn

from pharmacrm.plugins.isolation.channel import LONGEST, Channel, Closed, line_of
from pharmacrm.plugins.isolation.host import START
from pharmacrm.plugins.isolation.reading import RemoteReads
from pharmacrm.plugins.isolation.travelling import context_of, imported, packed
from pharmacrm.plugins.loading import Loaded
from pharmacrm.plugins.wall.shielding import Outside, class_of

GRACE: Final = 5.0
"""Seconds after the limit in which the host ends us; later, nobody is there to do it."""


def main(number: int) -> NoReturn:
    """Serve one host over the socket of this number."""
    os.set_inheritable(number, False)  # noqa: FBT003 - the standard library's signature
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    channel = Channel(socket.socket(fileno=number))
    try:
        _serve(channel)
    except Closed:
        pass
    finally:
        os._exit(0)  # threads that the plugin left do not keep us


def _serve(channel: Channel) -> None:
    hello = json.loads(channel.receive())
    _alarm(START + GRACE)
    loaded, wrong = _loaded(hello)
    if wrong:
        channel.send(line_of({"unusable": wrong}))
        return
    hooks = {hook: found[0] for hook, found in loaded.hooks.items() if found}
    topics = next(iter(hooks.values())).topics
    channel.send(line_of({"name": loaded.names[0], "hooks": list(hooks), "topics": list(topics)}))
    while True:
        _alarm(0)
        call = json.loads(channel.receive())
        _alarm(hello["limit"] + GRACE)
        function = hooks[call["hook"]].function
        channel.send(_replied(channel, function, call, hello["limit"] + GRACE))


def _alarm(seconds: float) -> None:
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _loaded(hello: Mapping[str, Any]) -> tuple[Loaded, str]:
    """The plugin, looked at as an inline one is; or why it cannot be used."""
    loaded = Loaded()
    try:
        plugin = imported(hello["plugin"])
        if isinstance(plugin, type):
            plugin = plugin(**hello["arguments"])
        elif hello["arguments"]:
            return loaded, "it is no class: it takes no arguments"
    except BaseException as error:  # noqa: BLE001 - whatever a plugin does at import is told to the host
        return loaded, f"its import failed: {class_of(error)}"
    loaded.load(plugin, hello["name"])
    return loaded, loaded.faults[0].message if loaded.faults else ""


def _replied(channel: Channel, function: Any, call: Mapping[str, Any], patience: float) -> bytes:
    number = call["call"]

    def ask(question: Mapping[str, Any]) -> Any:
        _alarm(0)
        try:
            channel.send(line_of({"call": number, **question}))
            return json.loads(channel.receive())
        except Closed:
            os._exit(0)
        finally:
            _alarm(patience)

    reads = RemoteReads(ask)
    try:
        said = {"answer": _answer(function, context_of(call["context"], reads))}
    except Outside as error:
        said = {"wrong": [error.what, error.message]}
    except BaseException as error:  # noqa: BLE001 - the host is told the class, whatever it is
        said = {"wrong": ["raised", class_of(error)]}
    reads.end()
    return _line(number, said)


def _answer(function: Any, context: Any) -> Any:
    answer = function(context)
    if type(answer) is CoroutineType:
        answer.close()  # or Python warns that nobody awaited it
    return packed(answer)


def _line(number: int, said: Mapping[str, Any]) -> bytes:
    line = line_of({"call": number, **said})
    if len(line) <= LONGEST:
        return line
    message = f"answered with {len(line):,} bytes, at most {LONGEST:,}"
    return line_of({"call": number, "wrong": ["type", message]})
