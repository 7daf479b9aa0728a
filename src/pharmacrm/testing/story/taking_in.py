"""The story of what other systems say: stock, their numbers, and what the door writes down of a pull."""

from pharmacrm.core.host_numbers import RecordHostNumber
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.people import RegisterStaff
from pharmacrm.core.pull import DismissItem, RecordPull, RetryItem, SetItemAside, SettleItem, Sum, Totals
from pharmacrm.core.stock import RecordStock
from pharmacrm.testing.company import ADMIN
from pharmacrm.testing.story.steps import FINANCE, SYSTEM, Step, due, said

ERP = "erp"


def _aside(id: str) -> SetItemAside:
    return SetItemAside(
        id=id,
        source=ERP,
        item=f"receipts-1.csv:{id}",
        command="RegisterReceipt",
        payload="{}",
        digest="0" * 64,
    )


_PULLED = RecordPull(
    source=ERP,
    before="",
    cursor="b",
    document="receipts-1.csv",
    done=2,
    aside=2,
    sums=(Sum(Money("5.00", "CNY"), Money("0.00", "CNY"), Money("3.00", "CNY")),),
    claimed=Totals(rows=4, amounts=(Money("8.00", "CNY"),)),
)

TAKING_IN: tuple[Step, ...] = (
    said(
        ERP,
        RecordHostNumber(id="SO-1", number="10004711"),
        (ADMIN, RegisterStaff(id=ERP, name="接口", roles=("erp",))),
    ),
    said(ERP, RecordStock(product="ATO-20", lot="L1", quantity=4000, as_of="2026-01-05T08:00:00+08:00")),
    due(lambda _: _aside("I-1")),
    said(SYSTEM, _PULLED),  # keyed: done again, it would find its cursor moved
    said(FINANCE, RetryItem(id="I-1")),
    due(lambda _: SettleItem(id="I-1")),
    said(FINANCE, DismissItem(id="I-2", reason="两次发送"), (SYSTEM, _aside("I-2"))),
)
