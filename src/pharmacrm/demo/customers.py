"""How customers get their accounts: registered, admitted by quality (首营), trusted by finance."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from pharmacrm.core.credit import SetCreditLimit
from pharmacrm.core.customers import RegisterCustomer
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.licences import LicenceKind, RegisterLicence, ReviewDossier, Verdict
from pharmacrm.core.values.address import Address
from pharmacrm.core.values.trade import CustomerKind
from pharmacrm.demo.accounts import Account
from pharmacrm.demo.cast import ADMIN, QUALITY, TREASURER
from pharmacrm.demo.catalogue import PRICES
from pharmacrm.demo.company import Company

CONSUMER = "consumer-1"
FIVE_YEARS = timedelta(days=5 * 365)
_MAIN = {
    CustomerKind.HOSPITAL: LicenceKind.MEDICAL_INSTITUTION,
    CustomerKind.DISTRIBUTOR: LicenceKind.DRUG_DISTRIBUTION,
    CustomerKind.PHARMACY_CHAIN: LicenceKind.DRUG_DISTRIBUTION,
    CustomerKind.PHARMACY: LicenceKind.DRUG_DISTRIBUTION,
}
_MORE = {
    CustomerKind.HOSPITAL: (),
    CustomerKind.PHARMACY: (LicenceKind.BUSINESS,),
    CustomerKind.PHARMACY_CHAIN: (LicenceKind.BUSINESS, LicenceKind.QUALITY_AGREEMENT),
    CustomerKind.DISTRIBUTOR: (
        LicenceKind.BUSINESS,
        LicenceKind.QUALITY_AGREEMENT,
        LicenceKind.SEAL_SPECIMEN,
        LicenceKind.BANK_ACCOUNT,
    ),
}


def open_the_accounts(company: Company, accounts: Sequence[Account]) -> None:
    """Register every customer, put its papers on file, have them reviewed, and set its credit limit."""
    company.together((*map(_registered, accounts), _consumer(accounts[0].address)), actor=ADMIN)
    company.together((paper for one in accounts for paper in papers(one)), actor=QUALITY)
    company.together(map(_reviewed, accounts), actor=QUALITY)
    company.together(map(_trusted, accounts), actor=TREASURER)


def _registered(account: Account) -> Command[Any]:
    return RegisterCustomer(
        id=account.id,
        kind=account.kind,
        name=account.name,
        uscc=account.uscc,
        address=account.address,
        contact=account.contact,
        phone=account.phone,
        price_list=PRICES,
        owner=account.owner,
        unit=account.region,
        parent=account.parent,
    )


def _consumer(address: Address) -> Command[Any]:
    return RegisterCustomer(
        id=CONSUMER, kind=CustomerKind.CONSUMER, person_name="李红梅", address=address, price_list=PRICES
    )


def main_licence(account: Account, issued: date, expires: date) -> RegisterLicence:
    """The licence under which a customer buys, valid through the day it expires."""
    return RegisterLicence(
        customer=account.id,
        kind=_MAIN[account.kind],
        number=account.licence,
        holder=account.name,
        scope=account.scope,
        issued=issued,
        expires=expires,
        seal_seen=True,
    )


def papers(account: Account) -> Iterator[RegisterLicence]:
    """The first file of a customer (首营资料)."""
    yield main_licence(account, account.expires - FIVE_YEARS, account.expires)
    for kind in _MORE[account.kind]:
        yield RegisterLicence(customer=account.id, kind=kind, holder=account.name, seal_seen=True)


def _reviewed(account: Account) -> Command[Any]:
    return ReviewDossier(
        customer=account.id, kind=account.kind, verdict=Verdict.APPROVE, comment="资料齐全，准予首营"
    )


def _trusted(account: Account) -> Command[Any]:
    limit = Money(str(account.limit), "CNY")
    return SetCreditLimit(customer=account.id, limit=limit, reason="2026 年度授信")
