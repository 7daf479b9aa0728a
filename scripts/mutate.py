"""Change the rules of a part one place at a time and see whether its tests notice.

    python -m scripts.mutate credit --only limits

Needs `pip install mutmut`. It works on a copy of the files that git knows, so the checkout may be edited
meanwhile. `--only` takes the modules whose path contains a word. The closing lines are the changes that no
test noticed and the score, the share of those that one did. A part takes from minutes to an hour.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).parents[1]
CORE = "src/pharmacrm/core"
SECTION = re.compile(r"^\[tool\.mutmut\]\n.*?(?=^\[|\Z)", re.MULTILINE | re.DOTALL)
NO_RULES = frozenset({"__init__", "commands", "events", "model", "questions"})
"""Modules that declare and decide nothing; `reasons` in any name are sentences, compared elsewhere."""
NOT_CHANGED = (r"^\s*message = ", r"strict=True")
"""Lines that are left alone: the wording of an error (its code, field and value are not), equal lengths."""


@frozen
class Part:
    """Folders or files of rules under the core, and the tests that have to notice a change in them."""

    rules: tuple[str, ...]
    tests: tuple[str, ...]

    def modules(self, word: str) -> tuple[str, ...]:
        """The paths of its modules of rules that contain a word."""
        found = (path for rule in self.rules for path in sorted((ROOT / CORE).glob(rule)))
        named = (str(path.relative_to(ROOT)) for path in found if decides(path))
        return tuple(name for name in named if word in name)


DOOR = ("tests/flows/test_codes.py",)
"""What the door says of every refusal, in full: rules are met there as they are used."""

PARTS = {
    "approvals": Part(("engines/approval/**/*.py",), ("tests/approval", *DOOR)),
    "credit": Part(("credit/*.py",), ("tests/credit", *DOOR)),
    "receivables": Part(("receivables/*.py",), ("tests/receivables", *DOOR)),
    "terms": Part(
        ("values/terms/*.py", "values/schedule.py", "values/splitting.py"),
        ("tests/values", "tests/receivables"),
    ),
    "collections": Part(("collections/**/*.py",), ("tests/collections", *DOOR)),
    "plan": Part(("plan/*.py",), ("tests/plan",)),
}


def decides(path: Path) -> bool:
    """Whether a module holds rules, not only declarations."""
    return path.stem not in NO_RULES and "reasons" not in path.stem


def copy(folder: Path) -> None:
    """The files that git knows, as they are in the checkout now."""
    git = shutil.which("git") or "git"
    files = subprocess.check_output([git, "ls-files", "-z"], cwd=ROOT, text=True)  # noqa: S603  # words of this file
    for name in filter(None, files.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def configure(folder: Path, modules: tuple[str, ...], tests: tuple[str, ...]) -> None:
    """Write what is to be changed, and which tests are to notice, into the copy's project file."""
    project = folder / "pyproject.toml"
    wanted = {
        "source_paths": ["src/pharmacrm"],
        "only_mutate": modules,
        "do_not_mutate_patterns": NOT_CHANGED,
        "also_copy": ["tests", "scripts", "docs", "benchmarks", "examples", "README.md", "pyproject.toml"],
        "pytest_add_cli_args": ["-n0", "-p", "no:cacheprovider", "-q"],
        "pytest_add_cli_args_test_selection": tests,
    }
    lines = (f"{name} = {json.dumps(value)}\n" for name, value in wanted.items())
    text = SECTION.sub("", project.read_text(encoding="utf-8"))
    project.write_text(text + "\n[tool.mutmut]\n" + "".join(lines), encoding="utf-8")


def told(folder: Path) -> str:
    """The score, the counts, and the changes that no test noticed."""
    stats = json.loads((folder / "mutants" / "mutmut-cicd-stats.json").read_text(encoding="utf-8"))
    noticed = stats["killed"] + stats["timeout"]
    tested = stats["total"] - stats["skipped"]
    missed = [line.partition(":")[0].strip() for line in run(folder, "results", quiet=True).splitlines()]
    shown = (run(folder, "show", name, quiet=True) for name in missed if name)
    return "\n".join((*shown, f"score {noticed / tested:.1%}: {noticed} of {tested} changes noticed"))


def run(folder: Path, *arguments: str, quiet: bool = False) -> str:
    """What mutmut says; unless `quiet`, it goes to the terminal as it comes."""
    pipe = subprocess.PIPE if quiet else None
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(command, cwd=folder, check=quiet, stdout=pipe, text=True)  # noqa: S603  # words of this file
    return done.stdout or ""


def main() -> int:
    """Mutate a part of the rules in a copy and tell the score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--only", default="", help="a word in the paths of the modules")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    part = PARTS[asked.part]
    modules = part.modules(asked.only)
    if not modules:
        parser.error(f"no module of {asked.part} has {asked.only!r} in its path")
    with tempfile.TemporaryDirectory(prefix="mutate-") as scratch:
        folder = Path(scratch)
        copy(folder)
        configure(folder, modules, part.tests)
        run(folder, "run", "--max-children", str(asked.processes))
        run(folder, "export-cicd-stats", quiet=True)
        print(told(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
