"""Whether a customer may buy: papers, scope, letters and special drugs (XT-05)."""

from datetime import date, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.engines.policy import CN_GSP
from pharmacrm.core.kernel.reason import Severity
from pharmacrm.core.licences import (
    Authorisation,
    Dossier,
    Licence,
    LicenceKind,
    Purpose,
    ReviewState,
    licence_id,
    may_buy,
)
from pharmacrm.core.values.goods import Goods
from pharmacrm.core.values.trade import CustomerKind, PaymentMethod, RxStatus, SalesChannel, SpecialControl
from tests.covers import covers

ON = date(2026, 11, 21)
DAY = timedelta(days=1)
FAR = date(2028, 1, 1)
K = LicenceKind


def paper(kind: LicenceKind, *scope: str, number: str = "1", **changes) -> Licence:
    return Licence(
        **{
            "id": licence_id("B-1", kind, number),
            "customer": "B-1",
            "kind": kind,
            "number": number,
            "scope": scope,
            "expires": FAR,
            "verified_by": "qa",
            **changes,
        }
    )


RETAIL = ("chemical", "ephedrine_compound", "otc_a", "otc_b")
PAPERS = {
    CustomerKind.HOSPITAL: (paper(K.MEDICAL_INSTITUTION),),
    CustomerKind.CLINIC: (paper(K.CLINIC_FILING, "western"),),
    CustomerKind.PHARMACY: (paper(K.DRUG_DISTRIBUTION, *RETAIL), paper(K.BUSINESS)),
    CustomerKind.DISTRIBUTOR: (
        paper(K.DRUG_DISTRIBUTION, "chemical", "antibiotic"),
        *(paper(kind) for kind in (K.BUSINESS, K.QUALITY_AGREEMENT, K.SEAL_SPECIMEN, K.BANK_ACCOUNT)),
    ),
    CustomerKind.CONSUMER: (),
    CustomerKind.HCP: (),
}
TABLETS = Goods(product="TAB", category="chemical", rx=RxStatus.RX)
OTC = Goods(product="OTC", category="chemical", rx=RxStatus.OTC_B)
COLD = Goods(
    product="EPH",
    category="ephedrine_compound",
    rx=RxStatus.OTC_A,
    special=SpecialControl.EPHEDRINE_COMPOUND,
    quantity=48,
    smallest_pack=24,
)
LETTER = Authorisation(
    id="A-1",
    customer="B-1",
    person="李雷",
    products=("*",),
    regions=("江苏",),
    valid_from=date(2026, 1, 1),
    valid_to=date(2026, 12, 31),
)


def approved(kind: CustomerKind) -> Dossier:
    return Dossier(id="B-1", version=1, review=ReviewState.APPROVED, kind=kind)


def buy(kind: CustomerKind = CustomerKind.HOSPITAL, *goods: Goods, **changes):
    given_ = {"dossier": approved(kind), "licences": PAPERS[kind], "letters": (LETTER,), **changes}
    dossier, licences, letters = (given_.pop(name) for name in ("dossier", "licences", "letters"))
    return may_buy("B-1", kind, dossier, licences, letters, goods, **{"on": ON, "ordered_on": ON, **given_})


def codes(reasons) -> list[str]:
    return [reason.code for reason in reasons]


@covers("XT-05", "R-05", "UF-10")
@pytest.mark.parametrize(
    ("kind", "goods", "expected"),
    [
        (CustomerKind.HOSPITAL, TABLETS, []),
        (CustomerKind.CLINIC, TABLETS, []),
        (CustomerKind.CLINIC, evolve(TABLETS, category="psychotropic_2"), []),
        (CustomerKind.CLINIC, evolve(TABLETS, category="anabolic_peptide"), ["licence.out_of_scope"]),
        (CustomerKind.DISTRIBUTOR, TABLETS, []),
        (CustomerKind.DISTRIBUTOR, evolve(TABLETS, category="biological"), ["licence.out_of_scope"]),
        (CustomerKind.DISTRIBUTOR, evolve(TABLETS, category="moon"), ["licence.out_of_scope"]),
        (CustomerKind.PHARMACY, OTC, []),
        (CustomerKind.PHARMACY, TABLETS, ["licence.out_of_scope"]),
        (CustomerKind.HCP, TABLETS, ["licence.out_of_scope"]),
        (CustomerKind.CONSUMER, OTC, ["licence.out_of_scope"]),
        (CustomerKind.HOSPITAL, evolve(TABLETS, category="narcotic"), ["licence.missing"]),
        (CustomerKind.PHARMACY, evolve(TABLETS, rx=RxStatus.NOT_A_DRUG, category="health_food"), []),
    ],
)
def test_a_buyer_buys_within_its_scope(kind, goods, expected):
    assert codes(buy(kind, goods)) == expected


