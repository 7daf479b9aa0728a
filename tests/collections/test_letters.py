"""Letters by hand, and what letters say: refused where the run is silent, and in the customer's own words."""

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.collections.dunning import (
    BlockDunning,
    DunnedItem,
    DunningText,
    SetDunningPolicy,
    SetDunningTerms,
    SetDunningText,
    Suspension,
    letter_of,
    worded,
)
from pharmacrm.core.collections.dunning.by_hand import Wanted, by_hand
from pharmacrm.core.collections.dunning.texts import PLACES, set_text
from pharmacrm.core.flows.dunning_by_hand import IssueDunningLetter
from pharmacrm.core.kernel.errors import NotFound, NotPermitted
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.receivables import DisputeCause, OpenDispute, Receivable, RecordPromise
from tests.collections.test_dunning import DAY, items, late, policies, policy
from tests.collections.test_dunning_door import POLICY, letters, shipped, the_debt, working_day
from tests.covers import covers
from tests.flows.house import (
    BUYER,
    FINANCE,
    SALES,
    credit,
    entities,
    open_house,
    pass_days,
    replayed,
    today,
    yuan,
)

CUSTOMER = "H-001"
HAND = IssueDunningLetter(customer=BUYER, reason="电话催收无果")


@pytest.fixture
def crm():
    house = open_house()
    house.do(POLICY, actor=FINANCE).expect()
    shipped(house, "SO-1", 1000)
    return house


def wanted(**more):
    return evolve(Wanted(customer=CUSTOMER, currency="CNY", on=DAY), **more)


@pytest.mark.parametrize(
    ("more", "item", "level"),
    [
        ({}, late(3), 1),
        ({}, late(12), 1),
        ({}, late(45, level=1), 2),
        ({"level": 2}, late(3), 2),
        ({"level": 1}, late(45, level=2), 2),
        ({"max_level": 1}, late(90), 1),
    ],
)
def test_the_level_is_the_one_that_is_wanted_and_never_less_than_it_was(more, item, level):
    found = by_hand(policy(), wanted(**more), [item]).expect()
    assert (found.letter, found.level) == (True, level)


@pytest.mark.parametrize(
    ("more", "debts", "codes"),
    [
        ({}, [], ["dunning_letter.nothing_late"]),
        ({"instalments": ("I-9",)}, [late(12)], ["dunning_letter.not_late"]),
        ({"level": 0}, [late(12)], ["dunning_letter.level"]),
        ({"level": 4}, [late(12)], ["dunning_letter.level"]),
        ({"level": 2, "max_level": 1}, [late(12)], ["dunning_letter.level"]),
        ({"max_level": 0}, [late(12)], ["dunning_letter.level"]),
        ({}, [late(12, suspended=Suspension.BLOCKED)], ["dunning_letter.blocked"]),
        ({}, [late(12, suspended=Suspension.PROMISED)], ["dunning_letter.promised"]),
        ({}, [late(12, suspended=Suspension.DISPUTED)], ["dunning_letter.disputed"]),
        ({}, [late(12, suspended=Suspension.COVERED)], ["dunning_letter.covered"]),
        (
            {"instalments": ("I-12", "I-45")},
            [late(12, suspended=Suspension.PROMISED), late(45)],
            ["dunning_letter.promised"],
        ),
    ],
)
def test_what_is_refused(more, debts, codes):
    assert list(by_hand(policy(), wanted(**more), debts).codes) == codes


def test_every_suspension_has_its_reason():
    for why in set(Suspension) - {Suspension.NONE}:
        refused = by_hand(policy(), wanted(), [late(12, suspended=why)])
        assert list(refused.codes) == [f"dunning_letter.{why.value}"]


def test_what_is_suspended_is_left_out_where_nothing_was_named():
    debts = [late(12, 100, suspended=Suspension.DISPUTED), late(45, 200)]
    found = by_hand(policy(), wanted(), debts).expect()
    assert ([each.item.instalment for each in found.dunned], found.open) == (["I-45"], yuan(200))


@given(items, policies, st.none() | st.integers(1, 3), st.none() | st.integers(0, 3))
def test_law_a_letter_by_hand_asks_for_nothing_that_the_run_may_not(dunned, by, level, most):
    decision = by_hand(by, wanted(level=level, max_level=most), dunned)
    if decision.value is None:
        assert decision.codes
        return
    found = decision.value
    free = [each for each in dunned if each.suspended is Suspension.NONE and each.open.is_positive]
    assert [each.item for each in found.items] == free
    assert found.open == Money.total((each.open for each in free), "CNY")
    for each in found.items:
        assert max(1, min(each.item.level, len(by.levels))) <= each.level <= len(by.levels)
        assert each.level <= max(level or each.level, each.item.level)
        due = (each.item.accrued or yuan(0)) - (each.item.claimed or yuan(0))
        assert yuan(0) <= each.interest <= max(due, yuan(0))


# ------------------------------------------------------------------------------------------ what it says


def words(**more):
    base = DunningText(
        id="/zh/1",
        language="zh",
        level=1,
        subject="第 $level 级催款",
        text="截至 $on 尚欠 $open，费用 $fee，利息 $interest，合计 $total。$$ $customer $letter",
    )
    return evolve(base, **more)


def letter():
    by = policy()
    return letter_of(by, by_hand(by, wanted(), [late(12, 100)]).expect())


