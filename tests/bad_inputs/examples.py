"""A good example of every command and question, by the name of its class: what bad values are put into."""

from datetime import UTC, date, datetime
from typing import Any

from pharmacrm.core.collections import (
    AnswerConfirmation,
    InterestTerms,
    LedgerBalance,
    LedgerRole,
    RateStep,
    RateTable,
    SetLedgerAccount,
    SetProvisionRates,
    TheirItem,
)
from pharmacrm.core.collections.dunning import (
    BlockDunning,
    DunningClock,
    DunningLevel,
    SetDunningPolicy,
    SetDunningTerms,
    SetDunningText,
    UnblockDunning,
)
from pharmacrm.core.credit import (
    CheckPoint,
    CreditOutcome,
    EndCreditLimit,
    EndGroupLimit,
    ExposureKind,
    GrantCreditLimit,
    GrantGroupLimit,
    Insurance,
    JoinCreditGroup,
    LimitKind,
    Metric,
    OverdueGate,
    PartRule,
    PolicyScope,
    RatePolicy,
    Season,
    SetCreditGroup,
    SetCreditLimit,
    SetCreditPolicy,
    Stacking,
)
from pharmacrm.core.customers import RegisterCustomer
from pharmacrm.core.engines.approval.routes import Act, Attachment, DocumentField
from pharmacrm.core.flows.accepting import ConfirmAcceptance, StateAccount
from pharmacrm.core.flows.analysis import BadDebtProvision, CollectionFigures
from pharmacrm.core.flows.approvals import Inbox, WhoCanAct
from pharmacrm.core.flows.bills import CollectBill, DiscountBill, DishonourBill, EndorseBill, ReceiveBill
from pharmacrm.core.flows.booking import LedgerTrial, PostVouchers, StartBookkeeping, Vouchers
from pharmacrm.core.flows.bulk import BulkItem, DecideMany
from pharmacrm.core.flows.charging import ChargeKind, RaiseCharge
from pharmacrm.core.flows.collection import AllocateReceipt, RegisterReceipt, ReverseReceipt, UndoAllocations
from pharmacrm.core.flows.converting import ConvertQuote
from pharmacrm.core.flows.correcting import CorrectAcceptance, CorrectStatement
from pharmacrm.core.flows.crediting import ApplyCreditNote, IssueCreditNote, ReverseCreditNote
from pharmacrm.core.flows.delegating import DelegateAuthority, Delegations, RevokeDelegation
from pharmacrm.core.flows.dunning import DunningPreview
from pharmacrm.core.flows.dunning_by_hand import IssueDunningLetter
from pharmacrm.core.flows.ending import CancelOrder, CloseOrder
from pharmacrm.core.flows.exchanging import RevalueCredit
from pharmacrm.core.flows.exposure import CreditExposure, GroupLimitOn, LimitOn, PaymentPlan
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.invoicing import BalanceOfOrder, RecordInvoice
from pharmacrm.core.flows.judging import CreditCheck, WhyCredit
from pharmacrm.core.flows.noting import AddNote
from pharmacrm.core.flows.offering import AcceptQuote, CancelQuote, DeclineQuote, SendQuote, SubmitQuote
from pharmacrm.core.flows.overriding import RequestOverride, RevokeOverride
from pharmacrm.core.flows.paying import SetPayingDays
from pharmacrm.core.flows.placing import AmendOrder, PlaceOrder
from pharmacrm.core.flows.procuring import (
    CancelPurchaseOrder,
    ClosePurchaseOrder,
    ReceiveGoods,
    SendPurchaseOrder,
    SubmitPurchaseOrder,
)
from pharmacrm.core.flows.purchasing import DraftPurchaseOrder, RevisePurchaseOrder
from pharmacrm.core.flows.quoting import DraftQuote, ReviseQuote
from pharmacrm.core.flows.raising import RequestCreditLimit, RequestGroupLimit
from pharmacrm.core.flows.rechecking import RecheckCredit
from pharmacrm.core.flows.refunding import PayRefund, UndoRefund
from pharmacrm.core.flows.refusals import WhyRefused
from pharmacrm.core.flows.release import ApproveOrder, RejectOrder
from pharmacrm.core.flows.reopening import ReopenOrder
from pharmacrm.core.flows.request_trail import ApprovalTrail
from pharmacrm.core.flows.requests import (
    Decide,
    MigrateRequest,
    NamedApprovers,
    OverrideStep,
    ResubmitForApproval,
    SignFollowUp,
    SubmitForApproval,
    WithdrawRequest,
)
from pharmacrm.core.flows.rescheduling import RescheduleDebt
from pharmacrm.core.flows.returning import AcceptReturn, InspectReturn
from pharmacrm.core.flows.revising import RevisionChanges, Revisions
from pharmacrm.core.flows.routing import PreviewApproval, PublishRoute, RetireRoute
from pharmacrm.core.flows.shipping import ConfirmDelivery, IssueSlip, OverdueDeliveries
from pharmacrm.core.flows.signing_texts import TextToSign
from pharmacrm.core.flows.statements import (
    ReconcileLedger,
    RequestConfirmation,
    StatementOfAccount,
)
from pharmacrm.core.flows.stock import StockOf
from pharmacrm.core.flows.tasking import AssignTask, OverdueTasks, ReassignTask, UnitTasks
from pharmacrm.core.flows.timed import (
    ExpireQuote,
    ExpireReservation,
    FlagOverdueTask,
    MarkDunning,
    MarkReminders,
    RefreshCreditLimit,
    RefreshGroupLimit,
    SendActivityReminder,
    SendDunningLetter,
    SendReminder,
)
from pharmacrm.core.flows.timed.approvals import RingApproval
from pharmacrm.core.flows.undoing import UndoReturn
from pharmacrm.core.flows.writing_off import ReverseWriteOff, SetWriteOffCap, WriteOffDifference
from pharmacrm.core.host_numbers import RecordHostNumber
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.office import OfficeHours
from pharmacrm.core.licences import (
    LicenceKind,
    RegisterAuthorisation,
    RegisterLicence,
    ReviewDossier,
    RevokeLicence,
    Verdict,
)
from pharmacrm.core.notes import NoteKind, NotesOn, NoteSubject
from pharmacrm.core.orders import (
    HoldLot,
    Line,
    ReceivedItem,
    RegisterLot,
    ReleaseLot,
    ReturnCause,
    ReturnItem,
    ReturnVerdict,
    SlipItem,
)
from pharmacrm.core.outbox import DeadLetters, DropDeadLetters, OutboxQueues, ReplayDeadLetters
from pharmacrm.core.people import GrantRight, RegisterStaff, RegisterUnit, SetOfficeHours
from pharmacrm.core.prices import RegisterPrice, RegisterPriceList
from pharmacrm.core.products import Pack, RegisterProduct
from pharmacrm.core.pull import (
    DismissItem,
    Quarantine,
    Reconciliation,
    RecordPull,
    RetryItem,
    SetItemAside,
    SettleItem,
    Sum,
    Totals,
)
from pharmacrm.core.rates import RateOn, RecordExchangeRate
from pharmacrm.core.receivables import (
    AgeingByCustomer,
    AgeingReport,
    AllocationStrategy,
    BillCounts,
    DisputeCause,
    DisputeOutcome,
    InvoicedLine,
    NewInstalment,
    OpenDispute,
    Portion,
    PromisesToPay,
    RecordPromise,
    ResolveDispute,
    Target,
    WithdrawPromise,
)
from pharmacrm.core.reminders import (
    CancelActivityReminder,
    ReminderKind,
    ReminderPlans,
    SetActivityReminder,
    SetReminderPlan,
)
from pharmacrm.core.stock import RecordStock
from pharmacrm.core.tasks import (
    AcceptTask,
    CancelTask,
    CloseTask,
    DeclineTask,
    MyTasks,
    ReportTask,
    ReturnTask,
    TaskHistory,
    TaskKind,
)
from pharmacrm.core.terms import ImportTerms, PublishTerms, TermsInForce, TermSource, WithdrawTerms
from pharmacrm.core.values.trade import CustomerKind, MarketingClass, RxStatus
from pharmacrm.testing.company import WHERE

