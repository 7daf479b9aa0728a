"""The kit of signers: ours passes it, and each planted wrong is found by it."""

from typing import Any

import pytest
from attrs import evolve

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.signing import NotSigned, Signed
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.signers import KeySigner
from pharmacrm.plugins.signers.keys import sign
from pharmacrm.plugins.types import SignatureContext
from pharmacrm.testing.signers import TEXT, SignerKit

KEYS = {"zhao.liu": bytes(range(32)), "qian.qi": bytes(range(32, 64))}


def ours() -> KeySigner:
    return KeySigner({person: key.hex() for person, key in KEYS.items()})


class TestKeySigner(SignerKit):
    @pytest.fixture
    def signer(self) -> Any:
        return ours()

    def proof(self, person: str, text: str) -> str:
        return sign(KEYS[person], text)


class Wrong:
    """A signer that does one thing wrong."""

    def __init__(self, how: str) -> None:
        self.how = how
        self.asked = 0

    @hookimpl
    def pharmacrm_signature(self, context: SignatureContext) -> Any:
        self.asked += 1
        right = ours().pharmacrm_signature(context)
        match self.how:
            case "believes anything":
                return Signed("acme", "r-1", "none")
            case "believes anybody":
                found = [
                    ours().pharmacrm_signature(evolve(context, person=person)) for person in sorted(KEYS)
                ]
                return next((one for one in found if isinstance(one, Signed)), NotSigned("nobody"))
            case "any text":
                known = [sign(key, TEXT) for key in KEYS.values()]
                return Signed("acme", "r-1", "old") if context.proof in known else right
            case "counts":
                return Signed("acme", f"r-{self.asked}", "n") if isinstance(right, Signed) else right
            case "tells":
                return Signed("acme", context.proof, "n") if isinstance(right, Signed) else right
            case "raises" if isinstance(right, NotSigned):
                raise ValueError
        return right


KIT = TestKeySigner()
FOUND_BY = {
    "believes anything": KIT.test_nobody_signs_for_somebody_else,
    "believes anybody": KIT.test_nobody_signs_for_somebody_else,
    "any text": KIT.test_a_proof_counts_for_its_text_only,
    "counts": KIT.test_asked_twice_it_answers_alike,
    "tells": KIT.test_a_right_proof_is_confirmed_with_words_that_can_be_kept,
    "raises": lambda signer: KIT.test_rubbish_is_no_proof_and_no_error(signer, "x"),
}


@pytest.mark.parametrize("how", FOUND_BY)
def test_the_kit_finds_a_signer_that_is_wrong(how: str) -> None:
    FOUND_BY[how](ours())
    with pytest.raises((AssertionError, ValueError)):
        FOUND_BY[how](Wrong(how))


@pytest.mark.parametrize("key", ["", "00" * 31, "xx" * 32, None, b"0" * 32])
def test_a_key_that_is_none_is_refused_and_not_shown(key: Any) -> None:
    with pytest.raises(MalformedInput) as error:
        KeySigner({"zhao.liu": key})
    assert (error.value.field, error.value.code) == ("zhao.liu", "signer.key")
    assert "xx" not in str(error.value)
