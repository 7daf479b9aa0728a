"""Balance confirmation (对账函): what the customer's books say of our balance, and the items that differ."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from attrs import evolve, frozen

from pharmacrm.core.collections.confirmation_reasons import (
    CONFIRMATION_ANSWERED,
    CONFIRMATION_CURRENCY,
    CONFIRMATION_DIFFERS,
    CONFIRMATION_EXISTS,
    CONFIRMATION_FUTURE,
    CONFIRMATION_UNEXPLAINED,
)
from pharmacrm.core.collections.events import BalanceAnswered, BalanceConfirmationRequested
from pharmacrm.core.collections.statement import Statement
from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.record import Column, ParentOf, Part, Personal, Record
from pharmacrm.core.kernel.words import Words

CONFIRMING = "confirmation of balances"
"""Why the name of the person who answered is kept."""


class ConfirmationState(StrEnum):
    """Where a confirmation is: asked for, confirmed by the customer, or disputed."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _STATE_ZH[self]


_STATE_ZH = {
    ConfirmationState.REQUESTED: "待回函",
    ConfirmationState.CONFIRMED: "相符",
    ConfirmationState.DISPUTED: "不符",
}


@frozen(kw_only=True)
class BalanceConfirmation(Record):
    """A balance that a customer is asked to confirm (对账函), as it was at the end of a day.

    What was asked for stays as it is, whatever is booked later. `unexplained` is what the items do not
    explain of the difference.
    """

    customer: Annotated[str, Column(index=True, zh="客户")]
    as_of: Annotated[date, Column(index=True, zh="截止日期")]
    balance: Annotated[Money, Column(zh="我方余额")]
    requested_on: Annotated[date, Column(zh="发函日期")]
    state: Annotated[ConfirmationState, Column(length=12, index=True, zh="状态")] = (
        ConfirmationState.REQUESTED
    )
    theirs: Annotated[Money | None, Column(zh="对方余额")] = None
    unexplained: Annotated[Money | None, Column(zh="未解释差额")] = None
    answered_on: Annotated[date | None, Column(zh="回函日期")] = None
    person: Annotated[str, Column(zh="回函人"), Personal(CONFIRMING)] = ""
    note: Annotated[str, Column(length=2000, zh="说明"), Personal(CONFIRMING)] = ""


@frozen(kw_only=True)
class ConfirmationItem(Part):
    """One piece of the balance (对账明细); its id is `{confirmation}/{number}`.

    `theirs` is what the customer's books have for it: None until they say so. A document that only the
    customer knows is an item with nothing of ours.
    """

    confirmation: Annotated[str, Column(index=True), ParentOf(BalanceConfirmation)]
    number: Annotated[int, Column(zh="序号")]
    document: Annotated[str, Column(zh="单据")]
    due: Annotated[date | None, Column(zh="到期日")] = None
    ours: Annotated[Money, Column(zh="我方金额")]
    theirs: Annotated[Money | None, Column(zh="对方金额")] = None

    @property
    def difference(self) -> Money:
        """What the customer has more; nothing while they have not said."""
        return Money.zero(self.ours.currency) if self.theirs is None else self.theirs - self.ours


def request(
    id: str, statement: Statement, old: BalanceConfirmation | None, *, on: date
) -> Decision[BalanceConfirmation]:
    """Ask a customer to confirm the closing balance of a statement, with the items that it is made of."""
    new = BalanceConfirmation(
        id=id,
        customer=statement.customer,
        as_of=statement.through,
        balance=statement.closing,
        requested_on=on,
    )
    items = [
        ConfirmationItem(
            id=f"{id}/{number}",
            confirmation=id,
            number=number,
            document=each.document,
            due=each.due,
            ours=each.amount,
        )
        for number, each in enumerate(statement.items, start=1)
    ]
    future = statement.through > on
    return accept(
        new,
        CONFIRMATION_EXISTS(id, field="id") if old is not None else (),
        CONFIRMATION_FUTURE(id, field="as_of", observed=statement.through, expected=on) if future else (),
        save(new, *items),
        tell(BalanceConfirmationRequested(subject=id, customer=new.customer)),
    )


def answer(
    asked: BalanceConfirmation,
    items: Sequence[ConfirmationItem],
    theirs: Money,
    listed: Mapping[str, Money],
    *,
    on: date,
    person: str = "",
    note: str = "",
) -> Decision[BalanceConfirmation]:
    """Take down what the customer's books say: their balance, and their amounts by document.

    Equal balances confirm, unless a listed document differs. Else it is disputed, and the answer names every
    item that differs, and what none explains. A document that is not listed is taken as agreed.
    """
    unfit = _unfit(asked, theirs, listed)
    if unfit:
        return refuse(*unfit)
    compared = _compared(asked, items, listed)
    currency = asked.balance.currency
    explained = Money.total((each.difference for each in compared), currency)
    left = theirs - asked.balance - explained
    differing = [each for each in compared if each.difference]
    same = theirs == asked.balance and not differing
    after = evolve(
        asked,
        state=ConfirmationState.CONFIRMED if same else ConfirmationState.DISPUTED,
        theirs=theirs,
        unexplained=left,
        answered_on=on,
        person=person,
        note=note,
    )
    known = {each.id: each for each in items}
    changed = [each for each in compared if known.get(each.id) != each]
    event = BalanceAnswered(subject=asked.id, customer=asked.customer, state=after.state)
    return accept(after, _found(after, differing, left), save(after, *changed), tell(event))


def _compared(
    asked: BalanceConfirmation, items: Sequence[ConfirmationItem], listed: Mapping[str, Money]
) -> list[ConfirmationItem]:
    """Our items with what the customer has for each, and after them what only the customer has."""
    compared = [evolve(each, theirs=listed.get(each.document)) for each in items]
    known = {each.document for each in items}
    nothing = Money.zero(asked.balance.currency)
    for document in sorted(listed.keys() - known):
        number = len(compared) + 1
        compared.append(
            ConfirmationItem(
                id=f"{asked.id}/{number}",
                confirmation=asked.id,
                number=number,
                document=document,
                ours=nothing,
                theirs=listed[document],
            )
        )
    return compared


def _found(
    after: BalanceConfirmation, differing: Sequence[ConfirmationItem], left: Money
) -> tuple[Reason, ...]:
    found = [
        CONFIRMATION_DIFFERS(after.id, field=each.document, observed=each.theirs, expected=each.ours)
        for each in differing
    ]
    if left:
        found.append(
            CONFIRMATION_UNEXPLAINED(
                after.id, field="balance", named=_away(left, beside=bool(differing)), observed=left
            )
        )
    return tuple(found)


def _away(left: Money, *, beside: bool) -> Words:
    """How the balances differ without the items that are named, if there are any."""
    amount, lower = abs(left), left.is_negative
    aside, beyond = (", the named items aside,", "除所列单据外") if beside else ("", "")
    return Words(
        f"{amount} {'lower' if lower else 'higher'}{aside}",
        f"{beyond}比我方{'少' if lower else '多'} {amount}",
    )


def _unfit(asked: BalanceConfirmation, theirs: Money, listed: Mapping[str, Money]) -> tuple[Reason, ...]:
    if asked.state is not ConfirmationState.REQUESTED:
        return (CONFIRMATION_ANSWERED(asked.id, field="state", observed=asked.answered_on),)
    currency = asked.balance.currency
    given = {theirs.currency, *(each.currency for each in listed.values())}
    wrong = sorted(given - {currency})
    return tuple(
        CONFIRMATION_CURRENCY(asked.id, field="balance", observed=each, expected=currency) for each in wrong
    )
