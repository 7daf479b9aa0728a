"""What cannot join the door stays out of it, whole, and the door opens."""

import itertools
from typing import Any

import pytest
from attrs import frozen

import pharmacrm.core.orders
from pharmacrm.core.kernel.change import Event
from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import PluginFailure
from pharmacrm.core.kernel.message import Command, Handler, Question
from pharmacrm.core.kernel.reason import ReasonCode, Severity
from pharmacrm.core.kernel.record import Record
from pharmacrm.core.orders import SalesOrder
from pharmacrm.testing.company import an_order
from tests.plugins.hostile import company
from tests.plugins.one_hook import ANY_HOOK, Registrar, changed, of

SELLER = "zhang.san"


@frozen(kw_only=True)
class Shelf(Record):
    label: str = ""


@frozen(kw_only=True)
class ShelfMoved(Event):
    pass


@frozen(kw_only=True)
class Shelves(Question[int]):
    pass


@frozen(kw_only=True)
class CloseShelf(Command[Shelf]):
    shelf: str


@frozen(kw_only=True)
class CloseMonth(Command[Shelf]):
    subject_field = ""


class NotAnEvent:
    pass


SHELF_FULL = ReasonCode(
    "shelf.full", Severity.APPROVE, "shelf {subject} is full", "货架 {subject} 已满", passed_by="admin"
)


def _domain(**more: Any) -> Domain:
    domain: Domain = changed(Domain(name="shelves"), **more)
    return domain


NO_DOMAIN = (
    ANY_HOOK
    | {
        "plugins-001 None": lambda _: None,
        "plugins-008 too many": lambda _: [_domain()] * 10**6,
        "plugins-010 twice": lambda _: [_domain(), _domain()],
        "plugins-012 nothing in it": lambda _: object.__new__(Domain),
        "plugins-013 subclass": lambda _: type("More", (Domain,), {})(name="shelves"),
        "a name that is none": lambda _: _domain(name=5),
        "plugins-020 lone surrogate": lambda _: _domain(name="\ud800"),
        "records that are none": lambda _: _domain(records=(int,)),
        "records that are instances": lambda _: _domain(records=(Shelf(id="x"),)),
        "records without end": lambda _: _domain(records=itertools.repeat(Shelf)),
        "handlers that are functions": lambda _: _domain(handlers=(lambda command, read: None,)),
        "a handler of nothing": lambda _: _domain(handlers=(Handler(int, print),)),  # type: ignore[arg-type]  # wrong on purpose: what becomes of it is tested
        "a command about nothing that it names": lambda _: _domain(handlers=(Handler(CloseShelf, print),)),
        "a command about what is no text": lambda _: _domain(
            handlers=(Handler(type("Odd", (CloseShelf,), {"subject_field": 5}), print),)
        ),
        "events that are none": lambda _: _domain(events=(NotAnEvent,)),
        "a code that is text": lambda _: _domain(reasons=("shelf.full",)),
        "a code with a trap": lambda _: _domain(
            reasons=(
                changed(
                    ReasonCode("a.b", Severity.INFO, "{observed.x}", ""),
                ),
            )
        ),
        "rights for things": lambda _: _domain(rights={"sales": ("Shelf",)}),
        "rights as a list": lambda _: _domain(rights=["sales"]),
        "a record with a line in its name": lambda _: _domain(records=(type("She\nlf", (Shelf,), {}),)),
        "a record with a name of 60": lambda _: _domain(records=(type("S" * 60, (Shelf,), {}),)),
        "plugins-047 a built-in domain": lambda _: _domain(name="orders"),
        "plugins-047 a built-in record": lambda _: _domain(records=(SalesOrder,)),
        "plugins-047 a record of the door": lambda _: _domain(records=(type("Tenant", (Shelf,), {}),)),
        "plugins-047 the journal": lambda _: _domain(records=(type("Journal", (Shelf,), {}),)),
        "plugins-047 a built-in handler": lambda _: _domain(
            handlers=pharmacrm.core.orders.domain.handlers[:1]
        ),
        "plugins-047 a built-in code": lambda _: _domain(
            reasons=(ReasonCode("plugin.fault", Severity.INFO, "fine", "好"),)
        ),
    }
)


@of(NO_DOMAIN)
def test_a_domain_that_cannot_join_stays_out(behave: Any) -> None:
    crm = company(Registrar(behave))
    assert "shelves" not in crm.registry.domains
    assert crm.do(an_order("SO-1"), actor=SELLER).allowed
    [fault] = crm.plugins.faults
    assert (fault.plugin, fault.hook) == ("one", "pharmacrm_register")
    assert fault.message.isprintable()


def test_a_domain_joins_after_ours(sqlite_url: str) -> None:
    domain = Domain(
        name="shelves",
        records=(Shelf,),
        handlers=(Shelves.handler(lambda question, read: read.count(Shelf)),),
        events=(ShelfMoved,),
        reasons=(SHELF_FULL,),
        rights={"sales": (Shelves,)},
    )
    crm = company(Registrar(lambda _: [domain]), url=sqlite_url)
    assert list(crm.registry.domains)[-1] == "shelves"
    assert crm.ask(Shelves(), actor=SELLER) == 0
    assert crm.plugins.faults == ()


def test_of_two_plugins_with_one_domain_the_first_listed_has_it() -> None:
    plugins = Registrar(lambda _: _domain(), "first"), Registrar(lambda _: _domain(), "second")
    crm = company(*plugins)
    [fault] = crm.plugins.faults
    assert (fault.plugin, fault.message) == ("second", "the domain shelves is registered already")


def test_a_required_plugin_whose_domain_stays_out_is_missing() -> None:
    crm = company(Registrar(lambda _: None), require={"one": (type(an_order()),)})
    answer = crm.do(an_order("SO-1"), actor=SELLER)
    assert answer.outcome is Outcome.HELD
    assert answer.codes == ("plugin.missing",)


def test_a_command_may_be_about_nothing_if_it_says_so() -> None:
    crm = company(Registrar(lambda _: _domain(records=(Shelf,), handlers=(Handler(CloseMonth, print),))))
    assert crm.plugins.faults == ()
    assert CloseMonth().subject == ""


def test_what_nobody_handles_is_said_so_and_is_no_matter_of_rights() -> None:
    crm = company(Registrar(lambda _: _domain(handlers=(Handler(CloseShelf, print),))))
    assert "subject_field" in crm.plugins.faults[0].message
    with pytest.raises(PluginFailure, match=r"crm\.plugins\.faults") as done:
        crm.do(CloseShelf(shelf="A"), actor=SELLER)
    with pytest.raises(PluginFailure, match="nothing handles Shelves") as asked:
        crm.ask(Shelves(), actor=SELLER)
    assert done.value.code == asked.value.code == "message.unknown"
