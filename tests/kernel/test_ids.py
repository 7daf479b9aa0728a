"""Ids and texts: what is data, and what is refused."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.ids import as_id, as_text

anything = st.text(st.characters(), max_size=80)  # lone surrogates too


def refusal(do: Any, *arguments: Any, **options: Any) -> MalformedInput:
    with pytest.raises(MalformedInput) as caught:
        do(*arguments, **options)
    return caught.value


def answer(do: Any, *arguments: Any, **options: Any) -> Any:
    """What a reader gives, or the error that it raises."""
    try:
        return do(*arguments, **options)
    except MalformedInput as error:
        return error


# ------------------------------------------------------------------------------------------------------ ids


@pytest.mark.parametrize(
    "value",
    [
        "1",
        "C-0001",
        "a b",
        "~" * 64,
        "客户-001",
        "国药控股",
        "caf\xe9",
        "stra\xdfe",
        "さくら",
        "한국",
        "\U00020000",
    ],
)
def test_ids(value: str) -> None:
    assert as_id(value) is value


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        (7, "text"),
        ("", "1 to 64"),
        ("a" * 65, "1 to 64"),
        (" a", "spaces"),
        ("a\u3000", "spaces"),
        ("a\u00a0b", "control"),
        ("a\u3000b", "control"),
        ("a\x7fb", "control"),
        ("a\u00adb", "control"),
        ("a\u200db", "control"),
        ("a\u2066b", "control"),
        ("a\ue000b", "control"),
        ("a\U000e0041b", "control"),
        ("a\udfffb", "control"),
        ("a\u3164b", "invisible"),
        ("a\ufe0fb", "invisible"),
        ("a\u2800b", "invisible"),
        ("e\u0301", "NFC"),
        ("\u212b", "NFC"),
        ("\uff21", "imitate"),
        ("客户（1）", "imitate"),
        ("\uffe5", "imitate"),
        ("\u2460", "imitate"),
        ("\u2122", "imitate"),
        ("\U0001d400", "imitate"),
        ("\u0661", "imitate"),
        ("\u0967", "imitate"),
        ("\u0430", "imitate"),
        ("\u039f", "imitate"),
        ("\u0585", "imitate"),
        ("\u0131", "imitate"),
        ("\u13aa", "imitate"),
        ("C\u22121", "imitate"),
        ("C\u20131", "imitate"),
        ("C\u2215", "imitate"),
        ("\u037e", "NFC"),
    ],
)
def test_ids_that_are_refused(value: Any, wrong: str) -> None:
    error = refusal(as_id, value)
    assert error.code == "id.malformed"
    assert wrong in error.message


@given(anything)
def test_an_accepted_id_keeps_the_grammar(value: str) -> None:
    accepted = answer(as_id, value)
    if isinstance(accepted, MalformedInput):
        assert accepted.code == "id.malformed"
        assert str(accepted).isascii()
    else:
        assert accepted == value == value.strip()
        assert 1 <= len(value) <= 64
        assert value.isprintable()
        assert unicodedata.is_normalized("NFC", value)
        assert value.encode().decode() == value
        assert value.isascii() or any(not c.isascii() for c in unicodedata.normalize("NFKC", value))


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=64))
def test_plain_ascii_is_an_id(value: str) -> None:
    assert as_id(value) is value


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=64))
def test_chinese_is_an_id(value: str) -> None:
    assert as_id(value) is value


# ---------------------------------------------------------------------------------------------------- texts


@pytest.mark.parametrize(
    "value", ["张三", " a ", "x" * 200, "α-2b", "（北京）", "\U0001f468\u200d\U0001f469", "100%"]
)
def test_texts(value: str) -> None:
    assert as_text(value) == value


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (None, "required"),
        ("", "required"),
        (" \u3000", "required"),
        ("\u200b", "required"),
        ("\u3164", "required"),
        (b"a", "type"),
        (type("Text", (str,), {})("a"), "type"),
        ("a" * 201, "length"),
        ("a" * 100_000, "length"),
        ("a\nb", "format"),
        ("a\tb", "format"),
        ("a\x00b", "format"),
        ("a\x85b", "format"),
        ("a\u2028b", "format"),
        ("a\u202eb", "format"),
        ("a\u200fb", "format"),
        ("a\ufeffb", "format"),
        ("a\ud800b", "format"),
    ],
)
def test_texts_that_are_refused(value: Any, state: str) -> None:
    error = refusal(as_text, value)
    assert error.code == f"text.{state}"
    assert error.value in {"None", "<personal>"}


def test_lines_pass_where_they_are_asked_for() -> None:
    assert as_text("a\r\nb\tc\n", multiline=True) == "a\nb\tc\n"
    assert refusal(as_text, "a\rb", multiline=True).code == "text.format"
    assert refusal(as_text, "\n\t", multiline=True).code == "text.required"


def test_texts_are_kept_in_nfc() -> None:
    assert as_text("e\u0301" * 200) == "\xe9" * 200


def test_the_limit_is_the_callers() -> None:
    assert as_text("abc", 3) == "abc"
    assert refusal(as_text, "abcd", 3).code == "text.length"


@given(anything)
def test_reading_a_text_twice_is_reading_it_once(value: str) -> None:
    text = answer(as_text, value, multiline=True)
    if isinstance(text, MalformedInput):
        assert text.code.startswith("text.")
    else:
        assert as_text(text, multiline=True) == text
        assert text.encode().decode() == text
