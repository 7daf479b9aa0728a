"""Merkle trees as RFC 6962 has them: known roots, and another one for anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel import merkle

# The inputs and roots of the reference implementation's own tests (certificate-transparency, merkletree).
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
TREES = st.lists(st.binary(max_size=8), min_size=1, max_size=70).map(lambda data: [*map(merkle.leaf, data)])


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_reference(size: int) -> None:
    assert merkle.root([merkle.leaf(each) for each in INPUTS[:size]]) == ROOTS[size]


@given(TREES)
def test_law_one_leaf_more_is_another_root(leaves: list[str]) -> None:
    assert merkle.root([*leaves, leaves[-1]]) != merkle.root(leaves)


@given(TREES, st.data())
def test_law_another_leaf_is_another_root(leaves: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(leaves) - 1))
    forged = [*leaves[:place], merkle.leaf(b"forged" * 9), *leaves[place + 1 :]]
    assert merkle.root(forged) != merkle.root(leaves)
