from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Percentage
from pharmacrm.core.values.terms import (
    REST,
    DayOfMonthAfter,
    EarlyDiscount,
    EndOfMonthAfter,
    EndOfMonthThenNet,
    Fixed,
    Monthly,
    MonthsAfter,
    Net,
    NetThenEndOfMonth,
    Part,
    PaymentTerms,
    parse_terms,
)


@pytest.mark.parametrize(
    ("written", "code", "field"),
    [
        ("", "terms.format", "parts[0]"),
        (None, "terms.format", "text"),
        (30, "terms.format", "text"),
        (b"net 30", "terms.format", "text"),
        ("net 30" * 1000, "terms.format", "text"),
        ("net 30 ", "terms.format", "parts[0]"),
        (" net 30", "terms.format", "parts[0]"),
        ("net  30", "terms.format", "parts[0]"),
        ("net 30\n", "terms.format", "parts[0]"),
        ("net\t30", "terms.format", "parts[0]"),
        ("net 030", "terms.format", "parts[0]"),
        ("net +30", "terms.format", "parts[0]"),
        ("net -30", "terms.format", "parts[0]"),
        ("net 30.5", "terms.format", "parts[0]"),
        ("net ３０", "terms.format", "parts[0]"),
        ("re\u017ft net 30", "terms.format", "parts[0]"),  # a long s is an s when case is ignored
        ("30 net", "terms.format", "parts[0]"),
        ("net 30,rest net 60", "terms.format", "parts[0]"),
        ("30% prepaid, sometime", "terms.format", "parts[1]"),
        ("30% prepaid, rest net 60, ", "terms.format", "parts[2]"),
        ("30 % prepaid, rest net 60", "terms.format", "parts[0]"),
        ("1,000.00 prepaid, rest net 30", "terms.format", "parts[0]"),
        ("1e3 prepaid, rest net 30", "terms.format", "parts[0]"),
        ("0.00 prepaid, rest net 30", "terms.format", "parts[0].amount"),
        ("day 0 of next month", "terms.days", "parts[0].day"),
        ("day 32 of next month", "terms.days", "parts[0].day"),
        ("day 5 of month + 0 months", "terms.days", "parts[0].months"),
        ("0 monthly", "terms.days", "parts[0].times"),
        ("121 monthly", "terms.days", "parts[0].times"),
        ("net 3651", "terms.days", "parts[0].days"),
        ("net 30, reserve 3651 days", "terms.days", "reserve_days"),
        ("30% prepaid", "terms.sum", "parts"),
        ("30% prepaid, 60% net 30", "terms.sum", "parts"),
        ("60% prepaid, 60% net 30", "terms.sum", "parts"),
        ("rest prepaid, rest net 30", "terms.sum", "parts"),
        ("100% prepaid, rest net 30", "terms.sum", "parts"),
        ("60% prepaid, 50% net 9, rest net 30", "terms.sum", "parts"),
        ("1000.00 prepaid", "terms.sum", "parts"),
        ("1000.00 prepaid, 100% net 30", "terms.sum", "parts"),
        ("30% prepaid, net 60", "terms.sum", "parts[1]"),
        ("0% prepaid, rest net 60", "terms.sum", "parts[0].share"),
        ("130% prepaid", "terms.sum", "parts[0]"),
        ("reserve 30 days", "terms.sum", "parts"),
        (", ".join(["4% net 30"] * 25), "terms.sum", "parts"),
        ("101/10 net 30", "terms.discount", "parts[0]"),
        ("0/10 net 30", "terms.discount", "parts[0].off"),
        ("2/31 net 30", "terms.discount", "parts[0].discounts"),
        ("2/10 3/20 net 30", "terms.discount", "parts[0].discounts"),
        ("2/10 2/20 net 30", "terms.discount", "parts[0].discounts"),
        ("3/10 2/10 net 30", "terms.discount", "parts[0].discounts"),
        ("5/1 4/2 3/3 2/4 1/5 net 30", "terms.discount", "parts[0].discounts"),
        ("2/9999 net 30", "terms.days", "parts[0].within_days"),
        ("2/29 net 1 month", "terms.discount", "parts[0].discounts"),
        ("30% 2/10 prepaid, rest net 60", "terms.prepaid", "parts[0].discounts"),
    ],
)
def test_what_cannot_be_read_is_named(written, code, field):
    with pytest.raises(MalformedInput) as caught:
        parse_terms(written)
    assert (caught.value.code, caught.value.field) == (code, field)


COUNTED = {
    "net": Net,
    "net, end of month": NetThenEndOfMonth,
    "end of month, net": EndOfMonthThenNet,
    "months": MonthsAfter,
    "end of month": EndOfMonthAfter,
    "monthly": Monthly,
    "day": DayOfMonthAfter,
    "day, months": lambda n: DayOfMonthAfter(1, n),
    "discount": lambda n: EarlyDiscount(Percentage("2%"), n),
    "reservation": lambda n: PaymentTerms((Part(REST, Net(30)),), reserve_days=n),
}


