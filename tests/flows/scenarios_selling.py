"""Scenarios that meet the reason codes of orders, approvals, credit, slips, receipts and plugins."""

from datetime import date, timedelta
from typing import Any

from attrs import evolve

from pharmacrm.core.credit import SetCreditLimit
from pharmacrm.core.engines.holds import Hold
from pharmacrm.core.flows.collection import AllocateReceipt, ReverseReceipt
from pharmacrm.core.flows.ending import CancelOrder, CloseOrder
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.release import ApproveOrder, RejectOrder
from pharmacrm.core.flows.reopening import ReopenOrder
from pharmacrm.core.flows.shipping import ConfirmDelivery, IssueSlip, OverdueDeliveries
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason, ReasonCode, Severity
from pharmacrm.core.orders import HoldLot, Line, RegisterLot, ReleaseLot, SlipItem
from pharmacrm.core.people import RegisterUnit
from pharmacrm.core.prices import RegisterPrice
from pharmacrm.core.receivables import Instalment, Target
from pharmacrm.core.values.trade import (
    SpecialControl,
)
from pharmacrm.crm import PharmaCRM
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.testing.company import open_account, release
from tests.flows.house import (
    ADMIN,
    ASSISTANT,
    BUYER,
    DISPATCHER,
    FINANCE,
    LEAD,
    QUALITY,
    SALES,
    WAREHOUSE,
    amended,
    entities,
    open_house,
    opened,
    pass_days,
    placed,
    receipt,
    released,
    slip,
    standing,
    today,
    worth,
    yuan,
)
from tests.flows.scenarios import after, hired, met, product

# ------------------------------------------------------------------------------------------------- orders


@met("order.no_lines", "consignee.missing", "phone.missing", "address.missing", "ship_date.past")
def _(crm: PharmaCRM) -> list[Reason]:
    empty = worth(
        "SO-1", 0, lines=(), consignee="", phone="", address=None, ship_on=today(crm) - timedelta(days=1)
    )
    return after(crm, (empty, SALES))


@met("order.nothing_left")
def _(crm: PharmaCRM) -> list[Reason]:
    released(crm)
    reopen = ReopenOrder(order="SO-1", reason="客户又要")
    return after(
        crm, (slip("SO-1", "OUT-1", 800), WAREHOUSE), (CloseOrder(order="SO-1"), LEAD), (reopen, LEAD)
    )


@met("order.too_large")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(crm, (worth("SO-1", 0, lines=(Line("ATO-20", 1, "1.25"),) * 1001), SALES))


@met("id.exists", "id.conflict")
def _(crm: PharmaCRM) -> list[Reason]:
    placed(crm)
    return after(crm, (worth("SO-1", 1000), SALES), (worth("SO-1", 500), SALES))


@met("key.reused")
def _(crm: PharmaCRM) -> list[Reason]:
    crm.do(worth("SO-1", 100), actor=SALES, key="k").expect()
    return list(crm.do(worth("SO-2", 100), actor=SALES, key="k").reasons)


@met("order.state", "order.not_yours", "order.not_requester", "order.not_released")
def _(crm: PharmaCRM) -> list[Reason]:
    placed(crm)
    crm.do(hired("other", "sales"), actor=ADMIN).expect()
    return after(
        crm,
        (CancelOrder(order="SO-1"), "other"),
        (amended("SO-1", 5), "other"),
        (slip("SO-1", "OUT-1", 1), WAREHOUSE),
        (CancelOrder(order="SO-1"), SALES),
        (CancelOrder(order="SO-1"), SALES),
    )


# ---------------------------------------------------------------------------------------------- approvals


@met(
    "approval.not_an_approver",
    "approval.not_your_stage",
    "approval.already_done",
    "approval.already_decided",
    "approval.content_changed",
    "approval.closed",
    "approval.not_approved",
)
def _(crm: PharmaCRM) -> list[Reason]:
    placed(crm)
    crm.do(hired("second", "assistant"), actor=ADMIN).expect()
    return after(
        crm,
        (slip("SO-1", "OUT-1", 1), WAREHOUSE),
        (ApproveOrder(order="SO-1"), DISPATCHER),
        (ApproveOrder(order="SO-1", stage="finance"), FINANCE),
        (ApproveOrder(order="SO-1", seen="0" * 64), ASSISTANT),
        (ApproveOrder(order="SO-1"), ASSISTANT),
        (ApproveOrder(order="SO-1"), ASSISTANT),
        (ApproveOrder(order="SO-1", stage="qualification"), "second"),
        (RejectOrder(order="SO-1", comment=""), DISPATCHER),
        (RejectOrder(order="SO-1", comment="不同意"), DISPATCHER),
        (ApproveOrder(order="SO-1"), DISPATCHER),
    )


