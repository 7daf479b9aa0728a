"""Random batches in two tenants, good, bad and half bad, against the plain model."""

from collections.abc import Callable
from typing import Any

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pharmacrm.core.kernel.errors import Conflict
from pharmacrm.core.kernel.query import Query
from pharmacrm.core.kernel.record import Entity, Record
from pharmacrm.core.kernel.store import Addition, Batch, Expect, Update
from pharmacrm.testing.storage import model
from pharmacrm.testing.storage.bench import Bench
from pharmacrm.testing.storage.kinds import AT, KitAccount, KitLine, KitOrder, account, cny, line, order

COUNTERS = ("reserved", "posted", "paid")
ORDERS = st.sampled_from(["o-1", "o-2"])
LINES = st.sampled_from(["o-1/1", "o-1/2", "o-2/1"])
ACCOUNTS = st.sampled_from(["a-1", "a-2"])
SMALL = st.integers(-30, 60)

NEW: dict[type[Entity], Callable[[str], Entity]] = {KitOrder: order, KitLine: line, KitAccount: account}
CHANGES: dict[type[Entity], st.SearchStrategy[dict[str, Any]]] = {
    KitOrder: st.fixed_dictionaries({}, optional={"text": st.text("aA😀", max_size=3), "place": SMALL}),
    KitLine: st.fixed_dictionaries({}, optional={"quantity": SMALL, "note": st.none() | st.just("n")}),
    KitAccount: st.fixed_dictionaries(
        {}, optional={"limit": st.integers(0, 200).map(cny), "name": st.just("x")}
    ),
}
KEYS = st.one_of(
    *(
        st.tuples(st.just(kind), ids)
        for kind, ids in ((KitOrder, ORDERS), (KitLine, LINES), (KitAccount, ACCOUNTS))
    )
)
Key = tuple[type[Entity], str]


class StoreMachine(RuleBasedStateMachine):
    """The store under test beside the model; a subclass names the bench."""

    bench: Bench

    def __init__(self) -> None:
        super().__init__()
        self.sides = [(self.bench.elsewhere(), {}), (self.bench.elsewhere(), {})]  # type: list[tuple[Bench, model.Rows]]
        for place, (_, rows) in enumerate(self.sides):
            self.store(place, Batch(at=AT, inserts=(order("o-1"), account("a-1", limit=100))))
            assert rows is not None

    def store(self, place: int, batch: Batch) -> None:
        """Store a batch in both; they agree whether it may be."""
        bench, rows = self.sides[place]
        try:
            wanted, clash = model.after(rows, batch), False
        except model.Clash:
            wanted, clash = rows, True
        try:
            with bench.store.session() as session:
                session.flush(bench.tenant, batch)
        except Conflict:
            assert clash, f"the store refused {batch}"
        else:
            assert not clash, f"the store took {batch}"
        self.sides[place] = (bench, wanted)

    @rule(place=st.integers(0, 1), data=st.data())
    def batch(self, place: int, data: st.DataObject) -> None:
        """Any batch of up to three elements of each sort."""
        rows = self.sides[place][1]
        keys = data.draw(st.lists(KEYS, max_size=3, unique=True), label="touched")
        inserts, updates, removals = self._split(rows, keys, data)
        touched = {*keys, *((type(each), each.id) for each in inserts)}
        batch = Batch(
            at=AT,
            expects=self._expects(rows, touched, data),
            inserts=inserts,
            updates=updates,
            removals=removals,
            additions=tuple(data.draw(st.lists(additions(rows), max_size=2), label="additions")),
        )
        self.store(place, batch)

    def _split(
        self, rows: model.Rows, keys: list[Key], data: st.DataObject
    ) -> tuple[tuple[Entity, ...], tuple[Update, ...], tuple[KitLine, ...]]:
        """What becomes of each key: mostly what fits, now and then what does not."""
        inserts: list[Entity] = []
        updates: list[Update] = []
        removals: list[KitLine] = []
        for key in keys:
            have = rows.get(key)
            odd = data.draw(st.integers(0, 9), label="odd") == 0
            if (have is None) != odd:
                inserts += self._newcomer(rows, key)
            elif key[0] is KitLine and data.draw(st.booleans(), label="remove"):
                removals.append(line(key[1]))
            else:
                updates.append(self._change(have or NEW[key[0]](key[1]), data))
        return tuple(inserts), tuple(updates), tuple(removals)

    def _newcomer(self, rows: model.Rows, key: Key) -> list[Entity]:
        """A new entity, if its parent is there."""
        entity = NEW[key[0]](key[1])
        orphan = isinstance(entity, KitLine) and (KitOrder, entity.order) not in rows
        return [] if orphan else [entity]

    def _change(self, before: Entity, data: st.DataObject) -> Update:
        values = data.draw(CHANGES[type(before)], label="changes")
        if not isinstance(before, Record):
            return Update(before, evolve(before, **values))
        version = before.version - (data.draw(st.integers(0, 9), label="stale") == 0)
        old = evolve(before, version=version)
        return Update(old, evolve(old, version=version + 1, **values))

    def _expects(self, rows: model.Rows, touched: set[Key], data: st.DataObject) -> tuple[Expect, ...]:
        """What the batch does not write may be relied on, rightly or wrongly."""
        free = [(KitOrder, id_) for id_ in ("o-1", "o-2", "o-3") if (KitOrder, id_) not in touched]
        chosen = data.draw(st.lists(st.sampled_from(free), max_size=2, unique=True), label="expects")
        wrong = data.draw(st.integers(0, 9), label="wrong") == 0
        have = {key: rows.get(key) for key in chosen}
        return tuple(
            Expect(kind, id_, (model.guard(rows, entity) if entity else 0) + wrong)
            for (kind, id_), entity in have.items()
        )

    @invariant()
    def both_hold_the_same(self) -> None:
        """After every batch both tenants hold what the model holds, under the same guards."""
        for bench, rows in self.sides:
            for kind in NEW:
                found = bench.founds(kind, Query())
                wanted = model.search(rows, kind, Query())
                assert [each.entity for each in found] == wanted
                assert [each.version for each in found] == [model.guard(rows, each) for each in wanted]


@st.composite
def additions(draw: st.DrawFn, rows: model.Rows) -> Addition:
    """Counters of some account moved, bounded or not, rightly versioned or not."""
    amounts = draw(st.dictionaries(st.sampled_from(COUNTERS), SMALL, min_size=1))
    id_ = draw(ACCOUNTS) if draw(st.integers(0, 9)) == 0 else "a-1"
    have = rows.get((KitAccount, id_))
    versions = st.none() if have is None else st.sampled_from([None, None, model.guard(rows, have), 0])
    return Addition(
        kind=KitAccount,
        id=id_,
        amounts=amounts,
        bounded=draw(st.integers(0, 4)) > 0,
        version=draw(versions),
    )


def machine_for(bench: Bench) -> type[StoreMachine]:
    """The machine for one store."""
    return type("MachineOfTheStore", (StoreMachine,), {"bench": bench})