DAY = date(2026, 2, 3)
AT = datetime(2030, 2, 3, 1, tzinfo=UTC)
BUYER, ORDER = "H-001", "SO-1"
LINE = Line("ATO-20", 20, "1.25")
DEBT = "OUT-1/receivable/1"
DELIVERY: dict[str, Any] = {
    "consignee": "陈主任",
    "phone": "021-64041990",
    "address": WHERE,
    "terms": "net 60",
}
PAPER: dict[str, Any] = {"customer": BUYER, "kind": LicenceKind.MEDICAL_INSTITUTION, "number": "N-1"}

ODOO_30 = '{"name":"30 Days","line_ids":[{"value":"percent","value_amount":100,"nb_days":30}]}'
ROUTE = (
    '{"code":"contract_cn","kind":"contract","steps":[{"by":[{"role":"lead"}],"label_zh":"领导审核","step":"lead"}],'
    '"version":1}'
)

_ALL = (
    RegisterStaff(id="new", name="新人", unit="east", manager="li.si", roles=("sales",)),
    RegisterUnit(id="new", name="新部门", parent="east"),
    GrantRight(role="sales", right="AgeingReport"),
    SetOfficeHours(hours=(OfficeHours("09:00", "18:00"), OfficeHours("09:00", "12:00", weekday=5))),
    RegisterProduct(
        id="NEW-1",
        generic_name="阿莫西林",
        line="L-1",
        base_unit="片",
        packs=(Pack("盒", 24),),
        category="chemical",
        rx=RxStatus.RX,
        marketing=MarketingClass.GENERIC,
        approval_number="国药准字H20200001",
        approval_valid_until=date(2030, 1, 31),
    ),
    RegisterCustomer(
        id="NEW-1",
        kind=CustomerKind.HOSPITAL,
        name="示例医院",
        address=WHERE,
        contact="陈主任",
        phone="021-64041990",
        price_list="STD",
        owner="zhang.san",
        unit="east",
        parent=BUYER,
    ),
    RegisterLicence(
        **PAPER, holder="示例医院", scope=("western",), issued=date(2025, 2, 3), expires=date(2029, 2, 3)
    ),
    RevokeLicence(**PAPER, reason="吊销"),
    RegisterAuthorisation(
        id="L-1",
        customer=BUYER,
        person="钱采购",
        products=("ATO-20",),
        regions=("上海市",),
        valid_from=DAY,
        valid_to=date(2027, 2, 3),
    ),
    ReviewDossier(customer=BUYER, kind=CustomerKind.HOSPITAL, verdict=Verdict.APPROVE, comment="齐全"),
    RegisterPriceList(id="NEW", name="价目表", currency="CNY", valid_from=DAY, valid_to=date(2027, 2, 3)),
    RegisterPrice(price_list="STD", product="ATO-20", price="1.25", floor="1.00"),
    RegisterLot(product="ATO-20", lot="L2", expires=date(2029, 2, 3)),
    HoldLot(product="ATO-20", lot="L1", reason="召回"),
    ReleaseLot(product="ATO-20", lot="L1", reason="解除"),
    SetCreditLimit(customer=BUYER, limit=Money("1000.00", "CNY"), reason="授信"),
    GrantCreditLimit(
        customer=BUYER,
        kind=LimitKind.SEASONAL,
        amount=Money("200.00", "CNY"),
        starts_on=DAY,
        ends_on=date(2029, 2, 3),
        season=Season("11-15", "02-15"),
        reason="旺季",
    ),
    GrantGroupLimit(
        group="G-1",
        kind=LimitKind.SEASONAL,
        amount=Money("200.00", "CNY"),
        starts_on=DAY,
        ends_on=date(2029, 2, 3),
        season=Season("11-15", "02-15"),
        reason="旺季",
    ),
    EndGroupLimit(group="G-1", number=1, ends_on=date(2027, 2, 3), reason="终止"),
    RequestGroupLimit(
        group="G-1",
        id="LR-2",
        kind=LimitKind.SEASONAL,
        amount=Money("900.00", "CNY"),
        starts_on="2026-11-01",
        ends_on="2027-12-31",
        season=Season("11-15", "02-15"),
        route="credit_limit_cn",
        reason="旺季备货",
    ),
    RefreshGroupLimit(group="G-1"),
    GroupLimitOn(group="G-1", on=DAY),
    SetCreditGroup(group="G-1", name="集团", limit=Money("5000.00", "CNY"), reason="集团授信"),
    RecheckCredit(order=ORDER),
    ReopenOrder(order=ORDER, reason="客户又要"),
    RevalueCredit(customer=BUYER, reason="月末重估"),
    RecordExchangeRate(
        base="USD", quote="CNY", rate="7.1024", as_of=DAY, source="国家外汇管理局", reason="更正"
    ),
    RateOn(base="USD", quote="CNY", on=DAY),
    RequestOverride(
        order=ORDER,
        id="OV-1",
        amount=Money("900.00", "CNY"),
        expires_on="2026-12-31",
        route="credit_override_cn",
        reason="重点客户",
    ),
    RequestCreditLimit(
        customer=BUYER,
        id="LR-1",
        kind=LimitKind.SEASONAL,
        amount=Money("900.00", "CNY"),
        starts_on="2026-11-01",
        ends_on="2027-12-31",
        season=Season("11-15", "02-15"),
        route="credit_limit_cn",
        reason="旺季备货",
    ),
    RevokeOverride(override="OV-1", reason="客户已付款"),
    JoinCreditGroup(customer=BUYER, group="G-1", reason="同一集团"),
    SetCreditPolicy(
        scope=PolicyScope.GROUP,
        of="G-1",
        limit=Money("100.00", "CNY"),
        stacking=Stacking.HIGHEST,
        insurance=Insurance.CAPS,
        over_limit=CreditOutcome.BLOCK,
        watch_from=90,
        gates=(
            OverdueGate(
                metric=Metric.AMOUNT,
                outcome=CreditOutcome.HOLD,
                amount=Money("10.00", "CNY"),
                tolerance=Money("0.10", "CNY"),
                grace_days=3,
            ),
        ),
        parts=(PartRule(kind=ExposureKind.OPEN_ORDERS, counted=False, limit=Money("50.00", "CNY")),),
        checked_at=(CheckPoint.ORDER, CheckPoint.SLIP),
        rates=RatePolicy(max_age=7, stale=CreditOutcome.WARN, missing=CreditOutcome.BLOCK),
        reason="年度政策",
    ),
    EndCreditLimit(customer=BUYER, number=1, ends_on=date(2027, 2, 3), reason="终止"),
    RefreshCreditLimit(customer=BUYER),
    PlaceOrder(
        id="SO-9", buyer=BUYER, lines=(LINE,), ship_on=DAY, currency="CNY", purchaser="L-1", **DELIVERY
    ),
    AmendOrder(order=ORDER, lines=(LINE,), ship_on=DAY, purchaser="L-1", **DELIVERY),
    ApproveOrder(order=ORDER, stage="lead", seen="0" * 64, comment="同意"),
    RejectOrder(order=ORDER, comment="不同意", stage="lead", seen="0" * 64),
    PassHold(of=ORDER, code="credit.over_limit", reason="同意"),
    IssueSlip(order=ORDER, id="OUT-9", items=(SlipItem(1, "L1", 20, date(2029, 2, 3)),), seen="0" * 64),
    ConfirmDelivery(slip="OUT-1", received_by="王护士", on=DAY),
    CancelOrder(order=ORDER, reason="不要了"),
    CloseOrder(order=ORDER, reason="不再发货"),
    RegisterReceipt(
        id="R-9",
        payer=BUYER,
        payer_name="示例医院",
        amount=Money("5.00", "CNY"),
        value_date=DAY,
        reference="T-1",
    ),
    AllocateReceipt(
        receipt="R-1",
        targets=(Target("OUT-1/receivable/1", Money("5.00", "CNY")),),
        order=ORDER,
        strategy=AllocationStrategy.PROPORTIONAL,
        take_discounts=True,
    ),
    RaiseCharge(
        id="F-9",
        receivable="OUT-1/receivable",
        kind=ChargeKind.INTEREST,
        amount=Money("1.00", "CNY"),
        due=DAY,
        reason="逾期",
    ),
    UndoAllocations(receipt="R-1", reason="记错", only=("R-1/1",)),
    ReverseReceipt(receipt="R-1", reason="退票"),
    ReceiveBill(
        id="B-9",
        payer=BUYER,
        payer_name="示例医院",
        drawer="示例药业",
        acceptor="示例银行",
        amount=Money("5.00", "CNY"),
        issued_on=DAY,
        matures_on=date(2026, 8, 3),
        counts=BillCounts.ON_RECEIPT,
    ),
    ConfirmAcceptance(slip="OUT-1", accepted_by="王护士", on=DAY),
    StateAccount(id="ST-9", customer=BUYER, on=DAY, slips=("OUT-1",)),
    CorrectAcceptance(id="DC-1", slip="OUT-1", on=DAY, accepted_by="王护士", reason="记错"),
    CorrectStatement(id="DC-2", statement="ST-9", on=DAY, reason="记错"),
    CollectBill(bill="B-1"),
    DiscountBill(bill="B-1", bank="示例银行", charge=Money("0.10", "CNY")),
    EndorseBill(bill="B-1", endorsee="示例供应商"),
    DishonourBill(bill="B-1", reason="拒付"),
    AcceptReturn(
        id="RET-9", slip="OUT-1", items=(ReturnItem(1, 20, "L1"),), cause=ReturnCause.DAMAGED, note="破损"
    ),
    UndoReturn(return_order="RET-1", reason="误收"),
    PayRefund(
        id="RF-9",
        receipt="R-1",
        credit_note="CN-1",
        amount=Money("1.00", "CNY"),
        payee_name="示例医院H-001",
        personal_account=True,
        reference="B-7",
        reason="多付",
    ),
    UndoRefund(refund="RF-1", reason="退票"),
    InspectReturn(return_order="RET-1", verdict=ReturnVerdict.FIT, comment="完好"),
    IssueCreditNote(id="CN-9", customer=BUYER, slip="OUT-1", amount=Money("1.00", "CNY"), reason="折让"),
    ApplyCreditNote(credit_note="CN-1", portions=(Portion(DEBT, Money("1.00", "CNY")),)),
    ReverseCreditNote(credit_note="CN-1", reason="误开"),
    SetWriteOffCap(amount=Money("5.00", "CNY"), reason="手续费"),
    WriteOffDifference(id="W-9", instalment=DEBT, amount=Money("0.10", "CNY"), reason="手续费"),
    ReverseWriteOff(write_off="W-1", reason="补足"),
    RecordPromise(
        id="P-9", instalment=DEBT, amount=Money("1.00", "CNY"), pay_by=DAY, person="王会计", note="月底付"
    ),
    RecordInvoice(
        id="04400231",
        customer=BUYER,
        issued_on=DAY,
        lines=(InvoicedLine("OUT-1", 1, 20, Money("22.12", "CNY"), Money("2.88", "CNY")),),
        red_of="04400230",
        term_set="W",
    ),
    BalanceOfOrder(order=ORDER),
    PublishTerms(code="retail", terms="net 30", valid_from=DAY, name="零售"),
    ImportTerms(code="odoo-30", source=TermSource.ODOO, definition=ODOO_30, valid_from=DAY),
    WithdrawTerms(code="wholesale", valid_to=DAY),
    TermsInForce(code="wholesale", on=DAY),
    SetPayingDays(customer=BUYER, paying="payment days 5,20, closed 12-24 to 01-06", valid_from=DAY),
    RescheduleDebt(
        id="A-9",
        receivable="OUT-1/receivable",
        instalments=(NewInstalment(DAY, Money("1.00", "CNY")),),
        terms="3 monthly",
        term_set="wholesale",
        reason="经营困难",
    ),
    WithdrawPromise(promise="P-1", reason="听错"),
    OpenDispute(
        id="D-9", instalment=DEBT, amount=Money("1.00", "CNY"), cause=DisputeCause.PRICE, note="价高"
    ),
    ResolveDispute(dispute="D-1", outcome=DisputeOutcome.UPHELD, resolution="减价"),
    PromisesToPay(customer=BUYER, as_of=DAY),
    ExpireReservation(order=ORDER),
    RecordStock(
        product="ATO-20",
        site="SH-1",
        lot="L1",
        quantity=4000,
        cost="0.02",
        currency="CNY",
        as_of="2026-01-05T08:00:00+08:00",
    ),
    RecordHostNumber(id=ORDER, number="10004711"),
    RecordPull(
        source="erp",
        before="a",
        cursor="b",
        document="receipts-1.csv",
        done=2,
        repeated=1,
        held=1,
        aside=1,
        sums=(Sum(Money("5.00", "CNY"), Money("1.00", "CNY"), Money("2.00", "CNY")),),
        claimed=Totals(rows=5, amounts=(Money("8.00", "CNY"),)),
    ),
    SetItemAside(
        id="I-1",
        source="erp",
        item="receipts-1.csv:7",
        place="receipts-1.csv:7",
        command="RegisterReceipt",
        subject="R-1",
        payload="{}",
        effective_on="2026-02-03",
        digest="0" * 64,
        reasons="[]",
    ),
    SettleItem(id="I-1"),
    RetryItem(id="I-1"),
    DismissItem(id="I-1", reason="两次发送"),
    StockOf(product="ATO-20", site="SH-1"),
    Quarantine(source="erp"),
    Reconciliation(source="erp", since=DAY),
    AssignTask(
        id="T-9",
        kind=TaskKind.MARKET,
        title="走访",
        details="走访药房",
        assignee="zhang.san",
        due_at=AT,
        about=BUYER,
    ),
    ReassignTask(task="T-1", assignee="li.si", due_at=AT),
    AcceptTask(task="T-1"),
    DeclineTask(task="T-1", reason="休假"),
    ReportTask(task="T-1", report="已完成"),
    ReturnTask(task="T-1", reason="不全"),
    CloseTask(task="T-1"),
    CancelTask(task="T-1", reason="不需要"),
    FlagOverdueTask(task="T-1"),
    AddNote(
        id="N-1", on=NoteSubject.TASK, subject="T-1", kind=NoteKind.COMMENT, text="很好", addressee="li.si"
    ),
    SetReminderPlan(kind=ReminderKind.INSTALMENT, moments=(-3, 0, 5), every=10),
    SetActivityReminder(id="A-1", title="拜访", at=AT, about="T-1"),
    CancelActivityReminder(reminder="A-1"),
    SendActivityReminder(reminder="A-1"),
    SendReminder(kind=ReminderKind.INSTALMENT, cause="OUT-1/receivable/1", after=DAY),
    MarkReminders(kind=ReminderKind.INSTALMENT, through=DAY),
    MyTasks(assigned=True, limit=5),
    TaskHistory(task="T-1"),
    UnitTasks(unit="east", overdue=True, limit=5),
    OverdueTasks(limit=5),
    NotesOn(on=NoteSubject.TASK, subject="T-1"),
    ReminderPlans(),
    Inbox(limit=5),
    WhoCanAct(subject=ORDER, person="li.si"),
    WhyRefused(key="k", subject=ORDER, answer="A-1"),
    ReplayDeadLetters(destination="mail", reason="mended"),
    DropDeadLetters(destination="mail", reason="unwanted"),
    DeadLetters(),
    OutboxQueues(),
    PublishRoute(definition=ROUTE),
    RetireRoute(code="contract_cn"),
    PreviewApproval(
        kind="contract",
        amount=Money("5.00", "CNY"),
        fields=(DocumentField("discount", "5"),),
        route="contract_cn",
    ),
    SubmitForApproval(
        document="CT-9",
        kind="contract",
        content="0" * 64,
        amount=Money("5.00", "CNY"),
        fields=(DocumentField("discount", "5"),),
        named=(NamedApprovers("board", ("zhao.liu",)),),
        route="contract_cn",
        comment="请审批",
    ),
    ResubmitForApproval(
        document="CT-9",
        content="1" * 64,
        amount=Money("6.00", "CNY"),
        fields=(DocumentField("discount", "6"),),
        named=(NamedApprovers("board", ("zhao.liu",)),),
        comment="已修改",
    ),
    Decide(
        document="CT-9",
        act=Act.FORWARD,
        step="lead",
        acting_for="li.si",
        seen="0" * 64,
        target="wang.wu",
        comment="请代审",
        attachments=(Attachment("核对表.pdf", "a" * 64, "dms:42"),),
    ),
    DecideMany(
        documents=(BulkItem(document="CT-9", step="lead", seen="0" * 64),), act=Act.REJECT, comment="不同意"
    ),
    SignFollowUp(
        document="CT-9", step="issue", follows="DN-9", content="2" * 64, seen="2" * 64, comment="已核对"
    ),
    OverrideStep(document="CT-9", step="lead", comment="紧急"),
    WithdrawRequest(document="CT-9", comment="不要了"),
    MigrateRequest(
        document="CT-9",
        route="contract_cn@2",
        named=(NamedApprovers("board", ("zhao.liu",)),),
        comment="新制度",
    ),
    RingApproval(document="CT-9"),
    ApprovalTrail(document="CT-9"),
    TextToSign(document="CT-9", act=Act.REJECT, step="lead", acting_for="li.si"),
    DelegateAuthority(
        id="D-9",
        delegate="wang.wu",
        valid_from=DAY,
        valid_to=date(2030, 2, 3),
        kinds=("contract",),
        up_to=Money("5.00", "CNY"),
        reason="休假",
    ),
    RevokeDelegation(delegation="D-1"),
    Delegations(person="li.si"),
    DraftQuote(
        id="QT-9",
        buyer=BUYER,
        lines=(LINE,),
        terms="net 60",
        term_set="W",
        valid_from=DAY,
        valid_until=date(2029, 2, 3),
        currency="CNY",
        note="年度报价",
    ),
    ReviseQuote(
        quote="QT-1",
        lines=(LINE,),
        terms="net 30",
        term_set="W",
        valid_from=DAY,
        valid_until=date(2029, 2, 3),
        note="降价",
        named=(NamedApprovers("board", ("zhao.liu",)),),
        comment="客户要求",
    ),
    SubmitQuote(
        quote="QT-1", route="quote_cn", named=(NamedApprovers("board", ("zhao.liu",)),), comment="请审批"
    ),
    SendQuote(quote="QT-1"),
    AcceptQuote(quote="QT-1", note="电话确认"),
    DeclineQuote(quote="QT-1", reason="价格太高"),
    CancelQuote(quote="QT-1", reason="重复"),
    ConvertQuote(
        quote="QT-1",
        id="SO-9",
        consignee="陈主任",
        phone="021-64041990",
        address=WHERE,
        ship_on=DAY,
        purchaser="L-1",
        prescription="RX-1",
        note="加急",
    ),
    ExpireQuote(quote="QT-1"),
    Revisions(document="QT-1"),
    RevisionChanges(document="QT-1", earlier=1, later=2),
    DraftPurchaseOrder(
        id="PO-9",
        supplier="S-001",
        lines=(LINE,),
        terms="net 30",
        term_set="W",
        expected_on=date(2029, 2, 3),
        tolerance="2%",
        currency="CNY",
        note="备货",
    ),
    RevisePurchaseOrder(
        purchase="PO-1",
        lines=(LINE,),
        terms="net 30",
        term_set="W",
        expected_on=date(2029, 2, 3),
        tolerance="2%",
        note="加量",
        named=(NamedApprovers("board", ("zhao.liu",)),),
        comment="销量上升",
    ),
    SubmitPurchaseOrder(
        purchase="PO-1",
        route="purchase_cn",
        named=(NamedApprovers("board", ("zhao.liu",)),),
        comment="请审批",
    ),
    SendPurchaseOrder(purchase="PO-1"),
    ReceiveGoods(
        id="GR-9",
        purchase="PO-1",
        items=(ReceivedItem(1, "L1", 20, date(2029, 2, 3)),),
        delivery_note="SH-1",
    ),
    ClosePurchaseOrder(purchase="PO-1", reason="余下不要"),
    CancelPurchaseOrder(purchase="PO-1", reason="重复"),
    CreditExposure(customer=BUYER),
    LimitOn(customer=BUYER, on=DAY),
    CreditCheck(customer=BUYER, amount=Money("10.00", "CNY")),
    WhyCredit(order=ORDER, on=date(2029, 2, 3), when=datetime(2029, 2, 3, tzinfo=UTC)),
    PaymentPlan(order=ORDER),
    OverdueDeliveries(buyer=BUYER),
    AgeingReport(customer=BUYER, as_of=DAY, currency="CNY", prepayments=True),
    AgeingByCustomer(as_of=DAY, currency="CNY", prepayments=True),
    SetProvisionRates(valid_from=DAY, edges=(90,), rates=("0%", "5%", "50%"), reason="会计政策"),
    RequestConfirmation(id="BC-1", customer=BUYER, as_of=DAY, currency="CNY"),
    AnswerConfirmation(
        confirmation="BC-1",
        balance=Money("5.00", "CNY"),
        documents=(TheirItem("OUT-1", Money("5.00", "CNY")),),
        person="王会计",
        note="已核对",
    ),
    SetLedgerAccount(role=LedgerRole.OUTPUT_TAX, account="2221.01", tax_rate="13%"),
    StatementOfAccount(customer=BUYER, start=DAY, through=DAY, currency="CNY"),
    Vouchers(start=DAY, through=DAY, customer=BUYER, currency="CNY"),
    LedgerTrial(as_of=DAY, currency="CNY"),
    StartBookkeeping(),
    PostVouchers(customer=BUYER, currency="CNY"),
    ReconcileLedger(
        as_of=DAY,
        control=Money("5.00", "CNY"),
        balances=(LedgerBalance(customer=BUYER, item="I-1", amount=Money("5.00", "CNY")),),
    ),
    SetDunningPolicy(
        id="standard",
        levels=(
            DunningLevel(days=10, name="提醒", fee=Money("20.00", "CNY"), interest=True),
            DunningLevel(days=15, name="催告", counts_from=DunningClock.PREVIOUS),
        ),
        interest=InterestTerms(rates=RateTable((RateStep(DAY, "5%"),)), free_days=3),
        pause=7,
        minimum=Money("50.00", "CNY"),
    ),
    SetDunningTerms(customer=BUYER, policy="standard", max_level=1, language="en"),
    SetDunningText(level=1, subject="催款", text="请付 $total", language="zh", customer=BUYER),
    IssueDunningLetter(
        customer=BUYER, currency="CNY", instalments=("OUT-1/receivable/1",), level=1, reason="电话催收无果"
    ),
    BlockDunning(subject_id=BUYER, until=DAY, reason="对账中"),
    UnblockDunning(subject_id=BUYER, reason="对账完成"),
    SendDunningLetter(customer=BUYER, currency="CNY"),
    MarkDunning(through=DAY),
    DunningPreview(customer=BUYER, currency="CNY"),
    CollectionFigures(start=DAY, through=DAY, customer=BUYER, currency="CNY"),
    BadDebtProvision(as_of=DAY, customer=BUYER, currency="CNY"),
)
EXAMPLES: dict[str, Any] = {type(example).__name__: example for example in _ALL}
"""One of each."""
