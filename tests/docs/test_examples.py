"""Every example is run, twice, in a folder of its own; every how-to page that needs one has it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.covers import covers

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.name for path in (ROOT / "examples").glob("*.py"))
SMALL = {"order_to_cash.py": ("--months", "1", "--customers", "30", "--orders", "0")}
SAID = {
    "credit_and_collections.py": (
        "SO-3: held credit.over_limit",
        "letter, level 2",
        "confirmation: confirmed",
        "ledger agrees: True",
        "2026-12-07 open",
    ),
    "erp_api.py": ("done=4, repeated=0, held=0, aside=1", "stock: 46000", "closed: the ERP answers 503"),
    "erp_folder.py": ("agrees: True",),
    "host_transaction.py": ("SO-3: held", "why: address.missing", "theirs: SO-1 SO-3", "ours:   SO-1 SO-3"),
    "log_store.py": ("SO-1 is stored; journal clean: True",),
    "night_watch.py": (
        "1 done, 2 reminded",
        "waiting: 0 dead: 0",
        "credit_line H-001",
        "restored: True clean: True",
    ),
    "order_to_cash.py": ("账龄表",),
    "quote_to_order.py": (
        "line 2 removed: CEF-250 -> None",
        "QT-1: finance approved by qian.qi",
        "SO-1 placed: allowed price.quoted",
        "QT-1 is converted as SO-1; CNY 1,320.00 = CNY 1,320.00",
        "GR-2, 600 tablets: refused goods_receipt.over_quantity",
        "PO-1 is received: 2040 of 2000; new lots 20260101, 20260103",
    ),
}


@covers("SC-38")
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_runs_and_runs_again(name: str, tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "examples" / name), *SMALL.get(name, ())]
    runs = [
        subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False) for _ in range(2)
    ]
    for run in runs:
        assert run.returncode == 0, run.stderr
    assert [said for said in SAID[name] if said not in runs[0].stdout] == []
    if name == "erp_api.py":
        assert "done=0, repeated=0" in runs[1].stdout


def test_the_index_names_every_example_and_every_page() -> None:
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    assert [name for name in EXAMPLES if name not in index] == []
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    links = set(re.findall(r"\]\(([\w/-]+\.md)(?:#[\w-]+)?\)", index))
    assert links == pages - {"index.md"}