@pytest.mark.parametrize("wrong", [-30, True, "30", 30.5, 10**9, None])
@pytest.mark.parametrize("counted", COUNTED)
def test_days_and_months_are_whole_and_bounded(counted, wrong):
    with pytest.raises(MalformedInput, match=r"terms\.days"):
        COUNTED[counted](wrong)


WRONG_TYPES: dict[str, tuple[type, tuple[Any, ...], str]] = {
    "no parts": (PaymentTerms, (None,), "terms.format"),
    "text as parts": (PaymentTerms, ("net 30",), "terms.format"),
    "text as a part": (PaymentTerms, (("net 30",),), "terms.format"),
    "empty": (PaymentTerms, ((),), "terms.sum"),
    "text as a share": (Part, ("30%", Net(30)), "terms.format"),
    "number as a rule": (Part, (REST, 30), "terms.format"),
    "no discounts": (Part, (REST, Net(30), None), "terms.format"),
    "text as a discount": (Part, (REST, Net(30), ("2/10",)), "terms.format"),
    "text as a percentage": (EarlyDiscount, ("2%", 10), "terms.discount"),
    "number as an amount": (Fixed, (1000,), "terms.format"),
    "negative amount": (Fixed, ("-5",), "terms.format"),
    "amount of nothing": (Fixed, ("0.0",), "terms.format"),
}


@pytest.mark.parametrize("case", WRONG_TYPES)
def test_values_of_another_type_are_refused(case):
    kind, arguments, code = WRONG_TYPES[case]
    with pytest.raises(MalformedInput) as caught:
        kind(*arguments)
    assert caught.value.code == code


SAID = {
    "COD": "'COD' does not fit: write \"on delivery\"",
    "30% advance, rest net 30": "'advance' does not fit: write \"prepaid\"",
    "100% in advance": "'advance' does not fit: write \"prepaid\"",
    "月结30天": '\'月结30天\' does not fit: write "end of month", or "end of month + 30"',
    "货到付款": "'货到付款' does not fit: write \"on delivery\"",
    "2/10 n/30": "'n/30' does not fit: write \"net 30\"",
    "30% prepaid; rest net 60": "'prepaid;' does not fit: a comma and a blank stand between parts",
    "30% prepaid,rest net 60": "'prepaid,rest' does not fit: a comma and a blank stand between parts",
    "net  30": "one blank stands between words, and none before or behind them",
    "2/10, net 30": 'a discount and its due rule are one part, without a comma: "2/10 net 30"',
    "net 30 days": "'days' does not fit: days are not named, as in \"net 30\"",
    "net 30 from inspection": "'inspection' does not fit: try",
    "net 30 then on sunny": "'sunny' does not fit: try",
    "30% net 30 rest net 60": "'rest' does not fit: try",
    "end of": "something is missing at the end: try",
    "": "a part is missing: try",
    "30% prepaid, rest net 60, ": "a part is missing: try",
    "on delivery from invoice": '"net 0" stands before "from", not "on delivery"',
    "net 30, reserve 45": 'an option is such as "reserve 45 days"',
    "30 prepaid, rest net 60": "30 may be a percentage or an amount: write 30% or 30.00",
    "100 net 30, rest net 60": "100 may be a percentage or an amount: write 100% or 100.00",
}


@pytest.mark.parametrize("written", SAID)
def test_what_does_not_fit_is_said_with_what_may_be_meant(written):
    with pytest.raises(MalformedInput, match=r"terms\.format") as caught:
        parse_terms(written)
    assert caught.value.message.startswith(SAID[written])


def test_what_was_written_is_shown_as_it_was_written():
    for written in ("2/40 net 30", "Prepaid from invoice", "月结"):
        with pytest.raises(MalformedInput) as caught:
            parse_terms(written)
        assert caught.value.value == f"'{written}'"


@pytest.mark.parametrize("amount", ["30.00", "30.0", "101", "1500"])
def test_an_amount_that_is_no_forgotten_percentage_is_one(amount):
    terms = parse_terms(f"{amount} prepaid, rest net 60")
    assert terms.parts[0].share == Fixed(amount)
    assert str(terms) == f"{amount} prepaid, rest net 60"


@given(st.integers(1, 200))
def test_law_a_whole_amount_is_written_so_that_it_is_read_again(amount):
    terms = PaymentTerms((Part(Fixed(str(amount)), Net(0)), Part(REST, Net(30))))
    assert parse_terms(str(terms)) == terms
    assert ("." in str(terms)) == (amount <= 100)


@given(
    st.text(st.characters(codec="utf-8") | st.sampled_from("0123456789%/,+. netdayofmonthrest"), max_size=60)
)
def test_law_any_text_is_terms_or_a_typed_error(written):
    try:
        terms = parse_terms(written)
    except MalformedInput as refused:
        found = (refused.code.partition(".")[0], refused.field != "")
        assert found == ("terms", True)
    else:
        assert parse_terms(str(terms)) == terms