@covers("R-05")
def test_the_example_of_the_rule_book():
    licences = (paper(K.DRUG_DISTRIBUTION, "chemical", "otc_b"), paper(K.BUSINESS))
    (reason,) = buy(CustomerKind.PHARMACY, TABLETS, licences=licences)
    assert reason.message == "B-1 may not buy TAB: needs chemical (rx), licensed for chemical, otc_b"
    assert (
        reason.message_zh == "B-1 不可购进 TAB：需要化学药制剂（处方药），许可范围为化学药制剂、乙类非处方药"
    )
    assert reason.rule == "R-05"


@covers("R-06")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"expires": ON}, ["licence.expiring"]),
        ({"expires": ON - DAY}, ["licence.expired"]),
        ({"expires": ON + 90 * DAY}, ["licence.expiring"]),
        ({"expires": ON + 91 * DAY}, []),
        ({"expires": None}, []),
        ({"revoked": True}, ["dossier.missing", "licence.revoked"]),
        ({"verified_by": ""}, ["licence.pending"]),
        ({"issued": ON + DAY}, ["licence.pending"]),
    ],
)
def test_a_licence_that_does_not_live_on_the_ship_date_locks(changes, expected):
    licences = (evolve(PAPERS[CustomerKind.HOSPITAL][0], **changes),)
    assert codes(buy(CustomerKind.HOSPITAL, TABLETS, licences=licences)) == expected


@covers("R-06")
def test_a_renewal_unlocks_by_itself():
    old = paper(K.MEDICAL_INSTITUTION, expires=ON - DAY)
    new = paper(K.MEDICAL_INSTITUTION, number="2")
    (reason,) = buy(CustomerKind.HOSPITAL, TABLETS, licences=(old,))
    assert reason.message == "medical institution licence of B-1 expired on 2026-11-20; needed on 2026-11-21"
    assert reason.message_zh == "B-1 的医疗机构执业许可证已于 2026-11-20 到期，2026-11-21 须有效"
    assert buy(CustomerKind.HOSPITAL, TABLETS, licences=(old, new)) == ()


@covers("R-06")
@pytest.mark.parametrize(("left", "stage"), [(90, "90"), (61, "90"), (60, "60"), (30, "30"), (0, "30")])
def test_the_warning_grows_louder(left, stage):
    licences = (paper(K.MEDICAL_INSTITUTION, expires=ON + left * DAY),)
    (reason,) = buy(CustomerKind.HOSPITAL, TABLETS, licences=licences)
    assert (reason.severity, reason.expected) == (Severity.WARN, stage)


@covers("R-07")
def test_a_term_of_more_than_five_years_is_doubted():
    trade = evolve(PAPERS[CustomerKind.PHARMACY][0], issued=date(2023, 1, 2))
    for expires, expected in ((date(2028, 1, 2), []), (date(2028, 1, 3), ["licence.term_implausible"])):
        licences = (evolve(trade, expires=expires), paper(K.BUSINESS))
        assert codes(buy(CustomerKind.PHARMACY, OTC, licences=licences)) == expected


@covers("R-01")
@pytest.mark.parametrize(
    ("dossier", "expected"),
    [
        (None, ["dossier.not_approved"]),
        (Dossier(id="B-1"), ["dossier.not_approved"]),
        (Dossier(id="B-1", review=ReviewState.REJECTED), ["dossier.not_approved"]),
        (approved(CustomerKind.CLINIC), ["dossier.not_approved"]),
        (approved(CustomerKind.HOSPITAL), []),
    ],
)
def test_a_file_counts_once_quality_approved_it(dossier, expected):
    assert codes(buy(CustomerKind.HOSPITAL, TABLETS, dossier=dossier)) == expected


@covers("R-01")
def test_everything_that_lacks_is_listed_in_both_languages():
    licences = PAPERS[CustomerKind.DISTRIBUTOR][:3]
    (reason,) = buy(CustomerKind.DISTRIBUTOR, TABLETS, licences=licences)
    assert (reason.code, reason.message) == ("dossier.missing", "B-1 lacks: seal specimen, bank account")
    assert reason.message_zh == "B-1 缺少：印章样式、开户信息"


