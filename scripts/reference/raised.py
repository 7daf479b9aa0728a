"""What the source raises: every code of an error, found by reading the source as a tree."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "pharmacrm"
ERRORS = SOURCE / "core" / "kernel" / "errors.py"
PLACES = {"MalformedInput": 0, "RouteMistake": 0, "StoreFailure": 1, "PluginFailure": 1, "NotPermitted": 2}
"""For each class whose callers choose the code: the position of that argument."""
FAMILY_PLACES = {"wrong_type": 1, "bounded": 1, "apportion": 2}
"""For each reader that makes codes of a family: the position of that argument."""


def raised() -> frozenset[str]:
    """Every code that the package raises; `*.required` where the family is an argument."""
    found = {code for call in _calls() if (code := _text(_code(call)))}
    return frozenset(found | set(_own()))


def families() -> frozenset[str]:
    """The families that readers of values are called with: `money`, `price`, ..."""
    return frozenset(family for call in _calls() for family in _family(call))


def _calls() -> Iterator[ast.Call]:
    for path in SOURCE.rglob("*.py"):
        yield from (
            node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)
        )


def _code(call: ast.Call) -> ast.expr | None:
    place = PLACES.get(getattr(call.func, "id", ""))
    if place is None:
        return None
    if len(call.args) > place:
        return call.args[place]
    return next((each.value for each in call.keywords if each.arg == "code"), None)


def _own() -> Iterator[str]:
    """The codes that the classes of errors have by themselves."""
    for node in ast.walk(ast.parse(ERRORS.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            optional = node.args.args[-len(node.args.defaults) :] if node.args.defaults else []
            named = zip(optional, node.args.defaults, strict=True)
            yield from (_text(default) for argument, default in named if argument.arg == "code")
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "__init__" and node.args:
            yield from filter(None, [_text(node.args[0])])


def _family(call: ast.Call) -> Iterator[str]:
    place = FAMILY_PLACES.get(getattr(call.func, "id", ""))
    given = [each.value for each in call.keywords if each.arg == "family"]
    if place is not None and len(call.args) > place:
        given.append(call.args[place])
    yield from filter(None, map(_text, given))


def _text(node: ast.expr | None) -> str:
    """A literal, or one with its computed parts as `*`; '' for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
    return ""
