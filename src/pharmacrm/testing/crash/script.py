"""What a writer does, over and over: an order from its submission to the money, a command at a time."""

from collections.abc import Callable
from typing import Any

from pharmacrm.core.flows.collection import AllocateReceipt, RegisterReceipt
from pharmacrm.core.flows.release import ApproveOrder
from pharmacrm.core.flows.shipping import IssueSlip
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.orders import SlipItem
from pharmacrm.core.receivables import Target
from pharmacrm.crm import PharmaCRM
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import DeliverContext, Delivered
from pharmacrm.testing.company import SIGNERS, an_order

BUYERS = ("H-001", "H-002")
"""Fewer than the writers: they meet at the credit lines."""

TOTAL = Money("36.30", "CNY")

Made = Callable[[PharmaCRM, str, str], Command[Any]]
"""A command of the order with this id and this buyer."""


class Notices:
    """Wants every event, so that each has a row in the outbox."""

    name = "notices"
    topics = ("*",)

    @hookimpl
    def pharmacrm_deliver(self, context: DeliverContext) -> Delivered:  # noqa: ARG002 - the hook's form
        """Take it."""
        return Delivered()


def _receipt(crm: PharmaCRM, order: str, buyer: str) -> RegisterReceipt:
    return RegisterReceipt(
        id=f"R-{order}",
        payer=buyer,
        payer_name=f"示例医院{buyer}",
        amount=TOTAL,
        value_date=crm.clock.now().date(),
    )


def _allocation(_: PharmaCRM, order: str, __: str) -> AllocateReceipt:
    target = Target(f"OUT-{order}/receivable/1", TOTAL)
    return AllocateReceipt(receipt=f"R-{order}", targets=(target,))


def _slip(_: PharmaCRM, order: str, __: str) -> IssueSlip:
    return IssueSlip(order=order, id=f"OUT-{order}", items=(SlipItem(1, "L1", 1000),))


def _approval(_: PharmaCRM, order: str, __: str) -> ApproveOrder:
    return ApproveOrder(order=order)


SCRIPT: tuple[tuple[str, str, Made], ...] = (
    ("place", "zhang.san", lambda _, order, buyer: an_order(order, buyer=buyer)),
    *((f"sign-{signer}", signer, _approval) for signer in SIGNERS),
    ("ship", "sun.ba", _slip),
    ("receive", "qian.qi", _receipt),
    ("settle", "qian.qi", _allocation),
)
"""Name, actor and command of every step of one order."""


def key_of(slot: int, number: int, step: int) -> str:
    """The idempotency key of a step: its writer's place, the number of its order, its place in the script."""
    return f"w{slot}-{number}-{step}"


def step_of(key: str) -> int:
    """Which step of the script a key belongs to."""
    return int(key.rsplit("-", 1)[1])
