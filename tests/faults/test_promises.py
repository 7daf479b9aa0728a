"""The page of the promises says what the runs said, and every report names a promise that is known."""

import argparse
import importlib
import json
import pkgutil
from typing import Any, Never

import pytest

from pharmacrm import testing
from pharmacrm.testing import campaign
from pharmacrm.testing.promises import PROMISES, RUNS, Run
from scripts import make_promises


def test_page_is_up_to_date() -> None:
    text = make_promises.PAGE.read_text(encoding="utf-8")
    assert text == make_promises.page(make_promises.kept()), "python -m scripts.make_promises --write"


def test_every_promise_has_a_run_and_every_run_a_promise() -> None:
    assert {id for run in RUNS for id in run.proves} == {promise.id for promise in PROMISES}


def drivers() -> dict[str, Any]:
    """What can be run as `python -m pharmacrm.testing.<driver>`, but for the campaign itself."""
    found = {}
    for each in pkgutil.iter_modules(testing.__path__):
        name = f"{testing.__name__}.{each.name}"
        if each.ispkg and importlib.util.find_spec(f"{name}.__main__") is None:
            continue
        module = importlib.import_module(f"{name}.__main__" if each.ispkg else name)
        if hasattr(module, "main") and module is not campaign:
            found[each.name] = module.main
    return found


def test_every_driver_proves_something() -> None:
    assert set(drivers()) == {run.driver for run in RUNS}


class Understood(Exception):
    """The options of a driver were read."""


@pytest.mark.parametrize("level", ["c", "n"])
def test_a_driver_understands_the_options_of_its_runs(level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parse = argparse.ArgumentParser.parse_args

    def only(parser: argparse.ArgumentParser, given: Any = None) -> Never:
        parse(parser, given)
        raise Understood

    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", only)
    mains = drivers()
    for run in RUNS:
        with pytest.raises(Understood):
            mains[run.driver](run.command(level).split()[1:])


def test_a_promise_without_a_large_run_is_not_run_yet_and_the_last_line_counts() -> None:
    first = RUNS[0]
    line = {
        "on": "2026-01-01",
        "level": "n",
        "command": f"python -m {first.command('n')}",
        "kept": False,
        "seed": 7,
        "counts": {"kills": 1000},
        "violations": 3,
        "control": {"planted": "a fault", "found": 12},
        "seconds": 9.0,
    }
    small = line | {"level": "c", "kept": True}
    text = make_promises.page([line | {"violations": 9}, line, small])
    assert "**broken** on 2026-01-01 (seed 7, 9 s), 3 violations." in text
    assert "found 12" in text
    assert text.count("**not run yet**") == sum(len(run.proves) for run in RUNS) - len(first.proves)


def test_a_driver_that_is_missing_or_silent_is_no_success(tmp_path, monkeypatch) -> None:
    missing = Run(driver="absent", proves=("T1",), small="", large="")
    silent = Run(driver="promises", proves=("T1",), small="", large="")
    monkeypatch.setattr(campaign, "RUNS", (missing, silent))
    out = tmp_path / "lines.jsonl"
    assert campaign.main(["--only", "T1", "--out", str(out)]) == 1
    assert not out.exists()


def test_what_a_driver_says_is_kept_with_its_command(tmp_path, monkeypatch) -> None:
    run = Run(driver="faults", proves=("T3",), small="--share 0.001 --seed 3", large="")
    monkeypatch.setattr(campaign, "RUNS", (run,))
    out = tmp_path / "lines.jsonl"
    assert campaign.main(["--out", str(out)]) == 0
    (line,) = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert (line["level"], line["seed"], line["promises"]) == ("c", 3, ["T3"])
    assert line["command"] == "python -m pharmacrm.testing.faults --share 0.001 --seed 3"
