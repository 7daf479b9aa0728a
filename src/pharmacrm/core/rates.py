"""Exchange rates (汇率): what one currency is worth in another, day by day, as somebody recorded it.

The newest rate of a day or before counts, whichever way round it was recorded. No rate is made of two others.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, ClassVar

from attrs import evolve, field, frozen
from attrs.converters import optional

from pharmacrm.core.kernel.change import Event
from pharmacrm.core.kernel.currencies import minor_digits
from pharmacrm.core.kernel.dates import as_date, local_date
from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.message import Command, Question, Reads
from pharmacrm.core.kernel.query import eq, le
from pharmacrm.core.kernel.reason import ReasonCode, Severity
from pharmacrm.core.kernel.record import Column, Record
from pharmacrm.core.kernel.strict import Limit, Note, strict
from pharmacrm.core.values.exchange import Exchange, as_rate_text

RATE_FUTURE = ReasonCode(
    "rate.future",
    Severity.BLOCK,
    "the rate of {subject} is of {observed}, today is {expected}",
    "{subject} 的汇率日期为 {observed}，今日为 {expected}",
)


def as_currency(code: str) -> str:
    """Check the code of a currency; codes as those of money."""
    minor_digits(code)
    return code


@frozen(kw_only=True)
class ExchangeRate(Record):
    """What one unit of `base` is worth in `quote` on a day (汇率); the id is `{base}/{quote}/{as_of}`.

    `source` says who published it. A correction is another version; what was worked out before stays.
    """

    base: Annotated[str, Column(length=3, index=True, zh="基准货币", then=("quote", "as_of"))]
    quote: Annotated[str, Column(length=3, zh="计价货币")]
    as_of: Annotated[date, Column(zh="汇率日期")]
    rate: Annotated[str, Column(length=32, zh="汇率")]
    source: Annotated[str, Column(length=100, zh="来源")] = ""
    reason: Annotated[str, Column(length=2000, zh="原因")] = ""


@frozen(kw_only=True, field_transformer=strict)
class RecordExchangeRate(Command[ExchangeRate]):
    """Record what one unit of `base` is worth in `quote` on a day (登记汇率): `USD`, `CNY`, `"7.1024"`.

    Recording the day again corrects it. A rate of a day to come is refused (`rate.future`); one that is not
    above 0 or has more than 10 decimals, and one of a currency in itself, are malformed.
    """

    subject_field: ClassVar[str] = "base"

    base: str = field(converter=as_currency)
    quote: str = field(converter=as_currency)
    rate: str = field(converter=as_rate_text)
    as_of: date = field(converter=as_date)
    source: Annotated[str, Limit(100, empty=True)] = ""
    reason: Note = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a rate of a currency in itself: `rate.same`."""
        if self.base == self.quote:
            message = "a rate is between two currencies"
            raise MalformedInput("rate.same", message, field="quote", value=self.quote)


@frozen(kw_only=True, field_transformer=strict)
class RateOn(Question[Exchange]):
    """What one unit of `base` is worth in `quote` on a day, today if none is said (当日汇率).

    The newest rate of that day or before; the answer says so where there is none.
    """

    base: str = field(converter=as_currency)
    quote: str = field(converter=as_currency)
    on: date | None = field(default=None, converter=optional(as_date))


@frozen(kw_only=True)
class ExchangeRateRecorded(Event):
    """A rate was recorded or corrected. The subject is the rate."""


def rate_id(base: str, quote: str, as_of: date) -> str:
    """Name the rate of a day: `USD/CNY/2026-01-05`."""
    return f"{base}/{quote}/{as_of.isoformat()}"


def record_rate(
    command: RecordExchangeRate, held: ExchangeRate | None, *, today: date
) -> Decision[ExchangeRate]:
    """Keep the rate of a day; the same again changes nothing."""
    id = rate_id(command.base, command.quote, command.as_of)
    if command.as_of > today:
        return refuse(RATE_FUTURE(id, field="as_of", observed=command.as_of, expected=today))
    said = ExchangeRate(
        id=id,
        version=0 if held is None else held.version,
        base=command.base,
        quote=command.quote,
        as_of=command.as_of,
        rate=command.rate,
        source=command.source,
        reason=command.reason,
    )
    if held is not None and evolve(said, reason=held.reason) == held:
        return accept(held)
    return accept(said, save(said), tell(ExchangeRateRecorded(subject=id)))


def exchange_by(rates: Iterable[ExchangeRate], source: str, target: str, on: date) -> Exchange:
    """How a currency exchanges on a day: the newest rate by then; of two of one day the direct one."""
    ways = ((source, target), (target, source))
    known = [each for each in rates if (each.base, each.quote) in ways and each.as_of <= on]
    best = max(known, key=lambda each: (each.as_of, each.base == source), default=None)
    if best is None:
        return Exchange(source=source, target=target, on=on)
    inverse = best.base != source
    return Exchange(source=source, target=target, on=on, rate=best.rate, as_of=best.as_of, inverse=inverse)


def read_exchange(read: Lookup, source: str, target: str, on: date) -> Exchange:
    """Read the newest rates of both ways, and say how a currency exchanges."""
    found: list[ExchangeRate] = []
    for base, quote in ((source, target), (target, source)):
        where = (eq("base", base), eq("quote", quote), le("as_of", on))
        found += read.find(ExchangeRate, *where, order=("-as_of",), limit=1)
    return exchange_by(found, source, target, on)


@RecordExchangeRate.handler
def on_record_rate(command: RecordExchangeRate, read: Reads) -> Decision[ExchangeRate]:
    """Load the rate of the day, if it is known."""
    held = read.seek(ExchangeRate, rate_id(command.base, command.quote, command.as_of))
    return record_rate(command, held, today=local_date(read.at, read.tenant.tz))


@RateOn.handler
def rate_on(question: RateOn, read: Reads) -> Exchange:
    """Read the newest rates of both ways."""
    return read_exchange(read, question.base, question.quote, question.on or read.on)


_READERS = ("sales", "assistant", "lead", "auditor")
_RECORDING = (ExchangeRate, RateOn, RecordExchangeRate)

domain = Domain(
    name="rates",
    records=(ExchangeRate,),
    handlers=(on_record_rate, rate_on),
    events=(ExchangeRateRecorded,),
    reasons=(RATE_FUTURE,),
    rights={
        **dict.fromkeys(_READERS, (ExchangeRate, RateOn)),
        **dict.fromkeys(("finance", "admin", "erp"), _RECORDING),
    },
)
