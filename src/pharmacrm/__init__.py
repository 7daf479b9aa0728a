"""pharmacrm: a pharmaceutical CRM engine that works inside your own system.

    import pharmacrm

    crm = pharmacrm.connect("sqlite:///crm.db")
    answer = crm.do(pharmacrm.PlaceOrder(...), actor="zhang.san", key="web-17")

Every public name is here; each is imported when it is first used, so that importing the package is cheap.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pharmacrm.core.approvals import ApprovalCase, Hold, SignOff
    from pharmacrm.core.credit import CreditLine, Exposure, Reservation, ReservationState, SetCreditLimit
    from pharmacrm.core.customers import Customer, RegisterCustomer
    from pharmacrm.core.engines.approval import CaseState
    from pharmacrm.core.engines.holds import HoldState
    from pharmacrm.core.flows.approvals import Inbox, InboxItem, Standing, WhoCanAct
    from pharmacrm.core.flows.collection import (
        AllocateReceipt,
        RegisterReceipt,
        ReverseReceipt,
        UndoAllocations,
    )
    from pharmacrm.core.flows.ending import CancelOrder, CloseOrder
    from pharmacrm.core.flows.exposure import CreditExposure, PaymentPlan
    from pharmacrm.core.flows.holding import PassHold
    from pharmacrm.core.flows.noting import AddNote
    from pharmacrm.core.flows.placing import AmendOrder, PlaceOrder
    from pharmacrm.core.flows.refusals import Refusal, WhyRefused
    from pharmacrm.core.flows.release import ApproveOrder, RejectOrder
    from pharmacrm.core.flows.shipping import ConfirmDelivery, IssueSlip, OverdueDeliveries
    from pharmacrm.core.flows.stock import StockLevel, StockOf
    from pharmacrm.core.flows.tasking import AssignTask, OverdueTasks, ReassignTask, UnitTasks
    from pharmacrm.core.host_numbers import HostNumber, NumberedKind, RecordHostNumber
    from pharmacrm.core.kernel.calendar import WorkCalendar
    from pharmacrm.core.kernel.change import Add, Event
    from pharmacrm.core.kernel.codec import from_plain, to_plain
    from pharmacrm.core.kernel.decision import (
        Decision,
        Outcome,
        accept,
        add,
        refuse,
        remove,
        save,
        tell,
        touch,
    )
    from pharmacrm.core.kernel.domain import Domain
    from pharmacrm.core.kernel.errors import (
        Conflict,
        MalformedInput,
        NotFound,
        NotInstalled,
        NotPermitted,
        PharmaCRMError,
        PluginFailure,
        Refused,
        SchemaChanged,
        StoreFailure,
        UnsavedChanges,
    )
    from pharmacrm.core.kernel.held import HeldCommand
    from pharmacrm.core.kernel.journal import Entry, JournalQuery, Verb
    from pharmacrm.core.kernel.message import Command, Question, Reads
    from pharmacrm.core.kernel.money import Money, Percentage, Price
    from pharmacrm.core.kernel.query import eq, ge, gt, is_in, is_null, le, lt, prefix, within
    from pharmacrm.core.kernel.reason import Reason, ReasonCode, Severity
    from pharmacrm.core.kernel.record import Column, Counter, ParentOf, Part, Personal, Record
    from pharmacrm.core.kernel.seal import Anchor
    from pharmacrm.core.kernel.strict import Id, Limit, Name, Note, OptionalId, strict
    from pharmacrm.core.kernel.tenant import Grant, Tenant
    from pharmacrm.core.kernel.verification import Finding, Verification
    from pharmacrm.core.kernel.words import Words
    from pharmacrm.core.licences import (
        Authorisation,
        Dossier,
        Licence,
        LicenceKind,
        Purpose,
        RegisterAuthorisation,
        RegisterLicence,
        ReviewDossier,
        ReviewState,
        RevokeLicence,
        Verdict,
    )
    from pharmacrm.core.notes import ActivityNote, NoteKind, NotesOn, NoteSubject
    from pharmacrm.core.orders import (
        HoldLot,
        Line,
        Lot,
        OrderLine,
        OrderState,
        OutboundSlip,
        RegisterLot,
        ReleaseLot,
        SalesOrder,
        SlipItem,
        SlipLine,
    )
    from pharmacrm.core.outbox import (
        DeadLetter,
        DeadLetters,
        DropDeadLetters,
        LetterDecision,
        LettersDecided,
        LetterVerdict,
        OutboxQueue,
        OutboxQueues,
        ReplayDeadLetters,
    )
    from pharmacrm.core.people import (
        GrantRight,
        OrgUnit,
        RegisterStaff,
        RegisterUnit,
        RoleAssignment,
        Staff,
    )
    from pharmacrm.core.prices import PriceItem, PriceList, RegisterPrice, RegisterPriceList
    from pharmacrm.core.products import Pack, Product, RegisterProduct
    from pharmacrm.core.pull import (
        Aside,
        AsideState,
        DismissItem,
        PullCursor,
        PullRun,
        Quarantine,
        QuarantinedItem,
        Reconciled,
        Reconciliation,
        RetryItem,
        Sum,
        Totals,
    )
    from pharmacrm.core.receivables import (
        Ageing,
        AgeingBasis,
        AgeingReport,
        Allocation,
        Instalment,
        Receipt,
        Receivable,
        ReceivableKind,
        Target,
    )
    from pharmacrm.core.reminders import (
        ActivityReminder,
        CancelActivityReminder,
        Reminder,
        ReminderKind,
        ReminderPlan,
        ReminderPlans,
        SetActivityReminder,
        SetReminderPlan,
    )
    from pharmacrm.core.stock import RecordStock, StockSnapshot
    from pharmacrm.core.tasks import (
        AcceptTask,
        CancelTask,
        CloseTask,
        DeclineTask,
        MyTasks,
        ReportTask,
        ReturnTask,
        Task,
        TaskHistory,
        TaskKind,
        TaskState,
        TaskStep,
    )
    from pharmacrm.core.values.address import Address
    from pharmacrm.core.values.terms import PartKind, PaymentTerms, parse_terms
    from pharmacrm.core.values.trade import (
        CustomerKind,
        MarketingClass,
        PaymentMethod,
        RxStatus,
        SalesChannel,
        SpecialControl,
        StorageClass,
    )
    from pharmacrm.crm import Bound, Clock, Copy, Fed, PharmaCRM, SimulatedClock, SystemClock, Work, connect
    from pharmacrm.crm.pulling import TakenIn
    from pharmacrm.plugins.anchors import AnchorFile
    from pharmacrm.plugins.erp import CsvFolder
    from pharmacrm.plugins.guards import Stocktaking
    from pharmacrm.plugins.hookspecs import hookimpl
    from pharmacrm.plugins.isolation import Isolated
    from pharmacrm.plugins.notifications import FaultLog, JsonLines, MailText, SmtpNotifier
    from pharmacrm.plugins.types import (
        AnchorContext,
        AnchoredContext,
        CalendarContext,
        CheckContext,
        DeliverContext,
        Delivered,
        FaultContext,
        Item,
        PullContext,
        Pulled,
        RegisterContext,
        Reject,
        RetryAfter,
        StoreContext,
        Unreadable,
    )
    from pharmacrm.plugins.wall.pulling import item_of
else:
    _NAMES = {
        "pharmacrm.crm": "Bound Clock Copy Fed PharmaCRM SimulatedClock SystemClock Work connect",
        "pharmacrm.core.kernel.errors": (
            "Conflict MalformedInput NotFound NotInstalled NotPermitted PharmaCRMError PluginFailure "
            "Refused SchemaChanged StoreFailure UnsavedChanges"
        ),
        "pharmacrm.core.kernel.decision": "Decision Outcome accept add refuse remove save tell touch",
        "pharmacrm.core.kernel.reason": "Reason ReasonCode Severity",
        "pharmacrm.core.kernel.money": "Money Percentage Price",
        "pharmacrm.core.kernel.query": "eq ge gt is_in is_null le lt prefix within",
        "pharmacrm.core.kernel.record": "Column Counter ParentOf Part Personal Record",
        "pharmacrm.core.kernel.change": "Add Event",
        "pharmacrm.core.kernel.message": "Command Question Reads",
        "pharmacrm.core.kernel.codec": "from_plain to_plain",
        "pharmacrm.core.kernel.domain": "Domain",
        "pharmacrm.core.kernel.strict": "Id Limit Name Note OptionalId strict",
        "pharmacrm.core.kernel.calendar": "WorkCalendar",
        "pharmacrm.core.kernel.tenant": "Grant Tenant",
        "pharmacrm.core.kernel.words": "Words",
        "pharmacrm.core.kernel.held": "HeldCommand",
        "pharmacrm.core.kernel.seal": "Anchor",
        "pharmacrm.core.kernel.verification": "Finding Verification",
        "pharmacrm.core.kernel.journal": "Entry JournalQuery Verb",
        "pharmacrm.core.people": "GrantRight OrgUnit RegisterStaff RegisterUnit RoleAssignment Staff",
        "pharmacrm.core.products": "Pack Product RegisterProduct",
        "pharmacrm.core.customers": "Customer RegisterCustomer",
        "pharmacrm.core.licences": (
            "Authorisation Dossier Licence LicenceKind Purpose RegisterAuthorisation RegisterLicence "
            "ReviewDossier ReviewState RevokeLicence Verdict"
        ),
        "pharmacrm.core.prices": "PriceItem PriceList RegisterPrice RegisterPriceList",
        "pharmacrm.core.orders": (
            "HoldLot Line Lot OrderLine OrderState OutboundSlip RegisterLot ReleaseLot SalesOrder "
            "SlipItem SlipLine"
        ),
        "pharmacrm.core.credit": "CreditLine Exposure Reservation ReservationState SetCreditLimit",
        "pharmacrm.core.receivables": (
            "Ageing AgeingReport Allocation Instalment Receipt Receivable ReceivableKind AgeingBasis Target"
        ),
        "pharmacrm.core.outbox": (
            "DeadLetter DeadLetters DropDeadLetters LetterDecision LetterVerdict LettersDecided OutboxQueue "
            "OutboxQueues ReplayDeadLetters"
        ),
        "pharmacrm.core.approvals": "ApprovalCase Hold SignOff",
        "pharmacrm.core.engines.approval": "CaseState",
        "pharmacrm.core.engines.holds": "HoldState",
        "pharmacrm.core.tasks": (
            "AcceptTask CancelTask CloseTask DeclineTask MyTasks ReportTask ReturnTask Task TaskHistory "
            "TaskKind TaskState TaskStep"
        ),
        "pharmacrm.core.notes": "ActivityNote NoteKind NoteSubject NotesOn",
        "pharmacrm.core.reminders": (
            "ActivityReminder CancelActivityReminder Reminder ReminderKind ReminderPlan ReminderPlans "
            "SetActivityReminder SetReminderPlan"
        ),
        "pharmacrm.core.flows.tasking": "AssignTask OverdueTasks ReassignTask UnitTasks",
        "pharmacrm.core.flows.noting": "AddNote",
        "pharmacrm.core.values.address": "Address",
        "pharmacrm.core.values.terms": "PartKind PaymentTerms parse_terms",
        "pharmacrm.core.values.trade": (
            "CustomerKind MarketingClass PaymentMethod RxStatus SalesChannel SpecialControl StorageClass"
        ),
        "pharmacrm.core.flows.placing": "AmendOrder PlaceOrder",
        "pharmacrm.core.flows.release": "ApproveOrder RejectOrder",
        "pharmacrm.core.flows.shipping": "ConfirmDelivery IssueSlip OverdueDeliveries",
        "pharmacrm.core.flows.ending": "CancelOrder CloseOrder",
        "pharmacrm.core.flows.holding": "PassHold",
        "pharmacrm.core.flows.collection": "AllocateReceipt RegisterReceipt ReverseReceipt UndoAllocations",
        "pharmacrm.core.flows.approvals": "Inbox InboxItem Standing WhoCanAct",
        "pharmacrm.core.flows.refusals": "Refusal WhyRefused",
        "pharmacrm.core.flows.exposure": "CreditExposure PaymentPlan",
        "pharmacrm.core.flows.stock": "StockLevel StockOf",
        "pharmacrm.core.host_numbers": "HostNumber NumberedKind RecordHostNumber",
        "pharmacrm.core.pull": (
            "Aside AsideState DismissItem PullCursor PullRun Quarantine QuarantinedItem Reconciled "
            "Reconciliation RetryItem Sum Totals"
        ),
        "pharmacrm.core.stock": "RecordStock StockSnapshot",
        "pharmacrm.crm.pulling": "TakenIn",
        "pharmacrm.plugins.hookspecs": "hookimpl",
        "pharmacrm.plugins.isolation": "Isolated",
        "pharmacrm.plugins.wall.pulling": "item_of",
        "pharmacrm.plugins.types": (
            "AnchorContext AnchoredContext CalendarContext CheckContext DeliverContext Delivered "
            "FaultContext Item PullContext Pulled RegisterContext Reject RetryAfter StoreContext Unreadable"
        ),
        "pharmacrm.plugins.notifications": "FaultLog JsonLines MailText SmtpNotifier",
        "pharmacrm.plugins.guards": "Stocktaking",
        "pharmacrm.plugins.anchors": "AnchorFile",
        "pharmacrm.plugins.erp": "CsvFolder",
    }
    _WHERE = {name: module for module, names in _NAMES.items() for name in names.split()}

    def __getattr__(name: str) -> object:
        if name in _WHERE:
            found = globals()[name] = getattr(import_module(_WHERE[name]), name)
            return found
        raise AttributeError(f"module 'pharmacrm' has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *_WHERE})


__version__ = "0.1.0"
__all__ = [
    "AcceptTask",
    "ActivityNote",
    "ActivityReminder",
    "Add",
    "AddNote",
    "Address",
    "Ageing",
    "AgeingBasis",
    "AgeingReport",
    "AllocateReceipt",
    "Allocation",
    "AmendOrder",
    "Anchor",
    "AnchorContext",
    "AnchorFile",
    "AnchoredContext",
    "ApprovalCase",
    "ApproveOrder",
    "Aside",
    "AsideState",
    "AssignTask",
    "Authorisation",
    "Bound",
    "CalendarContext",
    "CancelActivityReminder",
    "CancelOrder",
    "CancelTask",
    "CaseState",
    "CheckContext",
    "Clock",
    "CloseOrder",
    "CloseTask",
    "Column",
    "Command",
    "ConfirmDelivery",
    "Conflict",
    "Copy",
    "Counter",
    "CreditExposure",
    "CreditLine",
    "CsvFolder",
    "Customer",
    "CustomerKind",
    "DeadLetter",
    "DeadLetters",
    "Decision",
    "DeclineTask",
    "DeliverContext",
    "Delivered",
    "DismissItem",
    "Domain",
    "Dossier",
    "DropDeadLetters",
    "Entry",
    "Event",
    "Exposure",
    "FaultContext",
    "FaultLog",
    "Fed",
    "Finding",
    "Grant",
    "GrantRight",
    "HeldCommand",
    "Hold",
    "HoldLot",
    "HoldState",
    "HostNumber",
    "Id",
    "Inbox",
    "InboxItem",
    "Instalment",
    "Isolated",
    "IssueSlip",
    "Item",
    "JournalQuery",
    "JsonLines",
    "LetterDecision",
    "LetterVerdict",
    "LettersDecided",
    "Licence",
    "LicenceKind",
    "Limit",
    "Line",
    "Lot",
    "MailText",
    "MalformedInput",
    "MarketingClass",
    "Money",
    "MyTasks",
    "Name",
    "NotFound",
    "NotInstalled",
    "NotPermitted",
    "Note",
    "NoteKind",
    "NoteSubject",
    "NotesOn",
    "NumberedKind",
    "OptionalId",
    "OrderLine",
    "OrderState",
    "OrgUnit",
    "OutboundSlip",
    "OutboxQueue",
    "OutboxQueues",
    "Outcome",
    "OverdueDeliveries",
    "OverdueTasks",
    "Pack",
    "ParentOf",
    "Part",
    "PartKind",
    "PassHold",
    "PaymentMethod",
    "PaymentPlan",
    "PaymentTerms",
    "Percentage",
    "Personal",
    "PharmaCRM",
    "PharmaCRMError",
    "PlaceOrder",
    "PluginFailure",
    "Price",
    "PriceItem",
    "PriceList",
    "Product",
    "PullContext",
    "PullCursor",
    "PullRun",
    "Pulled",
    "Purpose",
    "Quarantine",
    "QuarantinedItem",
    "Question",
    "Reads",
    "Reason",
    "ReasonCode",
    "ReassignTask",
    "Receipt",
    "Receivable",
    "ReceivableKind",
    "Reconciled",
    "Reconciliation",
    "Record",
    "RecordHostNumber",
    "RecordStock",
    "Refusal",
    "Refused",
    "RegisterAuthorisation",
    "RegisterContext",
    "RegisterCustomer",
    "RegisterLicence",
    "RegisterLot",
    "RegisterPrice",
    "RegisterPriceList",
    "RegisterProduct",
    "RegisterReceipt",
    "RegisterStaff",
    "RegisterUnit",
    "Reject",
    "RejectOrder",
    "ReleaseLot",
    "Reminder",
    "ReminderKind",
    "ReminderPlan",
    "ReminderPlans",
    "ReplayDeadLetters",
    "ReportTask",
    "Reservation",
    "ReservationState",
    "RetryAfter",
    "RetryItem",
    "ReturnTask",
    "ReverseReceipt",
    "ReviewDossier",
    "ReviewState",
    "RevokeLicence",
    "RoleAssignment",
    "RxStatus",
    "SalesChannel",
    "SalesOrder",
    "SchemaChanged",
    "SetActivityReminder",
    "SetCreditLimit",
    "SetReminderPlan",
    "Severity",
    "SignOff",
    "SimulatedClock",
    "SlipItem",
    "SlipLine",
    "SmtpNotifier",
    "SpecialControl",
    "Staff",
    "Standing",
    "StockLevel",
    "StockOf",
    "StockSnapshot",
    "Stocktaking",
    "StorageClass",
    "StoreContext",
    "StoreFailure",
    "Sum",
    "SystemClock",
    "TakenIn",
    "Target",
    "Task",
    "TaskHistory",
    "TaskKind",
    "TaskState",
    "TaskStep",
    "Tenant",
    "Totals",
    "UndoAllocations",
    "UnitTasks",
    "Unreadable",
    "UnsavedChanges",
    "Verb",
    "Verdict",
    "Verification",
    "WhoCanAct",
    "WhyRefused",
    "Words",
    "Work",
    "WorkCalendar",
    "accept",
    "add",
    "connect",
    "eq",
    "from_plain",
    "ge",
    "gt",
    "hookimpl",
    "is_in",
    "is_null",
    "item_of",
    "le",
    "lt",
    "parse_terms",
    "prefix",
    "refuse",
    "remove",
    "save",
    "strict",
    "tell",
    "to_plain",
    "touch",
    "within",
]
