"""Every form of field comes back as it went in: letter by letter, fen by fen, microsecond by microsecond."""

from datetime import UTC, date, datetime
from typing import Any
from unicodedata import normalize

import pytest

from pharmacrm.core.kernel.errors import PharmaCRMError
from pharmacrm.core.kernel.money import Money, Percentage, Price
from pharmacrm.core.kernel.query import Query
from pharmacrm.testing.storage.bench import Bench, KitBase, changed
from pharmacrm.testing.storage.kinds import AT, ON, Colour, KitForms, KitLine, KitOrder, Leg, cny, line, order

_ALL = Query()

LEG = Leg(1, ON, Money("30.05", "CNY"), Percentage("12.5%"), '尾款 "😀"', AT)

TEXTS = {
    "empty": "",
    "blank": " ",
    "spaces": "  two in front, three behind   ",
    "upper": "ABC",
    "sharp_s": "Straße",
    "double_s": "Strasse",
    "chinese": "阿莫西林胶囊 0.25g×24粒",
    "rare_chinese": "𠮷野家 㐂",
    "emoji": "😀👩‍⚕️🇨🇳",
    "composed": normalize("NFC", "é ñ ü"),
    "decomposed": normalize("NFD", "é ñ ü"),
    "wildcards": "100%_[a]*?",
    "quotes": "'; DROP TABLE kit_forms; -- \"`",
    "backslash": "C:\\temp\\n \\' \\0",
    "lines": "one\ntwo\r\nthree\ttab",
    "null_word": "NULL",
    "digits": "007",
    "colon": ":id %(id)s ? $1 {x}",
    "two_hundred": "药" * 200,
}