@met("approval.own_document", "approval.no_unit", "approval.no_approver")
def _(crm: PharmaCRM) -> list[Reason]:
    crm.do(hired("both", "sales", "assistant"), actor=ADMIN).expect()
    crm.do(hired("lone", "sales", unit=None), actor=ADMIN).expect()
    found = after(crm, (worth("SO-1", 5), "both"), (ApproveOrder(order="SO-1"), "both"))
    found += after(crm, (worth("SO-2", 5), "lone"), (hired(FINANCE), ADMIN), (worth("SO-3", 5), SALES))
    return found


@met("approval.person_inactive")
def _(crm: PharmaCRM) -> list[Reason]:
    placed(crm)
    crm.do(hired(ASSISTANT, "assistant", active=False), actor=ADMIN).expect()
    return [reason for person in standing(crm, "SO-1").persons for reason in person.reasons]


@met("approval.evidence_blocks", "payment.not_cleared")
def _(crm: PharmaCRM) -> list[Reason]:
    placed(crm, terms="30% prepaid, rest net 60")
    release(crm, "SO-1", signers=(ASSISTANT, DISPATCHER, LEAD))
    return after(crm, (ApproveOrder(order="SO-1"), FINANCE))


@met("hold.open", "hold.not_open", "hold.not_your_role", "hold.own_document", "hold.reason_missing")
def _(crm: PharmaCRM) -> list[Reason]:
    crm.do(hired("both", "sales", "lead"), actor=ADMIN).expect()
    crm.do(worth("SO-1", 0, lines=(Line("ATO-20", 20, "1.20"),)), actor="both")
    passing = PassHold(of="SO-1", code="price.off_list", reason="同意")
    return after(
        crm,
        (ApproveOrder(order="SO-1"), ASSISTANT),
        (passing, "both"),
        (passing, FINANCE),
        (evolve(passing, reason=""), LEAD),
        (passing, LEAD),
        (passing, LEAD),
    )


# ------------------------------------------------------------------------------------------------- credit


@met(
    "credit.over_limit",
    "credit.limit_below_exposure",
    "credit.blocked",
    "credit.no_limit",
    "credit.currency_in_use",
)
def _(crm: PharmaCRM) -> list[Reason]:
    placed(crm)
    limit = SetCreditLimit(customer=BUYER, limit=yuan(500), reason="调整")
    return after(
        crm,
        (limit, FINANCE),
        (worth("SO-2", 5), SALES),
        (evolve(limit, limit=yuan(0)), FINANCE),
        (worth("SO-3", 5), SALES),
        (evolve(limit, blocked=True), FINANCE),
        (worth("SO-4", 5), SALES),
        (evolve(limit, limit=Money("1", "USD")), FINANCE),
    )


@met("reservation.lapsed", "reservation.expired", "payment.credit_missing")
def _(crm: PharmaCRM) -> list[Reason]:
    released(crm)
    placed(crm, "SO-2")
    release(crm, "SO-2", signers=(ASSISTANT, DISPATCHER, LEAD))
    pass_days(crm, 31)
    assert crm.run_due().done == 2
    held = [
        crm.registry.codes[hold.code](hold.subject, observed=hold.observed, expected=hold.expected)
        for hold in crm.find(Hold, actor=ADMIN)
    ]
    return [*held, *after(crm, (slip("SO-1", "OUT-1", 1), WAREHOUSE), (ApproveOrder(order="SO-2"), FINANCE))]


# --------------------------------------------------------------------------------------- slips and lots


