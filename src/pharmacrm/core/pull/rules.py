"""How what came is added up, and what becomes of items that were set aside."""

from collections.abc import Iterable
from datetime import datetime

from attrs import evolve

from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell
from pharmacrm.core.pull import reasons as why
from pharmacrm.core.pull.commands import RecordPull, SetItemAside
from pharmacrm.core.pull.events import DocumentTakenIn, ItemSetAside
from pharmacrm.core.pull.model import AsideState, PullCursor, PullRun, QuarantinedItem, Sum

WAITING = (AsideState.OPEN, AsideState.RETRY)
"""States in which somebody still has to do something about an item."""


def record_pull(
    command: RecordPull, held: PullCursor | None, run: PullRun, *, at: datetime
) -> Decision[PullRun]:
    """Move the cursor and add to the document's run, unless another process was faster."""
    cursor = held or PullCursor(id=command.source)
    if cursor.cursor != command.before:
        return refuse(why.OVERTAKEN(command.source))
    added = evolve(
        run,
        done=run.done + command.done,
        repeated=run.repeated + command.repeated,
        held=run.held + command.held,
        aside=run.aside + command.aside,
        sums=added_up((*run.sums, *command.sums)),
        claimed=command.claimed if command.claimed is not None else run.claimed,
        finished=command.finished,
        at=at,
    )
    moved = save(evolve(cursor, cursor=command.cursor))
    if not added.rows and not command.document:
        return accept(added, moved)  # a source without documents had nothing: there is nothing to count
    told = DocumentTakenIn(subject=run.id, source=command.source, agrees=added.agrees)
    return accept(added, save(added), moved, tell(told) if command.finished else ())


def added_up(sums: Iterable[Sum]) -> tuple[Sum, ...]:
    """One sum for each currency, by its code."""
    found: dict[str, Sum] = {}
    for each in sums:
        known = found.get(each.taken.currency)
        found[each.taken.currency] = (
            each
            if known is None
            else Sum(known.taken + each.taken, known.held + each.held, known.aside + each.aside)
        )
    return tuple(found[currency] for currency in sorted(found))


def set_aside(command: SetItemAside, held: QuarantinedItem | None) -> Decision[QuarantinedItem]:
    """Put an item into quarantine; the same item again opens nothing that a person has dismissed."""
    item = QuarantinedItem(
        id=command.id,
        version=held.version if held else 0,
        source=command.source,
        item=command.item,
        place=command.place,
        command=command.command,
        subject=command.subject,
        payload=command.payload,
        effective_on=command.effective_on,
        digest=command.digest,
        reasons=command.reasons,
    )
    if held is not None and held.state is AsideState.DISMISSED and held.digest == item.digest:
        return accept(held)
    if item == held:
        return accept(held)
    return accept(item, save(item), tell(ItemSetAside(subject=item.id, source=item.source)))


def settle(item: QuarantinedItem) -> Decision[QuarantinedItem]:
    """Close an item that was taken in after all; one that nobody waits for stays as it is."""
    if item.state not in WAITING:
        return accept(item)
    done = evolve(item, state=AsideState.DONE)
    return accept(done, save(done))


def retry(item: QuarantinedItem) -> Decision[QuarantinedItem]:
    """Mark an open item for the next pull, if its content was kept."""
    if item.state is AsideState.RETRY:
        return accept(item)
    if item.state is not AsideState.OPEN:
        return refuse(why.CLOSED(item.item, observed=item.state))
    if not item.payload:
        return refuse(why.NO_CONTENT(item.item))
    marked = evolve(item, state=AsideState.RETRY)
    return accept(marked, save(marked))


def dismiss(item: QuarantinedItem, reason: str) -> Decision[QuarantinedItem]:
    """Close an item that is not wanted."""
    if item.state not in WAITING:
        return refuse(why.CLOSED(item.item, observed=item.state))
    gone = evolve(item, state=AsideState.DISMISSED, note=reason)
    return accept(gone, save(gone))
