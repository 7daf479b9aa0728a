"""Every registered command and question through the whole door, from its own strategy, on a company at work.

A command that is registered later is under these laws at once; what its fields should find is in `KNOWN`.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from pharmacrm.core.flows.invoicing import RecordInvoice
from pharmacrm.core.kernel.decision import Decision, Outcome
from pharmacrm.core.kernel.errors import MalformedInput, NotFound, NotPermitted
from pharmacrm.core.kernel.journal import JournalQuery, Verb
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.query import ge, is_in
from pharmacrm.core.orders import OrderLine, SalesOrder
from pharmacrm.core.people import ROLES, RegisterStaff
from pharmacrm.core.terms import PublishTerms
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing import strategies as some
from pharmacrm.testing.strategies import TRAPS, Family, near_misses_of
from tests.bad_inputs.examples import EXAMPLES
from tests.covers import covers
from tests.flows.companies import KINDS
from tests.flows.house import (
    ADMIN,
    FINANCE,
    SALES,
    WAREHOUSE,
    close_all,
    counters_are_entries,
    dump,
    journal,
    open_house,
    placed,
    receipt,
    records,
    released,
    slip,
    worth,
)
from tests.flows.scenarios_approvals import published, submitted
from tests.flows.scenarios_purchasing import BUYING, ordered, supplied, wanted
from tests.flows.scenarios_quoting import approved, quoted

REGISTRY = open_house().registry
COMMANDS = {name: kind for name, kind in REGISTRY.messages.items() if issubclass(kind, Command)}
QUESTIONS = {name: kind for name, kind in REGISTRY.messages.items() if name not in COMMANDS}


def some_of(*known: str) -> Any:
    """Mostly what is there, now and then what is not."""
    return st.one_of(st.sampled_from(known), st.sampled_from(known), some.ids())


KNOWN: dict[str, Any] = {
    "buyer": some_of("H-001", "H-002"),
    "customer": some_of("H-001", "H-002"),
    "payer": some_of("H-001"),
    "product": some_of("ATO-20", "AMX-500"),
    "lot": some_of("L1"),
    "order": some_of("SO-1", "SO-2", "SO-3"),
    "document": some_of("Q-1", "QT-1"),
    "quote": some_of("QT-1", "QT-2"),
    "purchase": some_of("PO-1", "PO-2"),
    "supplier": some_of("S-001", "H-001"),
    "subject": some_of("SO-1", "SO-2", "OUT-1"),
    "of": some_of("SO-3", "SO-1"),
    "code": st.sampled_from(["", "credit.over_limit", "nothing.known"]),
    "slip": some_of("OUT-1"),
    "receipt": some_of("R-1"),
    "term_set": st.one_of(st.just(""), some_of("wholesale")),
    "instalment": some_of("OUT-1/receivable/1"),
    "price_list": some_of("STD"),
    "role": some_of(*sorted(ROLES)),
    "right": some_of("PlaceOrder", "SalesOrder", "Entry"),
    "unit": st.sampled_from(["", "盒", "箱", "桶"]),
    "stage": st.sampled_from(["", "qualification", "lead", "warehouse", "nowhere"]),
    "seen": st.sampled_from(["", "0" * 64]),
    "person": some_of("li.si", "nobody"),
}
STAFF = {"unit": st.sampled_from([None, "east", "west"]), "id": some_of("zhang.san", ADMIN)}
"""A unit of people is no unit of goods."""


def given_for(kind: type) -> dict[str, Any]:
    names = {shape.name for shape in some.shapes(kind)}
    lines = {"product", "unit", "lot", "instalment", "slip"}
    about_lines = {"lines", "items", "targets"} & names
    goods = {"slip"} if kind is RecordInvoice else {"product", "unit"}
    nested = {"lines": goods, "items": {"lot"}, "targets": {"instalment"}}
    wanted = names | {name for field in about_lines for name in nested[field] & lines}
    known = {name: KNOWN[name] for name in wanted & KNOWN.keys()}
    if kind is RegisterStaff:
        return known | STAFF
    if "parent" in names:  # customers and units of the organisation
        known.pop("unit", None)
    if "base" in names:  # the quote currency of a rate
        known.pop("quote", None)
    return known


def house() -> PharmaCRM:
    """An order in approval, one half shipped with money against it, one under a hold; roles for all."""
    crm = open_house(limit="3000.00", buyers=("H-001", "H-002"))
    for role in ROLES:
        crm.do(RegisterStaff(id=f"a.{role}", name="某", unit="east", roles=(role,)), actor=ADMIN).expect()
    placed(crm, "SO-1")
    released(crm, "SO-2")
    assert crm.do(worth("SO-3", 5000), actor=SALES).held
    crm.do(slip("SO-2", "OUT-1", 400), actor=WAREHOUSE).expect()
    crm.do(receipt(crm, "R-1", 5), actor=FINANCE).expect()
    crm.do(published(), actor=ADMIN).expect()
    crm.do(PublishTerms(code="wholesale", terms="net 30", valid_from="2020-01-01"), actor=ADMIN).expect()
    crm.do(submitted("Q-1"), actor=SALES).expect()
    for command, actor in approved(crm):
        crm.do(command, actor=actor).expect()
    crm.do(quoted(crm, "QT-2"), actor=SALES).expect()
    supplied(crm)
    for command, actor in (*ordered(crm), (wanted(crm, "PO-2"), BUYING)):
        crm.do(command, actor=actor).expect()
    return crm


def tried(do: Callable[[], Any]) -> Any:
    """An answer, or one of the two errors that a good message may end in; any other fails the test."""
    try:
        return do()
    except (NotFound, NotPermitted) as error:
        return error


def check_journal(written: list[Any], answer: Any, name: str) -> None:
    """The journal grew by what was said, and by nothing else."""
    verbs = [entry.verb for entry in written]
    if isinstance(answer, NotFound):
        assert verbs == []
    elif isinstance(answer, NotPermitted):
        assert verbs == [Verb.DENIED]
    elif answer.outcome is Outcome.REFUSED:
        assert verbs == [Verb.REFUSED]
    elif name == "DecideMany":
        refused = sum(each.outcome is Outcome.REFUSED for each in answer.value)
        assert Verb.DENIED not in verbs
        assert verbs.count(Verb.REFUSED) == refused, "each document that is refused has a row of its own"
    else:
        assert not {Verb.REFUSED, Verb.DENIED} & set(verbs)
    assert {entry.command for entry in written} <= {name}


def check_again(crm: PharmaCRM, command: Any, actor: str, first: Any, before: Any) -> None:
    """The same command under the same key: the same answer, and no second effect."""
    after = dump(crm)
    again = tried(lambda: crm.do(command, actor=actor, key="k"))
    assert type(again) is type(first)
    if isinstance(first, Decision):
        assert (again.outcome, again.codes) == (first.outcome, first.codes)
        assert again.replayed is not first.refused
    if isinstance(first, NotFound) or (isinstance(first, Decision) and not first.refused):
        assert dump(crm) == after
    else:
        assert records(crm) == before[0]


def one_after_the_other(name: str, command: Any, actor: str, crm: PharmaCRM) -> Outcome | None:
    """All the laws for one command; gives the outcome, if there was an answer."""
    before = dump(crm)
    answer = tried(lambda: crm.do(command, actor=actor, key="k"))
    check_journal(journal(crm)[len(before[1]) :], answer, name)
    if not isinstance(answer, Decision) or answer.refused:
        assert records(crm) == before[0]
    counters_are_entries(crm)
    check_again(crm, command, actor, answer, before)
    counters_are_entries(crm)
    return answer.outcome if isinstance(answer, Decision) else None


def messages_for(kind: type) -> Any:
    """Drawn whole, or the good example with some of its fields drawn: most of those get far."""

    @st.composite
    def blended(draw: st.DrawFn) -> Any:
        drawn = draw(some.instances(kind, **given_for(kind)))
        names = [shape.name for shape in some.shapes(kind)]
        changed = draw(st.lists(st.sampled_from(names), max_size=2, unique=True)) if names else []
        try:
            return evolve(EXAMPLES[kind.__name__], **{name: getattr(drawn, name) for name in changed})
        except MalformedInput:
            reject()

    return st.one_of(blended(), some.instances(kind, **given_for(kind)))


def actors_for(name: str) -> Any:
    """Mostly those who may give this command."""
    roles = [role for role, rights in REGISTRY.rights.items() if name in rights and role in ROLES]
    may = st.sampled_from([f"a.{role}" for role in sorted(roles) or ["admin"]])
    return st.one_of(may, may, may, may, may, st.sampled_from(["a.auditor", "nobody"]))


@covers("XT-03", "XT-11", "XT-26")
@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_good_command_has_an_answer_once(name: str) -> None:
    kind = COMMANDS[name]
    actors = actors_for(name)

    @settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
    @given(messages_for(kind), actors)
    def law(command: Any, actor: str) -> None:
        one_after_the_other(name, command, actor, house())
        close_all()

    law()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_examples_keep_the_same_laws_on_a_file(name: str, company_on: Callable[..., PharmaCRM]) -> None:
    """SQLite, sampled: one good command of each class."""
    crm = company_on("sqlite")
    roles = [role for role, rights in REGISTRY.rights.items() if name in rights and role in ROLES]
    role = min(roles, default="admin")
    crm.do(RegisterStaff(id="a.actor", name="某", unit="east", roles=(role,)), actor=ADMIN).expect()
    placed(crm)
    one_after_the_other(name, EXAMPLES[name], "a.actor", crm)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_every_good_question_has_an_answer_and_changes_nothing(name: str) -> None:
    kind = QUESTIONS[name]
    crm = house()
    before = dump(crm)

    @settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
    @given(messages_for(kind), st.sampled_from(["a.finance", "a.sales", ADMIN, "nobody"]))
    def law(question: Any, actor: str) -> None:
        tried(lambda: crm.ask(question, actor=actor))

    law()
    assert dump(crm) == before


# ------------------------------------------------------------------------------- traps at the door itself

TRAPPED_KINDS = KINDS[:2]


def test_no_near_miss_leaves_a_trace() -> None:
    """From plain data to the door: a bad field ends the command before any transaction."""
    crm = house()
    before = dump(crm)
    calls = Counter[str]()
    session = crm._store.session
    with patch.object(crm._store, "session", lambda: calls.update(["session"]) or session()):
        for name in sorted(COMMANDS):
            for miss in near_misses_of(EXAMPLES[name]):
                with pytest.raises(MalformedInput):
                    crm.do(miss.make(), actor=ADMIN)
    assert not calls
    assert dump(crm) == before


@pytest.mark.parametrize("kind", TRAPPED_KINDS)
def test_traps_as_the_effective_day(kind: str, company_on: Callable[..., PharmaCRM]) -> None:
    crm = company_on(kind)
    before = dump(crm)
    for trap in (*TRAPS[Family.ANY], *TRAPS[Family.DATE]):
        if trap.name == "nothing":
            continue
        with pytest.raises(MalformedInput) as caught:
            crm.do(EXAMPLES["PlaceOrder"], actor=SALES, effective_at=trap.make())
        assert caught.value.field == "effective_at", trap
    assert dump(crm) == before


NAMED: tuple[tuple[str, Callable[[PharmaCRM, Any], object]], ...] = (
    ("actor", lambda crm, bad: crm.do(EXAMPLES["PlaceOrder"], actor=bad)),
    ("actor", lambda crm, bad: crm.ask(EXAMPLES["Inbox"], actor=bad)),
    ("actor", lambda crm, bad: crm.find(SalesOrder, actor=bad)),
    ("actor", lambda crm, bad: crm.count(SalesOrder, actor=bad)),
    ("actor", lambda crm, bad: crm.get(SalesOrder, "SO-1", actor=bad)),
    ("actor", lambda crm, bad: crm.journal(JournalQuery(), actor=bad)),
    ("actor", lambda crm, bad: crm.work(actor=bad)),
    ("tenant", lambda crm, bad: crm.for_tenant(bad)),
    ("key", lambda crm, bad: crm.do(EXAMPLES["PlaceOrder"], actor=SALES, key=bad)),
    ("id", lambda crm, bad: crm.get(SalesOrder, bad, actor=SALES)),
)
FINE = {("key", "empty"), ("id", "long"), ("id", "longer")}
"""No key is no key; ids that we make of others' ids are longer."""


