"""Pages: limits, keysets and counts, under every order and with ties."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from attrs import evolve

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.query import eq, ge
from pharmacrm.testing.storage.bench import Bench, KitBase
from pharmacrm.testing.storage.kinds import AT, ON, Colour, KitLine, KitOrder, cny, line, order
from pharmacrm.testing.storage.sessions import together

ORDERS = (
    (),
    ("id",),
    ("-id",),
    ("place",),
    ("-place",),
    ("text", "-place"),
    ("-colour", "open", "-id"),
    ("-amount", "on"),
    ("-at", "text"),
    ("version", "-text"),
)


def _fill(bench: Bench) -> None:
    """Twelve orders with many ties."""
    colours = list(Colour)
    bench.flush(
        *(
            order(
                f"o-{number:02}",
                version=1 + number % 2,
                text="aAßa"[number % 4],
                place=number % 3,
                on=ON + timedelta(number % 2),
                at=AT + timedelta(microseconds=number % 5),
                amount=cny(number % 4),
                colour=colours[number % 3],
                open=number % 2 == 0,
            )
            for number in range(12)
        )
    )


def _pages(bench: Bench, order: tuple[str, ...], size: int) -> Iterator[list[KitOrder]]:
    after: KitOrder | None = None
    while True:
        page = bench.find(KitOrder, order=order, limit=size, after=after)
        if not page:
            return
        yield page
        after = page[-1]


class PagingKit(KitBase):
    """Pages."""

    @pytest.mark.parametrize("order", ORDERS, ids=",".join)
    @pytest.mark.parametrize("size", [1, 5])
    def test_pages_make_up_the_whole(self, bench: Bench, order: tuple[str, ...], size: int) -> None:
        """Page after page gives everything once, in the order of the whole."""
        _fill(bench)
        pages = list(_pages(bench, order, size))
        assert [row for page in pages for row in page] == bench.find(KitOrder, order=order)
        assert {len(page) for page in pages[:-1]} == {size}
        assert sum(map(len, pages)) == bench.count(KitOrder)

    def test_ties_are_broken_by_id(self, bench: Bench) -> None:
        """Equal values stand in the order of their ids, upwards, also where the order is downwards."""
        bench.flush(order("o-3"), order("o-1"), order("o-2"))
        assert bench.ids(KitOrder, order=("-place",)) == ["o-1", "o-2", "o-3"]
        assert bench.ids(KitOrder) == ["o-1", "o-2", "o-3"]

    def test_limit_zero_gives_nothing(self, bench: Bench) -> None:
        """A limit of 0 is no missing limit."""
        _fill(bench)
        assert bench.find(KitOrder, limit=0) == []

    def test_limit_beyond_the_end_gives_all(self, bench: Bench) -> None:
        """A limit is at most, not exactly."""
        _fill(bench)
        assert len(bench.find(KitOrder, limit=100)) == bench.count(KitOrder)

    def test_after_the_last_is_nothing(self, bench: Bench) -> None:
        """Nothing follows the last one."""
        _fill(bench)
        last = bench.find(KitOrder, order=("-place",))[-1]
        assert bench.find(KitOrder, order=("-place",), after=last) == []

    def test_page_follows_what_is_gone(self, bench: Bench) -> None:
        """The last seen entity need not exist any more: its values say where to go on."""
        _fill(bench)
        seen = evolve(bench.get(KitOrder, "o-05"), id="o-05x")
        assert bench.ids(KitOrder, after=seen)[:1] == ["o-06"]

    def test_page_goes_with_conditions(self, bench: Bench) -> None:
        """A page is cut from what matches."""
        _fill(bench)
        where = (ge("place", 1), eq("open", value=True))
        whole = bench.ids(KitOrder, *where, order=("-place",))
        first = bench.find(KitOrder, *where, order=("-place",), limit=1)
        rest = bench.ids(KitOrder, *where, order=("-place",), after=first[0])
        assert [each.id for each in first] + rest == whole

    def test_newcomer_does_not_disturb_the_next_page(self, bench: Bench) -> None:
        """What is inserted before the place of the page does not shift it."""
        _fill(bench)
        page = bench.find(KitOrder, limit=4)
        bench.flush(order("o-00a"))
        assert bench.ids(KitOrder, after=page[-1], limit=1) == ["o-04"]

    def test_pages_hold_while_others_write(self, bench: Bench) -> None:
        """A reader that pages through sees what nobody touches once and in order, however much is written."""
        self.need_threads()
        _fill(bench)
        kept = bench.ids(KitOrder, order=("-place",))

        def write() -> None:
            for number in range(30):  # not for ever: a reader would never reach the end
                bench.flush(order(f"x-{number:02}", place=number % 3))

        def read() -> None:
            for _ in range(3):
                rows = [row.id for page in _pages(bench, ("-place",), 3) for row in page]
                assert [id_ for id_ in rows if id_ in kept] == kept
                assert len(set(rows)) == len(rows)

        together(2, lambda number: read() if number else write())

    def test_parts_are_paged(self, bench: Bench) -> None:
        """Parts are paged like records."""
        bench.flush(order(), *(line(f"o-1/{number}", quantity=number % 2) for number in range(5)))
        first = bench.find(KitLine, order=("-quantity",), limit=3)
        rest = bench.find(KitLine, order=("-quantity",), after=first[-1])
        assert [each.id for each in (*first, *rest)] == ["o-1/1", "o-1/3", "o-1/0", "o-1/2", "o-1/4"]

    def test_optional_field_gives_no_order(self, bench: Bench) -> None:
        """Databases disagree about where absent values stand, so nobody may sort by them."""
        with pytest.raises(MalformedInput) as caught:
            bench.find(KitOrder, order=("note",))
        assert caught.value.code == "query.order"
