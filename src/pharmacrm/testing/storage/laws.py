"""Laws: random searches and random batches give what the plain model gives."""

from datetime import timedelta
from typing import Any

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from pharmacrm.core.kernel.query import Condition, Operator, Query, Within
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.store import Batch, Update
from pharmacrm.testing.storage import model
from pharmacrm.testing.storage.bench import Bench, KitBase
from pharmacrm.testing.storage.kinds import AT, ON, Colour, KitLine, KitOrder, cny, line, order
from pharmacrm.testing.storage.machine import machine_for

STEPS = 20
"""Batches in one run of the machine: a database is to be done with it in seconds."""

TEXTS = st.sampled_from(["", "a", "A", "a", "A", "a ", "ab", "a%", "a%", "ß", "～", "😀", "o-1"])
NUMBERS = st.integers(-2, 2)

VALUES: dict[type[Entity], dict[str, st.SearchStrategy[Any]]] = {
    KitOrder: {
        "text": TEXTS,
        "place": NUMBERS,
        "on": NUMBERS.map(lambda days: ON + timedelta(days)),
        "at": NUMBERS.map(lambda steps: AT + timedelta(microseconds=steps)),
        "amount": NUMBERS.map(cny),
        "colour": st.sampled_from(list(Colour)),
        "open": st.booleans(),
    },
    KitLine: {"product": TEXTS, "quantity": NUMBERS, "amount": NUMBERS.map(cny)},
}
WORDS = {KitOrder: ["text", "note"], KitLine: ["product", "note"]}
"""Text is asked for more often: that is where stores differ."""

LINKS = {KitOrder: ("id", "text"), KitLine: ("id", "order", "product")}


def fields_of(kind: type[Entity]) -> dict[str, st.SearchStrategy[Any]]:
    """What may be asked for: the fields that are always there, an id, and an optional note."""
    ids = st.sampled_from(["o-0", "o-1", "o-2", "o-5", "o-1/1", "o-3/2"])
    return VALUES[kind] | {"id": ids, "note": TEXTS}


@st.composite
def tables(draw: st.DrawFn) -> list[Entity]:
    """Up to eight orders, and up to two lines of each."""
    note = st.none() | TEXTS
    rows: list[Entity] = []
    for place in range(draw(st.sampled_from([8, 6, 4, 1, 0]))):
        values = {name: draw(some) for name, some in VALUES[KitOrder].items()}
        rows.append(order(f"o-{place}", note=draw(note), **values))
        for number in range(draw(st.integers(0, 2))):
            values = {name: draw(some) for name, some in VALUES[KitLine].items()}
            rows.append(line(f"o-{place}/{number}", note=draw(note), **values))
    return draw(st.permutations(rows))


@st.composite
def conditions(draw: st.DrawFn, kind: type[Entity], depth: int = 2) -> Condition:
    """Any condition on any field."""
    if depth and draw(st.integers(0, 4)) == 0:
        other = draw(st.sampled_from([KitOrder, KitLine]))
        where = draw(st.lists(conditions(other, depth - 1), max_size=2))
        field = draw(st.sampled_from(LINKS[other]))
        return Condition(
            draw(st.sampled_from(LINKS[kind])), Operator.WITHIN, Within(other, field, tuple(where))
        )
    name = draw(st.sampled_from([*sorted(fields_of(kind)), *WORDS[kind] * 3]))
    value = fields_of(kind)[name]
    allowed = [each for each in Operator if each is not Operator.WITHIN]
    if name not in {"id", "text", "note", "product"}:
        allowed.remove(Operator.PREFIX)
    operator = draw(st.sampled_from(allowed))
    if operator is Operator.NULL:
        return Condition(name, operator, None)
    if operator is Operator.IN:
        return Condition(name, operator, tuple(draw(st.lists(value, max_size=4))))
    return Condition(name, operator, draw(value))


@st.composite
def searches(draw: st.DrawFn) -> tuple[type[Entity], Query]:
    """A kind, up to four conditions, an order, a limit, and a place to go on from."""
    kind = draw(st.sampled_from([KitOrder, KitLine]))
    many = draw(st.sampled_from([0, 1, 1, 1, 1, 2, 2, 3, 4]))
    where = tuple(draw(conditions(kind)) for _ in range(many))
    names = draw(st.lists(st.sampled_from(sorted(VALUES[kind])), max_size=3, unique=True))
    keys = tuple(draw(st.sampled_from(["", "-"])) + name for name in names)
    limit = draw(st.none() | st.integers(0, 5))
    return kind, Query(where, keys, limit, draw(st.none() | places(kind)))


