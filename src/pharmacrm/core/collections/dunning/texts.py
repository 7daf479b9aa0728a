"""What a dunning letter says (催款函文本): texts by level and language, for everybody or for one customer."""

from collections.abc import Iterable
from string import Template
from typing import Annotated, Final

from attrs import evolve, frozen

from pharmacrm.core.collections.dunning.model import DunningLetter
from pharmacrm.core.collections.dunning.reasons import TEXT_LEVEL, TEXT_PLACE
from pharmacrm.core.kernel.decision import Decision, accept, save
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.record import Column, Record
from pharmacrm.core.kernel.words import listed

PLACES: Final = ("letter", "customer", "on", "level", "open", "fee", "interest", "total")
"""What a text may name, as `$open`; `$$` is a dollar sign."""

MOST_LEVELS: Final = 9


@frozen(kw_only=True)
class DunningText(Record):
    """What letters of a level say in a language (催款函文本): to one customer, or to all without own words.

    The id is `{customer}/{language}/{level}`.
    """

    customer: Annotated[str, Column(index=True, zh="客户")] = ""
    language: Annotated[str, Column(length=16, zh="语言")]
    level: Annotated[int, Column(zh="级别")]
    subject: Annotated[str, Column(zh="标题")]
    text: Annotated[str, Column(length=8000, zh="正文")]


def text_id(customer: str, language: str, level: int) -> str:
    """Name a text."""
    return f"{customer}/{language}/{level}"


def set_text(old: DunningText | None, new: DunningText) -> Decision[DunningText]:
    """Set a text, or say what is wrong with it; it counts from the next letter on."""
    wanted = evolve(new, version=old.version if old else 0)
    return accept(wanted, _unfit(wanted), save(wanted) if wanted != old else ())


def worded(letter: DunningLetter, texts: Iterable[DunningText], language: str) -> DunningLetter:
    """The letter with its text: the customer's own before that of everybody; without one it says nothing."""
    fitting = [
        each
        for each in texts
        if (each.language, each.level) == (language, letter.level) and each.customer in {"", letter.customer}
    ]
    if not fitting:
        return letter
    chosen = max(fitting, key=lambda each: each.customer)
    values = {
        "letter": letter.id,
        "customer": letter.customer,
        "on": letter.on.isoformat(),
        "level": letter.level,
        "open": letter.open,
        "fee": letter.fee,
        "interest": letter.interest,
        "total": letter.open + letter.fee + letter.interest,
    }
    subject, text = (Template(each).substitute(values) for each in (chosen.subject, chosen.text))
    return evolve(letter, language=language, subject=subject, text=text)


def _unfit(text: DunningText) -> tuple[Reason, ...]:
    found = []
    if not 1 <= text.level <= MOST_LEVELS:
        found.append(TEXT_LEVEL(text.id, field="level", observed=text.level, expected=MOST_LEVELS))
    for field in ("subject", "text"):
        template = Template(getattr(text, field))
        unknown = sorted(set(template.get_identifiers()) - set(PLACES))
        if unknown or not template.is_valid():
            found.append(TEXT_PLACE(text.id, field=field, observed=listed(unknown or ["$"])))
    return tuple(found)
