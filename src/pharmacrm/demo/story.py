"""The story from the first to the last working day: what everybody does each day, and in which order."""

from collections.abc import Callable, Sequence
from datetime import date

from attrs import frozen

from pharmacrm.core.kernel.query import eq
from pharmacrm.core.orders import SalesOrder
from pharmacrm.core.people import OrgUnit
from pharmacrm.crm import PharmaCRM, SimulatedClock
from pharmacrm.demo.accounts import Account, accounts
from pharmacrm.demo.billing import Billing
from pharmacrm.demo.cast import ADMIN, STORY, take_the_stage
from pharmacrm.demo.catalogue import fill_the_shelves
from pharmacrm.demo.company import Company
from pharmacrm.demo.customers import open_the_accounts
from pharmacrm.demo.office import Office
from pharmacrm.demo.orders import ordinary
from pharmacrm.demo.scale import FIRST_DAY, Scale
from pharmacrm.demo.treasury import Treasury
from pharmacrm.demo.troubles import prepared, troubles
from pharmacrm.demo.warehouse import Warehouse

ALL = 1_000
Progress = Callable[[date, int, int], None]
"""Told at the end of each day: the day, how many days are told, and of how many."""


def silent(_: date, __: int, ___: int) -> None:
    """Say nothing."""


class AnotherStory(Exception):
    """The store holds a story of another scale or seed."""


def tell(crm: PharmaCRM, clock: SimulatedClock, scale: Scale, progress: Progress = silent) -> tuple[int, int]:
    """Tell the story, or what is left of it; gives the days and the orders that were added.

    Days before the store's newest entry are told already. The day of that entry is told again under the same
    keys, as it may have been interrupted: what was done stays done once, and the rest is added.
    """
    company = Company(crm, clock, scale)
    crm.create_tables()
    begun, reached = bool(crm.tenants()), company.reached
    crm.install(admin=ADMIN, name="系统管理员", calendar="cn")
    if begun:
        _same_story(crm, scale)
    before = len(crm.find(SalesOrder, actor=ADMIN)) if begun else 0
    day = _cast(company)
    left = [each for each in scale.days if each >= reached]
    for number, each in enumerate(left, start=1):
        company.opens(each, resumed=begun and each == reached)
        day.work()
        progress(each, number, len(left))
    return len(left), len(crm.find(SalesOrder, actor=ADMIN)) - before


def _cast(company: Company) -> "Day":
    """Everybody who takes part; on the first day they are registered."""
    customers, parts = prepared(company.scale, accounts(company.scale))
    planned = {
        one.order.id: one for one in (*ordinary(company.scale, customers), *troubles(company.scale, parts))
    }
    return Day(
        company,
        customers,
        Office(company, customers, planned),
        Warehouse(company, planned),
        Billing(company),
        Treasury(company, {one.id: one for one in customers}),
    )


def _same_story(crm: PharmaCRM, scale: Scale) -> None:
    """Refuse to mix two stories in one store: the unit `story` says which one it holds."""
    found = crm.find(OrgUnit, eq("id", STORY), actor=ADMIN)
    if found and found[0].name != str(scale):
        raise AnotherStory(
            f"this store holds another story ({found[0].name}): use another folder, or remove it"
        )


@frozen
class Day:
    """What happens on every working day, in this order."""

    company: Company
    customers: Sequence[Account]
    office: Office
    warehouse: Warehouse
    billing: Billing
    treasury: Treasury

    def work(self) -> None:
        """One working day, from the morning's mail to the evening's notices."""
        if self.company.today == FIRST_DAY:
            take_the_stage(self.company)
            fill_the_shelves(self.company)
            open_the_accounts(self.company, self.customers)
        self.office.files()
        self.billing.invoices()
        self.treasury.sends_cheques_back()
        self.treasury.takes_money_in()
        self.office.passes_holds()
        self.office.gives_up()
        self.office.decides()
        self.warehouse.hears_of_arrivals()
        self.warehouse.ships()
        self.office.hands_in()
        self.office.checks()
        self.company.crm.run_due()
        while self.company.crm.deliver(limit=ALL).delivered:
            pass
