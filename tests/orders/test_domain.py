"""What the domain brings to the door is whole: records travel, reasons are documented in both languages."""

import pytest
from attrs import fields

from pharmacrm.core.kernel.change import Event, Save
from pharmacrm.core.kernel.codec import from_plain, to_plain
from pharmacrm.core.kernel.money import Price
from pharmacrm.core.orders import AgreedStatement, DateCorrection, ReceivedItem, domain
from pharmacrm.core.orders.purchases.receiving import received_lines
from pharmacrm.core.orders.quotes.drafting import Listed, quote_of
from pharmacrm.core.orders.returns import ReturnCause, ReturnHead, ReturnItem, accept_return
from pharmacrm.core.orders.values import Line, SlipItem
from tests.orders.builders import lot, order_of, ship, slip_with
from tests.orders.test_purchases import bought, note

ORDER, LINES = order_of(Line("AMX", 10, "0.0363"), Line("B", 1, "2", tax_included=False))
SLIP, SLIP_LINES = slip_with([(10, 1000)])
HEAD = ReturnHead(id="RET-1", on=SLIP.issued_on, by="sun.ba", cause=ReturnCause.OTHER)
RETURNED = accept_return(SLIP, SLIP_LINES, [ReturnItem(1, 3)], head=HEAD)
QUOTE, QUOTED = quote_of(
    ORDER, LINES, days=(ORDER.ordered_on, ORDER.ship_on), listed={"B": Listed("STD", Price("2"), Price("1"))}
)
PURCHASE, BOUGHT = bought()
RECEIPT = note()
ENTITIES = [
    ORDER,
    *LINES,
    lot(),
    *(
        change.entity
        for change in ship(ORDER, LINES, [SlipItem(1, "L1", 3)]).changes
        if isinstance(change, Save)
    ),
    *(change.entity for change in RETURNED.changes if isinstance(change, Save)),
    QUOTE,
    *QUOTED,
    AgreedStatement(id="AS-1", customer="H-1", on=ORDER.ship_on, slips=1),
    DateCorrection(
        id="DC-1",
        subject="AS-1",
        event="statement",
        old=ORDER.ordered_on,
        new=ORDER.ship_on,
        on=ORDER.ship_on,
        reason="记错",
    ),
    PURCHASE,
    *BOUGHT,
    RECEIPT,
    *received_lines("GR-1", BOUGHT, [ReceivedItem(1, "L1", 3, ORDER.ship_on)]),
]


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
