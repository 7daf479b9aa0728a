"""Why was this refused? The reasons of any refusal that was stored, in one call."""

from datetime import datetime
from typing import Annotated

from attrs import frozen

from pharmacrm.core.approvals import ASKING
from pharmacrm.core.kernel.codec import from_plain
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import MalformedInput, NotFound
from pharmacrm.core.kernel.journal import Entry, JournalQuery, Verb
from pharmacrm.core.kernel.message import Question, Reads
from pharmacrm.core.kernel.reason import Reason, told
from pharmacrm.core.kernel.strict import Limit, OptionalId, strict

MOST = 100


@frozen(kw_only=True)
class Refusal:
    """One command that was refused or denied: who asked for what, when, and every reason; newest first."""

    id: str
    command: str
    subject: str
    key: str
    actor: str
    at: datetime
    denied: bool
    reasons: tuple[Reason, ...]

    def explain(self, language: str = "en") -> str:
        """Every reason with its severity and code, a line each; English but for `zh-CN`."""
        if self.denied:
            zh = language.startswith("zh")
            return f"{self.actor} {'没有权限' if zh else 'lacks the right'} {self.command}"
        return told(self.reasons, language)


@frozen(kw_only=True, field_transformer=strict)
class WhyRefused(Question[tuple[Refusal, ...]]):
    """Why a command was refused: by its key, by what it was about, or by the id of its answer; newest first.

    Only what was stored is known: inside a host's transaction a rollback takes the refusal along.
    """

    key: OptionalId = ""
    subject: Annotated[str, Limit(200, empty=True)] = ""
    answer: OptionalId = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a question about nothing."""
        if not (self.key or self.subject or self.answer):
            raise MalformedInput("question.empty", "a key, a subject or an answer is wanted", field="key")


@WhyRefused.handler
def why_refused(question: WhyRefused, read: Reads) -> tuple[Refusal, ...]:
    """Read the refusals from the journal; an answer that was no refusal is not found."""
    found = read.journal(
        JournalQuery(
            id=question.answer or None,
            key=question.key or None,
            subject=question.subject or None,
            verbs=(Verb.REFUSED, Verb.DENIED),
            newest_first=True,
            limit=MOST,
        )
    )
    if question.answer and not found:
        raise NotFound("refusal", question.answer)
    return tuple(_refusal(entry) for entry in found)


def _refusal(entry: Entry) -> Refusal:
    return Refusal(
        id=entry.id,
        command=entry.command,
        subject=entry.subject,
        key=entry.key,
        actor=entry.actor,
        at=entry.recorded_at,
        denied=entry.verb is Verb.DENIED,
        reasons=from_plain(tuple[Reason, ...], entry.why()),
    )


domain = Domain(name="refusals", handlers=(why_refused,), rights=dict.fromkeys(ASKING, (WhyRefused,)))
