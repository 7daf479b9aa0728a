"""Dunning through the door: by `run_due`, with blocks, disputes and promises, and never twice."""

from datetime import timedelta

import pytest
from attrs import evolve

from pharmacrm import DeliverContext, Delivered, hookimpl
from pharmacrm.core.collections import InterestTerms, RateStep, RateTable
from pharmacrm.core.collections.dunning import (
    BlockDunning,
    DunnedItem,
    DunningClock,
    DunningLetter,
    DunningLevel,
    SetDunningPolicy,
    SetDunningTerms,
    Suspension,
    UnblockDunning,
)
from pharmacrm.core.flows.bills import DishonourBill
from pharmacrm.core.flows.collection import AllocateReceipt
from pharmacrm.core.flows.dunning import DunningPreview
from pharmacrm.core.flows.shipping import IssueSlip
from pharmacrm.core.flows.statements import StatementOfAccount
from pharmacrm.core.kernel.dates import end_of_month
from pharmacrm.core.kernel.errors import NotFound
from pharmacrm.core.orders import SlipItem
from pharmacrm.core.receivables import (
    DisputeCause,
    Instalment,
    OpenDispute,
    Receivable,
    RecordPromise,
)
from pharmacrm.plugins.notifications.wording import addressees, worded
from tests.flows.house import (
    BUYER,
    FINANCE,
    SALES,
    WAREHOUSE,
    credit,
    entities,
    open_house,
    pass_days,
    placed,
    receipt,
    released,
    today,
    yuan,
)
from tests.flows.scenarios_bills import a_bill

POLICY = SetDunningPolicy(
    levels=(
        DunningLevel(days=5, name="一次"),
        DunningLevel(days=20, name="二次", fee=yuan(20), interest=True),
    ),
    interest=InterestTerms(rates=RateTable((RateStep("2020-01-01", "3.65%"),))),
    pause=7,
)


