"""The manual names everything that there is: a page that misses something, or is out of date, fails."""

import inspect
import re
from pathlib import Path

import pytest

import pharmacrm
from pharmacrm import PharmaCRMError
from scripts import make_reference
from scripts.reference import meanings
from scripts.reference.problems import classes
from scripts.reference.raised import families, raised

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
REGISTRY = make_reference.registry()
PAGES = make_reference.pages()


def read(page: str) -> str:
    return (REFERENCE / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", sorted(PAGES))
def test_page_is_up_to_date(page: str) -> None:
    assert read(page) == PAGES[page], "write it anew: python -m scripts.make_reference --write"


def test_every_command_and_question_has_a_section() -> None:
    text = read("commands.md") + read("questions.md")
    assert not [name for name in REGISTRY.messages if f"\n## {name}\n" not in text]


def test_every_field_of_every_message_is_shown() -> None:
    text = read("commands.md") + read("questions.md")
    for name, message in REGISTRY.messages.items():
        section = text.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert not [
            each for each in inspect.signature(message).parameters if f"| `{each}` |" not in section
        ], name


def test_every_record_event_and_reason_is_shown() -> None:
    assert not [
        kind for kind in REGISTRY.kinds.values() if f"\n## {kind.__name__}\n" not in read("records.md")
    ]
    assert not [topic for topic in REGISTRY.events if f"| `{topic}` |" not in read("events.md")]
    assert not [code for code in REGISTRY.codes if f"`{code}`{{#" not in read("reasons.md")]


def test_every_role_is_a_column_and_every_right_a_row() -> None:
    text = read("rights.md")
    assert not [role for role in REGISTRY.rights if f"| {role} |" not in text]
    assert not [
        right for rights in REGISTRY.rights.values() for right in rights if f"| [{right}](" not in text
    ]


def test_every_error_class_is_shown() -> None:
    assert {pharmacrm.MalformedInput, pharmacrm.NotPermitted, pharmacrm.Conflict} <= set(classes())
    assert not [each for each in classes() if f"\n## {each.__name__}\n" not in read("errors.md")]


def test_every_code_that_the_source_raises_has_a_meaning_and_every_meaning_a_code() -> None:
    assert raised() == (set(meanings.MEANINGS) | set(meanings.FORMED)) - {
        "refused"
    }  # that of Decision.expect
    assert not families() - set(meanings.TYPED)


def test_every_code_of_an_error_has_its_anchor() -> None:
    text = read("errors.md")
    for code in meanings.documented():
        error = PharmaCRMError(code, "")
        assert f"{{{error.docs.removeprefix('reference/errors.md')}}}" in text


def test_a_refusal_that_was_raised_leads_to_its_reason() -> None:
    for code in REGISTRY.codes:
        page, _, anchor = pharmacrm.Refused(code, "").docs.partition("#")
        assert page == "reference/reasons.md"
        assert f"{{#{anchor}}}" in read("reasons.md")


def test_reasons_have_both_languages_and_remedies_are_short() -> None:
    for code in REGISTRY.codes.values():
        assert code.en, code.code
        assert re.search(r"[\u4e00-\u9fff]", code.zh), code.code
        assert len(code.en.split()) <= 15, code.code
