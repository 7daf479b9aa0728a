"""The row format of the journal is fixed: golden hashes must never change for `sha256-1`."""

import json
from datetime import UTC, date, datetime
from typing import Annotated

from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm import Money
from pharmacrm.core.kernel.journal import Entry, PersonalValue, Verb, difference, hashed, row_hash
from pharmacrm.core.kernel.record import Column, Counter, ParentOf, Part, Personal, Record
from tests.covers import covers

NOTHING = Money("0", "CNY")
GOLDEN = Entry(
    id="019b8bab-0680-7008-8114-1d7dbfb43639",
    recorded_at=datetime(2026, 1, 5, 1, 0, 0, 3, tzinfo=UTC),
    effective_on=date(2026, 1, 5),
    actor="zhang.san",
    roles="lead,sales",
    command="PlaceOrder",
    key="web-17",
    verb=Verb.CREATED,
    kind="sales_order",
    subject="SO-1",
    version=1,
    changes='{"buyer":[null,"H-001"]}',
)
GOLDEN_HASH = "f2a17f2f2f80475be89b3598fc106fe620e43ac1fdb9dd8ba3748051dcdc7d47"


@frozen(kw_only=True)
class Thing(Record):
    name: Annotated[str, Column()]
    phone: Annotated[str, Personal("testing")] = ""
    used: Annotated[Money, Counter()] = NOTHING


@frozen(kw_only=True)
class Piece(Part):
    thing: Annotated[str, ParentOf(Thing)]
    count: int


@covers("SC-33")
def test_the_golden_row_keeps_its_hash_for_ever() -> None:
    assert row_hash("main", GOLDEN) == GOLDEN_HASH


@given(st.sampled_from(["actor", "command", "key", "subject", "changes", "reasons", "note", "roles", "kind"]))
def test_law_every_field_is_under_the_hash(name: str) -> None:
    changed = evolve(GOLDEN, **{name: getattr(GOLDEN, name) + "x"})
    assert row_hash("main", changed) != GOLDEN_HASH
    assert row_hash("other", GOLDEN) != GOLDEN_HASH
    assert hashed("main", GOLDEN).hash == GOLDEN_HASH


def test_old_and_new_values_of_a_record_and_its_parts() -> None:
    before, after = Thing(id="T", version=1, name="a"), Thing(id="T", version=2, name="b")
    parts = [(None, Piece(id="T/1", thing="T", count=3)), (Piece(id="T/2", thing="T", count=4), None)]
    found = difference((before, after), parts, b"salt")
    assert json.loads(found.changes) == {
        "name": ["a", "b"],
        "parts": {
            "piece": {
                "T/1": {"count": [None, 3], "thing": [None, "T"]},
                "T/2": {"count": [4, None], "thing": ["T", None]},
            }
        },
    }
    assert found.personal == ()


def test_personal_values_are_kept_apart_under_salts_of_their_own() -> None:
    found = difference((None, Thing(id="T", name="a", phone="138")), (), b"secret")
    (value,) = found.personal
    assert value.field == "phone"
    assert json.loads(value.value) == [None, "138"]
    assert "138" not in found.changes
    assert json.loads(found.changes)["phone"] == {"personal": value.digest}
    assert (
        value.salt != difference((None, Thing(id="T", name="a", phone="138")), (), b"other").personal[0].salt
    )


@given(st.text(), st.text())
def test_law_a_personal_digest_tells_values_apart(one: str, two: str) -> None:
    digests = {PersonalValue("f", "salt", text).digest for text in (one, two)}
    assert len(digests) == len({one, two})


def test_a_counter_is_journalled_by_its_additions_only() -> None:
    before = Thing(id="T", version=1, name="a")
    after = evolve(before, version=2, used=Money("5", "CNY"))
    assert difference((before, after), (), b"salt").changes == "{}"
