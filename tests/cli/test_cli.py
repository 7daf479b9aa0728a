"""The shell: what it says in both languages, its JSON, its exit codes, and whose door it opens."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from pharmacrm import Delivered, Reject, SimulatedClock, connect, hookimpl
from pharmacrm.cli.app import COMMANDS, _until_more, application
from pharmacrm.cli.repeating import repeated
from pharmacrm.cli.saying import SENTENCES, Exit, language_of
from pharmacrm.core.kernel.dates import as_instant
from pharmacrm.crm.delivery import Delivered as Relayed
from pharmacrm.testing.company import an_order, found_company
from tests.covers import covers

NOW = as_instant("2026-01-05T01:00:00Z")

HOST = """
from pharmacrm import Pulled, RecordStock, RegisterStaff, Reject, RetryAfter
from pharmacrm import SimulatedClock, connect, hookimpl, item_of

URL = {url!r}

class Deaf:
    name = "deaf"
    topics = ("OrderSubmitted",)

    @hookimpl
    def pharmacrm_deliver(self, context):
        return Reject("nobody listens")

def door():
    return connect(URL, clock=SimulatedClock(), plugins=[Deaf()])

ready = door()
nothing = 5

class Api:
    # one good item and one that nobody can read; then it asks for time
    name = "api"

    @hookimpl
    def pharmacrm_pull(self, context):
        if context.cursor:
            return RetryAfter(60, "closed for the night")
        level = {{"product": "AMX-500", "site": "SH-1", "quantity": 7, "as_of": "2026-01-05T00:00:00Z"}}
        items = [item_of("e-1", RecordStock, level), item_of("e-2", RecordStock, {{"product": "AMX-500"}})]
        return Pulled(items=items, cursor="2")

def erp():
    crm = connect(URL, clock=SimulatedClock(), plugins=[Deaf(), Api()])
    crm.do(RegisterStaff(id="api", name="API", roles=("erp",)), actor="admin").expect()
    return crm
"""


def shell(*words: str, **variables: str) -> Result:
    return CliRunner().invoke(application(), list(words), env=variables)


def last_json(result: Result) -> Any:
    return json.loads(result.stdout.splitlines()[-1])


@pytest.fixture
def url(sqlite_url: str) -> str:
    assert shell("--url", sqlite_url, "init", "--admin", "boss").exit_code == Exit.FINE
    return sqlite_url


class Deaf:
    """The plugin of the host, here to address the notices that it will refuse."""

    name = "deaf"
    topics = ("OrderSubmitted",)

    @hookimpl
    def pharmacrm_deliver(self, context: Any) -> Delivered | Reject:
        return Reject("nobody listens")


@pytest.fixture
def host(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The module of a host with a door of its own, whose one notifier refuses every notice."""
    crm = connect(sqlite_url, clock=SimulatedClock(), plugins=[Deaf()])
    found_company(crm)
    crm.do(an_order("SO-1"), actor="zhang.san").expect()
    crm.close()
    name = f"host_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(HOST.format(url=sqlite_url), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return name


def test_a_store_is_installed_once_and_says_so_in_both_languages(sqlite_url: str) -> None:
    english = shell("--url", sqlite_url, "--language", "en", "init", "--admin", "boss")
    chinese = shell("--url", sqlite_url, "--language", "zh-CN", "init", "--admin", "boss")
    assert english.stdout == "tenant main is installed; it begins with boss\n"
    assert chinese.stdout == "租户 main 已安装，首位管理员 boss\n"


def test_answers_are_one_json_object_each(url: str) -> None:
    assert last_json(shell("--url", url, "--json", "run-due")) == {
        "command": "run-due",
        "done": 0,
        "reminded": 0,
        "refused": 0,
        "failed": [],
    }
    assert last_json(shell("--url", url, "--json", "deliver"))["delivered"] == 0


def test_the_url_may_come_from_the_environment(url: str) -> None:
    assert shell("run-due", PHARMACRM_URL=url).exit_code == Exit.FINE


def test_the_tenant_is_chosen(url: str) -> None:
    other = shell("--url", url, "--tenant", "other", "--json", "run-due")
    assert other.exit_code == Exit.FAILED
    assert last_json(other)["error"] == "tenant.not_installed"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--url", "sqlite:////nowhere/at/all.db"), "store.unavailable"),
        (("--url", "nonsense"), "store.url"),
        ((), "door.unclear"),
        (("--url", "memory://", "--door", "a:b"), "door.unclear"),
        (("--door", "no_such_module:door"), "door.missing"),
        (("--door", "json:no_such_name"), "door.missing"),
        (("--door", "nonsense"), "door.missing"),
    ],
)
def test_what_goes_wrong_has_a_code_and_exit_code_three(words: tuple[str, ...], code: str) -> None:
    plain, as_json = shell(*words, "deliver"), shell(*words, "--json", "deliver")
    assert plain.exit_code == as_json.exit_code == Exit.FAILED
    assert plain.stdout == ""
    assert code in plain.stderr
    assert last_json(as_json)["error"] == code
    assert last_json(as_json)["docs"].startswith("reference/errors.md#")


def test_a_mistake_in_the_command_line_is_exit_code_two(url: str) -> None:
    assert shell("--url", url, "nonsense").exit_code == Exit.USAGE
    assert shell("--url", url, "--language", "de", "deliver").exit_code == Exit.USAGE
    assert shell("--url", url, "deliver", "--limit", "-1").exit_code == Exit.USAGE


@pytest.mark.parametrize("attribute", ["door", "ready"])
def test_the_hosts_own_door_brings_its_plugins_and_dead_letters_are_exit_code_one(
    host: str, attribute: str
) -> None:
    found = shell("--door", f"{host}:{attribute}", "--json", "deliver")
    assert found.exit_code == Exit.LOOK
    assert last_json(found)["dead"] == 1
    assert shell("--door", f"{host}:{attribute}", "deliver").exit_code == Exit.FINE


