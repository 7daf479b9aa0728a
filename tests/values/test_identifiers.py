"""The table of outcomes of rules.md section 8, row by row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import gs1_128

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.values.identifiers import (
    Origin,
    as_approval_number,
    as_atc,
    as_ean,
    as_lot,
    as_resident_id,
    as_uscc,
    parse_approval_number,
)
from pharmacrm.core.values.trace_codes import as_trace_code, parse_gs1
from tests.covers import covers

GS1 = "(01)06901234567892(17)261231(10)A123(21)0001"


@covers("R-02")
@pytest.mark.parametrize(
    ("text", "kind", "origin"),
    [
        ("国药准字H20203123", "H", Origin.DOMESTIC),
        ("国药准字HJ20210012", "H", Origin.OVERSEAS),
        ("国药准字ZC20200001", "Z", Origin.HK_MO_TW),
        ("国药准字H42021510", "H", Origin.DOMESTIC),
        ("国药准字J20080042", "J", None),
        ("国药准字B20020123", "B", None),
    ],
)
def test_approval_numbers_tell_kind_and_origin(text, kind, origin):
    number = parse_approval_number(text)
    assert (number.text, number.kind, number.origin) == (text, kind, origin)
    assert number.legacy is (origin is None)
    assert not number.older_import
    assert as_approval_number(text) == text


@pytest.mark.parametrize(
    ("text", "kind", "origin"),
    [
        ("H20140321", "H", Origin.OVERSEAS),
        ("BH20140321", "H", Origin.OVERSEAS),
        ("HC20150001", "H", Origin.HK_MO_TW),
        ("S20171002", "S", Origin.OVERSEAS),
    ],
)
def test_older_import_certificates_are_known(text, kind, origin):
    number = parse_approval_number(text)
    assert (number.kind, number.origin, number.older_import) == (kind, origin, True)


@pytest.mark.parametrize(
    ("read", "text", "code"),
    [
        (as_approval_number, "国药准字X20203123", "identifier.approval_number"),
        (as_approval_number, "国药准字H2020312", "identifier.approval_number"),
        (as_approval_number, "国药准字h20203123", "identifier.approval_number"),
        (as_approval_number, "国药准字JC20203123", "identifier.approval_number"),
        (as_approval_number, "国药准字H２0203123", "identifier.approval_number"),
        (as_approval_number, "国药准字H20203123\n", "identifier.approval_number"),
        (as_approval_number, "A20140321", "identifier.approval_number"),
        (as_approval_number, None, "identifier.approval_number"),
        (as_uscc, "91110000600037341A", "identifier.uscc"),
        (as_uscc, "9111000060003734IL", "identifier.uscc"),
        (as_uscc, "91110000 600037341L", "identifier.uscc"),
        (as_uscc, 91110000, "identifier.uscc"),
        (as_resident_id, "360426199101010072", "identifier.resident_id"),
        (as_resident_id, "36042619910101007x", "identifier.resident_id"),
        (as_atc, "A10BA2", "identifier.atc"),
        (as_atc, "E10BA02", "identifier.atc"),
        (as_atc, "", "identifier.atc"),
        (as_ean, "6901234567893", "identifier.ean"),
        (as_ean, "690123456789", "identifier.ean"),
        (as_lot, "", "identifier.lot"),
        (as_lot, "A" * 21, "identifier.lot"),
        (as_trace_code, "8123456789012345678", "identifier.trace_code"),
        (as_trace_code, "(01)06901234567892(10)A123", "identifier.trace_code"),
        (as_trace_code, "6901234567892", "identifier.trade_barcode"),
        (parse_gs1, "(01)06901234567893", "identifier.gs1"),
        (parse_gs1, "(99)1", "identifier.gs1"),
        (parse_gs1, "(10)A(10)B", "identifier.gs1"),
        (parse_gs1, "(17)261331", "identifier.gs1"),
        (parse_gs1, "0106901234567892", "identifier.gs1"),
    ],
)
def test_what_is_no_identifier_is_refused_by_its_code(read, text, code):
    with pytest.raises(MalformedInput) as caught:
        read(text)
    assert caught.value.code == code


@covers("R-42")
@pytest.mark.parametrize(
    ("read", "text"),
    [
        *((as_atc, text) for text in ("A", "A10", "A10B", "A10BA", "A10BA02", "C09CA01", "J07BB02")),
        (as_trace_code, "81234567890123456789"),
        (as_trace_code, GS1),
        (as_uscc, "91110000600037341L"),
        (as_resident_id, "360426199101010071"),
        (as_ean, "6901234567892"),
        (as_lot, "00A1b"),
    ],
)
def test_identifiers_are_kept_letter_by_letter(read, text):
    assert read(text) == text


@covers("R-42")
def test_bracketed_gs1_text_is_read_by_its_brackets():
    assert dict(parse_gs1(GS1)) == {"01": "06901234567892", "17": "261231", "10": "A123", "21": "0001"}
    assert gs1_128.info(GS1)["10"] == "A123210001"  # why we read it ourselves: the serial is swallowed


def test_a_resident_number_never_shows_in_an_error():
    with pytest.raises(MalformedInput) as caught:
        as_resident_id("360426199101010072")
    assert "360426199101010072" not in str(caught.value)


@given(st.from_regex(r"国药准字[HZS][CJ]?[0-9]{8}", fullmatch=True).filter(str.isprintable))
def test_digits_of_an_approval_number_decide_nothing(text):
    assert parse_approval_number(text).kind == text[4]
