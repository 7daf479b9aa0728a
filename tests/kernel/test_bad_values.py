"""Awkward values of tests/data/bad_inputs_values.json: each has the outcome that it must have.

An entry with a `repr` is evaluated and given to the readers of its family; a scenario has a test named by its
id here, or stands in `ELSEWHERE` because it is about more than a value.
"""

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from pharmacrm.core.kernel.dates import (
    Period,
    Validity,
    add_days,
    add_months,
    as_date,
    as_instant,
    as_validity_date,
    local_instant,
    zone,
)
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.ids import as_id, as_text
from pharmacrm.core.kernel.money import Money, Percentage, Price, positive

FILE = Path(__file__).parent.parent / "data" / "bad_inputs_values.json"
ENTRIES: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))

ELSEWHERE = {
    *("money-098", "money-099", "money-100"),  # receivables
    "dates-074",  # payment terms: a day may be counted backwards, credit days may not
    *(f"dates-{number:03d}" for number in (*range(82, 91), 92, *range(94, 100))),  # domains, imports, clocks
    *(f"ids-{number:03d}" for number in range(75, 88)),  # the door and the store
}


class BadStr(str):
    __slots__ = ()


class Floaty:
    def __float__(self) -> float:
        return 100.0

    def __str__(self) -> str:
        return "100"


class EvilDec(Decimal):
    def __add__(self, other: object) -> Decimal:
        return Decimal(0)


NAMES = {
    **{kind.__name__: kind for kind in (Decimal, Fraction, UUID, BadStr, Floaty, EvilDec)},
    "datetime": dt,
}


def values(family: str, *, refused: bool = True) -> list[Any]:
    """Evaluated entries of a family, as test parameters; what must pass on its own where not `refused`."""
    return [
        pytest.param(eval(entry["repr"], dict(NAMES)), entry, id=entry["id"])
        for entry in ENTRIES[family]
        if entry["repr"] is not None and ("pass" not in entry.get("expected", "")) == refused
    ]


def refusal(do: Callable[[], object]) -> MalformedInput:
    with pytest.raises(MalformedInput) as caught:
        do()
    return caught.value


def code(do: Callable[[], object]) -> str:
    return refusal(do).code


def answer(do: Any, *arguments: Any, **options: Any) -> Any:
    """What a reader gives, or the error that it raises."""
    try:
        return do(*arguments, **options)
    except MalformedInput as error:
        return error


def is_safe(error: MalformedInput) -> bool:
    text = str(error)
    return text.isascii() and text.isprintable() and len(text) < 200


@pytest.mark.parametrize(("value", "entry"), values("money"))
def test_amounts_are_refused_with_the_code_that_is_fixed(value: Any, entry: dict[str, str]) -> None:
    error = refusal(lambda: positive(Money(value, "CNY"), "amount"))
    assert error.code == entry["expected"]
    assert is_safe(error)


@pytest.mark.parametrize(("value", "entry"), values("money"))
def test_prices_are_refused_in_their_own_family_or_are_good_prices(value: Any, entry: dict[str, str]) -> None:
    del entry
    price = answer(Price, value)
    if isinstance(price, MalformedInput):
        assert price.code.startswith("price.")
        assert is_safe(price)
    else:
        assert Decimal(str(price)) == value
        assert type(value) in {int, Decimal}


@pytest.mark.parametrize(("value", "entry"), values("money"))
def test_percentages_are_refused_in_their_own_family_or_are_100(value: Any, entry: dict[str, str]) -> None:
    del entry
    if value == "100%":
        assert Percentage(value).units == 1_000_000
    else:
        assert code(lambda: Percentage(value)).startswith("percentage.")


