"""Who the `plugin` sources of a route are: those whom the host names, else those whom a plugin names."""

from collections.abc import Iterator, Mapping

from attrs import define, evolve, field

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.engines.approval.routes.approvers import Named
from pharmacrm.core.engines.approval.routes.definition import Route
from pharmacrm.core.engines.approval.routes.model import PlannedStep
from pharmacrm.core.engines.approval.routes.planning import Document, plan
from pharmacrm.core.flows.directory import StaffDirectory
from pharmacrm.core.kernel.appointing import Appointment, NotAppointed
from pharmacrm.core.kernel.decision import Decision, accept
from pharmacrm.core.kernel.message import Reads

PREVIEW = "preview"
"""The subject of a document that is not handed in."""


def planned(route: Route, document: Document, read: Reads) -> Decision[tuple[PlannedStep, ...]]:
    """Who would decide a document; a plugin that cannot say who a word is leaves nothing to be skipped."""
    naming = _Naming(document, read)
    found = plan(route, evolve(document, named=naming), StaffDirectory(read))
    unknown = [
        reasons.APPROVERS_UNKNOWN(document.subject, field=word, observed=plugin)
        for word, plugin in sorted(naming.unknown.items())
    ]
    return accept(found.value, found, unknown)


@define
class _Naming(Mapping[str, tuple[str, ...]]):
    """People by word; a plugin is asked for a word once, when a step that applies wants it."""

    document: Document
    read: Reads
    asked: dict[str, tuple[str, ...]] = field(factory=dict)
    unknown: dict[str, str] = field(factory=dict)

    def __getitem__(self, word: str) -> tuple[str, ...]:
        named: Named = self.document.named
        if word in named:
            return tuple(named[word])
        if word not in self.asked:
            self.asked[word] = self._appointed(word)
        return self.asked[word]

    def __iter__(self) -> Iterator[str]:
        return iter({**self.document.named, **self.asked})

    def __len__(self) -> int:
        return len({**self.document.named, **self.asked})

    def _appointed(self, word: str) -> tuple[str, ...]:
        paper = self.document
        wanted = Appointment(
            word=word,
            kind=paper.kind,
            document="" if paper.subject == PREVIEW else paper.subject,
            requester=paper.requester,
            unit=paper.unit,
            amount=paper.amount,
            content=paper.content,
            fields=paper.fields,
        )
        found = self.read.approvers(wanted)
        if isinstance(found, NotAppointed):
            self.unknown[word] = found.plugin
            return ()
        return found.persons if found else ()
