"""One run on one database: a field of accounts, processes that act at random, and what is then true."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from attrs import frozen

from pharmacrm.core.credit import JoinCreditGroup, SetCreditGroup
from pharmacrm.core.customers import RegisterCustomer
from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.prices import RegisterPrice, RegisterPriceList
from pharmacrm.core.values.trade import CustomerKind
from pharmacrm.crm import PharmaCRM, connect
from pharmacrm.plugins.storage.sql.store import SqlStore
from pharmacrm.testing.books import Books
from pharmacrm.testing.company import ADMIN, PRODUCTS, WHERE, found_company
from pharmacrm.testing.doors import Counting, Naive, door_to
from pharmacrm.testing.mixed.deeds import FINANCE, GROUP, HUNDRED, Deed, Field, Hand, act, dollar
from pharmacrm.testing.mixed.identity import uneven
from pharmacrm.testing.mixed.witness import place, testimony
from pharmacrm.testing.processes import together
from pharmacrm.testing.targets import database

ACCOUNTS, MEMBERS = 6, 3
DOLLARS = (2, 5)
"""The accounts that buy in dollars: one of the group's, and one by itself."""

ENDS = frozenset(str(each) for each in Outcome)
SHARE = 5
"""How many hundreds of yuan of limit an account has for each deed of a process that falls to it."""


@frozen
class Mixed:
    """What the processes did, what the witness in the database saw, and the books afterwards."""

    kind: str
    deeds: list[Deed]
    seen: list[str]
    books: Books

    @property
    def outcomes(self) -> dict[str, int]:
        """How often each deed ended how, errors as one."""
        known = {"allowed", "held", "refused"}
        counted = Counter(
            f"{each.name}_{each.outcome if each.outcome in known else 'error'}" for each in self.deeds
        )
        return dict(sorted(counted.items()))

    @property
    def slowest(self) -> tuple[float, float]:
        """Median and 99th percentile of one deed, in milliseconds."""
        took = sorted(each.seconds for each in self.deeds)
        return took[len(took) // 2] * 1000, took[len(took) * 99 // 100] * 1000

    def wrongs(self) -> Iterator[str]:
        """Every violation: errors that reached the caller, what the witness saw, books that do not agree."""
        for each in self.deeds:
            if each.outcome not in ENDS:
                yield f"{self.kind}: {each.name} raised {each.outcome}"
        yield from (f"{self.kind}: {each}" for each in self.seen)
        yield from (f"{self.kind}: {each}" for each in uneven(self.books))
        yield from (f"{self.kind}: {each}" for each in self.books.wrongs())


def mixed(kind: str, *, workers: int, runs: int, seed: int, naive: bool = False) -> Mixed:
    """Let processes act on a database of their own, so many deeds in all, and look at it afterwards."""
    each = -(-runs // workers)
    field = Field(
        buyers=tuple(f"H-{number:03}" for number in range(ACCOUNTS)),
        members=MEMBERS,
        steps=max(2, workers * each * SHARE // (10 * ACCOUNTS)),
        dollars=frozenset(f"H-{number:03}" for number in DOLLARS),
    )
    with database(kind) as url:
        crm = connect(url)
        found_company(crm, limit=f"{field.steps * 100}.00", buyers=field.buyers)
        pool = SetCreditGroup(
            group=GROUP, name="示例集团", limit=HUNDRED * (2 * field.steps), reason="集团授信"
        )
        crm.do(pool, actor=FINANCE).expect()
        for member in field.buyers[:MEMBERS]:
            crm.do(JoinCreditGroup(customer=member, group=GROUP), actor=FINANCE).expect()
        _in_dollars(crm, field)
        place(kind, url, (*sorted(field.dollars), GROUP))
        done = together(_handed, url, field, each, seed, naive, workers=workers)
        store = SqlStore(url)
        books = Books.read(store, crm.registry)
        store.close()
        crm.close()
        seen = testimony(url)
    return Mixed(kind, [deed for one in done for deed in one], seen, books)


def _in_dollars(crm: PharmaCRM, field: Field) -> None:
    """A list in dollars, customers who buy from it, and the first rate."""
    start = crm.clock.now().date() - timedelta(days=1)
    prices = RegisterPriceList(id="USD", name="美元价目表", currency="USD", valid_from=start)
    crm.do(prices, actor=ADMIN).expect()
    crm.do(RegisterPrice(price_list="USD", product="ATO-20", price=PRODUCTS["ATO-20"]), actor=ADMIN).expect()
    crm.do(dollar(crm, "2"), actor=FINANCE).expect()
    for buyer in sorted(field.dollars):
        customer = RegisterCustomer(
            id=buyer, kind=CustomerKind.HOSPITAL, name=f"示例医院{buyer}", address=WHERE, price_list="USD"
        )
        crm.do(customer, actor=ADMIN).expect()


def _handed(number: int, url: str, field: Field, runs: int, seed: int, naive: bool) -> list[Deed]:  # noqa: FBT001 - handed on by position to a process
    crm = door_to(Naive(url) if naive else Counting(url))
    luck = random.Random(f"{seed}/{number}")  # noqa: S311 - a run has to be repeatable
    done = act(Hand(crm, field, number, luck), runs)
    crm.close()
    return done
