"""How licences stand on a day (R-06, R-07): a function of what is on file and of the date alone."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from pharmacrm.core.engines.policy import PolicyPack
from pharmacrm.core.kernel.dates import add_months
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.words import Words
from pharmacrm.core.licences import reasons as why
from pharmacrm.core.licences.model import Licence, LicenceStatus

WARN_DAYS = (90, 60, 30)
"""Days before the expiry at which a warning grows louder."""

_WORST_FIRST = (
    LicenceStatus.REVOKED,
    LicenceStatus.PENDING,
    LicenceStatus.EXPIRED,
    LicenceStatus.EXPIRING,
    LicenceStatus.VALID,
)


def licence_status(licence: Licence, on: date, warn_days: Sequence[int] = WARN_DAYS) -> LicenceStatus:
    """How a licence stands on a day; it is valid through the day it expires.

    REVOKED and not yet verified (PENDING) do not depend on the day. Before it was issued it is PENDING too.
    """
    if licence.revoked:
        return LicenceStatus.REVOKED
    if not licence.verified_by or (licence.issued is not None and on < licence.issued):
        return LicenceStatus.PENDING
    if licence.expires is None:
        return LicenceStatus.VALID
    left = (licence.expires - on).days
    if left < 0:
        return LicenceStatus.EXPIRED
    return LicenceStatus.EXPIRING if left <= max(warn_days, default=-1) else LicenceStatus.VALID


def number_of(licence: Licence) -> Words:
    """The number of a licence, or that it has none."""
    return Words(licence.number or "-", licence.number or "无编号")


def standing(subject: str, licences: Iterable[Licence], on: date) -> tuple[Reason, ...]:
    """What the best of some licences that serve the same purpose has against it on a day; none: nothing."""
    best = max(licences, key=lambda licence: _rank(licence, on), default=None)
    return () if best is None else tuple(_against(subject, best, on))


def _rank(licence: Licence, on: date) -> tuple[int, date, str]:
    status = _WORST_FIRST.index(licence_status(licence, on))
    return status, licence.expires or date.max, licence.id


def _against(subject: str, licence: Licence, on: date) -> Iterator[Reason]:
    field, named = licence.kind.value, licence.kind
    match licence_status(licence, on):
        case LicenceStatus.REVOKED:
            yield why.LICENCE_REVOKED(subject, field=field, named=named, observed=number_of(licence))
        case LicenceStatus.PENDING:
            seen = _pending(licence)
            yield why.LICENCE_PENDING(subject, field=field, named=named, observed=seen, expected=on)
        case LicenceStatus.EXPIRED:
            until = licence.expires
            yield why.LICENCE_EXPIRED(subject, field=field, named=named, observed=until, expected=on)
        case LicenceStatus.EXPIRING if licence.expires is not None:
            days = min(limit for limit in WARN_DAYS if (licence.expires - on).days <= limit)
            until = licence.expires
            yield why.LICENCE_EXPIRING(subject, field=field, named=named, observed=until, expected=days)
        case _:
            pass


def _pending(licence: Licence) -> Words:
    if not licence.verified_by:
        return Words("not verified", "尚未验证")
    return Words(f"issued only on {licence.issued}", f"自 {licence.issued} 起生效")


def implausible(licence: Licence, pack: PolicyPack) -> tuple[Reason, ...]:
    """A warning if a licence runs longer than its kind can (R-07): probably a typing error."""
    months = pack.tables.longest_months.get(licence.kind)
    if months is None or licence.issued is None or licence.expires is None:
        return ()
    last = add_months(licence.issued, months)
    if licence.expires <= last:
        return ()
    field, named = licence.kind.value, licence.kind
    until = licence.expires
    return (why.TERM_IMPLAUSIBLE(licence.customer, field=field, named=named, observed=until, expected=last),)