@covers("R-01", "XT-05")
def test_a_buyer_without_any_paper_hears_everything():
    found = buy(CustomerKind.HOSPITAL, TABLETS, dossier=None, licences=())
    assert codes(found) == ["dossier.missing", "dossier.not_approved", "licence.missing"]


@covers("R-04")
@pytest.mark.parametrize(("ordered_on", "expected"), [(ON, []), (ON + DAY, ["quality_agreement.expired"])])
def test_the_agreement_lives_on_the_day_of_the_order(ordered_on, expected):
    others = tuple(one for one in PAPERS[CustomerKind.DISTRIBUTOR] if one.kind is not K.QUALITY_AGREEMENT)
    licences = (*others, paper(K.QUALITY_AGREEMENT, expires=ON))
    found = buy(CustomerKind.DISTRIBUTOR, TABLETS, licences=licences, ordered_on=ordered_on)
    assert [one.code for one in found if one.severity is Severity.BLOCK] == expected


@covers("R-03")
@pytest.mark.parametrize(
    ("letter", "sale", "expected"),
    [
        ({}, {}, 0),
        ({}, {"province": "江苏"}, 0),
        ({}, {"province": "浙江省"}, 1),
        ({}, {"province": ""}, 1),
        ({"regions": ("*",)}, {"province": ""}, 0),
        ({"regions": ()}, {}, 1),
        ({"products": ("TAB",)}, {}, 0),
        ({"products": ("X",)}, {}, 1),
        ({"products": ()}, {}, 1),
        ({"valid_to": ON}, {}, 0),
        ({"valid_to": ON - DAY}, {}, 1),
        ({"valid_from": ON + DAY}, {}, 1),
        ({"purpose": Purpose.PICKUP}, {}, 1),
        ({"customer": "B-2"}, {}, 1),
        ({}, {"purchaser": "A-9"}, 1),
        ({"valid_to": ON - DAY, "products": ("X",)}, {"province": "浙江省"}, 3),
        ({"valid_to": ON - DAY}, {"purchaser": ""}, 0),
    ],
)
def test_the_letter_of_a_named_purchaser_covers_the_order(letter, sale, expected):
    wanted = {"purchaser": "A-1", "province": "江苏省", **sale}
    found = buy(CustomerKind.HOSPITAL, TABLETS, letters=(evolve(LETTER, **letter),), **wanted)
    assert codes(found) == ["authorisation.out_of_scope"] * expected
    assert not any("李雷" in reason.message + reason.message_zh for reason in found)


@covers("SC-25", "R-31")
@pytest.mark.parametrize(
    ("kind", "scope", "method", "expected"),
    [
        (CustomerKind.HOSPITAL, (), PaymentMethod.BANK_TRANSFER, []),
        (CustomerKind.HOSPITAL, (), PaymentMethod.CASH, ["special.no_cash"]),
        (CustomerKind.PHARMACY, RETAIL, PaymentMethod.BANK_TRANSFER, []),
        (CustomerKind.PHARMACY, RETAIL, PaymentMethod.CASH, ["special.no_cash"]),
        (CustomerKind.DISTRIBUTOR, ("ephedrine_compound",), PaymentMethod.BANK_TRANSFER, []),
        (
            CustomerKind.DISTRIBUTOR,
            ("chemical",),
            PaymentMethod.BANK_TRANSFER,
            ["licence.out_of_scope", "special.unqualified"],
        ),
    ],
)
def test_ephedrine_goes_to_the_qualified_and_not_for_cash(kind, scope, method, expected):
    rest = tuple(one for one in PAPERS[kind] if one.kind is not K.DRUG_DISTRIBUTION)
    licences = (*rest, paper(K.DRUG_DISTRIBUTION, *scope))
    assert codes(buy(kind, COLD, licences=licences, method=method)) == expected


@covers("R-31")
def test_a_licence_that_expired_qualifies_nobody():
    licences = (paper(K.MEDICAL_INSTITUTION, expires=ON - DAY),)
    assert codes(buy(CustomerKind.HOSPITAL, COLD, licences=licences)) == [
        "licence.expired",
        "special.unqualified",
    ]


