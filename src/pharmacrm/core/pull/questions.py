"""What people want to know of what came in: does it agree, and what waits in quarantine."""

from datetime import date

from attrs import field, frozen
from attrs.converters import optional

from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.message import Question
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.strict import OptionalId, strict
from pharmacrm.core.pull.model import AsideState, PullRun, Sum


@frozen(kw_only=True)
class Reconciled:
    """What came in from a source since a day, document by document, and all together.

    `waiting` is how many items stand in quarantine now; `agrees` says that every document is finished and
    holds what its source announced.
    """

    runs: tuple[PullRun, ...]
    done: int
    repeated: int
    held: int
    aside: int
    sums: tuple[Sum, ...]
    waiting: int
    agrees: bool


@frozen(kw_only=True, field_transformer=strict)
class Reconciliation(Question[Reconciled]):
    """Whether what came in from a source is what it says it sent (对账); since a day, of all by default."""

    source: OptionalId = ""
    since: date | None = field(default=None, converter=optional(as_date))


@frozen(kw_only=True)
class Aside:
    """One item in quarantine: where it stands, what it is about, and why it was set aside."""

    id: str
    source: str
    item: str
    place: str
    command: str
    subject: str
    state: AsideState
    reasons: tuple[Reason, ...]

    def explain(self, language: str = "en") -> str:
        """Every reason, a line each; `zh-CN` gives Chinese."""
        return "\n".join(reason.text(language) for reason in self.reasons)


@frozen(kw_only=True, field_transformer=strict)
class Quarantine(Question[tuple[Aside, ...]]):
    """What waits in quarantine (隔离区), by source and item; it shows reasons and ids, never the content."""

    source: OptionalId = ""
