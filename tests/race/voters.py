"""Processes that vote at once: on one document for each race, in a tenant of its own."""

from typing import Any

from pharmacrm.core.engines.approval.routes import Act
from pharmacrm.core.flows.bulk import BulkItem, DecideMany
from pharmacrm.core.flows.requests import Decide, WithdrawRequest
from pharmacrm.core.kernel.message import Command
from pharmacrm.crm import PharmaCRM
from tests.flows.house import SALES

CLICKS = 3


def voter(number: int) -> str:
    """A member of the committee."""
    return f"voter-{number}"


def _answered(crm: PharmaCRM, command: Command[Any], actor: str, key: str = "") -> list[Any]:
    """Outcome and codes, or the error, whatever it is: the test shows it."""
    try:
        answer = crm.do(command, actor=actor, key=key)
    except Exception as error:  # noqa: BLE001 - a loser must be told, not hurt: the test sees what it was
        return [type(error).__name__, str(error)]
    return [str(answer.outcome), *answer.codes]


def votes(crm: PharmaCRM, number: int, each: int) -> list[Any]:
    """Everybody approves once, at the same moment."""
    return _answered(crm, Decide(document="CT-1", step="board", act=Act.APPROVE), voter(number))


def double_clicks(crm: PharmaCRM, number: int, each: int) -> list[Any]:
    """Two persons click several times each from several processes, half of them under one key."""
    person = voter(number % 2)
    key = f"click-{person}" if number % 4 < 2 else ""
    vote = Decide(document="CT-1", step="board", act=Act.APPROVE)
    return [_answered(crm, vote, person, key) for _ in range(CLICKS)]


def withdraws(crm: PharmaCRM, number: int, each: int) -> list[Any]:
    """The requester takes the document back while the others approve it."""
    if number == 0:
        return _answered(crm, WithdrawRequest(document="CT-1"), SALES)
    return votes(crm, number, each)


def rejects(crm: PharmaCRM, number: int, each: int) -> list[Any]:
    """Half of them reject what the other half approves."""
    act = Act.REJECT if number % 2 else Act.APPROVE
    return _answered(crm, Decide(document="CT-1", step="board", act=act, comment="意见"), voter(number))


def bulks(crm: PharmaCRM, number: int, each: int) -> list[Any]:
    """Everybody approves the same documents, each beginning with another."""
    order = [f"CT-{1 + (number + place) % each}" for place in range(each)]
    many = DecideMany(documents=tuple(BulkItem(document=one, step="board") for one in order))
    try:
        answers = crm.do(many, actor=voter(number)).expect()
    except Exception as error:  # noqa: BLE001 - a loser must be told, not hurt: the test sees what it was
        return [type(error).__name__, str(error)]
    return [(one.document, str(one.outcome), *(reason.code for reason in one.reasons)) for one in answers]