@covers("SC-25", "R-30")
@pytest.mark.parametrize(
    ("quantity", "sale", "expected"),
    [
        (48, {}, []),
        (49, {}, ["ephedrine.quantity"]),
        (72, {"prescription": "RX-1"}, []),
        (24, {"identified": False}, ["ephedrine.identity_missing"]),
        (72, {"identified": False}, ["ephedrine.identity_missing", "ephedrine.quantity"]),
        (48, {"method": PaymentMethod.CASH}, []),
    ],
)
def test_retail_of_ephedrine_is_two_packs_to_a_known_person(quantity, sale, expected):
    given_ = {"channel": SalesChannel.RETAIL, "identified": True, **sale}
    assert (
        codes(buy(CustomerKind.CONSUMER, evolve(COLD, quantity=quantity), dossier=None, **given_)) == expected
    )


@covers("R-30")
def test_two_lines_of_one_sale_count_together():
    goods = (evolve(COLD, quantity=24), evolve(COLD, product="EPH-2", quantity=36))
    (reason,) = buy(CustomerKind.CONSUMER, *goods, channel=SalesChannel.RETAIL, identified=True)
    assert reason.message == "3 packs of EPH, EPH-2; limit 2 without prescription"


@covers("SC-19", "R-34", "R-35")
@pytest.mark.parametrize(
    ("control", "channel", "expected"),
    [
        (SpecialControl.NONE, SalesChannel.ONLINE, []),
        (SpecialControl.VACCINE, SalesChannel.ONLINE, ["online.forbidden", "special.unqualified"]),
        (SpecialControl.VACCINE, SalesChannel.OFFLINE, ["special.unqualified"]),
        (SpecialControl.BLOOD_PRODUCT, SalesChannel.ONLINE, ["online.forbidden"]),
        (SpecialControl.BLOOD_PRODUCT, SalesChannel.OFFLINE, []),
        (SpecialControl.TOXIC, SalesChannel.OFFLINE, ["special.category_out_of_scope"]),
        (SpecialControl.TOXIC, SalesChannel.ONLINE, ["online.forbidden", "special.category_out_of_scope"]),
        (SpecialControl.DIPHENOXYLATE, SalesChannel.ONLINE, []),
    ],
)
def test_what_the_law_keeps_off_the_net_stays_off(control, channel, expected):
    goods = evolve(TABLETS, special=control)
    assert codes(buy(CustomerKind.HOSPITAL, goods, channel=channel)) == expected


def test_the_pack_weighs_what_was_law_on_the_day():
    trade = evolve(PAPERS[CustomerKind.PHARMACY][0], issued=date(2020, 1, 1), expires=date(2027, 1, 1))
    found = buy(CustomerKind.PHARMACY, OTC, licences=(trade, paper(K.BUSINESS)))
    assert codes(CN_GSP.weigh(found, date(2023, 12, 31))) == ["licence.expiring"]
    assert codes(CN_GSP.weigh(found, ON)) == ["licence.expiring", "licence.term_implausible"]


days = st.integers(-400, 400).map(lambda days: ON + timedelta(days=days))
scopes = st.lists(st.sampled_from(["chemical", "rx", "otc_b", "antibiotic", "anabolic_peptide"]), max_size=4)
held = st.lists(
    st.builds(
        lambda kind, scope, expires, revoked, seen: (kind, scope, expires, revoked, seen),
        st.sampled_from([K.DRUG_DISTRIBUTION, K.BUSINESS, K.MEDICAL_INSTITUTION, K.QUALITY_AGREEMENT]),
        scopes,
        days,
        st.booleans(),
        st.sampled_from(["", "qa", "qa"]),
    ),
    min_size=1,
    max_size=5,
)


@covers("R-06")
@given(held, st.sampled_from([*PAPERS]), st.sampled_from([TABLETS, OTC, COLD]), st.data())
def test_renewing_a_licence_never_adds_a_blocking_reason(rows, kind, goods, data):
    licences = [
        paper(sort, *scope, number=str(place), expires=expires, revoked=revoked, verified_by=seen)
        for place, (sort, scope, expires, revoked, seen) in enumerate(rows)
    ]
    place = data.draw(st.integers(0, len(licences) - 1))
    renewed = [*licences]
    expires = licences[place].expires
    assert expires is not None
    renewed[place] = evolve(licences[place], expires=expires + timedelta(days=data.draw(st.integers(0, 900))))

    def blocking(held_):
        found = buy(kind, goods, licences=held_)
        return {(one.code, one.field) for one in found if one.severity is Severity.BLOCK}

    assert blocking(renewed) <= blocking(licences)
