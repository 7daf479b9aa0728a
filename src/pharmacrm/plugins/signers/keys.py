"""Signatures by a key that each signer has (电子签名): an agreed method, no qualified certificate."""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import ClassVar, Final

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.ids import as_id
from pharmacrm.core.kernel.signing import NotSigned, Signed
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import SignatureContext

SHORTEST_KEY: Final = 32
"""Bytes of the shortest key."""


class KeySigner:
    """Confirms HMAC-SHA-256 over the text to sign: `KeySigner({"zhao.liu": key.hex()})`.

    A proof is `sign(key, text)`, made where the signer's key is: on their device, behind their password. It
    says that whoever holds the key signed; the parties agree to that (Electronic Signature Law art. 13).
    People without a key are left to the next plugin.
    """

    PHARMACRM_API: ClassVar[tuple[int, int]] = (1, 0)

    def __init__(self, keys: Mapping[str, str], *, name: str = "keys") -> None:
        self.name = name
        self._keys = {as_id(person): _key(person, text) for person, text in keys.items()}

    @hookimpl
    def pharmacrm_signature(self, context: SignatureContext) -> Signed | NotSigned | None:
        """Compare the proof with the one that the person's key makes."""
        key = self._keys.get(context.person)
        if key is None:
            return None
        if not hmac.compare_digest(sign(key, context.text).encode(), context.proof.encode()):
            return NotSigned(
                "the proof is not made with this person's key for this text",
                "签名与该人员的密钥或待签文本不符",
            )
        return Signed(
            provider="internal",
            reference=sha256(context.proof.encode()).hexdigest(),
            method="hmac-sha256",
            certificate=sha256(key).hexdigest()[:16],
        )


def sign(key: bytes, text: str) -> str:
    """The proof of a text under a key, as the signer's device makes it."""
    return hmac.new(key, text.encode(), sha256).hexdigest()


def _key(person: str, text: str) -> bytes:
    """A key from its hexadecimal digits; an error never shows it."""
    try:
        key = bytes.fromhex(text)
    except (TypeError, ValueError):
        key = b""
    if len(key) < SHORTEST_KEY:
        message = f"a key has at least {SHORTEST_KEY} bytes, in hexadecimal digits"
        raise MalformedInput("signer.key", message, field=as_id(person))
    return key
