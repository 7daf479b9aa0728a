"""A question of our own, as a host may add one by a plugin: what was refused so far, by reason code."""

from attrs import frozen

from pharmacrm.core.kernel.codec import from_plain
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.journal import JournalQuery, Verb
from pharmacrm.core.kernel.message import Question, Reads
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.strict import strict
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import RegisterContext

name = "demo_questions"


@frozen(kw_only=True)
class RefusedFor:
    """One reason code: how often it refused something, with the newest example."""

    code: str
    times: int
    command: str
    subject: str
    key: str
    example: Reason


@frozen(kw_only=True, field_transformer=strict)
class RefusedSoFar(Question[tuple[RefusedFor, ...]]):
    """What was refused so far, by the code of each blocking reason, the most frequent first."""


@RefusedSoFar.handler
def refused_so_far(_: RefusedSoFar, read: Reads) -> tuple[RefusedFor, ...]:
    """Read every refusal from the journal."""
    found: dict[str, RefusedFor] = {}
    for entry in read.journal(JournalQuery(verbs=(Verb.REFUSED,))):
        for reason in from_plain(tuple[Reason, ...], entry.why()):
            if reason.severity is Severity.BLOCK:
                before = found.get(reason.code)
                found[reason.code] = RefusedFor(
                    code=reason.code,
                    times=before.times + 1 if before else 1,
                    command=entry.command,
                    subject=entry.subject,
                    key=entry.key,
                    example=reason,
                )
    return tuple(sorted(found.values(), key=lambda one: (-one.times, one.code)))


@hookimpl
def pharmacrm_register(context: RegisterContext) -> Domain:  # noqa: ARG001 - the hook's signature
    """Bring the question, for the auditor."""
    return Domain(name="demo_questions", handlers=(refused_so_far,), rights={"auditor": (RefusedSoFar,)})
