"""A copy of everything goes from any store to any other, with one digest, all or nothing."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from pharmacrm import AnchorFile, MalformedInput, PharmaCRM, RegisterUnit, SimulatedClock
from pharmacrm.core.kernel.errors import SchemaChanged, StoreFailure
from pharmacrm.crm import copies
from pharmacrm.crm.registry import Registry
from tests.covers import covers
from tests.door.test_journal import a_busy_month
from tests.flows.house import ADMIN, SALES, dump, journal, open_house, opened, worth

REASON = {"actor": ADMIN, "reason": "the disk failed"}


def busy(tmp_path: Path) -> tuple[PharmaCRM, Path]:
    """A month in memory, and its copy."""
    crm = open_house(plugins=[AnchorFile(tmp_path / "anchors.jsonl")])
    crm.do(worth("SO-K", 5), actor=SALES, key="web-1").expect()
    a_busy_month(crm)
    crm.deliver()
    crm.do(worth("SO-L", 5), actor=SALES)
    path = tmp_path / "main.copy"
    crm.export(path)
    return crm, path


@covers("SC-34")
def test_any_store_to_any_store_with_equal_digests(tmp_path, any_url: str) -> None:
    first, path = busy(tmp_path)
    there = opened(any_url, clock=SimulatedClock(first.clock.now()))
    copy = there.restore(path, **REASON)
    assert copy.digest == first.digest() == copies.looked_at(path).digest
    assert there.verify().clean
    declared = journal(there)[-1]
    assert (declared.command, declared.actor, declared.note) == ("Restore", ADMIN, "the disk failed")
    assert journal(there)[:-1] == journal(first)
    assert dump(there)[0] == dump(first)[0]
    there.do(RegisterUnit(id="new", name="新"), actor=ADMIN).expect()
    again = there.do(worth("SO-K", 5), actor=SALES, key="web-1")
    assert again.replayed
    second = tmp_path / "second.copy"
    exported = there.export(second)
    back = opened(clock=SimulatedClock(there.clock.now()))
    assert back.restore(second, **REASON).digest == exported.digest
    assert back.verify().clean


@covers("SC-34")
def test_a_drill_restores_and_verifies_and_touches_nothing(tmp_path) -> None:
    crm, path = busy(tmp_path)
    crm.do(worth("SO-M", 5), actor=SALES)
    crm.deliver()
    before = crm.digest()
    found = crm.drill(path)
    assert found.clean, found.explain()
    assert found.restores == 1
    assert crm.digest() == before


def test_an_old_copy_put_back_is_known_by_its_declaration(tmp_path) -> None:
    crm, path = busy(tmp_path)
    crm.do(worth("SO-M", 5), actor=SALES)
    crm.deliver()
    there = opened(clock=SimulatedClock(crm.clock.now()), plugins=[AnchorFile(tmp_path / "anchors.jsonl")])
    there.restore(path, **REASON)
    assert (there.verify().clean, there.verify().restores) == (True, 1)
    there.deliver()
    assert there.verify().clean, there.verify().explain()
    silent = opened(clock=SimulatedClock(crm.clock.now()), plugins=[AnchorFile(tmp_path / "anchors.jsonl")])
    silent.create_tables()
    with silent._store.transaction() as session:
        copies._put(silent._desk, session, path)
    assert "cut" in {each.what for each in silent.verify().findings}


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _edited(data: bytes) -> bytes:
    return gzip.compress(gzip.decompress(data).replace(b"SO-1", b"SO-9"))


def _without_a_line(data: bytes) -> bytes:
    lines = gzip.decompress(data).splitlines(keepends=True)
    return gzip.compress(b"".join(lines[:5] + lines[6:]))


def _without_its_end(data: bytes) -> bytes:
    return gzip.compress(b"".join(gzip.decompress(data).splitlines(keepends=True)[:-1]))


def _more(data: bytes) -> bytes:
    return gzip.compress(gzip.decompress(data) + b'["entry",{}]\n')


@covers("SC-34")
@pytest.mark.parametrize(
    "damage",
    [
        _cut,
        _edited,
        _without_a_line,
        _without_its_end,
        _more,
        lambda data: b"",
        lambda data: b"no copy",
        lambda data: gzip.compress(b"{}\n"),
    ],
)
def test_a_damaged_copy_is_refused_and_nothing_stored(tmp_path, damage: Callable[[bytes], bytes]) -> None:
    _, path = busy(tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    there = opened()
    with pytest.raises(MalformedInput) as caught:
        there.restore(path, **REASON)
    assert caught.value.code == "copy.broken"
    assert there.tenants() == ()


@pytest.mark.parametrize("page", [0, 1])
def test_a_restore_that_breaks_off_leaves_nothing_and_can_be_done_again(
    tmp_path, any_url: str, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    first, path = busy(tmp_path)
    there = opened(any_url, clock=SimulatedClock(first.clock.now()))
    write, pages = copies._write, iter(range(page))

    def breaking(*arguments) -> None:
        write(*arguments)
        if next(pages, None) is None:
            raise KeyboardInterrupt

    monkeypatch.setattr(copies, "_write", breaking)
    with pytest.raises(KeyboardInterrupt):
        there.restore(path, **REASON)
    monkeypatch.undo()
    assert there.tenants() == ()
    assert there.restore(path, **REASON).digest == first.digest()


def test_only_an_empty_store_of_the_same_tenant_takes_a_copy_in(tmp_path) -> None:
    crm, path = busy(tmp_path)
    with pytest.raises(StoreFailure) as full:
        crm.restore(path, **REASON)
    with pytest.raises(StoreFailure) as other:
        crm.for_tenant("other").restore(path, **REASON)
    assert (full.value.code, other.value.code) == ("copy.not_empty", "copy.tenant")


def test_a_copy_with_kinds_that_are_not_registered_is_refused(tmp_path) -> None:
    _, path = busy(tmp_path)
    there = opened()
    kinds = dict(there.registry.kinds)
    kinds.pop("customer")
    desk = evolve(there._desk, registry=Registry(kinds=kinds))
    with pytest.raises(SchemaChanged, match="customer is not registered"):
        copies.restored(desk, there._store, path, **REASON)
    assert there.tenants() == ()
