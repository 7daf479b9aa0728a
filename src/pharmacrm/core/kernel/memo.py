"""Remembering what a pure function gave: `functools.cache` that keeps the function's own type."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])


def remembered(function: F) -> F:
    """Call the function once for each argument; record classes count as arguments for type checkers, too."""
    return cast("F", cache(function))
