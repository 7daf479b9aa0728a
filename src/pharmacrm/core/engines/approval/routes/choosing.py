"""Which route a document takes: of those for its kind, by their conditions and priorities."""

from collections.abc import Iterable, Iterator, Sequence

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.engines.approval.routes.conditions import compared, met, strangers, tests, written
from pharmacrm.core.engines.approval.routes.definition import Route
from pharmacrm.core.engines.approval.routes.facts import BUILT_IN, left_out
from pharmacrm.core.engines.approval.routes.planning import Document, facts_of
from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.words import listed
from pharmacrm.core.values.document_kinds import kind_name


def choose(routes: Iterable[Route], document: Document) -> Decision[Route]:
    """The route of a document: of those for its kind whose condition is met the one of highest priority.

    None, and two of the same priority, are refused, and so is a document of which a route that would come
    first looks at an amount that is not there, or of a currency of which no route says anything: nothing is
    approved by accident.
    """
    known = [route for route in routes if route.kind == document.kind]
    fitting = [route for route in known if met(route.when, facts_of(route, document)[0])]
    best = max((route.priority for route in fitting), default=None)
    unsaid = (*_left_out(known, best, document), *_uncomparable(known, best, document))
    if unsaid:
        return refuse(*unsaid)
    if best is None:
        return refuse(reasons.NO_ROUTE(document.subject, field="kind", observed=kind_name(document.kind)))
    first, *others = sorted((route for route in fitting if route.priority == best), key=lambda one: one.name)
    if others:
        names = listed(route.name for route in (first, *others))
        return refuse(reasons.TWO_ROUTES(document.subject, field="priority", observed=names, expected=best))
    return accept(first)


def _left_out(known: Sequence[Route], best: int | None, document: Document) -> Iterator[Reason]:
    """What every document has, and this one leaves out, where it could have chosen another route."""
    wanted: set[str] = set()
    for route in known:
        if best is None or route.priority >= best:
            wanted |= (compared(route.when) & BUILT_IN.keys()) - facts_of(route, document)[0].keys()
    for name in sorted(wanted):
        yield left_out(document.subject, name, BUILT_IN[name])


def _uncomparable(known: Sequence[Route], best: int | None, document: Document) -> Iterator[Reason]:
    """Amounts by which a route that would come first is chosen, in a currency of which no route speaks."""
    found: dict[str, Money] = {}
    for route in known:
        facts = facts_of(route, document)[0]
        for test in strangers(route.when, facts) if best is not None and route.priority > best else ():
            have = facts[test.field]
            if isinstance(have, Money) and have.currency not in _currencies(known, test.field):
                found[test.field] = have
    for name, have in sorted(found.items()):
        yield reasons.CURRENCY(document.subject, field=name, observed=have)


def _currencies(known: Iterable[Route], field: str) -> frozenset[str]:
    """The currencies in which the routes of a kind compare a field."""
    return frozenset(
        value.currency
        for route in known
        for test in tests(route.when)
        if test.field == field
        for value in written(test)
        if isinstance(value, Money)
    )
