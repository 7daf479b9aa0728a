"""Processes that race for one debt: money, undoing, write-offs, goods that come back, refunds."""

from typing import Any

from pharmacrm.core.flows.collection import AllocateReceipt, UndoAllocations
from pharmacrm.core.flows.refunding import PayRefund
from pharmacrm.core.flows.returning import AcceptReturn
from pharmacrm.core.flows.undoing import UndoReturn
from pharmacrm.core.flows.writing_off import WriteOffDifference
from pharmacrm.core.kernel.errors import Conflict
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.orders import ReturnCause, ReturnItem
from pharmacrm.crm import PharmaCRM
from tests.flows.house import BUYER_NAME, FINANCE, WAREHOUSE, yuan

DEBT = "OUT-1/receivable/1"
ROUNDS = 10
"""How often a host gives a command again that the door gave up after its own twenty attempts."""


def said(crm: PharmaCRM, command: Command[Any], actor: str = FINANCE) -> str:
    """What became of a command: its outcome and codes, or the error; conflicts are given again."""
    last = ""
    for _ in range(ROUNDS):
        try:
            answer = crm.do(command, actor=actor)
        except Conflict as conflict:
            last = f"Conflict: {conflict}"
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            return f"{type(error).__name__}: {error}"
        else:
            return " ".join((str(answer.outcome), *answer.codes))
    return last


def allocating(crm: PharmaCRM, number: int, each: int) -> list[str]:
    """Everybody settles the one debt with a receipt of their own."""
    return [said(crm, AllocateReceipt(receipt=f"R-{number}"))]


def undoing(crm: PharmaCRM, number: int, each: int) -> list[str]:
    """Half of them settle with the same receipt, the others undo what it settles."""
    turn = UndoAllocations(receipt="R-0", reason="x") if number % 2 else AllocateReceipt(receipt="R-0")
    return [said(crm, turn) for _ in range(each)]


def writing_off(crm: PharmaCRM, number: int, each: int) -> list[str]:
    """Half of them settle the debt with money, the others give up 200 of it each."""
    if number % 2:
        give_up = WriteOffDifference(id=f"W-{number}", instalment=DEBT, amount=yuan(200), reason="x")
        return [said(crm, give_up)]
    return [said(crm, AllocateReceipt(receipt=f"R-{number}"))]


def returning(crm: PharmaCRM, number: int, each: int) -> list[str]:
    """Everybody brings a quarter of the goods back."""
    items = (ReturnItem(1, 200),)
    back = AcceptReturn(id=f"RET-{number}", slip="OUT-1", items=items, cause=ReturnCause.SURPLUS)
    return [said(crm, back, WAREHOUSE)]


def taking_back(crm: PharmaCRM, number: int, each: int) -> list[str]:
    """Everybody brings goods back, and every other one undoes it, while money comes in."""
    found = [said(crm, AllocateReceipt(receipt=f"R-{number}")), *returning(crm, number, each)]
    if number % 2 and found[-1].startswith("allowed"):
        found.append(said(crm, UndoReturn(return_order=f"RET-{number}", reason="x")))
    return found


def refunding(crm: PharmaCRM, number: int, each: int) -> list[str]:
    """Everybody pays 300 of the same 1,000 back."""
    paid = PayRefund(id=f"RF-{number}", receipt="R-0", amount=yuan(300), payee_name=BUYER_NAME, reason="x")
    return [said(crm, paid)]
