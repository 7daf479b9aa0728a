"""The driver of the outbox in its small form: every promise kept, every planted fault found."""

import json
import subprocess
import sys

import pytest

from pharmacrm.testing.promises import small
from tests.covers import covers


@covers("XT-37")
@pytest.mark.slow
def test_a_small_run_keeps_every_promise() -> None:
    """In a process of its own: relays are forked from a server that this process should not become."""
    done = subprocess.run(
        [sys.executable, "-m", "pharmacrm.testing.outbox", *small("outbox"), "--seed", "3"],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    said = json.loads(done.stdout)
    assert said["kept"], said
    assert done.returncode == 0
    assert said["counts"]["effects"] == 58
    assert said["counts"]["replayed"] == 2
    assert said["control"]["found"] > 0
