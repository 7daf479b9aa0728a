"""Asking the outside whether a vote is signed: what was signed, and what is kept of the answer (电子签名)."""

from datetime import datetime
from hashlib import sha256
from typing import Annotated

from attrs import field, frozen

from pharmacrm.core.kernel.strict import Limit, strict
from pharmacrm.core.kernel.words import Words


@frozen(kw_only=True)
class ToSign:
    """A vote whose signature is to be confirmed.

    `text` is what was to be signed: it names document, content, step, action, person and meaning. `proof` is
    what the signer gave for it, which is never stored.
    """

    person: str
    document: str
    kind: str
    step: str
    content: str
    text: str
    proof: str = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the text in UTF-8, in hexadecimal digits."""
        return sha256(self.text.encode()).hexdigest()


@frozen(field_transformer=strict)
class Signed:
    """It is signed: who confirmed it, how, and under which reference the proof is found again.

    `provider` is the service or authority, `method` such as hmac-sha256 or SM2, `certificate` the id of the
    signer's certificate or key. Nothing here is a secret: it is kept for ever.
    """

    provider: Annotated[str, Limit(200)]
    reference: Annotated[str, Limit(200)]
    method: Annotated[str, Limit(64)]
    certificate: Annotated[str, Limit(200, empty=True)] = ""


@frozen(field_transformer=strict)
class NotSigned:
    """It is not signed: the proof is wrong, too old, or not this person's; `why` is told, in Chinese too."""

    why: Annotated[str, Limit(200)]
    why_zh: Annotated[str, Limit(200, empty=True)] = ""


@frozen
class NotConfirmed:
    """Why a signature is not there: what the plugin said, or nothing where nobody could say.

    `plugin` is "" where no plugin confirms signatures of this person.
    """

    plugin: str
    why: Words | None = None


@frozen(kw_only=True)
class Signature:
    """What is kept of a signature (电子签名), with the very text that was signed.

    `plugin` confirmed it at `at`, as the rest of the answer says.
    """

    plugin: str
    provider: str
    reference: str
    method: str
    certificate: str = ""
    text: str
    at: datetime