def shipped(crm, order, yuan_, terms="net 30"):
    released(crm, order, yuan_, terms=terms)
    items = (SlipItem(1, "L1", yuan_ * 4 // 5),)
    crm.do(IssueSlip(order=order, items=items), actor=WAREHOUSE).expect()


@pytest.fixture
def crm():
    house = open_house()
    house.do(POLICY, actor=FINANCE).expect()
    shipped(house, "SO-1", 1000)
    return house


def letters(crm):
    return sorted(entities(crm, DunningLetter), key=lambda each: each.on)


def working_day(crm, days):
    """So many days pass, and then the weekend."""
    pass_days(crm, days)
    while today(crm).weekday() > 4:
        pass_days(crm, 1)


def the_debt(crm):
    (found,) = [each for each in entities(crm, Instalment) if not each.settled]
    return found


def test_a_late_payer_is_dunned_level_by_level_and_never_twice(crm):
    crm.run_due()
    assert letters(crm) == []
    working_day(crm, 38)
    for _ in range(3):
        crm.run_due()
    (first,) = letters(crm)
    assert (first.customer, first.level, first.open) == (BUYER, 1, yuan(1000))
    assert (first.fee, first.interest) == (yuan(0), yuan(0))
    working_day(crm, 3)
    crm.run_due()
    assert len(letters(crm)) == 1
    working_day(crm, 20)
    crm.run_due()
    crm.run_due()
    _, second = letters(crm)
    (item,) = [each for each in entities(crm, DunnedItem) if each.letter == second.id]
    assert (second.level, second.fee) == (2, yuan(20))
    # 1,000 x 3.65 % / 365 is 10 fen a day
    assert second.interest.minor == 10 * item.days_late
    assert charges(crm) == {"cost": yuan(20), "interest": second.interest}


def charges(crm):
    """What is still owed for being late, by kind."""
    late = {each.id: each.kind for each in entities(crm, Receivable) if each.principal}
    open_ = [each for each in entities(crm, Instalment) if each.receivable in late]
    return {late[each.receivable]: each.open for each in open_}


def test_fee_and_interest_stay_when_the_debt_is_paid(crm):  # a peer loses the interest with the last payment
    working_day(crm, 38)
    crm.run_due()
    working_day(crm, 20)
    before = credit(crm).exposure
    crm.run_due()
    second = letters(crm)[1]
    assert credit(crm).exposure == before + second.fee + second.interest
    crm.do(receipt(crm, "R-1", 1000), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    working_day(crm, 30)
    crm.run_due()
    assert len(letters(crm)) == 2  # what is charged is not dunned, and bears no interest
    assert charges(crm) == {"cost": yuan(20), "interest": second.interest}
    statement = StatementOfAccount(customer=BUYER, start=today(crm), through=today(crm))
    assert crm.ask(statement, actor=FINANCE).closing == second.fee + second.interest


def test_a_weekend_has_no_letters(crm):
    working_day(crm, 38)
    while today(crm).weekday() != 5:
        pass_days(crm, 1)
    crm.run_due()
    assert letters(crm) == []


@pytest.mark.parametrize("of", ["customer", "instalment"])
def test_a_block_stops_dunning_until_it_is_lifted(crm, of):
    working_day(crm, 38)
    subject = BUYER if of == "customer" else the_debt(crm).id
    crm.do(BlockDunning(subject_id=subject, reason="对账中"), actor=FINANCE).expect()
    (item,) = crm.ask(DunningPreview(customer=BUYER), actor=FINANCE).items
    assert (item.level, item.item.suspended) == (0, Suspension.BLOCKED)
    crm.run_due()
    assert letters(crm) == []
    crm.do(UnblockDunning(subject_id=subject, reason="对账完成"), actor=FINANCE).expect()
    crm.run_due()
    assert letters(crm) == []  # the day was done
    working_day(crm, 1)
    crm.run_due()
    assert len(letters(crm)) == 1


def test_a_block_may_end_by_itself(crm):
    working_day(crm, 38)
    block = BlockDunning(subject_id=BUYER, until=today(crm), reason="对账中")
    crm.do(block, actor=FINANCE).expect()
    crm.run_due()
    assert letters(crm) == []
    working_day(crm, 1)
    crm.run_due()
    assert len(letters(crm)) == 1


def test_what_is_disputed_is_not_asked_for(crm):
    working_day(crm, 38)
    debt = the_debt(crm).id
    part = OpenDispute(id="D-1", instalment=debt, amount=yuan(400), cause=DisputeCause.PRICE)
    crm.do(part, actor=SALES).expect()
    assert crm.ask(DunningPreview(customer=BUYER), actor=FINANCE).open == yuan(600)
    rest = OpenDispute(id="D-2", instalment=debt, amount=yuan(600), cause=DisputeCause.QUALITY)
    crm.do(rest, actor=SALES).expect()
    (item,) = crm.ask(DunningPreview(customer=BUYER), actor=FINANCE).items
    assert (item.level, item.item.suspended) == (0, Suspension.DISPUTED)


def test_what_a_bill_in_hand_covers_is_not_asked_for(crm):
    working_day(crm, 38)
    bill = a_bill(crm, "BA-1", 400)
    crm.do(bill, actor=FINANCE).expect()
    asked = crm.ask(DunningPreview(customer=BUYER), actor=FINANCE)
    assert (asked.open, asked.level) == (yuan(600), 1)
    crm.do(evolve(bill, id="BA-2", amount=yuan(600)), actor=FINANCE).expect()
    (item,) = crm.ask(DunningPreview(customer=BUYER), actor=FINANCE).items
    assert (item.level, item.item.suspended) == (0, Suspension.COVERED)
    crm.run_due()
    assert letters(crm) == []
    statement = crm.ask(
        StatementOfAccount(customer=BUYER, start=today(crm), through=today(crm)), actor=FINANCE
    )
    assert [(each.bill, each.amount) for each in statement.bills] == [
        ("BA-1", yuan(400)),
        ("BA-2", yuan(600)),
    ]
    assert statement.closing == yuan(1000)
    crm.do(DishonourBill(bill="BA-2", reason="余额不足"), actor=FINANCE).expect()
    working_day(crm, 1)
    crm.run_due()
    assert [each.open for each in letters(crm)] == [yuan(600)]


def test_a_promise_counts_until_its_day(crm):
    working_day(crm, 38)
    debt = the_debt(crm).id
    promise = RecordPromise(id="P-1", instalment=debt, amount=yuan(1000), pay_by=today(crm) + timedelta(3))
    crm.do(promise, actor=SALES).expect()
    crm.run_due()
    assert letters(crm) == []
    working_day(crm, 4)
    crm.run_due()
    assert len(letters(crm)) == 1


def test_a_customer_may_have_an_agreement_of_its_own(crm):
    crm.do(SetDunningTerms(customer=BUYER, max_level=0), actor=FINANCE).expect()
    working_day(crm, 60)
    crm.run_due()
    assert letters(crm) == []
    slow = SetDunningPolicy(id="slow", levels=(DunningLevel(days=90, name="一次"),))
    crm.do(slow, actor=FINANCE).expect()
    crm.do(SetDunningTerms(customer=BUYER, policy="slow"), actor=FINANCE).expect()
    working_day(crm, 62)
    crm.run_due()
    assert [(each.policy, each.level) for each in letters(crm)] == [("slow", 1)]


def test_a_prepayment_that_did_not_come_is_no_debt_to_dun():
    crm = open_house()
    crm.do(POLICY, actor=FINANCE).expect()
    placed(crm, "SO-1", 1000, terms="100% prepaid")
    working_day(crm, 60)
    crm.run_due()
    assert letters(crm) == []


def test_without_a_policy_nobody_is_dunned():
    crm = open_house()
    shipped(crm, "SO-1", 1000)
    working_day(crm, 60)
    crm.run_due()
    assert letters(crm) == []
    with pytest.raises(NotFound):
        crm.ask(DunningPreview(customer=BUYER), actor=FINANCE)


def test_a_letter_is_told_to_whoever_listens(crm):
    working_day(crm, 38)
    preview = crm.ask(DunningPreview(customer=BUYER), actor=FINANCE)
    crm.run_due()
    (letter,) = letters(crm)
    assert (preview.letter, preview.level, preview.open) == (True, letter.level, letter.open)


def test_the_second_letter_counts_from_the_first(crm):
    """By the month end, and then 10 days after the letter before, whatever the due date says."""
    levels = (
        DunningLevel(days=1, name="一次", counts_from=DunningClock.MONTH_END),
        DunningLevel(days=10, name="二次", counts_from=DunningClock.PREVIOUS),
    )
    crm.do(SetDunningPolicy(levels=levels, pause=1), actor=FINANCE).expect()
    while len(letters(crm)) < 2:
        working_day(crm, 1)
        crm.run_due()
    first, second = letters(crm)
    assert (first.level, second.level) == (1, 2)
    assert first.on > end_of_month(the_debt(crm).due)
    assert (first.on - end_of_month(the_debt(crm).due)).days <= 3  # a weekend may lie between
    assert 10 <= (second.on - first.on).days <= 12


class Post:
    """Takes the notices of dunning letters, as a notifier does, and words them."""

    name = "post"
    topics = ("DunningLetterSent",)

    def __init__(self) -> None:
        self.letters: list[tuple[str, ...]] = []

    @hookimpl
    def pharmacrm_deliver(self, context: DeliverContext) -> Delivered:
        for language in ("en", "zh-CN"):
            said = worded(context.topic, context.subject, context.payload, language)
            self.letters.append((*addressees(context.topic, context.payload), said.subject, said.text))
        return Delivered()


def test_a_customer_is_told_of_once_however_many_debts_are_late():
    """One notice for each letter, at the highest level, in two languages, to finance."""
    post = Post()
    crm = open_house(plugins=[post])
    crm.do(POLICY, actor=FINANCE).expect()
    shipped(crm, "SO-1", 1000)
    working_day(crm, 38)
    crm.run_due()
    shipped(crm, "SO-2", 500, terms="net 5")
    working_day(crm, 21)
    crm.run_due()
    while crm.deliver().delivered:
        pass
    letter = letters(crm)[-1]
    assert (letter.level, letter.open) == (2, yuan(1500))
    assert len(letters(crm)) * 2 == len(post.letters)
    english, chinese = post.letters[-2:]
    claimed = letter.fee + letter.interest
    first = f"Customer {BUYER} gets a dunning letter of level 2."
    second = f"It asks for CNY 1,500.00, and claims {claimed} of fee and interest."
    assert english == ("finance", f"Dunning letter {letter.id}: level 2", f"{first}\n{second}")
    assert chinese[1] == f"催款函 {letter.id}：第 2 级"
    assert not any("$" in part for told in post.letters for part in told)
