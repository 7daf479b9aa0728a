"""The page on production: every command on it is run, and its tables are those of the shell."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pharmacrm import RegisterStaff, connect
from pharmacrm.cli.app import COMMANDS, application
from pharmacrm.cli.saying import Exit
from tests.covers import covers

PAGE = (Path(__file__).parents[2] / "docs/how-to/run-in-production.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"(?:^|[\s=/])pharmacrm (.+)$")
HOST = "crm_host"


def blocks(*languages: str) -> list[str]:
    return [text for language, text in BLOCK.findall(PAGE) if language in languages]


def commands() -> list[tuple[str, dict[str, str]]]:
    """Every command of the page with the variables before it, in order, for one run instead of a service."""
    found = []
    for line in "".join(blocks("console", "cron", "ini", "yaml")).splitlines():
        match = COMMAND.search(line)
        if match is None or line.startswith("Description"):
            continue
        variables = re.findall(r"(CRM_\w+)=(\S+) ", line[: match.start(1)])
        found.append((re.sub(r" --every \d+", "", match[1]), dict(variables)))
    return found


def column(heading: str) -> list[str]:
    """The first cells of the table that begins with this heading."""
    table = PAGE[PAGE.index(f"\n| {heading} |") :].strip().partition("\n\n")[0]
    return [row.split("|")[1].strip(" `") for row in table.splitlines()[2:]]


@pytest.fixture
def deployed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as the page describes it, with the page's own module."""
    for folder in ("erp/out", "erp/in", "backups"):
        (tmp_path / folder).mkdir(parents=True)
    name = f"{HOST}_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(blocks("python")[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PHARMACRM_DOOR", f"{name}:door")
    with_account = connect("sqlite:///crm.db")
    with_account.install(admin="boss")
    with_account.do(RegisterStaff(id="erp", name="ERP", roles=("erp",)), actor="boss").expect()
    with_account.close()
    return tmp_path


def run(words: str, variables: dict[str, str]) -> Result:
    return CliRunner().invoke(application(), shlex.split(words), env=variables)


@covers("SC-38")
def test_every_command_of_the_page_runs(deployed: Path) -> None:
    given = commands()
    assert len(given) >= 10
    for words, variables in given:
        done = run(words, variables)
        assert done.exit_code == Exit.FINE, f"{words}: {done.output}"


def test_what_the_page_shows_is_what_is_said(deployed: Path) -> None:
    shown = re.findall(r"^\$ pharmacrm (.+)\n([^$\n].*)$", "\n".join(blocks("console")), re.MULTILINE)
    assert len(shown) == 2
    for words, said in shown:
        assert run(words, {}).stdout.splitlines() == [said]


def test_the_exit_codes_are_those_of_the_shell() -> None:
    assert column("exit code") == [str(code.value) for code in Exit]


def test_every_command_has_its_row() -> None:
    assert sorted(column("command")) == sorted(set(COMMANDS) - {"demo"})


def test_the_door_is_said_to_be_set_by_the_names_that_the_shell_reads(deployed: Path) -> None:
    del deployed
    assert json.loads(run("--json plugins", {}).stdout)["plugins"]
    for name in re.findall(r"PHARMACRM_\w+", PAGE):
        assert name in {"PHARMACRM_DOOR", "PHARMACRM_TENANT", "PHARMACRM_URL"}
