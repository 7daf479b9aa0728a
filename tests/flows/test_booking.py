"""Vouchers on every kind of store: posted once however many try, and added up by the database."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest

from pharmacrm.core.collections import LedgerRole, Voucher
from pharmacrm.core.flows.booking import LedgerTrial, PostVouchers
from pharmacrm.core.flows.collection import AllocateReceipt
from pharmacrm.core.receivables import AgeingReport
from pharmacrm.crm import PharmaCRM
from tests.collections.bookkeeping import ACCOUNTS, agreed, keep_books
from tests.covers import covers
from tests.flows.companies import KINDS
from tests.flows.house import BUYER, FINANCE, WAREHOUSE, entities, receipt, released, slip, yuan


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Everybody begins at the same moment; what each was answered."""
    start, answers = Barrier(len(deeds)), list[Any]()

    def race(deed: Callable[[], Any]) -> None:
        start.wait()
        answers.append(deed())

    racers = [Thread(target=race, args=(deed,)) for deed in deeds]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    return answers


@covers("XT-22")
@pytest.mark.parametrize("kind", [*KINDS, "mariadb"])
def test_however_many_post_each_document_is_booked_once(
    company_on: Callable[..., PharmaCRM], kind: str
) -> None:
    crm = company_on(kind)
    released(crm, "SO-1", 1130)
    crm.do(slip("SO-1", "OUT-1", 904), actor=WAREHOUSE).expect()
    for number in (1, 2):
        crm.do(receipt(crm, f"R-{number}", 100), actor=FINANCE).expect()
    keep_books(crm)
    answers = at_once(
        *(lambda: crm.do(PostVouchers(customer=BUYER), actor=FINANCE) for _ in range(3)),
        *(
            lambda one=f"R-{number}": crm.do(AllocateReceipt(receipt=one), actor=FINANCE, key=one)
            for number in (1, 2, 2)
        ),
    )
    assert len(answers) == 6
    assert all(answer.allowed for answer in answers)
    documents = sorted(each.document for each in entities(crm, Voucher))
    assert documents == ["OUT-1", "R-1", "R-1/1", "R-2", "R-2/1"]
    agreed(crm)
    trial = crm.ask(LedgerTrial(), actor=FINANCE)
    assert trial.of(LedgerRole.RECEIVABLE) == yuan(930) == crm.ask(AgeingReport(), actor=FINANCE).total
    assert {(line.account, line.debit, line.credit) for line in trial.lines} == {
        (ACCOUNTS[LedgerRole.RECEIVABLE], yuan(1130), yuan(200)),
        (ACCOUNTS[LedgerRole.ADVANCE], yuan(200), yuan(200)),
        (ACCOUNTS[LedgerRole.BANK], yuan(200), yuan(0)),
        (ACCOUNTS[LedgerRole.SALES], yuan(0), yuan(1000)),
        (ACCOUNTS[LedgerRole.DEFERRED_TAX], yuan(0), yuan(130)),
    }