@met("slip.empty", "slip.over_quantity", "slip.exists", "line.unknown", "lot.unknown", "lot.expiry_mismatch")
def _(crm: PharmaCRM) -> list[Reason]:
    released(crm)

    def of(id: str, *items: SlipItem) -> tuple[Command[Any], str]:
        return IssueSlip(order="SO-1", id=id, items=items), WAREHOUSE

    return after(
        crm,
        of("OUT-1"),
        of("OUT-1", SlipItem(1, "L1", 801), SlipItem(2, "L1", 1), SlipItem(1, "L9", 1)),
        of("OUT-1", SlipItem(1, "L1", 1, expires=date(2030, 1, 1))),
        of("OUT-1", SlipItem(1, "L1", 1)),
        of("OUT-1", SlipItem(1, "L1", 1)),
    )


@met("lot.held", "lot.expired", "lot.near_expiry", "lot.expiry_changed", "lot.hold_kept")
def _(crm: PharmaCRM) -> list[Reason]:
    released(crm)
    held = HoldLot(product="ATO-20", lot="L1", reason="召回")
    lot = RegisterLot(product="ATO-20", lot="L1", expires=today(crm))
    return after(
        crm,
        (held, QUALITY),
        (held, QUALITY),
        (slip("SO-1", "OUT-1", 1), WAREHOUSE),
        (ReleaseLot(product="ATO-20", lot="L1", reason="解除"), QUALITY),
        (lot, WAREHOUSE),
        (slip("SO-1", "OUT-1", 1), WAREHOUSE),
        (evolve(lot, expires=today(crm) + timedelta(days=180)), WAREHOUSE),
        (slip("SO-1", "OUT-1", 1), WAREHOUSE),
    )


@met("lot.taken", "lot.other_product")
def _(crm: PharmaCRM) -> list[Reason]:
    """`A/B` and `C` read like `A` and `B/C`."""
    lot = RegisterLot(product="A/B", lot="C", expires=date(2030, 1, 1))
    crm.do(product("A"), actor=ADMIN).expect()
    crm.do(RegisterPrice(price_list="STD", product="A", price="1.25"), actor=ADMIN).expect()
    crm.do(worth("SO-1", 0, lines=(Line("A", 20, "1.25"),)), actor=SALES).expect()
    release(crm, "SO-1")
    return after(
        crm,
        (lot, WAREHOUSE),
        (RegisterLot(product="A", lot="B/C", expires=date(2030, 1, 1)), WAREHOUSE),
        (slip("SO-1", "OUT-1", 1, lot="B/C"), WAREHOUSE),
    )


@met("sales_record.incomplete")
def _(crm: PharmaCRM) -> list[Reason]:
    released(crm)
    return after(crm, (product(strength=""), ADMIN), (slip("SO-1", "OUT-1", 1), WAREHOUSE))


@met("delivery.too_early", "delivery.confirmed", "delivery.differs", "receiver.missing")
def _(crm: PharmaCRM) -> list[Reason]:
    released(crm)
    crm.do(slip("SO-1", "OUT-1", 1), actor=WAREHOUSE).expect()
    arrived = ConfirmDelivery(slip="OUT-1", received_by="王护士", on=today(crm))
    return after(
        crm,
        (evolve(arrived, received_by="", on=today(crm) - timedelta(days=1)), WAREHOUSE),
        (arrived, WAREHOUSE),
        (arrived, SALES),
        (evolve(arrived, received_by="别人"), WAREHOUSE),
    )


@met("delivery.unconfirmed")
def _(crm: PharmaCRM) -> list[Reason]:
    crm.do(product(special=SpecialControl.EPHEDRINE_COMPOUND), actor=ADMIN).expect()
    released(crm)
    crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).expect()
    pass_days(crm, 7)
    assert crm.ask(OverdueDeliveries(), actor=SALES) == ()
    pass_days(crm, 1)
    return list(crm.ask(OverdueDeliveries(buyer=BUYER), actor=SALES))


# --------------------------------------------------------------------------------------------- collection


def owed(crm: PharmaCRM, terms: str = "2/10 net 30") -> Any:
    released(crm, terms=terms)
    crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).expect()
    return next(part for part in entities(crm, Instalment) if part.kind.value == "credit")


