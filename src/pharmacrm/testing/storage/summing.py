"""Summaries mean the same in every store: groups are bytewise and of one currency, sums exact.

A store that does not offer them is asked for the rows, and the plain rule adds them up.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import Condition, Query, eq, ge, gt, is_null, lt, within
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
    Total,
)
from pharmacrm.core.plan import checked_summary, summarise
from pharmacrm.testing.storage import model
from pharmacrm.testing.storage.bench import Bench, KitBase
from pharmacrm.testing.storage.kinds import (
    KitAccount,
    KitForms,
    KitLine,
    KitOrder,
    KitStranger,
    account,
    cny,
    line,
    order,
)
from pharmacrm.testing.storage.laws import conditions, tables

AMOUNT = Cell("amount")
LINES = Total(kind=KitLine, on="order", value=AMOUNT)


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
def totals(draw: st.DrawFn, kind: type[Entity]) -> Expression:
    """What a kind has of its own, and what those that name it add or take away."""
    found = draw(expressions(kind, 1))
    for _ in range(draw(st.integers(0, 2))):
        other, on = draw(st.sampled_from([(KitLine, "order"), (KitLine, "product"), (KitOrder, "text")]))
        where = tuple(draw(st.lists(conditions(other, 1), max_size=1)))
        total = Total(kind=other, on=on, value=draw(expressions(other, 1)), where=where)
        sides = draw(st.permutations([found, total]))
        found = Plus(*sides) if draw(st.booleans()) else Minus(*sides)
    return found


@st.composite
def summaries(draw: st.DrawFn) -> Summary:
    """Any summary."""
    kind = draw(st.sampled_from([KitOrder, KitLine]))
    texts = {KitOrder: ["text", "colour"], KitLine: ["order", "product"]}[kind]
    if draw(st.booleans()):
        some = [*draw(st.lists(totals(kind), max_size=2)), *draw(st.lists(expressions(kind), max_size=1))]
        return Summary(
            kind=kind,
            currency=draw(st.sampled_from(["", "CNY", "USD"])),
            where=tuple(draw(st.lists(conditions(kind), max_size=1))),
            by=tuple(draw(st.lists(st.sampled_from(texts), unique=True))),
            classes=draw(expressions(kind, 1)),
            sums=tuple(some),
            unless_zero=draw(st.just(Literal(1)) | totals(kind)),
        )
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

    def test_total_is_of_those_that_name_an_entity(self, bench: Bench) -> None:
        """What names an entity is added to it once, whatever else is summed; nothing is 0."""
        lines = [line(f"o-1/{n}", order="o-1", quantity=n, amount=cny(10 * n)) for n in (1, 2, 3)]
        bench.flush(order("o-1", amount=cny(100)), order("o-2", amount=cny(7)), *lines)
        some = Total(kind=KitLine, on="order", value=AMOUNT, where=(gt("quantity", 1),))
        every = Total(kind=KitLine, on="order", value=Cell("quantity"))
        sums = (AMOUNT, Minus(AMOUNT, some), every, Plus(some, Minus(some, every)))
        (found,) = bench.summed(Summary(kind=KitOrder, sums=sums))
        assert (found.sums, found.entities) == ((107, 57, 6, 94), 2)

    def test_what_comes_to_nothing_is_left_out(self, bench: Bench) -> None:
        """An entity of which `unless_zero` is 0 counts nowhere, with or without a total in it."""
        bench.flush(order("o-1", amount=cny(5)), order("o-2", amount=cny(0)), order("o-3", amount=cny(5)))
        bench.flush(line("o-1/1", order="o-1", amount=cny(2)), line("o-1/2", order="o-1", amount=cny(3)))
        paid = Total(kind=KitLine, on="order", value=AMOUNT)
        for left, ids in ((AMOUNT, 2), (Minus(AMOUNT, paid), 1), (paid, 1)):
            (found,) = bench.summed(Summary(kind=KitOrder, unless_zero=left))
            assert found.entities == ids

    def test_total_stays_in_its_tenant_and_currency(self, bench: Bench) -> None:
        """What names an entity in another currency, or in another tenant, is not added to it."""
        bench.flush(order("o-1", amount=cny(5)), order("o-2", amount=Money.of_minor(5, "USD")))
        dollars = [line(f"o-{n}/1", order=f"o-{n}", amount=Money.of_minor(1, "USD")) for n in (1, 2)]
        bench.flush(*dollars)
        bench.elsewhere().flush(order("o-1", amount=cny(5)), line("o-1/1", order="o-1", amount=cny(4)))
        left = Minus(AMOUNT, Total(kind=KitLine, on="order", value=AMOUNT))
        found = bench.summed(Summary(kind=KitOrder, sums=(left,)))
        assert [(each.currency, each.sums) for each in found] == [("CNY", (5,)), ("USD", (4,))]
        for currency, sums in (("CNY", (5,)), ("USD", (4,))):
            (one,) = bench.summed(Summary(kind=KitOrder, currency=currency, sums=(left,)))
            assert one.sums == sums

    def test_two_totals_of_one_shape_are_two(self, bench: Bench) -> None:
        """Totals that differ in a value only are worked out each by itself, and so is the same one twice."""
        bench.flush(
            order("o-1", amount=cny(0)), *(line(f"o-1/{n}", quantity=n, amount=cny(n)) for n in (1, 2))
        )

        def of(quantity: int) -> Total:
            return Total(kind=KitLine, on="order", value=AMOUNT, where=(eq("quantity", quantity),))

        for one, two in ((1, 2), (2, 1), (1, 1), (2, 2)):
            (found,) = bench.summed(Summary(kind=KitOrder, sums=(of(one), Plus(of(one), of(two)))))
            assert found.sums == (one, one + two)

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
            Summary(kind=KitOrder, classes=LINES),
            Summary(kind=KitOrder, sums=(Times(LINES, Literal(2)),)),
            Summary(kind=KitOrder, sums=(Case((Arm((), LINES),), Literal(0)),)),
            Summary(kind=KitOrder, sums=(Total(kind=KitLine, on="order", value=LINES),)),
            Summary(kind=KitOrder, sums=(Total(kind=KitLine, on="note", value=AMOUNT),)),
            Summary(kind=KitOrder, sums=(Total(kind=KitLine, on="quantity", value=AMOUNT),)),
            Summary(kind=KitOrder, sums=(Total(kind=KitLine, on="order", value=Cell("place")),)),
            Summary(
                kind=KitOrder, sums=(Total(kind=KitForms, on="text", value=AMOUNT, where=(eq("x", 1),)),)
            ),
            Summary(kind=KitStranger, sums=(Total(kind=KitLine, on="order", value=AMOUNT),)),
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

                def found(kind: type[Entity], where: tuple[Condition, ...]) -> list[Entity]:
                    return model.search(kept, kind, Query(where))

                wanted = summarise(found(each.kind, each.where), checked_summary(each), found)
                assert own.summed(each) == wanted, each

        law()