@pytest.mark.parametrize(("value", "entry"), values("dates"))
def test_dates_and_instants_are_refused(value: Any, entry: dict[str, str]) -> None:
    del entry
    for read, family in ((as_date, "date."), (as_validity_date, "date."), (as_instant, "time.")):
        error = refusal(lambda read=read: read(value))  # type: ignore[misc]  # a default that binds the value of the loop
        assert error.code.startswith(family)
        assert is_safe(error)


@pytest.mark.parametrize(("value", "entry"), values("ids"))
def test_ids_are_refused(value: Any, entry: dict[str, str]) -> None:
    error = refusal(lambda: as_id(value))
    assert entry["expected"] == f"refused: {error.code}"
    assert is_safe(error)


@pytest.mark.parametrize(("value", "entry"), values("ids", refused=False))
def test_ids_that_are_only_data_pass_unchanged(value: Any, entry: dict[str, str]) -> None:
    if not isinstance(value, tuple):
        assert as_id(value) is value
    elif entry["id"] == "ids-014":
        assert as_id(value[0]) == value[0]
        assert code(lambda: as_id(value[1])) == "id.malformed"
    else:
        assert as_id(value[0]) != as_id(value[1])


@pytest.mark.parametrize("family", ["money", "dates", "ids"])
def test_any_bad_value_is_refused_as_text_or_is_text(family: str) -> None:
    for parameters in values(family):
        value = parameters.values[0]
        read = answer(as_text, value)
        if isinstance(read, MalformedInput):
            assert read.code.startswith("text.")
            assert read.value in {"<personal>", "None"}
        else:
            assert type(read) is str


def test_every_scenario_is_tested_here_or_named_as_anothers() -> None:
    scenarios = {
        entry["id"] for name in ("money", "dates", "ids") for entry in ENTRIES[name] if entry["repr"] is None
    }
    tested = {name.removeprefix("test_")[:9].strip("_").replace("_", "-") for name in globals()}
    assert scenarios - tested == ELSEWHERE
    assert not ELSEWHERE & tested


# ------------------------------------------------------------------------------------------- money scenarios


def yuan(amount: str) -> Money:
    return Money(amount, "CNY")


def test_money_073_currency_in_lower_case() -> None:
    assert code(lambda: Money("1", "cny")) == "money.currency"


def test_money_074_currency_empty() -> None:
    assert code(lambda: Money("1", "")) == "money.currency"


def test_money_075_currency_none() -> None:
    currency: Any = None
    assert code(lambda: Money("1", currency)) == "money.currency"


def test_money_076_currency_not_in_iso_4217() -> None:
    assert code(lambda: Money("1", "RMB")) == "money.currency"


def test_money_077_currency_that_means_none() -> None:
    assert code(lambda: Money("1", "XXX")) == "money.currency"


def test_money_078_currency_in_full_width() -> None:
    assert code(lambda: Money("1", "CN\uff39")) == "money.currency"


def test_money_079_more_decimals_than_the_currency_has() -> None:
    assert code(lambda: Money("100.5", "JPY")) == "money.scale"


def test_money_080_two_currencies_do_not_add() -> None:
    assert code(lambda: yuan("1") + Money("1", "USD")) == "money.mixed_currency"
    assert code(lambda: yuan("1") - Money("1", "USD")) == "money.mixed_currency"


def test_money_081_two_currencies_do_not_compare() -> None:
    for compare in (Money.__lt__, Money.__le__, Money.__gt__, Money.__ge__):
        assert code(lambda compare=compare: compare(yuan("1"), Money("1", "USD"))) == "money.mixed_currency"  # type: ignore[misc]  # a default that binds the value of the loop
    assert yuan("1") != Money("1", "USD")


def test_money_082_sum_does_not_hide_a_mixed_sum() -> None:
    items: list[Any] = [yuan("1"), 0]
    with pytest.raises(TypeError):
        sum(items)
    assert code(lambda: Money.total(items, "CNY")) == "money.type"
    assert code(lambda: Money.total([yuan("1"), Money("1", "USD")], "CNY")) == "money.mixed_currency"
    assert code(lambda: Money.total([Money("0", "USD")], "CNY")) == "money.mixed_currency"


