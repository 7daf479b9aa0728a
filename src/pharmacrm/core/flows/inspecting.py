"""What the machine looks at before somebody votes: the open holds of any document, the checks of its kind."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from attrs import evolve, frozen

from pharmacrm.core.engines.approval.routes.definition import Route, Step
from pharmacrm.core.engines.approval.routes.inspection import Inspection
from pharmacrm.core.engines.approval.routes.moving import Case
from pharmacrm.core.engines.holds import Hold, HoldState, open_holds_block
from pharmacrm.core.flows import order_checks
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.words import Words, listed
from pharmacrm.core.values.document_kinds import DocumentKind, kind_name


@frozen(kw_only=True)
class Inspector:
    """What the library knows of documents of one kind: which checks there are, and how it looks.

    `signed_after` is how many signatures it can take under a document that follows; None does not mind.
    """

    checks: tuple[str, ...]
    look: Callable[[Case, Sequence[Step], Reads], Inspection]
    signed_after: int | None = None


INSPECTORS: Final[Mapping[str, Inspector]] = MappingProxyType(
    {
        DocumentKind.ORDER.value: Inspector(
            checks=tuple(order_checks.CHECKS), look=order_checks.look_at_order, signed_after=1
        )
    }
)


def inspected(case: Case, read: Reads, step: str = "", *, passing: bool = True) -> Case:
    """A request with what the machine finds of its document now.

    The checks of the waiting steps are carried out, or of the one named; none where nothing is to be passed.
    """
    steps = [one for one in case.now.waiting if step in {"", one.name}] if passing else []
    inspector = INSPECTORS.get(case.request.kind)
    found = _held(case, read) if inspector is None else inspector.look(case, steps, read)
    return evolve(case, inspected=found)


def _held(case: Case, read: Reads) -> Inspection:
    """The holds of a document of which the library knows no more."""
    holds = read.find(Hold, eq("subject", case.request.subject), eq("state", HoldState.OPEN))
    return Inspection(stops=open_holds_block(holds))


def unfit(route: Route) -> tuple[tuple[Words, str, str], ...]:
    """What of a route its kind of documents does not have, as (what is wrong, field, value)."""
    inspector = INSPECTORS.get(route.kind)
    known = inspector.checks if inspector else ()
    names = listed(known) if known else Words("none", "无")
    kind = kind_name(route.kind)
    checks = tuple(
        (
            Words(f"{route.kind} has checks: {names.en}", f"{kind.zh}的核查项：{names.zh}"),
            f"{step.name}.checks",
            name,
        )
        for step in route.all_steps()
        for name in step.checks
        if name not in known
    )
    most = inspector.signed_after if inspector else None
    if most is None or len(route.after) <= most:
        return checks
    words = Words(f"at most {most} signature stands under what follows", f"后续单据上最多有 {most} 个签字")
    return (*checks, (words, "after", str(len(route.after))))
