"""Seals: the journal's entries in one order for ever, in batches, each under a root and chained to the last.

A `JournalPlace` gives an entry its position (1, 2, 3, ... without gaps); a `Seal` covers a run of positions.
Nothing of it is ever changed. Whoever holds one seal's digest outside (an `Anchor`) can tell that everything
up to it is as it was.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, ClassVar

from attrs import Factory, evolve, frozen

from pharmacrm.core.kernel.codec import canonical, instant_text
from pharmacrm.core.kernel.journal import Entry
from pharmacrm.core.kernel.merkle import leaf, root
from pharmacrm.core.kernel.record import Column, Record

ALGORITHM = "merkle-1"
"""RFC 6962 roots with SHA-256; the digest covers the canonical JSON of the seal's fields."""

NONE_BEFORE = "0" * 64
"""What stands for the digest of the seal before the first."""

SHORT = 16
"""Digits of an entry's hash that an anchor keeps: they name a changed row; the root proves the change."""


@frozen(kw_only=True)
class JournalPlace(Record):
    """Where an entry stands in the sealed order; the id is the position, so none is given twice."""

    journalled: ClassVar[bool] = False

    entry: Annotated[str, Column(length=36, index=True)]

    @property
    def position(self) -> int:
        """1 for the first entry that was ever sealed."""
        return int(self.id)


@frozen(kw_only=True)
class Seal(Record):
    """One batch of entries, sealed; the id is its number, so of two sealers only one gets through."""

    journalled: ClassVar[bool] = False

    first: int
    count: int
    root: Annotated[str, Column(length=64)]
    previous: Annotated[str, Column(length=64)]
    newest: datetime
    durability: Annotated[str, Column(length=64)]
    simulated: bool
    made_at: datetime
    algorithm: Annotated[str, Column(length=20)] = ALGORITHM
    digest: Annotated[str, Column(length=64)] = ""

    @property
    def number(self) -> int:
        """1 for the first seal of the tenant."""
        return int(self.id)

    @property
    def last(self) -> int:
        """The last position that it covers."""
        return self.first + self.count - 1


@frozen(kw_only=True)
class AnchorMark(Record):
    """How far a plugin has anchored: the number of the last seal that it took; the id is its name."""

    journalled: ClassVar[bool] = False

    seal: int


@frozen(kw_only=True)
class Anchor:
    """A seal as it is known outside the database; `hashes` are the first digits of its entries' hashes."""

    tenant: str
    seal: int
    first: int
    count: int
    root: str
    digest: str
    previous: str
    newest: datetime
    durability: str
    simulated: bool
    made_at: datetime
    hashes: tuple[str, ...] = Factory(tuple)


def numbered(number: int) -> str:
    """A number as an id that sorts like the number."""
    return f"{number:016d}"


def leaf_of(entry_hash: str) -> str:
    """The leaf of an entry: its row hash, hashed once more under the leaf's prefix."""
    return leaf(bytes.fromhex(entry_hash))


def root_of(hashes: Sequence[str]) -> str:
    """The root over the row hashes of a batch; a hash that is none, as a forger may write, fits no root."""
    try:
        return root([leaf_of(each) for each in hashes])
    except ValueError:
        return ""


def digest_of(tenant: str, seal: Seal) -> str:
    """The digest that a seal of this tenant must carry."""
    text = canonical(
        [
            seal.algorithm,
            tenant,
            seal.number,
            seal.first,
            seal.count,
            seal.root,
            seal.previous,
            instant_text(seal.newest),
            seal.durability,
            seal.simulated,
            instant_text(seal.made_at),
        ]
    )
    return hashlib.sha256(text.encode()).hexdigest()


def sealed(
    tenant: str,
    before: Seal | None,
    entries: Sequence[Entry],
    *,
    at: datetime,
    durability: str,
    simulated: bool,
) -> tuple[Seal, tuple[JournalPlace, ...]]:
    """The next seal over these entries, in this order, and the places of the entries."""
    first = before.last + 1 if before else 1
    seal = Seal(
        id=numbered(before.number + 1 if before else 1),
        version=1,
        first=first,
        count=len(entries),
        root=root_of([entry.hash for entry in entries]),
        previous=before.digest if before else NONE_BEFORE,
        newest=max(entry.recorded_at for entry in entries),
        durability=durability,
        simulated=simulated,
        made_at=at,
    )
    places = tuple(
        JournalPlace(id=numbered(position), version=1, entry=entry.id)
        for position, entry in enumerate(entries, first)
    )
    return evolve(seal, digest=digest_of(tenant, seal)), places


def anchor_of(tenant: str, seal: Seal, hashes: Sequence[str]) -> Anchor:
    """What is carried outside of a seal, with the row hashes of its entries."""
    return Anchor(
        tenant=tenant,
        seal=seal.number,
        first=seal.first,
        count=seal.count,
        root=seal.root,
        digest=seal.digest,
        previous=seal.previous,
        newest=seal.newest,
        durability=seal.durability,
        simulated=seal.simulated,
        made_at=seal.made_at,
        hashes=tuple(each[:SHORT] for each in hashes),
    )
