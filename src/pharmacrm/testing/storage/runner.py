"""The kit without pytest: which of its tests a store fails, and how."""

from collections.abc import Iterator
from inspect import signature
from itertools import product
from typing import Any

import pytest

from pharmacrm.testing.storage.bench import Bench, Capabilities, StoreFactory, new_tenant
from pharmacrm.testing.storage.kinds import KINDS
from pharmacrm.testing.storage.kit import StorageKit

Cases = Iterator[tuple[str, dict[str, Any]]]


def failures(
    store_factory: StoreFactory,
    capabilities: Capabilities | None = None,
    *,
    only: str = "",
    but: str = "\0",
    first: bool = False,
) -> dict[str, BaseException]:
    """Run the kit's tests whose names contain `only` and not `but`; give what failed, by name and case.

    With `first` the run ends at the first failure. What the kit would skip is no failure.
    """
    found: dict[str, BaseException] = {}
    kit = _kit(capabilities)
    for name in [name for name in dir(kit) if name.startswith("test_") and only in name and but not in name]:
        for case, values in _cases(getattr(kit, name)):
            fault = _fault(getattr(kit, name), store_factory, values)
            if fault is not None:
                found[name + case] = fault
                if first:
                    return found
    return found


def _kit(capabilities: Capabilities | None) -> StorageKit:
    kit = StorageKit()
    if capabilities is not None:
        kit = type("Kit", (StorageKit,), {"capabilities": capabilities})()
    return kit


def _fault(test: Any, store_factory: StoreFactory, values: dict[str, Any]) -> BaseException | None:
    store = store_factory()
    try:
        store.install(KINDS)
        given = {"bench": Bench(store, new_tenant()), "store_factory": store_factory}
        wanted = signature(test).parameters
        test(**{name: value for name, value in given.items() if name in wanted}, **values)
    except pytest.skip.Exception:
        return None
    except (Exception, pytest.fail.Exception) as fault:  # noqa: BLE001 - whatever it is, it is the answer
        return fault
    finally:
        store.close()
    return None


def _cases(test: Any) -> Cases:
    """The values of every combination of a test's parameters, as pytest would make them."""
    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
    for picked in product(*(_rows(mark.args[0], mark.args[1]) for mark in marks)):
        values = {name: value for _, row in picked for name, value in row.items()}
        yield "".join(f"[{label}]" for label, _ in picked), values


def _rows(names: str | tuple[str, ...], rows: Any) -> Cases:
    fields = (names,) if isinstance(names, str) else names
    for place, row in enumerate(rows):
        given = getattr(row, "values", None)
        values = given if isinstance(given, tuple) else (row,) if isinstance(names, str) else row
        yield str(getattr(row, "id", None) or place), dict(zip(fields, values, strict=True))
