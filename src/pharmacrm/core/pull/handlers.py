"""Load what the rules about taking in need."""

from datetime import UTC, datetime, time

from pharmacrm.core.kernel.codec import from_plain, loads
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq, ge, is_in
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.pull import rules
from pharmacrm.core.pull.commands import DismissItem, RecordPull, RetryItem, SetItemAside, SettleItem
from pharmacrm.core.pull.model import PullCursor, PullRun, QuarantinedItem
from pharmacrm.core.pull.questions import Aside, Quarantine, Reconciled, Reconciliation


@RecordPull.handler
def on_record_pull(command: RecordPull, read: Reads) -> Decision[PullRun]:
    """Read the cursor, and the run of a document that goes on; one that begins is a run of its own."""
    cursor = read.seek(PullCursor, command.source)
    same = (eq("source", command.source), eq("document", command.document), eq("finished", value=False))
    going_on = [] if command.begins else read.find(PullRun, *same, order=("at",))
    run = PullRun(id=read.new_id(), source=command.source, document=command.document, at=read.at)
    return rules.record_pull(command, cursor, going_on[-1] if going_on else run, at=read.at)


@SetItemAside.handler
def on_set_item_aside(command: SetItemAside, read: Reads) -> Decision[QuarantinedItem]:
    """Read the item, which may have been set aside before."""
    return rules.set_aside(command, read.seek(QuarantinedItem, command.id))


@SettleItem.handler
def on_settle_item(command: SettleItem, read: Reads) -> Decision[QuarantinedItem]:
    """Read the item."""
    return rules.settle(read.get(QuarantinedItem, command.id))


@RetryItem.handler
def on_retry_item(command: RetryItem, read: Reads) -> Decision[QuarantinedItem]:
    """Read the item."""
    return rules.retry(read.get(QuarantinedItem, command.id))


@DismissItem.handler
def on_dismiss_item(command: DismissItem, read: Reads) -> Decision[QuarantinedItem]:
    """Read the item."""
    return rules.dismiss(read.get(QuarantinedItem, command.id), command.reason)


@Quarantine.handler
def on_quarantine(question: Quarantine, read: Reads) -> tuple[Aside, ...]:
    """Read what waits."""
    where = (eq("source", question.source),) if question.source else ()
    found = read.find(QuarantinedItem, is_in("state", rules.WAITING), *where, order=("source", "item"))
    return tuple(_shown(item) for item in found)


def _shown(item: QuarantinedItem) -> Aside:
    return Aside(
        id=item.id,
        source=item.source,
        item=item.item,
        place=item.place,
        command=item.command,
        subject=item.subject,
        state=item.state,
        reasons=from_plain(tuple[Reason, ...], loads(item.reasons)),
    )


@Reconciliation.handler
def on_reconciliation(question: Reconciliation, read: Reads) -> Reconciled:
    """Read the runs since a day in the tenant's zone, and count what waits."""
    of_source = (eq("source", question.source),) if question.source else ()
    since = (ge("at", _midnight(question, read)),) if question.since else ()
    runs = read.find(PullRun, *of_source, *since, order=("at",))
    return Reconciled(
        runs=tuple(runs),
        done=sum(run.done for run in runs),
        repeated=sum(run.repeated for run in runs),
        held=sum(run.held for run in runs),
        aside=sum(run.aside for run in runs),
        sums=rules.added_up(each for run in runs for each in run.sums),
        waiting=read.count(QuarantinedItem, is_in("state", rules.WAITING), *of_source),
        agrees=all(run.agrees for run in runs),
    )


def _midnight(question: Reconciliation, read: Reads) -> datetime:
    day = question.since or read.on
    return datetime.combine(day, time(), read.tenant.tz).astimezone(UTC)


HANDLERS = (
    on_record_pull,
    on_set_item_aside,
    on_settle_item,
    on_retry_item,
    on_dismiss_item,
    on_quarantine,
    on_reconciliation,
)