def test_a_door_that_is_none_is_refused(host: str) -> None:
    wrong = shell("--door", f"{host}:nothing", "--json", "deliver")
    assert wrong.exit_code == Exit.FAILED
    assert last_json(wrong)["error"] == "door.type"


def test_plugins_are_shown_with_their_faults(host: str, sqlite_url: str) -> None:
    shown = shell("--door", f"{host}:door", "plugins", "deliver")
    assert "1. deaf" in shown.stdout
    assert last_json(shell("--url", sqlite_url, "--json", "plugins"))["plugins"]
    assert shell("--url", sqlite_url, "plugins", "no_such_hook").exit_code == Exit.FAILED


@covers("UF-54")
def test_what_another_system_has_is_taken_in_and_what_is_set_aside_is_exit_code_one(host: str) -> None:
    door = ("--door", f"{host}:erp")
    first = shell(*door, "--json", "pull", "api")
    assert first.exit_code == Exit.LOOK, first.output
    assert {"command": "pull", "source": "api", "done": 1, "aside": 1}.items() <= last_json(first).items()
    later = shell(*door, "--language", "zh-CN", "pull", "api", "--limit", "10")
    assert (later.exit_code, later.stdout) == (
        Exit.LOOK,
        "api：完成 0，重复 0，待审 0，隔离 0，重试成功 0\n",
    )
    assert "closed for the night" in later.stderr


def test_an_unknown_source_is_said(host: str) -> None:
    unknown = shell("--door", f"{host}:erp", "--json", "pull", "nobody")
    assert unknown.exit_code == Exit.FAILED
    assert last_json(unknown)["error"]


def test_nobody_is_kept_waiting_longer_than_the_work_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    class Ended:
        def set(self) -> None:
            raise AssertionError

        def wait(self, seconds: float) -> bool:
            waited.append(seconds)
            return len(waited) == 4

    monkeypatch.setattr("pharmacrm.cli.repeating.threading.Event", Ended)
    monkeypatch.setattr("pharmacrm.cli.repeating.signal.signal", lambda *_: None)
    answers = iter([0.0, 2.0, None, 90.0])
    repeated(lambda: next(answers), 5)
    assert waited == [0.0, 2.0, 5, 5]


@pytest.mark.parametrize(
    ("found", "seconds"),
    [
        (Relayed(), None),
        (Relayed(delivered=100, waiting=3, next_due=NOW), 0.0),
        (Relayed(delivered=1, waiting=3, next_due=NOW - timedelta(seconds=1)), 0.0),
        (Relayed(postponed=1, waiting=1, next_due=NOW + timedelta(seconds=9)), 9.0),
        (Relayed(waiting=1, next_due=NOW + timedelta(seconds=9)), 9.0),
        (Relayed(waiting=1, next_due=NOW), None),
    ],
)
def test_a_relay_looks_again_when_there_is_more_to_do(found: Relayed, seconds: float | None) -> None:
    with closing(connect("memory://", clock=SimulatedClock(NOW))) as crm:
        assert _until_more(crm, found) == pytest.approx(seconds, abs=1e-3)


def test_it_goes_on_until_it_is_told_to_end(url: str) -> None:
    command = [sys.executable, "-m", "pharmacrm.cli", "--url", url, "--json", "deliver", "--every", "0.05"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as relay:
        assert relay.stdout is not None
        answers = [json.loads(relay.stdout.readline()) for _ in range(3)]
        relay.send_signal(signal.SIGTERM)
        assert relay.wait(30) == Exit.FINE
    assert all(each["command"] == "deliver" for each in answers)


def test_a_console_without_chinese_gets_question_marks(url: str) -> None:
    words = ("--url", url, "--language", "zh-CN", "deliver")
    command = [sys.executable, "-X", "utf8=0", "-m", "pharmacrm.cli", *words]
    done = subprocess.run(
        command, capture_output=True, timeout=120, check=True, env={"PYTHONIOENCODING": "ascii"}
    )
    assert re.search(rb"\?+ 0", done.stdout)


def test_every_sentence_has_the_same_names_in_both_languages() -> None:
    for english, chinese in SENTENCES.values():
        assert re.findall(r"{\w+}", english) == re.findall(r"{\w+}", chinese)
        assert not english.isascii() or not chinese.isascii()
    assert set(SENTENCES) <= set(COMMANDS)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_TW"}, "zh-CN"),
    ],
)
def test_the_language_is_the_systems(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


@covers("SC-34")
def test_books_are_verified_copied_and_restored(host: str, sqlite_url: str, tmp_path: Path) -> None:
    door = ("--door", f"{host}:door")
    copy = tmp_path / "main.copy"
    checked = shell("--json", *door, "verify")
    assert (checked.exit_code, last_json(checked)["found"]) == (Exit.FINE, 0)
    written = shell("--json", *door, "backup", str(copy), "--drill")
    assert written.exit_code == Exit.FINE, written.output
    assert last_json(written)["restores"] == 1
    again = shell("--json", *door, "restore", str(copy), "--actor", "boss", "--reason", "drill")
    assert (again.exit_code, last_json(again)["error"]) == (Exit.FAILED, "copy.not_empty")
    missing = shell("--json", *door, "restore", str(tmp_path / "none"), "--actor", "b", "--reason", "r")
    assert last_json(missing)["error"] == "copy.file"
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as database:
        database.execute("UPDATE pharmacrm_credit_line SET reserved = reserved + 1")
    database.close()
    forged = shell("--language", "en", *door, "verify")
    assert (forged.exit_code, "credit_line" in forged.stdout) == (Exit.LOOK, True)