@st.composite
def places(draw: st.DrawFn, kind: type[Entity]) -> Entity:
    """An entity that a page may follow, stored or not."""
    values = {name: draw(some) for name, some in fields_of(kind).items()}
    start: Entity = order() if kind is KitOrder else line()
    return evolve(start, **values)


@st.composite
def walks(draw: st.DrawFn) -> tuple[Query, list[Entity]]:
    """An order of pages, and what somebody else stores between them, one after each page."""
    where = tuple(draw(conditions(KitOrder)) for _ in range(draw(st.integers(0, 2))))
    names = draw(st.lists(st.sampled_from(sorted(VALUES[KitOrder])), max_size=2, unique=True))
    keys = tuple(draw(st.sampled_from(["", "-"])) + name for name in names)
    values = st.fixed_dictionaries(VALUES[KitOrder])
    between = draw(st.lists(st.tuples(st.integers(0, 9), values), max_size=6))
    return Query(where, keys, draw(st.integers(1, 3))), [order(f"o-{n}", **some) for n, some in between]


def compare_search(own: Bench, kept: model.Rows, kind: type[Entity], query: Query) -> None:
    """One search and its count, beside the model's."""
    assert [found.entity for found in own.founds(kind, query)] == model.search(kept, kind, query)
    assert own.count(kind, *query.where) == len(model.search(kept, kind, Query(query.where)))


def compare_walk(own: Bench, kept: model.Rows, query: Query, between: list[Entity]) -> None:
    """Page after page to the end, each beside the model's, while somebody else inserts and changes."""
    seen: list[Entity] = []
    touched: set[str] = set()
    whole = model.search(kept, KitOrder, evolve(query, limit=None))
    writes = iter(between)
    while True:
        page: list[Entity] = [found.entity for found in own.founds(KitOrder, query)]
        assert page == model.search(kept, KitOrder, query)
        if not page:
            break
        seen += page
        query = evolve(query, after=page[-1])
        for new in [each for each in [next(writes, None)] if isinstance(each, KitOrder)]:
            have = kept.get((KitOrder, new.id))
            version = have.version if isinstance(have, KitOrder) else 0
            new = evolve(new, version=version + 1)  # noqa: PLW2901 - the same order, at its next version
            batch = {"updates": (Update(have, new),)} if have else {"inserts": (new,)}
            kept = model.after(kept, Batch(at=AT, **batch))
            own.flush(**batch)
            touched.add(new.id)
    assert [each for each in seen if each.id not in touched] == [
        each for each in whole if each.id not in touched
    ]


class LawsKit(KitBase):
    """Laws."""

    def test_law_random_searches(self, bench: Bench) -> None:
        """Whatever is asked, find and count give what a plain loop over the rows gives, in the same order."""

        @self.law_settings()
        @given(rows=tables(), asked=st.lists(searches(), min_size=16, max_size=24))
        def law(rows: list[Entity], asked: list[tuple[type[Entity], Query]]) -> None:
            own = bench.elsewhere()
            own.flush(*rows)
            kept = {(type(row), row.id): row for row in rows}
            for kind, query in asked:
                compare_search(own, kept, kind, query)

        law()

    def test_law_random_pages(self, bench: Bench) -> None:
        """Page after page gives each row once and in order, whatever is stored between two pages."""

        @self.law_settings()
        @given(rows=tables(), asked=walks())
        def law(rows: list[Entity], asked: tuple[Query, list[Entity]]) -> None:
            own = bench.elsewhere()
            own.flush(*rows)
            compare_walk(own, {(type(row), row.id): row for row in rows}, *asked)

        law()

    def test_law_random_batches(self, bench: Bench) -> None:
        """Whatever is stored in whatever order, the store keeps and refuses what the plain model does."""
        run_state_machine_as_test(
            machine_for(bench), settings=settings(self.law_settings(), stateful_step_count=STEPS)
        )
