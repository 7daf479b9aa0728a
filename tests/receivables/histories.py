"""Random histories of debts: what was opened, paid, credited, undone and cancelled, on which days."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.receivables import Adjustment, AdjustmentKind, Allocation, Instalment
from pharmacrm.core.receivables.model import SETTLED_BY, Receivable, ReceivableKind, Settlement
from pharmacrm.core.values.terms import PartKind, parse_terms

DAY = date(2026, 11, 21)
TERMS = parse_terms("net 30")
CURRENCIES = ("CNY", "USD")

days = st.integers(-300, 10).map(lambda back: DAY + timedelta(back))


@st.composite
def histories(draw: st.DrawFn) -> list[Entity]:
    """Debts of three customers in two currencies, each paid, credited, undone and cancelled on some day."""
    made: list[Entity] = []
    for number in range(draw(st.integers(0, 7))):
        made += draw(debts(f"S{number}", draw(st.sampled_from(CURRENCIES)), f"H-{number % 3}"))
    return made


@st.composite
def debts(draw: st.DrawFn, slip: str, currency: str, customer: str) -> list[Entity]:
    """One debt and what lowered it; what is open now is what the days say."""
    kind = draw(st.sampled_from(ReceivableKind))
    part_kind = PartKind.PREPAY if kind is ReceivableKind.PREPAYMENT else PartKind.CREDIT
    amount, opened = draw(st.integers(1, 10**12)), draw(days)
    left = amount
    made: list[Settlement] = []
    item = f"{slip}/receivable/1"
    for place in range(draw(st.integers(0, 3))):
        part = draw(st.integers(0, left) | st.just(left))
        on, undone = opened + timedelta(draw(st.integers(0, 90))), draw(st.none() | st.integers(0, 60))
        made.append(settlement(draw, f"{slip}-{place}", item, Money.of_minor(part, currency), on, undone))
        left -= part if undone is None else 0
    cancelled = draw(st.sampled_from([0, left]))
    lowered_by: dict[str, Any] = {name: Money.zero(currency) for name in SETTLED_BY}
    for each in made:
        if not each.undone:
            lowered_by["allocated"] += each.settles
    return [
        Receivable(
            id=f"{slip}/receivable",
            customer=customer,
            order="SO",
            kind=kind,
            amount=Money.of_minor(amount, currency),
            unbilled=Money.zero(currency),
            opened_on=opened,
            terms=TERMS,
            version=1,
        ),
        Instalment(
            id=item,
            receivable=f"{slip}/receivable",
            customer=customer,
            number=1,
            kind=part_kind,
            opened_on=opened,
            due=opened + timedelta(draw(st.integers(0, 90))),
            amount=Money.of_minor(amount, currency),
            **lowered_by | {"cancelled": Money.of_minor(cancelled, currency)},
            cancelled_on=opened + timedelta(draw(st.integers(0, 200))) if cancelled else None,
            settled=left == cancelled,
        ),
        *made,
    ]


def settlement(
    draw: st.DrawFn, document: str, item: str, amount: Money, on: date, undone: int | None
) -> Settlement:
    """Money with or without a discount, or a document."""
    discount = draw(st.integers(0, amount.minor))
    common: dict[str, Any] = {
        "id": f"{document}/1",
        "receivable": item.removesuffix("/1"),
        "instalment": item,
        "on": on,
        "undone": undone is not None,
        "undone_on": None if undone is None else on + timedelta(undone),
    }
    if draw(st.booleans()):
        kind = draw(st.sampled_from(AdjustmentKind))
        return Adjustment(document=document, kind=kind, amount=amount, **common)
    taken = Money.of_minor(discount, amount.currency)
    return Allocation(
        receipt=document, number=1, kind=PartKind.CREDIT, amount=amount - taken, discount=taken, **common
    )
