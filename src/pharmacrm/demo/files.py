"""The demo's data files, which ship with the package; their provenance stands in data/README.md."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources

Row = Mapping[str, str]


@cache
def rows(name: str) -> tuple[Row, ...]:
    """Every row of a file, as a mapping from its header."""
    text = resources.files(__package__).joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
