"""What people want done in collections."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, ClassVar

from attrs import field, frozen
from attrs.converters import optional

from pharmacrm.core.collections.confirmation import CONFIRMING, BalanceConfirmation
from pharmacrm.core.collections.ledger import LedgerRole
from pharmacrm.core.collections.provision import ProvisionRates
from pharmacrm.core.collections.vouchers import LedgerAccount
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import Money, Percentage, as_percentage
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, strict


def as_percentages(value: Sequence[Percentage | str]) -> tuple[Percentage, ...]:
    """Read percentages with their signs; an error names the place of the one it cannot read."""
    if type(value) not in {tuple, list}:
        raise MalformedInput("list.type", "a list or tuple is wanted", value=value)
    found = []
    for place, each in enumerate(value):
        try:
            found.append(as_percentage(each))
        except MalformedInput as error:
            raise error.inside(f"[{place}]") from None
    return tuple(found)


@frozen(kw_only=True, field_transformer=strict)
class SetProvisionRates(Command[ProvisionRates]):
    """Set the rates of bad-debt provision for each class of age, from a day on (设定坏账计提比例).

    Debt that is not due is the first class; `edges` (30, 90) makes three more: 1-30, 31-90 and over 90 days.
    Earlier tables stay: a provision of a past day uses the rates of that day.
    """

    subject_field: ClassVar[str] = "valid_from"

    valid_from: date = field(converter=as_date)
    edges: tuple[int, ...]
    rates: tuple[Percentage, ...] = field(converter=as_percentages)
    reason: Annotated[str, Limit(500, empty=True)] = ""


@frozen(field_transformer=strict)
class TheirItem:
    """What a customer's books have for one document: ours, or one that only they know."""

    document: Annotated[str, Limit(200)]
    amount: Money


def as_items(value: Sequence[TheirItem]) -> tuple[TheirItem, ...]:
    """Check the items of an answer: each document once (`confirmation.item_twice`), all of `TheirItem`."""
    if type(value) not in {tuple, list} or not all(type(each) is TheirItem for each in value):
        raise MalformedInput("list.type", "a list of TheirItem is wanted", value=value)
    seen: set[str] = set()
    for each in value:
        if each.document in seen:
            message = "a document stands once in an answer"
            raise MalformedInput("confirmation.item_twice", message, value=each.document)
        seen.add(each.document)
    return tuple(value)


@frozen(kw_only=True, field_transformer=strict)
class AnswerConfirmation(Command[BalanceConfirmation]):
    """Take down what a customer answered to a balance confirmation (回函): their balance, and what differs.

    `documents` are their amounts; a document that is not listed is taken as agreed.
    """

    subject_field: ClassVar[str] = "confirmation"

    confirmation: Id
    balance: Money
    documents: tuple[TheirItem, ...] = field(default=(), converter=as_items)
    person: Annotated[str, Limit(200, empty=True), Personal(CONFIRMING)] = ""
    note: Annotated[str, Limit(2000, empty=True, multiline=True), Personal(CONFIRMING)] = ""


@frozen(kw_only=True, field_transformer=strict)
class SetLedgerAccount(Command[LedgerAccount]):
    """Say which account of the host has a role in vouchers, such as 1122 for receivables (设定会计科目).

    With a `tax_rate` it is the account of a tax at that rate, in the place of the account for all rates.
    """

    subject_field: ClassVar[str] = "role"

    role: LedgerRole
    account: Annotated[str, Limit(64)]
    tax_rate: Percentage | None = field(default=None, converter=optional(as_percentage))
