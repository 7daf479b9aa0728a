"""What a source may answer, taken apart and read anew; and the help that its author gets in making it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from pharmacrm.core.kernel.codec import from_plain, to_plain
from pharmacrm.core.kernel.errors import MalformedInput, PharmaCRMError
from pharmacrm.core.kernel.ids import as_text
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.words import Coded
from pharmacrm.core.pull import Totals
from pharmacrm.core.pull.reasons import UNREADABLE
from pharmacrm.plugins.types import Item, PullContext, Pulled, RetryAfter, Unreadable
from pharmacrm.plugins.wall.answers import as_reasons, as_result
from pharmacrm.plugins.wall.calling import Unfit
from pharmacrm.plugins.wall.shielding import class_of, readable

MOST_WHOLE: Final = 20_000
"""Items that are taken in together or not at all: they are staged in memory and stored at once."""

LONGEST_CURSOR: Final = 4000
LONGEST_ID: Final = 200
LONGEST_SAID: Final = 200


def item_of(
    id: str, kind: type[Command[Any]], plain: object, *, place: str = "", amounts: Sequence[Money] = ()
) -> Item | Unreadable:
    """Make an item of plain data (`from_plain`); what cannot be read goes to quarantine with its reason.

    The reason names the field and the code, never the value, which may be personal.
    """
    try:
        return Item(id, from_plain(kind, plain), place)
    except MalformedInput as error:
        return Unreadable(id=id, reasons=(unreadable(place or id, error),), place=place, amounts=amounts)


def unreadable(subject: str, error: MalformedInput) -> Reason:
    """Why something cannot be read, without the value that stood there."""
    said = readable(f"{error.code}: {error.message}", LONGEST_SAID)
    return UNREADABLE(
        readable(subject, LONGEST_ID),
        field=error.field or "content",
        observed=Coded(said, error.code, error.code),
    )


def understood_by(context: PullContext, kinds: Mapping[str, type]) -> Callable[[Any], Pulled | RetryAfter]:
    """What takes an answer to this context apart; only commands of these kinds are known."""

    def understood(answer: Any) -> Pulled | RetryAfter:
        if type(answer) is RetryAfter:
            result = as_result(answer)
            assert isinstance(result, RetryAfter)  # noqa: S101 - as_result keeps what it is
            return result
        if type(answer) is not Pulled:
            raise Unfit(f"answered with {class_of(answer)}, wanted Pulled or RetryAfter")
        return _pulled(answer, context, kinds)

    return understood


def _pulled(answer: Any, context: PullContext, kinds: Mapping[str, type]) -> Pulled:
    flags = (answer.more, answer.begins, answer.finishes, answer.whole)
    if any(type(flag) is not bool for flag in flags):
        raise Unfit("more, begins, finishes and whole are True or False")
    cursor = _said("cursor", answer.cursor, LONGEST_CURSOR)
    if answer.more and cursor == context.cursor:
        raise Unfit("there is said to be more, but the cursor stays where it was")
    if answer.whole and not answer.document:
        raise Unfit("what is taken in whole is a document: it has a name")
    return Pulled(
        items=_items(answer, context, kinds),
        cursor=cursor,
        more=answer.more,
        document=_said("document", answer.document, LONGEST_ID),
        begins=answer.begins,
        finishes=answer.finishes,
        totals=_totals(answer.totals),
        whole=answer.whole,
    )


def _items(answer: Any, context: PullContext, kinds: Mapping[str, type]) -> tuple[Item | Unreadable, ...]:
    most = MOST_WHOLE if answer.whole else context.limit
    if type(answer.items) not in {tuple, list}:
        raise Unfit(f"items are {class_of(answer.items)}, wanted a list")
    if len(answer.items) > most:
        raise Unfit(f"answered with {len(answer.items)} items, at most {most}")
    return tuple(_item(each, kinds) for each in tuple(answer.items))


def _item(each: Any, kinds: Mapping[str, type]) -> Item | Unreadable:
    if type(each) not in {Item, Unreadable}:
        raise Unfit(f"answered with {class_of(each)} among its items")
    id, place = _said("id", each.id, LONGEST_ID, empty=False), _said("place", each.place, LONGEST_ID)
    if type(each) is Item:
        on = each.effective_at
        if on is not None and type(on) is not date:
            raise Unfit("an item's effective_at is no date")
        return Item(id, _command(each.command, kinds), place, on)
    if type(each.rows) is not int or each.rows < 1:
        raise Unfit("the rows of what is unreadable are a whole number from 1")
    reasons = as_reasons(each.reasons)
    if not reasons:
        raise Unfit("what is unreadable has no reason")
    return Unreadable(id=id, reasons=reasons, place=place, rows=each.rows, amounts=_amounts(each.amounts))


def _command(given: Any, kinds: Mapping[str, type]) -> Command[Any]:
    """The command read anew from its plain form: nothing of the plugin's own object is kept."""
    kind: Any = type(given)
    known = kinds.get(kind.__name__)
    if known is None or known is not kind or not issubclass(known, Command):
        raise Unfit(f"an item's command is {class_of(given)}, which no domain registers")
    try:
        command: Command[Any] = from_plain(known, to_plain(given))
    except MalformedInput as error:
        raise Unfit(f"an item's command cannot be read: {error.code}") from None
    return command


def _totals(given: Any) -> Totals | None:
    if given is None:
        return None
    if type(given) is not Totals or type(given.rows) is not int or given.rows < 0:
        raise Unfit("totals are Totals with a whole number of rows")
    return Totals(rows=given.rows, amounts=_amounts(given.amounts))


def _amounts(given: Any) -> tuple[Money, ...]:
    if type(given) not in {tuple, list} or not all(type(each) is Money for each in given):
        raise Unfit("amounts are a list of Money")
    return tuple(Money.of_minor(each.minor, each.currency) for each in given)


def _said(name: str, text: Any, longest: int, *, empty: bool = True) -> str:
    if type(text) is not str or (not text and not empty):
        raise Unfit(f"{name} is {class_of(text)}, wanted text")
    try:
        return as_text(text, longest) if text else ""
    except PharmaCRMError as error:
        raise Unfit(f"{name} cannot be stored: {error.code}") from None
