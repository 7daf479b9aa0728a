"""All or nothing: whatever element of a batch fails, no other one is stored."""

from collections.abc import Callable
from typing import Any

import pytest

from pharmacrm.core.kernel.errors import Conflict, StoreFailure
from pharmacrm.core.kernel.store import Answer, Delivery, Expect
from pharmacrm.testing.storage.bench import Bench, KitBase, addition, changed, new_id
from pharmacrm.testing.storage.kinds import (
    AT,
    KitAccount,
    KitLine,
    KitOrder,
    KitStranger,
    account,
    answer,
    cny,
    line,
    order,
)

Elements = dict[str, Any]


def _prepare(bench: Bench) -> Elements:
    """What is stored first, and a batch with one good element of every sort."""
    entry = bench.entry()
    first = (order("o-1"), order("o-2"), line("o-1/1"), line("o-1/2"), account(), account("a-2"))
    bench.flush(*first, keys=(answer("old"),), entries=(entry,), deliveries=(_delivery(entry.id),))
    told = bench.entry()
    return {
        "keys": (answer("new"),),
        "expects": (Expect(KitOrder, "o-2", 1), Expect(KitOrder, "o-9", 0)),
        "inserts": (order("o-3"), line("o-3/1")),
        "updates": (changed(order("o-1"), place=1), changed(line("o-1/1"), quantity=2)),
        "removals": (line("o-1/2"),),
        "additions": (addition(reserved=10), addition("a-2", posted=10)),
        "entries": (told,),
        "deliveries": (_delivery(told.id),),
    }


def _delivery(entry: str, id: str = "") -> Delivery:
    return Delivery(
        id=id or new_id(), destination="mail", topic="T", subject="o-1", entry=entry, payload="{}", due_at=AT
    )


BROKEN: dict[str, Callable[[Bench], tuple[str, Any]]] = {
    "known_key": lambda _: ("keys", answer("old")),
    "expected_version": lambda _: ("expects", Expect(KitAccount, "a-1", 2)),
    "expected_absence": lambda _: ("expects", Expect(KitAccount, "a-1", 0)),
    "known_record": lambda _: ("inserts", order("o-1", text="again")),
    "known_part": lambda _: ("inserts", line("o-1/1", note="again")),
    "stale_update": lambda _: ("updates", changed(order("o-2", version=7), place=1)),
    "missing_record": lambda _: ("updates", changed(order("o-8"), place=1)),
    "missing_part": lambda _: ("updates", changed(line("o-1/8"), quantity=3)),
    "missing_removal": lambda _: ("removals", line("o-1/9")),
    "over_the_bound": lambda _: ("additions", addition(posted=991)),
    "below_zero": lambda _: ("additions", addition("a-2", paid=-1)),
    "missing_account": lambda _: ("additions", addition("a-9", paid=1)),
    "stale_addition": lambda _: ("additions", addition("a-2", paid=1, version=5)),
    "known_entry": lambda bench: ("entries", bench.journal()[0]),
    "known_delivery": lambda bench: (
        "deliveries",
        _delivery(bench.journal()[0].id, bench.claim(AT, AT)[0].id),
    ),
}


class BatchesKit(KitBase):
    """Whole batches."""

    def test_good_batch_is_stored_whole(self, bench: Bench) -> None:
        """One element of every sort in one batch: everything is there afterwards."""
        elements = _prepare(bench)
        bench.flush(**elements)
        assert bench.ids(KitOrder) == ["o-1", "o-2", "o-3"]
        assert bench.find(KitLine) == [line("o-1/1", quantity=2), line("o-3/1")]
        assert bench.get(KitOrder, "o-1") == order("o-1", place=1, version=2)
        assert bench.find(KitAccount) == [account(reserved=10), account("a-2", posted=10)]
        assert bench.get(Answer, "new") == answer("new")
        assert bench.journal()[1:] == list(elements["entries"])

    @pytest.mark.parametrize("first", [True, False], ids=["first", "last"])
    @pytest.mark.parametrize("broken", list(BROKEN))
    def test_failing_batch_stores_nothing(self, bench: Bench, broken: str, *, first: bool) -> None:
        """One bad element, before or after good ones of its sort, and nothing at all is stored."""
        elements = _prepare(bench)
        sort, element = BROKEN[broken](bench)
        elements[sort] = (element, *elements[sort]) if first else (*elements[sort], element)
        before = bench.everything()
        with pytest.raises((Conflict, StoreFailure)):
            bench.flush(**elements)
        assert bench.everything() == before

    def test_failing_batch_may_be_mended(self, bench: Bench) -> None:
        """After a refusal the same batch, put right, is stored."""
        elements = _prepare(bench)
        bench.conflict(**(elements | {"expects": (Expect(KitOrder, "o-2", 5),)}))
        bench.flush(**elements)
        assert bench.ids(KitOrder) == ["o-1", "o-2", "o-3"]

    def test_kind_that_is_not_installed_stores_nothing(self, bench: Bench) -> None:
        """A batch with a kind that nobody installed fails whole, with an error of ours or a KeyError."""
        elements = _prepare(bench)
        before = bench.everything()
        with pytest.raises((StoreFailure, KeyError)):
            bench.flush(**(elements | {"inserts": (order("o-3"), KitStranger(id="x", version=1, name="x"))}))
        assert bench.everything() == before

    def test_addition_sees_what_its_batch_wrote(self, bench: Bench) -> None:
        """Additions come last: a new account takes one, and a raised limit counts."""
        bench.flush(account(limit=10))
        raised = changed(account(limit=10), limit=cny(100))
        bench.flush(
            account("a-2", limit=50),
            updates=(raised,),
            additions=(addition(reserved=100), addition("a-2", posted=50)),
        )
        reserved = [each.reserved.minor + each.posted.minor for each in _accounts(bench)]
        assert reserved == [100, 50]

    def test_lowered_limit_counts_for_its_own_batch(self, bench: Bench) -> None:
        """A limit that is lowered in the batch bounds the additions of the batch."""
        bench.flush(account(limit=100))
        lowered = changed(account(limit=100), limit=cny(10))
        bench.conflict(updates=(lowered,), additions=(addition(reserved=11),))
        assert bench.get(KitAccount, "a-1") == account(limit=100)


def _accounts(bench: Bench) -> list[KitAccount]:
    return [bench.get(KitAccount, id_) for id_ in bench.ids(KitAccount)]
