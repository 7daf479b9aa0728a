"""A journal with seals and anchors, as each version has written them, verifies with every later one (T14).

`python -m tests.golden.test_golden_journal VERSION` writes the file of a version; what is written once is
never written again.
"""

import json
import sys
from pathlib import Path

import pytest
from attrs import evolve

from pharmacrm import AnchorFile, SimulatedClock, connect
from pharmacrm.core.kernel.codec import canonical, from_plain, loads
from pharmacrm.core.kernel.journal import Entry, row_hash
from pharmacrm.core.kernel.seal import Anchor, JournalPlace, Seal, digest_of, root_of
from pharmacrm.core.kernel.verification import anchor_finding, row_findings, seal_findings
from pharmacrm.crm import copies
from pharmacrm.testing.company import an_order, found_company, release
from tests.covers import covers

FOLDER = Path(__file__).parent / "journals"
VERSIONS = sorted(path.stem for path in FOLDER.glob("*.jsonl"))


def kept(version: str) -> tuple[dict[str, Entry], dict[int, str], list[Seal], list[Anchor]]:
    """The entries, places, seals and anchors of a version, read from plain JSON."""
    entries: dict[str, Entry] = {}
    places: dict[int, str] = {}
    seals: list[Seal] = []
    anchors: list[Anchor] = []
    for text in (FOLDER / f"{version}.jsonl").read_text(encoding="utf-8").splitlines():
        sort, row = loads(text)
        match sort:
            case "entry":
                entries[row["id"]] = from_plain(Entry, row)
            case "place":
                place = from_plain(JournalPlace, row)
                places[place.position] = place.entry
            case "seal":
                seals.append(from_plain(Seal, row))
            case "anchor":
                anchors.append(from_plain(Anchor, row))
    return entries, places, seals, anchors


@covers("SC-33")
@pytest.mark.parametrize("version", VERSIONS)
def test_it_verifies(version: str) -> None:
    entries, places, seals, anchors = kept(version)
    assert len(entries) == len(places) > 50
    before = None
    for seal, anchor in zip(seals, anchors, strict=True):
        rows = [entries[places[position]] for position in range(seal.first, seal.last + 1)]
        assert list(seal_findings("main", seal, before)) == []
        assert root_of([entry.hash for entry in rows]) == seal.root
        assert anchor_finding(anchor, seal, [*rows]) is None
        for position, entry in enumerate(rows, seal.first):
            assert list(row_findings("main", entry, position)) == []
        before = seal
    assert before is not None
    assert before.last == len(entries)


@pytest.mark.parametrize("version", VERSIONS)
def test_it_would_not_if_anything_were_changed(version: str) -> None:
    entries, _, seals, _ = kept(version)
    entry = next(iter(entries.values()))
    assert row_hash("main", evolve(entry, actor="mallory")) != entry.hash
    assert digest_of("main", evolve(seals[0], count=7)) != seals[0].digest


def test_this_version_is_kept() -> None:
    assert VERSIONS


def write(version: str) -> None:
    """The file of a version; one that is there already stays as it is."""
    path, anchors = FOLDER / f"{version}.jsonl", FOLDER / "anchors.tmp"
    assert not path.exists(), f"{path} is kept for ever"
    FOLDER.mkdir(exist_ok=True)
    crm = connect("memory://", clock=SimulatedClock(), plugins=[AnchorFile(anchors)])
    found_company(crm)
    for number in range(5):
        crm.do(an_order(f"SO-{number}", quantity=100), actor="zhang.san", key=f"k-{number}").expect()
        release(crm, f"SO-{number}")
        crm.deliver()
    names = {"journal_place": "place", "seal": "seal"}
    with crm._store.transaction() as session, path.open("w", encoding="utf-8", newline="\n") as file:
        for line in copies._lines(crm._desk, session):
            if line[0] == "entry":
                file.write(canonical(line) + "\n")
            elif line[0] == "row" and line[1] in names:
                row = {"id": line[3], "version": line[4], **line[5]}
                file.write(canonical([names[line[1]], row]) + "\n")
        for text in anchors.read_text(encoding="utf-8").splitlines():
            file.write(canonical(["anchor", json.loads(text)["anchor"]]) + "\n")
    anchors.unlink()
    crm.close()


if __name__ == "__main__":
    write(sys.argv[1])
