"""Whether a supplier may supply (首营企业, R-01): its kind, papers and review, and its scope on the day."""

from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.engines.policy.cn_scopes import CN_TABLES, SUPPLIER_PAPERS
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.licences import (
    Dossier,
    Licence,
    LicenceKind,
    ReviewState,
    licence_id,
    may_supply,
)
from pharmacrm.core.values.goods import Goods
from pharmacrm.core.values.trade import CustomerKind, RxStatus
from tests.covers import covers

ON = date(2026, 11, 21)
DAY = timedelta(days=1)
K, C = LicenceKind, CustomerKind
TABLETS = Goods(product="TAB", category="chemical", rx=RxStatus.RX)


def paper(kind: LicenceKind, *scope: str, **changes: Any) -> Licence:
    fields: dict[str, Any] = {
        "number": "1",
        "scope": scope,
        "expires": date(2028, 1, 1),
        "verified_by": "qa",
    } | changes
    return Licence(id=licence_id("S-1", kind, "1"), customer="S-1", kind=kind, **fields)


def papers(kind: CustomerKind) -> tuple[Licence, ...]:
    return tuple(
        paper(needed, *(("chemical",) if needed is K.DRUG_DISTRIBUTION else ()))
        for needed, *_ in SUPPLIER_PAPERS[kind]
    )


def supply(kind: CustomerKind, *goods: Goods, **changes: Any) -> tuple[Reason, ...]:
    reviewed = Dossier(id="S-1", version=1, review=ReviewState.APPROVED, kind=kind)
    fields: dict[str, Any] = {
        "dossier": reviewed,
        "licences": papers(kind) if kind in SUPPLIER_PAPERS else (),
    } | changes
    days: dict[str, Any] = {"on": fields.pop("on", ON), "ordered_on": fields.pop("ordered_on", ON)}
    return may_supply("S-1", kind, fields["dossier"], fields["licences"], goods or (TABLETS,), **days)


def codes(found: tuple[Reason, ...]) -> list[str]:
    return [one.code for one in found]


@covers("R-01", "R-05")
@pytest.mark.parametrize(
    ("kind", "goods", "expected"),
    [
        (C.MANUFACTURER, TABLETS, []),
        (C.MANUFACTURER, evolve(TABLETS, category="vaccine"), []),
        (C.MANUFACTURER, evolve(TABLETS, category="moon"), ["licence.supply_out_of_scope"]),
        (C.DISTRIBUTOR, TABLETS, []),
        (C.DISTRIBUTOR, evolve(TABLETS, category="biological"), ["licence.supply_out_of_scope"]),
        (C.DISTRIBUTOR, evolve(TABLETS, category="vaccine"), ["licence.supply_out_of_scope"]),
        (C.DISTRIBUTOR, evolve(TABLETS, category="moon", rx=RxStatus.NOT_A_DRUG), []),
        *((kind, TABLETS, ["supplier.kind"]) for kind in C if kind not in SUPPLIER_PAPERS),
    ],
)
def test_who_may_supply_what(kind: CustomerKind, goods: Goods, expected: list[str]) -> None:
    assert codes(supply(kind, goods)) == expected


@covers("R-01")
@pytest.mark.parametrize("kind", SUPPLIER_PAPERS)
def test_each_paper_of_a_first_operation_is_needed(kind: CustomerKind) -> None:
    whole = papers(kind)
    for missing in whole:
        held = tuple(one for one in whole if one is not missing)
        found = supply(kind, licences=held)
        assert "dossier.missing" in codes(found)
        (lacks,) = (one for one in found if one.code == "dossier.missing")
        assert (lacks.observed, lacks.rule) == (missing.kind.en, "R-01")


@pytest.mark.parametrize(
    ("dossier", "expected"),
    [
        (None, ["dossier.not_approved"]),
        (Dossier(id="S-1", version=1), ["dossier.not_approved"]),
        (Dossier(id="S-1", version=1, review=ReviewState.REJECTED), ["dossier.not_approved"]),
        (
            Dossier(id="S-1", version=1, review=ReviewState.APPROVED, kind=C.DISTRIBUTOR),
            ["dossier.not_approved"],
        ),
    ],
)
def test_quality_has_approved_it_as_what_it_is(dossier: Dossier | None, expected: list[str]) -> None:
    assert codes(supply(C.MANUFACTURER, dossier=dossier)) == expected


@covers("R-04", "R-06")
@pytest.mark.parametrize(
    ("kind", "changes", "expected"),
    [
        (K.DRUG_PRODUCTION, {"expires": ON}, ["licence.expiring"]),
        (K.DRUG_PRODUCTION, {"expires": ON - DAY}, ["licence.expired"]),
        (K.DRUG_PRODUCTION, {"revoked": True}, ["dossier.missing", "licence.revoked"]),
        (K.DRUG_PRODUCTION, {"verified_by": ""}, ["licence.pending"]),
        (K.SLIP_SPECIMEN, {"expires": ON - DAY}, ["licence.expired"]),
        (K.QUALITY_AGREEMENT, {"expires": ON - DAY}, ["quality_agreement.expired"]),
    ],
)
def test_its_papers_live_on_the_day(kind: LicenceKind, changes: dict[str, Any], expected: list[str]) -> None:
    held = tuple(evolve(one, **changes) if one.kind is kind else one for one in papers(C.MANUFACTURER))
    assert codes(supply(C.MANUFACTURER, licences=held)) == expected


def test_the_agreement_lives_on_the_day_of_the_order_and_the_rest_on_that_of_the_goods() -> None:
    ends = evolve(papers(C.MANUFACTURER)[2], expires=ON)
    assert ends.kind is K.QUALITY_AGREEMENT
    held = (*(one for one in papers(C.MANUFACTURER) if one.kind is not ends.kind), ends)
    assert "quality_agreement.expired" not in codes(supply(C.MANUFACTURER, licences=held, on=ON + DAY))
    late = supply(C.MANUFACTURER, licences=held, on=ON + DAY, ordered_on=ON + DAY)
    assert "quality_agreement.expired" in codes(late)


@given(st.sampled_from(sorted(SUPPLIER_PAPERS)), st.sampled_from(sorted(CN_TABLES.categories)), st.data())
def test_a_paper_more_never_makes_a_supplier_worse(
    kind: CustomerKind, category: str, data: st.DataObject
) -> None:
    goods = evolve(TABLETS, category=category)
    every = (*papers(kind), paper(K.DRUG_DISTRIBUTION, "chemical"), paper(K.DRUG_PRODUCTION))
    held = tuple({one.kind: one for one in every}.values())
    fewer = data.draw(st.sets(st.sampled_from(held)))
    less, more = supply(kind, goods, licences=tuple(fewer)), supply(kind, goods, licences=held)
    assert len([one for one in more if one.severity == "block"]) <= len(
        [one for one in less if one.severity == "block"]
    )