def test_money_083_money_times_money() -> None:
    factor: Any = yuan("2")
    with pytest.raises(TypeError):
        yuan("1") * factor


def test_money_084_money_by_money() -> None:
    with pytest.raises(TypeError):
        yuan("1") / yuan("2")  # type: ignore[operator]  # wrong on purpose: what becomes of it is tested


@pytest.mark.parametrize("factor", [0.1, Decimal("0.1"), True, Fraction(1, 2), "2", None])
def test_money_085_money_times_what_is_no_whole_number(factor: Any) -> None:
    with pytest.raises(TypeError):
        yuan("1") * factor
    with pytest.raises(TypeError):
        factor * yuan("1")


def test_money_086_money_by_zero() -> None:
    with pytest.raises(TypeError):
        yuan("1") / 0  # type: ignore[operator]  # wrong on purpose: what becomes of it is tested


@pytest.mark.parametrize("parts", [0, -1, True, 2.0, "2", None, 10**9])
def test_money_087_split_in_no_parts(parts: Any) -> None:
    assert code(lambda: yuan("1").split(parts)) == "money.weights"


@pytest.mark.parametrize("weights", [[0, 0], [], ()])
def test_money_088_weights_of_zero(weights: Any) -> None:
    assert code(lambda: yuan("1").allocate(weights)) == "money.weights"


def test_money_089_negative_weight() -> None:
    assert code(lambda: yuan("1").allocate([-1, 2])) == "money.weights"


@pytest.mark.parametrize(
    "weights", [[Decimal("NaN"), 1], [True, 1], [0.5, 0.5], "12", None, 3, {1: 2}, [None]]
)
def test_money_090_weights_that_are_no_whole_numbers(weights: Any) -> None:
    assert code(lambda: yuan("1").allocate(weights)) == "money.weights"


def test_money_091_discount_of_101_percent() -> None:
    assert code(lambda: Percentage("101%")) == "percentage.range"


def test_money_092_discount_of_minus_1_percent() -> None:
    assert code(lambda: Percentage("-1%")) == "percentage.range"


@pytest.mark.parametrize("rate", ["0.13", "13"])
def test_money_093_rate_without_its_sign(rate: str) -> None:
    error = refusal(lambda: Percentage(rate))
    assert error.code == "percentage.format"
    assert "write 13%" in error.message


def test_money_094_money_is_never_a_number() -> None:
    number: Any = 100
    assert (yuan("100") == number) is False
    assert yuan("100") != number


def test_money_095_equal_amounts_have_one_hash() -> None:
    assert yuan("1.0") == yuan("1.00") == yuan("1")
    assert len({yuan("1.0"), yuan("1.00"), yuan("1")}) == 1


def test_money_096_text_keeps_the_decimals_of_the_currency() -> None:
    assert str(yuan("1.10").amount) == str(yuan("1.1").amount) == "1.10"


def test_money_097_line_total_out_of_range() -> None:
    assert code(lambda: yuan("9999999999999999.99") * 2) == "money.range"


# -------------------------------------------------------------------------------------------- date scenarios


def test_dates_067_naive_datetime() -> None:
    assert code(lambda: as_instant(dt.datetime(2026, 2, 3, 10))) == "time.naive"  # noqa: DTZ001


def test_dates_068_datetime_is_no_date() -> None:
    assert code(lambda: as_date(dt.datetime(2026, 2, 3, tzinfo=dt.UTC))) == "date.type"


def test_dates_069_time_that_does_not_exist() -> None:
    shown = dt.datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001
    for fold in (None, 0, 1):
        assert code(lambda fold=fold: local_instant(shown, zone("Europe/Berlin"), fold)) == "time.nonexistent"  # type: ignore[misc]  # a default that binds the value of the loop


