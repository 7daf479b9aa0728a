"""Amounts in other currencies on a credit line (外币折算): the account of each, and what it counts for.

Whatever moves a credit line by an amount of another currency moves the account of that currency instead, and
the line by what that counts for, in the same flush. Decisions about one account follow each other, as each
rests on its version.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from attrs import define, evolve, field, frozen

from pharmacrm.core.credit import CreditLine, ForeignCredit, Reservation, ReservationState, Worth
from pharmacrm.core.credit.foreign import moved, revalued, share_of
from pharmacrm.core.credit.handlers import today
from pharmacrm.core.credit.limits import below_exposure
from pharmacrm.core.credit.movements import PREPAYMENT, REFUNDED
from pharmacrm.core.credit.reasons import RATE_MISSING
from pharmacrm.core.flows.after import After
from pharmacrm.core.flows.lines import read_account
from pharmacrm.core.kernel.change import Add, Change, Save
from pharmacrm.core.kernel.decision import Decision, accept, add, save
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.reason import Reason, Severity, in_order
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.strict import Id, Note, strict
from pharmacrm.core.rates import read_exchange
from pharmacrm.core.values.exchange import Exchange

RATES_OF_THEN: Final = "what stands was counted at the rates of then"
REVALUED: Final = "revalued at the rate of {}"
WARNED: Final = frozenset({PREPAYMENT, REFUNDED})


def exchanged(decision: Decision[Any], read: Reads) -> Decision[Any]:
    """A decision whose movements in other currencies are booked in their accounts, and counted."""
    books = _Books(read, After(read, decision.changes))
    changes = [made for change in decision.changes for made in books.booked(change)]
    if not books.accounts:
        return decision
    mine: dict[tuple[type, str], Entity] = {(type(each), each.id): each for each in books.entities()}
    kept = [
        change
        for change in changes
        if not (isinstance(change, Save) and (type(change.entity), change.entity.id) in mine)
    ]
    reasons = in_order((*decision.reasons, *books.reasons))
    return evolve(decision, changes=(*kept, *map(Save, mine.values())), reasons=reasons)


@define
class _Books:
    """The accounts and reservations that a decision moves, as they stand after what was booked so far."""

    read: Reads
    after: After
    accounts: dict[str, ForeignCredit] = field(factory=dict)
    reserved: dict[str, Reservation] = field(factory=dict)
    reasons: list[Reason] = field(factory=list)

    def entities(self) -> Iterator[Entity]:
        """Everything that is to be saved: the reservations as the decision leaves them, with their worth."""
        yield from self.accounts.values()
        for id, held in self.reserved.items():
            saved = self.after.seek(Reservation, id)
            if saved is not None:
                yield evolve(saved, worth=held.worth)

    def booked(self, change: Change) -> list[Change]:
        """A change as it is, or what it means for the line where it is of another currency."""
        if not isinstance(change, Add) or change.kind is not CreditLine:
            return [change]
        line = self.after.seek(CreditLine, change.id)
        currency = next(iter(change.amounts.values())).currency
        if line is None or line.currency == currency:
            return [change]
        found = read_account(self.after, line, currency)
        account = self.accounts.get(found.id, found)
        if not isinstance(account, ForeignCredit):
            return [change]
        exchange = read_exchange(self.read, currency, line.currency, today(self.read))
        left = self._leaving(change, exchange)
        self.accounts[account.id], counted = moved(account, change.amounts, exchange, left=left)
        self._keep(change, exchange, counted)
        self._tell(change, line, exchange, counted)
        if not counted:
            return []
        rises = _exposure(change.amounts) > 0
        free = change.unbounded or ("" if rises else RATES_OF_THEN)
        return [evolve(change, amounts=counted, unbounded=free)]

    def _holding(self, change: Add) -> Reservation | None:
        """The reservation that a movement of open orders is about, as it stands so far."""
        amount = change.amounts.get("reserved")
        if amount is None:
            return None
        mine = [each for each in self.after.saved(Reservation) if each.customer == change.id]
        if len(mine) != 1 or mine[0].amount.currency != amount.currency:
            return None
        id = mine[0].id
        if id not in self.reserved:
            nothing = Money.zero(amount.currency)
            empty = evolve(mine[0], amount=nothing, posted=nothing, released=nothing, worth=None)
            self.reserved[id] = self.read.seek(Reservation, id) or empty
        return self.reserved[id]

    def _leaving(self, change: Add, exchange: Exchange) -> Money | None:
        held, amount = self._holding(change), change.amounts.get("reserved")
        if held is None or amount is None or not amount.is_negative:
            return None
        return share_of(held.worth, -amount, held.open, exchange)

    def _keep(self, change: Add, exchange: Exchange, counted: Mapping[str, Money]) -> None:
        """Note what the reservation counts for now, and at which rate what came in was taken."""
        held, amount = self._holding(change), change.amounts.get("reserved")
        if held is None or amount is None:
            return
        nothing = Money.zero(exchange.target)
        before = held.worth or Worth(amount=nothing, exchange=exchange)
        worth = Worth(
            amount=before.amount + counted.get("reserved", nothing),
            exchange=exchange if amount.is_positive else before.exchange,
        )
        self.reserved[held.id] = evolve(held, amount=held.amount + amount, worth=worth)

    def _tell(self, change: Add, line: CreditLine, exchange: Exchange, counted: Mapping[str, Money]) -> None:
        """Warn of what came in without a rate, and of a limit that money relied upon leaves exceeded."""
        if not exchange.known and _comes_in(change.amounts):
            why = RATE_MISSING(change.cause, field="rate", observed=exchange.pair, expected=exchange.on)
            self.reasons.append(why.weighed(Severity.WARN))
        if change.unbounded in WARNED:
            self.reasons += below_exposure(_with(line, counted))


def _comes_in(amounts: Mapping[str, Money]) -> bool:
    """Whether a debt or money comes in that no order stood for; orders are told of their rate as checked."""
    new = amounts.get("posted") if "reserved" not in amounts else None
    return any(each is not None and each.is_positive for each in (new, amounts.get("unapplied")))


def _exposure(amounts: Mapping[str, Money]) -> int:
    """What movements add to an exposure, in minor units."""
    signs = {"reserved": 1, "posted": 1, "paid": -1, "unapplied": -1}
    return sum(sign * amounts[name].minor for name, sign in signs.items() if name in amounts)


def _with(line: CreditLine, amounts: Mapping[str, Money]) -> CreditLine:
    return evolve(line, **{name: getattr(line, name) + amount for name, amount in amounts.items()})


def revalue(
    account: ForeignCredit, reservations: Iterable[Reservation], line: CreditLine, exchange: Exchange
) -> Decision[CreditLine]:
    """Bring what is open in an account to a rate: what is owed stays owed, also over the limit."""
    held = [_revalued(each, exchange) for each in reservations]
    worth = Money.total((each.worth.amount for each in held if each.worth is not None), line.currency)
    after, by = revalued(account, exchange, worth)
    if not by:
        return accept(line)
    why = REVALUED.format(exchange.as_of)
    moving = Add(kind=CreditLine, id=line.id, amounts=by, cause=account.id, unbounded=why)
    return accept(_with(line, by), save(after, *held), add(moving))


def _revalued(held: Reservation, exchange: Exchange) -> Reservation:
    return evolve(held, worth=Worth(amount=exchange.up(held.open), exchange=exchange))


@frozen(kw_only=True, field_transformer=strict)
class RevalueCredit(Command[CreditLine]):
    """Bring what a customer owes in other currencies to the rates of the day (外币重估).

    Until then it counts what it counted when it came in. The line may be over its limit then: that warns. A
    currency without a rate refuses (`credit.rate_missing`).
    """

    subject_field = "customer"

    customer: Id
    reason: Note = ""


@RevalueCredit.handler
def revalue_credit(command: RevalueCredit, read: Reads) -> Decision[CreditLine]:
    """Load the line, the accounts beside it, and the rates of the day."""
    line = read.get(CreditLine, command.customer)
    decisions: list[Decision[Any]] = []
    after = line
    for account in read.find(ForeignCredit, eq("customer", line.id)):
        exchange = read_exchange(read, account.currency, line.currency, today(read))
        if not exchange.known:
            missing = RATE_MISSING(line.id, field="rate", observed=exchange.pair, expected=exchange.on)
            decisions.append(Decision(reasons=(missing.weighed(Severity.BLOCK),)))
            continue
        open_ = (eq("customer", line.id), eq("state", ReservationState.ACTIVE))
        held = [each for each in read.find(Reservation, *open_) if each.amount.currency == account.currency]
        done = revalue(account, held, after, exchange)
        after = done.value or after
        decisions.append(done)
    return accept(line, *decisions, below_exposure(after) if after != line else ())


domain = Domain(name="exchanging", handlers=(revalue_credit,), rights={"finance": (RevalueCredit,)})
