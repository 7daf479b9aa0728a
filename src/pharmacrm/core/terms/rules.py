"""Publishing and withdrawing versions of term sets; what holds on a day."""

from collections.abc import Iterable, Sequence
from datetime import date

from attrs import evolve

from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.terms.events import PayingDaysSet, TermsPublished
from pharmacrm.core.terms.model import (
    PaymentCalendar,
    PaymentCalendarEntry,
    PaymentTermSet,
    PaymentTermVersion,
    entry_id,
    version_id,
)
from pharmacrm.core.terms.reasons import PAYING_PAST, TERMS_ORDER, TERMS_PAST
from pharmacrm.core.values.paying_days import ANY_DAY, PayingDays
from pharmacrm.core.values.term_sets import ImportedTerms, TermSet, TermVersion


def publish(
    code: str,
    wanted: ImportedTerms,
    known: PaymentTermSet | None,
    versions: Sequence[PaymentTermVersion],
    *,
    valid_from: date,
    on: date,
    source: str = "",
) -> Decision[PaymentTermSet]:
    """Publish the next version, or say why not: nothing that was in force on a day that has passed changes.

    `versions` are all of the set, by number. The first version may begin on any day, later ones from today
    on, each after the one before it. An empty name leaves the name as it is.
    """
    name = wanted.name or (known.name if known else code)
    if known is None or not versions:
        head = PaymentTermSet(id=code, name=name, latest=1)
        return _stored(head, _version(code, 1, wanted, valid_from, on, source))
    last = versions[-1]
    same = (last.terms, last.paying, last.valid_to) == (wanted.terms, wanted.paying, None)
    if same and last.valid_from <= valid_from and name == known.name:
        return accept(known)
    unfit = _unfit(code, last, valid_from, on)
    if unfit:
        return refuse(*unfit)
    before = _as_set(known, versions)
    *_, ended, new = before.publish(wanted.terms, valid_from=valid_from).versions
    head = evolve(known, name=name, latest=new.number)
    return _stored(
        head,
        *_ended(last, ended),
        _version(code, new.number, wanted, new.validity.valid_from, on, source),
    )


def withdraw(
    known: PaymentTermSet, versions: Sequence[PaymentTermVersion], *, valid_to: date, on: date
) -> Decision[PaymentTermSet]:
    """End the last version on a day from today on; one that is over by then stays as it is."""
    last = versions[-1]
    if last.valid_to is not None and last.valid_to <= valid_to:
        return accept(known)
    if valid_to < on:
        return refuse(TERMS_PAST(known.id, field="valid_to", observed=valid_to, expected=on))
    if valid_to < last.valid_from:
        return refuse(TERMS_ORDER(known.id, field="valid_to", observed=valid_to, expected=last.valid_from))
    ended = _as_set(known, versions).withdrawn(valid_to).versions[-1]
    return _stored(known, *_ended(last, ended))


def in_force(versions: Iterable[PaymentTermVersion], on: date) -> PaymentTermVersion | None:
    """Give the version that is in force on a day, of which there is at most one."""
    return next((each for each in versions if each.validity.covers(on)), None)


def set_paying(
    customer: str,
    paying: PayingDays,
    known: PaymentCalendar | None,
    entries: Sequence[PaymentCalendarEntry],
    *,
    valid_from: date,
    on: date,
) -> Decision[PaymentCalendarEntry]:
    """Set how a customer pays from a day on; what held on days that have passed stays.

    The first entry may begin on any day, later ones from today on. What is in force then already is not set
    again; an entry of the same day takes the place of the one before it.
    """
    held = holding(entries, valid_from)
    if held is not None and held.paying == paying:
        return accept(held)
    if entries and valid_from < on:
        return refuse(PAYING_PAST(customer, field="valid_from", observed=valid_from, expected=on))
    entry = PaymentCalendarEntry(
        id=entry_id(customer, valid_from),
        calendar=customer,
        valid_from=valid_from,
        paying=paying,
        set_on=on,
    )
    head = evolve(known, entries=known.entries + 1) if known else PaymentCalendar(id=customer, entries=1)
    return accept(entry, save(head, entry), tell(PayingDaysSet(subject=customer)))


def holding(entries: Iterable[PaymentCalendarEntry], on: date) -> PaymentCalendarEntry | None:
    """Give the entry that holds on a day: the last one that has begun."""
    begun = [each for each in entries if each.valid_from <= on]
    return max(begun, key=lambda each: each.valid_from, default=None)


def paying_of(entry: PaymentCalendarEntry | None, version: PaymentTermVersion | None) -> PayingDays:
    """Give the days of payment of a document: the customer's own, and the holidays of its term set."""
    own = entry.paying if entry else ANY_DAY
    return own.with_closures(version.paying.closures) if version else own


def _unfit(code: str, last: PaymentTermVersion, start: date, on: date) -> tuple[Reason, ...]:
    found = []
    if start <= last.valid_from:
        found.append(TERMS_ORDER(code, field="valid_from", observed=start, expected=last.valid_from))
    if start < on:
        found.append(TERMS_PAST(code, field="valid_from", observed=start, expected=on))
    return tuple(found)


def _as_set(known: PaymentTermSet, versions: Iterable[PaymentTermVersion]) -> TermSet:
    return TermSet(known.id, tuple(TermVersion(each.number, each.terms, each.validity) for each in versions))


def _ended(last: PaymentTermVersion, after: TermVersion) -> tuple[PaymentTermVersion, ...]:
    end = after.validity.valid_to
    return (evolve(last, valid_to=end),) if end != last.valid_to else ()


def _version(
    code: str, number: int, wanted: ImportedTerms, valid_from: date, on: date, source: str
) -> PaymentTermVersion:
    return PaymentTermVersion(
        id=version_id(code, number),
        term_set=code,
        number=number,
        terms=wanted.terms,
        paying=wanted.paying,
        valid_from=valid_from,
        published_on=on,
        source=source,
    )


def _stored(head: PaymentTermSet, *versions: PaymentTermVersion) -> Decision[PaymentTermSet]:
    told = tell(TermsPublished(subject=head.id, number=head.latest))
    return accept(head, save(head, *versions), told)
