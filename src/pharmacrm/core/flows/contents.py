"""What is signed: the contents of an order and of a slip, without what changes on their way."""

import hashlib
from collections.abc import Sequence

from attrs import evolve

from pharmacrm.core.kernel.codec import canonical, digest, to_plain
from pharmacrm.core.orders import OrderLine, OrderState, SalesOrder, SlipItem


def order_content(order: SalesOrder, lines: Sequence[OrderLine]) -> str:
    """The digest of an order as its signers see it: all but its state, with why, and what was shipped."""
    ordered = sorted(lines, key=lambda line: line.number)
    as_drafted = evolve(order, state=OrderState.SUBMITTED, state_reason="")
    return digest(as_drafted, *(evolve(line, shipped=0) if line.shipped else line for line in ordered))


def slip_content(slip: str, order: str, items: Sequence[SlipItem]) -> str:
    """The digest of what the warehouse signs: which lots and quantities of which contents of an order."""
    return hashlib.sha256(canonical([slip, order, to_plain(list(items))]).encode()).hexdigest()
