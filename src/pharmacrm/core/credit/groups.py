"""Credit groups (集团授信): a limit that several customers share, and who belongs to it.

A group's counters are the sums of its members'. Whatever moves a member's counter moves the group's in the
same flush (`mirrored`), so that two members ordering at once can never pass the group's limit together.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from attrs import evolve

from pharmacrm.core.credit.commands import GrantGroupLimit, SetCreditGroup
from pharmacrm.core.credit.dated import CreditLimit, base_of
from pharmacrm.core.credit.events import CreditGroupJoined, CreditGroupSet
from pharmacrm.core.credit.limits import below_exposure, changed, grant, granted_by, with_base, with_limits
from pharmacrm.core.credit.model import CreditGroup, CreditLine, empty_group
from pharmacrm.core.credit.reasons import CURRENCY_IN_USE, GROUP_CURRENCY, GROUP_SHARES_NONE
from pharmacrm.core.credit.reservations import UNLIMITED
from pharmacrm.core.kernel.change import Add, Change
from pharmacrm.core.kernel.decision import Decision, accept, add, save, tell, touch
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason

COUNTERS: Final = ("reserved", "posted", "paid", "unapplied", "unbilled")
JOINED: Final = "a customer joined or left the group"
GROUP_UNLIMITED: Final = "the group shares no limit"


def set_group(
    old: CreditGroup | None, command: SetCreditGroup, *, by: str, on: date, currency: str
) -> Decision[CreditGroup]:
    """Found a group, or give it another name or shared limit; without a limit it shares its policy only.

    Setting the same again changes nothing. A limit below what the members owe is allowed with a warning.
    """
    start = old or empty_group(command.group, command.limit.currency if command.limit else currency)
    unfit = _currency(start, command.limit)
    if unfit:
        return accept(start, unfit)
    said = evolve(
        start,
        name=command.name,
        blocked=command.blocked,
        reason=command.reason,
        unlimited=command.limit is None,
    )
    base = base_of([each for each in start.limits if each.holds_on(on)])
    if said == old and command.limit in {None, base and base.amount}:
        return accept(said)
    limits = start.limits
    if command.limit is not None:
        limits = with_base(said, command.limit, by=by, reason=command.reason, on=on)
    after = with_limits(said, limits, on=on)
    return accept(after, below_exposure(after), save(after), tell(CreditGroupSet(subject=after.id)))


def grant_group_limit(
    old: CreditGroup, command: GrantGroupLimit, *, by: str, on: date
) -> Decision[CreditGroup]:
    """Add a dated limit to a group that shares one, or give every reason why not."""
    return grant_to_group(old, granted_by(command, by=by, on=on), on=on)


def grant_to_group(group: CreditGroup, limit: CreditLimit, *, on: date) -> Decision[CreditGroup]:
    """Add a dated limit to a group; one that shares no limit has nothing to raise."""
    return accept(group, _none(group)) if group.unlimited else grant(group, limit, on=on)


def rebased(group: CreditGroup, limit: CreditLimit, *, on: date) -> Decision[CreditGroup]:
    """Give a group another base limit from today on; one that shares none has nothing to raise."""
    unfit = _none(group) if group.unlimited else _currency(group, limit.amount)
    if unfit:
        return accept(group, unfit)
    said = evolve(group, reason=limit.reason)
    return changed(said, with_base(said, limit.amount, by=limit.by, reason=limit.reason, on=on), on=on)


def _none(group: CreditGroup) -> tuple[Reason, ...]:
    return (GROUP_SHARES_NONE(group.id, field="group"),)


def join(
    line: CreditLine, old: CreditGroup | None, new: CreditGroup | None, *, reason: str
) -> Decision[CreditLine]:
    """Take a customer out of one group and into another, with everything that is owed.

    What the groups count rests on the counters of the line as they were read, so the move is made anew when
    one of them has moved. The new group may then be over its limit: that warns.
    """
    after = evolve(line, group=None if new is None else new.id, reason=reason)
    if after.group == line.group:
        return accept(line)
    if new is not None and new.currency != line.currency:
        return accept(
            line, GROUP_CURRENCY(line.id, field="group", observed=line.currency, expected=new.currency)
        )
    owed = {name: getattr(line, name) for name in COUNTERS}
    return accept(
        after,
        save(after),
        touch(line, exact=True),
        *(_moved(group, amounts, line.id) for group, amounts in _moves(old, new, owed)),
        below_exposure(_with(new, owed)) if new is not None else (),
        tell(CreditGroupJoined(subject=line.id, group=after.group or "")),
    )


def mirrored(change: Add, group: CreditGroup) -> Add:
    """What moves a group beside one of its members: the same amounts, under the group's own limit.

    What a person passed, or a policy, passes for the group as well; that the member is unlimited does not.
    """
    why = "" if change.unbounded == UNLIMITED else change.unbounded
    return evolve(
        change, kind=CreditGroup, id=group.id, unbounded=GROUP_UNLIMITED if group.unlimited else why
    )


def additions(changes: Iterable[Change]) -> Iterator[Add]:
    """The movements of customers' lines among the changes of a decision."""
    for change in changes:
        if isinstance(change, Add) and change.kind is CreditLine:
            yield change


def _moves(
    old: CreditGroup | None, new: CreditGroup | None, owed: Mapping[str, Money]
) -> Iterator[tuple[CreditGroup, Mapping[str, Money]]]:
    if old is not None:
        yield old, {name: -amount for name, amount in owed.items()}
    if new is not None:
        yield new, owed


def _moved(group: CreditGroup, amounts: Mapping[str, Money], customer: str) -> Decision[None]:
    moves = {name: amount for name, amount in amounts.items() if amount}
    if not moves:
        return Decision()
    return add(Add(kind=CreditGroup, id=group.id, amounts=moves, cause=customer, unbounded=JOINED))


def _with(group: CreditGroup, owed: Mapping[str, Money]) -> CreditGroup:
    return evolve(group, **{name: getattr(group, name) + amount for name, amount in owed.items()})


def _currency(group: CreditGroup, limit: Money | None) -> tuple[Reason, ...]:
    if limit is None or limit.currency == group.currency:
        return ()
    return (CURRENCY_IN_USE(group.id, field="limit", observed=limit.currency, expected=group.currency),)
