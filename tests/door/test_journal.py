"""The journal: who did what and why, old and new, hashed; replayed, it gives what is stored."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from attrs import evolve

from pharmacrm.core.credit import SetCreditLimit
from pharmacrm.core.flows.collection import AllocateReceipt, ReverseReceipt
from pharmacrm.core.flows.ending import CancelOrder, CloseOrder
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.release import RejectOrder
from pharmacrm.core.flows.shipping import ConfirmDelivery
from pharmacrm.core.kernel.journal import Entry, Verb, row_hash
from pharmacrm.core.kernel.schema import schema_of
from pharmacrm.core.licences import RegisterAuthorisation
from pharmacrm.core.orders import HoldLot, Line
from pharmacrm.core.people import RegisterStaff
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import release
from pharmacrm.testing.story import Closed, tell
from tests.bad_inputs.examples import EXAMPLES
from tests.covers import covers
from tests.flows.companies import KINDS
from tests.flows.house import (
    ADMIN,
    ASSISTANT,
    BUYER,
    FINANCE,
    LEAD,
    QUALITY,
    SALES,
    WAREHOUSE,
    amended,
    credit,
    journal,
    open_house,
    pass_days,
    placed,
    prepaid,
    receipt,
    released,
    replayed,
    slip,
    today,
    worth,
    yuan,
)


def a_busy_month(crm: PharmaCRM) -> None:
    """Orders that go well and badly: paid in part, amended, rejected, cancelled, closed, passed, lapsed."""
    placed(crm, "SO-1", 1000, terms="30% prepaid, rest 2/10 net 30")
    prepaid(crm, "SO-1", 300)
    release(crm, "SO-1")
    crm.do(slip("SO-1", "OUT-1", 333), actor=WAREHOUSE).expect()
    crm.do(slip("SO-1", "OUT-2", 467), actor=WAREHOUSE).expect()
    crm.do(ConfirmDelivery(slip="OUT-1", received_by="王护士"), actor=SALES).expect()
    crm.do(receipt(crm, "R-2", 200), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-2"), actor=FINANCE).expect()
    crm.do(ReverseReceipt(receipt="R-2", reason="退票"), actor=FINANCE).expect()
    three = (Line("ATO-20", 100, "1.25"), Line("AMX-500", 20, "0.0363"), Line("CEF-250", 20, "0.52"))
    crm.do(worth("SO-2", 0, lines=three), actor=SALES).expect()
    crm.do(amended("SO-2", 0, lines=three[:1]), actor=SALES).expect()
    crm.do(RejectOrder(order="SO-2", comment="不同意"), actor=ASSISTANT).expect()
    crm.do(amended("SO-2", 0, lines=three[1:], note="第二次"), actor=SALES).expect()
    crm.do(CancelOrder(order="SO-2"), actor=SALES).expect()
    released(crm, "SO-4", 500)
    crm.do(slip("SO-4", "OUT-4", 100), actor=WAREHOUSE).expect()
    crm.do(CloseOrder(order="SO-4"), actor=LEAD).expect()
    crm.do(worth("SO-3", 200_000), actor=SALES)
    crm.do(PassHold(of="SO-3", code="credit.over_limit", reason="同意"), actor=FINANCE).expect()
    crm.do(SetCreditLimit(customer=BUYER, limit=yuan(5), blocked=True, reason="逾期"), actor=FINANCE).expect()
    crm.do(worth("SO-5", 5), actor=SALES)
    crm.do(HoldLot(product="ATO-20", lot="L1", reason="召回"), actor=QUALITY).expect()
    crm.do(RegisterStaff(id=WAREHOUSE, name="孙八", unit=None, roles=("dispatcher",)), actor=ADMIN).expect()
    pass_days(crm, 31)
    crm.run_due()


@pytest.fixture(scope="module")
def busy() -> Iterator[PharmaCRM]:
    """The month in memory, to be looked at only."""
    crm = open_house()
    a_busy_month(crm)
    yield crm
    crm.close()


UNTOLD = {"held_command", "identifier"}
"""Records of which the story stores none, or keeps none."""


def check_hashes(tenant: str, entries: list[Entry]) -> None:
    assert len({entry.id for entry in entries}) == len(entries)
    for entry in entries:
        assert (entry.hash, entry.algorithm) == (row_hash(tenant, entry), "sha256-1")


def check_replay(crm: PharmaCRM) -> None:
    entries = journal(crm)
    assert replayed(crm).state
    check_hashes(crm.tenant, entries)
    times = [entry.recorded_at for entry in entries]
    assert times == sorted(times)
    check_personal_values(entries)


@covers("XT-03", "XT-26", "SC-33")
def test_replaying_the_journal_gives_what_is_stored(crm: PharmaCRM) -> None:
    a_busy_month(crm)
    check_replay(crm)


@covers("XT-03", "SC-33")
@pytest.mark.parametrize("kind", KINDS)
def test_every_record_can_be_replayed(kind: str, company_on: Callable[..., PharmaCRM]) -> None:
    crm = company_on(kind, plugins=[Closed()])
    tell(crm)
    check_replay(crm)
    assert {name for name, _ in replayed(crm).state} == set(crm.registry.kinds) - UNTOLD


def test_a_hash_covers_every_word_of_a_row(busy: PharmaCRM) -> None:
    changes: list[dict[str, Any]] = [
        {name: "x"}
        for name in ("id", "actor", "roles", "acting_for", "command", "key", "kind", "subject", "note")
    ]
    changes += [
        {"changes": '{"a":1}'},
        {"reasons": "[1]"},
        {"version": 99},
        {"verb": Verb.DENIED},
        {"algorithm": "md5"},
    ]
    changes += [
        {"recorded_at": busy.clock.now()},
        {"effective_on": date(2000, 1, 1)},
        {"claimed_at": busy.clock.now()},
    ]
    for entry in journal(busy)[::7]:
        assert row_hash("another", entry) != entry.hash
        for change in changes:
            assert row_hash(busy.tenant, evolve(entry, **change)) != entry.hash, change


def check_personal_values(entries: list[Entry]) -> None:
    rows = "\n".join(entry.changes + entry.reasons + entry.note for entry in entries)
    beside = "\n".join(value.value for entry in entries for value in entry.personal)
    for text in ("陈主任", "021-64041990", "枫林路180号", "张三", "王护士"):
        assert text not in rows
        assert text in beside
    for entry in entries:
        assert all(value.digest in entry.changes for value in entry.personal)
    salts = [value.salt for entry in entries for value in entry.personal]
    assert len(set(salts)) == len(salts)


def test_only_personal_fields_are_kept_beside(busy: PharmaCRM) -> None:
    for entry in journal(busy):
        if entry.verb in {Verb.CREATED, Verb.CHANGED}:
            kinds = [busy.registry.kinds[kind] for kind in {entry.kind, *entry.changed().get("parts", {})}]
            names = {field.name for kind in kinds for field in schema_of(kind).fields if field.personal}
            assert {value.field.rsplit("/", 1)[-1] for value in entry.personal} <= names


def test_erasing_personal_values_leaves_every_hash_true(busy: PharmaCRM) -> None:
    check_hashes(busy.tenant, [evolve(entry, personal=()) for entry in journal(busy)])


def test_one_row_for_each_changed_aggregate(crm: PharmaCRM) -> None:
    before = len(journal(crm))
    answer = crm.do(worth("SO-1", 1000), actor=SALES, key="web-1")
    written = journal(crm)[before:]
    assert sorted((entry.verb.value, entry.kind, entry.subject) for entry in written) == [
        ("added", "credit_line", BUYER),
        ("created", "approval_request", "SO-1/request/1"),
        ("created", "reservation", "SO-1/credit"),
        ("created", "sales_order", "SO-1"),
    ]
    assert answer.id == written[0].id
    for entry in written:
        assert (entry.actor, entry.roles, entry.command, entry.key) == (SALES, "sales", "PlaceOrder", "web-1")
        assert entry.effective_on == today(crm)
    added = next(entry for entry in written if entry.verb is Verb.ADDED)
    assert added.changed() == {"reserved": {"add": 100_000}, "cause": "SO-1/credit"}


def test_a_row_says_old_and_new_and_only_what_changed(crm: PharmaCRM) -> None:
    limit = SetCreditLimit(customer=BUYER, limit=yuan(5), reason="下调")
    crm.do(limit, actor=FINANCE).expect()
    changed = journal(crm)[-1].changed()
    assert [side[-1]["amount"] for side in changed.pop("limits")] == ["100000.00 CNY", "5.00 CNY"]
    assert changed == {"limit": ["100000.00 CNY", "5.00 CNY"], "reason": ["年度授信", "下调"]}
    before = len(journal(crm))
    crm.do(limit, actor=FINANCE).expect()
    assert len(journal(crm)) == before
    assert credit(crm).version == 2


@covers("SC-33")
def test_the_effective_day_is_the_one_given(crm: PharmaCRM) -> None:
    crm.do(worth("SO-1", 100, ship_on="2026-03-01"), actor=SALES, effective_at="2026-02-03").expect()
    entry = journal(crm)[-1]
    assert entry.effective_on.isoformat() == "2026-02-03"
    assert entry.recorded_at.date() == today(crm)


@pytest.mark.parametrize(
    "query",
    [
        {"subject": "SO-1"},
        {"actor": FINANCE},
        {"command": "RegisterReceipt"},
        {"kind": "credit_line"},
        {"verbs": (Verb.ADDED, Verb.REFUSED)},
        {"newest_first": True, "limit": 5},
    ],
)
def test_the_journal_is_asked_by_subject_actor_command_and_verb(
    busy: PharmaCRM, query: dict[str, Any]
) -> None:
    everything = journal(busy)
    wanted = [
        entry
        for entry in everything
        if all(
            entry.verb in value if name == "verbs" else getattr(entry, name, value) == value
            for name, value in query.items()
        )
    ]
    if query.get("newest_first"):
        wanted = wanted[::-1][:5]
    assert journal(busy, **query) == wanted
    assert wanted


def test_a_letter_of_authorisation_changed_twice_replays(crm: PharmaCRM) -> None:
    letter: RegisterAuthorisation = EXAMPLES["RegisterAuthorisation"]
    for person in ("甲", "乙", "乙", "丙"):
        crm.do(evolve(letter, person=person), actor=QUALITY).expect()
    assert ("authorisation", letter.id) in replayed(crm).state