def test_dates_070_time_that_comes_twice() -> None:
    shown, berlin = dt.datetime(2026, 10, 25, 2, 30), zone("Europe/Berlin")  # noqa: DTZ001
    assert code(lambda: local_instant(shown, berlin)) == "time.ambiguous"
    assert local_instant(shown, berlin, 0) == as_instant("2026-10-25T00:30:00Z")
    assert local_instant(shown, berlin, 1) == as_instant("2026-10-25T01:30:00Z")


def test_dates_071_china_had_summer_time() -> None:
    """Older zone data skip the hour from midnight, newer ones that from two: one of the two is missing."""
    shown = [dt.datetime(1986, 5, 4, hour, 30) for hour in (0, 2)]  # noqa: DTZ001
    answers = [answer(local_instant, time, zone("Asia/Shanghai")) for time in shown]
    assert [given.code for given in answers if isinstance(given, MalformedInput)] == ["time.nonexistent"]


@pytest.mark.parametrize(
    "name", ["Asia/Beijing", "../etc/passwd", "/etc/passwd", "Asia", "CST", "", None, 8, "Asia/\0"]
)
def test_dates_072_unknown_zone(name: Any) -> None:
    assert code(lambda: zone(name)) == "time.zone"


def test_dates_073_day_after_the_last() -> None:
    assert code(lambda: add_days(dt.date.max, 1)) == "date.range"
    assert code(lambda: add_days(dt.date(2200, 12, 31), 1)) == "date.range"
    assert code(lambda: add_days(dt.date(1900, 1, 1), -1)) == "date.range"


def test_dates_075_a_thousand_million_days() -> None:
    for days in (10**9, -(10**9), 10**400):
        assert code(lambda days=days: add_days(dt.date(2026, 1, 31), days)) == "date.range"  # type: ignore[misc]  # a default that binds the value of the loop
        assert code(lambda days=days: add_months(dt.date(2026, 1, 31), days)) == "date.range"  # type: ignore[misc]  # a default that binds the value of the loop


def days_that_are_none(days: Any) -> list[str]:
    day = dt.date(2026, 1, 31)
    return [code(lambda: add_days(day, days)), code(lambda: add_months(day, days))]


def test_dates_076_half_a_day() -> None:
    assert days_that_are_none(30.5) == ["date.type"] * 2


def test_dates_077_days_as_text() -> None:
    assert days_that_are_none("30") == ["date.type"] * 2


def test_dates_078_days_as_truth() -> None:
    assert days_that_are_none(True) == ["date.type"] * 2


def test_dates_079_a_month_after_31_january() -> None:
    assert add_months(dt.date(2026, 1, 31), 1) == dt.date(2026, 2, 28)


def test_dates_080_valid_to_before_valid_from() -> None:
    error = refusal(lambda: Validity("2026-02-03", "2026-02-02"))
    assert (error.code, error.field) == ("validity.order", "valid_to")


def test_dates_081_one_day_is_a_validity_but_no_period() -> None:
    assert Validity("2026-02-03", "2026-02-03").covers(dt.date(2026, 2, 3))
    assert code(lambda: Period("2026-02-03", "2026-02-03")) == "period.empty"


def test_dates_091_licence_expiry_before_issue() -> None:
    assert code(lambda: Validity(valid_from="2026-02-03", valid_to="2021-02-02")) == "validity.order"


@pytest.mark.parametrize("text", ["9999-12-31", "1970-01-01", "1900-01-01"])
def test_dates_093_dates_that_stand_for_none(text: str) -> None:
    assert code(lambda: as_validity_date(text)) == "date.placeholder"
    assert code(lambda: as_validity_date(dt.date.fromisoformat(text))) == "date.placeholder"
    assert code(lambda: Validity("2026-01-01", text)) == "date.placeholder"
    if text != "9999-12-31":
        assert as_date(text) == dt.date.fromisoformat(text)
