"""Exchange rates: the newest of a day or before counts, whichever way round; corrections are versions."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.errors import MalformedInput, NotPermitted
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.rates import ExchangeRate, RateOn, RecordExchangeRate, exchange_by, rate_id, record_rate
from pharmacrm.crm import PharmaCRM
from tests.flows.house import ADMIN, FINANCE, SALES, WAREHOUSE, codes, entities, open_house, replayed, today

DAY = date(2026, 3, 2)


def rate(base: str, quote: str, days: int, value: str) -> ExchangeRate:
    as_of = DAY + timedelta(days)
    return ExchangeRate(id=rate_id(base, quote, as_of), base=base, quote=quote, as_of=as_of, rate=value)


def said(value: str = "7.1", as_of: date = DAY, base: str = "USD", quote: str = "CNY") -> RecordExchangeRate:
    return RecordExchangeRate(base=base, quote=quote, rate=value, as_of=as_of, source="SAFE")


@pytest.fixture
def crm() -> PharmaCRM:
    return open_house()


@pytest.mark.parametrize(
    ("known", "source", "found"),
    [
        ((), "USD", ("", None, False)),
        ((("USD", "CNY", 0, "7"),), "USD", ("7", 0, False)),
        ((("USD", "CNY", 1, "7"),), "USD", ("", None, False)),  # a rate of a later day
        ((("USD", "CNY", -9, "6"), ("USD", "CNY", -1, "7")), "USD", ("7", -1, False)),
        ((("CNY", "USD", -1, "0.14"), ("USD", "CNY", -9, "6")), "USD", ("0.14", -1, True)),
        ((("CNY", "USD", -1, "0.14"), ("USD", "CNY", -1, "7")), "USD", ("7", -1, False)),
        ((("USD", "EUR", 0, "0.9"), ("EUR", "CNY", 0, "8")), "USD", ("", None, False)),  # never of two others
    ],
)
def test_the_rate_that_counts(known: Any, source: str, found: tuple[str, int | None, bool]) -> None:
    exchange = exchange_by([rate(*each) for each in known], source, "CNY", DAY)
    days = None if found[1] is None else DAY + timedelta(found[1])
    assert (exchange.rate, exchange.as_of, exchange.inverse) == (found[0], days, found[2])


@given(
    st.lists(st.tuples(st.integers(-30, 30), st.integers(1, 10**6)), unique_by=lambda each: each[0]),
    st.integers(-30, 30),
)
def test_the_newest_rate_by_a_day_wins_whatever_comes_later(rates: list[tuple[int, int]], day: int) -> None:
    on = DAY + timedelta(day)
    all_ = [rate("USD", "CNY", days, str(value)) for days, value in rates]
    found = exchange_by(all_, "USD", "CNY", on)
    before = [each for each in rates if each[0] <= day]
    assert found.rate == (str(max(before)[1]) if before else "")
    assert found == exchange_by([each for each in all_ if each.as_of <= on], "USD", "CNY", on)


@given(st.integers(1, 10**6), st.integers(1, 10**8))
def test_both_ways_are_worth_the_same_but_for_one_unit(value: int, minor: int) -> None:
    """A rate and the exact inverse of it, recorded the other way round."""
    amount = Money.of_minor(minor, "USD")
    direct = exchange_by([rate("USD", "CNY", 0, str(value))], "USD", "CNY", DAY)
    back = exchange_by([rate("USD", "CNY", 0, str(value))], "CNY", "USD", DAY)
    assert back.up(direct.up(amount)) == amount
    assert Fraction(direct.up(amount).minor) == minor * value


def test_a_rate_is_recorded_and_asked_for(crm: PharmaCRM) -> None:
    day = today(crm)
    crm.do(said("7.1000", day - timedelta(3)), actor=FINANCE).expect()
    crm.do(said("7.2", day), actor=FINANCE).expect()
    ask = RateOn(base="USD", quote="CNY")
    assert crm.ask(ask, actor=SALES).rate == "7.2"
    before = RateOn(base="USD", quote="CNY", on=day - timedelta(1))
    assert crm.ask(before, actor=SALES).explain() == f"rate USD/CNY 7.1 of {day - timedelta(3)}"
    assert crm.ask(RateOn(base="CNY", quote="USD"), actor=SALES).inverse
    assert not crm.ask(RateOn(base="EUR", quote="CNY"), actor=SALES).known
    replayed(crm)


def test_the_same_again_changes_nothing_and_a_correction_is_a_version(crm: PharmaCRM) -> None:
    day = today(crm)
    for value, version in (("7.1", 1), ("7.10", 1), ("7.2", 2)):
        crm.do(said(value, day), actor=FINANCE).expect()
        (held,) = entities(crm, ExchangeRate)
        assert (held.rate, held.version) == (value.rstrip("0"), version)
    replayed(crm)


def test_a_rate_of_a_day_to_come_is_refused(crm: PharmaCRM) -> None:
    assert codes(crm, said(as_of=today(crm) + timedelta(1)), FINANCE) == ["rate.future"]
    assert not entities(crm, ExchangeRate)
    assert record_rate(said(), None, today=DAY).allowed


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"quote": "USD"}, "rate.same", "quote"),
        ({"rate": "0"}, "rate.sign", "rate"),
        ({"rate": 7.1}, "rate.type", "rate"),
        ({"base": "usd"}, "money.currency", "base"),
        ({"quote": "XXX"}, "money.currency", "quote"),
        ({"as_of": "2026-2-3"}, "date.format", "as_of"),
        ({"source": "x" * 101}, "text.length", "source"),
    ],
)
def test_what_no_rate_can_be(fields: dict[str, Any], code: str, field: str) -> None:
    good: dict[str, Any] = {"base": "USD", "quote": "CNY", "rate": "7.1", "as_of": DAY}
    with pytest.raises(MalformedInput) as caught:
        RecordExchangeRate(**(good | fields))
    assert (caught.value.code, caught.value.field) == (code, field)


def test_who_records_rates(crm: PharmaCRM) -> None:
    for actor in (FINANCE, ADMIN):
        crm.do(said(as_of=today(crm)), actor=actor).expect()
    for actor in (SALES, WAREHOUSE):
        with pytest.raises(NotPermitted):
            crm.do(said(as_of=today(crm)), actor=actor)
