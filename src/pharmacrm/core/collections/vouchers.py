"""Vouchers (凭证): the movements of the ledger as debits and credits that balance, for the host's books."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated

from attrs import frozen

from pharmacrm.core.collections.ledger import LedgerRole, Movement, MovementKind
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.record import Column, Record


@frozen(kw_only=True)
class LedgerAccount(Record):
    """Which account of the host has a role in the ledger (会计科目); the id is the role."""

    account: Annotated[str, Column(length=64, zh="科目")]


@frozen(kw_only=True)
class VoucherLine:
    """One line of a voucher; one of its two amounts is zero. `account` is '' where the host named none."""

    role: LedgerRole
    account: str
    customer: str
    debit: Money
    credit: Money


@frozen(kw_only=True)
class Voucher:
    """What one movement books (记账凭证): its debits and its credits are equal.

    The id is made of the movement and its day, so that a host which takes a voucher twice finds it.
    """

    id: str
    on: date
    kind: MovementKind
    document: str
    lines: tuple[VoucherLine, ...]


def vouchers(movements: Iterable[Movement], accounts: Mapping[str, str]) -> tuple[Voucher, ...]:
    """Write a voucher for each movement that moves an amount between two accounts."""
    return tuple(
        _voucher(each, accounts) for each in movements if each.amount and each.debit is not each.credit
    )


def _voucher(movement: Movement, accounts: Mapping[str, str]) -> Voucher:
    nothing = Money.zero(movement.amount.currency)
    sides = ((movement.debit, movement.amount, nothing), (movement.credit, nothing, movement.amount))
    if movement.amount.is_negative:
        sides = (
            (movement.credit, -movement.amount, nothing),
            (movement.debit, nothing, -movement.amount),
        )
    back = "/reversed" if movement.reverses else ""
    return Voucher(
        id=f"{movement.kind}/{movement.document}/{movement.on}/{movement.debit}-{movement.credit}{back}",
        on=movement.on,
        kind=movement.kind,
        document=movement.document,
        lines=tuple(
            VoucherLine(
                role=role,
                account=accounts.get(role, ""),
                customer=movement.customer,
                debit=debit,
                credit=credit,
            )
            for role, debit, credit in sides
        ),
    )
