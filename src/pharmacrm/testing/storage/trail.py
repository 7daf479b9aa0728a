"""The journal: every entry as it was hashed, in the order in which it was recorded, found by every filter."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pharmacrm.core.kernel.journal import Entry, PersonalValue, Verb, row_hash
from pharmacrm.testing.storage.bench import Bench, KitBase
from pharmacrm.testing.storage.kinds import AT, ON

STEP = timedelta(microseconds=1)

ROWS: tuple[dict[str, Any], ...] = (
    {"subject": "o-1", "verb": Verb.CREATED, "key": "web-1"},
    {"subject": "o-2", "actor": "wang.wu", "command": "CancelOrder"},
    {"subject": "o-1", "kind": "kit_line"},
    {"subject": "O-1", "verb": Verb.REFUSED, "actor": "Li.Si"},
    {"subject": "o-1", "verb": Verb.DENIED, "command": "PlaceOrder "},
    {"subject": "o-3", "verb": Verb.ADDED, "key": "web-1 "},
)

FILTERS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [0, 1, 2, 3, 4, 5]),
    ({"subject": "o-1"}, [0, 2, 4]),
    ({"kind": "kit_line"}, [2]),
    ({"actor": "li.si"}, [0, 2, 4, 5]),
    ({"command": "PlaceOrder"}, [0, 2, 3, 5]),
    ({"key": "web-1"}, [0]),
    ({"key": ""}, [1, 2, 3, 4]),
    ({"verbs": (Verb.REFUSED, Verb.DENIED)}, [3, 4]),
    ({"verbs": (Verb.CHANGED,), "subject": "o-1"}, [2]),
    ({"since": AT + 2 * STEP}, [2, 3, 4, 5]),
    ({"until": AT + 2 * STEP}, [0, 1]),
    ({"since": AT + STEP, "until": AT + 3 * STEP}, [1, 2]),
    ({"since": AT + STEP, "until": AT + STEP}, []),
    ({"newest_first": True}, [5, 4, 3, 2, 1, 0]),
    ({"limit": 2}, [0, 1]),
    ({"limit": 0}, []),
    ({"newest_first": True, "limit": 2}, [5, 4]),
    ({"subject": "o-1", "actor": "li.si", "newest_first": True, "limit": 1}, [4]),
    ({"subject": "o-9"}, []),
    ({"id": "00000000-0000-7000-8000-000000000000"}, []),
]


def _full(bench: Bench) -> Entry:
    """An entry in which every field says something."""
    personal = (PersonalValue("name", "5a17", '["","李四"]'), PersonalValue("phone", "5a18", '[null,"138"]'))
    return bench.entry(
        "客户-001",
        *personal,
        claimed_at=AT - timedelta(days=1, microseconds=7),
        roles="sales,lead",
        acting_for="wang.wu",
        key="web-17",
        version=3,
        changes='{"note":[null,"1.10 \\"药\\" 😀"],"parts":{},"z":[1,2.50]}',
        reasons='[{"code":"licence.expired"}]',
        note="one\ntwo" + "药" * 300,
    )


class TrailKit(KitBase):
    """The journal."""

    def test_entry_comes_back_whole(self, bench: Bench) -> None:
        """Every field is as it was stored, to the letter, and the hash still holds."""
        entry = _full(bench)
        bench.flush(entries=(entry,))
        kept = bench.journal()
        assert kept == [entry]
        assert kept[0].hash == row_hash(bench.tenant, kept[0])
        assert kept[0].personal == entry.personal

    def test_personal_values_stay_with_their_entry(self, bench: Bench) -> None:
        """Two entries with personal values in fields of one name do not mix them up."""
        entries = tuple(bench.entry("o-1", PersonalValue("name", "5a", f'["","{who}"]')) for who in "甲乙")
        bench.flush(entries=(*entries, bench.entry()))
        assert [[value.value for value in each.personal] for each in bench.journal()] == [
            ['["","甲"]'],
            ['["","乙"]'],
            [],
        ]

    def test_long_changes_come_back(self, bench: Bench) -> None:
        """A large order makes a long entry."""
        entry = bench.entry(changes='{"lines":"' + "药" * 50_000 + '"}')
        bench.flush(entries=(entry,))
        assert bench.journal() == [entry]

    @pytest.mark.parametrize(("wanted", "rows"), FILTERS)
    def test_filter(self, bench: Bench, wanted: dict[str, Any], rows: list[int]) -> None:
        """Each filter finds its entries bytewise, oldest first; `until` is excluded."""
        entries = [bench.entry(at=AT + place * STEP, **row) for place, row in enumerate(ROWS)]
        bench.flush(entries=tuple(entries[:3]))
        bench.flush(entries=tuple(entries[3:]))
        assert bench.journal(**wanted) == [entries[row] for row in rows]

    def test_entry_is_found_by_its_id(self, bench: Bench) -> None:
        """An answer points at one entry."""
        entries = (bench.entry(), bench.entry())
        bench.flush(entries=entries)
        assert bench.journal(id=entries[1].id) == [entries[1]]

    def test_order_is_that_of_recording(self, bench: Bench) -> None:
        """Entries come in the order in which they were stored, even if ids and clocks say otherwise."""
        late, early = bench.entry(at=AT + STEP), bench.entry(at=AT)
        bench.flush(entries=(late,))
        bench.flush(entries=(early,))
        assert bench.journal() == [late, early]
        assert bench.journal(newest_first=True) == [early, late]

    def test_many_entries_in_one_batch_keep_their_order(self, bench: Bench) -> None:
        """A batch of many entries is read back in its order."""
        entries = tuple(bench.entry(f"o-{number}") for number in range(130))
        bench.flush(entries=entries)
        assert bench.journal() == list(entries)

    def test_refusal_alone_is_stored(self, bench: Bench) -> None:
        """A refusal changes no record and leaves one entry."""
        entry = bench.entry(verb=Verb.REFUSED, reasons='[{"code":"credit.over_limit"}]')
        bench.flush(entries=(entry,))
        assert bench.journal(verbs=(Verb.REFUSED,)) == [entry]

    def test_newest_is_the_latest_recorded_time(self, bench: Bench) -> None:
        """The newest entry of any tenant says when the store was last written to."""
        newest = max(bench.store.newest() or AT, datetime(2030, 1, 1, tzinfo=UTC)) + STEP
        other = bench.elsewhere()
        other.flush(entries=(other.entry(at=newest),))
        bench.flush(entries=(bench.entry(effective_on=ON),))
        assert bench.store.newest() == newest
