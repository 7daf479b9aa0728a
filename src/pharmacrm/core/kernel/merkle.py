"""Merkle trees as RFC 6962 (section 2.1) defines them: one root for many entries, short proofs of membership.

A leaf is hashed under the prefix 00, a node under 01, so that no node can be passed off as a leaf. Everything
is SHA-256 and hexadecimal.
"""

import hashlib
from collections.abc import Sequence


def leaf(data: bytes) -> str:
    """The hash of one entry of a tree."""
    return hashlib.sha256(b"\x00" + data).hexdigest()


def node(left: str, right: str) -> str:
    """The hash over two subtrees."""
    return hashlib.sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()


def root(leaves: Sequence[str]) -> str:
    """The root over leaf hashes; of no leaf at all, the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").hexdigest()
    level = list(leaves)
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [node(left, right) for left, right in pairs] + level[len(level) & ~1 :]
    return level[0]


def path(leaves: Sequence[str], place: int) -> tuple[str, ...]:
    """The hashes that lead from the leaf at `place` (0 is the first) up to the root, lowest first."""
    if len(leaves) == 1:
        return ()
    half = _split(len(leaves))
    if place < half:
        return (*path(leaves[:half], place), root(leaves[half:]))
    return (*path(leaves[half:], place - half), root(leaves[:half]))


def root_along(hashed: str, place: int, size: int, hashes: Sequence[str]) -> str:
    """The root that a tree of `size` leaves has if this leaf stands at `place` and the path is true."""
    if size == 1:
        return hashed
    half = _split(size)
    *below, beside = hashes
    if place < half:
        return node(root_along(hashed, place, half, below), beside)
    return node(beside, root_along(hashed, place - half, size - half, below))


def _split(size: int) -> int:
    """The largest power of two that is smaller than the size."""
    return 1 << (size - 1).bit_length() - 1
