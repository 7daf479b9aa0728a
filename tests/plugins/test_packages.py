"""The plugins of `examples/plugins`, built as packages, installed, and found through their entry points."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.covers import covers

EXAMPLES = Path(__file__).parents[2] / "examples" / "plugins"
PACKAGES = sorted(path.parent.name for path in EXAMPLES.glob("*/pyproject.toml"))
SCRIPT = """
import json, sys
import pharmacrm
from pharmacrm.testing.company import an_order, found_company

asked, isolate = json.loads(sys.argv[1])
url = "sqlite:///books.db"
crm = pharmacrm.connect(url, clock=pharmacrm.SimulatedClock(), entry_points=asked, isolate=isolate)
found_company(crm)
said = {
    "plugins": crm.plugins.names,
    "imported": sorted(name for name in sys.modules if name.startswith("acme_") and "." not in name),
    "sunday": crm.do(an_order("SO-1"), actor="zhang.san", effective_at="2026-01-04").codes,
    "monday": crm.do(an_order("SO-2"), actor="zhang.san", effective_at="2026-01-05").outcome,
    "delivered": crm.deliver().delivered,
    "domains": list(crm.registry.domains)[-1],
    "faults": [fault.message for fault in crm.plugins.faults if fault.what != "slow"],
    "explained": crm.plugins.explain(),
}
if "acme_samples" in crm.registry.domains:
    from acme_samples import LeaveSample, Sample

    many = crm.do(LeaveSample(id="S-1", customer="H-001", packs=11), actor="zhang.san")
    crm.do(LeaveSample(id="S-2", customer="H-001", packs=10), actor="zhang.san").expect()
    said["too many"] = many.codes
    said["samples"] = [sample.packs for sample in crm.find(Sample, actor="zhang.san")]
crm.close()
print(json.dumps(said))
"""


@pytest.fixture(scope="module", name="installed")
def _installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the three wheels in it, built and installed without a package index."""
    dist, site = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    offline = ["--no-deps", "--no-index"]
    sources = [str(EXAMPLES / name) for name in PACKAGES]
    build = [*pip, "wheel", *offline, "--no-build-isolation", "--wheel-dir", str(dist), *sources]
    subprocess.run(build, check=True, timeout=250)
    wheels = sorted(dist.glob("*.whl"))
    assert len(wheels) == len(PACKAGES) == 3
    assert all("entry_points.txt" in " ".join(zipfile.ZipFile(wheel).namelist()) for wheel in wheels)
    subprocess.run(
        [*pip, "install", *offline, "--target", str(site), *map(str, wheels)], check=True, timeout=250
    )
    return site


def _said(installed: Path, folder: Path, *, asked: bool, isolate: dict[str, float] | None = None) -> Any:
    environment = {**os.environ, "PYTHONPATH": str(installed), "ACME_BELL": str(folder / "bell.txt")}
    command = [sys.executable, "-c", SCRIPT, json.dumps([asked, isolate])]
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=120
    )
    return json.loads(done.stdout)


@covers("SC-38")
def test_they_do_their_work(installed: Path, tmp_path: Path) -> None:
    said = _said(installed, tmp_path, asked=True)
    assert said["plugins"][:3] == ["acme_bell", "acme_guard", "acme_samples"]
    assert said["faults"] == []
    assert (said["sunday"], said["monday"]) == (["acme.sunday"], "allowed")
    assert said["delivered"] == 1
    assert [line.split()[1] for line in (tmp_path / "bell.txt").read_text().splitlines()] == ["SO-2"]
    assert said["domains"] == "acme_samples"
    assert (said["too many"], said["samples"]) == (["acme_samples.too_many"], [10])


def test_they_are_not_even_imported_unless_asked_for(installed: Path, tmp_path: Path) -> None:
    said = _said(installed, tmp_path, asked=False)
    assert not [name for name in said["plugins"] if name.startswith("acme")]
    assert said["imported"] == []
    assert (said["sunday"], said["delivered"]) == ([], 0)


def test_two_of_them_in_worker_processes(installed: Path, tmp_path: Path) -> None:
    said = _said(installed, tmp_path, asked=True, isolate={"acme_bell": 20.0, "acme_guard": 20.0})
    assert said["imported"] == ["acme_samples"]
    assert said["faults"] == []
    assert "  1. acme_guard (isolated, limit 20 s)" in said["explained"].splitlines()
    assert (said["sunday"], said["monday"], said["delivered"]) == (["acme.sunday"], "allowed", 1)


def test_a_required_domain_cannot_be_isolated(installed: Path, tmp_path: Path) -> None:
    """The domain stays out, and as the plugin has no guard, nothing is held for it."""
    said = _said(installed, tmp_path, asked=True, isolate={"acme_samples": 20.0})
    assert said["faults"] == ["pharmacrm_register cannot be isolated: give it to a plugin of its own"]
    assert "acme_samples" not in said["plugins"]
    assert said["monday"] == "allowed"
