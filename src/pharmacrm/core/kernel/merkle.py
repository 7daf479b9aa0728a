"""Merkle trees as RFC 6962 (section 2.1) defines them: one root for many entries.

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
