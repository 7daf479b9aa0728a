"""Dunning as it is stored: policies, what is agreed with a customer, blocks, letters and claims (催款)."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from attrs import frozen

from pharmacrm.core.collections.interest import InterestTerms
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.record import Column, ParentOf, Part, Record
from pharmacrm.core.kernel.strict import Limit, strict

CHINESE: Final = "zh"
"""The language of letters to every customer for whom no other is agreed."""

STANDARD: Final = "standard"
"""The policy of every customer for whom no other is agreed."""


class DunningClock(StrEnum):
    """What the days of a level are counted from: the due date, the end of its month, or the level before.

    `month end` is for customers who pay once a month; `previous level` counts from the letter in which the
    instalment had the level before, so that such a level is never skipped.
    """

    DUE = "due date"
    MONTH_END = "month end"
    PREVIOUS = "previous level"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _CLOCK_ZH[self]


_CLOCK_ZH = {
    DunningClock.DUE: "到期日",
    DunningClock.MONTH_END: "到期月末",
    DunningClock.PREVIOUS: "上一级催款",
}


@frozen(kw_only=True, field_transformer=strict)
class DunningLevel:
    """One level of dunning (催款级别): after how many days, its fee, and whether interest is claimed.

    `counts_from` says since when the days are counted; without more words, since the due date.
    """

    days: int
    name: Annotated[str, Limit(100)]
    fee: Money | None = None
    interest: bool = False
    counts_from: DunningClock = DunningClock.DUE


@frozen(kw_only=True)
class DunningPolicy(Record):
    """How late payers are dunned (催款政策): its levels, lowest first; the id is its name.

    An instalment rises one level at a time, unless levels may be skipped (`one_at_a_time` false), and at
    least `pause` days lie between two letters to a customer. Less than `minimum` is no reason for a letter,
    in its currency. Without `active` nobody is dunned by it.
    """

    levels: Annotated[tuple[DunningLevel, ...], Column(length=4000, zh="级别")]
    interest: Annotated[InterestTerms | None, Column(length=4000, zh="计息")] = None
    pause: Annotated[int, Column(zh="间隔天数")] = 7
    minimum: Annotated[Money | None, Column(zh="起催金额")] = None
    one_at_a_time: Annotated[bool, Column(zh="逐级催款")] = True
    active: Annotated[bool, Column(zh="启用")] = True


@frozen(kw_only=True)
class DunningTerms(Record):
    """What is agreed with one customer about dunning; the id is the customer's (客户催款约定)."""

    policy: Annotated[str, Column(zh="政策")] = STANDARD
    max_level: Annotated[int | None, Column(zh="最高级别")] = None
    language: Annotated[str, Column(length=16, zh="语言")] = CHINESE


@frozen(kw_only=True)
class DunningBlock(Record):
    """A customer or an instalment, by its id, that is not dunned (暂停催款): through a day or without end."""

    until: Annotated[date | None, Column(zh="截止日期")] = None
    reason: Annotated[str, Column(length=500, zh="原因")] = ""
    lifted: Annotated[bool, Column(zh="已解除")] = False

    def holds(self, on: date) -> bool:
        """Whether it stops dunning on a day; the last day counts."""
        return not self.lifted and (self.until is None or on <= self.until)


class Suspension(StrEnum):
    """Why an item is not dunned although it is late; what is covered, a bank bill in hand will pay."""

    NONE = ""
    BLOCKED = "blocked"
    DISPUTED = "disputed"
    PROMISED = "promised"
    COVERED = "covered"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _SUSPENSION_ZH[self]


_SUSPENSION_ZH = {
    Suspension.NONE: "",
    Suspension.BLOCKED: "暂停催款",
    Suspension.DISPUTED: "争议中",
    Suspension.PROMISED: "已承诺付款",
    Suspension.COVERED: "持有票据",
}


@frozen(kw_only=True)
class DunningLetter(Record):
    """One letter to one customer (催款函), at the highest level of its items; the id is made of its day.

    `open` is what the letter asks for without fee and interest. These become debts of their own, whose ids
    begin with that of the letter, so that they stay claimable when the debt itself is paid. `subject` and
    `text` are what it says, where a text was set for its level; one by hand has a `reason`.
    """

    customer: Annotated[str, Column(index=True, zh="客户")]
    on: Annotated[date, Column(index=True, zh="日期")]
    policy: Annotated[str, Column(zh="政策")]
    policy_version: Annotated[int, Column(zh="政策版本")]
    level: Annotated[int, Column(zh="级别")]
    open: Annotated[Money, Column(zh="欠款")]
    fee: Annotated[Money, Column(zh="手续费")]
    interest: Annotated[Money, Column(zh="利息")]
    language: Annotated[str, Column(length=16, zh="语言")] = ""
    subject: Annotated[str, Column(length=1000, zh="标题")] = ""
    text: Annotated[str, Column(length=10000, zh="正文")] = ""
    reason: Annotated[str, Column(length=500, zh="人工催款原因")] = ""


@frozen(kw_only=True)
class DunnedItem(Part):
    """One instalment of a letter (催款明细); its id is `{letter}/{number}`."""

    letter: Annotated[str, Column(index=True), ParentOf(DunningLetter)]
    customer: Annotated[str, Column(index=True, zh="客户")]
    instalment: Annotated[str, Column(index=True, zh="分期")]
    level: Annotated[int, Column(zh="级别")]
    due: Annotated[date, Column(zh="到期日")]
    days_late: Annotated[int, Column(zh="逾期天数")]
    open: Annotated[Money, Column(zh="欠款")]
    interest: Annotated[Money, Column(zh="利息")]


@frozen(kw_only=True)
class DunningMark(Record):
    """How far dunning is carried out: through this day, for every customer; the id is `dunning`."""

    through: Annotated[date, Column(zh="已处理至")]
