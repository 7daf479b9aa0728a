"""The small form of every driver of faults: its promises are kept, and its planted fault is found."""

import json

import pytest

from pharmacrm.testing.crash import __main__ as crash
from pharmacrm.testing.faults import __main__ as faults
from pharmacrm.testing.idempotency import __main__ as idempotency
from pharmacrm.testing.mixed import __main__ as mixed
from pharmacrm.testing.oversell import __main__ as oversell
from pharmacrm.testing.powerloss import __main__ as powerloss
from pharmacrm.testing.promises import RUNS, Run
from pharmacrm.testing.targets import SERVERS
from tests.covers import covers

MAINS = {
    "crash": crash.main,
    "faults": faults.main,
    "idempotency": idempotency.main,
    "mixed": mixed.main,
    "oversell": oversell.main,
    "powerloss": powerloss.main,
}
OWN = [run for run in RUNS if run.driver in MAINS]


@covers("XT-03", "XT-26")
@pytest.mark.slow
@pytest.mark.parametrize("run", OWN, ids=lambda run: f"{run.driver} {run.small}")
def test_promises_are_kept_and_the_control_is_found(
    run: Run,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for kind, variable in SERVERS.items():
        if kind in run.small:
            monkeypatch.setenv(variable, request.getfixturevalue(f"{kind}_server"))
    status = MAINS[run.driver]([*run.small.split(), "--seed", "1"])
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert line["first_violations"] == []
    assert line["control"]["found"] > 0
    assert (status, line["kept"], set(line["promises"])) == (0, True, set(run.proves))
