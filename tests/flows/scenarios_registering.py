"""Scenarios that meet the reason codes of people, customers, products, prices and licences."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from attrs import evolve

from pharmacrm.core.credit import SetCreditLimit
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.office import OfficeHours
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.licences import (
    LicenceKind,
    RegisterAuthorisation,
    RegisterLicence,
    ReviewDossier,
    RevokeLicence,
    Verdict,
)
from pharmacrm.core.orders import Line
from pharmacrm.core.people import GrantRight, RegisterUnit, SetOfficeHours
from pharmacrm.core.prices import RegisterPrice, RegisterPriceList
from pharmacrm.core.products import Pack
from pharmacrm.core.values.trade import (
    CustomerKind,
    PaymentMethod,
    RxStatus,
    SalesChannel,
    SpecialControl,
)
from pharmacrm.crm import PharmaCRM, SystemClock
from pharmacrm.testing.company import open_account
from tests.flows.house import (
    ADMIN,
    BUYER,
    FINANCE,
    QUALITY,
    SALES,
    opened,
    pass_days,
    today,
    worth,
    yuan,
)
from tests.flows.scenarios import after, customer, ephedrine, hired, met, product

# ------------------------------------------------------------------------------------------------ people


@met("role.unknown", "org_unit.unknown", "staff.unknown")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(crm, (hired("x", "boss", unit="nowhere", manager="nobody"), ADMIN))


@met("org_unit.cycle", "manager.cycle")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(
        crm,
        (RegisterUnit(id="east", name="华东", parent="east"), ADMIN),
        (hired("x", manager=SALES), ADMIN),
        (hired(SALES, "sales", manager="x"), ADMIN),
    )


@met("actor.reserved", "right.lockout")
def _(crm: PharmaCRM) -> list[Reason]:
    taken = GrantRight(role="admin", right="GrantRight", given=False)
    return after(crm, (hired("system"), ADMIN), (taken, ADMIN))


@met("right.unknown", "admin.last")
def _(crm: PharmaCRM) -> list[Reason]:
    unknown = GrantRight(role="sales", right="Nothing")
    return after(crm, (unknown, ADMIN), (hired(ADMIN, "sales"), ADMIN))


@met("office_hours.overlap", "office_hours.missing", "office_hours.short")
def _(crm: PharmaCRM) -> list[Reason]:
    spans = (OfficeHours("09:00", "09:30", weekday=1), OfficeHours("09:10", "09:40", weekday=1))
    brief = (OfficeHours("09:00", "09:30"),)
    return after(crm, (SetOfficeHours(hours=spans), ADMIN), (SetOfficeHours(hours=brief), ADMIN))


# --------------------------------------------------------------------------- customers, products, prices


@met("customer.kind_fixed", "customer.field_required", "customer.field_not_allowed")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(crm, (customer(kind=CustomerKind.HCP), ADMIN))


@met("identifier.taken", "parent.unknown", "parent.cycle", "parent.kind")
def _(crm: PharmaCRM) -> list[Reason]:
    code = "91110000600037341L"
    return after(
        crm,
        (customer(uscc=code), ADMIN),
        (customer("H-2", uscc=code, parent="H-9"), ADMIN),
        (customer(parent=BUYER), ADMIN),
        (customer("P-1", kind=CustomerKind.PHARMACY, parent=BUYER), ADMIN),
    )


@met("customer.inactive")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(crm, (customer(active=False), ADMIN), (worth("SO-1", 100), SALES))


@met("product.base_unit_fixed", "product.class_conflict", "pack.duplicate")
def _(crm: PharmaCRM) -> list[Reason]:
    packs = (Pack("粒", 2),)
    return after(crm, (product(base_unit="粒", packs=packs, rx=RxStatus.NOT_A_DRUG), ADMIN))


@met("product.unknown")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(crm, (worth("SO-1", 0, lines=(Line("XXX", 1, "1"),)), SALES))


@met("product.inactive", "price.unknown")
def _(crm: PharmaCRM) -> list[Reason]:
    lines = (Line("NEW-1", 1, "1"), Line("ATO-20", 20, "1.25"))
    inactive = product(active=False)
    return after(crm, (inactive, ADMIN), (product("NEW-1"), ADMIN), (worth("SO-1", 0, lines=lines), SALES))


@met("product.not_approved")
def _(crm: PharmaCRM) -> list[Reason]:
    lapsing = product(approval_valid_until=today(crm) + timedelta(days=2))
    later = worth("SO-1", 100, ship_on=today(crm) + timedelta(days=3))
    return after(crm, (lapsing, ADMIN), (later, SALES))


@met("unit.unknown", "quantity.pack")
def _(crm: PharmaCRM) -> list[Reason]:
    packed = product(sales_pack="盒")
    loose, strange = Line("ATO-20", 19, "1.25"), Line("ATO-20", 1, "1.25", unit="桶")
    return after(
        crm,
        (packed, ADMIN),
        (worth("SO-1", 0, lines=(loose,)), SALES),
        (worth("SO-2", 0, lines=(strange,)), SALES),
    )


@met("price.list_missing")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(crm, (customer(price_list=None), ADMIN), (worth("SO-1", 100), SALES))


@met("price.off_list", "price.below_floor", "price.floor_above", "line.free", "line.duplicate")
def _(crm: PharmaCRM) -> list[Reason]:
    floor = RegisterPrice(price_list="STD", product="ATO-20", price="1.25", floor="1.20")
    return after(
        crm,
        (evolve(floor, floor="1.30"), ADMIN),
        (floor, ADMIN),
        (worth("SO-1", 0, lines=(Line("ATO-20", 20, "0"), Line("ATO-20", 20, "1.19"))), SALES),
    )


@met("price.list_expired", "price.list_kind", "price.dates_reversed", "price.currency_fixed")
def _(crm: PharmaCRM) -> list[Reason]:
    prices = RegisterPriceList(
        id="STD",
        name="标准价目表",
        currency="CNY",
        valid_from=date(2025, 1, 1),
        valid_to=date(2025, 12, 31),
        customer_kinds=(CustomerKind.DISTRIBUTOR,),
    )
    return after(
        crm,
        (evolve(prices, currency="USD", valid_to=date(2024, 12, 31)), ADMIN),
        (prices, ADMIN),
        (worth("SO-1", 100), SALES),
    )


@met("currency.mismatch")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(crm, (worth("SO-1", 100, currency="USD"), SALES))


# ------------------------------------------------------------------------------------ licences and special


def paper(kind: LicenceKind = LicenceKind.MEDICAL_INSTITUTION, **more: Any) -> RegisterLicence:
    return RegisterLicence(customer=BUYER, kind=kind, number=f"{kind.name}-1", **more)


@met("dossier.missing", "dossier.not_approved")
def _(crm: PharmaCRM) -> list[Reason]:
    crm.do(customer("H-2"), actor=ADMIN).expect()
    return after(crm, (worth("SO-1", 100, buyer="H-2"), SALES))


@met("licence.expired")
def _(crm: PharmaCRM) -> list[Reason]:
    last = today(crm) + timedelta(days=10)
    return after(
        crm,
        (paper(expires=last), QUALITY),
        (worth("SO-1", 100, ship_on=last), SALES),
        (worth("SO-2", 100, ship_on=last + timedelta(days=1)), SALES),
    )


@met("licence.expiring")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(crm, (paper(expires=today(crm) + timedelta(days=90)), QUALITY), (worth("SO-1", 100), SALES))


@met("licence.pending")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(crm, (paper(issued=today(crm) + timedelta(days=1)), QUALITY), (worth("SO-1", 100), SALES))


@met("licence.revoked", "licence.dates_reversed", "licence.scope_unknown")
def _(crm: PharmaCRM) -> list[Reason]:
    kind = LicenceKind.MEDICAL_INSTITUTION
    revoked = RevokeLicence(customer=BUYER, kind=kind, number=f"{kind.name}-1", reason="吊销")
    reversed_ = paper(issued=date(2026, 1, 2), expires=date(2026, 1, 1), scope=("nonsense",))
    return after(crm, (revoked, QUALITY), (reversed_, QUALITY))


@met("licence.missing", "licence.out_of_scope", "licence.term_implausible", "quality_agreement.expired")
def _(crm: PharmaCRM) -> list[Reason]:
    open_distributor(crm)
    vaccine = product("VAC-1", category="vaccine", special=SpecialControl.VACCINE)
    both = (Line("VAC-1", 20, "1.25"), Line("ATO-20", 20, "1.25"))
    steps: list[tuple[Command[Any], str]] = [
        (vaccine, ADMIN),
        (worth("SO-1", 0, buyer="D-1", lines=both), SALES),
        (worth("SO-2", 0, lines=(Line("VAC-1", 20, "1.25"),)), SALES),
    ]
    found = after(crm, *steps)
    pass_days(crm, 40)
    return [*found, *after(crm, (worth("SO-3", 100, buyer="D-1"), SALES)), *missing(crm)]


def open_distributor(crm: PharmaCRM) -> None:
    crm.do(customer("D-1", kind=CustomerKind.DISTRIBUTOR), actor=ADMIN).expect()
    start = today(crm) - timedelta(days=30)
    for kind in LicenceKind:
        expires = start + timedelta(days=61 if kind is LicenceKind.QUALITY_AGREEMENT else 2500)
        filed = RegisterLicence(
            customer="D-1", kind=kind, number=kind.name, issued=start, expires=expires, scope=("antibiotic",)
        )
        crm.do(filed, actor=QUALITY).expect()
    review = ReviewDossier(customer="D-1", kind=CustomerKind.DISTRIBUTOR, verdict=Verdict.APPROVE)
    crm.do(review, actor=QUALITY).expect()
    crm.do(SetCreditLimit(customer="D-1", limit=yuan(10_000), reason="授信"), actor=FINANCE).expect()


def missing(crm: PharmaCRM) -> list[Reason]:
    """A hospital whose one licence is of a kind that does not count for the goods."""
    narcotic = product("NAR-1", category="narcotic")
    return after(crm, (narcotic, ADMIN), (worth("SO-9", 0, lines=(Line("NAR-1", 20, "1.25"),)), SALES))


@met(
    "special.no_cash",
    "special.unqualified",
    "special.category_out_of_scope",
    "online.forbidden",
    "ephedrine.quantity",
    "ephedrine.identity_missing",
)
def _(crm: PharmaCRM) -> list[Reason]:
    narcotic = product("NAR-1", category="narcotic", special=SpecialControl.NARCOTIC)
    sold = (Line("EPH-1", 60, "1.25"),)
    return after(
        crm,
        (ephedrine("EPH-1"), ADMIN),
        (narcotic, ADMIN),
        (worth("SO-1", 0, lines=sold, method=PaymentMethod.CASH), SALES),
        (worth("SO-2", 0, lines=sold, channel=SalesChannel.RETAIL), SALES),
        (worth("SO-3", 0, lines=(Line("NAR-1", 20, "1.25"),), channel=SalesChannel.ONLINE), SALES),
    )


def letter(**more: Any) -> RegisterAuthorisation:
    fields: dict[str, Any] = {
        "id": "L-1",
        "customer": BUYER,
        "person": "钱采购",
        "products": ("AMX-500",),
        "regions": ("上海市",),
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 12, 31),
    }
    return RegisterAuthorisation(**(fields | more))


@met(
    "authorisation.out_of_scope", "authorisation.blank", "authorisation.dates_reversed", "authorisation.taken"
)
def _(crm: PharmaCRM) -> list[Reason]:
    open_account(crm, "H-2")
    return after(
        crm,
        (letter(regions=(), valid_to=date(2025, 1, 1)), QUALITY),
        (letter(), QUALITY),
        (letter(customer="H-2"), QUALITY),
        (worth("SO-1", 100, purchaser="L-1"), SALES),
    )


# ------------------------------------------------------------------------------------------------- clocks


def _with_a_clock_off(by: timedelta) -> list[Reason]:
    """What a machine is told whose clock is so far from the database's."""
    now = datetime(2026, 3, 1, tzinfo=UTC)
    clock = SystemClock(lambda: now, wall=lambda: now + by, steady=lambda: 0.0)
    crm = opened(clock=clock)
    crm.install(admin=ADMIN)
    return after(crm, (hired("x", unit=None), ADMIN))


@met("time.future")
def _(_: PharmaCRM) -> list[Reason]:
    return _with_a_clock_off(timedelta(hours=1))


@met("time.moved_back")
def _(_: PharmaCRM) -> list[Reason]:
    return _with_a_clock_off(timedelta(hours=-1))
