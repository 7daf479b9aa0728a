"""Ids that we make of others: however long the parts may be, they fit wherever they are kept or named."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

import pharmacrm.core
from pharmacrm.core.collections.dunning.rules import letter_id
from pharmacrm.core.collections.dunning.texts import text_id
from pharmacrm.core.collections.ledger import LedgerRole, Movement, MovementKind
from pharmacrm.core.collections.vouchers import Entry, account_id, voucher_id, vouchers
from pharmacrm.core.credit.foreign import foreign_id
from pharmacrm.core.credit.model import reservation_id
from pharmacrm.core.credit.policy import PolicyScope, policy_id
from pharmacrm.core.customers.rules import identifier_id
from pharmacrm.core.engines.approval.routes.model import request_id
from pharmacrm.core.engines.holds import hold_id
from pharmacrm.core.engines.reminders.model import ReminderKind, reminder_id
from pharmacrm.core.engines.revisions.model import revision_id
from pharmacrm.core.host_numbers import number_id
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.ids import MAX_ID, MAX_REF, as_id
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.kernel.store import Store
from pharmacrm.core.licences.filing import licence_id
from pharmacrm.core.orders.model import line_id, lot_id
from pharmacrm.core.orders.purchases.model import purchase_line_id
from pharmacrm.core.orders.quotes.model import quote_line_id
from pharmacrm.core.prices.rules import price_item_id
from pharmacrm.core.rates import rate_id
from pharmacrm.core.receivables.credit_notes import credit_note_id
from pharmacrm.core.receivables.opening import credit_id, prepayment_id
from pharmacrm.core.receivables.targets import Target
from pharmacrm.core.stock.model import snapshot_id
from pharmacrm.core.terms.model import entry_id, version_id
from pharmacrm.core.values.licence_kinds import LicenceKind
from pharmacrm.plugins.storage.memory import MemoryStore
from pharmacrm.plugins.storage.sql import SqlStore
from pharmacrm.plugins.storage.sql.tables import ID
from pharmacrm.plugins.wall.answers import LONGEST_CODE
from pharmacrm.testing.storage.bench import Bench, new_tenant
from pharmacrm.testing.storage.kinds import KINDS, KitOrder, order

ANY, DAY, MANY = "客" * MAX_ID, date(9998, 12, 31), 9999
"""The longest part, also in bytes; the longest number that anything of a document counts to."""


def a_movement(kind: MovementKind, debit: LedgerRole, credit: LedgerRole) -> Movement:
    """What an instalment with the longest id gives, taken back."""
    return Movement(
        on=DAY,
        kind=kind,
        document=ITEM,
        customer=ANY,
        debit=debit,
        credit=credit,
        amount=Money(1, "CNY"),
        reverses=True,
    )


LETTER = letter_id(ANY, "CNY", DAY)
DEBT = f"{LETTER}/interest/{MANY}"
"""The debt whose id is the longest: the interest that a dunning letter charges on one of its items."""

ITEM = f"{DEBT}/{MANY}"
ENTRY = Entry(DAY, MovementKind.CHARGE, ITEM, ANY, reverses=True)
REDATED = f"{ANY}/dates/acceptance/{MANY}"
REQUEST = request_id("客" * MAX_REF, MANY)
CODE = "x" * LONGEST_CODE
STEP = "x" * 48

MADE: dict[str, tuple[str, ...]] = {
    "orders.model.line_id": (line_id(ANY, MANY),),
    "orders.model.lot_id": (lot_id(ANY, ANY),),
    "engines.reminders.model.reminder_id": tuple(
        reminder_id(kind, cause, DAY, -MANY)
        for kind, cause in (
            (ReminderKind.INSTALMENT, ITEM),
            (ReminderKind.APPROVAL, request_id(ANY, MANY)),
            (ReminderKind.APPROVAL, REQUEST),
            (ReminderKind.HOLD, hold_id(ANY, MANY, CODE)),
            (ReminderKind.TASK, ANY),
            *((ReminderKind.LICENCE, licence_id(ANY, kind, ANY)) for kind in LicenceKind),
        )
    ),
    "engines.holds.hold_id": (hold_id(ANY, MANY, CODE),),
    "engines.approval.routes.model.request_id": (REQUEST,),
    "engines.approval.routes.moving": (
        f"{REQUEST}/{MANY}",
        f"{REQUEST}/{STEP}/{MANY}",
        f"{REQUEST}/question/{MANY}",
    ),
    "customers.rules.identifier_id": (identifier_id("x" * 48, ANY),),
    "credit.model.reservation_id": (reservation_id(ANY),),
    "credit.foreign.foreign_id": (foreign_id(ANY, "CNY"),),
    "rates.rate_id": (rate_id("USD", "CNY", DAY),),
    "credit.policy.policy_id": tuple(policy_id(scope, ANY) for scope in PolicyScope),
    "receivables.opening.prepayment_id": (prepayment_id(ANY, MANY),),
    "receivables.opening.credit_id": (credit_id(ANY),),
    "receivables.opening": (f"{prepayment_id(ANY, MANY)}/{MANY}", f"{credit_id(ANY)}/{MANY}", ITEM),
    "receivables.credit_notes.credit_note_id": (credit_note_id(ANY),),
    "receivables.carrying": tuple(f"{REDATED}/{kind}/{MANY}" for kind in ("dispute", "promise")),
    "flows.redating._next_id": (REDATED,),
    "receivables.adjustments": (f"{credit_note_id(ANY)}/{MANY}",),
    "receivables.invoices": (f"{ANY}/{MANY}",),
    "receivables.allocation": (f"{ANY}/{MANY}",),
    "host_numbers.number_id": (number_id(ANY, ANY, ANY),),
    "prices.rules.price_item_id": (price_item_id(ANY, ANY),),
    "stock.model.snapshot_id": (snapshot_id(ANY, ANY, ANY),),
    "collections.dunning.rules.letter_id": (LETTER,),
    "collections.dunning.rules": (f"{LETTER}/{MANY}",),
    "collections.dunning.texts.text_id": (text_id(ANY, "客" * 16, MANY),),
    "collections.confirmation": (f"{ANY}/{MANY}",),
    "collections.vouchers.voucher_id": (voucher_id(ENTRY),),
    "collections.vouchers.account_id": tuple(account_id(role, Percentage("99.9999%")) for role in LedgerRole),
    "collections.vouchers": tuple(
        line.id
        for kind in MovementKind
        for debit in LedgerRole
        for credit in LedgerRole
        if debit is not credit
        for voucher in vouchers([a_movement(kind, debit, credit)], {})
        for line in voucher.lines
    ),
    "flows.dunning": (DEBT, f"{LETTER}/fee"),
    "licences.filing.licence_id": tuple(licence_id(ANY, kind, ANY) for kind in LicenceKind),
    "terms.model.version_id": (version_id(ANY, MANY),),
    "terms.model.entry_id": (entry_id(ANY, DAY),),
    "engines.revisions.model.revision_id": (revision_id(ANY, MANY),),
    "orders.quotes.model.quote_line_id": (quote_line_id(ANY, MANY),),
    "orders.purchases.model.purchase_line_id": (purchase_line_id(ANY, MANY),),
    "orders.purchases.receiving": (f"{ANY}/{MANY}",),
    "orders.returns": (f"{ANY}/{MANY}",),
    "orders.slips": (f"{ANY}/{MANY}",),
    "outbox.rules": (f"0198c7e2-0000-7000-8000-000000000000/{DAY:%Y%m%dT%H%M%S%f}",),
}
"""Every id that the core makes, under the place that makes it, of the longest parts that are legal there."""

NAMED = (
    credit_id(ANY),
    prepayment_id(ANY, MANY),
    f"{prepayment_id(ANY, MANY)}/{MANY}",
    DEBT,
    ITEM,
    f"{LETTER}/fee/1",
    credit_note_id(ANY),
)
"""Those that commands name: instalments, debts, credit notes."""


READERS = {"as_resident_id", "as_id", "_by_id", "new_id"}
"""What ends like the name of a function that makes ids of others, and makes none of them."""


def makers() -> Iterator[str]:
    """Where the core makes ids: functions called so, and fields of records that are put together in place."""
    root = Path(pharmacrm.core.__path__[0])
    for path in sorted(root.rglob("*.py")):
        place = ".".join(path.relative_to(root).with_suffix("").parts)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.endswith("_id") and node.name not in READERS:
                yield f"{place}.{node.name}"
            if isinstance(node, ast.keyword) and node.arg == "id" and isinstance(node.value, ast.JoinedStr):
                yield place


def test_every_place_that_makes_an_id_is_known() -> None:
    assert set(makers()) | {"flows.dunning"} == set(MADE)


@pytest.mark.parametrize("place", sorted(MADE))
def test_the_longest_id_fits_its_column(place: str) -> None:
    assert 0 < max(map(len, MADE[place])) <= ID


def test_the_longest_id_that_a_command_names_is_taken() -> None:
    for id_ in NAMED:
        assert as_id(id_.replace("客", "H"), MAX_REF) == id_.replace("客", "H")
    assert max(map(len, NAMED)) <= MAX_REF


def test_one_more_than_that_is_refused() -> None:
    with pytest.raises(MalformedInput) as error:
        Target("H" * (MAX_REF + 1), Money(1, "CNY"))
    assert (error.value.code, error.value.field) == ("id.malformed", "instalment")


@contextmanager
def opened(name: str, request: pytest.FixtureRequest) -> Iterator[Store]:
    fixture = {"sqlite": "sqlite_url", "postgresql": "postgresql_url", "mariadb": "mariadb_url"}.get(name)
    store: Store = MemoryStore() if fixture is None else SqlStore(request.getfixturevalue(fixture))
    store.install(KINDS)
    yield store
    store.close()


@pytest.mark.parametrize("name", ["memory", "sqlite", "postgresql", "mariadb"])
def test_every_store_keeps_them_whole(name: str, request: pytest.FixtureRequest) -> None:
    every = sorted({id_ for ids in MADE.values() for id_ in ids})
    with opened(name, request) as store:
        bench = Bench(store, new_tenant())
        entries = [bench.entry(id_) for id_ in every]
        bench.flush(*(order(id_, text=id_) for id_ in every), entries=tuple(entries))
        assert bench.ids(KitOrder) == sorted(every, key=str.encode)
        assert {bench.get(KitOrder, id_).text for id_ in every} == set(every)
        assert {entry.subject for entry in bench.journal()} == set(every)
