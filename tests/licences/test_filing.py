"""Putting papers on file, revoking and reviewing them, and how they stand on a day."""

from datetime import date, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.errors import MalformedInput, NotFound
from pharmacrm.core.licences import (
    Authorisation,
    Dossier,
    Licence,
    LicenceKind,
    LicenceStatus,
    RegisterAuthorisation,
    RegisterLicence,
    ReviewDossier,
    ReviewState,
    RevokeLicence,
    Verdict,
    domain,
    licence_status,
    may_buy,
)
from pharmacrm.core.licences.handlers import (
    on_register_authorisation,
    on_register_licence,
    on_review_dossier,
    on_revoke_licence,
)
from pharmacrm.core.values.goods import Goods
from pharmacrm.core.values.trade import CustomerKind
from tests.covers import covers
from tests.fakes import FakeReads

ON = date(2026, 11, 21)
ID = "H-1/medical_institution_licence/PDY-1"


def licence(**changes) -> RegisterLicence:
    given_ = {
        "customer": "H-1",
        "kind": "medical_institution_licence",
        "number": "PDY-1",
        "issued": "2025-01-01",
        "expires": "2028-01-01",
    }
    return RegisterLicence(**{**given_, **changes})


def letter(**changes) -> RegisterAuthorisation:
    given_ = {
        "id": "A-1",
        "customer": "H-1",
        "person": "李雷",
        "products": ("*",),
        "regions": ("江苏省",),
        "valid_from": "2026-01-01",
        "valid_to": "2026-12-31",
    }
    return RegisterAuthorisation(**{**given_, **changes})


def review(verdict: str = "approve", kind: str = "hospital") -> ReviewDossier:
    return ReviewDossier(customer="H-1", kind=CustomerKind(kind), verdict=Verdict(verdict), comment="ok")


def quality(*records) -> FakeReads:
    return FakeReads(records, actor="qa", roles=["quality"], on=ON)


@covers("R-07")
@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, ()),
        ({"issued": None, "expires": None, "number": ""}, ()),
        ({"expires": "2024-12-31"}, ("licence.dates_reversed",)),
        ({"scope": ("western", "moon")}, ("licence.scope_unknown",)),
        ({"kind": "drug_distribution_licence", "expires": "2030-01-01"}, ()),
        ({"kind": "drug_distribution_licence", "expires": "2030-01-02"}, ("licence.term_implausible",)),
    ],
)
def test_licences_are_put_on_file(changes, codes):
    answer = on_register_licence(licence(**changes), quality())
    assert answer.codes == codes
    assert answer.allowed is (codes != ("licence.dates_reversed",))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "driving_licence"}, "choice.unknown"),
        ({"expires": "9999-12-31"}, "date.placeholder"),
        ({"number": " 1"}, "id.malformed"),
    ],
)
def test_junk_is_malformed(changes, code):
    with pytest.raises(MalformedInput) as caught:
        licence(**changes)
    assert caught.value.code == code


def test_a_paper_without_number_is_the_first_of_its_kind():
    assert (
        on_register_licence(licence(kind="seal_specimen", number=""), quality()).expect().id
        == "H-1/seal_specimen/1"
    )


@covers("R-06")
def test_renewing_raises_the_version_of_the_file_and_the_same_again_does_not():
    read = quality()
    for expires in ("2028-01-01", "2028-01-01", "2029-01-01"):
        read.apply(on_register_licence(licence(expires=expires), read))
    assert read.get(Licence, ID).expires == date(2029, 1, 1)
    assert read.get(Dossier, "H-1").version == 2


@covers("UF-10")
def test_only_quality_verifies_at_once_and_the_review_verifies_the_rest():
    read = FakeReads(actor="root", roles=["admin"], on=ON)
    read.apply(on_register_licence(licence(), read))
    assert licence_status(read.get(Licence, ID), ON) is LicenceStatus.PENDING
    read.actor, read.roles = "qa", frozenset({"quality"})
    read.apply(on_review_dossier(review(), read))
    assert licence_status(read.get(Licence, ID), ON) is LicenceStatus.VALID
    file = read.get(Dossier, "H-1")
    assert (file.review, file.reviewed_by, file.reviewed_on, file.version) == (
        ReviewState.APPROVED,
        "qa",
        ON,
        2,
    )
    read.actor, read.roles = "root", frozenset({"admin"})
    assert on_register_licence(licence(), read).expect().verified_by == "qa"  # the same again changes nothing
    assert on_register_licence(licence(expires="2029-01-01"), read).expect().verified_by == ""


def test_a_review_that_only_verifies_raises_the_version_too():
    read = quality()
    read.apply(on_register_licence(licence(), read))
    read.apply(on_review_dossier(review(), read))
    read.put(evolve(read.get(Licence, ID), verified_by=""))
    read.apply(on_review_dossier(review(), read))
    assert read.get(Dossier, "H-1").version == 3