@met("calendar.unpublished")
def _(_: PharmaCRM) -> list[Reason]:
    crm = open_house()
    crm = crm.for_tenant("t2")
    crm.install(admin=ADMIN, calendar="cn")
    from pharmacrm.testing.company import found_company

    found_company(crm)
    released(crm, terms="net 600")
    return after(crm, (slip("SO-1", "OUT-1", 800), WAREHOUSE))


@met("receipt.on_account", "receipt.not_cleared", "receipt.future", "receipt.reversed", "receipt.fixed")
def _(crm: PharmaCRM) -> list[Reason]:
    part = owed(crm)
    tomorrow = today(crm) + timedelta(days=1)
    target = AllocateReceipt(receipt="R-1", targets=(Target(part.id, yuan(10)),))
    return after(
        crm,
        (receipt(crm, "R-1", 50, value_date=tomorrow), FINANCE),
        (receipt(crm, "R-1", 50, cleared=False), FINANCE),
        (target, FINANCE),
        (receipt(crm, "R-1", 50), FINANCE),
        (target, FINANCE),
        (receipt(crm, "R-1", 50, cleared=False), FINANCE),
        (ReverseReceipt(receipt="R-1", reason="退票"), FINANCE),
        (target, FINANCE),
    )


@met(
    "receipt.over_allocated",
    "receipt.currency_mismatch",
    "instalment.unknown",
    "instalment.over_allocated",
    "instalment.other_customer",
    "discount.expired",
    "discount.not_settling",
)
def _(crm: PharmaCRM) -> list[Reason]:
    open_account(crm, "H-2")
    part = owed(crm)
    crm.do(receipt(crm, "R-1", 2000), actor=FINANCE).expect()
    crm.do(receipt(crm, "R-2", 50, buyer="H-2"), actor=FINANCE).expect()
    pass_days(crm, 11)
    crm.do(receipt(crm, "R-4", 1000), actor=FINANCE).expect()

    def to(id: str, *targets: Target) -> tuple[Command[Any], str]:
        return AllocateReceipt(receipt=id, targets=targets), FINANCE

    return after(
        crm,
        to("R-1", Target("nothing", yuan(1))),
        to("R-1", Target(part.id, yuan(1001))),
        to("R-1", Target(part.id, yuan(3000))),
        to("R-2", Target(part.id, yuan(1))),
        to("R-1", Target(part.id, Money("1", "USD"))),
        to("R-1", Target(part.id, yuan(500), take_discount=True)),
        to("R-4", Target(part.id, yuan(980), take_discount=True)),
    )


@met("payment.payer_mismatch", "payment.personal_account")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(crm, (receipt(crm, "R-1", 1, payer_name="李某", personal_account=True), FINANCE))


# ------------------------------------------------------------------------------------------------ plugins


class Broken:
    name = "broken"

    @hookimpl
    def pharmacrm_check(self, context: Any) -> Any:
        raise RuntimeError("nothing works")


@met("plugin.fault", "plugin.missing")
def _(_: PharmaCRM) -> list[Reason]:
    crm = open_house()
    guarded = opened(plugins=[Broken()], require={"absent": (RegisterUnit,)})
    guarded.install(admin=ADMIN)
    assert crm.tenants() == guarded.tenants() == ("main",)
    return after(guarded, (RegisterUnit(id="u", name="部门"), ADMIN))


class Asking:
    """Wants an administrator to look at every unit."""

    name = "asking"
    code = ReasonCode("unit.unusual", Severity.APPROVE, "unusual", "异常")

    @hookimpl
    def pharmacrm_check(self, context: Any) -> Any:
        return [self.code()] if type(context.command) is RegisterUnit else None


@met("right.lost")
def _(_: PharmaCRM) -> list[Reason]:
    crm = opened(plugins=[Asking()])
    crm.install(admin=ADMIN)
    for id in ("sun.yi", "sun.er"):
        crm.do(hired(id, "admin", unit=None), actor=ADMIN).expect()
    case = crm.do(RegisterUnit(id="u", name="部门"), actor="sun.yi").case
    crm.do(hired("sun.yi", unit=None), actor=ADMIN).expect()
    return after(crm, (PassHold(of=case, code="unit.unusual", reason="看过"), "sun.er"))
