"""Scenarios that meet the reason codes of what is talked about and given up of a debt."""

from datetime import timedelta

from attrs import evolve

from pharmacrm.core.collections import LedgerRole, SetLedgerAccount
from pharmacrm.core.flows.booking import PostVouchers, StartBookkeeping
from pharmacrm.core.flows.charging import ChargeKind, RaiseCharge
from pharmacrm.core.flows.collection import AllocateReceipt, UndoAllocations
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.rescheduling import RescheduleDebt
from pharmacrm.core.flows.writing_off import ReverseWriteOff, WriteOffDifference
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.receivables import (
    DisputeCause,
    DisputeOutcome,
    NewInstalment,
    OpenDispute,
    RecordPromise,
    ResolveDispute,
    WithdrawPromise,
)
from pharmacrm.crm import PharmaCRM
from tests.flows.house import BUYER, FINANCE, LEAD, receipt, today, yuan
from tests.flows.scenarios import after, met
from tests.flows.scenarios_selling import owed

DOLLAR = Money("1", "USD")


@met(
    "write_off.exists",
    "write_off.currency_mismatch",
    "write_off.over_open",
    "write_off.over_cap",
    "write_off.reversed",
)
def _(crm: PharmaCRM) -> list[Reason]:
    debt = owed(crm).id
    given_up = WriteOffDifference(id="W-1", instalment=debt, amount=yuan(1), reason="手续费")
    held = crm.do(given_up, actor=FINANCE)
    crm.do(PassHold(of=held.case, code="write_off.over_cap", reason="同意"), actor=LEAD).expect()
    back = ReverseWriteOff(write_off="W-1", reason="补足")
    return [
        *held.reasons,
        *after(
            crm,
            (given_up, FINANCE),
            (evolve(given_up, id="W-2", amount=DOLLAR), FINANCE),
            (evolve(given_up, id="W-2", amount=yuan(1000)), FINANCE),
            (back, FINANCE),
            (back, FINANCE),
        ),
    ]


@met("claim.currency_mismatch", "promise.exists", "promise.over_open", "promise.past", "promise.withdrawn")
def _(crm: PharmaCRM) -> list[Reason]:
    debt = owed(crm).id
    made = RecordPromise(id="P-1", instalment=debt, amount=yuan(1), pay_by=today(crm))
    gone = WithdrawPromise(promise="P-1", reason="听错")
    return after(
        crm,
        (evolve(made, amount=DOLLAR), FINANCE),
        (evolve(made, amount=yuan(1001), pay_by=today(crm) - timedelta(days=1)), FINANCE),
        (made, FINANCE),
        (made, FINANCE),
        (gone, FINANCE),
        (gone, FINANCE),
    )


@met("dispute.exists", "dispute.over_open", "dispute.resolved")
def _(crm: PharmaCRM) -> list[Reason]:
    debt = owed(crm).id
    made = OpenDispute(id="D-1", instalment=debt, amount=yuan(600), cause=DisputeCause.QUALITY)
    ended = ResolveDispute(dispute="D-1", outcome=DisputeOutcome.UPHELD)
    return after(
        crm,
        (made, FINANCE),
        (made, FINANCE),
        (evolve(made, id="D-2", amount=yuan(401)), FINANCE),
        (ended, FINANCE),
        (ended, FINANCE),
    )


@met("charge.exists", "charge.past")
def _(crm: PharmaCRM) -> list[Reason]:
    owed(crm)
    fee = RaiseCharge(
        id="F-1",
        receivable="OUT-1/receivable",
        kind=ChargeKind.COST,
        amount=yuan(5),
        due=today(crm),
        reason="催收",
    )
    return after(
        crm, (evolve(fee, due=today(crm) - timedelta(days=1)), FINANCE), (fee, FINANCE), (fee, FINANCE)
    )


@met("allocation.unknown")
def _(crm: PharmaCRM) -> list[Reason]:
    crm.do(receipt(crm, "R-1", 5), actor=FINANCE).expect()
    return after(crm, (UndoAllocations(receipt="R-1", reason="记错", only=("R-1/1",)), FINANCE))


@met(
    "rescheduling.exists",
    "rescheduling.no_plan",
    "rescheduling.nothing_open",
    "rescheduling.sum",
    "rescheduling.past",
)
def _(crm: PharmaCRM) -> list[Reason]:
    owed(crm)
    agreed = RescheduleDebt(id="A-1", receivable="OUT-1/receivable", terms="3 monthly", reason="困难")
    yesterday = NewInstalment(today(crm) - timedelta(days=1), yuan(1))
    return after(
        crm,
        (evolve(agreed, terms=None), FINANCE),
        (evolve(agreed, terms=None, instalments=(yesterday,)), FINANCE),
        (agreed, FINANCE),
        (agreed, FINANCE),
        (receipt(crm, "R-1", 1000), FINANCE),
        (AllocateReceipt(receipt="R-1"), FINANCE),
        (evolve(agreed, id="A-2"), FINANCE),
    )


@met("ledger.account_missing", "ledger.rate_unused", "ledger.not_kept")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(
        crm,
        (StartBookkeeping(), FINANCE),
        (SetLedgerAccount(role=LedgerRole.BANK, account="1002", tax_rate="13%"), FINANCE),
        (PostVouchers(customer=BUYER), FINANCE),
    )