@covers("R-01", "UF-10")
@pytest.mark.parametrize(
    ("kind", "expires", "verdict", "codes"),
    [
        ("hospital", "2028-01-01", "approve", ()),
        ("hospital", "2026-11-20", "approve", ("licence.expired",)),
        ("hospital", "2026-11-21", "approve", ("licence.expiring",)),
        ("distributor", "2028-01-01", "approve", ("dossier.missing",)),
        ("distributor", "2028-01-01", "reject", ()),
    ],
)
def test_approving_needs_a_complete_and_live_file(kind, expires, verdict, codes):
    read = quality()
    read.apply(on_register_licence(licence(expires=expires), read))
    assert on_review_dossier(review(verdict, kind), read).codes == codes


@covers("R-01")
def test_a_customer_without_file_can_be_rejected_only():
    assert on_review_dossier(review(), quality()).codes == ("dossier.missing",)
    assert on_review_dossier(review("reject"), quality()).expect().review is ReviewState.REJECTED


def test_a_revoked_licence_stays_revoked():
    read = quality()
    read.apply(on_register_licence(licence(), read))
    revoke = RevokeLicence(
        customer="H-1", kind=LicenceKind.MEDICAL_INSTITUTION, number="PDY-1", reason="吊销"
    )
    for _ in range(2):
        read.apply(on_revoke_licence(revoke, read))
    assert read.get(Licence, ID).revoked_for == "吊销"
    assert licence_status(read.get(Licence, ID), ON) is LicenceStatus.REVOKED
    assert read.get(Dossier, "H-1").version == 2
    assert on_register_licence(licence(), read).codes == ("licence.revoked",)
    with pytest.raises(NotFound):
        on_revoke_licence(evolve(revoke, number="X"), read)


@covers("R-03")
@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, ()),
        ({"products": ()}, ("authorisation.blank",)),
        ({"regions": ()}, ("authorisation.blank",)),
        (
            {"products": (), "regions": (), "valid_to": "2025-01-01"},
            ("authorisation.blank", "authorisation.dates_reversed"),
        ),
        ({"customer": "H-2"}, ("authorisation.taken",)),
    ],
)
def test_letters_say_what_they_cover(changes, codes):
    read = quality()
    read.apply(on_register_authorisation(letter(), read))
    assert on_register_authorisation(letter(**changes), read).codes == codes


@covers("R-03")
def test_changing_a_letter_raises_the_version_of_the_file():
    read = quality()
    for regions in (("江苏省",), ("江苏省",), ("*",)):
        read.apply(on_register_authorisation(letter(regions=regions), read))
    assert read.get(Authorisation, "A-1").regions == ("*",)
    assert read.get(Dossier, "H-1").version == 2


def test_a_name_never_shows_in_an_error():
    with pytest.raises(MalformedInput, match="<personal>"):
        letter(person="李\x00雷")


@covers("XT-05", "UF-10")
def test_from_the_first_paper_to_the_first_purchase():
    read = quality()
    read.apply(on_register_licence(licence(), read))
    read.apply(on_review_dossier(review(), read))
    goods = (Goods(product="AMX", category="antibiotic"),)
    file, papers = read.get(Dossier, "H-1"), read.find(Licence)
    assert may_buy("H-1", CustomerKind.HOSPITAL, file, papers, (), goods, on=ON, ordered_on=ON) == ()


_ORDER = [LicenceStatus.PENDING, LicenceStatus.VALID, LicenceStatus.EXPIRING, LicenceStatus.EXPIRED]
_days = st.dates(date(2025, 1, 1), date(2030, 1, 1))


@covers("R-06")
@given(_days, _days, _days, _days)
def test_status_follows_from_the_day_and_never_goes_back(issued, expires, one, other):
    early, late = sorted((one, other))
    file = on_register_licence(licence(issued=min(issued, expires), expires=expires), quality()).expect()
    assert _ORDER.index(licence_status(file, early)) <= _ORDER.index(licence_status(file, late))
    assert licence_status(file, expires) is LicenceStatus.EXPIRING
    assert licence_status(file, expires + timedelta(days=1)) is LicenceStatus.EXPIRED
    assert licence_status(file, expires, ()) is LicenceStatus.VALID


def test_quality_reviews_and_nobody_else_does():
    assert [role for role, rights in domain.rights.items() if ReviewDossier in rights] == ["quality"]
    assert {role for role, rights in domain.rights.items() if RegisterLicence in rights} == {
        "quality",
        "admin",
    }
    assert all(len(reason.en.split()) <= 15 for reason in domain.reasons)
    assert len({reason.code for reason in domain.reasons}) == len(domain.reasons)
    assert {kind.value for kind in LicenceKind} == {kind.en.replace(" ", "_") for kind in LicenceKind}
    assert all(kind.zh for kind in LicenceKind)
