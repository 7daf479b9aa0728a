"""Handlers of the credit commands: they load what the rule needs."""

from datetime import date, datetime
from typing import Protocol

from attrs import evolve

from pharmacrm.core.credit import groups, limits, policy
from pharmacrm.core.credit.authority import check_authority, check_policy
from pharmacrm.core.credit.commands import (
    EndCreditLimit,
    EndGroupLimit,
    GrantCreditLimit,
    GrantGroupLimit,
    JoinCreditGroup,
    SetCreditGroup,
    SetCreditLimit,
    SetCreditPolicy,
)
from pharmacrm.core.credit.foreign import ForeignCredit
from pharmacrm.core.credit.model import CreditGroup, CreditLine, empty_line
from pharmacrm.core.credit.policy import CreditPolicy, CreditRules, PolicyScope, policy_id
from pharmacrm.core.credit.reasons import CURRENCY_IN_USE
from pharmacrm.core.kernel.dates import local_date
from pharmacrm.core.kernel.decision import Decision, refuse
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq, is_in
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.tenant import Tenant


class Moment(Protocol):
    """When something is decided, and in whose zone."""

    @property
    def at(self) -> datetime:
        """The recorded time."""

    @property
    def tenant(self) -> Tenant:
        """The tenant's settings."""


def today(read: Moment) -> date:
    """The day on which something is decided, in the tenant's zone, whatever day a document is dated.

    A limit is that of this day: a document dated back never has a raise that is over.
    """
    return local_date(read.at, read.tenant.tz)


def read_rules(read: Lookup, customer: str, group: CreditGroup | None) -> CreditRules:
    """Read what the policies say of a customer."""
    ids = [policy_id(PolicyScope.TENANT), policy_id(PolicyScope.CUSTOMER, customer)]
    if group is not None:
        ids.append(policy_id(PolicyScope.GROUP, group.id))
    return policy.rules_of(read.find(CreditPolicy, is_in("id", ids)))


def read_group_rules(read: Lookup, group: CreditGroup) -> CreditRules:
    """Read what the policies say of a group itself: the group before the tenant, whoever its members are."""
    ids = [policy_id(PolicyScope.TENANT), policy_id(PolicyScope.GROUP, group.id)]
    return policy.rules_of(read.find(CreditPolicy, is_in("id", ids)))


def _by_authority(
    line: CreditLine | None, done: Decision[CreditLine], customer: str, read: Reads
) -> Decision[CreditLine]:
    """A limit that was set, unless it wants approval by the policies of the customer."""
    if done.value is None or done.refused:
        return done
    group = read.seek(CreditGroup, line.group) if line is not None and line.group else None
    rules = read_rules(read, customer, group)
    wanted = check_authority(line, done.value, subject=customer, on=today(read), rules=rules)
    return refuse(*wanted) if wanted else done


def foreign_in_use(read: Lookup, line: CreditLine | None, currency: str) -> tuple[Reason, ...]:
    """Say that a line keeps its currency, as other currencies were ever counted in it."""
    if (
        line is None
        or line.currency == currency
        or not read.find(ForeignCredit, eq("customer", line.id), limit=1)
    ):
        return ()
    return (CURRENCY_IN_USE(line.id, field="limit", observed=currency, expected=line.currency),)


@SetCreditLimit.handler
def set_credit_limit(command: SetCreditLimit, read: Reads) -> Decision[CreditLine]:
    """Set the base limit of a customer, as far as the actor may without approval."""
    line = read.seek(CreditLine, command.customer)
    fixed = foreign_in_use(read, line, command.limit.currency)
    if fixed:
        return refuse(*fixed)
    done = limits.set_limit(
        line,
        customer=command.customer,
        limit=command.limit,
        unlimited=command.unlimited,
        blocked=command.blocked,
        reason=command.reason,
        by=read.actor,
        on=today(read),
    )
    return _by_authority(line, done, command.customer, read)


@GrantCreditLimit.handler
def grant_credit_limit(command: GrantCreditLimit, read: Reads) -> Decision[CreditLine]:
    """Load the line, if there is one, and what may be granted without approval."""
    line = read.seek(CreditLine, command.customer)
    done = limits.grant_limit(line, command, by=read.actor, on=today(read))
    return _by_authority(line, done, command.customer, read)


