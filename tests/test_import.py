"""What `import pharmacrm` loads, which names it gives, and what the core must never touch."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import pharmacrm
from tests.covers import covers

SOURCE = Path(pharmacrm.__file__).parent
ROOT = SOURCE / "__init__.py"
FORBIDDEN_IN_CORE = (
    "sqlalchemy",
    "pluggy",
    "sqlite3",
    "logging",
    "random",
    "socket",
    "psycopg",
    "typer",
    "rich",
)
OTHERS_NAMES = {
    "now",
    "today",
    "utcnow",
    "time",
    "time_ns",
    "monotonic",
    "perf_counter",
    "localtime",
    "gmtime",
}
CLOCKS = {"date", "datetime", "time"}


def loaded_by(code: str) -> set[str]:
    """The modules in memory after this code has run in a fresh interpreter."""
    script = f"import sys; sys.path.insert(0, {str(SOURCE.parent)!r})\n{code}\nprint(*sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    return set(answer.stdout.split())


def of(modules: set[str], *packages: str) -> set[str]:
    return {name for name in modules if name.split(".")[0] in packages}


def test_importing_the_package_loads_no_database_and_no_command_line() -> None:
    modules = loaded_by("import pharmacrm")
    assert of(modules, "sqlalchemy", "typer", "rich", "psycopg", "pluggy", "hypothesis", "pytest") == set()
    assert {name for name in modules if name.startswith("pharmacrm.")} == set()


def test_using_the_rules_alone_loads_no_database() -> None:
    modules = loaded_by("import pharmacrm; pharmacrm.PlaceOrder; pharmacrm.Money; pharmacrm.Inbox")
    assert of(modules, "sqlalchemy", "pluggy", "typer", "psycopg") == set()


def test_a_store_in_memory_loads_no_database() -> None:
    modules = loaded_by("import pharmacrm; pharmacrm.connect('memory://')")
    assert of(modules, "sqlalchemy", "typer", "psycopg") == set()


def test_the_core_imports_nothing_that_touches_the_world() -> None:
    modules = [path.relative_to(SOURCE.parent) for path in (SOURCE / "core").rglob("*.py")]
    names = sorted({".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in modules})
    outside = (
        "attrs, cattrs, dateutil.relativedelta, stdnum.cn.uscc, enum, json, hashlib, unicodedata, zoneinfo"
    )
    before = loaded_by(f"import {outside}")
    after = loaded_by(f"import {outside}, {', '.join(names)}")
    assert of(after - before, *FORBIDDEN_IN_CORE) == set()
    assert {
        name for name in after if name.startswith(("pharmacrm.crm", "pharmacrm.plugins", "pharmacrm.cli"))
    } == set()


# ---------------------------------------------------------------------------------------------------- names


def public() -> dict[str, str]:
    """Each name that type checkers see, and the module that it comes from."""
    stub = ast.parse(ROOT.with_suffix(".pyi").read_text(encoding="utf-8"))
    found = [node for node in stub.body if isinstance(node, ast.ImportFrom)]
    assert all(each.name == each.asname for node in found for each in node.names), "not exported"
    names = [(each.name, str(node.module)) for node in found for each in node.names]
    assert len(dict(names)) == len(names), "a name stands twice"
    return dict(names)


def test_checkers_and_programs_see_the_same_names() -> None:
    assert pharmacrm.__all__ == sorted(public())
    assert {*pharmacrm.__all__, "__version__"} <= set(dir(pharmacrm))


@pytest.mark.parametrize("name", public())
def test_every_public_name_is_there_and_is_what_the_checker_sees(name: str) -> None:
    assert getattr(pharmacrm, name) is getattr(import_module(public()[name]), name)


def test_a_star_gives_every_name() -> None:
    names: dict[str, object] = {}
    exec("from pharmacrm import *", names)
    assert set(public()) == set(names) - {"__builtins__"}


def test_a_misspelt_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="PlaceOrdr"):
        _ = pharmacrm.PlaceOrdr  # type: ignore[attr-defined]  # wrong on purpose: what becomes of it is tested


def test_nobody_inside_imports_the_root() -> None:
    found = []
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "pharmacrm" and node.level == 0:
                submodules = {each.stem for each in SOURCE.iterdir()}
                found += [f"{path.name}:{alias.name}" for alias in node.names if alias.name not in submodules]
            if isinstance(node, ast.Import) and "pharmacrm" in {alias.name for alias in node.names}:
                found.append(path.name)
    assert set(found) <= {"cli.py:__version__"}, found


# --------------------------------------------------------------------------------------------------- clocks


def clock_reads(path: Path) -> list[str]:
    """Calls of datetime.now(), date.today(), time.time() and the like, and imports of `time`."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in OTHERS_NAMES
        ):
            owner = node.func.value
            name = (
                owner.id
                if isinstance(owner, ast.Name)
                else owner.attr
                if isinstance(owner, ast.Attribute)
                else ""
            )
            if name in {*CLOCKS, "dt"}:
                found.append(f"{path.name}:{node.lineno} {name}.{node.func.attr}()")
        if isinstance(node, ast.Import):
            found += [
                f"{path.name}:{node.lineno} import time" for alias in node.names if alias.name == "time"
            ]
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            if {alias.name for alias in node.names} == {"sleep"}:
                continue  # waiting reads no clock
            found.append(f"{path.name}:{node.lineno} from time import")
    return found


def test_no_core_function_reads_a_clock() -> None:
    assert [read for path in (SOURCE / "core").rglob("*.py") for read in clock_reads(path)] == []


def test_the_clock_is_read_in_one_place() -> None:
    """Everywhere else asks the door's clock; guards are timed, and delivery's lease threads are."""
    readers = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py") if clock_reads(path)}
    assert "crm/clocks.py" in readers
    assert {name for name in readers if name.startswith("crm/")} == {"crm/clocks.py"}


def test_the_check_for_clocks_finds_them(tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text(
        "import time\nfrom datetime import date\nx = date.today()\ny = time.time()\n", encoding="utf-8"
    )
    assert len(clock_reads(path)) == 3


# ----------------------------------------------------------------------------------------------- capabilities


@covers("UF-01")
def test_the_registry_lists_every_domain_with_what_it_brings() -> None:
    crm = pharmacrm.connect("memory://")
    domains = crm.registry.domains
    assert set(domains) >= {
        "people",
        "products",
        "customers",
        "licences",
        "prices",
        "orders",
        "credit",
        "receivables",
    }
    for name, domain in domains.items():
        assert domain.name == name
        assert domain.records or domain.handlers or domain.completing
    handlers = {handler.message.__name__ for domain in domains.values() for handler in domain.handlers}
    assert handlers == set(crm.registry.messages)
    assert {code.code for domain in domains.values() for code in domain.reasons} <= set(crm.registry.codes)