@pytest.mark.parametrize(("field", "call"), NAMED)
def test_traps_as_actor_key_id_and_tenant(field: str, call: Callable[[PharmaCRM, Any], object]) -> None:
    crm = open_house()
    before = dump(crm)
    for trap in (*TRAPS[Family.ANY], *TRAPS[Family.ID]):
        if (field, trap.name) in FINE:
            continue
        with pytest.raises(MalformedInput) as caught:
            call(crm, trap.make())
        assert caught.value.field == field, trap
    assert dump(crm) == before


ARGUMENTS: dict[str, Callable[[PharmaCRM, Any], object]] = {
    "command": lambda crm, bad: crm.do(bad, actor=SALES),
    "question": lambda crm, bad: crm.ask(bad, actor=SALES),
    "kind": lambda crm, bad: crm.find(bad, actor=SALES),
    "where[0]": lambda crm, bad: crm.find(SalesOrder, bad, actor=SALES),
    "query": lambda crm, bad: crm.journal(bad, actor="auditor"),
}


@pytest.mark.parametrize("argument", sorted(ARGUMENTS))
def test_traps_as_everything_else_that_the_door_takes(argument: str) -> None:
    crm = open_house()
    crm.do(RegisterStaff(id="auditor", name="审计", roles=("auditor",)), actor=ADMIN).expect()
    before = dump(crm)
    for trap in TRAPS[Family.ANY]:
        with pytest.raises(MalformedInput) as caught:
            ARGUMENTS[argument](crm, trap.make())
        assert caught.value.field == argument, trap
    assert dump(crm) == before


