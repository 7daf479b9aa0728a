"""What every step of a document on a route answers, stores, removes and tells, compared to the last field."""

import json

from tests.approval.traces import kept, told


def test_every_step_is_what_was_read_and_kept() -> None:
    """`python -m tests.approval.traces --write` keeps what is told now; the difference is then read."""
    now = json.loads(json.dumps(told(), default=str))
    for step, was in zip(now, kept(), strict=True):
        assert step == was, (step["story"], step["number"])
