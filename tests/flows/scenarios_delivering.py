"""Scenarios that meet the reason codes of deliveries."""

from datetime import timedelta

from attrs import evolve

from pharmacrm.core.flows.accepting import ConfirmAcceptance, StateAccount
from pharmacrm.core.flows.collection import AllocateReceipt
from pharmacrm.core.flows.correcting import CorrectAcceptance
from pharmacrm.core.flows.rescheduling import RescheduleDebt
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.outbox import DropDeadLetters, ReplayDeadLetters
from pharmacrm.crm import PharmaCRM
from tests.flows.house import ADMIN, BUYER, FINANCE, WAREHOUSE, pass_days, receipt, released, slip, today
from tests.flows.scenarios import after, customer, met


@met("letter.none")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(crm, (ReplayDeadLetters(destination="ERP", reason="mended"), ADMIN))


@met("letter.not_dead")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(crm, (DropDeadLetters(destination="ERP", ids=("N-1",), reason="unwanted"), ADMIN))


@met("acceptance.too_early", "acceptance.future", "acceptance.confirmed", "acceptance.differs")
def _(crm: PharmaCRM) -> list[Reason]:
    released(crm)
    crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).expect()
    day = timedelta(days=1)

    def accepted(days: int) -> tuple[ConfirmAcceptance, str]:
        return ConfirmAcceptance(slip="OUT-1", accepted_by="王护士", on=today(crm) + days * day), FINANCE

    return after(crm, accepted(-1), accepted(1), accepted(0), accepted(0), accepted(-1))


@met(
    "statement.exists",
    "statement.empty",
    "statement.too_early",
    "statement.future",
    "statement.stated",
    "statement.other_customer",
)
def _(crm: PharmaCRM) -> list[Reason]:
    released(crm)
    crm.do(slip("SO-1", "OUT-1", 400), actor=WAREHOUSE).expect()
    pass_days(crm, 5)
    crm.do(slip("SO-1", "OUT-2", 400), actor=WAREHOUSE).expect()
    crm.do(customer("H-002"), actor=ADMIN).expect()
    now = today(crm)

    def stated(id: str, buyer: str = BUYER, days: int = 0, *slips: str) -> tuple[StateAccount, str]:
        return StateAccount(id=id, customer=buyer, on=now + timedelta(days=days), slips=slips), FINANCE

    return after(
        crm,
        stated("ST-1", BUYER, 1),
        stated("ST-1", BUYER, -1, "OUT-2"),
        stated("ST-1", "H-002", 0, "OUT-1"),
        stated("ST-1"),
        stated("ST-1"),
        stated("ST-2"),
        stated("ST-2", BUYER, 0, "OUT-1"),
    )


@met(
    "acceptance.missing",
    "correction.exists",
    "correction.same",
    "correction.settled",
    "correction.agreed",
)
def _(crm: PharmaCRM) -> list[Reason]:
    released(crm, terms="net 10 from acceptance")
    crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).expect()
    pass_days(crm, 5)
    now = today(crm)
    right = CorrectAcceptance(id="DC-1", slip="OUT-1", on=now - timedelta(days=1), reason="日期记错")
    early = crm.do(right, actor=FINANCE)
    crm.do(ConfirmAcceptance(slip="OUT-1", accepted_by="王护士"), actor=FINANCE).expect()
    plan = RescheduleDebt(id="A-1", receivable="OUT-1/receivable", terms="2 monthly", reason="困难")
    crm.do(plan, actor=FINANCE).expect()
    found = after(crm, (evolve(right, on=now), FINANCE), (right, FINANCE), (right, FINANCE))
    crm.do(receipt(crm, "R-1", 1000), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    return [*early.reasons, *found, *after(crm, (evolve(right, id="", on=now), FINANCE))]
