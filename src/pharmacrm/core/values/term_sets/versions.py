"""Term sets of a host: terms under a name, in versions with the days on which they are valid.

A version is never changed: publishing adds the next one and ends the one before it. What is valid on a day is
therefore the same whenever it is asked, and an order keeps the terms it was placed under.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from attrs import evolve, field, frozen

from pharmacrm.core.kernel.dates import Validity, add_days, as_date
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.ids import as_text
from pharmacrm.core.values.terms import PaymentTerms, as_terms


@frozen
class TermVersion:
    """One version of a term set: its number, from 1, its terms, and the days on which they are valid."""

    number: int
    terms: PaymentTerms = field(converter=as_terms)
    validity: Validity


def _versions(versions: Sequence[TermVersion]) -> tuple[TermVersion, ...]:
    return tuple(versions)


def _rising(_: object, __: object, versions: Sequence[TermVersion]) -> None:
    numbers = [version.number for version in versions]
    if not versions or numbers != list(range(1, len(versions) + 1)):
        message = "the versions of a term set are numbered from 1"
        raise MalformedInput("terms.version", message, field="versions", value=numbers)
    for before, after in pairwise(versions):
        last = before.validity.valid_to
        if last is None or last >= after.validity.valid_from:
            message = f"version {before.number} ends before version {after.number} begins"
            raise MalformedInput("terms.version", message, field="versions", value=last)


@frozen
class TermSet:
    """Payment terms under a name, such as "wholesale": versions of which at most one is valid on a day."""

    name: str = field(converter=as_text)
    versions: tuple[TermVersion, ...] = field(converter=_versions, validator=_rising)

    @classmethod
    def of(cls, name: str, terms: PaymentTerms | str, *, valid_from: date | str) -> "TermSet":
        """A term set with its first version."""
        return cls(name, (TermVersion(1, as_terms(terms), Validity(valid_from)),))

    def version_on(self, day: date | str) -> TermVersion:
        """The version that is valid on a day; raises `terms.not_valid` if there is none."""
        on = as_date(day)
        for version in self.versions:
            if version.validity.covers(on):
                return version
        raise MalformedInput(
            "terms.not_valid", f"{self.name} has no terms on this day", field="day", value=on
        )

    def terms_on(self, day: date | str) -> PaymentTerms:
        """The terms that are valid on a day, usually that of the order."""
        return self.version_on(day).terms

    def publish(self, terms: PaymentTerms | str, *, valid_from: date | str) -> "TermSet":
        """Add the next version; the last one ends the day before.

        Raises `terms.version` unless it begins after the last one did: what was valid stays as it was.
        """
        last, start = self.versions[-1], as_date(valid_from)
        if start <= last.validity.valid_from:
            message = f"a new version begins after {last.validity.valid_from}"
            raise MalformedInput("terms.version", message, field="valid_from", value=start)
        ended = self.withdrawn(add_days(start, -1))
        following = TermVersion(last.number + 1, as_terms(terms), Validity(start))
        return evolve(ended, versions=(*ended.versions, following))

    def withdrawn(self, valid_to: date | str) -> "TermSet":
        """End the last version on a day, if it is not over by then."""
        last, end = self.versions[-1], as_date(valid_to)
        if last.validity.valid_to is not None and last.validity.valid_to <= end:
            return self
        ended = evolve(last, validity=Validity(last.validity.valid_from, end))
        return evolve(self, versions=(*self.versions[:-1], ended))