def test_a_letter_says_its_own_figures():
    said = worded(letter(), [words()], "zh")
    assert (said.language, said.subject) == ("zh", "第 1 级催款")
    figures = f"截至 {DAY} 尚欠 CNY 100.00，费用 CNY 0.00，利息 CNY 0.00，合计 CNY 100.00。"
    assert said.text == f"{figures}$ {CUSTOMER} {letter().id}"


def test_the_customers_own_words_come_first_in_their_language():
    own = words(id=f"{CUSTOMER}/en/1", customer=CUSTOMER, language="en", subject="Reminder", text="$open")
    other = words(id="H-9/en/1", customer="H-9", language="en", subject="No", text="no")
    common = words(id="/en/1", language="en", subject="All", text="all")
    texts = [words(), own, other, common]
    assert worded(letter(), texts, "en").subject == "Reminder"
    assert worded(letter(), [common, other], "en").subject == "All"
    assert worded(letter(), [other], "en") == worded(letter(), [words(level=2)], "zh") == letter()


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({}, []),
        ({"text": " ".join(f"${name}" for name in PLACES)}, []),
        ({"text": "$owed"}, ["dunning_text.place"]),
        ({"subject": "100 $"}, ["dunning_text.place"]),
        ({"level": 0}, ["dunning_text.level"]),
        ({"level": 10, "text": "${total} ${sum}"}, ["dunning_text.level", "dunning_text.place"]),
    ],
)
def test_a_text_names_only_what_letters_have(more, codes):
    assert list(set_text(None, words(**more)).codes) == codes
    if not codes:
        kept = set_text(None, words(**more)).expect()
        assert set_text(evolve(kept, version=3), words(**more)).changes == ()


@given(st.text(max_size=80).filter(lambda text: "$" not in text), st.sampled_from(PLACES))
def test_law_other_words_stand_as_they_are(text, place):
    said = worded(letter(), [words(text=f"{text}${{{place}}}{text}")], "zh").text
    assert said.startswith(text)
    assert said.endswith(text)


# ------------------------------------------------------------------------------------------ at the door


@covers("XT-22")
def test_a_letter_by_hand_goes_out_before_the_run_and_is_the_only_one_of_its_day(crm):
    own = SetDunningText(level=2, subject="Reminder", text="$open of $total", language="en", customer=BUYER)
    crm.do(own, actor=FINANCE).expect()
    crm.do(SetDunningTerms(customer=BUYER, language="en"), actor=FINANCE).expect()
    working_day(crm, 33)
    sent = crm.do(evolve(HAND, level=2), actor=FINANCE).expect()
    assert (sent.level, sent.open, sent.fee, sent.reason) == (2, yuan(1000), yuan(20), HAND.reason)
    total = yuan(1020) + sent.interest
    assert (sent.language, sent.subject, sent.text) == ("en", "Reminder", f"CNY 1,000.00 of {total}")
    assert credit(crm).exposure == total
    assert {each.id for each in entities(crm, Receivable) if each.principal} == {
        f"{sent.id}/fee",
        f"{sent.id}/interest/1",
    }
    crm.run_due()
    assert len(letters(crm)) == 1
    again = crm.do(HAND, actor=FINANCE)
    assert [(each.code, each.observed) for each in again.reasons] == [("dunning_letter.sent", sent.id)]
    pass_days(crm, 1)
    second = crm.do(HAND, actor=FINANCE).expect()  # the pause is for the run
    assert (second.level, second.fee) == (2, yuan(0))
    assert len(entities(crm, DunnedItem)) == 2
    replayed(crm)


def test_the_run_says_what_was_set_too(crm):
    crm.do(SetDunningText(level=1, subject="催款", text="请付 $total"), actor=FINANCE).expect()
    working_day(crm, 38)
    crm.run_due()
    (first,) = letters(crm)
    assert (first.subject, first.text, first.reason) == ("催款", "请付 CNY 1,000.00", "")


def test_what_somebody_has_said_of_a_debt_stops_a_letter_by_hand(crm):
    assert crm.do(HAND, actor=FINANCE).codes == ("dunning_letter.nothing_late",)
    working_day(crm, 38)
    debt = the_debt(crm).id
    pay_by = today(crm) + timedelta(days=3)
    crm.do(RecordPromise(instalment=debt, amount=yuan(900), pay_by=pay_by), actor=SALES).expect()
    assert crm.do(HAND, actor=FINANCE).codes == ("dunning_letter.promised",)
    pass_days(crm, 4)
    crm.do(OpenDispute(instalment=debt, amount=yuan(1000), cause=DisputeCause.PRICE), actor=SALES).expect()
    assert crm.do(HAND, actor=FINANCE).codes == ("dunning_letter.disputed",)
    crm.do(BlockDunning(subject_id=BUYER, reason="诉讼中"), actor=FINANCE).expect()
    named = evolve(HAND, instalments=(debt, "OUT-9/receivable/1"))
    assert crm.do(named, actor=FINANCE).codes == ("dunning_letter.blocked", "dunning_letter.not_late")
    assert letters(crm) == []
    with pytest.raises(NotPermitted):
        crm.do(HAND, actor=SALES)
    with pytest.raises(NotFound):
        crm.do(evolve(HAND, customer="H-404"), actor=FINANCE)


def test_without_a_policy_nobody_is_dunned_by_hand():
    crm = open_house()
    assert crm.do(HAND, actor=FINANCE).codes == ("dunning_letter.no_policy",)
    rest = SetDunningPolicy(levels=POLICY.levels, interest=POLICY.interest, active=False)
    crm.do(rest, actor=FINANCE).expect()
    assert crm.do(HAND, actor=FINANCE).codes == ("dunning_letter.no_policy",)
