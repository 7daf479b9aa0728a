"""What is kept of taking in: how far each source was read, what each document brought, what was set aside."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Annotated

from attrs import frozen

from pharmacrm.core.kernel.codec import canonical
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.record import Column, Personal, Record

RETRYING = "trying the item again"
"""Why an item that was set aside keeps its content, which may hold personal data."""


class AsideState(StrEnum):
    """Where an item that was set aside stands."""

    OPEN = "open"
    RETRY = "retry"
    DONE = "done"
    DISMISSED = "dismissed"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _ASIDE_ZH[self]


_ASIDE_ZH = {
    AsideState.OPEN: "待处理",
    AsideState.RETRY: "待重试",
    AsideState.DONE: "已处理",
    AsideState.DISMISSED: "已忽略",
}


@frozen
class Sum:
    """The money of one currency in a document: taken in, waiting for a person, set aside."""

    taken: Money
    held: Money
    aside: Money

    @property
    def whole(self) -> Money:
        """All of it."""
        return self.taken + self.held + self.aside


@frozen(kw_only=True)
class Totals:
    """What a source says it sent in a document: rows, and for each currency the sum of the amounts."""

    rows: int
    amounts: tuple[Money, ...] = ()


@frozen(kw_only=True)
class PullCursor(Record):
    """How far a source was taken in (接口游标); the id is the adapter's name, the cursor its own."""

    cursor: Annotated[str, Column(length=4000, zh="游标")] = ""


@frozen(kw_only=True)
class PullRun(Record):
    """What one document of a source, or one answer of it, brought (接口对账).

    Each row is done, repeated (done before under the same key), held (waits for a person) or aside (in
    quarantine). `claimed` is what the source announced; without it there is nothing to compare with.
    """

    source: Annotated[str, Column(length=64, index=True, zh="来源")]
    document: Annotated[str, Column(index=True, zh="文件")] = ""
    done: Annotated[int, Column(zh="已入账")] = 0
    repeated: Annotated[int, Column(zh="重复")] = 0
    held: Annotated[int, Column(zh="待审批")] = 0
    aside: Annotated[int, Column(zh="隔离")] = 0
    sums: Annotated[tuple[Sum, ...], Column(length=4000, zh="金额")] = ()
    claimed: Annotated[Totals | None, Column(length=4000, zh="对账总数")] = None
    finished: Annotated[bool, Column(index=True, zh="已读完")] = False
    at: Annotated[datetime, Column(index=True, zh="时间")]

    @property
    def rows(self) -> int:
        """Every row that came."""
        return self.done + self.repeated + self.held + self.aside

    @property
    def agrees(self) -> bool:
        """Whether it was read to its end, and holds what the source announced, if it announced anything."""
        if self.claimed is None:
            return self.finished
        came = {each.taken.currency: each.whole for each in self.sums if each.whole}
        said = {money.currency: money for money in self.claimed.amounts if money}
        return self.finished and self.claimed.rows == self.rows and came == said


@frozen(kw_only=True)
class QuarantinedItem(Record):
    """An item of a source that could not be taken in (隔离区), with its reasons; it stops no other.

    `payload` is its command, kept so that it can be tried again; it is empty where nothing could be read.
    `digest` tells whether it is the same item when it comes again. `place` says where it stands: file, row.
    """

    source: Annotated[str, Column(length=64, index=True, zh="来源")]
    item: Annotated[str, Column(zh="条目")]
    place: Annotated[str, Column(zh="位置")] = ""
    command: Annotated[str, Column(length=100, zh="命令")] = ""
    subject: Annotated[str, Column(index=True, zh="单据")] = ""
    payload: Annotated[str, Column(length=1_000_000), Personal(RETRYING)] = ""
    effective_on: Annotated[str, Column(length=10, zh="业务日期")] = ""
    digest: Annotated[str, Column(length=64)] = ""
    reasons: Annotated[str, Column(length=1_000_000)] = "[]"
    state: Annotated[AsideState, Column(length=12, index=True, zh="状态")] = AsideState.OPEN
    note: Annotated[str, Column(length=500, zh="说明")] = ""


def item_key(source: str, item: str) -> str:
    """The idempotency key of one item of one source: the same in every attempt, 40 characters long."""
    return f"pull/{sha256(canonical([source, item]).encode()).hexdigest()[:35]}"
