"""Asking plugins whether a vote is signed: what they are given, and what is kept of their answer."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from attrs import fields

from pharmacrm.core.kernel.errors import PharmaCRMError
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.signing import NotConfirmed, NotSigned, Signature, Signed, ToSign
from pharmacrm.core.kernel.words import Words
from pharmacrm.plugins.loading import Implementation
from pharmacrm.plugins.types import SignatureContext
from pharmacrm.plugins.wall.calling import Caller, Failed, Unfit
from pharmacrm.plugins.wall.lending import Loan
from pharmacrm.plugins.wall.shielding import class_of

LONG_PROOF: Final = 12
"""Characters from which a proof does not stand in another text by chance."""


def confirmed(
    caller: Caller, plugins: Iterable[Implementation], wanted: ToSign, read: Reads
) -> Signature | NotConfirmed:
    """What the first plugin says that confirms signatures of the person; one that fails might be that one.

    Raises:
        PharmaCRMError: what the store said while the plugin was reading, as with guards.

    """
    for each in plugins:
        loan = Loan(read)
        try:
            answer = caller.call(each, _context(wanted, read, loan), _understood(wanted))
        finally:
            loan.end()
        if loan.trouble is not None:
            raise loan.trouble
        if isinstance(answer, Failed):
            return NotConfirmed(each.plugin)
        if isinstance(answer, NotSigned):
            return NotConfirmed(each.plugin, Words(answer.why, answer.why_zh or answer.why))
        if answer is not None:
            return _kept(each.plugin, answer, wanted, read)
    return NotConfirmed("")


def _context(wanted: ToSign, read: Reads, loan: Loan) -> SignatureContext:
    return SignatureContext(
        tenant=read.tenant.id,
        person=wanted.person,
        document=wanted.document,
        kind=wanted.kind,
        step=wanted.step,
        content=wanted.content,
        text=wanted.text,
        digest=wanted.digest,
        proof=wanted.proof,
        on=read.on,
        at=read.at,
        read=loan.facade,
    )


def _kept(plugin: str, answer: Signed, wanted: ToSign, read: Reads) -> Signature:
    return Signature(
        plugin=plugin,
        provider=answer.provider,
        reference=answer.reference,
        method=answer.method,
        certificate=answer.certificate,
        text=wanted.text,
        at=read.at,
    )


def _understood(wanted: ToSign) -> Callable[[Any], Signed | NotSigned | None]:
    """Read an answer anew, field by field; one that gives the proof away is not kept."""

    def understood(answer: Any) -> Signed | NotSigned | None:
        if answer is None:
            return None
        if type(answer) not in {Signed, NotSigned}:
            raise Unfit(f"answered with {class_of(answer)}, wanted Signed or NotSigned")
        parts = {each.name: getattr(answer, each.name) for each in fields(type(answer))}
        try:
            read: Signed | NotSigned = type(answer)(**parts)
        except PharmaCRMError as error:
            raise Unfit(f"an answer cannot be kept: {error.code}") from None
        if any(_shows(part, wanted.proof) for part in parts.values()):
            raise Unfit("gave the proof back, which nobody may keep")
        return read

    return understood


def _shows(part: str, proof: str) -> bool:
    """Whether a text tells a proof; a short one may stand in another text by chance."""
    return part == proof or (len(proof) >= LONG_PROOF and proof in part)
