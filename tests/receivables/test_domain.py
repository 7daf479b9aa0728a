"""What the domain brings to the door is whole: records travel, reasons are documented in both languages."""

import pytest
from attrs import fields

from pharmacrm.core.kernel.change import Event, Save
from pharmacrm.core.kernel.codec import from_plain, to_plain
from pharmacrm.core.receivables import domain
from pharmacrm.core.receivables.allocation import allocate
from pharmacrm.core.receivables.refunds import Refund
from pharmacrm.core.receivables.write_offs import set_cap
from pharmacrm.core.values.trade import PaymentMethod
from tests.flows.scenarios_invoicing import billed
from tests.receivables.ledger import DAY, Ledger, opened, receipt, yuan
from tests.receivables.test_bills import bill
from tests.receivables.test_claims import dispute, promised
from tests.receivables.test_credit_notes import note
from tests.receivables.test_invoices import recorded
from tests.receivables.test_rescheduling import agreed
from tests.receivables.test_write_offs import given_up

LEDGER = Ledger(opened(100, "2/10 net 30"))
LEDGER.store(allocate(receipt(40), LEDGER.receivables, LEDGER.instalments, on=DAY))
LEDGER.store(set_cap(None, yuan(5), reason="手续费"))
LEDGER.store(given_up(LEDGER, 1))
LEDGER.store(agreed(LEDGER, terms="3 monthly"))
INVOICE = [c.entity for c in recorded([billed(10, yuan(100))]).changes if isinstance(c, Save)]
REFUND = Refund(
    id="RF-1",
    customer="H-001",
    receipt="R-1",
    amount=yuan(5),
    method=PaymentMethod.CHEQUE,
    payee_name="示例医院",
    paid_on=DAY,
    reason="多付",
)
ENTITIES = [*LEDGER.kept.values(), REFUND, promised(), dispute(), note(), bill(), *INVOICE]


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: f"{type(entity).__name__}-{entity.id}")
def test_a_record_travels_as_json(entity):
    assert from_plain(type(entity), to_plain(entity)) == entity


def test_every_kind_was_tried():
    assert {type(entity) for entity in ENTITIES} == set(domain.records)


@pytest.mark.parametrize("code", domain.reasons, ids=lambda code: code.code)
def test_reasons_are_short_and_in_both_languages(code):
    assert code.en[0].islower() or code.en[0] == "{"
    assert len(code.en.split()) <= 15
    assert code.zh
    assert code("X", field="f", observed="1", expected="2").message


def test_codes_are_told_once():
    codes = [code.code for code in domain.reasons]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("event", domain.events, ids=lambda event: event.__name__)
def test_events_hold_ids_and_numbers_only(event):
    assert issubclass(event, Event)
    assert {attribute.type for attribute in fields(event)} <= {str, int}
