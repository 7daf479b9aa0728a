"""A house whose vouchers are posted, and what always holds of them."""

from collections import Counter
from datetime import date

from pharmacrm.core.collections import LedgerRole, SetLedgerAccount, Voucher, VoucherLine
from pharmacrm.core.flows.booking import LAST, LedgerTrial, StartBookkeeping, Vouchers
from pharmacrm.core.receivables import Instalment
from pharmacrm.crm import PharmaCRM
from tests.flows.house import FINANCE, entities

ACCOUNTS = {role: str(1000 + place) for place, role in enumerate(LedgerRole)}
LONG_AGO = date(1900, 1, 1)


def keep_books(crm: PharmaCRM) -> None:
    """Name an account for every role, and start."""
    for role, account in ACCOUNTS.items():
        crm.do(SetLedgerAccount(role=role, account=account), actor=FINANCE).expect()
    crm.do(StartBookkeeping(), actor=FINANCE).expect()


def booked(crm: PharmaCRM, document: str) -> list[tuple[str, str, str]]:
    """What the vouchers of a document say: (kind, Dr or Cr with its role, amount), in order."""
    heads = [each for each in entities(crm, Voucher) if each.document == document]
    heads.sort(key=lambda each: (each.on, each.kind, each.reverses, each.posted_on or LONG_AGO))
    lines = sorted(entities(crm, VoucherLine), key=lambda line: line.number)
    found = []
    for head in heads:
        for line in lines:
            if line.voucher == head.id:
                rate = f" {line.tax_rate}" if line.tax_rate else ""
                side, amount = ("Dr", line.debit) if line.debit else ("Cr", line.credit)
                found.append((head.kind.value, f"{side} {line.role.value}{rate}", str(amount.amount)))
    return found


def agreed(crm: PharmaCRM) -> None:
    """What was posted is what the documents say, line by line, and the control account is what is owed."""
    posted: Counter[tuple[str, date, str, str]] = Counter()
    heads = {each.id: each for each in entities(crm, Voucher)}
    sums: Counter[str] = Counter()
    for line in entities(crm, VoucherLine):
        head = heads[line.voucher]
        moved = line.debit.minor - line.credit.minor
        assert bool(line.debit) is not bool(line.credit)
        assert line.account == ACCOUNTS[line.role]
        sums[line.voucher] += moved
        posted[head.document, head.on, line.role, str(line.tax_rate)] += moved
    assert not any(sums.values())
    told: Counter[tuple[str, date, str, str]] = Counter()
    for each in crm.ask(Vouchers(start=LONG_AGO, through=LAST), actor=FINANCE):
        for line in each.lines:
            key = (each.voucher.document, each.voucher.on, line.role, str(line.tax_rate))
            told[key] += line.debit.minor - line.credit.minor
    assert posted - told == told - posted == Counter()
    trial = crm.ask(LedgerTrial(as_of=LAST), actor=FINANCE)
    assert trial.debit == trial.credit
    owed = sum(each.open.minor for each in entities(crm, Instalment) if each.kind.on_credit)
    assert trial.of(LedgerRole.RECEIVABLE).minor == owed