CASES: list[tuple[str, str, Any]] = [
    *(("text", name, value) for name, value in TEXTS.items()),
    ("wide", "256", "x" * 256),
    ("wide", "4000_chinese", "药" * 4_000),
    ("wide", "4000_emoji", "😀" * 4_000),
    ("long", "70000", "药物" * 35_000),
    ("number", "one", 1),
    ("number", "minus", -1),
    ("number", "int32", 2**31),
    ("number", "float_gap", 2**53 + 1),
    ("number", "largest", 2**63 - 1),
    ("number", "smallest", -(2**63)),
    ("truth", "true", True),
    ("day", "leap", date(2024, 2, 29)),
    ("day", "early", date(1900, 1, 1)),
    ("day", "last", date(9999, 12, 31)),
    ("moment", "one_microsecond", datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC)),
    ("moment", "last_microsecond", datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
    ("moment", "whole_second", datetime(2026, 6, 1, 12, tzinfo=UTC)),
    ("moment", "early", datetime(1970, 1, 1, tzinfo=UTC)),
    ("moment", "dst_gap", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    ("amount", "fen", Money("0.01", "CNY")),
    ("amount", "minus", Money("-1234.50", "CNY")),
    ("amount", "largest", Money.of_minor(10**18 - 1, "CNY")),
    ("amount", "no_decimals", Money("1000", "JPY")),
    ("amount", "three_decimals", Money("1.234", "KWD")),
    ("price", "smallest", Price("0.000001")),
    ("price", "tablet", Price("0.0363")),
    ("price", "largest", Price.of_micros(10**12 * 10**6 - 1)),
    ("rate", "vat", Percentage("13%")),
    ("rate", "fine", Percentage("0.0001%")),
    ("rate", "whole", Percentage("100%")),
    ("colour", "other", Colour.BLUE),
    ("legs", "one", (LEG,)),
    ("legs", "many", tuple(Leg(number, ON, cny(number), Percentage("1%")) for number in range(40))),
    ("words", "texts", ("", "a ", "😀", '"', "\\")),
    ("maybe_text", "empty", ""),
    ("maybe_text", "text", "x"),
    ("maybe_number", "zero", 0),
    ("maybe_truth", "false", False),
    ("maybe_truth", "true", True),
    ("maybe_day", "day", ON),
    ("maybe_moment", "moment", AT),
    ("maybe_amount", "zero", cny(0)),
    ("maybe_price", "zero", Price("0")),
    ("maybe_rate", "zero", Percentage("0%")),
    ("maybe_colour", "choice", Colour.GREEN),
    ("maybe_leg", "leg", LEG),
]

EVERY_FORM = pytest.mark.parametrize(
    ("field", "value"), [pytest.param(field, value, id=f"{field}-{name}") for field, name, value in CASES]
)
OPTIONAL = tuple(name for name in KitForms.__annotations__ if name.startswith("maybe_"))


def _forms(**values: Any) -> KitForms:
    if "amount" in values:  # a record has one currency
        values.setdefault("maybe_amount", None)
    return KitForms(id="f-1", version=1, **values)


def _same(got: object, value: object) -> None:
    assert got == value
    assert type(got) is type(value)
    if isinstance(got, datetime):
        assert got.utcoffset() == AT.utcoffset()
    else:
        assert repr(got) == repr(value)


class FormsKit(KitBase):
    """Round trips."""

    @EVERY_FORM
    def test_inserted_value_comes_back(self, bench: Bench, field: str, value: object) -> None:
        """An inserted value is read back exactly, by `get` and by `find`."""
        bench.flush(_forms(**{field: value}))
        _same(getattr(bench.get(KitForms, "f-1"), field), value)
        _same(getattr(bench.find(KitForms)[0], field), value)

    @EVERY_FORM
    def test_updated_value_comes_back(self, bench: Bench, field: str, value: object) -> None:
        """A value written by an update is read back exactly, and the other fields stay."""
        before = _forms()
        bench.flush(before)
        after = changed(before, **{field: value})
        bench.flush(updates=(after,))
        _same(getattr(bench.get(KitForms, "f-1"), field), value)
        assert bench.get(KitForms, "f-1") == after.after

    @pytest.mark.parametrize("field", OPTIONAL)
    def test_absent_value_comes_back_and_forth(self, bench: Bench, field: str) -> None:
        """A value can be taken away again: it is absent, not empty or zero."""
        value = next(value for name, _, value in CASES if name == field)
        before = _forms(**{field: value})
        bench.flush(before)
        bench.flush(updates=(changed(before, **{field: None}),))
        assert getattr(bench.get(KitForms, "f-1"), field) is None

    def test_whole_record_comes_back(self, bench: Bench) -> None:
        """A record with every field set is equal to what was stored."""
        every = {field: value for field, _, value in CASES if field != "amount"} | {"amount": cny(5)}
        bench.flush(_forms(**every))
        assert bench.get(KitForms, "f-1") == _forms(**every)

    def test_part_comes_back(self, bench: Bench) -> None:
        """A part with its optional field absent and present is equal to what was stored."""
        lines = (line("o-1/1"), line("o-1/2", note="💊", quantity=2**40))
        bench.flush(order(), *lines)
        assert bench.find(KitLine) == list(lines)

    def test_too_long_text_is_never_cut(self, bench: Bench) -> None:
        """A text longer than its column is refused or kept whole."""
        text = "x" * 201
        try:
            bench.flush(_forms(text=text))
        except PharmaCRMError:
            assert bench.seek(KitForms, "f-1") is None
        else:
            assert bench.get(KitForms, "f-1").text == text

    def test_two_currencies_are_never_mixed_up(self, bench: Bench) -> None:
        """A record in two currencies is refused or kept as it is."""
        mixed = _forms(amount=cny(100), maybe_amount=Money("1", "JPY"))
        try:
            bench.flush(mixed)
        except PharmaCRMError:
            assert bench.seek(KitForms, "f-1") is None
        else:
            assert bench.get(KitForms, "f-1") == mixed

    def test_recorded_time_comes_back(self, bench: Bench) -> None:
        """The recorded time of a row is that of its batch, in UTC, with its microseconds."""
        bench.flush(order(), line())
        for kind, id_ in ((KitOrder, "o-1"), (KitLine, "o-1/1")):
            found = bench.found(kind, id_)
            assert found is not None
            _same(found.recorded_at, AT)
            _same(bench.founds(kind, _ALL)[0].recorded_at, AT)

    @pytest.mark.parametrize("id_", ["客户-001", "C/1", "..", "%", "a b", "x" * 64, "o'1", "😀"])
    def test_id_is_kept_letter_by_letter(self, bench: Bench, id_: str) -> None:
        """An id that the grammar allows finds its record."""
        bench.flush(order(id_))
        assert bench.get(KitOrder, id_).id == id_