def _by_group_authority(
    group: CreditGroup | None, done: Decision[CreditGroup], read: Reads
) -> Decision[CreditGroup]:
    """What a group shares now, unless it wants approval; one that shared no limit is only lowered."""
    if group is None or group.unlimited or done.value is None or done.refused:
        return done
    rules = evolve(read_group_rules(read, group), limit=None)
    wanted = check_authority(group, done.value, subject=group.id, on=today(read), rules=rules)
    return refuse(*wanted) if wanted else done


@EndCreditLimit.handler
def end_credit_limit(command: EndCreditLimit, read: Reads) -> Decision[CreditLine]:
    """Load the line."""
    line = read.get(CreditLine, command.customer)
    return limits.end_limit(
        line, command.number, ends_on=command.ends_on, reason=command.reason, on=today(read)
    )


@GrantGroupLimit.handler
def grant_group_limit(command: GrantGroupLimit, read: Reads) -> Decision[CreditGroup]:
    """Load the group, and what it may be given without approval."""
    group = read.get(CreditGroup, command.group)
    done = groups.grant_group_limit(group, command, by=read.actor, on=today(read))
    return _by_group_authority(group, done, read)


@EndGroupLimit.handler
def end_group_limit(command: EndGroupLimit, read: Reads) -> Decision[CreditGroup]:
    """Load the group."""
    group = read.get(CreditGroup, command.group)
    return limits.end_limit(
        group, command.number, ends_on=command.ends_on, reason=command.reason, on=today(read)
    )


@SetCreditGroup.handler
def set_credit_group(command: SetCreditGroup, read: Reads) -> Decision[CreditGroup]:
    """Load the group, if there is one, and what it may share without approval."""
    old = read.seek(CreditGroup, command.group)
    done = groups.set_group(old, command, by=read.actor, on=today(read), currency=read.tenant.currency)
    return _by_group_authority(old, done, read)


@JoinCreditGroup.handler
def join_credit_group(command: JoinCreditGroup, read: Reads) -> Decision[CreditLine]:
    """Load the line, and the groups that it leaves and joins; a customer without a line gets one."""
    new = read.get(CreditGroup, command.group) if command.group else None
    currency = read.tenant.currency if new is None else new.currency
    line = read.seek(CreditLine, command.customer) or empty_line(command.customer, currency)
    old = read.get(CreditGroup, line.group) if line.group else None
    return groups.join(line, old, new, reason=command.reason)


@SetCreditPolicy.handler
def set_credit_policy(command: SetCreditPolicy, read: Reads) -> Decision[CreditPolicy]:
    """Load what the scope said before; the group has to be known."""
    if command.scope is PolicyScope.GROUP:
        read.get(CreditGroup, command.of)
    new = CreditPolicy(
        id=policy_id(command.scope, command.of),
        scope=command.scope,
        of=command.of,
        limit=command.limit,
        stacking=command.stacking,
        insurance=command.insurance,
        over_limit=command.over_limit,
        watch_from=command.watch_from,
        gates=command.gates,
        parts=command.parts,
        checked_at=command.checked_at,
        own_authority=command.own_authority,
        rates=command.rates,
        reason=command.reason,
    )
    old = read.seek(CreditPolicy, new.id)
    if "admin" not in read.roles:
        wider = [each for each in _policies_around(new, read) if each.id != new.id]
        before, after = policy.rules_of([*wider, *([old] if old else [])]), policy.rules_of([*wider, new])
        wanted = check_policy(before, after, subject=new.id)
        if wanted:
            return refuse(*wanted)
    return policy.set_policy(old, new)


def _policies_around(new: CreditPolicy, read: Reads) -> list[CreditPolicy]:
    """The policies that say what one of a narrower scope leaves out."""
    ids = [policy_id(PolicyScope.TENANT)]
    line = read.seek(CreditLine, new.of) if new.scope is PolicyScope.CUSTOMER else None
    if line is not None and line.group:
        ids.append(policy_id(PolicyScope.GROUP, line.group))
    return read.find(CreditPolicy, is_in("id", ids))
