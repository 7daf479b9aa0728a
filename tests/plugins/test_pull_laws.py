"""However rows are parted into files, repeated and interrupted, the books are the same."""

import os
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.credit import CreditLine
from pharmacrm.core.kernel.codec import plain_fields
from pharmacrm.core.receivables import Receipt
from pharmacrm.core.stock import StockSnapshot
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing import pulling
from pharmacrm.testing.promises import small
from tests.covers import covers
from tests.flows.house import entities
from tests.plugins.sources import RECEIPTS, folder_company, receipt_row, send
from tests.profiles import database_examples

STOCK = "product,site,quantity,as_of"


class Killed(BaseException):
    """The process ends here."""


def books(crm: PharmaCRM) -> list[Any]:
    kinds = (Receipt, CreditLine, StockSnapshot)
    return [[plain_fields(each) for each in entities(crm, kind)] for kind in kinds]


def interrupted(crm: PharmaCRM, at: int, limit: int) -> None:
    """Pull, and end without warning before the `at`-th command."""
    real = crm._do
    calls = iter(range(at))

    def dying(*what: Any) -> Any:
        if next(calls, None) is None:
            raise Killed
        return real(*what)

    crm._do = dying  # type: ignore[method-assign,assignment]  # for one call
    try:
        crm.pull("erp", limit=limit)
    except Killed:
        pass
    finally:
        crm._do = real  # type: ignore[method-assign]  # as it was


@covers("UF-54", "XT-17")
@database_examples
@given(
    amounts=st.lists(st.integers(1, 10**6), min_size=1, max_size=8),
    words=st.permutations(range(5)),
    cuts=st.sets(st.integers(1, 7), max_size=3),
    again=st.booleans(),
    kills=st.lists(st.integers(0, 12), max_size=3),
    limit=st.integers(1, 5),
)
def test_parts_repetitions_and_kills_make_no_difference(
    amounts: list[int], words: list[int], cuts: set[int], again: bool, kills: list[int], limit: int
) -> None:
    rows = [receipt_row(f"R-{n}", f"{cents // 100}.{cents % 100:02d}") for n, cents in enumerate(amounts)]
    stock = [f"AMX-500,S,{minute},2026-01-05T08:0{minute}:00+08:00" for minute in words]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        plain = folder_company(Path(one), totals=False)
        send(Path(one) / "in", "receipts-1", [RECEIPTS, *rows])
        send(Path(one) / "in", "stock-1", [STOCK, *sorted(stock)])
        plain.pull("erp")
        crm = folder_company(Path(other), totals=False)
        edges = [0, *sorted(cut for cut in cuts if cut < len(rows)), len(rows)]
        for number, (begin, end) in enumerate(pairwise(edges)):
            send(Path(other) / "in", f"receipts-{number}", [RECEIPTS, *rows[begin:end]])
        for number, word in enumerate(stock):
            send(Path(other) / "in", f"stock-{number}", [STOCK, word])
        if again:
            send(Path(other) / "in", "receipts-99", [RECEIPTS, *reversed(rows)])
        for at in kills:
            interrupted(crm, at, limit)
        crm.pull("erp", limit=limit)
        assert books(crm) == books(plain)
        assert [path.name for path in (Path(other) / "in").iterdir()] == ["done"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_killed_at_many_calls_and_the_control_is_found() -> None:
    """The small run of the driver; `python -m pharmacrm.testing.pulling` kills at every call."""
    command = [sys.executable, "-m", pulling.__name__, *small("pulling"), "--seed", "7"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
