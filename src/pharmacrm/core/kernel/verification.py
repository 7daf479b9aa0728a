"""What checking a journal gives: what was checked, what does not fit, and what nobody outside vouches for."""

from collections.abc import Iterable

from attrs import frozen

from pharmacrm.core.kernel.journal import Entry, row_hash
from pharmacrm.core.kernel.seal import NONE_BEFORE, Anchor, Seal, digest_of

WHAT = {
    "hash": "the row does not have the hash that it carries",
    "personal": "a personal value beside the row is not the one that was hashed",
    "missing": "the row at this position is gone",
    "place": "the list of positions has a gap, or goes on where no seal is",
    "twice": "the row stands at two positions",
    "extra": "the row is in the journal, but was never stored by pharmacrm",
    "root": "the rows of this seal are not those that were sealed",
    "seal": "the seal does not have the digest that it carries",
    "chain": "the seal does not follow the one before it",
    "anchor": "the seal or its rows are not those that the anchor outside knows",
    "cut": "the anchor outside knows of a seal that the journal does not have",
    "anchor_lost": "an anchor was taken, and no longer knows of it",
    "anchor_unread": "what was anchored cannot be read",
    "story": "the row does not go with the record's rows before it",
    "table": "the table does not hold what the journal says",
    "only_in_table": "the record is in the table, and the journal never spoke of it",
    "only_in_journal": "the journal speaks of the record, and it is not in the table",
    "unreadable": "what is stored cannot be read as a record",
}
"""Everything that can be found, by the word in `Finding.what`."""


@frozen(kw_only=True)
class Finding:
    """One thing that is not as it should be.

    `position` is 0 where no sealed row is bad; of a table that differs, `entry` is the last row about its
    record.
    """

    what: str
    position: int = 0
    entry: str = ""
    kind: str = ""
    subject: str = ""
    detail: str = ""

    def __str__(self) -> str:
        place = f"position {self.position}" if self.position else ""
        where = ", ".join(each for each in (place, f"entry {self.entry}" if self.entry else "") if each)
        thing = f"{self.kind} {self.subject}".strip()
        said = "; ".join(each for each in (where, thing, self.detail) if each)
        return f"{self.what}: {WHAT[self.what]}" + (f" ({said})" if said else "")


@frozen(kw_only=True)
class Verification:
    """What `crm.verify()` found.

    `entries`, `seals`, `anchors`, `records`: how many were checked. `unsealed`: entries that wait for their
    seal. `exposed`: entries that no anchor outside vouches for, the unsealed ones among them; whoever can
    write to the database may change these unnoticed. `erased`: personal values that were erased, or taken.
    `restores`: how often the store was restored from a copy, by its own declaration.
    """

    tenant: str
    simulated: bool
    durability: str
    entries: int = 0
    seals: int = 0
    anchors: int = 0
    records: int = 0
    unsealed: int = 0
    exposed: int = 0
    erased: int = 0
    restores: int = 0
    found: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether everything fits."""
        return not self.found

    @property
    def first_bad(self) -> Finding | None:
        """The finding with the lowest position; one without a position only where there is no other."""
        return min(self.findings, key=lambda each: (not each.position, each.position), default=None)

    def explain(self) -> str:
        """A few lines for people."""
        state = "clean" if self.clean else f"{self.found} findings"
        checked = (
            f"{self.entries} entries, {self.seals} seals, {self.anchors} anchors, {self.records} records"
        )
        lines = [
            f"{state}: {checked}",
            f"exposed: {self.exposed} entries that no anchor vouches for, {self.unsealed} of them unsealed",
            f"durability: {self.durability}" + (", simulated clock" if self.simulated else ""),
        ]
        return "\n".join([*lines, *map(str, self.findings)])


def row_findings(tenant: str, entry: Entry, position: int) -> Iterable[Finding]:
    """What is wrong with one row as it stands."""
    if row_hash(tenant, entry) != entry.hash:
        yield _at("hash", entry, position)
    marks = entry.changes
    if any(f'"{value.digest}"' not in marks for value in entry.personal):
        yield _at("personal", entry, position)


def _at(what: str, entry: Entry, position: int) -> Finding:
    return Finding(what=what, position=position, entry=entry.id, kind=entry.kind, subject=entry.subject)


def erased_in(entry: Entry) -> int:
    """How many personal values of a row are no longer kept beside it."""
    return entry.changes.count('{"personal":"') - len(entry.personal)


def seal_findings(tenant: str, seal: Seal, before: Seal | None) -> Iterable[Finding]:
    """What is wrong with one seal, and with its place after the one before."""
    if seal.digest != digest_of(tenant, seal):
        yield Finding(what="seal", position=seal.first, detail=f"seal {seal.number}")
    number, first, previous = (
        (before.number + 1, before.last + 1, before.digest) if before else (1, 1, NONE_BEFORE)
    )
    if (seal.number, seal.first, seal.previous) != (number, first, previous):
        yield Finding(what="chain", position=first, detail=f"seal {seal.number}")


def anchor_finding(anchor: Anchor, seal: Seal, entries: list[Entry | None]) -> Finding | None:
    """Whether a seal and its rows are those that an anchor knows; the first row that is not is named."""
    for position, (kept, entry) in enumerate(zip(anchor.hashes, entries, strict=False), anchor.first):
        if entry is not None and not entry.hash.startswith(kept):
            return _at("anchor", entry, position)
    known = (anchor.digest, anchor.root, anchor.first, anchor.count, anchor.previous)
    if known != (seal.digest, seal.root, seal.first, seal.count, seal.previous):
        agree = min(len(anchor.hashes), len(entries))
        differ = agree if len(anchor.hashes) != len(entries) else 0  # a row taken from the end, or put there
        return Finding(what="anchor", position=anchor.first + differ, detail=f"seal {anchor.seal}")
    return None
