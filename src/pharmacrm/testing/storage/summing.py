"""Summaries mean the same in every store: groups are bytewise and of one currency, sums exact.

A store that does not offer them is asked for the rows, and the plain rule adds them up.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import Query, eq, ge, gt, is_null, lt, within
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.summary import (
    Arm,
    Case,
    Cell,
    Expression,
    Literal,
    Minus,
    Plus,
    Summary,
    Summed,
    Times,
)
from pharmacrm.core.plan import checked_summary, summarise
from pharmacrm.testing.storage import model
from pharmacrm.testing.storage.bench import Bench, KitBase
from pharmacrm.testing.storage.kinds import KitAccount, KitLine, KitOrder, account, cny, line, order
from pharmacrm.testing.storage.laws import conditions, tables

AMOUNT = Cell("amount")


def _case(*arms: tuple[Any, int], otherwise: int = 0) -> Case:
    return Case(tuple(Arm((where,), Literal(value)) for where, value in arms), Literal(otherwise))


def _groups(groups: list[Summed]) -> list[tuple[tuple[str, ...], int, tuple[int, ...], int]]:
    return [(each.by, each.of_class, each.sums, each.entities) for each in groups]


@st.composite
def expressions(draw: st.DrawFn, kind: type[Entity], depth: int = 2) -> Expression:
    """Any expression over a kind whose numbers are small."""
    if not depth or draw(st.booleans()):
        cells = {KitOrder: ["amount"], KitLine: ["amount", "quantity"]}[kind]
        small: Expression = Literal(draw(st.integers(-3, 3)))
        return draw(st.sampled_from([*map(Cell, cells), small]))
    inner = expressions(kind, depth - 1)
    if draw(st.booleans()):
        plain = conditions(kind, 0)
        arms = draw(st.lists(st.builds(Arm, st.lists(plain, max_size=2).map(tuple), inner), max_size=3))
        return Case(tuple(arms), draw(inner))
    left, right = draw(inner), draw(inner)
    return Plus(left, right) if draw(st.booleans()) else Minus(left, right)


@st.composite
def summaries(draw: st.DrawFn) -> Summary:
    """Any summary."""
    kind = draw(st.sampled_from([KitOrder, KitLine]))
    texts = {KitOrder: ["text", "colour"], KitLine: ["order", "product"]}[kind]
    return Summary(
        kind=kind,
        where=tuple(draw(st.lists(conditions(kind), max_size=2))),
        by=tuple(draw(st.lists(st.sampled_from(texts), unique=True))),
        classes=draw(expressions(kind)),
        sums=tuple(draw(st.lists(expressions(kind), max_size=3))),
    )


class SummingKit(KitBase):
    """Summaries."""

    def test_groups_have_their_sums(self, bench: Bench) -> None:
        """Each group has its sums and counts its entities; what does not match counts nowhere."""
        lines = [line(f"o-1/{n}", product=f"p-{n % 2}", quantity=n, amount=cny(10 * n)) for n in range(6)]
        bench.flush(order("o-1"), *lines)
        classes = _case((lt("quantity", 3), 1), (lt("quantity", 5), 2), otherwise=3)
        asked = Summary(
            kind=KitLine,
            where=(gt("quantity", 0),),
            by=("product",),
            classes=classes,
            sums=(AMOUNT, Cell("quantity")),
        )
        assert _groups(bench.summed(asked)) == [
            (("p-0",), 1, (20, 2), 1),
            (("p-0",), 2, (40, 4), 1),
            (("p-1",), 1, (10, 1), 1),
            (("p-1",), 2, (30, 3), 1),
            (("p-1",), 3, (50, 5), 1),
        ]

    def test_currencies_are_groups_of_their_own(self, bench: Bench) -> None:
        """Amounts of two currencies never add up, also where nothing else tells the rows apart."""
        bench.flush(order("o-1", amount=cny(5)), order("o-2", amount=Money.of_minor(7, "USD")))
        found = bench.summed(Summary(kind=KitOrder, sums=(AMOUNT,)))
        assert [(each.currency, each.sums) for each in found] == [("CNY", (5,)), ("USD", (7,))]
        one = bench.summed(Summary(kind=KitOrder, currency="USD", sums=(AMOUNT,)))
        assert [(each.currency, each.sums) for each in one] == [("USD", (7,))]
        assert bench.summed(Summary(kind=KitOrder, currency="JPY", sums=(AMOUNT,))) == []

    def test_sums_are_exact(self, bench: Bench) -> None:
        """Sums beyond the exact range of floating point, and below zero, are exact."""
        big = 10**17 - 1
        amounts = (big, big, big, 1, -big, -3)
        bench.flush(*(order(f"o-{n}", amount=cny(each)) for n, each in enumerate(amounts)))
        sums = (
            AMOUNT,
            Minus(Literal(0), AMOUNT),
            Plus(AMOUNT, Plus(AMOUNT, Literal(1))),
            Times(AMOUNT, Literal(7)),
        )
        (found,) = bench.summed(Summary(kind=KitOrder, sums=sums))
        whole = sum(amounts)
        assert found.sums == (whole, -whole, 2 * whole + len(amounts), 7 * whole)

    def test_groups_are_bytewise(self, bench: Bench) -> None:
        """Texts that a collation would take for one are groups of their own."""
        texts = ("", " ", "a", "A", "a ", "ß", "ss", "é", "e", "ａ")
        bench.flush(*(order(f"o-{n}", text=text) for n, text in enumerate(texts)))
        found = bench.summed(Summary(kind=KitOrder, by=("text",)))
        assert [(each.by, each.entities) for each in found] == [((text,), 1) for text in sorted(texts)]

    def test_absent_value_lies_in_no_class_but_null(self, bench: Bench) -> None:
        """In a case, an absent value is less, more and equal to nothing."""
        bench.flush(order("o-1"), order("o-2", note="n"), order("o-3", note=""))
        classes = _case((ge("note", "a"), 1), (lt("note", "a"), 2), (is_null("note"), 3), otherwise=4)
        found = bench.summed(Summary(kind=KitOrder, classes=classes))
        assert [(each.of_class, each.entities) for each in found] == [(1, 1), (2, 1), (3, 1)]

    def test_first_arm_that_holds_counts(self, bench: Bench) -> None:
        """Arms are tried in order; one without conditions always holds; a case without arms is its rest."""
        bench.flush(order("o-1", place=1), order("o-2", place=2))
        always = Case((Arm((eq("place", 1),), Literal(1)), Arm((), Literal(2))), Literal(9))
        found = bench.summed(Summary(kind=KitOrder, classes=always, sums=(Case((), AMOUNT),)))
        assert [(each.of_class, each.entities) for each in found] == [(1, 1), (2, 1)]

    def test_nothing_gives_no_group(self, bench: Bench) -> None:
        """Where nothing matches there is no group, and no zero."""
        bench.flush(order())
        assert bench.summed(Summary(kind=KitOrder, where=(eq("text", "b"),), sums=(AMOUNT,))) == []

    def test_sums_see_their_own_tenant(self, bench: Bench) -> None:
        """Nothing of another tenant is added."""
        bench.flush(order("o-1", amount=cny(1)))
        bench.elsewhere().flush(order("o-1", amount=cny(2)), order("o-2", amount=cny(4)))
        (found,) = bench.summed(Summary(kind=KitOrder, sums=(AMOUNT,)))
        assert (found.sums, found.entities) == ((1,), 1)

    def test_counters_and_semi_joins(self, bench: Bench) -> None:
        """Counters are summed like other amounts, and a semi-join restricts as it does in a search."""
        bench.flush(account("a-1", reserved=5), account("a-2", reserved=7), order("o-1", text="a-2"))
        joined = within(KitOrder, "text")
        (found,) = bench.summed(Summary(kind=KitAccount, where=(joined,), sums=(Cell("reserved"),)))
        assert (found.sums, found.entities) == ((7,), 1)

    def test_one_shape_with_other_values(self, bench: Bench) -> None:
        """The same summary with other values is another answer: nothing of the first is kept."""
        bench.flush(*(order(f"o-{n}", place=n, amount=cny(n)) for n in range(1, 5)))
        for edge in (2, 4):
            classes = _case((lt("place", edge), 1))
            found = bench.summed(Summary(kind=KitOrder, classes=classes, sums=(AMOUNT,)))
            assert [each.entities for each in found] == [5 - edge, edge - 1]

    @pytest.mark.parametrize(
        "summary",
        [
            Summary(kind=KitOrder, sums=(Cell("text"),)),
            Summary(kind=KitOrder, sums=(Cell("nothing"),)),
            Summary(kind=KitOrder, by=("note",)),
            Summary(kind=KitOrder, by=("place",)),
            Summary(kind=KitOrder, where=(eq("nothing", 1),)),
            Summary(kind=KitOrder, classes=_case((within(KitLine, "order"), 1))),
        ],
    )
    def test_unfit_field_is_refused(self, bench: Bench, summary: Summary) -> None:
        """What no store could sum or group by is named, before a store is asked."""
        with pytest.raises(MalformedInput) as caught:
            bench.summed(summary)
        assert caught.value.code == "query.field"

    def test_law_random_summaries(self, bench: Bench) -> None:
        """Whatever is summed, a store gives what the plain rule gives over the rows that a search finds."""

        @self.law_settings()
        @given(rows=tables(), asked=st.lists(summaries(), min_size=12, max_size=16))
        def law(rows: list[Entity], asked: list[Summary]) -> None:
            own = bench.elsewhere()
            own.flush(*rows)
            kept = {(type(row), row.id): row for row in rows}
            for each in asked:
                matching = model.search(kept, each.kind, Query(each.where))
                assert own.summed(each) == summarise(matching, checked_summary(each)), each

        law()