@pytest.mark.parametrize("kind", TRAPPED_KINDS)
def test_traps_as_limits_and_numbers_of_a_search(kind: str, company_on: Callable[..., PharmaCRM]) -> None:
    """Found here: a number too large for a database came out as the driver's OverflowError."""
    crm = company_on(kind)
    crm.do(RegisterStaff(id="auditor", name="审计", roles=("auditor",)), actor=ADMIN).expect()
    before = dump(crm)
    numbers = some.fresh(too_large=2**63, far_too_large=10**5_000, true=True, text="5", minus_one=-1)
    for trap in (*TRAPS[Family.ANY], *numbers):
        if trap.name == "nothing":
            continue
        calls = [
            ("limit", lambda bad: crm.find(SalesOrder, actor=SALES, limit=bad)),
            ("limit", lambda bad: crm.journal(JournalQuery(limit=bad), actor="auditor")),
        ]
        if trap.name != "minus_one":
            calls.append(("where[0]", lambda bad: crm.find(SalesOrder, ge("version", bad), actor=SALES)))
            calls.append(
                ("where[0]", lambda bad: crm.count(OrderLine, is_in("quantity", [bad]), actor=SALES))
            )
        for field, call in calls:
            with pytest.raises(MalformedInput) as caught:
                call(trap.make())
            assert caught.value.field == field, trap
    assert dump(crm) == before
