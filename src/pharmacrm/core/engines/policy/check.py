"""Check a pack before it is used: everything that is wrong with it, at once."""

from collections import Counter
from collections.abc import Collection, Iterator

from pharmacrm.core.engines.policy import reasons as why
from pharmacrm.core.engines.policy.model import PolicyPack
from pharmacrm.core.engines.policy.tables import Permits, Tables
from pharmacrm.core.kernel.reason import Reason, in_order


def problems(pack: PolicyPack, codes: Collection[str]) -> tuple[Reason, ...]:
    """What is wrong with a pack; `codes` are the reason codes that exist. A good pack gives nothing."""
    return in_order((*_rules(pack, codes), *_tables(pack.name, pack.tables)))


def _rules(pack: PolicyPack, codes: Collection[str]) -> Iterator[Reason]:
    for id_, count in Counter(rule.id for rule in pack.rules).items():
        if count > 1:
            yield why.RULE_DUPLICATE(pack.name, field=id_, observed=id_)
    for rule in pack.rules:
        for code in rule.codes:
            if code not in codes:
                yield why.CODE_UNKNOWN(pack.name, field=rule.id, observed=code)
        if rule.effective_from and rule.effective_to and rule.effective_to < rule.effective_from:
            first, last = rule.effective_from, rule.effective_to
            yield why.DATES_REVERSED(pack.name, field=rule.id, observed=last, expected=f"from {first} on")


def _tables(name: str, tables: Tables) -> Iterator[Reason]:
    for code, category in tables.categories.items():
        if code != category.code:
            yield why.CATEGORY_NAME(name, field=code, observed=category.code)
        yield from _scopes(name, f"categories.{code}", category.permits, tables)
    for control, permits in tables.special.items():
        yield from _scopes(name, f"special.{control}", permits, tables)


def _scopes(name: str, field: str, permits: Permits, tables: Tables) -> Iterator[Reason]:
    used = (scope for ways in permits.values() for permit in ways for scope in permit.scopes)
    for scope in used:
        if scope not in tables.scope_names:
            yield why.SCOPE_UNKNOWN(name, field=field, observed=scope)
